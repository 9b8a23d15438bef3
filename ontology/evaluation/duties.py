"""Judging a duty or a benchmark: the time from the start of its clock to the act demanded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crisisgov.ontology.evaluation.deadlines import deadlines, needs_dates
from crisisgov.ontology.evaluation.facts import Event
from crisisgov.ontology.evaluation.findings import Outcome
from crisisgov.ontology.evaluation.lookup import Lookup
from crisisgov.ontology.evaluation.matching import Matcher
from crisisgov.ontology.evaluation.spans import (
    FUTURE,
    Span,
    Timeliness,
    between,
    delay_of,
    earliest_of,
    judge_gap,
    judge_gap_before,
    judge_until,
)
from crisisgov.ontology.evaluation.timing import gap
from crisisgov.ontology.evaluation.validity import may_be_in_force, surely_in_force
from crisisgov.ontology.evaluation.variants import Reading


class Duty:
    """One duty or benchmark for one bearer and matter.

    What starts the clock depends on the reading, what follows only on the events: each
    selection with the same starts is judged once.
    """

    def __init__(self, matcher: Matcher, lookup: Lookup, possible_triggers: list[Event]) -> None:
        """Take what could start the clock in some form; it matters where one answers a request."""
        self._matcher, self._lookup = matcher, lookup
        self._possible_triggers = possible_triggers
        self._judged: dict[tuple[tuple[Event, ...], tuple[Event, ...]], Outcome] = {}

    def bears_on(self, event: Event) -> bool:
        """Whether an event can matter: as a trigger, an answer, or leave to answer later."""
        matcher = self._matcher
        return (
            matcher.is_trigger(event, Reading.unfavourable)
            or matcher.is_response(event, self._possible_triggers)
            or matcher.is_extension(event)
        )

    def outcome(self, events: Sequence[Event], reading: Reading) -> Outcome:
        """Return the verdict of one selection of evidence."""
        chosen = tuple(events)
        triggers = tuple([e for e in chosen if self._matcher.is_trigger(e, reading)])
        found = self._judged.get((chosen, triggers))
        if found is None:
            found = self._judged[chosen, triggers] = self._judge(chosen, triggers)
        return found

    def _judge(self, events: tuple[Event, ...], triggers: tuple[Event, ...]) -> Outcome:
        matcher, norm = self._matcher, self._matcher.norm
        responses = tuple([e for e in events if matcher.is_response(e, triggers)])
        start = earliest_of(event.span for event in triggers)
        answer = earliest_of(event.span for event in responses)
        if start is None:
            return Outcome(Timeliness.no_data, None, None, answer, triggers, responses)
        if not may_be_in_force(norm, start):
            return Outcome(Timeliness.not_applicable, None, start, answer, triggers, responses)
        extensions = tuple([event for event in events if matcher.is_extension(event)])
        extended = earliest_of(event.span for event in extensions)
        until = self._until(start, extended)
        if extended is not None and until == self._until(start, None):
            extensions = ()  # one that came when the time had run out changes nothing
        verdict, delay = Timeliness.no_data, None
        if answer is not None:
            apart = gap(triggers, responses) or between(start, answer)
            if norm.before_trigger:
                verdict = judge_gap_before(apart)
            elif until is not None and needs_dates(norm, extended):
                verdict = judge_until(start, answer, until)
            else:
                verdict = judge_gap(apart, norm.limit)
            if verdict is Timeliness.definitely_late and not surely_in_force(norm, start):
                verdict = Timeliness.possibly_late  # it may not have applied yet, or any more
            if verdict is not Timeliness.no_data:
                delay = delay_of(apart)
        time = Outcome(
            verdict,
            delay,
            start,
            answer,
            triggers,
            responses,
            deadlines=until,
            extensions=extensions,
        )
        return self._unanswered(time, start) if verdict is Timeliness.no_data else time

    def _until(self, start: Span, extended: Span | None) -> Span | None:
        matcher = self._matcher
        zones = matcher.facts.zones
        zone = zones.get(matcher.bearer.jurisdiction or "") or zones.get(matcher.matter.about)
        return deadlines(matcher.norm, zone or "UTC", start, extended)

    def _unanswered(self, time: Outcome, start: Span) -> Outcome:
        """Return the verdict where no answer is recorded: silence counts only when searched for.

        ``time`` holds what is known of the time allowed; its response, if any, is an act
        after a trigger before which it had to be done.
        """
        matcher, norm = self._matcher, self._matcher.norm
        allowed = time.deadlines or start
        countable = surely_in_force(norm, start) and (
            norm.working_days is None or time.deadlines is not None
        )
        own = matcher.hierarchy.own_bodies(matcher.bearer.iri, Reading.preferred)
        until = self._lookup.searched_until(own, matcher.matter, norm.act.kinds)
        if until is not None and until > allowed.last and countable:
            return replace(
                time,
                timeliness=Timeliness.no_response,
                delay=Span(until - start.last, FUTURE),
                response=None,
                search_until=until,
            )
        pending = allowed.first >= matcher.facts.as_of
        verdict = Timeliness.pending if pending else time.timeliness
        return replace(time, timeliness=verdict, search_until=until)
