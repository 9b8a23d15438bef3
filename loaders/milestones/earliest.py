"""The earliest bounds of each kind of act, by crisis and place, as events pass by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crisisgov.loaders.crosswalk.table import UNASSIGNED, Crosswalk
from crisisgov.loaders.milestones.reading import Act, Statement, World

OWN_ACT, IN_FORCE, REPORTED = "own-act", "in-force", "reported"
"""Whose it is: an act of the government, what applied in the place, or what was counted."""

FIRST_CASE, FIRST_INFORMATION, FIRST_EMERGENCY = (
    "first-case",
    "first-information",
    "first-emergency",
)

PEAK = "peak-stringency"

_NO_START = frozenset({"Reversal", "AllegedEvent"})


@dataclass(slots=True)
class Earliest:
    """Bounds of the earliest of some events: that of none is later than ``last``.

    ``first`` is the smallest first second of all, ``last`` the smallest last second; each
    with the event that has it, and the named graph of that event.
    """

    first: int
    first_event: str
    first_home: str
    last: int
    last_event: str
    last_home: str
    events: int = 1

    def take(self, first: int, last: int, event: str, home: str) -> None:
        """Take in one more event; of equal ones that with the smaller id counts."""
        self.merge(Earliest(first, event, home, last, event, home))

    def merge(self, other: Earliest) -> None:
        """Take in the events of another."""
        self.events += other.events
        if (other.first, other.first_event) < (self.first, self.first_event):
            self.first, self.first_event = other.first, other.first_event
            self.first_home = other.first_home
        if (other.last, other.last_event) < (self.last, self.last_event):
            self.last, self.last_event = other.last, other.last_event
            self.last_home = other.last_home


Key = tuple[str, str, str, str]
"""Crisis, actor or place as the events name it, basis, kind."""


class Collector:
    """Takes statements as they come; holds a few numbers for each event, and the bounds."""

    def __init__(self, crosswalk: Crosswalk) -> None:
        self.world = World()
        self.found: dict[Key, Earliest] = {}
        self.left_out: dict[tuple[str, str], int] = {}
        """Events of a crisis and an actor or place left out because their date is suspect."""
        self.announced: list[tuple[Act, str]] = []
        """Events that told of cases, with their ids."""
        self.places: set[str] = set()
        """Every place of an event, as ``place/ID``."""
        self._crosswalk = crosswalk
        self._now: Act | None = None
        self._now_id = ""
        # what later lines need of an event: its dates and owners; the hash stands for the id
        self._known: dict[int, tuple[int, int, tuple[tuple[str, str, str], ...], str]] = {}
        self._shared: dict[tuple[tuple[str, str, str], ...], tuple[tuple[str, str, str], ...]] = {}
        self._record_event = ("", "")
        self._responsibilities: dict[str, str | None] = {}

    def take(self, statements: Iterable[Statement]) -> None:
        """Take in statements; those of one event follow each other."""
        for kind, name, predicate, value, graph in statements:
            if kind == "event":
                self._event(name, predicate, value, graph)
            elif kind == "record":
                self._record(name, predicate, value)
            else:
                self._aside(kind, name, predicate, value, graph)

    def end(self) -> None:
        """Close the last event."""
        if self._now is not None:
            self._close()

    # --- Events -----------------------------------------------------------------------

    def _event(self, name: str, predicate: str, value: str, graph: str) -> None:
        if name != self._now_id:
            if self._now is not None:
                self._close()
            self._now_id = name
            self._now = None if hash(name) in self._known else Act()
        act = self._now
        if act is None:
            self._later(name, predicate, value)
            return
        if predicate == "type":
            act.kinds.append(value.removeprefix("ontology#"))
        elif predicate == "earliestEpoch":
            act.first = int(value)
        elif predicate == "latestEpoch":
            act.last = int(value)
        elif predicate == "crisis":
            act.crises.append(value.removeprefix("crisis/"))
            act.home = graph
        elif predicate == "place":
            act.places.append(value)
            self.places.add(value)
        elif predicate in ("actor", "onBehalfOf"):
            act.actors.append(value.removeprefix("actor/"))
        elif predicate == "measureType":
            act.measures.append(value.rpartition("/")[2])
        elif predicate == "suspectDate":
            act.suspect = value == "true"
        elif predicate == "phase":
            act.ended = value == "end"
        elif predicate == "dateKind":
            act.date_kind = value.rpartition("/")[2]
        elif predicate == "conveys":
            act.items.append(value.removeprefix("item/"))

    def _close(self) -> None:
        act, name = self._now, self._now_id
        self._now, self._now_id = None, ""
        if act is None or act.first is None or act.last is None:
            return
        if act.ended or not _NO_START.isdisjoint(act.kinds):
            owners: tuple[tuple[str, str, str], ...] = ()
        else:
            owners = tuple(
                (crisis, owner, basis)
                for crisis in dict.fromkeys(act.crises)
                for owner, basis in self._owners(act)
            )
        if act.suspect:
            for crisis, owner, _ in owners:
                key = crisis, owner
                self.left_out[key] = self.left_out.get(key, 0) + 1
            owners = ()
        owners = self._shared.setdefault(owners, owners)
        known = act.first, act.last, owners, act.home
        self._known[hash(name)] = known
        for kind in milestones_of(act.kinds, act.measures):
            self._add(known, name, kind)
        if act.date_kind == "announced" and not act.suspect:
            self.announced.append((act, name))

    def _owners(self, act: Act) -> Iterator[tuple[str, str]]:
        """Yield whose an event is: its actors; without one, what applied in its place."""
        if act.actors:
            for actor in dict.fromkeys(act.actors):
                yield f"actor/{actor}", OWN_ACT
        elif act.home.startswith("data/"):
            for place in act.places:
                yield place, IN_FORCE

    def _later(self, name: str, predicate: str, value: str) -> None:
        """Take in a kind or measure type that is stated of an event after others."""
        known = self._known[hash(name)]
        kinds = [value.removeprefix("ontology#")] if predicate == "type" else []
        measures = [value.rpartition("/")[2]] if predicate == "measureType" else []
        for kind in milestones_of(kinds, measures):
            self._add(known, name, kind)

    def _add(
        self,
        known: tuple[int, int, tuple[tuple[str, str, str], ...], str],
        event: str,
        kind: str,
    ) -> None:
        first, last, owners, home = known
        for crisis, owner, basis in owners:
            if basis == IN_FORCE and kind == FIRST_INFORMATION:
                continue  # that the public was told says nothing without who told it
            self.add(crisis, owner, basis, kind, first, last, event, home)

    def add(
        self,
        crisis: str,
        owner: str,
        basis: str,
        kind: str,
        first: int,
        last: int,
        event: str,
        home: str,
    ) -> None:
        """Take in that something of a kind is dated between two seconds."""
        key = crisis, owner, basis, kind
        there = self.found.get(key)
        if there is None:
            self.found[key] = Earliest(first, event, home, last, event, home)
        else:
            there.take(first, last, event, home)

    # --- Records and what stands aside ---------------------------------------------------

    def _record(self, name: str, predicate: str, value: str) -> None:
        """Take in the category of a row: the responsibility that its event serves."""
        if predicate == "documents":
            self._record_event = name, value.removeprefix("event/")
        elif predicate == "category" and self._record_event[0] == name:
            event = self._record_event[1]
            if event == self._now_id and self._now is not None:
                self._close()
            known = self._known.get(hash(event))
            responsibility = self._responsibility(value.removeprefix("category/"))
            if known is not None and responsibility is not None:
                self._add(known, event, f"first-of/{responsibility}")

    def _responsibility(self, category: str) -> str | None:
        if category not in self._responsibilities:
            label = self.world.categories.get(category, "")
            home = self.world.homes.get(category, "")
            rule = self._crosswalk.rule(home, label)
            named = rule.responsibility if rule is not None else UNASSIGNED
            self._responsibilities[category] = None if named == UNASSIGNED else named
        return self._responsibilities[category]

    def _aside(self, kind: str, name: str, predicate: str, value: str, graph: str) -> None:
        world = self.world
        if kind == "crisis" and predicate == "partOfCrisis":
            world.wider.setdefault(name, []).append(value.removeprefix("crisis/"))
        elif kind == "item" and predicate == "about":
            world.about[name] = value
        elif kind == "category" and predicate == "label":
            world.categories[name] = value.replace('\\"', '"').replace("\\\\", "\\")
            world.homes[name] = graph.removeprefix("data/")
        elif kind == "actor":
            if predicate == "departmentOf":
                world.whole[name] = value.removeprefix("actor/")
            elif predicate == "jurisdiction":
                world.jurisdictions[name] = value
            elif predicate == "type" and value == "ontology#Government":
                world.governments.add(name)


def milestones_of(kinds: Iterable[str], measures: Iterable[str]) -> Iterator[str]:
    """Yield the kinds of milestone that an event of these kinds and measure types can be."""
    emergency = False
    for kind in kinds:
        if kind == "Disclosure":
            yield FIRST_INFORMATION
        elif kind == "EmergencyLevelChange":
            emergency = True
    for measure in measures:
        emergency = emergency or measure == "emergency-response"
        yield f"first-measure/{measure}"
    if emergency:
        yield FIRST_EMERGENCY
