"""What differs between two graphs, entity by entity, as a reader would say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from crisisgov.errors import InputError
from crisisgov.ontology import terms

Lines = Callable[[], Iterable[bytes]]
"""Gives the N-Quads lines of a graph, anew at each call."""


@dataclass
class EntityDifference:
    """What was taken from an entity and what was added, each as ``property value``."""

    entity: str
    status: str
    """``changed``; or ``new`` / ``gone`` where nothing of it stands on the other side."""
    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


def differences(old: Lines, new: Lines) -> list[EntityDifference]:
    """Return what differs, by entity in order of its IRI.

    The lines are read several times, with eight bytes kept for each old one, so that graphs of
    millions of quads can be compared.

    :raises InputError: for a line that is no N-Quad
    """
    only_old = {_digest(line) for line in old()}
    added = []
    for line in new():
        key = _digest(line)
        if key in only_old:
            only_old.discard(key)
        else:
            added.append(line)
    removed = [line for line in old() if _digest(line) in only_old] if only_old else []
    touched = {_subject(line) for line in (*added, *removed)}
    in_old, in_new = ({_subject(line) for line in side()} & touched for side in (old, new))
    return list(_grouped(removed, added, in_old, in_new))


def _grouped(
    removed: list[bytes], added: list[bytes], in_old: set[bytes], in_new: set[bytes]
) -> Iterator[EntityDifference]:
    signed = [(*_read(line), "-") for line in removed] + [(*_read(line), "+") for line in added]
    for subject, group in groupby(sorted(signed), key=lambda entry: entry[0]):
        node = f"<{subject}>".encode()
        status = "gone" if node not in in_new else "changed" if node in in_old else "new"
        one = EntityDifference(shown_iri(subject), status)
        for _, statement, sign in group:
            (one.removed if sign == "-" else one.added).append(statement)
        yield one


def _subject(line: bytes) -> bytes:
    return line.split(b" ", 1)[0]


def _digest(line: bytes) -> int:
    return int.from_bytes(blake2b(line, digest_size=8).digest(), "big")


def _read(line: bytes) -> tuple[str, str]:
    try:
        quad = next(iter(ox.parse(line, format=ox.RdfFormat.N_QUADS)))
    except (SyntaxError, StopIteration) as error:
        raise InputError(f"not a line of N-Quads: {line[:80]!r}") from error
    value = quad.object
    if isinstance(value, ox.Literal):
        shown = f'"{value.value}"' + (f"@{value.language}" if value.language else "")
    else:
        shown = shown_iri(value.value) if isinstance(value, ox.NamedNode) else str(value)
    assert isinstance(quad.subject, ox.NamedNode)  # the graph has no blank nodes
    return quad.subject.value, f"{shown_iri(quad.predicate.value)} {shown}"


def shown_iri(iri: str) -> str:
    """Return an IRI with a prefix, or without the base of this graph's own entities."""
    if iri == terms.RDF_TYPE:
        return "a"
    return terms.prefixed(iri).removeprefix(terms.BASE)


def lines_of_file(path: Path) -> Lines:
    """Return the lines of an N-Quads file, such as a version's ``graph.nq``."""

    def lines() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from file

    return lines


def lines_of_quads(quads: Iterable[ox.Quad]) -> Lines:
    """Return the lines of quads in memory."""
    kept = sorted({f"{quad} .\n".encode() for quad in quads})
    return lambda: kept
