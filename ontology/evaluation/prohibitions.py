"""Judging a prohibition: a forbidden act, certainly or possibly after knowledge."""

from __future__ import annotations

from collections.abc import Sequence

from crisisgov.ontology.evaluation.facts import Event
from crisisgov.ontology.evaluation.findings import Outcome
from crisisgov.ontology.evaluation.knowledge import limits_publication, shows_knowledge
from crisisgov.ontology.evaluation.matching import Matcher
from crisisgov.ontology.evaluation.spans import Timeliness, earliest_of
from crisisgov.ontology.evaluation.timing import perhaps_after, surely_after
from crisisgov.ontology.evaluation.validity import may_be_in_force, surely_in_force
from crisisgov.ontology.evaluation.variants import Reading


class Prohibition:
    """One prohibition for one bearer and matter."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def bears_on(self, event: Event) -> bool:
        """Whether an event can matter: a forbidden act, or one that shows knowledge."""
        return self._matcher.is_forbidden(event) or self._shows_knowledge(
            event, Reading.unfavourable
        )

    def _shows_knowledge(self, event: Event, reading: Reading) -> bool:
        matcher = self._matcher
        return shows_knowledge(event, matcher.matter, matcher.bodies(reading), reading)

    def outcome(self, events: Sequence[Event], reading: Reading) -> Outcome:
        """Return the verdict of one selection of evidence."""
        norm = self._matcher.norm
        knowing = [e for e in events if self._shows_knowledge(e, reading)]
        known = earliest_of(event.span for event in knowing)
        # an act that rests on weak sources alone is not held against anybody
        forbidden = [e for e in events if self._matcher.is_forbidden(e) and not e.weak]
        if known is None:
            return Outcome(Timeliness.no_data, None, responses=tuple(forbidden))
        if not may_be_in_force(norm, known):
            return Outcome(Timeliness.not_applicable, None, known, triggers=tuple(knowing))
        # an order on who may publish holds nothing back from those to whom one must report:
        # whether it conceals is for the readings to differ on, and never certain by itself
        hardest = reading is Reading.unfavourable
        if reading is Reading.favourable:
            forbidden = [event for event in forbidden if not limits_publication(event)]
        certain = [
            event
            for event in forbidden
            if surely_after(event, knowing)
            and surely_in_force(norm, event.span)
            and (hardest or not limits_publication(event))
        ]
        possible = [
            event
            for event in forbidden
            if perhaps_after(event, knowing) and may_be_in_force(norm, event.span)
        ]
        verdict = (
            "contravened" if certain else "possibly-contravened" if possible else "none-recorded"
        )
        return Outcome(
            Timeliness.not_applicable,
            None,
            known,
            triggers=tuple(knowing),
            contravention=verdict,
            contrary=tuple(certain or possible),
        )
