"""Finding the few records that can matter for an obligation, without looking at all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from crisisgov.ontology.evaluation.facts import (
    Asserted,
    Event,
    Facts,
    Justification,
    Matter,
    Search,
    Tenure,
)
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.matching import IMPLIES_EXISTENCE
from crisisgov.ontology.evaluation.variants import Evidence, Reading


class Lookup:
    """Indexes over every form that events take under some claims, and over other records."""

    def __init__(self, facts: Facts, hierarchy: Hierarchy, evidence: Evidence) -> None:
        self._hierarchy = hierarchy
        self._by_matter: dict[Matter, set[str]] = defaultdict(set)
        self._by_party: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._by_crisis: dict[str, set[str]] = defaultdict(set)
        for iri in facts.events:
            for event in evidence.all_variants(iri):
                self._add(iri, event)
        self._searches: dict[Matter, list[Search]] = defaultdict(list)
        for search in facts.searches:
            self._searches[Matter(search.crisis, search.topic, search.about)].append(search)
        self._replies: dict[Matter, list[Justification]] = defaultdict(list)
        for reply in facts.justifications:
            self._replies[reply.matter].append(reply)
        self._tenures: dict[str, list[Tenure]] = defaultdict(list)
        for tenure in facts.tenures:
            self._tenures[tenure.body].append(tenure)
        self._asserted: dict[tuple[str, str], list[Asserted]] = defaultdict(list)
        for one in facts.asserted:
            self._asserted[one.crisis, one.about].append(one)
        self._admissions: dict[str, list[Event]] = defaultdict(list)
        for event in evidence.preferred.values():
            if "Admission" in event.kinds:
                self._admissions[event.crisis].append(event)
        self.involving = cache(self._involving)

    def _add(self, iri: str, event: Event) -> None:
        self._by_crisis[event.crisis].add(iri)
        for item in event.items:
            self._by_matter[Matter(event.crisis, item.topic, item.about)].add(iri)
            if item.topic in IMPLIES_EXISTENCE:
                self._by_matter[Matter(event.crisis, "existence", item.about)].add(iri)
        parties = event.actors | event.on_behalf_of | event.recipients | event.targets
        for party in self._hierarchy.represents(parties):
            self._by_party[party, event.crisis].add(iri)

    def speaking_of(self, matter: Matter) -> set[str]:
        """Return the events with an item on a matter."""
        return self._by_matter.get(matter, set())

    def of_crisis(self, crisis: str) -> set[str]:
        """Return the events of a crisis."""
        return self._by_crisis.get(crisis, set())

    def _involving(self, actor: str, crisis: str) -> frozenset[str]:
        """Return the events in which an actor or a body of its own had any part."""
        bodies = self._hierarchy.own_bodies(actor, Reading.unfavourable)
        return frozenset(name for body in bodies for name in self._by_party.get((body, crisis), ()))

    def searched_until(
        self, bodies: frozenset[str], matter: Matter, kinds: frozenset[str]
    ) -> int | None:
        """Return until when some body's acts of these kinds were searched for, None if never."""
        return max(
            (
                search.until
                for search in self._searches.get(matter, ())
                if search.bearer in bodies and search.kinds & kinds
            ),
            default=None,
        )

    def replies(self, matter: Matter) -> Sequence[Justification]:
        """Return what authorities say for themselves on a matter."""
        return self._replies.get(matter, ())

    def tenures(self, body: str) -> Sequence[Tenure]:
        """Return who held posts in a body."""
        return self._tenures.get(body, ())

    def asserted(self, matter: Matter) -> Sequence[Asserted]:
        """Return the asserted findings of a matter's crisis and place, on any topic."""
        return self._asserted.get((matter.crisis, matter.about), ())

    def admissions(self, crisis: str) -> Sequence[Event]:
        """Return the admissions in a crisis, as the record has them."""
        return self._admissions.get(crisis, ())
