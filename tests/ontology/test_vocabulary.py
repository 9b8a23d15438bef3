"""The vocabulary is sound: OWL 2 DL and RL, free of contradiction, complete in its terms."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Literal, Node

from crisisgov.loaders.records.model.crises import EventKind
from crisisgov.ontology import terms, vocabulary
from crisisgov.ontology.owl_checks import (
    OwlError,
    Profile,
    profile_violations,
    reasoner,
    triples,
    unreadable,
)

OWN = ("crisisgov.ttl",)
SERVED = ("crisisgov.ttl", "alignments.ttl")
WITH_FOREIGN = (*SERVED, "foreign_axioms.ttl")

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)

NOT_WRITTEN_AS_KIND = {"Denial", "AllegedEvent"}
"""Classes directly below Event that no record names as kind: one is derived, one is a flag."""

PREFIXES = """
    @prefix cg: <https://w3id.org/crisisgov/ontology#> .
    @prefix ex: <https://example.org/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix prov: <http://www.w3.org/ns/prov#> .
    @prefix foaf: <http://xmlns.com/foaf/0.1/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def turtle(text: str) -> list[ox.Triple]:
    quads = ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    return [quad.triple for quad in quads]


def declared(graph: Graph) -> dict[str, set[Node]]:
    """Every class and property of a graph with the kinds as which it is declared."""
    found: dict[str, set[Node]] = defaultdict(set)
    for subject, kind in graph.subject_objects(RDF.type):
        if kind in KINDS and isinstance(subject, URIRef):
            found[str(subject)].add(kind)
    return dict(found)


@pytest.fixture(scope="module")
def served() -> Graph:
    return vocabulary.read(*SERVED)


@pytest.fixture(scope="module")
def own_terms(served: Graph) -> list[URIRef]:
    found = sorted(URIRef(iri) for iri in declared(served) if iri.startswith(terms.CG))
    assert len(found) > 200
    return found


# --- profiles ---------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["DL", "RL"])
@pytest.mark.parametrize("files", [OWN, SERVED, WITH_FOREIGN], ids=lambda names: names[-1])
def test_the_vocabulary_lies_in_the_profile(files: tuple[str, ...], profile: Profile) -> None:
    graph = triples(*files)
    assert len(graph) > 1500
    violations = profile_violations(graph, profile)
    assert violations == [], "\n".join(violations)


@pytest.mark.parametrize(
    ("axiom", "dl", "rl"),
    [
        # allowed in DL, but not in RL
        ("cg:Event rdfs:subClassOf [ a owl:Class ; owl:unionOf ( cg:Crisis cg:Norm ) ] .", 0, 1),
        ("cg:actor a owl:DatatypeProperty .", 1, 1),
        ("cg:unheardOf rdfs:subPropertyOf cg:actor .", 1, 1),
        (
            "cg:Place rdfs:subClassOf [ a owl:Restriction ; owl:onProperty cg:within ;"
            ' owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .',
            1,
            1,
        ),
    ],
    ids=["union above", "mixed kinds", "undeclared", "cardinality"],
)
def test_an_axiom_outside_a_profile_is_found(axiom: str, dl: int, rl: int) -> None:
    graph = triples(*OWN) + turtle(axiom)
    assert bool(profile_violations(graph, "DL")) == bool(dl)
    found = profile_violations(graph, "RL")
    assert bool(found) == bool(rl)
    assert all(line.startswith("OWL 2 RL: ") for line in found)


def test_a_violation_names_the_rule_and_the_axiom() -> None:
    axiom = "cg:Event rdfs:subClassOf [ a owl:Class ; owl:unionOf ( cg:Crisis cg:Norm ) ] ."
    found = profile_violations(triples(*OWN) + turtle(axiom), "RL")
    assert found == [
        "OWL 2 RL: UseOfNonSuperClassExpression:"
        " SubClassOf(cg:Event ObjectUnionOf(cg:Crisis cg:Norm))"
    ]


def test_a_triple_that_is_no_axiom_is_named() -> None:
    with pytest.raises(OwlError, match="cg:Crisis"):
        profile_violations(triples(*OWN) + turtle("cg:Crisis owl:members ( cg:Event ) ."), "DL")


# --- consistency ------------------------------------------------------------------------


@pytest.mark.parametrize("files", [OWN, SERVED, WITH_FOREIGN], ids=lambda names: names[-1])
def test_the_vocabulary_has_no_contradiction_and_no_empty_class(files: tuple[str, ...]) -> None:
    with reasoner(triples(*files)) as hermit:
        assert hermit.is_consistent()
        assert hermit.unsatisfiable() == set()


def test_the_foreign_axioms_speak_of_terms_that_the_alignments_meet() -> None:
    foreign = vocabulary.read("foreign_axioms.ttl")
    met = declared(vocabulary.read(*SERVED)).keys() & declared(foreign).keys()
    assert len(met) > 15
    assert len(list(foreign.triples((None, OWL.disjointWith, None)))) > 10
    assert len(list(foreign.triples((None, RDFS.domain, None)))) > 5


