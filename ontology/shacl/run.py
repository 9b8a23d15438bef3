"""Validates a store against compiled shapes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import pyoxigraph as ox

from crisisgov.ontology.shacl import messages
from crisisgov.ontology.shacl.focus import Below, union
from crisisgov.ontology.shacl.graph import SUBCLASS, TYPE, Node, Term
from crisisgov.ontology.shacl.model import Shapes
from crisisgov.ontology.shacl.parse import parse
from crisisgov.ontology.shacl.paths import Predicate
from crisisgov.ontology.shacl.plan import EXTRA, THIS, Check, Plan, Query
from crisisgov.ontology.shacl.report import Collector, Report, Result

TRUE: Final = ox.Literal(True)
THREADS: Final = min(4, os.cpu_count() or 1)
"""Queries that are evaluated at a time; pyoxigraph does so without Python's lock."""
MOST: Final = 1000
"""How many violations of one constraint of one shape are listed unless asked otherwise."""


def compile_shapes(triples: Iterable[ox.Triple | ox.Quad]) -> Shapes:
    """Return the shapes of a shapes graph.

    :raises ShapesError: for a construct that is ill-formed, not of SHACL Core, or recursive
    """
    shapes = parse(triples)
    Plan(shapes, lambda name: [name]).require_all()
    return shapes


class Hierarchy:
    """The classes of a graph: a class and those below it that have instances."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._below: dict[Term, list[ox.NamedNode]] = {}
        for quad in store.quads_for_pattern(None, SUBCLASS, None, None):
            if isinstance(quad.subject, ox.NamedNode):
                self._below.setdefault(quad.object, []).append(quad.subject)
        self._known: dict[ox.NamedNode, frozenset[ox.NamedNode]] = {}

    def __call__(self, name: ox.NamedNode) -> frozenset[ox.NamedNode]:
        """Return a class and its subclasses: ``rdfs:subClassOf`` taken any number of times.

        Subclasses of which nothing is an instance are left out.
        """
        if name not in self._known:
            found, todo = {name}, [name]
            while todo:
                for child in self._below.get(todo.pop(), []):
                    if child not in found:
                        found.add(child)
                        todo.append(child)
            self._known[name] = frozenset({name, *filter(self._has_instances, found)})
        return self._known[name]

    def _has_instances(self, name: ox.NamedNode) -> bool:
        return next(self._store.quads_for_pattern(None, TYPE, name, None), None) is not None


def validate(store: ox.Store, shapes: Shapes, *, most: int = MOST) -> Report:
    """Return what in a store violates the shapes.

    The data graph is the union of all graphs of the store. ``most`` bounds how many
    violations of one constraint of one shape are listed; all are counted.

    :raises ShapesError: for a construct that cannot be compiled
    """
    plan = Plan(shapes, Hierarchy(store))
    with ThreadPoolExecutor(THREADS, "crisisgov-shacl") as threads:
        answered = _answered(store, plan, threads)
        queries = [one for one in plan.queries if one.when is None or answered[one.when.key]]
        found = list(threads.map(partial(_violations, store, plan, most=most), queries))
    results: list[Result] = []
    counts: Counter[tuple[Node, ox.NamedNode]] = Counter()
    for query, collectors in zip(queries, found, strict=True):
        for check, collector in zip(query.checks, collectors, strict=True):
            if collector.count:
                results += collector.results()
                counts[check.shape.node, check.constraint.component] += collector.count
    results.sort(key=lambda result: result.order)
    return Report(tuple(results), counts.total(), dict(counts))


def _answered(
    store: ox.Store, plan: Plan, threads: ThreadPoolExecutor
) -> dict[tuple[object, ...], bool]:
    """Return which of the cheap queries have an answer, each asked once."""
    quick = {one.when.key: one.when.sparql for one in plan.queries if one.when is not None}
    answers = threads.map(lambda sparql: next(_select(store, sparql), None), quick.values())
    return {key: answer is not None for key, answer in zip(quick, answers, strict=True)}


def _violations(store: ox.Store, plan: Plan, query: Query, *, most: int) -> list[Collector]:
    """Return what violates each check of a query."""
    collectors = [Collector(most) for _ in query.checks]
    for row in _rows(store, plan, query):
        for number, (check, collector) in enumerate(zip(query.checks, collectors, strict=True)):
            if row[f"c{number}"] == TRUE:
                collector.add(_result(check, query, row))
    return collectors


def _rows(store: ox.Store, plan: Plan, query: Query) -> Iterator[ox.QuerySolution]:
    """Yield the rows that violate a check, once for each way in which the node is reached."""
    below = any(isinstance(way[0], Below) for way in query.ways)
    rows = _select(store, plan.sparql(query, union(query.ways)))
    if len(query.ways) == 1 and not below:
        yield from rows
    elif next(rows, None) is None:
        return
    elif below:
        for way in query.ways:
            yield from _select(store, plan.sparql(query, way, each=True))
    else:
        flags = [f"w{number}" for number, _ in enumerate(query.ways)]
        for row in _select(store, plan.with_ways(query)):
            for flag in flags:
                if row[flag] == TRUE:
                    yield row


def _select(store: ox.Store, sparql: str) -> ox.QuerySolutions:
    solutions = store.query(sparql, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def _result(check: Check, query: Query, row: ox.QuerySolution) -> Result:
    shape = check.shape
    path = shape.path
    if check.constraint.name == "closed":
        path = Predicate(row[EXTRA[1:]])
    return Result(
        focus=row[THIS[1:]],
        path=path,
        value=row[check.reports[1:]] if check.reports else None,
        component=check.constraint.component,
        shape=shape.node,
        severity=shape.severity,
        messages=shape.messages or (messages.default(check.constraint),),
    )
