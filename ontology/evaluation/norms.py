"""Norms as the evaluation reads them: one bearer profile, one act, one clock."""

from __future__ import annotations

from dataclasses import dataclass

from crisisgov.ontology.evaluation.spans import Span


@dataclass(frozen=True, slots=True)
class Profile:
    """Who is meant; an empty set matches everybody."""

    kinds: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    place: str | None = None
    named: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts the clock."""

    kinds: frozenset[str]
    role: str
    stances: frozenset[str]
    certainty: str
    date_kinds: frozenset[str]
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Act:
    """What is demanded, allowed or forbidden."""

    kinds: frozenset[str]
    stances: frozenset[str]
    measures: frozenset[str]
    response_level: int | None
    date_kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Norm:
    """One limb."""

    iri: str
    id: str
    code: str
    label: str
    type: str
    instrument: str
    instrument_label: str
    article: str
    says: str
    place: str | None
    """Jurisdiction of the instrument."""
    read: bool
    force: str
    responsibility: str
    topics: frozenset[str]
    bearer: Profile
    recipient_relation: str | None
    recipient: Profile
    trigger: Trigger | None
    act: Act
    clock: str | None
    limit: int | None
    limit_text: str | None
    working_days: int | None
    before_trigger: bool
    exclusive: bool
    delegates: frozenset[str]
    failure_type: str | None
    scope_hazards: frozenset[str]
    scope_crises: frozenset[str]
    scope: Span
    validity: Span
    extension: int | None = None
    """By how many seconds a competent body may draw out the limit."""
    extension_days: int | None = None
    """The same for a limit in working days."""
    extension_text: str | None = None
    calendar: str | None = None
    """Whose working days are counted."""
    imputation: str | None = None
    """The rule by which the knowledge of own bodies counts as the bearer's, in words."""
    imputed_by: str | None = None
    """The norm that holds that rule."""

    @property
    def standing(self) -> str:
        """Return the concept of the scheme ``norm-standing``."""
        if self.force == "yardstick":
            return "benchmark"
        if self.force in ("soft", "internal"):
            return "soft"
        has_number = self.limit is not None or self.working_days is not None
        return "binding-quantified" if has_number else "binding-unquantified"
