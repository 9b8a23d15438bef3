"""SHACL validation with pySHACL, in words that a curator understands.

The shapes are in ``shapes.ttl``. pySHACL spends its time on calls, a fifth of a
millisecond for each property shape and node, so before it runs the shapes are
rewritten into ones that say the same and need fewer calls (:func:`prepare`):

* property shapes take over the targets of their node shape: one call for all nodes;
* "a concept of scheme S" becomes the list of the concepts of S in the data.

A test holds both forms to the same results. The data handed over are the triples
whose predicate the shapes name, with the types and the class hierarchy: a shape
cannot see any other.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crisisgov.errors import InputError
from crisisgov.ontology import terms, vocabulary

SHAPES: Final = "https://w3id.org/crisisgov/shapes#"
STAGE: Final = URIRef(SHAPES + "stage")
"""Marks a shape that is used on the asserted graph only, or on the finished one only."""

TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
MOST_ALIKE: Final = 10
"""How many violations with the same message are listed one by one."""

LONGEST_VALUE: Final = 80
"""Characters of a value that are shown."""


@dataclass(frozen=True, order=True)
class Violation:
    """One thing wrong with one node."""

    file: str
    """The file or folder below ``seeds/`` of the record; empty when the graph names none."""
    node: str
    """The node without the base IRI, e.g. ``event/wuhan-notice-2019-12-31``."""
    property: str
    """The property concerned, without its namespace; empty when the node as a whole is meant."""
    value: str
    """The value that is wrong; empty when one is missing or the node as a whole is meant."""
    message: str

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.node, self.property) if part)
        return f"{where}: {self.message}" + (f" (found: {self.value})" if self.value else "")


@dataclass(frozen=True)
class Report:
    """The result of a validation."""

    violations: tuple[Violation, ...]
    checked: int
    """How many nodes the shapes looked at."""

    @property
    def conforms(self) -> bool:
        """Whether nothing is wrong."""
        return not self.violations

    def lines(self) -> list[str]:
        """Return a line for each violation; of many alike the first ones and how many follow."""
        shown: Counter[str] = Counter()
        lines = []
        for violation in self.violations:
            shown[violation.message] += 1
            if shown[violation.message] <= MOST_ALIKE:
                lines.append(str(violation))
        lines += [
            f"... and {count - MOST_ALIKE:,} more: {message}"
            for message, count in shown.items()
            if count > MOST_ALIKE
        ]
        return lines


class ShapeViolations(InputError):
    """A graph does not conform to the shapes; the report holds every violation."""

    def __init__(self, what: str, report: Report) -> None:
        self.report = report
        lines = "\n".join(f"  {line}" for line in report.lines())
        count = len(report.violations)
        super().__init__(f"{what}: {count:,} thing(s) break ontology/shapes.ttl:\n{lines}")


def require_conformance(store: ox.Store, what: str, *, finished: bool) -> None:
    """Check that a graph conforms to the shapes.

    ``what`` names the graph in the message; ``finished`` says whether types are
    materialised and duties evaluated. The store holds the vocabulary too: without
    its class hierarchy a shape for ``cg:Event`` would miss every warning.

    :raises ShapeViolations: listing every violation
    :raises InputError: when the shapes found nothing to look at
    """
    report = validate(store, finished=finished)
    if not report.conforms:
        raise ShapeViolations(what, report)
    if report.checked == 0:
        raise InputError(
            f"{what}: there is nothing that a shape looks at; a graph needs records of classes"
            " that ontology/shapes.ttl names, and the vocabulary"
        )


def validate(store: ox.Store, *, finished: bool, shapes: Graph | None = None) -> Report:
    """Return what is wrong in a graph, in a fixed order.

    Every class of the vocabulary that has instances must have a shape: a class
    that no shape looks at (perhaps misspelt) is a violation, too.
    """
    chosen = for_stage(read_shapes() if shapes is None else shapes, finished=finished)
    with _quiet():
        data = to_rdflib(store, chosen)
    checked, unseen = _coverage(data, chosen)
    results = run(prepare(chosen, data), data)
    places = _Places(store)
    verdicts = set(chosen.objects(None, SH.targetNode))
    violations = {_violation(results, result, verdicts, places) for result in _top(results)}
    for name, node in unseen.items():
        message = f"No shape looks at the class {name}: correct it, or add a shape for it."
        violations.add(Violation(places.file(node), _short(node), "type", name, message))
    return Report(tuple(sorted(violations)), checked)


def run(shapes: Graph, data: Graph) -> Graph:
    """Return pySHACL's report, without inference."""
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    assert isinstance(results, Graph)
    return results


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each ill-formed literal; sh:datatype reports it."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


