"""Which nodes a shape looks at, as SPARQL that lists them or asks whether one is among them.

A shape is reached by its own targets and, as a property shape, from every shape that
names it under ``sh:property``. Each such way is a :data:`Focus`. A node that is reached
in two ways, or as a value of two nodes, is reported twice, as the test suite of the
recommendation has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from crisisgov.ontology.shacl.graph import Node, show
from crisisgov.ontology.shacl.model import Shapes, Target
from crisisgov.ontology.shacl.paths import Names, Path, inverse, pattern
from crisisgov.ontology.shacl.values import Classes, Values

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@dataclass(frozen=True)
class Below:
    """The values of a path of the nodes of another focus."""

    focus: Focus
    path: Path


Focus = tuple[Target | Below, ...]
"""One way to reach a shape: the nodes that any of the parts has."""


def routes(shapes: Shapes) -> dict[Node, tuple[Focus, ...]]:
    """Return the ways in which each shape is reached; none for one that only others use."""
    found: dict[Node, list[Focus]] = defaultdict(list)
    # a shape is read after those it names, so this goes from the top to the bottom
    for node, shape in reversed(shapes.items()):
        if shape.targets:
            found[node].insert(0, tuple(dict.fromkeys(shape.targets)))
        if shape.deactivated:
            found[node] = []
        for way in found[node]:
            below: Focus = way if shape.path is None else (Below(way, shape.path),)
            for one in shape.properties:
                found[one].append(below)
    return {node: tuple(ways) for node, ways in found.items() if ways}


def union(ways: Iterable[Focus]) -> Focus:
    """Return one focus with the nodes of all."""
    return tuple(dict.fromkeys(part for way in ways for part in way))


class Focuses:
    """Writes focuses as SPARQL."""

    def __init__(self, values: Values, names: Names, classes: Classes) -> None:
        self._values = values
        self._names = names
        self._classes = classes

    def listing(self, focus: Focus, var: str) -> str:
        """Return a group graph pattern that binds the variable to each node once."""
        parts: list[str] = []
        classes = {
            name
            for part in focus
            if isinstance(part, Target) and part.kind == "class"
            for name in self._classes(_iri(part))
        }
        if classes:
            parts.append(self._instances(sorted(map(str, classes)), var))
        nodes = [str(p.term) for p in focus if isinstance(p, Target) and p.kind == "node"]
        if nodes:
            parts.append(f"VALUES {var} {{ {' '.join(dict.fromkeys(nodes))} }}")
        for part in focus:
            if isinstance(part, Below):
                parts.append(self.chain(part, var)[0])
            elif part.kind == "subjectsOf":
                parts.append(f"{var} {part.term} {self._names.new()} .")
            elif part.kind == "objectsOf":
                parts.append(f"{self._names.new()} {part.term} {var} .")
        body = " UNION ".join(f"{{ {part} }}" for part in parts)
        return f"{{ SELECT DISTINCT {var} {{ {body} }} }}"

    def chain(self, below: Below, var: str) -> tuple[str, tuple[str, ...]]:
        """Return a pattern for the values below a focus, and the variables of what they are of.

        With these variables a node that is a value of two nodes is found twice.
        """
        parent = self._names.new()
        values = pattern(below.path, parent, var, self._names)
        match below.focus:
            case (Below() as above,):
                inner, parents = self.chain(above, parent)
            case _:
                inner, parents = self.listing(below.focus, parent), ()
        return f"{inner} LATERAL {{ {values} }}", (*parents, parent)

    def _instances(self, classes: list[str], var: str) -> str:
        if len(classes) == 1:
            return f"{var} {TYPE} {classes[0]} ."
        kind = self._names.new()
        return f"VALUES {kind} {{ {' '.join(classes)} }} {var} {TYPE} {kind} ."

    def member(self, focus: Focus, var: str) -> str:
        """Return an expression for «the node is one of the focus»."""
        tests: list[str] = []
        classes: set[ox.NamedNode] = set()
        for part in focus:
            if isinstance(part, Below):
                parent = self._names.new()
                back = pattern(inverse(part.path), var, parent, self._names)
                tests.append(f"EXISTS {{ {back} FILTER({self.member(part.focus, parent)}) }}")
            elif part.kind == "class":
                classes.update(self._classes(_iri(part)))
            elif part.kind == "node":
                tests.append(self._values.one_of(var, [part.term]))
            elif part.kind == "subjectsOf":
                tests.append(f"EXISTS {{ {var} {part.term} {self._names.new()} }}")
            else:
                tests.append(f"EXISTS {{ {self._names.new()} {part.term} {var} }}")
        if classes:
            tests.insert(0, self._values.instance_of_any(var, classes))
        return f"({' || '.join(tests)})"


def _iri(target: Target) -> ox.NamedNode:
    assert isinstance(target.term, ox.NamedNode), show(target.term)
    return target.term
