"""Reads the shapes of a shapes graph; what it does not know it refuses by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from crisisgov.ontology.shacl import graph as g
from crisisgov.ontology.shacl.graph import Node, ShapesError, ShapesGraph, Term, sh
from crisisgov.ontology.shacl.model import Constraint, Shape, Shapes, Target, TargetKind
from crisisgov.ontology.shacl.read_path import read_path

TARGETS: Final[dict[str, TargetKind]] = {
    "targetClass": "class",
    "targetNode": "node",
    "targetSubjectsOf": "subjectsOf",
    "targetObjectsOf": "objectsOf",
}
ONE_TERM: Final = {
    *("class", "datatype", "nodeKind", "hasValue", "equals", "disjoint"),
    *("lessThan", "lessThanOrEquals"),
    *("minExclusive", "minInclusive", "maxExclusive", "maxInclusive"),
}
ONE_NUMBER: Final = {"minCount", "maxCount", "minLength", "maxLength"}
ONE_LIST: Final = {"in", "languageIn"}
ONE_SHAPE: Final = {"not", "node"}
SHAPE_LIST: Final = {"and", "or", "xone"}
PROPERTY_ONLY: Final = {
    *("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"),
    *("qualifiedValueShape",),
}
SILENT: Final = {
    *("name", "description", "order", "group", "defaultValue"),
    *("path", "severity", "message", "deactivated", "property"),
    *("flags", "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount"),
    "qualifiedValueShapesDisjoint",
}
"""Terms of SHACL that are no constraint of their own."""

CONSTRAINTS: Final = (
    ONE_TERM
    | ONE_NUMBER
    | ONE_LIST
    | ONE_SHAPE
    | SHAPE_LIST
    | {"pattern", "uniqueLang", "closed", "qualifiedValueShape"}
)
ONCE: Final = {
    *("datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength"),
    *("minExclusive", "minInclusive", "maxExclusive", "maxInclusive"),
    *("uniqueLang", "languageIn", "in", "closed", "deactivated", "severity", "path", "flags"),
    *("ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount"),
    "qualifiedValueShapesDisjoint",
}
"""Parameters of which a shape has at most one value (SHACL sections 2 and 4)."""


def parse(triples: Iterable[ox.Triple | ox.Quad]) -> Shapes:
    """Return the shapes that have a target, and those to which they lead.

    :raises ShapesError: for a construct that is ill-formed, not of SHACL Core, or recursive
    """
    return _Parser(ShapesGraph(triples)).parse()


class _Parser:
    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._shapes: Shapes = {}
        self._open: list[Node] = []
        self._classes = dict.fromkeys(graph.instances(ox.NamedNode(g.RDFS + "Class")))
        self._parents: dict[Node, list[Node]] = {}
        for parent in graph.subjects(sh("property")):
            for child in graph.objects(parent, sh("property")):
                if isinstance(child, ox.NamedNode | ox.BlankNode):
                    self._parents.setdefault(child, []).append(parent)

    def parse(self) -> Shapes:
        graph = self._graph
        self._refuse_own_components()
        for name in TARGETS:
            for node in graph.subjects(sh(name)):
                self._shape(node)
        for node in self._classes:
            if self._is_shape(node):
                self._shape(node)
        for name in ("NodeShape", "PropertyShape"):
            for node in graph.instances(sh(name)):
                self._shape(node)
        return self._shapes

    def _refuse_own_components(self) -> None:
        for node in self._graph.instances(sh("ConstraintComponent")):
            raise ShapesError(node, "sh:ConstraintComponent", "own components are not compiled")

    def _is_shape(self, node: Node) -> bool:
        if {sh("NodeShape"), sh("PropertyShape")} & set(self._graph.objects(node, g.TYPE)):
            return True
        return any(p.value.removeprefix(g.SH) in CONSTRAINTS for p in self._graph.predicates(node))

    def _shape(self, node: Term) -> Node:
        """Read a shape and those below it; return its node."""
        if isinstance(node, ox.Literal | ox.Triple):
            raise ShapesError(node, "a shape", "needs an IRI or a blank node")
        if node in self._open:
            cycle = " -> ".join(g.show(one) for one in [*self._open, node])
            raise ShapesError(node, "a recursive shape", f"SHACL leaves these undefined: {cycle}")
        if node not in self._shapes:
            self._open.append(node)
            self._check(node)
            self._shapes[node] = self._read(node)
            self._open.pop()
        return node

    def _check(self, node: Node) -> None:
        known = CONSTRAINTS | SILENT | set(TARGETS)
        for predicate in self._graph.predicates(node):
            name = predicate.value.removeprefix(g.SH)
            if name == predicate.value:
                continue
            construct = f"sh:{name}"
            if name not in known:
                raise ShapesError(node, construct, "is not part of what is compiled (SHACL Core)")
            if name in ONCE and len(self._graph.objects(node, predicate)) > 1:
                raise ShapesError(node, construct, "has more than one value")
            if name in PROPERTY_ONLY and not self._graph.objects(node, sh("path")):
                raise ShapesError(node, construct, "needs a property shape, one with sh:path")

    def _read(self, node: Node) -> Shape:
        graph = self._graph
        paths = graph.objects(node, sh("path"))
        severity = (*graph.objects(node, sh("severity")), sh("Violation"))[0]
        if not isinstance(severity, ox.NamedNode):
            raise ShapesError(node, "sh:severity", "is an IRI")
        properties = tuple(self._shape(one) for one in graph.objects(node, sh("property")))
        for one in properties:
            if self._shapes[one].path is None:
                raise ShapesError(node, "sh:property", f"{g.show(one)} has no sh:path")
        constraints = tuple(
            constraint
            for predicate in graph.predicates(node)
            if predicate.value.startswith(g.SH)
            for constraint in self._constraints(node, predicate)
        )
        deactivated = graph.objects(node, sh("deactivated"))
        return Shape(
            node,
            path=read_path(graph, node, paths[0]) if paths else None,
            targets=tuple(self._targets(node)),
            constraints=constraints,
            properties=properties,
            severity=severity,
            messages=tuple(
                message
                for message in graph.objects(node, sh("message"))
                if isinstance(message, ox.Literal)
            ),
            deactivated=bool(deactivated) and self._flag(node, "deactivated", deactivated[0]),
        )

    def _targets(self, node: Node) -> Iterable[Target]:
        for name, kind in TARGETS.items():
            for term in self._graph.objects(node, sh(name)):
                if isinstance(term, ox.BlankNode) or (
                    kind != "node" and not isinstance(term, ox.NamedNode)
                ):
                    raise ShapesError(node, f"sh:{name}", f"{g.show(term)} is not what it takes")
                yield Target(kind, term)
        if node in self._classes and isinstance(node, ox.NamedNode):
            yield Target("class", node)

    def _constraints(self, node: Node, predicate: ox.NamedNode) -> Iterable[Constraint]:
        name = predicate.value.removeprefix(g.SH)
        if name in CONSTRAINTS:
            for value in self._graph.objects(node, predicate):
                yield from self._constraint(node, name, value)

    def _constraint(self, node: Node, name: str, value: Term) -> Iterable[Constraint]:
        construct = f"sh:{name}"
        if name in ONE_TERM:
            if isinstance(value, ox.BlankNode):
                raise ShapesError(node, construct, "a blank node is the same in no other graph")
            yield Constraint(name, term=value)
        elif name in ONE_NUMBER:
            yield Constraint(name, number=self._number(node, name, value))
        elif name in ONE_LIST:
            items = self._graph.items(node, construct, value)
            if any(isinstance(item, ox.BlankNode) for item in items):
                raise ShapesError(node, construct, "a blank node is the same in no other graph")
            yield Constraint(name, items=items)
        elif name in ONE_SHAPE:
            yield Constraint(name, shapes=(self._shape(value),))
        elif name in SHAPE_LIST:
            members = self._graph.items(node, construct, value)
            yield Constraint(name, shapes=tuple(self._shape(one) for one in members))
        elif name == "pattern":
            if not isinstance(value, ox.Literal):
                raise ShapesError(node, construct, "is a string")
            flags = self._graph.objects(node, sh("flags"))
            given = flags[0].value if flags and isinstance(flags[0], ox.Literal) else ""
            yield Constraint(name, text=value.value, flags=given)
        elif name == "uniqueLang":
            if self._flag(node, name, value):
                yield Constraint(name)
        elif name == "closed":
            if self._flag(node, name, value):
                yield Constraint(name, items=self._allowed(node))
        else:
            yield from self._qualified(node, value)

    def _allowed(self, node: Node) -> tuple[Term, ...]:
        """Return the predicates that a closed shape allows: SHACL section 4.8.1."""
        graph = self._graph
        allowed = [
            path
            for prop in graph.objects(node, sh("property"))
            for path in graph.objects(prop, sh("path"))
            if isinstance(path, ox.NamedNode)
        ]
        for head in graph.objects(node, sh("ignoredProperties")):
            allowed += [
                item
                for item in graph.items(node, "sh:ignoredProperties", head)
                if isinstance(item, ox.NamedNode)
            ]
        return tuple(dict.fromkeys(allowed))

    def _qualified(self, node: Node, value: Term) -> Iterable[Constraint]:
        graph = self._graph
        shape = self._shape(value)
        siblings: tuple[Node, ...] = ()
        disjoint = graph.objects(node, sh("qualifiedValueShapesDisjoint"))
        if disjoint and self._flag(node, "qualifiedValueShapesDisjoint", disjoint[0]):
            siblings = tuple(
                dict.fromkeys(
                    self._shape(other)
                    for parent in self._parents.get(node, [])
                    for prop in graph.objects(parent, sh("property"))
                    for other in graph.objects(prop, sh("qualifiedValueShape"))
                    if other != value
                )
            )
        counts = 0
        for name in ("qualifiedMinCount", "qualifiedMaxCount"):
            for number in graph.objects(node, sh(name)):
                counts += 1
                limit = self._number(node, name, number)
                yield Constraint(name, number=limit, shapes=(shape,), siblings=siblings)
        if not counts:
            raise ShapesError(
                node, "sh:qualifiedValueShape", "needs sh:qualifiedMinCount or sh:qualifiedMaxCount"
            )

    def _number(self, node: Node, name: str, value: Term) -> int:
        if (
            isinstance(value, ox.Literal)
            and value.datatype.value == g.XSD + "integer"
            and value.value.strip().lstrip("+").isdigit()
        ):
            return int(value.value)
        raise ShapesError(node, f"sh:{name}", f"needs a whole number from 0, not {value}")

    def _flag(self, node: Node, name: str, value: Term) -> bool:
        if isinstance(value, ox.Literal) and value.value in ("true", "false", "1", "0"):
            return value.value == "true"  # SHACL asks for this very term
        raise ShapesError(node, f"sh:{name}", f"needs true or false, not {value}")