@cache
def read_shapes() -> Graph:
    """Return the shapes as they are written; not to be changed."""
    return vocabulary.read("shapes.ttl")


def for_stage(shapes: Graph, *, finished: bool) -> Graph:
    """Return a copy of the shapes without the targets of those that are for the other stage."""
    chosen = Graph()
    chosen += shapes
    other = Literal("asserted" if finished else "finished")
    for shape in list(chosen.subjects(STAGE, other)):
        for target in TARGETS:
            chosen.remove((shape, target, None))
    return chosen


def prepare(shapes: Graph, data: Graph) -> Graph:
    """Return shapes that give the same results on this data and need fewer calls."""
    fast = Graph()
    fast += shapes
    _lists(fast, data)
    for target in TARGETS:
        for shape, of in list(fast.subject_objects(target)):
            for prop in list(fast.objects(shape, SH.property)):
                fast.add((prop, target, of))
                fast.add((prop, RDF.type, SH.PropertyShape))
    targeted = {shape for target in TARGETS for shape in fast.subjects(target)}
    for shape in targeted:
        fast.remove((shape, SH.property, None))
    return fast


def _lists(shapes: Graph, data: Graph) -> None:
    """Replace ``sh:node`` shapes that ask for a scheme by the list of its concepts."""
    for scheme_shape, scheme in _scheme_shapes(shapes):
        members = sorted(data.subjects(SKOS.inScheme, scheme), key=str)
        listed = Collection(shapes, BNode(), members).uri if members else RDF.nil
        for prop in list(shapes.subjects(SH.node, scheme_shape)):
            shapes.remove((prop, SH.node, scheme_shape))
            shapes.add((prop, SH["in"], listed))


def _scheme_shapes(shapes: Graph) -> Iterator[tuple[Node, Node]]:
    """Yield each shape whose only demand is one scheme, and that scheme."""
    for prop in list(shapes.subjects(SH.path, SKOS.inScheme)):
        scheme = shapes.value(prop, SH.hasValue)
        shape = shapes.value(predicate=SH.property, object=prop)
        if scheme is not None and shape is not None:
            demands = set(shapes.predicates(shape)) - {RDF.type}
            if demands == {SH.property} and len(list(shapes.objects(shape, SH.property))) == 1:
                yield shape, scheme


def to_rdflib(store: ox.Store, shapes: Graph) -> Graph:
    """Return the triples of a store that the shapes can see, as rdflib holds them."""
    seen = {str(node) for node in shapes.objects() if isinstance(node, URIRef)}
    seen |= {str(RDF.type), str(RDFS.subClassOf), str(SKOS.inScheme)}
    vocab = ox.NamedNode(terms.VOCAB_GRAPH)
    data = Graph()
    add = data.store.add
    term = cache(_term)
    for name in sorted(seen):
        for quad in store.quads_for_pattern(None, ox.NamedNode(name), None, None):
            # of the vocabulary only the hierarchy: its own terms are no records
            if quad.graph_name != vocab or name == str(RDFS.subClassOf):
                add((term(quad.subject), term(quad.predicate), term(quad.object)), data)
    return data


def _term(term: object) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    # rdflib holds a string with and one without its datatype to be different
    datatype = None if term.datatype.value == terms.XSD + "string" else URIRef(term.datatype.value)
    literal = Literal(term.value, datatype=datatype)
    # an ill-formed value cannot be ordered; as mere text it misses its datatype just as well
    return Literal(term.value) if literal.ill_typed else literal


