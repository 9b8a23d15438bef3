"""Crises, events, claims, search records, asserted findings and justifications."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from crisisgov.loaders.records.model.actors import ActorRef
from crisisgov.loaders.records.model.base import (
    Check,
    Citations,
    Concept,
    Edtf,
    Id,
    Identifiers,
    Label,
    Period,
    Record,
    Ref,
    Responsibility,
    Text,
    Topic,
)
from crisisgov.ontology.dates import parse

OffsetText = Annotated[
    str, StringConstraints(pattern=r"^-?(0|[1-9]\d{0,4}) (seconds|minutes|hours|days)$")
]
"""A number and a unit, e.g. ``2 days``; negative for earlier."""

EventRef = Annotated[str, Ref("event")]
PlaceRef = Annotated[str, Ref("place")]
CrisisRef = Annotated[str, Ref("crisis")]
Certainty = Annotated[str, Concept("certainty")]


class EventKind(StrEnum):
    """The closed list of kinds; each is an OWL class, and they are not disjoint."""

    hazard_occurrence = "hazard-occurrence"
    detection = "detection"
    knowledge = "knowledge"
    assessment = "assessment"
    warning = "warning"
    report = "report"
    request = "request"
    notification = "notification"
    authorisation = "authorisation"
    disclosure = "disclosure"
    suppression = "suppression"
    protective_measure = "protective-measure"
    emergency_level_change = "emergency-level-change"
    coordination = "coordination"
    regulation = "regulation"
    technology_use = "technology-use"
    inquiry = "inquiry"
    sanction = "sanction"
    reward = "reward"
    resignation = "resignation"
    admission = "admission"
    apology = "apology"
    recommendation = "recommendation"
    implementation = "implementation"
    reversal = "reversal"


class ContentItem(Record):
    """One thing that an act of information says, or that a knower holds."""

    topic: Topic
    stance: Annotated[str, Concept("stance")]
    about: PlaceRef | None = None
    """The place spoken of; the place of the crisis when absent."""
    certainty: Certainty | None = None
    value: float | None = None
    unit: Text | None = None
    """What `value` counts, e.g. cases."""
    as_of: Edtf | None = None
    """The day for which the content holds, when it differs from the act's own."""


class KnowledgeDetails(Record):
    """How we know that the actor knew."""

    basis: Annotated[str, Concept("knowledge-basis")]
    certainty: Certainty


class WarningDetails(Record):
    """What kind of warning, and what became of it."""

    capacity: Text
    """In which capacity the warner spoke, e.g. ophthalmologist."""
    first_hand: bool
    """Whether the warner saw the facts or passed them on."""
    treatment: Annotated[list[Annotated[str, Concept("treatment")]], Field(min_length=1)]


class RelativeDate(Record):
    """A date that a source tells by its distance from another event."""

    to: EventRef
    """The event from which it counts."""
    offset: OffsetText
    """How much later; with `-` how much earlier. Days mean the calendar day that many days on, in
    the zone of the place, whatever the hour; smaller units are exact."""
    exact: bool = False
    """True where days are meant as 24 hours each, to the second."""

    @model_validator(mode="after")
    def _exact_days(self) -> RelativeDate:
        if self.exact and not self.offset.endswith("days"):
            raise ValueError("`exact` is for an `offset` in days; smaller units are always exact")
        return self


