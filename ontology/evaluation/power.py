"""Whether a bearer had the power to tell the public, and from when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crisisgov.ontology.evaluation.facts import Actor, Event, Facts, Matter, Norm
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.matching import speaks_of
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span, earliest_of
from crisisgov.ontology.evaluation.variants import Reading

ANY_STANCE = frozenset({"affirms", "hedges", "none-found", "minimises", "denies"})


@dataclass(frozen=True)
class PowerFinding:
    """The status of a power and the norms that decide it."""

    status: str
    """A concept of the scheme ``power-status``."""
    norms: tuple[str, ...] = ()

    def since(self, reading: Reading, grant: Span | None) -> Span:
        """Return when the bearer first had the power.

        Held, delegated and unknown (no withholding norm): always. Withheld: from
        the first grant, or never. Disputed: as withheld in the most favourable
        reading, as held in the least favourable one, and open between the two in
        the preferred one, so that the smallest delay gives the bearer the benefit.
        """
        always, granted = Span(PAST, PAST), grant or Span(FUTURE, FUTURE)
        if self.status == "withheld":
            return granted
        if self.status == "disputed":
            if reading is Reading.favourable:
                return granted
            return always if reading is Reading.unfavourable else Span(PAST, granted.last)
        return always


class Powers:
    """The norms on who may tell the public."""

    def __init__(self, facts: Facts, hierarchy: Hierarchy) -> None:
        self._facts, self._hierarchy = facts, hierarchy
        norms = [norm for norm in facts.norms.values() if "Disclosure" in norm.act.kinds]
        self._exclusive = [n for n in norms if n.type == "Power" and n.exclusive]
        self._delegations = [n for n in norms if n.type == "Delegation"]
        self._orders = [
            n
            for n in norms
            if n.type in ("Duty", "Power") and not n.exclusive and n.force == "binding"
        ]

    def status(self, bearer: Actor, matter: Matter, moment: Span) -> PowerFinding:
        """Return whether the bearer, with its own bodies, had the power at that time."""
        place = bearer.jurisdiction or matter.about
        exclusive = [n for n in self._exclusive if self._holds(n, matter, place, moment)]
        if not exclusive:
            known = any(
                n.place is not None and self._hierarchy.inside(place, n.place)
                for n in self._facts.norms.values()
            )
            return PowerFinding("held" if known else "unknown")
        names = self._hierarchy.own_bodies(bearer.iri, Reading.preferred)
        bodies = [self._facts.actors[name] for name in names]

        def meant(norm: Norm) -> bool:
            return any(self._hierarchy.matches(body, norm.bearer) for body in bodies)

        if any(meant(norm) for norm in exclusive):
            return PowerFinding("held", tuple(sorted(n.iri for n in exclusive if meant(n))))
        withheld_by = {norm.iri for norm in exclusive}
        delegations = [
            n
            for n in self._delegations
            if n.delegates & withheld_by and meant(n) and _covers(n.validity, moment)
        ]
        if delegations:
            return PowerFinding("delegated", tuple(sorted(n.iri for n in delegations)))
        instruments = {norm.instrument for norm in exclusive}
        contrary = [
            n
            for n in self._orders
            if n.instrument not in instruments
            and meant(n)
            and self._holds(n, matter, place, moment)
        ]
        if contrary:
            decisive = sorted({*withheld_by, *(n.iri for n in contrary)})
            return PowerFinding("disputed", tuple(decisive))
        return PowerFinding("withheld", tuple(sorted(withheld_by)))

    def _holds(self, norm: Norm, matter: Matter, place: str, moment: Span) -> bool:
        hazards = self._facts.hazards.get(matter.crisis, frozenset())
        return (
            matter.topic in norm.topics
            and (norm.place is None or self._hierarchy.inside(place, norm.place))
            and (not norm.scope_hazards or bool(norm.scope_hazards & hazards))
            and (not norm.scope_crises or matter.crisis in norm.scope_crises)
            and _covers(norm.validity, moment)
        )

    def grant(self, bearer: Actor, matter: Matter, events: Sequence[Event]) -> Span | None:
        """Return when the bearer was first given leave to publish on the matter."""
        own = self._hierarchy.own_bodies(bearer.iri, Reading.preferred)
        return earliest_of(
            event.span
            for event in events
            if "Authorisation" in event.kinds
            and event.outcome == "granted"
            and event.crisis == matter.crisis
            and event.recipients & own
            and (not event.items or speaks_of(event, matter, ANY_STANCE) is not None)
        )


def _covers(validity: Span, moment: Span) -> bool:
    return validity.first <= moment.first and moment.last <= validity.last
