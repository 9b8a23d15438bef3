"""Finding the few events that can matter for an obligation, without looking at all of them."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from crisisgov.ontology.evaluation.facts import Facts, Matter
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.matching import IMPLIES_EXISTENCE
from crisisgov.ontology.evaluation.variants import Evidence, Reading


class Lookup:
    """Indexes over every form that events take under some claims."""

    def __init__(self, facts: Facts, hierarchy: Hierarchy, evidence: Evidence) -> None:
        self._hierarchy = hierarchy
        self._by_matter: dict[Matter, set[str]] = defaultdict(set)
        self._by_party: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._by_crisis: dict[str, set[str]] = defaultdict(set)
        for iri in facts.events:
            for event in evidence.all_variants(iri):
                self._by_crisis[event.crisis].add(iri)
                for item in event.items:
                    self._by_matter[Matter(event.crisis, item.topic, item.about)].add(iri)
                    if item.topic in IMPLIES_EXISTENCE:
                        self._by_matter[Matter(event.crisis, "existence", item.about)].add(iri)
                parties = event.actors | event.on_behalf_of | event.recipients | event.targets
                for party in hierarchy.represents(parties):
                    self._by_party[party, event.crisis].add(iri)
        self.involving = cache(self._involving)

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