class Event(Record):
    """Something that happened (or is alleged to have happened) in a crisis."""

    id: Id
    kind: Annotated[list[EventKind], Field(min_length=1)]
    label: Label
    summary: Text
    """What happened, in our own words."""
    date: Edtf | None = None
    """When; for a state, when it began. Required, unless `relative` is given."""
    relative: RelativeDate | None = None
    """Instead of `date`, where the source only tells the distance from another event."""
    end: Edtf | None = None
    """For a state (measure, level, suppression): when it ended."""
    published: Edtf | None = None
    """When the act was made public, if that differs from the act."""
    effective: Edtf | None = None
    """When the act took effect, if that differs."""
    zone_basis: Literal["stated", "place", "unknown"] = "place"
    """Where the time zone comes from: stated in the source, that of the place, or unknown."""
    margin_seconds: Annotated[int, Field(gt=0)] | None = None
    """Required where the date carries `~`: how far it may be off, in seconds."""
    actor: list[ActorRef] = []
    """Who acted or knew (or the patients' host for an occurrence: then empty)."""
    on_behalf_of: list[ActorRef] = []
    in_post: Annotated[str, Ref("post")] | None = None
    recipient: list[ActorRef] = []
    target: list[ActorRef] = []
    """Whom a sanction, request, suppression or inquiry is directed at."""
    audience: list[Annotated[str, Concept("audience")]] = []
    channel: list[Annotated[str, Concept("channel")]] = []
    place: PlaceRef | None = None
    """Where; the place of the crisis when absent."""
    conveys: list[ContentItem] = []
    knowledge: KnowledgeDetails | None = None
    warning: WarningDetails | None = None
    date_kind: Annotated[str, Concept("date-kind")] | None = None
    """For a step in the chain of a first case."""
    measure: list[Annotated[str, Concept("measure-type")]] = []
    response_level: Annotated[int, Field(ge=1, le=5)] | None = None
    """For a change of emergency level: the level after it (1 is the highest)."""
    outcome: Literal["asked", "granted", "refused"] | None = None
    """For an authorisation."""
    serves: list[Responsibility] = []
    """Responsibilities that this act serves."""
    breaches: list[Responsibility] = []
    """Responsibilities that this act falls short of, when a cited source says so."""
    in_reaction_to: list[EventRef] = []
    sanctioned_for: list[EventRef] = []
    """For a sanction: the recorded acts that it was for."""
    sanction_ground: Text | None = None
    """For a sanction: what it was for by those who imposed it, in our own words, where that is no
    recorded act; also that no ground was given."""
    corrects: list[EventRef] = []
    contradicts: list[EventRef] = []
    confirms: list[EventRef] = []
    """Warnings or statements that this official act shows to have been right."""
    reverses: list[EventRef] = []
    implements: list[EventRef] = []
    """For an implementation: the recommendations that it carries out."""
    extends: list[Annotated[str, Ref("norm")]] = []
    """Norms whose time allowed this act of a competent body draws out by their `extension`, for its
    actor, recipient or target, in the matter of its items (without items: of the crisis)."""
    first_word: bool = False
    """For a disclosure: that a cited source says, or shows, that no authority had told the public
    of the matter before. Without it, or a search record, nothing documents that the earliest
    disclosure on record was the first, and a delay up to it counts against nobody."""
    alleged: bool = False
    """True where the actor denies that it happened at all."""
    follows_claim: Annotated[str, Ref("claim")] | None = None
    """Where claims differ: the one that the fields of this event follow."""
    follows_why: Text | None = None
    """Why that claim is preferred."""
    checked: Check
    citations: Citations

    @model_validator(mode="after")
    def _consistent(self) -> Event:
        self._check_date()
        if self.implements and EventKind.implementation not in self.kind:
            raise ValueError("`implements` is for events of the kind implementation")
        if (self.follows_claim is None) != (self.follows_why is None):
            raise ValueError("`follows_claim` and `follows_why` go together: name both or neither")
        if EventKind.knowledge in self.kind and self.knowledge is None:
            raise ValueError("a knowledge event needs `knowledge` with basis and certainty")
        if EventKind.warning in self.kind and self.warning is None:
            raise ValueError("a warning needs `warning` with capacity, first_hand and treatment")
        if EventKind.sanction in self.kind and not (self.sanctioned_for or self.sanction_ground):
            raise ValueError(
                "a sanction says what it was for: `sanctioned_for` names recorded acts, "
                "`sanction_ground` says it in words"
            )
        if self.first_word and EventKind.disclosure not in self.kind:
            raise ValueError("`first_word` is for events of the kind disclosure")
        if EventKind.emergency_level_change in self.kind and self.response_level is None:
            raise ValueError("an emergency-level-change needs `response_level` (1 is the highest)")
        if EventKind.authorisation in self.kind and self.outcome is None:
            raise ValueError("an authorisation needs `outcome`: asked, granted or refused")
        if EventKind.disclosure in self.kind and not {"public", "affected-public"} & set(
            self.audience
        ):
            raise ValueError("a disclosure needs `audience` public or affected-public")
        return self

    def _check_date(self) -> None:
        if (self.date is None) == (self.relative is None):
            raise ValueError("`date` is required; give it, or `relative` instead, but not both")
        if self.relative is not None and (self.margin_seconds or self.zone_basis == "unknown"):
            raise ValueError(
                "`relative` goes without `margin_seconds` and `zone_basis: unknown`: it has the "
                "bounds of the event that it counts from"
            )
        if self.date is None or self.end is None:
            return
        begin = parse(self.date, margin_seconds=self.margin_seconds)
        if parse(self.end).latest < begin.earliest:
            raise ValueError(
                f"end {self.end} lies before date {self.date}; an event ends at or after its date"
            )


