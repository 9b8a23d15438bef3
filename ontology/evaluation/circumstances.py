"""What stands beside a verdict: whom it names, who held office, what the authority replied."""

from __future__ import annotations

from collections.abc import Iterable

from crisisgov.ontology.evaluation.facts import Actor, Facts, Matter, Norm
from crisisgov.ontology.evaluation.findings import Outcome
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.lookup import Lookup
from crisisgov.ontology.evaluation.matching import Matcher
from crisisgov.ontology.evaluation.spans import Span, earliest_of
from crisisgov.ontology.evaluation.variants import Reading


class Circumstances:
    """Answers for one set of facts."""

    def __init__(self, facts: Facts, hierarchy: Hierarchy, lookup: Lookup) -> None:
        self._facts, self._hierarchy, self._lookup = facts, hierarchy, lookup

    def is_another_s(self, bearer: Actor, matter: Matter, outcomes: Iterable[Outcome]) -> bool:
        """Whether a finding names a predecessor or successor instead of this bearer.

        It names the one that existed when the clock started: of the readings' starts the
        first that is known, the preferred one's before others; else when the crisis began.
        """
        if len(self._hierarchy.line(bearer.iri)) == 1:
            return False
        every = list(outcomes)
        known = [one.trigger for one in every if one.trigger is not None]
        known += [one.response for one in every if one.response is not None]
        moment = known[0] if known else self.begin_of(matter.crisis)
        return moment is not None and self._hierarchy.bearer_at(bearer.iri, moment) != bearer.iri

    def begin_of(self, crisis: str) -> Span | None:
        """Return when the first event of a crisis can have happened."""
        events = self._lookup.of_crisis(crisis)
        return earliest_of(self._facts.events[name].span for name in events)

    def post_holders(self, bearer: Actor, start: Span | None) -> tuple[str, ...]:
        """Return the tenures of posts in the bearer that certainly covered the clock's start."""
        if start is None:
            return ()
        return tuple(
            sorted(
                tenure.iri
                for body in self._hierarchy.line(bearer.iri)
                for tenure in self._lookup.tenures(body)
                if tenure.held.first <= start.first and start.last <= tenure.held.last
            )
        )

    def replies(self, norm: Norm, bearer: Actor, matter: Matter) -> tuple[str, ...]:
        """Return what the authority says for itself on this obligation.

        A reply that names no norm speaks to the duties and yardsticks that demand one of
        the acts that it explains, never to a prohibition.
        """
        line = self._hierarchy.line(bearer.iri)
        return tuple(
            said.iri
            for said in self._lookup.replies(matter)
            if said.bearer in line
            and (
                said.norm == norm.iri
                if said.norm is not None
                else norm.type != "Prohibition"
                and (not said.kinds or bool(said.kinds & norm.act.kinds))
            )
        )

    def imputed_from(self, matcher: Matcher, outcome: Outcome) -> tuple[str, ...]:
        """Return the bodies whose knowledge started the clock of a bearer other than themselves."""
        trigger = matcher.norm.trigger
        if "Government" not in matcher.bearer.kinds or matcher.norm.type == "Prohibition":
            return ()
        if trigger is None or trigger.events or trigger.role == "any":
            return ()
        line = self._hierarchy.line(matcher.bearer.iri)
        bodies = matcher.bodies(Reading.preferred) - line
        if not bodies:
            return ()
        parts = {
            name
            for event in outcome.triggers
            if not line & (event.actors | event.recipients)
            for name in (event.actors | event.recipients) & bodies
        }
        return tuple(sorted(parts))
