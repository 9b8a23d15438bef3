"""Judging every norm limb for every bearer and matter: one finding for each obligation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from crisisgov.ontology.evaluation.deadlines import deadlines, needs_dates
from crisisgov.ontology.evaluation.facts import Actor, Event, Facts, Matter, Norm
from crisisgov.ontology.evaluation.findings import Finding, Outcome
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.lookup import Lookup
from crisisgov.ontology.evaluation.matching import Matcher, speaks_of
from crisisgov.ontology.evaluation.power import Powers
from crisisgov.ontology.evaluation.spans import (
    FUTURE,
    SEVERITY,
    Span,
    Timeliness,
    between,
    delay_of,
    earliest_of,
    judge_gap,
    judge_gap_before,
    judge_until,
)
from crisisgov.ontology.evaluation.timing import gap, perhaps_after, surely_after
from crisisgov.ontology.evaluation.variants import Evidence, Reading, extremes

CONTRAVENTION_SEVERITY = {None: 0, "none-recorded": 0, "possibly-contravened": 1, "contravened": 2}
NO_DATA = Outcome(Timeliness.no_data, None)


def badness(outcome: Outcome) -> tuple[int, ...]:
    """Return how bad an outcome is for the bearer; the greater, the worse."""
    shortest = outcome.delay.first if outcome.delay else 0
    longest = outcome.delay.last if outcome.delay else 0
    return (
        SEVERITY[outcome.timeliness],
        CONTRAVENTION_SEVERITY[outcome.contravention],
        shortest,
        longest,
    )


class Evaluator:
    """Evaluates all norms over one set of facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.hierarchy = Hierarchy(facts)
        self.evidence = Evidence(facts)
        self.powers = Powers(facts, self.hierarchy)
        self.lookup = Lookup(facts, self.hierarchy, self.evidence)
        self._smaller: dict[str, list[str]] = defaultdict(list)
        for place, every in facts.within.items():
            for larger in every:
                self._smaller[larger].append(place)

    def matters(self) -> list[Matter]:
        """Return every matter of which an event speaks, and each local government's own.

        The latter so that a government about which nothing is recorded shows as
        "no data" beside its peers, instead of not at all.
        """
        found = {
            Matter(event.crisis, item.topic, item.about)
            for event in self.facts.events.values()
            for item in event.items
        }
        for event in self.facts.events.values():
            for name in event.actors:
                actor = self.facts.actors.get(name)
                if actor is not None and "Government" in actor.kinds and actor.jurisdiction:
                    found.add(Matter(event.crisis, "existence", actor.jurisdiction))
        return sorted(found)

    def evaluate(self) -> Iterator[Finding]:
        """Yield the findings of all duties, benchmarks and prohibitions, in a fixed order."""
        matters = self.matters()
        for norm in sorted(self.facts.norms.values(), key=lambda n: n.iri):
            if norm.type not in ("Duty", "Benchmark", "Prohibition"):
                continue
            bearers: dict[str | None, list[Actor]] = defaultdict(list)
            for actor in self.facts.actors.values():
                if self.hierarchy.matches(actor, norm.bearer):
                    bearers[actor.jurisdiction].append(actor)
            for matter in matters:
                if matter.topic not in norm.topics or not self._in_scope(norm, matter):
                    continue
                near = [
                    one for place in self._around(matter.about) for one in bearers.get(place, ())
                ]
                for bearer in sorted(near, key=lambda a: a.iri):
                    finding = self.judge(norm, bearer, matter)
                    if finding is not None:
                        yield finding

    def _around(self, place: str) -> set[str | None]:
        """Return the jurisdictions that can have to do with a place: it, larger, smaller, none."""
        larger = self.facts.within.get(place, frozenset())
        return {None, *larger, *self._smaller.get(place, ())}

    def _in_scope(self, norm: Norm, matter: Matter) -> bool:
        hazards = self.facts.hazards.get(matter.crisis, frozenset())
        if norm.scope_crises and matter.crisis not in norm.scope_crises:
            return False
        return not norm.scope_hazards or bool(norm.scope_hazards & hazards)

    def judge(self, norm: Norm, bearer: Actor, matter: Matter) -> Finding | None:
        """Return the finding of one obligation, or None when it concerns the bearer in nothing.

        It concerns the bearer when something could have started its clock, or when
        the matter is about the bearer's own jurisdiction and the record of the
        crisis speaks of the bearer at all.
        """
        if not self._place_fits(norm, bearer, matter):
            return None
        matcher = Matcher(self.facts, self.hierarchy, norm, bearer, matter)
        own_matter = matter.about == bearer.jurisdiction
        if not own_matter and self._common_trigger(norm):
            return None
        relevant = self._relevant(matcher)
        if not relevant and not (own_matter and self.lookup.involving(bearer.iri, matter.crisis)):
            return None
        outcomes = {
            reading: extremes(
                (
                    (self._outcome(matcher, events, reading), claims)
                    for events, claims in self.evidence.selections(relevant, reading)
                ),
                badness,
                best=reading is not Reading.unfavourable,
            )
            for reading in Reading
        }
        preferred = outcomes[Reading.preferred][0]
        if self.named_bearer(bearer, matter, [outcome for outcome, _ in outcomes.values()]):
            return None  # at the start of the clock another stood in its place
        if norm.type == "Prohibition" and all(
            outcome.trigger is None and not outcome.responses for outcome, _ in outcomes.values()
        ):
            return None  # nothing known and nothing done: no conduct to judge
        if preferred.timeliness is Timeliness.no_data and not preferred.triggers and not own_matter:
            every = [outcomes[reading][0] for reading in Reading]
            if all(outcome.timeliness is Timeliness.no_data for outcome in every):
                return None
        finding = Finding(
            norm,
            bearer,
            matter,
            preferred,
            # a bracket by construction: the preferred selection is one of those tried, but the
            # readings also differ in whose knowledge counts
            min((outcomes[Reading.favourable][0], preferred), key=badness),
            max((outcomes[Reading.unfavourable][0], preferred), key=badness),
        )
        finding.disputes = self._disputes(matcher, relevant, finding, outcomes)
        finding.imputed_from = self._imputed(matcher, preferred)
        finding.post_holders = self.post_holders(bearer, preferred.trigger)
        if preferred.timeliness is not Timeliness.not_applicable:
            finding.justifications = self.justifications(norm, bearer, matter)
        if "Disclosure" in norm.act.kinds and norm.type != "Prohibition":
            moment = preferred.trigger or preferred.response
            if moment is not None:
                power = self.powers.status(bearer, matter, moment)
                finding.power_status, finding.power_norms = power.status, power.norms
        return finding

    def named_bearer(self, bearer: Actor, matter: Matter, outcomes: list[Outcome]) -> str | None:
        """Return the predecessor or successor that a finding names instead of this bearer.

        It names the one that existed when the clock started: of the readings' starts the
        first that is known, the preferred one's before others; else when the crisis began.
        """
        if len(self.hierarchy.line(bearer.iri)) == 1:
            return None
        starts = [one.trigger for one in outcomes if one.trigger is not None]
        answers = [one.response for one in outcomes if one.response is not None]
        events = self.lookup.of_crisis(matter.crisis)
        known = [*starts, *answers] or [self.facts.events[name].span for name in events]
        moment = known[0] if starts or answers else earliest_of(known)
        named = self.hierarchy.bearer_at(bearer.iri, moment) if moment else bearer.iri
        return None if named == bearer.iri else named

    def post_holders(self, bearer: Actor, start: Span | None) -> tuple[str, ...]:
        """Return the tenures of posts in the bearer that certainly covered the clock's start."""
        if start is None:
            return ()
        line = self.hierarchy.line(bearer.iri)
        return tuple(
            tenure.iri
            for tenure in self.facts.tenures
            if tenure.body in line
            and tenure.held.first <= start.first
            and start.last <= tenure.held.last
        )

    def justifications(self, norm: Norm, bearer: Actor, matter: Matter) -> tuple[str, ...]:
        """Return what the authority says for itself on this obligation.

        A reply that names no norm speaks to the duties and yardsticks that demand one of
        the acts that it explains, never to a prohibition.
        """
        line = self.hierarchy.line(bearer.iri)
        return tuple(
            said.iri
            for said in self.facts.justifications
            if said.bearer in line
            and said.matter == matter
            and (
                said.norm == norm.iri
                if said.norm is not None
                else norm.type != "Prohibition"
                and (not said.kinds or bool(said.kinds & norm.act.kinds))
            )
        )

    def _place_fits(self, norm: Norm, bearer: Actor, matter: Matter) -> bool:
        """Whether the law reaches the bearer, and the matter lies in or around its jurisdiction."""
        own = bearer.jurisdiction
        if own is None:
            return True
        inside = self.hierarchy.inside
        reaches = norm.place is None or inside(own, norm.place)
        return reaches and (inside(matter.about, own) or inside(own, matter.about))

    @staticmethod
    def _common_trigger(norm: Norm) -> bool:
        """Whether the clock is started by something in which the bearer need have no part.

        Such a norm concerns a bearer only in the matter of its own jurisdiction:
        otherwise every government would answer for every other one's case.
        """
        return norm.trigger is not None and (
            norm.trigger.role == "any" or bool(norm.trigger.events)
        )

    def _relevant(self, matcher: Matcher) -> list[str]:
        """Return the events that are a trigger, an answer or a contrary act in some variant."""
        trigger = matcher.norm.trigger
        names = set(self.lookup.involving(matcher.bearer.iri, matcher.matter.crisis))
        if trigger is not None and trigger.role == "any":
            names |= self.lookup.speaking_of(matcher.matter)
        if trigger is not None:
            names |= {name for name in trigger.events if name in self.facts.events}
        bearing = [
            name
            for name in sorted(names)
            if any(self._bears_on(matcher, event) for event in self.evidence.all_variants(name))
        ]
        return self.evidence.with_anchors(bearing)

    def _bears_on(self, matcher: Matcher, event: Event) -> bool:
        if matcher.norm.type == "Prohibition":
            return matcher.is_forbidden(event) or self._shows_knowledge(
                matcher, event, Reading.unfavourable
            )
        return (
            matcher.is_trigger(event, Reading.unfavourable)
            or matcher.is_response(event, self._possible_triggers(matcher))
            or matcher.is_extension(event)
        )

    def _possible_triggers(self, matcher: Matcher) -> list[Event]:
        if matcher.norm.recipient_relation != "requester":
            return []
        names = sorted(self.lookup.involving(matcher.bearer.iri, matcher.matter.crisis))
        every = (event for name in names for event in self.evidence.all_variants(name))
        return [event for event in every if matcher.is_trigger(event, Reading.unfavourable)]

    def _outcome(self, matcher: Matcher, events: list[Event], reading: Reading) -> Outcome:
        if matcher.norm.type == "Prohibition":
            return self._contravention(matcher, events, reading)
        triggers = [event for event in events if matcher.is_trigger(event, reading)]
        start = earliest_of(event.span for event in triggers)
        responses = [event for event in events if matcher.is_response(event, triggers)]
        answer = earliest_of(event.span for event in responses)
        found = (tuple(triggers), tuple(responses))
        if start is None:
            return Outcome(Timeliness.no_data, None, None, answer, *found)
        norm = matcher.norm
        if not _within(start, norm.validity) or not _within(start, norm.scope):
            return Outcome(Timeliness.not_applicable, None, start, answer, *found)
        extensions = tuple(event for event in events if matcher.is_extension(event))
        extended = earliest_of(event.span for event in extensions)
        plain, until = (
            deadlines(self.facts, norm, matcher.bearer, matcher.matter, start, given)
            for given in (None, extended)
        )
        time = Outcome(
            Timeliness.no_data,
            None,
            start,
            answer,
            *found,
            deadlines=until,
            # one that came when the time had run out changes nothing
            extensions=extensions if until != plain else (),
        )
        if answer is None:
            return self._unanswered(matcher, start, time)
        apart = gap(triggers, responses) or between(start, answer)
        if norm.before_trigger:
            verdict = judge_gap_before(apart)
            if verdict is Timeliness.no_data:
                return self._unanswered(matcher, start, time)
        elif until is not None and needs_dates(norm, extended):
            verdict = judge_until(start, answer, until)
        else:
            verdict = judge_gap(apart, norm.limit)
        if verdict is Timeliness.definitely_late and not _surely_in_force(norm, start):
            verdict = Timeliness.possibly_late  # the norm may not have applied yet, or any more
        return replace(time, timeliness=verdict, delay=delay_of(apart))

    def _unanswered(self, matcher: Matcher, start: Span, time: Outcome) -> Outcome:
        """Return the verdict where no answer is recorded: silence counts only when searched for.

        ``time`` holds what is known of the time allowed; its response, if any, is an act
        after a trigger before which it had to be done.
        """
        norm, allowed = matcher.norm, time.deadlines or start
        countable = _surely_in_force(norm, start) and (
            norm.working_days is None or time.deadlines is not None
        )
        own = self.hierarchy.own_bodies(matcher.bearer.iri, Reading.preferred)
        matter = matcher.matter
        until = max(
            (
                search.until
                for search in self.facts.searches
                if search.bearer in own
                and search.crisis == matter.crisis
                and (search.topic, search.about) == (matter.topic, matter.about)
                and search.kinds & norm.act.kinds
            ),
            default=None,
        )
        time = replace(time, search_until=until)
        if until is not None and until > allowed.last and countable:
            silent = Span(until - start.last, FUTURE)
            return replace(time, timeliness=Timeliness.no_response, delay=silent, response=None)
        if allowed.first >= self.facts.as_of:
            return replace(time, timeliness=Timeliness.pending)
        return time

    def _shows_knowledge(self, matcher: Matcher, event: Event, reading: Reading) -> bool:
        return shows_knowledge(
            event, matcher.matter, matcher.bodies(reading), self.hierarchy, reading
        )

    def _contravention(self, matcher: Matcher, events: list[Event], reading: Reading) -> Outcome:
        """Judge a prohibition: a forbidden act, certainly or possibly after knowledge."""
        norm = matcher.norm
        knowing = [e for e in events if self._shows_knowledge(matcher, e, reading)]
        known = earliest_of(event.span for event in knowing)
        # an act that rests on weak sources alone is not held against anybody
        forbidden = [e for e in events if matcher.is_forbidden(e) and not e.weak]
        if known is None:
            return Outcome(Timeliness.no_data, None, responses=tuple(forbidden))
        if not _within(known, norm.validity) or not _within(known, norm.scope):
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
            and _surely_in_force(norm, event.span)
            and (hardest or not limits_publication(event))
        ]
        possible = [
            event
            for event in forbidden
            if perhaps_after(event, knowing)
            and _within(event.span, norm.validity)
            and _within(event.span, norm.scope)
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

    def _disputes(
        self,
        matcher: Matcher,
        relevant: list[str],
        finding: Finding,
        outcomes: dict[Reading, tuple[Outcome, tuple[str, ...]]],
    ) -> tuple[str, ...]:
        """Return the claims that flip the verdict: each alone, or else together."""
        disputed = [name for name in relevant if name in self.evidence.disputed]
        if not disputed:
            return ()

        def verdict(outcome: Outcome) -> tuple[Timeliness, str | None]:
            return outcome.timeliness, outcome.contravention

        base = verdict(finding.preferred)
        flips = {
            claim
            for events, claims in self.evidence.single_flips(relevant)
            if verdict(self._outcome(matcher, events, Reading.preferred)) != base
            for claim in claims
        }
        if not flips:
            for reading in (Reading.favourable, Reading.unfavourable):
                outcome, claims = outcomes[reading]
                if verdict(outcome) != base:
                    flips |= set(claims)
        return tuple(sorted(flips))

    def _imputed(self, matcher: Matcher, outcome: Outcome) -> tuple[str, ...]:
        """Return the bodies whose knowledge started the clock of a bearer other than themselves."""
        if "Government" not in matcher.bearer.kinds or matcher.norm.type == "Prohibition":
            return ()
        trigger = matcher.norm.trigger
        if trigger is None or trigger.events or trigger.role == "any":
            return ()
        line = self.hierarchy.line(matcher.bearer.iri)
        bodies = matcher.bodies(Reading.preferred) - line
        parts = {
            name
            for event in outcome.triggers
            if not line & (event.actors | event.recipients)
            for name in (event.actors | event.recipients) & bodies
        }
        return tuple(sorted(parts))


KNOWING_KINDS = frozenset(
    {"Knowledge", "Detection", "Report", "Assessment", "Warning", "Notification", "Request"}
)
"""Kinds that show what an actor held. A disclosure is left out: that a body announced a thing
shows only that it knew it by then, and counting it would make every delay zero."""


def shows_knowledge(
    event: Event,
    matter: Matter,
    bodies: frozenset[str],
    hierarchy: Hierarchy,
    reading: Reading,
    certainty: str = "suspected",
) -> bool:
    """Whether an act or receipt shows that one of the bodies held the matter.

    Two things count only in the least favourable reading: an addressee list alone,
    and that a patient fell ill or was isolated, which shows what a hospital held
    and not yet what an authority held. What rests on weak sources alone never counts:
    it could only worsen a verdict.
    """
    if event.crisis != matter.crisis or not KNOWING_KINDS & event.kinds or event.weak:
        return False
    thin = event.basis == "addressee-list" or event.date_kind in ("onset", "isolated")
    if thin and reading is not Reading.unfavourable:
        return False
    if speaks_of(event, matter, frozenset({"affirms", "hedges"}), certainty) is None:
        return False
    return bool(bodies & (event.actors | event.recipients | event.on_behalf_of))


def _within(moment: Span, period: Span) -> bool:
    return period.first <= moment.last and moment.first <= period.last


def _surely_in_force(norm: Norm, moment: Span) -> bool:
    """Whether the norm and the condition of its scope held in every second of a span."""
    return all(
        period.first <= moment.first and moment.last <= period.last
        for period in (norm.validity, norm.scope)
    )


def limits_publication(event: Event) -> bool:
    """Whether a suppression is an order on who may publish, and not on what is reported."""
    return "Suppression" in event.kinds and "publication-control" in event.measures
