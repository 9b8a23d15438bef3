"""Each shape refuses what it is there to refuse, and says what would be right.

A small graph written by hand conforms; every row of the tables in shape_cases/ breaks
one thing in it.
"""

from __future__ import annotations

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef

from crisisgov.ontology import terms, validation, vocabulary
from tests.ontology.shape_cases import (
    actors,
    concepts,
    data_sets,
    events,
    evidence,
    findings,
    norms,
)
from tests.ontology.shape_cases.breaks import Break
from tests.ontology.shape_cases.graph import ASSERTED, finished_store, set_value, store_of

SHAPES = vocabulary.read("shapes.ttl")

BREAKS = [
    *events.BREAKS,
    *actors.BREAKS,
    *evidence.BREAKS,
    *norms.BREAKS,
    *findings.BREAKS,
    *concepts.BREAKS,
    *data_sets.BREAKS,
]

FINISHED_BREAKS = [
    *events.FINISHED_BREAKS,
    *findings.FINISHED_BREAKS,
    *data_sets.FINISHED_BREAKS,
]


def test_a_minimal_correct_set_of_records_conforms() -> None:
    report = validation.validate(store_of(ASSERTED), finished=False)
    assert report.lines() == []
    assert report.checked > 80


def test_a_minimal_correct_finished_graph_conforms() -> None:
    assert validation.validate(finished_store(), finished=True).lines() == []


def answers_to(breaks: list[Break], base: list[ox.Quad], *, finished: bool) -> Answers:
    """Return what is answered to each break.

    A validation takes a third of a second, whatever the graph: so one round breaks
    one thing in each node, and the answers are told apart by the node.
    """
    rounds: list[list[Break]] = []
    for one in breaks:
        free = (
            r for r in rounds if not {one.node, one.at} & {n for o in r for n in (o.node, o.at)}
        )
        chosen = next(free, None)
        if chosen is None:
            rounds.append([one])
        else:
            chosen.append(one)
    answers = {}
    for together in rounds:
        store = ox.Store()
        store.extend(base)
        for one in together:
            set_value(store, one.node, one.name, *one.values)
        report = validation.validate(store, finished=finished)
        for one in together:
            answers[one] = [v.message for v in report.violations if v.node == one.at]
    return answers


Answers = dict[Break, list[str]]


@pytest.fixture(scope="module")
def answers() -> Answers:
    return answers_to(BREAKS, list(store_of(ASSERTED)), finished=False)


@pytest.fixture(scope="module")
def finished_answers() -> Answers:
    return answers_to(FINISHED_BREAKS, list(finished_store()), finished=True)


@pytest.mark.parametrize("one", BREAKS, ids=str)
def test_a_broken_record_is_refused_with_what_would_be_right(one: Break, answers: Answers) -> None:
    assert any(one.message in message for message in answers[one]), answers[one]


@pytest.mark.parametrize("one", FINISHED_BREAKS, ids=str)
def test_a_broken_finding_is_refused_with_what_would_be_right(
    one: Break, finished_answers: Answers
) -> None:
    assert any(one.message in message for message in finished_answers[one]), finished_answers[one]


def test_an_event_without_any_bound_is_refused() -> None:
    store = store_of(ASSERTED)
    for name in ("cg:earliest", "cg:latest", "cg:earliestEpoch", "cg:latestEpoch"):
        set_value(store, "event/told", name)
    (violation,) = validation.validate(store, finished=False).violations
    assert violation.message.startswith("An event needs a date with at least one bound")


@pytest.mark.parametrize("kind", ["Crisis", "Event", "Actor", "Source", "Norm", "Finding"])
def test_a_record_without_an_address_is_refused(kind: str) -> None:
    store = store_of(f"[] a cg:{kind} .")
    messages = {one.message for one in validation.validate(store, finished=False).violations}
    assert any("needs an address (IRI), not a blank node" in message for message in messages)


def test_every_message_of_the_shapes_has_a_test() -> None:
    messages = {str(message) for message in SHAPES.objects(None, SH.message)}
    tested = [
        *(one.message for one in (*BREAKS, *FINISHED_BREAKS)),
        "with at least one bound",
        "needs an address (IRI)",
    ]
    assert {m for m in messages if not any(part in m for part in tested)} == set()


def test_the_shapes_are_valid_shacl() -> None:
    pyshacl.validate(Graph(), shacl_graph=SHAPES, meta_shacl=True)


@pytest.mark.curated
def test_every_class_with_instances_in_a_built_graph_has_a_shape(built: ox.Store) -> None:
    targeted = set(SHAPES.objects(None, SH.targetClass))
    hierarchy = vocabulary.read("crisisgov.ttl")
    query = "SELECT DISTINCT ?c WHERE { ?x a ?c }"
    solutions = built.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    names = {URIRef(row["c"].value) for row in solutions}
    own = {n for n in names if n.startswith(terms.CG) or n.startswith(terms.SKOS)}
    assert len(own) > 40
    unseen = {
        n for n in own if not targeted & set(hierarchy.transitive_objects(n, RDFS.subClassOf))
    }
    assert unseen == set()


def test_every_targeted_class_is_a_class_of_the_vocabulary() -> None:
    hierarchy = vocabulary.read("crisisgov.ttl")
    targeted = set(SHAPES.objects(None, SH.targetClass))
    assert {name for name in targeted if (name, RDF.type, None) not in hierarchy} == set()


def test_every_property_that_a_shape_asks_for_is_in_the_vocabulary() -> None:
    declared = set(vocabulary.read("crisisgov.ttl").subjects(RDF.type))
    named = {
        node for node in SHAPES.objects() if isinstance(node, URIRef) and node.startswith(terms.CG)
    }
    assert named - declared == set()
