"""The headline question: which governments delayed disclosure?

For a matter m (crisis, topic, place) and a government g:

* K: the earliest act or receipt showing that g's own bodies held m at least as
  suspected; a second clock for confirmed;
* D: the earliest act by g's own bodies, or expressly for g, that affirms m to
  the public (the favourable reading also takes hedges);
* P: the first moment g had the power to publish;
* delay = [max(0, D.first - K.last), D.last - K.first], without D but with a
  search record until s: [max(0, s - K.last), open); delay with power: from the
  later of K and P;
* contrary acts: denying, minimising, suppressing and none-found statements that
  certainly follow K and precede D.

* until public: from K to the first act by which any authority affirmed m to the
  public. What another authority had already told the public is not charged to g:
  only a delay that holds on both counts exceeds a yardstick.

K unknown is "no data" (undated), never on time.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from crisisgov.ontology.evaluation.facts import Actor, Event, Matter, Norm
from crisisgov.ontology.evaluation.findings import Finding, Outcome
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.matching import PUBLIC, speaks_of
from crisisgov.ontology.evaluation.obligations import (
    Evaluator,
    badness,
    limits_publication,
    shows_knowledge,
)
from crisisgov.ontology.evaluation.power import PowerFinding
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
from crisisgov.ontology.evaluation.variants import Reading, extremes

YARDSTICK = "yardstick-prompt-disclosure"
"""Id of the benchmark norm under which disclosure findings stand."""

CONTRARY_STANCES = frozenset({"none-found", "minimises", "denies"})
DISCLOSURE_FAILURES = frozenset({"delayed-disclosure", "concealment", "information-failure"})
PEERS_NEEDED = 5
"""A median of fewer governments would say more about who was chosen than about conduct."""


@dataclass(frozen=True)
class Clock:
    """K, D and the contrary acts of one selection of evidence."""

    outcome: Outcome
    confirmed: Span | None
    power_since: Span
    with_power: Span | None
    until_public: Span | None
    first_public: tuple[Event, ...] = ()


class DisclosureEvaluator:
    """Answers the headline question for every government and matter."""

    def __init__(self, evaluator: Evaluator, norm: Norm) -> None:
        self._base = evaluator
        self._facts, self._hierarchy = evaluator.facts, evaluator.hierarchy
        self._norm = norm

    def evaluate(self) -> list[Finding]:
        """Return the disclosure findings in a fixed order, medians of peers included."""
        judged = [
            finding
            for matter in self._base.matters()
            if matter.topic in self._norm.topics
            for bearer in self._governments()
            if (finding := self.judge(bearer, matter)) is not None
        ]
        findings = _without_lone_blanks(judged)
        add_peer_medians(findings)
        return findings

    def _governments(self) -> Iterator[Actor]:
        """Yield the governments that are judged: each state once, by its executive."""
        for actor in sorted(self._facts.actors.values(), key=lambda a: a.iri):
            if not self._hierarchy.matches(actor, self._norm.bearer):
                continue
            whole = self._facts.actors.get(actor.department_of or "")
            has_executive = any(
                other.department_of == actor.iri and "Government" in other.kinds
                for other in self._facts.actors.values()
            )
            if whole is None and has_executive:
                continue
            yield actor

    def judge(self, bearer: Actor, matter: Matter) -> Finding | None:
        """Return the finding for one government and matter, None when it concerns it in nothing."""
        if not self._hierarchy.inside(matter.about, bearer.jurisdiction):
            return None  # what happens elsewhere is for others to disclose
        bearing = [
            name
            for name in sorted(self._base.lookup.involving(bearer.iri, matter.crisis))
            if any(
                self._bears_on(bearer, matter, e) for e in self._base.evidence.all_variants(name)
            )
        ]
        events = self._base.evidence.with_anchors(bearing)
        own_matter = matter.about == bearer.jurisdiction
        if not events and not own_matter:
            return None
        moment = self._moment(bearer, matter, events)
        power = self._base.powers.status(bearer, matter, moment)
        clocks = {
            reading: extremes(
                (
                    (self._clock(bearer, matter, chosen, reading, power), claims)
                    for chosen, claims in self._base.evidence.selections(events, reading)
                ),
                lambda clock: badness(clock.outcome),
                best=reading is not Reading.unfavourable,
            )
            for reading in Reading
        }
        preferred = clocks[Reading.preferred][0]
        outcome = preferred.outcome
        if not own_matter and outcome.trigger is None and outcome.response is None:
            return None
        if self._base.named_bearer(bearer, matter, [clock.outcome for clock, _ in clocks.values()]):
            return None
        finding = Finding(
            self._norm,
            bearer,
            matter,
            outcome,
            min((clocks[Reading.favourable][0].outcome, outcome), key=badness),
            max((clocks[Reading.unfavourable][0].outcome, outcome), key=badness),
            power_status=power.status,
            power_norms=power.norms,
            with_power=preferred.with_power,
            confirmed=preferred.confirmed,
            power_since=preferred.power_since,
            until_public=preferred.until_public,
            first_public=preferred.first_public,
        )
        finding.disputes = self._disputes(bearer, matter, events, finding, power, clocks)
        finding.said_instead = self._said_instead(bearer, matter, outcome)
        finding.imputed_from = _imputed(
            finding,
            self._hierarchy.own_bodies(bearer.iri, Reading.preferred)
            - self._hierarchy.line(bearer.iri),
        )
        finding.post_holders = self._base.post_holders(bearer, outcome.trigger)
        finding.justifications = self._base.justifications(self._norm, bearer, matter)
        finding.reasons, finding.supporting = self._reasons(finding)
        return finding

    def _moment(self, bearer: Actor, matter: Matter, events: list[str]) -> Span:
        spans = [self._facts.events[name].span for name in events]
        start = earliest_of(spans)
        if start is None:
            crisis_events = self._base.lookup.of_crisis(matter.crisis)
            start = earliest_of(self._facts.events[name].span for name in crisis_events)
        assert start is not None  # a matter comes from some event of its crisis
        return start

    def _bears_on(self, bearer: Actor, matter: Matter, event: Event) -> bool:
        bodies = self._hierarchy.own_bodies(bearer.iri, Reading.unfavourable)
        return (
            shows_knowledge(event, matter, bodies, self._hierarchy, Reading.unfavourable)
            or self._is_disclosure(bearer, matter, event, Reading.favourable)
            or self._is_contrary(bearer, matter, event)
            or self._base.powers.grant(bearer, matter, [event]) is not None
        )

    def _is_disclosure(self, bearer: Actor, matter: Matter, event: Event, reading: Reading) -> bool:
        stances = {"affirms", "hedges"} if reading is Reading.favourable else {"affirms"}
        doers = event.actors | event.on_behalf_of
        return (
            event.crisis == matter.crisis
            and "Disclosure" in event.kinds
            and bool(PUBLIC & event.audience)
            and bool(doers & self._hierarchy.own_bodies(bearer.iri, Reading.preferred))
            and speaks_of(event, matter, frozenset(stances)) is not None
        )

    def _is_contrary(self, bearer: Actor, matter: Matter, event: Event) -> bool:
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
            and speaks_of(event, matter, frozenset({"affirms"})) is None
        )

    def _clock(
        self,
        bearer: Actor,
        matter: Matter,
        events: list[Event],
        reading: Reading,
        power: PowerFinding,
    ) -> Clock:
        bodies = self._hierarchy.own_bodies(bearer.iri, reading)

        def knowing(certainty: str) -> list[Event]:
            return [
                e
                for e in events
                if shows_knowledge(e, matter, bodies, self._hierarchy, reading, certainty)
            ]

        holders = knowing("suspected")
        known = earliest_of(e.span for e in holders)
        confirmed = earliest_of(e.span for e in knowing("confirmed"))
        told_by = [e for e in events if self._is_disclosure(bearer, matter, e, reading)]
        told = earliest_of(e.span for e in told_by)
        since = power.since(reading, self._base.powers.grant(bearer, matter, events))
        outcome = self._verdict(bearer, matter, known, told, tuple(holders), tuple(told_by))
        if known is not None and outcome.delay is not None:
            contrary = [
                e
                for e in events
                if self._is_contrary(bearer, matter, e)
                # who may publish is not what is true: such an order counts against a body only
                # in the least favourable reading
                and (reading is Reading.unfavourable or not limits_publication(e))
                and surely_after(e, holders)
                and surely_before(e, told_by)
            ]
            outcome = replace(outcome, contrary=tuple(contrary))
        public, first_public = self._public(matter, told, tuple(told_by))
        return Clock(
            outcome,
            delay(confirmed, told) if confirmed and told else None,
            since,
            _with_power(outcome, since),
            delay(known, public) if known and public else None,
            first_public,
        )

    def _public(
        self, matter: Matter, told: Span | None, told_by: tuple[Event, ...]
    ) -> tuple[Span | None, tuple[Event, ...]]:
        """Return when any authority first told the public, and by which acts that can have been."""
        others = [
            event
            for name in sorted(self._base.lookup.speaking_of(matter))
            if (event := self._base.evidence.preferred.get(name)) is not None
            and self._is_public_word(matter, event)
        ]
        public = earliest_of([*(e.span for e in others), *([told] if told else [])])
        if public is None:
            return None, ()
        candidates = {e.iri: e for e in (*others, *told_by) if e.span.first <= public.last}
        return public, tuple(candidates[name] for name in sorted(candidates))

    def _is_public_word(self, matter: Matter, event: Event) -> bool:
        doers = (self._facts.actors.get(name) for name in event.actors)
        return (
            event.crisis == matter.crisis
            and "Disclosure" in event.kinds
            and bool(PUBLIC & event.audience)
            and any(doer is not None and "PublicAuthority" in doer.kinds for doer in doers)
            and speaks_of(event, matter, frozenset({"affirms"})) is not None
        )

    def _verdict(
        self,
        bearer: Actor,
        matter: Matter,
        known: Span | None,
        told: Span | None,
        holders: tuple[Event, ...],
        told_by: tuple[Event, ...],
    ) -> Outcome:
        if known is None:
            return Outcome(Timeliness.no_data, None, None, told, holders, told_by)
        if told is not None:
            apart = gap(holders, told_by) or between(known, told)
            verdict = judge_gap(apart, self._norm.limit)
            return Outcome(verdict, delay_of(apart), known, told, holders, told_by)
        own = self._hierarchy.own_bodies(bearer.iri, Reading.preferred)
        until = max(
            (
                s.until
                for s in self._facts.searches
                if s.bearer in own
                and s.crisis == matter.crisis
                and (s.topic, s.about) == (matter.topic, matter.about)
                and "Disclosure" in s.kinds
            ),
            default=None,
        )
        if until is None:
            return Outcome(Timeliness.no_data, None, known, None, holders, told_by)
        silent = Span(max(0, until - known.last), FUTURE)
        late = silent.first > (self._norm.limit or 0)
        verdict = Timeliness.no_response if late else Timeliness.no_data
        return Outcome(verdict, silent, known, None, holders, told_by, until)

    def _disputes(
        self,
        bearer: Actor,
        matter: Matter,
        events: list[str],
        finding: Finding,
        power: PowerFinding,
        clocks: dict[Reading, tuple[Clock, tuple[str, ...]]],
    ) -> tuple[str, ...]:
        base = finding.preferred.timeliness
        flips = {
            claim
            for chosen, claims in self._base.evidence.single_flips(events)
            if self._clock(bearer, matter, chosen, Reading.preferred, power).outcome.timeliness
            != base
            for claim in claims
        }
        if not flips:
            for reading in (Reading.favourable, Reading.unfavourable):
                clock, claims = clocks[reading]
                if clock.outcome.timeliness != base:
                    flips |= set(claims)
        return tuple(sorted(flips))

    def _said_instead(self, bearer: Actor, matter: Matter, outcome: Outcome) -> tuple[Event, ...]:
        """Return what the government's bodies said against the matter before they disclosed it.

        With or without known knowledge: it is shown beside the answer, and only what
        certainly follows knowledge counts as a contrary act.
        """
        told = outcome.response
        found = [
            event
            for name in sorted(self._base.lookup.involving(bearer.iri, matter.crisis))
            if (event := self._base.evidence.preferred.get(name)) is not None
            and self._is_contrary(bearer, matter, event)
            and (told is None or event.span.last < told.first)
        ]
        return tuple(sorted(found, key=lambda event: (event.span, event.iri)))

    def _reasons(self, finding: Finding) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the reasons that do not depend on a yardstick, and what they rest on.

        ``breach`` is added later, by :func:`add_breaches`, from the findings of law.
        """
        own = self._hierarchy.own_bodies(finding.bearer.iri, Reading.preferred)
        found = [
            asserted.iri
            for asserted in self._facts.asserted
            if asserted.bearer in own
            and asserted.crisis == finding.matter.crisis
            and (asserted.polarity, asserted.status) == ("found", "final")
            and asserted.failure_types & DISCLOSURE_FAILURES
            and (asserted.topic or "existence") == finding.matter.topic
            and asserted.about == finding.matter.about
        ]
        found += [
            event.iri
            for event in self._base.evidence.preferred.values()
            if "Admission" in event.kinds
            and event.crisis == finding.matter.crisis
            and event.actors & own
            and "information" in event.breaches
            and finding.matter.about == finding.bearer.jurisdiction
            and self._admission_covers(event, finding.matter)
        ]
        reasons = []
        if found:
            reasons.append("found")
        if finding.preferred.contrary:
            reasons.append("withheld")
        return tuple(reasons), tuple(sorted(found))

    def _admission_covers(self, event: Event, matter: Matter) -> bool:
        """Whether an admission is about this matter: by its items.

        One that names no topic is about telling of the hazard at all.
        """
        topics = {item.topic for item in event.items if item.topic != "conduct"}
        return matter.topic in (topics or {"existence"})


