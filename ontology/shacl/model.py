"""What a shapes graph says, as plain values: shapes, their targets and their constraints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pyoxigraph as ox

from crisisgov.ontology.shacl.graph import Node, Term
from crisisgov.ontology.shacl.paths import Path

TargetKind = Literal["class", "node", "subjectsOf", "objectsOf"]


@dataclass(frozen=True)
class Target:
    """Some focus nodes of a shape: SHACL section 2.1.3."""

    kind: TargetKind
    term: Term


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape: SHACL section 4.

    ``name`` is the parameter without its namespace (``minCount``, ``in``, and
    ``qualifiedMinCount`` or ``qualifiedMaxCount`` for a qualified shape). The other
    fields hold its value, as far as the parameter has one of that kind.
    """

    name: str
    term: Term | None = None
    """The term given: a class, a datatype, a bound, a predicate, the value of hasValue."""
    items: tuple[Term, ...] = ()
    """The members of the list given; for ``closed`` the predicates that are allowed."""
    number: int = 0
    """A count or a length."""
    text: str = ""
    """A regular expression."""
    flags: str = ""
    shapes: tuple[Node, ...] = ()
    """The shapes given."""
    siblings: tuple[Node, ...] = ()
    """The shapes that a value counted by a qualified shape must not have."""

    @property
    def component(self) -> ox.NamedNode:
        """The constraint component as reports name it."""
        name = self.name[0].upper() + self.name[1:]
        return ox.NamedNode(f"http://www.w3.org/ns/shacl#{name}ConstraintComponent")


@dataclass(frozen=True)
class Shape:
    """A node shape, or (with a path) a property shape."""

    node: Node
    path: Path | None = None
    targets: tuple[Target, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    properties: tuple[Node, ...] = ()
    """The property shapes that its value nodes must have, too, each reporting for itself."""
    severity: ox.NamedNode = field(
        default_factory=lambda: ox.NamedNode("http://www.w3.org/ns/shacl#Violation")
    )
    messages: tuple[ox.Literal, ...] = ()
    deactivated: bool = False


Shapes = dict[Node, Shape]
"""Every shape that is used, in the order in which they were read."""
