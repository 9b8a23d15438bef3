"""What the evaluation needs to know, as plain values read from the graph.

IRIs are strings; closed-list values (topics, stances, levels ...) are the ids of
their concepts; kinds are the names of their classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from crisisgov.ontology.evaluation.norms import Act as Act
from crisisgov.ontology.evaluation.norms import Norm as Norm
from crisisgov.ontology.evaluation.norms import Profile as Profile
from crisisgov.ontology.evaluation.norms import Trigger as Trigger
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span
from crisisgov.ontology.relative import Shift


@dataclass(frozen=True, slots=True)
class Item:
    """A content item of an event."""

    topic: str
    stance: str
    about: str
    certainty: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its standing."""

    iri: str
    label: str
    standing: str
    copies: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A live claim about an event."""

    iri: str
    event: str
    property: str
    authority: str
    span: Span | None
    entity: str | None
    literal: str | None
    weak: bool
    """Whether all its sources are weak: then it may not worsen a verdict."""


@dataclass(frozen=True, slots=True)
class Link:
    """That an event's date counts from another event."""

    anchor: str
    span: Span
    """When the anchor can have happened."""
    shift: Shift
    """From the anchor to what hangs on it."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event with what matters for verdicts."""

    iri: str
    label: str
    kinds: frozenset[str]
    crisis: str
    span: Span
    date_text: str
    actors: frozenset[str]
    on_behalf_of: frozenset[str]
    recipients: frozenset[str]
    targets: frozenset[str]
    audience: frozenset[str]
    items: tuple[Item, ...]
    date_kind: str | None
    measures: frozenset[str]
    response_level: int | None
    basis: str | None
    certainty: str | None
    outcome: str | None
    place: str
    breaches: frozenset[str]
    alleged: bool
    sources: tuple[str, ...]
    weak: bool
    """Whether all its sources are weak."""
    extends: frozenset[str] = frozenset()
    """Norms whose time allowed it draws out."""
    first_word: bool = False
    """Whether it is documented that no authority had told the public before."""
    hangs_on: tuple[Link, ...] = ()
    """The events from which its date counts, step by step, the nearest first."""

    def __hash__(self) -> int:
        """Return the hash of the IRI: the forms of one event are few, and all fields are many."""
        return hash(self.iri)


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor with its place in the hierarchy."""

    iri: str
    label: str
    kinds: frozenset[str]
    """Class names, the more general ones included."""
    function: str | None
    level: str | None
    jurisdiction: str | None
    department_of: str | None
    reports_to: frozenset[str]
    acts_for: frozenset[str]
    existed: Span = field(default_factory=lambda: Span(PAST, FUTURE))
    succeeds: str | None = None
    """The actor whose place it took."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """That somebody held a post."""

    iri: str
    label: str
    body: str
    """The body in which the post stands."""
    held: Span
    """From when until when it was certainly held."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search record."""

    iri: str
    bearer: str
    crisis: str
    topic: str
    about: str
    kinds: frozenset[str]
    until: int


@dataclass(frozen=True, slots=True)
class Asserted:
    """An asserted finding."""

    iri: str
    label: str
    bearer: str
    crisis: str
    topic: str | None
    norm: str | None
    responsibilities: frozenset[str]
    """Those that its failure types fall short of; empty where it names none."""
    about: str
    failure_types: frozenset[str]
    polarity: str
    status: str


@dataclass(frozen=True, slots=True)
class Justification:
    """What an authority says for itself."""

    iri: str
    by: str
    bearer: str
    matter: Matter
    norm: str | None
    kinds: frozenset[str]
    """The acts that it explains; empty for any."""
    says: str


class Matter(NamedTuple):
    """What an obligation is about."""

    crisis: str
    topic: str
    about: str

    @property
    def key(self) -> str:
        """Return a readable key, e.g. ``covid-19-wuhan.existence.CN-HB-wuhan``."""
        return f"{tail(self.crisis)}.{self.topic}.{tail(self.about)}"


@dataclass
class Facts:
    """Everything, by IRI."""

    events: dict[str, Event] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    norms: dict[str, Norm] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    """Live claims by the event that they are about."""
    follows: dict[str, str] = field(default_factory=dict)
    """Event -> the claim that its record follows, where claims differ."""
    searches: list[Search] = field(default_factory=list)
    asserted: list[Asserted] = field(default_factory=list)
    tenures: list[Tenure] = field(default_factory=list)
    justifications: list[Justification] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    """Place -> its time zone."""
    within: dict[str, frozenset[str]] = field(default_factory=dict)
    """Place -> itself and every larger place."""
    hazards: dict[str, frozenset[str]] = field(default_factory=dict)
    """Crisis -> its hazards, broader ones included."""
    crisis_places: dict[str, str] = field(default_factory=dict)
    """Crisis -> its place, where it has one."""
    part_of: dict[str, str] = field(default_factory=dict)
    """Crisis -> the larger crisis of which it is a part."""
    labels: dict[str, str] = field(default_factory=dict)
    """English labels of crises and places."""
    as_of: int = 0
    """The moment up to which duties are judged."""


def tail(iri: str) -> str:
    """Return the last part of an IRI: the id."""
    return iri.rsplit("/", 1)[-1]
