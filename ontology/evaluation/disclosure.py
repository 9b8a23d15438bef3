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

* documented silence: up to when it is documented that g had not told the public:
  by its own first disclosure or the first of any authority, where a source says that
  nobody had told before, or by a search record. The earliest disclosure on record need
  not be the first: a delay that nothing documents exceeds no yardstick.

K unknown is "no data" (undated), never on time.
"""

from __future__ import annotations

from collections import defaultdict

from crisisgov.ontology.evaluation.clocks import DISCLOSES, Clock, Clocks
from crisisgov.ontology.evaluation.facts import Actor, Event, Matter, Norm
from crisisgov.ontology.evaluation.findings import Finding, Outcome
from crisisgov.ontology.evaluation.obligations import (
    PREFERRED_FIRST,
    Evaluator,
    badness,
    without_collector,
)
from crisisgov.ontology.evaluation.peers import add_peer_medians, without_lone_blanks
from crisisgov.ontology.evaluation.power import PowerFinding
from crisisgov.ontology.evaluation.reasons import add_reasons
from crisisgov.ontology.evaluation.spans import Span, earliest_of
from crisisgov.ontology.evaluation.variants import ByReading, Reading

YARDSTICK = "yardstick-prompt-disclosure"
"""Id of the benchmark norm under which disclosure findings stand."""


class DisclosureEvaluator:
    """Answers the headline question for every government and matter."""

    def __init__(self, evaluator: Evaluator, norm: Norm) -> None:
        self._base, self._norm = evaluator, norm
        self._facts, self._hierarchy = evaluator.facts, evaluator.hierarchy
        self._evidence, self._lookup = evaluator.evidence, evaluator.lookup
        self._circumstances = evaluator.circumstances
        self._clocks = Clocks(
            self._facts, self._hierarchy, self._lookup, evaluator.powers, self._evidence, norm
        )

    def evaluate(self) -> list[Finding]:
        """Return the disclosure findings in a fixed order, medians of peers included."""
        governments = self._governments()
        with without_collector():
            judged = [
                finding
                for matter in self._base.candidates.matters
                if matter.topic in self._norm.topics
                for bearer in sorted(
                    (
                        one
                        for place in self._facts.within.get(matter.about, ())
                        for one in governments.get(place, ())
                    ),
                    key=lambda actor: actor.iri,
                )
                if (finding := self.judge(bearer, matter)) is not None
            ]
        findings = without_lone_blanks(judged)
        add_peer_medians(findings)
        return findings

    def _governments(self) -> dict[str, list[Actor]]:
        """Return place -> the governments that are judged: each state once, by its executive."""
        led = {
            actor.department_of for actor in self._facts.actors.values() if _is_government(actor)
        }
        found: dict[str, list[Actor]] = defaultdict(list)
        for actor in self._facts.actors.values():
            is_state = actor.department_of not in self._facts.actors and actor.iri in led
            if actor.jurisdiction is None or is_state:
                continue
            if self._hierarchy.matches(actor, self._norm.bearer):
                found[actor.jurisdiction].append(actor)
        return found

    def judge(self, bearer: Actor, matter: Matter) -> Finding | None:
        """Return the finding for one government and matter, None when it concerns it in nothing."""
        if not self._hierarchy.inside(matter.about, bearer.jurisdiction):
            return None  # what happens elsewhere is for others to disclose
        bearing = [
            name
            for name in sorted(self._lookup.involving(bearer.iri, matter.crisis))
            if any(
                self._clocks.bears_on(bearer, matter, event)
                for event in self._evidence.all_variants(name)
            )
        ]
        events = self._evidence.with_anchors(bearing)
        own_matter = matter.about == bearer.jurisdiction
        if not events and not own_matter:
            return None
        power = self._base.powers.status(bearer, matter, self._moment(matter, events))
        clocks = self._evidence.read(
            events,
            lambda chosen, reading: self._clocks.read(bearer, matter, chosen, reading, power),
            lambda clock: badness(clock.outcome),
        )
        preferred = clocks[Reading.preferred][0]
        outcome = preferred.outcome
        if not own_matter and outcome.trigger is None and outcome.response is None:
            return None
        outcomes = [clocks[reading][0].outcome for reading in PREFERRED_FIRST]
        if self._circumstances.is_another_s(bearer, matter, outcomes):
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
        own = self._hierarchy.own_bodies(bearer.iri, Reading.preferred)
        finding.disputes = self._disputes(finding, events, power, clocks)
        finding.said_instead = self._said_instead(bearer, matter, outcome)
        finding.imputed_from = _imputed(finding, own - self._hierarchy.line(bearer.iri))
        finding.post_holders = self._circumstances.post_holders(bearer, outcome.trigger)
        finding.justifications = self._circumstances.replies(self._norm, bearer, matter)
        finding.documented_silence = self._documented_silence(finding, own)
        add_reasons(finding, own, self._lookup)
        return finding

    def _documented_silence(self, finding: Finding, own: frozenset[str]) -> int | None:
        """Return how long its silence is documented, in seconds after it knew and could speak."""
        outcome, least = finding.preferred, finding.with_power
        if least is None:
            return None
        if outcome.response is None:
            return least.first  # it rests on a search record
        documented = []
        if any(e.first_word and e.span == outcome.response for e in outcome.responses):
            documented.append(least.first)
        if finding.until_public is not None and any(e.first_word for e in finding.first_public):
            documented.append(min(least.first, finding.until_public.first))
        until = self._lookup.searched_until(own, finding.matter, DISCLOSES)
        if until is not None and outcome.trigger is not None:
            start = max(outcome.trigger.last, outcome.response.last - least.first)
            documented.append(min(least.first, max(0, until - start)))
        return max(documented, default=None)

    def _moment(self, matter: Matter, events: list[str]) -> Span:
        start = earliest_of(self._facts.events[name].span for name in events)
        start = start or self._circumstances.begin_of(matter.crisis)
        assert start is not None  # a matter comes from some event of its crisis
        return start

    def _disputes(
        self, finding: Finding, events: list[str], power: PowerFinding, clocks: ByReading[Clock]
    ) -> tuple[str, ...]:
        """Return the claims that flip the verdict: each alone, or else together."""
        base = finding.preferred.timeliness
        flips = set()
        for chosen, claims in self._evidence.single_flips(events):
            clock = self._clocks.read(
                finding.bearer, finding.matter, chosen, Reading.preferred, power
            )
            if clock.outcome.timeliness != base:
                flips |= set(claims)
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
            for name in sorted(self._lookup.involving(bearer.iri, matter.crisis))
            if (event := self._evidence.preferred.get(name)) is not None
            and self._clocks.is_contrary(bearer, matter, event)
            and (told is None or event.span.last < told.first)
        ]
        return tuple(sorted(found, key=lambda event: (event.span, event.iri)))


def _is_government(actor: Actor) -> bool:
    return "Government" in actor.kinds


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
