"""Reads property paths from a shapes graph: SHACL section 2.3.1."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from crisisgov.ontology.shacl.graph import FIRST, NIL, SH, Node, ShapesError, ShapesGraph, Term
from crisisgov.ontology.shacl.paths import (
    Alternative,
    Inverse,
    Path,
    Predicate,
    Repeat,
    Sequence,
)

REPEATS: Final[dict[str, tuple[int, bool]]] = {
    "zeroOrMorePath": (0, True),
    "oneOrMorePath": (1, True),
    "zeroOrOnePath": (0, False),
}
"""Term of SHACL -> how often the path is taken at least, and whether more than once."""


def read_path(graph: ShapesGraph, shape: Node, node: Term, above: tuple[Term, ...] = ()) -> Path:
    """Return the path that a node of a shapes graph describes.

    A list is a sequence, whatever else its first node has. ``above`` are the nodes of
    the paths of which this is a part.

    :raises ShapesError: naming the shape, when it is ill-formed
    """
    if isinstance(node, ox.NamedNode) and node != NIL:
        return Predicate(node)
    if node in above:
        raise ShapesError(shape, "sh:path", "a path is part of itself")
    above = (*above, node)
    if node == NIL or graph.objects(node, FIRST):
        return Sequence(_members(graph, shape, node, above))
    given = [
        (predicate.value.removeprefix(SH), value)
        for predicate in graph.predicates(node)
        if predicate.value.startswith(SH)
        for value in graph.objects(node, predicate)
    ]
    match given:
        case [("inversePath", inner)]:
            return Inverse(read_path(graph, shape, inner, above))
        case [("alternativePath", members)]:
            return Alternative(_members(graph, shape, members, above))
        case [(name, inner)] if name in REPEATS:
            return Repeat(read_path(graph, shape, inner, above), *REPEATS[name])
    raise ShapesError(shape, "sh:path", "is no well-formed property path")


def _members(
    graph: ShapesGraph, shape: Node, head: Term, above: tuple[Term, ...]
) -> tuple[Path, ...]:
    items = graph.items(shape, "sh:path", head)
    if len(items) < 2:
        raise ShapesError(shape, "sh:path", "a list of paths has at least two members")
    return tuple(read_path(graph, shape, item, above) for item in items)
