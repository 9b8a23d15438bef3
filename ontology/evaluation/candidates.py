"""Which obligations there can be: a norm, a bearer that it means, and a matter within its reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property

from crisisgov.ontology.evaluation.facts import Actor, Facts, Matter, Norm
from crisisgov.ontology.evaluation.hierarchy import Hierarchy

JUDGED = ("Duty", "Benchmark", "Prohibition")
"""Types of norms under which conduct is judged; powers and delegations only say who may act."""


class Candidates:
    """Lays out the obligations, without looking at any event's date."""

    def __init__(self, facts: Facts, hierarchy: Hierarchy) -> None:
        self._facts, self._hierarchy = facts, hierarchy
        self._smaller: dict[str, list[str]] = defaultdict(list)
        for place, every in facts.within.items():
            for larger in every:
                self._smaller[larger].append(place)
        self._around = cache(self._places_around)

    @cached_property
    def matters(self) -> list[Matter]:
        """Every matter of which an event speaks, and each acting government's own, in order.

        The latter so that a government about which nothing is recorded shows as "no data"
        beside its peers, instead of not at all. Only within the place of the crisis: who
        sends help abroad has no flood at home of which it could have told. And where crises
        are parts of one, each matter is judged in the part to whose place it belongs, not in
        all those in which somebody spoke of it.
        """
        found = {
            Matter(event.crisis, item.topic, item.about)
            for event in self._facts.events.values()
            for item in event.items
        }
        for event in self._facts.events.values():
            where = self._facts.crisis_places.get(event.crisis)
            for name in event.actors:
                actor = self._facts.actors.get(name)
                if actor is None or "Government" not in actor.kinds or not actor.jurisdiction:
                    continue
                if where is None or self._hierarchy.inside(actor.jurisdiction, where):
                    found.add(Matter(event.crisis, "existence", actor.jurisdiction))
        return sorted(matter for matter in found if not self._belongs_elsewhere(matter))

    def _belongs_elsewhere(self, matter: Matter) -> bool:
        """Whether the place of a matter lies in that of a sibling crisis, and not in its own."""
        places, inside = self._facts.crisis_places, self._hierarchy.inside
        own, whole = places.get(matter.crisis), self._facts.part_of.get(matter.crisis)
        if own is None or whole is None:
            return False
        if inside(matter.about, own) or inside(own, matter.about):
            return False
        return any(
            inside(matter.about, places.get(sibling))
            for sibling, larger in self._facts.part_of.items()
            if larger == whole and sibling != matter.crisis
        )

    def __iter__(self) -> Iterator[tuple[Norm, Actor, Matter]]:
        """Yield norm, bearer and matter of everything that can be an obligation, in order."""
        by_topic: dict[str, list[Matter]] = defaultdict(list)
        for matter in self.matters:
            by_topic[matter.topic].append(matter)
        for norm in sorted(self._facts.norms.values(), key=lambda n: n.iri):
            if norm.type not in JUDGED:
                continue
            meant: dict[str | None, list[Actor]] = defaultdict(list)
            for actor in sorted(self._facts.actors.values(), key=lambda a: a.iri):
                if self._hierarchy.matches(actor, norm.bearer):
                    meant[actor.jurisdiction].append(actor)
            matters = [m for topic in norm.topics for m in by_topic.get(topic, ())]
            for matter in sorted(matters):
                if not self.in_scope(norm, matter):
                    continue
                near = [one for place in self._around(matter.about) for one in meant.get(place, ())]
                for bearer in sorted(near, key=lambda a: a.iri) if len(near) > 1 else near:
                    if self.concerns(norm, bearer, matter):
                        yield norm, bearer, matter

    def _places_around(self, place: str) -> frozenset[str | None]:
        """Return the jurisdictions that can have to do with a place: it, larger, smaller, none."""
        larger = self._facts.within.get(place, frozenset())
        return frozenset({None, *larger, *self._smaller.get(place, ())})

    def in_scope(self, norm: Norm, matter: Matter) -> bool:
        """Whether the norm is about such a crisis at all: by its hazards and by its name."""
        if norm.scope_crises and matter.crisis not in norm.scope_crises:
            return False
        hazards = self._facts.hazards.get(matter.crisis, frozenset())
        return not norm.scope_hazards or bool(norm.scope_hazards & hazards)

    def concerns(self, norm: Norm, bearer: Actor, matter: Matter) -> bool:
        """Whether the law reaches the bearer, and the matter lies in or around its jurisdiction.

        A norm whose clock is started by something in which the bearer need have no part
        concerns it only in the matter of its own jurisdiction: otherwise every government
        would answer for every other one's case.
        """
        own = bearer.jurisdiction
        common = norm.trigger is not None and (
            norm.trigger.role == "any" or bool(norm.trigger.events)
        )
        if common and matter.about != own:
            return False
        if own is None:
            return True
        inside = self._hierarchy.inside
        reaches = norm.place is None or inside(own, norm.place)
        return reaches and (inside(matter.about, own) or inside(own, matter.about))
