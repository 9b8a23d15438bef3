"""What the evaluation brings forth."""

from __future__ import annotations

from dataclasses import dataclass

from crisisgov.ontology.evaluation.facts import Actor, Event, Matter, Norm, tail
from crisisgov.ontology.evaluation.spans import Span, Timeliness

WITHOUT_VERDICT = frozenset({Timeliness.no_data, Timeliness.pending, Timeliness.not_applicable})
"""Outcomes of the dates that say nothing of how a duty was met."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict of one selection of evidence."""

    timeliness: Timeliness
    delay: Span | None
    trigger: Span | None = None
    response: Span | None = None
    triggers: tuple[Event, ...] = ()
    """Every event that could have started the clock; the earliest did."""
    responses: tuple[Event, ...] = ()
    search_until: int | None = None
    contravention: str | None = None
    contrary: tuple[Event, ...] = ()
    deadlines: Span | None = None
    """The last second allowed for the earliest and the latest start of the clock."""
    extensions: tuple[Event, ...] = ()
    """Acts that drew out the time allowed."""


@dataclass(slots=True)
class Finding:
    """One obligation judged: norm limb, bearer, matter and recipient."""

    norm: Norm
    bearer: Actor
    matter: Matter
    preferred: Outcome
    favourable: Outcome
    unfavourable: Outcome
    power_status: str | None = None
    power_norms: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    """Claims that would change the verdict."""
    imputed_from: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    said_instead: tuple[Event, ...] = ()
    with_power: Span | None = None
    confirmed: Span | None = None
    power_since: Span | None = None
    until_public: Span | None = None
    documented_silence: int | None = None
    """Seconds after it knew and could speak up to which it is documented that it had not told."""
    first_public: tuple[Event, ...] = ()
    """The acts by which some authority first told the public."""
    peer_median_days: float | None = None
    peer_count: int | None = None
    supporting: tuple[str, ...] = ()
    """Asserted findings and admissions on which a reason rests."""
    post_holders: tuple[str, ...] = ()
    """Tenures of posts in the bearer that certainly covered the start of the clock."""
    justifications: tuple[str, ...] = ()
    """What the authority says for itself."""
    agrees_with: tuple[str, ...] = ()
    """Asserted findings of the same that come to the same."""
    disagrees_with: tuple[str, ...] = ()
    leaves_open: tuple[str, ...] = ()
    """Asserted findings of the same that the dates neither confirm nor refute."""

    @property
    def key(self) -> str:
        """Return the id: built from the obligation and nothing else, so that it stays."""
        recipient = self.norm.recipient_relation or "none"
        return f"{self.norm.id}.{tail(self.bearer.iri)}.{self.matter.key}.{recipient}"

    @property
    def robust(self) -> bool:
        """Whether every reading gives the same verdict."""
        verdicts = {
            (o.timeliness, o.contravention)
            for o in (self.preferred, self.favourable, self.unfavourable)
        }
        return len(verdicts) == 1

    @property
    def provisional(self) -> bool:
        """Whether the text of the norm was not read: then the verdict is never a breach."""
        return not self.norm.read

    @property
    def evaluability(self) -> str:
        """Return the concept of the scheme ``evaluability``: what the denominators count.

        Not evaluable: something is recorded, but it gives no verdict (the norm did not
        apply, its time had not passed, or the start or the answer is not known).
        """
        outcome = self.preferred
        if outcome.contravention is not None or outcome.timeliness not in WITHOUT_VERDICT:
            return "evaluated"
        recorded = outcome.triggers or outcome.responses or self.said_instead
        return "not-evaluable" if recorded else "no-data"

    @property
    def failure(self) -> bool:
        """Whether a norm (not a mere yardstick) was not met, in the preferred reading."""
        if self.provisional or self.norm.standing == "benchmark":
            return False
        late = {Timeliness.definitely_late, Timeliness.no_response}
        return self.preferred.timeliness in late or self.preferred.contravention == "contravened"

    @property
    def evidence(self) -> list[Event]:
        """Return the events on which the finding rests, each once, in order of time."""
        outcome = self.preferred
        every = {
            event.iri: event
            for event in (
                *outcome.triggers,
                *outcome.responses,
                *outcome.contrary,
                *outcome.extensions,
                *self.said_instead,
                *self.first_public,
            )
        }
        return sorted(every.values(), key=lambda event: (event.span, event.iri))