class ClaimProperty(StrEnum):
    """The properties about which sources can differ; a closed list."""

    occurred = "occurred"
    date = "date"
    end = "end"
    actor = "actor"
    recipient = "recipient"
    content = "content"
    number = "value"


class Claim(Record):
    """What one authority says where sources differ, or where an authority contests."""

    id: Id
    about: EventRef
    property: ClaimProperty
    """occurred (with `literal` true or false), date or end (with `date`), actor or
    recipient (with `entity`), content or value (with `literal`)."""
    date: Edtf | None = None
    entity: ActorRef | None = None
    literal: Text | None = None
    authority: ActorRef
    """Who says it; never the curator."""
    status: Literal["live", "superseded", "retracted", "rejected"] = "live"
    status_why: Text | None = None
    checked: Check
    citations: Citations

    @model_validator(mode="after")
    def _one_value(self) -> Claim:
        wanted = {"date": "date", "end": "date", "actor": "entity", "recipient": "entity"}.get(
            str(self.property), "literal"
        )
        given = [name for name in ("date", "entity", "literal") if getattr(self, name) is not None]
        if given != [wanted]:
            raise ValueError(
                f"a claim about `{self.property}` gives `{wanted}` and nothing else, not {given}"
            )
        if self.property is ClaimProperty.occurred and self.literal not in ("true", "false"):
            raise ValueError("a claim about `occurred` gives `literal` true or false")
        if self.status != "live" and self.status_why is None:
            raise ValueError(f"a claim that is {self.status} needs `status_why`")
        return self


class SearchRecord(Record):
    """Who searched what, for which matter, until when: the only ground for "no response"."""

    id: Id
    bearer: ActorRef
    """Whose act was searched for."""
    topic: Topic
    about: PlaceRef | None = None
    acts: Annotated[list[EventKind], Field(min_length=1)]
    searcher: Text
    searched: Annotated[list[Text], Field(min_length=1)]
    """What was searched, the authority's own site or gazette among it."""
    covered_until: Edtf
    """The moment up to which the search would have shown the act."""
    searched_on: Edtf
    note: Text | None = None


class AssertedFinding(Record):
    """What an inquiry, court, auditor, scholar or the authority itself found."""

    id: Id
    label: Label
    by: ActorRef
    """Who found it."""
    bearer: ActorRef
    """Whose conduct it is about."""
    topic: Topic | None = None
    about: PlaceRef | None = None
    norm: Annotated[str, Ref("norm")] | None = None
    failure_type: list[Annotated[str, Concept("failure-type")]] = []
    polarity: Literal["found", "not-found"]
    status: Literal["final", "preliminary", "under-appeal", "overturned", "withdrawn", "opinion"]
    """preliminary: a view taken in a case or inquiry that is still open;
    opinion: a scholar's or medium's judgement, which is never final."""
    date: Edtf
    says: Text
    """What was found, in our own words."""
    causes: list[Annotated[str, Concept("cause")]] = []
    remedies: list[Annotated[str, Concept("remedy")]] = []
    evidence: list[EventRef] = []
    """Events that it rests on."""
    checked: Check
    citations: Citations


