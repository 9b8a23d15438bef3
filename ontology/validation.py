"""SHACL validation of a graph, in words that a curator understands.

The shapes are in ``shapes.ttl``; :mod:`crisisgov.ontology.shacl` compiles them into
SPARQL. The data are everything that the store holds; a class and those below it are
found through the ``rdfs:subClassOf`` of the vocabulary, which is to be in the store.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import pyoxigraph as ox

from crisisgov.errors import InputError
from crisisgov.ontology import shacl, terms, vocabulary
from crisisgov.ontology.shacl import paths

SHAPES: Final = "https://w3id.org/crisisgov/shapes#"
STAGE: Final = ox.NamedNode(SHAPES + "stage")
"""Marks a shape that is used on the asserted graph only, or on the finished one only."""

SH: Final = "http://www.w3.org/ns/shacl#"
TARGETS: Final = {
    ox.NamedNode(SH + name)
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
}
TYPE: Final = ox.NamedNode(terms.RDF_TYPE)
VOCAB: Final = ox.NamedNode(terms.VOCAB_GRAPH)
CITATION: Final = ox.NamedNode(terms.CG + "citation")
RECORD_FILE: Final = terms.CG + "recordFile"

MOST_ALIKE: Final = 10
"""How many violations with the same message are shown one by one."""
MOST_LISTED: Final = 1000
"""How many violations of one constraint of one shape a report holds; all are counted."""

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
    """In a fixed order; at most :data:`MOST_LISTED` of one constraint of one shape."""
    checked: int
    """How many nodes the shapes looked at."""
    unlisted: Mapping[str, int] = field(default_factory=dict)
    """How many more violations there are with a message."""

    @property
    def conforms(self) -> bool:
        """Whether nothing is wrong."""
        return not self.violations

    @property
    def total(self) -> int:
        """How many violations there are, listed or not."""
        return len(self.violations) + sum(self.unlisted.values())

    def lines(self) -> list[str]:
        """Return a line for each violation; of many alike the first ones and how many follow."""
        left = Counter(violation.message for violation in self.violations)
        left.update(self.unlisted)
        shown: Counter[str] = Counter()
        lines = []
        for violation in self.violations:
            if shown[violation.message] < MOST_ALIKE:
                shown[violation.message] += 1
                lines.append(str(violation))
        left.subtract(shown)
        lines += [f"... and {count:,} more: {text}" for text, count in left.items() if count]
        return lines


class ShapeViolations(InputError):
    """A graph does not conform to the shapes; the report holds every violation."""

    def __init__(self, what: str, report: Report) -> None:
        self.report = report
        lines = "\n".join(f"  {line}" for line in report.lines())
        super().__init__(f"{what}: {report.total:,} thing(s) break ontology/shapes.ttl:\n{lines}")


def require_conformance(store: ox.Store, what: str, *, finished: bool) -> None:
    """Check that a graph conforms to the shapes.

    ``what`` names the graph in the message; ``finished`` says whether types are
    materialised and duties evaluated. The store holds the vocabulary too: without
    its class hierarchy a shape for ``cg:Event`` would miss every warning.

    :raises ShapeViolations: listing the violations
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


def validate(
    store: ox.Store,
    *,
    finished: bool,
    shapes: Iterable[ox.Triple] | None = None,
    most: int = MOST_LISTED,
) -> Report:
    """Return what is wrong in a graph, in a fixed order.

    Every class of the vocabulary that has instances must have a shape: a class
    that no shape looks at (perhaps misspelt) is a violation, too. ``shapes`` are
    those of ``shapes.ttl`` unless others are given.

    :raises ShapesError: for a construct of the shapes that cannot be compiled
    """
    chosen = _compiled(finished=finished)
    if shapes is not None:
        chosen = shacl.compile_shapes(for_stage(shapes, finished=finished))
    report = shacl.validate(store, chosen, most=most)
    verdicts, places = _targets(chosen, "node"), _Places(store)
    violations = {_violation(result, verdicts, places) for result in report.results}
    checked, unseen = _coverage(store, _targets(chosen, "class"))
    for name, node in unseen.items():
        message = f"No shape looks at the class {name}: correct it, or add a shape for it."
        violations.add(Violation(places.file(node), _short(node), "type", name, message))
    return Report(tuple(sorted(violations)), checked, _unlisted(chosen, report))


def read_shapes() -> list[ox.Triple]:
    """Return the triples of the shapes as they are written."""
    path = vocabulary.path("shapes.ttl")
    return [quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]


def for_stage(shapes: Iterable[ox.Triple], *, finished: bool) -> list[ox.Triple]:
    """Return the shapes without the targets of those that are for the other stage."""
    triples = list(shapes)
    other = ox.Literal("asserted" if finished else "finished")
    off = {one.subject for one in triples if one.predicate == STAGE and one.object == other}
    return [one for one in triples if one.subject not in off or one.predicate not in TARGETS]


