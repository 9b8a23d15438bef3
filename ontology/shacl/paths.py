"""Property paths: read from a shapes graph, written as SPARQL.

SHACL section 2.3.1. Sequences are joined step by step with ``LATERAL``, which
pyoxigraph offers: each step starts from what the one before has found, whatever
order the query optimiser would have chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pyoxigraph as ox


@dataclass(frozen=True)
class Predicate:
    """From a node to the objects of one predicate."""

    iri: ox.NamedNode


@dataclass(frozen=True)
class Inverse:
    """A path against its direction."""

    path: Path


@dataclass(frozen=True)
class Sequence:
    """One path after the other."""

    steps: tuple[Path, ...]


@dataclass(frozen=True)
class Alternative:
    """What any of the paths reaches."""

    choices: tuple[Path, ...]


@dataclass(frozen=True)
class Repeat:
    """A path taken ``least`` (0 or 1) times or more, or at most once when not ``many``."""

    path: Path
    least: int
    many: bool


Path = Predicate | Inverse | Sequence | Alternative | Repeat


class Names:
    """Hands out variable names that no other part of a query has."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> str:
        """Return a variable, with its question mark."""
        return f"?x{next(self._numbers)}"


def may_be_empty(path: Path) -> bool:
    """Whether a path leads from every node to the node itself."""
    match path:
        case Predicate():
            return False
        case Inverse(inner):
            return may_be_empty(inner)
        case Sequence(steps):
            return all(map(may_be_empty, steps))
        case Alternative(choices):
            return any(map(may_be_empty, choices))
        case Repeat(inner, least, _):
            return least == 0 or may_be_empty(inner)


def inverse(path: Path) -> Path:
    """Return the path back, with inverses at its single predicates only."""
    match path:
        case Predicate():
            return Inverse(path)
        case Inverse(inner):
            return direct(inner)
        case Sequence(steps):
            return Sequence(tuple(inverse(step) for step in reversed(steps)))
        case Alternative(choices):
            return Alternative(tuple(map(inverse, choices)))
        case Repeat(inner, least, many):
            return Repeat(inverse(inner), least, many)


def direct(path: Path) -> Path:
    """Return the same path with inverses at its single predicates only."""
    match path:
        case Predicate():
            return path
        case Inverse(inner):
            return inverse(inner)
        case Sequence(steps):
            return Sequence(tuple(map(direct, steps)))
        case Alternative(choices):
            return Alternative(tuple(map(direct, choices)))
        case Repeat(inner, least, many):
            return Repeat(direct(inner), least, many)


def pattern(path: Path, start: str, end: str, names: Names) -> str:
    """Return a group graph pattern that binds ``end`` to what is reached from ``start``.

    ``start`` has to be bound before where the path may be empty. A node may be
    found more than once.
    """
    return _pattern(direct(path), start, end, names)


def _pattern(path: Path, start: str, end: str, names: Names) -> str:
    match path:
        case Predicate(iri):
            return f"{start} {iri} {end} ."
        case Inverse(Predicate(iri)):
            return f"{end} {iri} {start} ."
        case Sequence(steps):
            return _steps(steps, start, end, names)
        case Alternative(choices) if all(isinstance(c, Predicate | Inverse) for c in choices):
            return f"{start} {syntax(path)} {end} ."
        case Alternative(choices):
            ways = [f"{{ {_pattern(choice, start, end, names)} }}" for choice in choices]
            return f"LATERAL {{ {' UNION '.join(ways)} }}"
        case Repeat(inner, least, many):
            some = (
                f"{start} ({syntax(inner)})+ {end} ."
                if many
                else _pattern(inner, start, end, names)
            )
            if least and not may_be_empty(inner):
                return some
            # SPARQL's own `*` and `?` miss a node that no triple of the graph has
            return f"LATERAL {{ {{ BIND({start} AS {end}) }} UNION {{ {some} }} }}"
    raise AssertionError(path)  # an inverse stands at a single predicate


def _steps(steps: tuple[Path, ...], start: str, end: str, names: Names) -> str:
    text = ""
    for number, step in enumerate(steps):
        reached = end if number == len(steps) - 1 else names.new()
        part = _pattern(step, start, reached, names)
        text += part if not text else f" LATERAL {{ {part} }}"
        start = reached
    return text


def syntax(path: Path) -> str:
    """Return a path in the syntax of SPARQL."""
    match path:
        case Predicate(iri):
            return str(iri)
        case Inverse(inner):
            return f"^({syntax(inner)})"
        case Sequence(steps):
            return f"({'/'.join(map(syntax, steps))})"
        case Alternative(choices):
            return f"({'|'.join(map(syntax, choices))})"
        case Repeat(inner, least, many):
            return f"({syntax(inner)}){'?' if not many else '+' if least else '*'}"


def starts_with_predicate(path: Path) -> bool:
    """Whether the pairs of a path can be listed from the triples of its first predicates."""
    match direct(path):
        case Predicate() | Inverse():
            return True
        case Sequence(steps):
            return starts_with_predicate(steps[0])
        case Alternative(choices):
            return all(isinstance(choice, Predicate | Inverse) for choice in choices)
        case _:
            return False


def predicates(path: Path) -> Iterator[ox.NamedNode]:
    """Yield the predicates that a path names."""
    match path:
        case Predicate(iri):
            yield iri
        case Inverse(inner) | Repeat(inner, _, _):
            yield from predicates(inner)
        case Sequence(parts) | Alternative(parts):
            for part in parts:
                yield from predicates(part)
