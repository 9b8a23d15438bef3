"""Legal instruments and norms, limb by limb."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from crisisgov.loaders.records.model.actors import ActorKind, ActorRef
from crisisgov.loaders.records.model.base import (
    Check,
    Citations,
    Concept,
    Function,
    Id,
    Identifiers,
    Label,
    Level,
    Period,
    Record,
    Ref,
    Responsibility,
    Text,
    Topic,
)
from crisisgov.loaders.records.model.crises import (
    Certainty,
    CrisisRef,
    EventKind,
    EventRef,
    PlaceRef,
)

NormRef = Annotated[str, Ref("norm")]

LimitText = Annotated[
    str, StringConstraints(pattern=r"^[1-9]\d* (seconds|minutes|hours|days|working-days)$")
]
"""A number and a unit, e.g. ``2 hours`` or ``20 working-days``."""


CalendarCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""ISO 3166 code of a country or of a part of one, e.g. ``CN``."""


class NormType(StrEnum):
    """What a limb does."""

    duty = "duty"
    power = "power"
    prohibition = "prohibition"
    delegation = "delegation"
    benchmark = "benchmark"
    """Not law: a published measure or this project's yardstick or indicator."""


class Clock(StrEnum):
    """What starts the time allowed."""

    occurrence = "occurrence"
    knowledge = "knowledge"
    receipt = "receipt"
    assessment = "assessment"
    request = "request"


class Instrument(Record):
    """A law, regulation, treaty, guideline or published benchmark."""

    id: Id
    title: Label
    number: Text | None = None
    issued_by: ActorRef | None = None
    jurisdiction: PlaceRef | None = None
    in_force: Period
    """From when until when it was (or is) in force."""
    identifiers: Identifiers = Identifiers()
    in_response_to: list[CrisisRef] = []
    """Crises after which it was made."""
    citations: Citations


class Profile(Record):
    """Who is meant: every list that is given must match; an empty list matches all."""

    kinds: list[ActorKind] = []
    functions: list[Function] = []
    levels: list[Level] = []
    jurisdiction: PlaceRef | None = None
    """The actor's own jurisdiction lies within this place."""
    actors: list[ActorRef] = []
    """Named actors; given alone, it is the whole profile."""


class Recipient(Record):
    """Whom the act must reach."""

    relation: Literal[
        "public", "superior", "own-government", "peer", "subordinate", "requester", "anyone"
    ]
    """superior: an actor that the bearer reports to; own-government: the government of which it
    is a department; requester: whoever made the request that started the clock."""
    profile: Profile | None = None
    """Narrows the relation, e.g. to health departments."""


class Trigger(Record):
    """The event that starts the clock."""

    kinds: list[EventKind] = []
    role: Literal["actor", "recipient", "target", "any"] = "actor"
    """The bearer's part in the trigger; `any`: it need have none (a common trigger)."""
    stances: list[Annotated[str, Concept("stance")]] = ["affirms", "hedges"]
    certainty: Certainty = "suspected"
    """The least certainty that counts."""
    date_kinds: list[Annotated[str, Concept("date-kind")]] = []
    events: list[EventRef] = []
    """Named events: a common trigger for all bearers."""


class Act(Record):
    """The act that is demanded, allowed or forbidden."""

    kinds: Annotated[list[EventKind], Field(min_length=1)]
    stances: list[Annotated[str, Concept("stance")]] = ["affirms"]
    """Stances of the items on the matter's topic; ignored for `measures`."""
    measures: list[Annotated[str, Concept("measure-type")]] = []
    """For measures: any one of these types."""
    response_level: Annotated[int, Field(ge=1, le=5)] | None = None
    """For a change of emergency level: this level or a higher one."""
    date_kinds: list[Annotated[str, Concept("date-kind")]] = []


class Imputation(Record):
    """The rule by which what a bearer's own bodies know counts as the bearer's knowledge."""

    rule: Text
    """What the rule says, in our own words."""
    norm: NormRef | None = None
    """The norm that holds the rule, where it is not this one."""