@cache
def _compiled(*, finished: bool) -> shacl.Shapes:
    return shacl.compile_shapes(for_stage(read_shapes(), finished=finished))


def _targets(shapes: shacl.Shapes, kind: str) -> set[ox.NamedNode]:
    return {
        target.term
        for shape in shapes.values()
        for target in shape.targets
        if target.kind == kind and isinstance(target.term, ox.NamedNode)
    }


def _unlisted(shapes: shacl.Shapes, report: shacl.Report) -> dict[str, int]:
    """Return how many violations of the report are only counted, by message."""
    if report.total == len(report.results):
        return {}
    unlisted: Counter[str] = Counter()
    listed = Counter((result.shape, result.component) for result in report.results)
    message = {(r.shape, r.component): r.messages[0].value for r in report.results}
    for kind, count in report.counts.items():
        unlisted[message[kind]] += count - listed[kind]
    return {text: count for text, count in unlisted.items() if count}


def _coverage(
    store: ox.Store, targeted: Iterable[ox.NamedNode]
) -> tuple[int, dict[str, ox.NamedNode]]:
    """Return how many nodes have a shape, and each class without one with a node of it."""
    classes = shacl.Hierarchy(store)
    seen = {name for target in targeted for name in classes(target)}
    unseen: dict[str, ox.NamedNode] = {}
    used = f"SELECT DISTINCT ?t WHERE {{ GRAPH ?g {{ ?s {TYPE} ?t }} FILTER(?g != {VOCAB}) }}"
    for (name,) in _select(store, used):
        if name not in seen and name.value.startswith(terms.CG):
            first = f"SELECT ?s WHERE {{ ?s {TYPE} {name} }} ORDER BY STR(?s) LIMIT 1"
            ((unseen[f"cg:{_local(name.value)}"],),) = _select(store, first)
    values = " ".join(map(str, seen))
    count = f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ VALUES ?t {{ {values} }} ?s {TYPE} ?t }}"
    ((nodes,),) = _select(store, count)
    return int(nodes.value), unseen


def _select(store: ox.Store, sparql: str) -> ox.QuerySolutions:
    solutions = store.query(sparql, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def _violation(result: shacl.Result, verdicts: Collection[object], places: _Places) -> Violation:
    """Return a result in words; one that starts from a verdict is about the finding that has it."""
    focus, value, message = result.focus, result.value, result.messages[0].value
    path = "" if result.path is None else _path(result.path)
    if focus in verdicts and value is not None:
        return Violation(
            places.file(value), _short(value), path.removeprefix("^"), _short(focus), message
        )
    found = "" if value is None or value == focus else _short(value)
    return Violation(places.file(focus), _short(focus), path, found, message)


def _path(path: paths.Path) -> str:
    """Return a path in words: ``citation``, ``copies/copies``, ``^conveys``."""
    match path:
        case paths.Predicate(iri):
            return _local(iri.value)
        case paths.Inverse(inner):
            return f"^{_path(inner)}"
        case paths.Sequence(steps):
            return "/".join(map(_path, steps))
        case paths.Alternative(choices):
            return " or ".join(map(_path, choices))
        case paths.Repeat(inner, least, many):
            return _path(inner) + ("?" if not many else "+" if least else "*")


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _short(node: object) -> str:
    if isinstance(node, ox.NamedNode):
        if node.value.startswith(terms.CG):
            return f"cg:{_local(node.value)}"
        return node.value.removeprefix(terms.BASE)
    text = node.value if isinstance(node, ox.Literal | ox.BlankNode) else str(node)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "..."


class _Places:
    """Says in which file or folder of records a node was written down."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def file(self, node: object) -> str:
        """Return the file, else the folder, else nothing.

        An event and an asserted finding name their file; each file of ``crises/`` and
        each other folder has a graph of its own; a citation stands with what it supports.
        """
        if not isinstance(node, ox.NamedNode):
            return ""
        cited = self._store.quads_for_pattern(None, CITATION, node, None)
        return self._own(node) or next(filter(None, (self._own(q.subject) for q in cited)), "")

    def _own(self, node: object) -> str:
        if not isinstance(node, ox.NamedNode):
            return ""
        found: dict[str, str] = defaultdict(str)
        for quad in self._store.quads_for_pattern(node, None, None, None):
            if quad.predicate.value == RECORD_FILE and isinstance(quad.object, ox.Literal):
                return quad.object.value
            if isinstance(quad.graph_name, ox.NamedNode):
                name = quad.graph_name.value.removeprefix(terms.graph(""))
                found["crises"] = found["crises"] or _crisis_file(name)
                found["folder"] = found["folder"] or _folder(name)
        return found["crises"] or found["folder"]


def _crisis_file(graph: str) -> str:
    return f"crises/{graph.removeprefix('record/')}.yaml" if graph.startswith("record/") else ""


def _folder(graph: str) -> str:
    folders = ("actors", "concepts", "norms", "places", "sources")
    return f"{graph}/" if graph in folders else ""
