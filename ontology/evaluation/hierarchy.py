"""Who belongs to whom: own bodies of a government, superiors, profiles."""

from __future__ import annotations

from functools import cache

from crisisgov.ontology.evaluation.facts import Actor, Facts, Profile
from crisisgov.ontology.evaluation.spans import Span
from crisisgov.ontology.evaluation.variants import Reading

NOT_ADMINISTRATION = frozenset(
    {"hospital", "laboratory", "research", "press", "court", "legislature", "inquiry"}
)
"""Functions whose bodies do not act or know for the government to which they belong."""

NOT_AUTHORITIES = frozenset({"Government", "Company", "Organisation", "Medium"})
"""Kinds that are never part of another actor's own bodies: each answers for itself."""

ADVISORY = frozenset({"disease-control", "expert-group", "meteorology", "geology"})
"""Functions whose knowledge is the government's in the preferred and least favourable readings
only: they advise, and what they find is the government's when it reaches a department."""


class Hierarchy:
    """Questions about actors and places, answered from the facts."""

    def __init__(self, facts: Facts) -> None:
        self._actors = facts.actors
        self._within = facts.within
        self._parts: dict[str, list[str]] = {}
        for actor in facts.actors.values():
            if actor.department_of is not None:
                self._parts.setdefault(actor.department_of, []).append(actor.iri)
        self._party: dict[tuple[str | None, str | None], set[str]] = {}
        for actor in facts.actors.values():
            if "PartyOrgan" in actor.kinds:
                self._party.setdefault((actor.level, actor.jurisdiction), set()).add(actor.iri)
        self._successors: dict[str, list[str]] = {}
        for actor in facts.actors.values():
            if actor.succeeds is not None:
                self._successors.setdefault(actor.succeeds, []).append(actor.iri)
        self.line = cache(self._line)
        self.own_bodies = cache(self._own_bodies)
        self.represents = cache(self._represents)

    def inside(self, place: str | None, larger: str | None) -> bool:
        """Whether a place is another or lies within it."""
        return place is not None and larger is not None and larger in self._within.get(place, ())

    def _line(self, actor: str) -> frozenset[str]:
        """Return the actor with all its predecessors and successors.

        What a predecessor did, knew and owed stays on the account of its successor, and
        a successor answers what its predecessor was asked.
        """
        found = {actor}
        current = self._actors[actor].succeeds if actor in self._actors else None
        while current is not None and current in self._actors and current not in found:
            found.add(current)
            current = self._actors[current].succeeds
        waiting = [actor]
        while waiting:
            for name in self._successors.get(waiting.pop(), ()):
                if name not in found:
                    found.add(name)
                    waiting.append(name)
        return frozenset(found)

    def bearer_at(self, actor: str, moment: Span) -> str:
        """Return who bore the duties of an actor at a time: itself, or one before or after it.

        Where both can have existed, the predecessor.
        """
        line = [self._actors[name] for name in self.line(actor)]
        line.sort(key=lambda one: (one.existed.first, one.iri))
        living = [
            one
            for one in line
            if one.existed.first <= moment.last and moment.first <= one.existed.last
        ]
        return living[0].iri if living else line[-1].iri

    def superiors(self, actor: str) -> frozenset[str]:
        """Return those to whom an actor, its predecessors or its successors report, with theirs."""
        above = {name for one in self.line(actor) for name in self._actors[one].reports_to}
        return frozenset().union(*(self.line(name) for name in above))

    def _own_bodies(self, actor: str, reading: Reading) -> frozenset[str]:
        """Return the actor and the bodies whose acts and knowledge are its own.

        Predecessors and successors count with theirs. Departments, their units and
        command bodies; never a lower or a higher government or a company, never hospitals,
        laboratories, research, media or inquiries. Scientific services (disease control,
        weather, geology) and expert groups do not count in the most favourable reading; the
        Party organ of the same level and place counts only in the least favourable one.
        """
        whole = self._actors[actor]
        found, waiting = set(self.line(actor)), sorted(self.line(actor))
        while waiting:
            for part in self._parts.get(waiting.pop(), ()):
                one = self._actors[part]
                if part in found or not self._is_own(one, whole):
                    continue
                if reading is Reading.favourable and one.function in ADVISORY:
                    continue
                found.add(part)
                waiting.append(part)
        if reading is Reading.unfavourable and "Government" in whole.kinds:
            found |= self._party.get((whole.level, whole.jurisdiction), set())
        return frozenset(found)

    @staticmethod
    def _is_own(part: Actor, whole: Actor) -> bool:
        """Whether a part acts and knows for the whole: a plant for a firm, no firm for a state."""
        if "Company" in whole.kinds:
            return "Government" not in part.kinds
        return not NOT_AUTHORITIES & part.kinds and part.function not in NOT_ADMINISTRATION

    def government_of(self, actor: str) -> str | None:
        """Return the government of which an actor is, step by step, a department."""
        current = self._actors[actor].department_of
        while current is not None and "Government" not in self._actors[current].kinds:
            current = self._actors[current].department_of
        return current

    def matches(self, actor: Actor, profile: Profile) -> bool:
        """Whether an actor has a profile; an empty part of the profile matches everybody."""
        if profile.named:
            return actor.iri in profile.named
        return (
            (not profile.kinds or bool(profile.kinds & actor.kinds))
            and (not profile.functions or actor.function in profile.functions)
            and (not profile.levels or actor.level in profile.levels)
            and (profile.place is None or self.inside(actor.jurisdiction, profile.place))
        )

    def _represents(self, actors: frozenset[str]) -> frozenset[str]:
        """Return the actors and those for whom their acts count by a stated rule."""
        represented = set(actors)
        for name in actors:
            if name in self._actors:
                represented |= self._actors[name].acts_for
        return frozenset(represented)
