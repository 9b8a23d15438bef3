"""Judging every norm limb for every bearer and matter: one finding for each obligation."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from crisisgov.ontology.evaluation.candidates import Candidates
from crisisgov.ontology.evaluation.circumstances import Circumstances
from crisisgov.ontology.evaluation.duties import Duty
from crisisgov.ontology.evaluation.facts import Actor, Event, Facts, Matter, Norm
from crisisgov.ontology.evaluation.findings import Finding, Outcome
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.lookup import Lookup
from crisisgov.ontology.evaluation.matching import Matcher
from crisisgov.ontology.evaluation.power import Powers
from crisisgov.ontology.evaluation.prohibitions import Prohibition
from crisisgov.ontology.evaluation.spans import SEVERITY, Timeliness
from crisisgov.ontology.evaluation.variants import ByReading, Evidence, Reading

CONTRAVENTION_SEVERITY = {None: 0, "none-recorded": 0, "possibly-contravened": 1, "contravened": 2}

PREFERRED_FIRST = (Reading.preferred, Reading.favourable, Reading.unfavourable)


def badness(outcome: Outcome) -> tuple[int, int, int, int]:
    """Return how bad an outcome is for the bearer; the greater, the worse."""
    delay = outcome.delay
    return (
        SEVERITY[outcome.timeliness],
        CONTRAVENTION_SEVERITY[outcome.contravention],
        delay.first if delay else 0,
        delay.last if delay else 0,
    )


@contextmanager
def without_collector() -> Iterator[None]:
    """Stop the search for circular garbage: findings hold none, and it took a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Evaluator:
    """Evaluates all norms over one set of facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        with without_collector():
            self.hierarchy = Hierarchy(facts)
            self.evidence = Evidence(facts)
            self.powers = Powers(facts, self.hierarchy)
            self.lookup = Lookup(facts, self.hierarchy, self.evidence)
            self.circumstances = Circumstances(facts, self.hierarchy, self.lookup)
            self.candidates = Candidates(facts, self.hierarchy)

    def evaluate(self) -> list[Finding]:
        """Return the findings of all duties, benchmarks and prohibitions, in a fixed order."""
        with without_collector():
            judged = (self.judge(*candidate) for candidate in self.candidates)
            return [finding for finding in judged if finding is not None]

    def judge(self, norm: Norm, bearer: Actor, matter: Matter) -> Finding | None:
        """Return the finding of one obligation, or None when it concerns the bearer in nothing.

        It concerns the bearer when something could have started its clock, or when
        the matter is about the bearer's own jurisdiction and the record of the
        crisis speaks of the bearer at all.
        """
        if not self.candidates.concerns(norm, bearer, matter):
            return None
        matcher = Matcher(self.facts, self.hierarchy, norm, bearer, matter)
        judged = self._judged(matcher)
        relevant = self._relevant(matcher, judged)
        own_matter = matter.about == bearer.jurisdiction
        if not relevant and not (own_matter and self.lookup.involving(bearer.iri, matter.crisis)):
            return None
        found = self.evidence.read(relevant, judged.outcome, badness)
        outcomes = [found[reading][0] for reading in PREFERRED_FIRST]
        preferred, *_ = outcomes
        if _is_empty(norm, outcomes, own_matter=own_matter):
            return None
        if self.circumstances.is_another_s(bearer, matter, outcomes):
            return None  # at the start of the clock another stood in its place
        finding = Finding(
            norm,
            bearer,
            matter,
            preferred,
            # a bracket by construction: the preferred selection is one of those tried, but the
            # readings also differ in whose knowledge counts
            min((found[Reading.favourable][0], preferred), key=badness),
            max((found[Reading.unfavourable][0], preferred), key=badness),
        )
        finding.disputes = self._disputes(judged, relevant, preferred, found)
        finding.imputed_from = self.circumstances.imputed_from(matcher, preferred)
        finding.post_holders = self.circumstances.post_holders(bearer, preferred.trigger)
        if preferred.timeliness is not Timeliness.not_applicable:
            finding.justifications = self.circumstances.replies(norm, bearer, matter)
        if "Disclosure" in norm.act.kinds and norm.type != "Prohibition":
            moment = preferred.trigger or preferred.response
            if moment is not None:
                power = self.powers.status(bearer, matter, moment)
                finding.power_status, finding.power_norms = power.status, power.norms
        return finding

    def _judged(self, matcher: Matcher) -> Duty | Prohibition:
        if matcher.norm.type == "Prohibition":
            return Prohibition(matcher)
        return Duty(matcher, self.lookup, self._possible_triggers(matcher))

    def _possible_triggers(self, matcher: Matcher) -> list[Event]:
        """Return what could start the clock in some form, where the answer goes to who asked."""
        if matcher.norm.recipient_relation != "requester":
            return []
        names = sorted(self.lookup.involving(matcher.bearer.iri, matcher.matter.crisis))
        every = (event for name in names for event in self.evidence.all_variants(name))
        return [event for event in every if matcher.is_trigger(event, Reading.unfavourable)]

    def _relevant(self, matcher: Matcher, judged: Duty | Prohibition) -> list[str]:
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
            if any(judged.bears_on(event) for event in self.evidence.all_variants(name))
        ]
        return self.evidence.with_anchors(bearing)

    def _disputes(
        self,
        judged: Duty | Prohibition,
        relevant: list[str],
        preferred: Outcome,
        found: ByReading[Outcome],
    ) -> tuple[str, ...]:
        """Return the claims that flip the verdict: each alone, or else together."""
        if self.evidence.disputed.isdisjoint(relevant):
            return ()

        def verdict(outcome: Outcome) -> tuple[Timeliness, str | None]:
            return outcome.timeliness, outcome.contravention

        base = verdict(preferred)
        flips = {
            claim
            for events, claims in self.evidence.single_flips(relevant)
            if verdict(judged.outcome(events, Reading.preferred)) != base
            for claim in claims
        }
        if not flips:
            for reading in (Reading.favourable, Reading.unfavourable):
                outcome, claims = found[reading]
                if verdict(outcome) != base:
                    flips |= set(claims)
        return tuple(sorted(flips))


def _is_empty(norm: Norm, outcomes: list[Outcome], *, own_matter: bool) -> bool:
    """Whether there is nothing to state: no conduct to judge, in no reading.

    ``outcomes`` has the preferred one first.
    """
    unstarted = all(one.trigger is None for one in outcomes)
    if norm.type == "Prohibition" and unstarted and not any(one.responses for one in outcomes):
        return True  # nothing known and nothing done
    if norm.clock == "request" and unstarted:
        return True  # who was not asked owes no answer
    if own_matter:
        return False
    return not outcomes[0].triggers and all(
        one.timeliness is Timeliness.no_data for one in outcomes
    )