class Justification(Record):
    """What an authority says for itself about how it met a duty: its right of reply."""

    id: Id
    by: ActorRef
    """Who says it: the authority itself, or who speaks for it."""
    bearer: ActorRef
    """Whose conduct it is about."""
    topic: Topic
    about: PlaceRef | None = None
    """The place of the matter; the place of the crisis when absent."""
    norm: Annotated[str, Ref("norm")] | None = None
    """The one norm that it speaks to; absent: every norm that demands one of `acts`."""
    acts: list[EventKind] = []
    """The acts that it explains; absent: any."""
    date: Edtf
    """When it was said."""
    event: EventRef | None = None
    """The act by which it was said, where that is recorded."""
    says: Text
    """What is said, in our own words."""
    checked: Check
    citations: Citations


class NormGap(Record):
    """That no norm in force demanded an act which would have met the crisis, as a source says."""

    id: Id
    label: Label
    topic: Topic
    about: PlaceRef | None = None
    """The place of the matter; the place of the crisis when absent."""
    bearer: list[ActorRef] = []
    """Who would have borne the duty, where the source says so."""
    acts: Annotated[list[EventKind], Field(min_length=1)]
    """The acts that nothing demanded."""
    period: Period
    """When the gap stood open; `end` is the day before the norm that closed it applied."""
    closed_by: list[Annotated[str, Ref("norm")]] = []
    """Norms that closed it later."""
    says: Text
    """What was missing, in our own words."""
    checked: Check
    citations: Citations


class Harm(Record):
    """What the crisis cost, with bounds."""

    kind: Literal["deaths", "missing", "cases", "injured", "displaced", "cost-usd"]
    at_least: Annotated[int, Field(ge=0)]
    at_most: Annotated[int, Field(ge=0)] | None = None
    as_of: Edtf
    place: PlaceRef | None = None
    checked: Check
    citations: Citations

    @model_validator(mode="after")
    def _bounds(self) -> Harm:
        if self.at_most is not None and self.at_most < self.at_least:
            raise ValueError("`at_most` is smaller than `at_least`; swap or correct them")
        return self


class Crisis(Record):
    """A crisis: a hazard with its place, time and events."""

    id: Id
    label: Label
    summary: Text
    hazard: Annotated[list[Annotated[str, Concept("hazard")]], Field(min_length=1)]
    place: PlaceRef
    """The place meant where an event or item names none."""
    period: Period
    part_of: CrisisRef | None = None
    harm: list[Harm] = []
    identifiers: Identifiers = Identifiers()
    citations: Citations


class CrisisFile(Record):
    """A file in ``seeds/crises``: one ``crisis``, or ``crisis_id`` of one defined elsewhere."""

    crisis: Crisis | None = None
    crisis_id: CrisisRef | None = None
    events: list[Event] = []
    claims: list[Claim] = []
    searches: list[SearchRecord] = []
    asserted_findings: list[AssertedFinding] = []
    justifications: list[Justification] = []
    norm_gaps: list[NormGap] = []

    @model_validator(mode="after")
    def _one_crisis(self) -> CrisisFile:
        if (self.crisis is None) == (self.crisis_id is None):
            raise ValueError("give either `crisis` (its definition) or `crisis_id`, not both")
        return self

    def crisis_of_file(self) -> str:
        """Return the id of the crisis to which everything in the file belongs."""
        if self.crisis is not None:
            return self.crisis.id
        assert self.crisis_id is not None  # one of the two, by the validator above
        return self.crisis_id


__all__ = [
    "AssertedFinding",
    "Claim",
    "ClaimProperty",
    "ContentItem",
    "Crisis",
    "CrisisFile",
    "Event",
    "EventKind",
    "Harm",
    "Justification",
    "KnowledgeDetails",
    "NormGap",
    "RelativeDate",
    "SearchRecord",
    "WarningDetails",
]