def _coverage(data: Graph, shapes: Graph) -> tuple[int, dict[str, Node]]:
    """Return how many nodes have a shape, and each class without one with a node of it."""
    targeted = set(shapes.objects(None, SH.targetClass))
    nodes: set[Node] = set()
    unseen: dict[str, Node] = {}
    for name in set(data.objects(None, RDF.type)):
        instances = set(data.subjects(RDF.type, name))
        if targeted & set(data.transitive_objects(name, RDFS.subClassOf)):
            nodes |= instances
        elif str(name).startswith(terms.CG):
            unseen[f"cg:{_local(name)}"] = min(instances, key=str)
    return len(nodes), unseen


def _top(results: Graph) -> Iterable[Node]:
    """Return the results themselves, without the details below them."""
    report = results.value(predicate=RDF.type, object=SH.ValidationReport)
    return results.objects(report, SH.result)


def _violation(results: Graph, result: Node, verdicts: set[Node], places: _Places) -> Violation:
    """Return a result in words; one that starts from a verdict is about the finding that has it."""
    focus = results.value(result, SH.focusNode)
    value = results.value(result, SH.value)
    path = _path(results, results.value(result, SH.resultPath))
    message = str(results.value(result, SH.resultMessage))
    assert focus is not None
    if focus in verdicts and value is not None:
        return Violation(
            places.file(value), _short(value), path.removeprefix("^"), _short(focus), message
        )
    found = "" if value is None or value == focus else _short(value)
    return Violation(places.file(focus), _short(focus), path, found, message)


def _path(results: Graph, path: Node | None) -> str:
    """Return a path in words: ``citation``, ``copies/copies``, ``^conveys``."""
    if path is None:
        return ""
    if isinstance(path, URIRef):
        return _local(path)
    for predicate, sign in (
        (SH.inversePath, "^{}"),
        (SH.zeroOrMorePath, "{}*"),
        (SH.alternativePath, "{}"),
    ):
        inner = results.value(path, predicate)
        if inner is not None:
            steps = (
                [_path(results, step) for step in Collection(results, inner)]
                if predicate == SH.alternativePath
                else [_path(results, inner)]
            )
            return sign.format(" or ".join(steps))
    return "/".join(_path(results, step) for step in Collection(results, path))


def _local(node: Node) -> str:
    return str(node).replace("#", "/").rsplit("/", 1)[-1]


def _short(node: Node) -> str:
    text = str(node)
    if text.startswith(terms.CG):
        return f"cg:{_local(node)}"
    if isinstance(node, URIRef):
        return text.removeprefix(terms.BASE)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "..."


class _Places:
    """Says in which file or folder of records a node was written down."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def file(self, node: Node) -> str:
        """Return the file, else the folder, else nothing.

        An event and an asserted finding name their file; each file of ``crises/`` and
        each other folder has a graph of its own; a citation stands with what it supports.
        """
        if not isinstance(node, URIRef):
            return ""
        iri = ox.NamedNode(str(node))
        found: dict[str, str] = defaultdict(str)
        for quad in self._store.quads_for_pattern(iri, None, None, None):
            if quad.predicate.value == terms.CG + "recordFile":
                assert isinstance(quad.object, ox.Literal)
                return quad.object.value
            if isinstance(quad.graph_name, ox.NamedNode):
                name = quad.graph_name.value.removeprefix(terms.graph(""))
                found["crises"] = found["crises"] or _crisis_file(name)
                found["folder"] = found["folder"] or _folder(name)
        if found["crises"] or found["folder"]:
            return found["crises"] or found["folder"]
        citation = ox.NamedNode(terms.CG + "citation")
        for quad in self._store.quads_for_pattern(None, citation, iri, None):
            assert isinstance(quad.subject, ox.NamedNode)
            return self.file(URIRef(quad.subject.value))
        return ""


def _crisis_file(graph: str) -> str:
    return f"crises/{graph.removeprefix('record/')}.yaml" if graph.startswith("record/") else ""


def _folder(graph: str) -> str:
    folders = ("actors", "concepts", "norms", "places", "sources")
    return f"{graph}/" if graph in folders else ""
