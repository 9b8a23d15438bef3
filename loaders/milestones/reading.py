"""Reading N-Quads text as it passes by: the few statements that milestones are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crisisgov.ontology import terms

_PREDICATES = (
    "crisis|place|actor|onBehalfOf|earliestEpoch|latestEpoch|suspectDate|phase|measureType|dateKind"
    "|conveys|about|documents|category|partOfCrisis|departmentOf|jurisdiction|level"
)
# A line whose predicate is of interest. Each begins after a line feed: the search for the
# fixed beginning is then done without the machinery of regular expressions.
_LINE = re.compile(
    rb"\n<https://w3id\.org/crisisgov/(event|record|item|crisis|actor|category)/([^>]*)> <"
    rb"(?:https://w3id\.org/crisisgov/ontology#(" + _PREDICATES.encode() + rb")"
    rb"|http://www\.w3\.org/1999/02/22-rdf-syntax-ns#(type)"
    rb"|http://www\.w3\.org/2000/01/rdf-schema#(label))> "
    rb'(?:<https://w3id\.org/crisisgov/([^>]*)>|"((?:[^"\\]|\\.)*)")[^ ]* '
    rb"<https://w3id\.org/crisisgov/graph/([^>]*)>"
)
_BASE = terms.BASE
_BATCH_BYTES = 1 << 20


@dataclass(slots=True)
class Act:
    """What is known of an event so far; ``home`` is its named graph."""

    home: str = ""
    crises: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    first: int | None = None
    last: int | None = None
    suspect: bool = False
    ended: bool = False
    alleged: bool = False
    date_kind: str = ""
    kinds: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)


@dataclass
class World:
    """What is said of crises, actors and items: small, and needed until the end."""

    wider: dict[str, list[str]] = field(default_factory=dict)
    whole: dict[str, str] = field(default_factory=dict)
    governments: set[str] = field(default_factory=set)
    jurisdictions: dict[str, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    """Data set of each category."""

    def crises_of(self, crisis: str) -> list[str]:
        """Return a crisis and those of which it is a part."""
        found = [crisis]
        for one in found:
            found += [wider for wider in self.wider.get(one, ()) if wider not in found]
        return found

    def government_of(self, actor: str) -> str | None:
        """Return the government of which an actor is a department, or which it is itself."""
        seen = set()
        while actor not in self.governments and actor in self.whole and actor not in seen:
            seen.add(actor)
            actor = self.whole[actor]
        return actor if actor in self.governments else None


Statement = tuple[str, str, str, str, str]
"""Kind and id of the subject, predicate, object or literal, named graph."""


def batches(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join pieces of N-Quads text into batches that end with a whole line."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _BATCH_BYTES:
            text = b"".join(waiting)
            cut = text.rfind(b"\n") + 1
            if cut:
                yield text[:cut]
            waiting, size = [text[cut:]], len(text) - cut
    yield b"".join(waiting)


def statements(batch: bytes) -> Iterator[Statement]:
    """Yield the statements of interest of a batch of lines."""
    for match in _LINE.finditer(b"\n" + batch):
        kind, name, own, rdf, rdfs, entity, literal, graph = match.groups()
        predicate = own or rdf or rdfs
        value = literal if entity is None else entity
        yield (
            kind.decode(),
            name.decode(),
            predicate.decode(),
            value.decode(),
            graph.decode(),
        )
