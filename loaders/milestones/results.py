"""From bounds by actor to milestones of places, with lags from the first case."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crisisgov.loaders.milestones.earliest import (
    FIRST_CASE,
    REPORTED,
    Collector,
    Earliest,
)
from crisisgov.loaders.milestones.reading import World


@dataclass(slots=True)
class Milestone:
    """What came first in a place in a crisis; ``government`` only where it was its own act."""

    crisis: str
    place: str
    basis: str
    kind: str
    when: Earliest
    government: str | None = None
    value: float | None = None
    """The peak, where it is one."""
    lag: tuple[int, int] | None = None
    left_out: int = 0

    @property
    def id(self) -> str:
        """Id of the milestone: crisis, government (else place), basis and kind."""
        whose = self.government or self.place.removeprefix("place/")
        return f"{self.crisis}/{whose}/{self.basis}/{self.kind.replace('/', '-')}"


def milestones(collector: Collector) -> list[Milestone]:
    """Return the milestones of what was collected, in the order of their ids."""
    world = collector.world
    _cases(collector)
    found: dict[tuple[str, str, str, str], Milestone] = {}
    for (crisis, owner, basis, kind), bounds in sorted(collector.found.items()):
        place, government = _whose(world, owner)
        if place is None:
            continue
        left_out = collector.left_out.get((crisis, owner), 0)
        for wider in world.crises_of(crisis):
            key = wider, government or place, basis, kind
            there = found.get(key)
            if there is None:
                found[key] = Milestone(wider, place, basis, kind, replace(bounds), government)
                found[key].left_out = left_out
            else:
                there.when.merge(bounds)
                there.left_out += left_out
    _lags(found)
    return sorted(found.values(), key=lambda one: one.id)


def _whose(world: World, owner: str) -> tuple[str | None, str | None]:
    """Return place and government of an actor (``actor/ID``) or a place (``place/ID``)."""
    if not owner.startswith("actor/"):
        return owner, None
    government = world.government_of(owner.removeprefix("actor/"))
    if government is None:
        return None, None
    return world.jurisdictions.get(government), government


def _cases(collector: Collector) -> None:
    """Add first cases: what was announced, in the place that the announcement is about."""
    for act, name in collector.announced:
        places = [
            collector.world.about[item] for item in act.items if item in collector.world.about
        ]
        if act.first is None or act.last is None or act.alleged:
            continue
        for place in dict.fromkeys(one for one in places if one.startswith("place/")):
            for crisis in dict.fromkeys(act.crises):
                collector.add(
                    crisis, place, REPORTED, FIRST_CASE, act.first, act.last, name, act.home
                )


def _lags(found: dict[tuple[str, str, str, str], Milestone]) -> None:
    """Set the bounds of the time from the first case of the place to each milestone."""
    for (crisis, _, _, kind), one in found.items():
        case = found.get((crisis, one.place, REPORTED, FIRST_CASE))
        if case is not None and kind != FIRST_CASE:
            one.lag = one.when.first - case.when.last, one.when.last - case.when.first
