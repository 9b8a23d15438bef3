"""Which events start a clock, and which answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crisisgov.ontology.evaluation.facts import Actor, Event, Facts, Item, Matter, Norm
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.variants import Reading

PUBLIC = frozenset({"public", "affected-public"})
IMPLIES_EXISTENCE = frozenset(
    {"case-count", "deaths", "pathogen", "transmission", "staff-infection", "release"}
)
CERTAINTY = {None: 1, "suspected": 1, "confirmed": 2}
"""Order of certainty; an item that states none counts as suspected."""


def speaks_of(
    event: Event, matter: Matter, stances: frozenset[str], certainty: str = "suspected"
) -> Item | None:
    """Return the item by which an event speaks of a matter in one of the stances.

    Who affirms cases, deaths, a pathogen, transmission, infected staff or a release at a
    place affirms by that that the hazard exists there.
    """
    for item in event.items:
        implied = (
            matter.topic == "existence"
            and item.topic in IMPLIES_EXISTENCE
            and item.stance == "affirms"
        )
        if (
            (item.topic == matter.topic or implied)
            and item.about == matter.about
            and item.stance in stances
            and CERTAINTY[item.certainty or event.certainty] >= CERTAINTY[certainty]
        ):
            return item
    return None


@dataclass(frozen=True, slots=True)
class Matcher:
    """Matching for one norm, bearer and matter."""

    facts: Facts
    hierarchy: Hierarchy
    norm: Norm
    bearer: Actor
    matter: Matter

    def bodies(self, reading: Reading) -> frozenset[str]:
        """Return whose knowledge counts as the bearer's.

        Under law only the bearer's own (its predecessors' and successors' with it), except
        in the least favourable reading; that of its own bodies where a rule says so: a rule
        that the norm names, or the definition of a yardstick.
        """
        by_rule = self.norm.imputation is not None or self.norm.standing == "benchmark"
        if by_rule or reading is Reading.unfavourable:
            return self.hierarchy.own_bodies(self.bearer.iri, reading)
        return self.hierarchy.line(self.bearer.iri)

    def is_trigger(self, event: Event, reading: Reading) -> bool:
        """Whether an event starts the clock of this obligation."""
        trigger = self.norm.trigger
        if trigger is None:
            return False
        if trigger.events:
            return event.iri in trigger.events
        if event.crisis != self.matter.crisis or not trigger.kinds & event.kinds:
            return False
        if event.weak:
            return False  # weak sources alone start no clock: they could only worsen a verdict
        if trigger.date_kinds and event.date_kind not in trigger.date_kinds:
            return False
        thin = event.basis == "addressee-list" or (
            event.date_kind in ("onset", "isolated") and not trigger.date_kinds
        )
        if thin and reading is not Reading.unfavourable:
            return False
        if speaks_of(event, self.matter, trigger.stances, trigger.certainty) is None:
            return False
        return trigger.role == "any" or bool(self._part(event, trigger.role) & self.bodies(reading))

    def _part(self, event: Event, role: str) -> frozenset[str]:
        if role == "recipient":
            return self.hierarchy.represents(event.recipients)
        if role == "target":
            return self.hierarchy.represents(event.targets | event.recipients)
        return self.hierarchy.represents(event.actors | event.on_behalf_of)

    def is_response(self, event: Event, triggers: Sequence[Event]) -> bool:
        """Whether an event is the act demanded, by the bearer, to the right recipient."""
        act = self.norm.act
        if event.crisis != self.matter.crisis or not act.kinds & event.kinds:
            return False
        if act.date_kinds and event.date_kind not in act.date_kinds:
            return False
        # a government acts through its departments: their act is its answer in every reading
        doers = self.hierarchy.represents(event.actors | event.on_behalf_of)
        if not doers & self.hierarchy.own_bodies(self.bearer.iri, Reading.preferred):
            return False
        return self._content_fits(event) and self._reaches_recipient(event, triggers)

    def _content_fits(self, event: Event) -> bool:
        act = self.norm.act
        if act.response_level is not None:
            return event.response_level is not None and event.response_level <= act.response_level
        if act.measures:
            return bool(act.measures & event.measures)
        return speaks_of(event, self.matter, act.stances) is not None

    def _reaches_recipient(self, event: Event, triggers: Sequence[Event]) -> bool:
        relation = self.norm.recipient_relation
        if relation is None:
            return True
        if relation == "public":
            return bool(PUBLIC & event.audience)
        if relation == "requester":
            askers = frozenset[str]().union(*(trigger.actors for trigger in triggers))
            return bool(event.recipients & askers)
        return any(self._is_recipient(name, relation) for name in event.recipients)

    def _is_recipient(self, name: str, relation: str) -> bool:
        actor = self.facts.actors.get(name)
        if actor is None or not self.hierarchy.matches(actor, self.norm.recipient):
            return False
        if relation == "superior":
            return name in self.hierarchy.superiors(self.bearer.iri)
        if relation == "own-government":
            whole = self.hierarchy.government_of(self.bearer.iri)
            return whole is not None and name in self.hierarchy.line(whole)
        if relation == "subordinate":
            return self.bearer.iri in self.hierarchy.superiors(name)
        if relation == "peer":
            own = self.hierarchy.line(self.bearer.iri)
            return actor.level == self.bearer.level and name not in own
        return True

    def is_extension(self, event: Event) -> bool:
        """Whether an event draws out the time that this norm allows the bearer in this matter."""
        if self.norm.iri not in event.extends or event.crisis != self.matter.crisis:
            return False
        parties = event.actors | event.on_behalf_of | event.recipients | event.targets
        if not parties & self.hierarchy.line(self.bearer.iri):
            return False
        on_matter = (self.matter.topic, self.matter.about)
        return not event.items or any((i.topic, i.about) == on_matter for i in event.items)

    def is_forbidden(self, event: Event) -> bool:
        """Whether an event is an act of the bearer of the kind that a prohibition forbids."""
        act = self.norm.act
        if event.crisis != self.matter.crisis or not act.kinds & event.kinds:
            return False
        line = self.hierarchy.line(self.bearer.iri)
        if not line & (event.actors | event.on_behalf_of):
            return False
        spoken = {
            item.stance
            for item in event.items
            if item.topic == self.matter.topic and item.about == self.matter.about
        }
        if "Suppression" in event.kinds and "Suppression" in act.kinds and spoken:
            return True
        return bool(spoken & act.stances)
