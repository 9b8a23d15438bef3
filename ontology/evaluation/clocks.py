"""The clocks of the headline question: knowledge K, disclosure D, power P, contrary acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from crisisgov.ontology.evaluation.facts import Actor, Event, Facts, Matter, Norm
from crisisgov.ontology.evaluation.findings import Outcome
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.knowledge import limits_publication, shows_knowledge
from crisisgov.ontology.evaluation.lookup import Lookup
from crisisgov.ontology.evaluation.matching import PUBLIC, speaks_of
from crisisgov.ontology.evaluation.power import PowerFinding, Powers
from crisisgov.ontology.evaluation.spans import (
    FUTURE,
    Span,
    Timeliness,
    between,
    delay,
    delay_of,
    earliest_of,
    judge_gap,
    later_of,
)
from crisisgov.ontology.evaluation.timing import gap, surely_after, surely_before
from crisisgov.ontology.evaluation.variants import Evidence, Reading

AFFIRMS = frozenset({"affirms"})
AFFIRMS_OR_HEDGES = frozenset({"affirms", "hedges"})
CONTRARY_STANCES = frozenset({"none-found", "minimises", "denies"})
DISCLOSES = frozenset({"Disclosure"})


@dataclass(frozen=True, slots=True)
class Clock:
    """K, D and the contrary acts of one selection of evidence."""

    outcome: Outcome
    confirmed: Span | None
    power_since: Span
    with_power: Span | None
    until_public: Span | None
    first_public: tuple[Event, ...] = ()


class Clocks:
    """Reads the clocks of any government and matter, over one set of facts."""

    def __init__(
        self,
        facts: Facts,
        hierarchy: Hierarchy,
        lookup: Lookup,
        powers: Powers,
        evidence: Evidence,
        norm: Norm,
    ) -> None:
        self._facts, self._hierarchy, self._lookup = facts, hierarchy, lookup
        self._powers, self._evidence, self._norm = powers, evidence, norm
        self._public_words = cache(self._words_of_authorities)

    def bears_on(self, bearer: Actor, matter: Matter, event: Event) -> bool:
        """Whether an event can matter in some reading."""
        bodies = self._hierarchy.own_bodies(bearer.iri, Reading.unfavourable)
        return (
            shows_knowledge(event, matter, bodies, Reading.unfavourable)
            or self._is_disclosure(bearer, matter, event, Reading.favourable)
            or self.is_contrary(bearer, matter, event)
            or self._powers.grant(bearer, matter, [event]) is not None
        )

    def _is_disclosure(self, bearer: Actor, matter: Matter, event: Event, reading: Reading) -> bool:
        stances = AFFIRMS_OR_HEDGES if reading is Reading.favourable else AFFIRMS
        doers = event.actors | event.on_behalf_of
        return (
            event.crisis == matter.crisis
            and "Disclosure" in event.kinds
            and bool(PUBLIC & event.audience)
            and bool(doers & self._hierarchy.own_bodies(bearer.iri, Reading.preferred))
            and speaks_of(event, matter, stances) is not None
        )

    def is_contrary(self, bearer: Actor, matter: Matter, event: Event) -> bool:
        """Whether an act of the government's bodies speaks or works against the matter."""
        if event.crisis != matter.crisis or event.weak:
            return False
        doers = event.actors | event.on_behalf_of
        if not doers & self._hierarchy.own_bodies(bearer.iri, Reading.preferred):
            return False
        if "Suppression" in event.kinds:
            return any(i.topic == matter.topic and i.about == matter.about for i in event.items)
        return bool(PUBLIC & event.audience) and (
            speaks_of(event, matter, CONTRARY_STANCES) is not None
            and speaks_of(event, matter, AFFIRMS) is None
        )

    def read(
        self,
        bearer: Actor,
        matter: Matter,
        events: Sequence[Event],
        reading: Reading,
        power: PowerFinding,
    ) -> Clock:
        """Return the clocks of one selection of evidence."""
        bodies = self._hierarchy.own_bodies(bearer.iri, reading)

        def knowing(certainty: str) -> list[Event]:
            return [e for e in events if shows_knowledge(e, matter, bodies, reading, certainty)]

        holders = knowing("suspected")
        known = earliest_of(e.span for e in holders)
        confirmed = earliest_of(e.span for e in knowing("confirmed"))
        told_by = [e for e in events if self._is_disclosure(bearer, matter, e, reading)]
        told = earliest_of(e.span for e in told_by)
        since = power.since(reading, self._powers.grant(bearer, matter, events))
        outcome = self._verdict(bearer, matter, tuple(holders), tuple(told_by))
        if known is not None and outcome.delay is not None:
            contrary = [
                e
                for e in events
                if self.is_contrary(bearer, matter, e)
                # who may publish is not what is true: such an order counts against a body only
                # in the least favourable reading
                and (reading is Reading.unfavourable or not limits_publication(e))
                and surely_after(e, holders)
                and surely_before(e, told_by)
            ]
            outcome = replace(outcome, contrary=tuple(contrary))
        public, first_public = self._public(matter, told, told_by)
        return Clock(
            outcome,
            delay(confirmed, told) if confirmed and told else None,
            since,
            _with_power(outcome, since),
            delay(known, public) if known and public else None,
            first_public,
        )

    def _public(
        self, matter: Matter, told: Span | None, told_by: Sequence[Event]
    ) -> tuple[Span | None, tuple[Event, ...]]:
        """Return when any authority first told the public, and by which acts that can have been."""
        others = self._public_words(matter)
        public = earliest_of([*(e.span for e in others), *([told] if told else [])])
        if public is None:
            return None, ()
        candidates = {e.iri: e for e in (*others, *told_by) if e.span.first <= public.last}
        return public, tuple(candidates[name] for name in sorted(candidates))

    def _words_of_authorities(self, matter: Matter) -> tuple[Event, ...]:
        """Return the acts by which some authority affirmed the matter to the public."""
        return tuple(
            event
            for name in sorted(self._lookup.speaking_of(matter))
            if (event := self._evidence.preferred.get(name)) is not None
            and self._is_public_word(matter, event)
        )

    def _is_public_word(self, matter: Matter, event: Event) -> bool:
        doers = (self._facts.actors.get(name) for name in event.actors)
        return (
            event.crisis == matter.crisis
            and "Disclosure" in event.kinds
            and bool(PUBLIC & event.audience)
            and any(doer is not None and "PublicAuthority" in doer.kinds for doer in doers)
            and speaks_of(event, matter, AFFIRMS) is not None
        )

    def _verdict(
        self, bearer: Actor, matter: Matter, holders: tuple[Event, ...], told_by: tuple[Event, ...]
    ) -> Outcome:
        known = earliest_of(e.span for e in holders)
        told = earliest_of(e.span for e in told_by)
        if known is None:
            return Outcome(Timeliness.no_data, None, None, told, holders, told_by)
        if told is not None:
            apart = gap(holders, told_by) or between(known, told)
            verdict = judge_gap(apart, self._norm.limit)
            return Outcome(verdict, delay_of(apart), known, told, holders, told_by)
        own = self._hierarchy.own_bodies(bearer.iri, Reading.preferred)
        until = self._lookup.searched_until(own, matter, DISCLOSES)
        if until is None:
            return Outcome(Timeliness.no_data, None, known, None, holders, told_by)
        silent = Span(max(0, until - known.last), FUTURE)
        late = silent.first > (self._norm.limit or 0)
        verdict = Timeliness.no_response if late else Timeliness.no_data
        return Outcome(verdict, silent, known, None, holders, told_by, until)


def _with_power(outcome: Outcome, since: Span) -> Span | None:
    """Return the delay counted from the later of knowledge and power.

    Without disclosure the search record's end bounds it from below.
    """
    if outcome.trigger is None or outcome.delay is None:
        return None
    start = later_of(outcome.trigger, since)
    if outcome.response is not None:
        # who disclosed had the power by then, whatever the norms say
        return delay(Span(min(start.first, outcome.response.last), start.last), outcome.response)
    assert outcome.search_until is not None
    return Span(max(0, outcome.search_until - start.last), FUTURE)
