"""The compiled shapes find what pySHACL finds: no more, no less, in the same words.

Compared are focus node, path, value, component, shape, severity, message and how often
a result is given; messages where the shape has one, as others are free.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings

from crisisgov.ontology import shacl, terms, validation
from crisisgov.ontology.shacl.graph import ShapesGraph
from tests.ontology.shacl import compare, generated
from tests.ontology.shacl.test_cases import read, store_of
from tests.ontology.shape_cases import graph
from tests.ontology.shape_cases.breaks import Break
from tests.ontology.test_shapes import BREAKS, FINISHED_BREAKS

SUBCLASS = ox.NamedNode(terms.RDFS + "subClassOf")
NUMBERS = ("0", "1", "-5", "999999999999")


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(generated.data, generated.shapes())
def test_on_random_graphs_and_shapes(data: str, shapes: str) -> None:
    store, read_once = store_of(data), read(shapes)
    ours = shacl.validate(store, shacl.compile_shapes(read_once))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        triples = [quad.triple for quad in store]
        theirs = compare.second_opinion(triples, read_once, messages=frozenset())
    assert compare.lines(ours, messages=frozenset()) == theirs


def agree(store: ox.Store, *, finished: bool) -> int:
    """Check that both find the same in a graph; return how much."""
    shapes = validation.for_stage(validation.read_shapes(), finished=finished)
    compiled = shacl.compile_shapes(shapes)
    own = compare.with_messages(ShapesGraph(shapes))
    ours = compare.lines(shacl.validate(store, compiled, most=10**6), messages=own)
    theirs = compare.second_opinion(compare.without_ill_formed(_seen(store)), shapes, messages=own)
    assert ours == theirs
    return ours.total()


def _seen(store: ox.Store) -> Iterable[ox.Quad]:
    """Leave out what the vocabulary says beside the hierarchy: pySHACL is slow enough."""
    for quad in store:
        in_vocabulary = quad.graph_name == ox.NamedNode(terms.VOCAB_GRAPH)
        if not in_vocabulary or quad.predicate == SUBCLASS:
            yield quad


@pytest.mark.parametrize("finished", [False, True])
def test_on_every_broken_example_of_the_shapes(finished: bool) -> None:
    breaks = FINISHED_BREAKS if finished else BREAKS
    store = graph.finished_store() if finished else graph.store_of(graph.ASSERTED)
    # those that break the same node and property overwrite one another: so in rounds
    rounds: list[dict[tuple[str, str], Break]] = []
    for one in breaks:
        key = (one.node, one.name)
        free = next((r for r in rounds if key not in r), None)
        if free is None:
            rounds.append({key: one})
        else:
            free[key] = one
    count = 0
    for together in rounds:
        broken = ox.Store()
        broken.extend(store)
        for one in together.values():
            graph.set_value(broken, one.node, one.name, *one.values)
        count += agree(broken, finished=finished)
    assert count > len(breaks) * 3 // 4  # two faults of one node may amount to none


@pytest.mark.curated
def test_on_the_records_with_a_thousand_random_faults(built: ox.Store) -> None:
    """In the finished graph with a twentieth of its computed findings: pySHACL is slow."""
    store = _part(built)
    add_faults(store, 1000)
    assert agree(store, finished=True) > 500


def _part(built: ox.Store) -> ox.Store:
    computed = ox.NamedNode(terms.COMPUTED_GRAPH)
    inferred = ox.NamedNode(terms.inferred_graph("findings"))
    subjects = sorted(
        {q.subject for q in built.quads_for_pattern(None, None, None, computed)}, key=str
    )
    kept = set(subjects[::20])
    part = ox.Store()
    part.extend(
        quad
        for quad in built
        if quad.graph_name not in (computed, inferred) or quad.subject in kept
    )
    return part


def add_faults(store: ox.Store, number: int, seed: int = 20261122) -> None:
    """Take away values, change them and add others, of the same kind where order counts."""
    rng = random.Random(seed)
    vocabulary = ox.NamedNode(terms.VOCAB_GRAPH)
    quads = sorted((q for q in store if q.graph_name != vocabulary), key=str)
    others: list[ox.NamedNode | ox.Literal] = [
        ox.Literal("x", language="en"),
        ox.Literal(""),
        ox.Literal("x"),
    ]
    objects = [quad.object for quad in quads if isinstance(quad.object, ox.NamedNode)]
    for quad in rng.sample(quads, number):
        old, new = quad.object, rng.choice([*others, rng.choice(objects)])
        if isinstance(old, ox.Literal) and old.datatype.value == terms.XSD + "integer":
            new = ox.Literal(rng.choice(NUMBERS), datatype=old.datatype)
        elif isinstance(old, ox.Literal) and old.language:
            new = ox.Literal("x", language="zh")
        elif isinstance(old, ox.Literal) and old.datatype.value != terms.XSD + "string":
            new = old
        kind = rng.random()
        if kind < 0.6:
            store.remove(quad)
        if kind > 0.3:
            store.add(ox.Quad(quad.subject, quad.predicate, new, quad.graph_name))