@pytest.mark.parametrize(
    ("axiom", "empty"),
    [
        ("cg:Claim rdfs:subClassOf prov:Activity .", "Claim"),  # a claim is a prov:Entity
        ("cg:Person rdfs:subClassOf foaf:Organization .", "Person"),
        ("cg:Citation rdfs:subClassOf cg:Source .", "Citation"),
    ],
)
def test_a_class_that_can_have_no_member_is_found(axiom: str, empty: str) -> None:
    with reasoner(triples(*WITH_FOREIGN) + turtle(axiom)) as hermit:
        assert hermit.is_consistent()  # as long as nobody states a member
        assert terms.CG + empty in hermit.unsatisfiable()


@pytest.mark.parametrize(
    "statement",
    [
        # only a concept has broader ones, and no actor is a concept
        "ex:wuhan a cg:Government ; skos:broader ex:hubei .",
        # what is part of an organisation is one, and a person is none
        "ex:li a cg:Person ; cg:departmentOf ex:hospital .",
        # what is attributed is an entity, and runs are activities
        "ex:run a cg:EvaluationRun ; cg:assertedBy ex:us .",
    ],
    ids=["SKOS", "ORG and FOAF", "PROV"],
)
def test_a_statement_against_a_foreign_axiom_is_found(statement: str) -> None:
    data = turtle(statement)
    with reasoner(triples(*SERVED) + data) as hermit:
        assert hermit.is_consistent()
    with reasoner(triples(*WITH_FOREIGN) + data) as hermit:
        assert not hermit.is_consistent()


@pytest.mark.curated
def test_the_curated_records_contradict_nothing(asserted: list[ox.Quad]) -> None:
    assert len(asserted) > 10_000
    # with fewer axioms, those of the vocabulary alone, there can be no more contradictions
    with reasoner(triples(*WITH_FOREIGN) + [quad.triple for quad in asserted]) as hermit:
        assert len(hermit.individuals()) > 1000
        assert hermit.is_consistent()


@pytest.mark.curated
def test_the_curated_records_are_an_owl_2_dl_ontology(asserted: list[ox.Quad]) -> None:
    assert asserted
    graph = triples(*SERVED) + [quad.triple for quad in asserted]
    violations = profile_violations(graph, "DL")
    assert violations == [], "\n".join(violations[:20])


@pytest.mark.curated
def test_literals_that_hermit_cannot_read_stand_only_on_annotations(
    asserted: list[ox.Quad],
) -> None:
    graph = triples(*SERVED) + [quad.triple for quad in asserted]
    edtf = [
        t
        for t in graph
        if isinstance(t.object, ox.Literal) and t.object.datatype.value == terms.EDTF
    ]
    assert len(edtf) > 100
    assert unreadable(graph) == []
    moved = [ox.Triple(t.subject, ox.NamedNode(terms.CG + "note"), t.object) for t in edtf]
    assert unreadable([*graph, *moved]) == moved


def test_ranges_name_only_datatypes_that_hermit_reads() -> None:
    graph = triples(*SERVED)
    ranges = [t for t in graph if t.predicate.value == terms.RDFS + "range"]
    assert len(ranges) > 20
    assert unreadable(graph) == []
    for datatype in ("date", "gYear", "duration"):
        wrong = turtle(f"cg:validFrom rdfs:range xsd:{datatype} .")
        assert unreadable(graph + wrong) == wrong


def test_a_malformed_literal_is_named() -> None:
    data = turtle('ex:tenure cg:validFrom "1-01-02T00:00:00Z"^^xsd:dateTime .')
    with pytest.raises(OwlError, match="1-01-02T00:00:00Z"), reasoner(triples(*SERVED) + data):
        pass


# --- terms ------------------------------------------------------------------------------


def texts(graph: Graph, term: Node, predicate: URIRef, language: str) -> list[str]:
    values = graph.objects(term, predicate)
    return [str(v) for v in values if isinstance(v, Literal) and v.language == language]


def test_every_term_is_labelled_defined_and_shown_by_an_example(
    served: Graph, own_terms: list[URIRef]
) -> None:
    wanting = []
    for term in own_terms:
        for predicate, language in (
            (RDFS.label, "en"),
            (RDFS.label, "zh"),
            (SKOS.definition, "en"),
            (SKOS.example, "en"),
        ):
            found = [text for text in texts(served, term, predicate, language) if text.strip()]
            if len(found) != 1:
                wanting.append(f"{term}: {len(found)} {served.qname(predicate)} @{language}")
        if list(served.objects(term, RDFS.isDefinedBy)) != [URIRef(terms.BASE + "ontology")]:
            wanting.append(f"{term}: rdfs:isDefinedBy")
    assert wanting == []