class Scope(Record):
    """Conditions beyond the bearer, with their own time."""

    hazards: list[Annotated[str, Concept("hazard")]] = []
    crises: list[CrisisRef] = []
    condition: Text | None = None
    """The condition in words."""
    period: Period | None = None
    """When the condition held (e.g. from the day a disease was classed)."""


class Norm(Record):
    """One limb of an instrument: one bearer profile, one act, one clock."""

    id: Id
    code: Text
    """Short notation used in tables, e.g. C2b."""
    label: Label
    instrument: Annotated[str, Ref("instrument")]
    article: Text
    type: NormType
    says: Text
    """What the limb says, in our own words."""
    checked: Check
    """read only when the operative text itself was read; otherwise verdicts are provisional."""
    force: Annotated[str, Concept("force")]
    responsibility: Responsibility
    topics: Annotated[list[Topic], Field(min_length=1)]
    """Matters to which it applies, one obligation for each topic."""
    bearer: Profile
    recipient: Recipient | None = None
    trigger: Trigger | None = None
    act: Act
    clock: Clock | None = None
    limit: LimitText | None = None
    """Time allowed; absent: no number in the text ("timely", "immediately")."""
    limit_words: Text | None = None
    """The text's own word for the time allowed, in translation."""
    extension: LimitText | None = None
    """By how much a competent body may draw out the time allowed, in units like those of `limit`;
    an event that does so names this norm in `extends`."""
    calendar: CalendarCode | None = None
    """Whose working days are counted; absent: those of the instrument's country."""
    imputation: Imputation | None = None
    """Absent: under law only what the bearer itself knew starts its clock."""
    before_trigger: bool = False
    """The act had to be done before the trigger (a plan before the first case)."""
    exclusive: bool = False
    """For a power: nobody else may do it."""
    delegates: list[NormRef] = []
    """For a delegation: the powers that it passes on to its bearer."""
    failure_type: Annotated[str, Concept("failure-type")] | None = None
    """What a breach is called."""
    scope: Scope = Scope()
    validity: Period
    implements_remedy: list[Annotated[str, Concept("remedy")]] = []
    citations: Citations

    @model_validator(mode="after")
    def _consistent(self) -> Norm:
        if self.type in (NormType.duty, NormType.benchmark):
            if self.trigger is None or self.clock is None:
                raise ValueError(
                    f"a {self.type.value} needs `trigger` and `clock` "
                    "(occurrence, knowledge, receipt, assessment or request)"
                )
            if self.failure_type is None:
                raise ValueError(f"a {self.type.value} needs `failure_type`")
        if self.type is NormType.prohibition and self.failure_type is None:
            raise ValueError("a prohibition needs `failure_type`")
        if self.type is NormType.delegation and not self.delegates:
            raise ValueError("a delegation needs `delegates`: the powers that it passes on")
        if self.before_trigger and self.limit is not None:
            raise ValueError("`before_trigger` and `limit` exclude each other")
        self._check_time()
        if self.type is NormType.benchmark and self.force != "yardstick":
            raise ValueError("a benchmark has force `yardstick`; it is not law")
        return self

    def _check_time(self) -> None:
        counted = (self.limit or "").endswith("working-days")
        if self.extension is not None and self.limit is None:
            raise ValueError("`extension` draws out a `limit`; give the limit, too")
        if self.extension is not None and self.extension.endswith("working-days") != counted:
            raise ValueError(
                f"`extension` {self.extension} and limit {self.limit} are of two kinds; "
                "count both in working-days, or neither"
            )
        if self.calendar is not None and not counted:
            raise ValueError("`calendar` is for a `limit` in working-days")


class NormFile(Record):
    """A file in ``seeds/norms``."""

    instruments: list[Instrument] = []
    norms: list[Norm] = []


__all__ = [
    "Act",
    "Clock",
    "Imputation",
    "Instrument",
    "Norm",
    "NormFile",
    "NormType",
    "Profile",
    "Recipient",
    "Scope",
    "Trigger",
]