def _without_lone_blanks(findings: list[Finding]) -> list[Finding]:
    """Leave out findings without any date, except beside peers that have one.

    "No data" says something only where a government of the same level has data on
    its own matter of the same kind.
    """

    def group(finding: Finding) -> tuple[str, str, str | None, bool]:
        own = finding.matter.about == finding.bearer.jurisdiction
        return finding.matter.crisis, finding.matter.topic, finding.bearer.level, own

    def dated(finding: Finding) -> bool:
        outcome = finding.preferred
        return outcome.trigger is not None or outcome.response is not None

    alive = {group(finding) for finding in findings if dated(finding)}
    return [
        finding
        for finding in findings
        if dated(finding) or finding.said_instead or (group(finding) in alive and group(finding)[3])
    ]


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


def _imputed(finding: Finding, bodies: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                name
                for event in finding.preferred.triggers
                for name in (event.actors | event.recipients) & bodies
            }
        )
    )


def add_breaches(
    disclosures: Iterable[Finding], findings: Iterable[Finding], hierarchy: Hierarchy
) -> None:
    """Add the reason ``breach`` where law with a number was broken in every reading.

    Binding, its text read, a number, the power held or delegated, definitely late
    in every reading: then and only then.
    """
    broken: dict[Matter, list[Finding]] = defaultdict(list)
    for finding in findings:
        if (
            finding.norm.standing == "binding-quantified"
            and "Disclosure" in finding.norm.act.kinds
            and not finding.provisional
            and finding.power_status in ("held", "delegated")
            and finding.robust
            and finding.preferred.timeliness is Timeliness.definitely_late
        ):
            broken[finding.matter].append(finding)
    for disclosure in disclosures:
        own = hierarchy.own_bodies(disclosure.bearer.iri, Reading.preferred)
        if any(finding.bearer.iri in own for finding in broken[disclosure.matter]):
            disclosure.reasons = tuple(sorted({*disclosure.reasons, "breach"}))


def add_peer_medians(findings: list[Finding]) -> None:
    """Add the median of the smallest delays of comparable governments, in days.

    Comparable: same crisis, topic and level, each in the matter of its own
    jurisdiction, with K and D both known; at least five of them.
    """
    groups: dict[tuple[str, str, str | None], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.matter.about == finding.bearer.jurisdiction:
            key = (finding.matter.crisis, finding.matter.topic, finding.bearer.level)
            groups[key].append(finding)
    for group in groups.values():
        known = [
            finding.preferred.delay.first / 86_400
            for finding in group
            if finding.preferred.delay is not None and finding.preferred.response is not None
        ]
        if len(known) >= PEERS_NEEDED:
            for finding in group:
                finding.peer_median_days = round(statistics.median(known), 2)
                finding.peer_count = len(known)