def test_chinese_labels_are_chinese(served: Graph, own_terms: list[URIRef]) -> None:
    labels = {term: "".join(texts(served, term, RDFS.label, "zh")) for term in own_terms}
    assert [t for t, label in labels.items() if not re.search("[\u4e00-\u9fff]", label)] == []


def test_no_two_terms_have_the_same_label(served: Graph, own_terms: list[URIRef]) -> None:
    labels = Counter(text for term in own_terms for text in texts(served, term, RDFS.label, "en"))
    assert [label for label, count in labels.items() if count > 1] == []


def test_classes_begin_with_a_capital_and_properties_do_not(own_terms: list[URIRef]) -> None:
    kinds = declared(vocabulary.read(*OWN))
    for term in own_terms:
        is_class = OWL.Class in kinds[str(term)]
        assert term.removeprefix(terms.CG)[0].isupper() == is_class, term


def test_the_kinds_of_events_are_the_classes_below_event(served: Graph) -> None:
    below = served.subjects(RDFS.subClassOf, URIRef(terms.CG + "Event"))
    classes = {str(c).removeprefix(terms.CG) for c in below if isinstance(c, URIRef)}
    assert classes >= NOT_WRITTEN_AS_KIND
    kinds = [terms.class_name(kind.value) for kind in EventKind]
    assert len(kinds) == len(set(kinds)) > 20
    assert classes - NOT_WRITTEN_AS_KIND == set(kinds)


@pytest.mark.parametrize("files", [SERVED, WITH_FOREIGN], ids=lambda names: names[-1])
def test_every_term_is_declared_as_one_kind_of_thing(files: tuple[str, ...]) -> None:
    kinds = declared(vocabulary.read(*files))
    assert len(kinds) > 250
    assert {term: found for term, found in kinds.items() if len(found) > 1} == {}


def needs_declaration(iri: str) -> bool:
    """Whether a predicate or class is not part of RDF, RDFS or OWL itself."""
    return not iri.startswith((str(RDF), str(RDFS), str(OWL)))


def undeclared(quads: Iterable[ox.Quad], kinds: dict[str, set[Node]]) -> set[str]:
    """Predicates, classes of things and vocabulary terms in quads that nothing declares."""
    used = set()
    for quad in quads:
        assert isinstance(quad.predicate, ox.NamedNode)
        used.add(quad.predicate.value)
        if quad.predicate.value == terms.RDF_TYPE and isinstance(quad.object, ox.NamedNode):
            used.add(quad.object.value)
        used |= {
            node.value
            for node in (quad.subject, quad.object)
            if isinstance(node, ox.NamedNode) and node.value.startswith(terms.CG)
        }
    assert used
    return {iri for iri in used if needs_declaration(iri) and iri not in kinds}


def test_the_served_vocabulary_uses_declared_terms_only(served: Graph) -> None:
    assert undeclared(vocabulary.quads(), declared(served)) == set()


@pytest.mark.curated
def test_the_built_graph_uses_declared_terms_only(built: ox.Store, served: Graph) -> None:
    assert len(built) > 50_000
    assert undeclared(built, declared(served)) == set()


@pytest.mark.curated
def test_relations_link_things_and_other_properties_have_literals(
    built: ox.Store, served: Graph
) -> None:
    kinds = declared(served)
    wrong = set()
    counted: Counter[str] = Counter()
    for quad in built:
        iri = quad.predicate.value
        (kind,) = kinds.get(iri, {None})
        if kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
            counted[str(kind)] += 1
            if isinstance(quad.object, ox.Literal) != (kind == OWL.DatatypeProperty):
                wrong.add(f"{iri} {quad.object}")
    assert len(counted) == 2
    assert wrong == set()


# --- the vocabulary as quads -----------------------------------------------------------


def test_the_vocabulary_is_served_whole_and_without_blank_nodes(served: Graph) -> None:
    quads = vocabulary.quads()
    assert len(quads) == len(served) > 1500
    assert {quad.graph_name for quad in quads} == {ox.NamedNode(terms.VOCAB_GRAPH)}
    nodes = {node for quad in quads for node in (quad.subject, quad.object)}
    assert not any(isinstance(node, ox.BlankNode) for node in nodes)
    # the class expressions are there under names
    assert any(isinstance(n, ox.NamedNode) and "/.well-known/genid/" in n.value for n in nodes)


def test_the_vocabulary_has_the_same_bytes_in_every_run() -> None:
    program = (
        "import sys, pyoxigraph as ox; from crisisgov.ontology import vocabulary;"
        "sys.stdout.buffer.write(ox.serialize(vocabulary.quads(), format=ox.RdfFormat.N_QUADS))"
    )
    # python orders sets by hash, and hashes of texts by this seed
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    ]
    assert len(runs[0]) > 100_000
    assert runs[0] == runs[1]


@pytest.mark.curated
def test_the_built_graph_has_no_blank_nodes(built: ox.Store) -> None:
    assert len(built) > 50_000
    blank = [q for q in built if ox.BlankNode in (type(q.subject), type(q.object))]
    assert blank == []
