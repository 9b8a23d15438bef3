"""Brings reports to one form: ours, the expected ones of the test suite, and pySHACL's."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.term import Node

from crisisgov.ontology.shacl.graph import FIRST, NIL, REST, ShapesGraph, Term, sh
from crisisgov.ontology.shacl.paths import (
    Alternative,
    Inverse,
    Path,
    Predicate,
    Repeat,
    Sequence,
    syntax,
)
from crisisgov.ontology.shacl.report import Report


class Line(NamedTuple):
    """One result, as text."""

    focus: str
    path: str
    value: str
    component: str
    shape: str
    severity: str
    message: str


def lines(report: Report, *, messages: frozenset[Term] | None = None) -> Counter[Line]:
    """Return the results of one of our reports, with how often each is given.

    ``messages`` are the shapes of whose results the message is kept (None: of all).
    """
    return Counter(
        Line(
            text(one.focus),
            "" if one.path is None else syntax(one.path),
            "" if one.value is None else text(one.value),
            one.component.value.rpartition("#")[2],
            str(one.shape),
            one.severity.value.rpartition("#")[2],
            _messages(one.messages) if messages is None or one.shape in messages else "",
        )
        for one in report.results
    )


def lines_of(
    graph: ShapesGraph,
    report: Term,
    *,
    messages: frozenset[Term] | None = None,
    shapes: ShapesGraph | None = None,
) -> Counter[Line]:
    """Return the results of a report that is an RDF graph.

    Where it breaks off a long path, as pySHACL's do, the path is that of the shape in ``shapes``.
    """
    found: Counter[Line] = Counter()
    for result in graph.objects(report, sh("result")):
        shape = _one(graph, result, "sourceShape")
        kept = messages is None or shape in messages
        path = _one(graph, result, "resultPath")
        try:
            written = "" if path is None else syntax(_path(graph, path))
        except (IndexError, ValueError):
            assert shapes is not None and shape is not None
            (whole,) = shapes.objects(shape, sh("path"))
            written = syntax(_path(shapes, whole))
        focus, value = _one(graph, result, "focusNode"), _one(graph, result, "value")
        component, severity = (
            str(_one(graph, result, name)).rpartition("#")[2].rstrip(">")
            for name in ("sourceConstraintComponent", "resultSeverity")
        )
        found[
            Line(
                "" if focus is None else text(focus),
                written,
                "" if value is None else text(value),
                component,
                str(shape),
                severity,
                _messages(graph.objects(result, sh("resultMessage"))) if kept else "",
            )
        ] += 1
    return found


def _one(graph: ShapesGraph, node: Term, name: str) -> Term | None:
    values = graph.objects(node, sh(name))
    assert len(values) <= 1, (name, values)
    return values[0] if values else None


def _messages(given: Iterable[Term]) -> str:
    return " | ".join(sorted(one.value for one in given if isinstance(one, ox.Literal)))


def _path(graph: ShapesGraph, node: Term) -> Path:
    if isinstance(node, ox.NamedNode):
        return Predicate(node)
    if graph.objects(node, FIRST):
        return Sequence(_paths(graph, node))
    for name, least, many in (
        ("zeroOrMorePath", 0, True),
        ("oneOrMorePath", 1, True),
        ("zeroOrOnePath", 0, False),
    ):
        for inner in graph.objects(node, sh(name)):
            return Repeat(_path(graph, inner), least, many)
    for inner in graph.objects(node, sh("inversePath")):
        return Inverse(_path(graph, inner))
    (choices,) = graph.objects(node, sh("alternativePath"))
    return Alternative(_paths(graph, choices))


def _paths(graph: ShapesGraph, head: Term) -> tuple[Path, ...]:
    paths = []
    while head != NIL:
        paths.append(_path(graph, graph.objects(head, FIRST)[0]))
        (head,) = graph.objects(head, REST)
    return tuple(paths)


_SCRATCH = ox.Store()


@cache
def text(term: Term) -> str:
    """Return a term as the store writes it: it knows one form of each number and date.

    An ill-formed literal is given as mere text, see :func:`without_ill_formed`.
    """
    if not isinstance(term, ox.Literal):
        return str(term)
    if not term.language and _ill_formed(term):
        return str(ox.Literal(term.value))
    node = ox.NamedNode("urn:x")
    _SCRATCH.clear()
    _SCRATCH.add(ox.Quad(node, node, term))
    return str(next(iter(_SCRATCH)).object)


# --- pySHACL ----------------------------------------------------------------------


def second_opinion(
    data: Iterable[ox.Triple | ox.Quad],
    shapes: Iterable[ox.Triple | ox.Quad],
    *,
    messages: frozenset[Term] | None = None,
) -> Counter[Line]:
    """Return the results that pySHACL gives."""
    triples = list(shapes)
    results = run_pyshacl(to_rdflib(data), to_rdflib(triples))
    return lines_of_rdflib(results, ShapesGraph(triples), messages=messages)


def run_pyshacl(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """Return pySHACL's report, without inference."""
    level = logging.getLogger("rdflib.term").level
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    try:
        _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    finally:
        logging.getLogger("rdflib.term").setLevel(level)
    assert isinstance(results, rdflib.Graph)
    return results


def lines_of_rdflib(
    results: rdflib.Graph, shapes: ShapesGraph, *, messages: frozenset[Term] | None = None
) -> Counter[Line]:
    """Return the results of one of pySHACL's reports."""
    graph = ShapesGraph(
        ox.Triple(_from_rdflib(s), _from_rdflib(p), _from_rdflib(o))  # type: ignore[arg-type]
        for s, p, o in results
    )
    (report,) = graph.instances(sh("ValidationReport"))
    return lines_of(graph, report, messages=messages, shapes=shapes)


def to_rdflib(triples: Iterable[ox.Triple | ox.Quad]) -> rdflib.Graph:
    """Return triples as rdflib holds them, blank nodes under their own names."""
    graph = rdflib.Graph()
    term = cache(_to_rdflib)
    for one in triples:
        graph.add((term(one.subject), term(one.predicate), term(one.object)))
    return graph


def _to_rdflib(term: Term) -> Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    # rdflib holds a string with and one without its datatype to be different
    plain = term.datatype.value == str(rdflib.XSD.string)
    return rdflib.Literal(
        term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value)
    )


def without_ill_formed(quads: Iterable[ox.Quad]) -> Iterable[ox.Triple]:
    """Make mere texts of ill-formed literals: pySHACL stops with an error at comparing them.

    A text misses the datatype that a shape asks for just as well.
    """
    for quad in quads:
        value = quad.object
        if isinstance(value, ox.Literal) and not value.language and _ill_formed(value):
            value = ox.Literal(value.value)
        yield ox.Triple(quad.subject, quad.predicate, value)


@cache
def _ill_formed(term: ox.Literal) -> bool:
    datatype = rdflib.URIRef(term.datatype.value)
    return bool(rdflib.Literal(term.value, datatype=datatype).ill_typed)


def _from_rdflib(term: object) -> Term:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    if term.datatype is None:
        return ox.Literal(str(term))
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))


def with_messages(shapes: ShapesGraph) -> frozenset[Term]:
    """Return the shapes that have a message of their own."""
    return frozenset(shapes.subjects(sh("message")))
