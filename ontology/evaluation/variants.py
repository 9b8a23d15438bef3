"""What each live claim would make of an event, and the three readings.

An event as recorded follows the curator's preferred claims. Every other live
claim gives a variant: another date, another actor or recipient, or that it did
not happen at all. A reading picks, for one finding, one variant of each event
that matters; the most and the least favourable readings are found by trying
every combination, so they are exact and not sampled.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from crisisgov.errors import CrisisgovError
from crisisgov.ontology.evaluation.facts import Claim, Event, Facts
from crisisgov.ontology.evaluation.timing import rebound

T = TypeVar("T")

MOST_COMBINATIONS = 20_000
"""Above this a finding would take minutes; the records then name too many disputes at once."""


class Reading(StrEnum):
    """Which selection of contested evidence a verdict follows."""

    favourable = "favourable"
    preferred = "preferred"
    unfavourable = "unfavourable"


ByReading = dict[Reading, tuple[T, tuple[str, ...]]]
"""Of each reading what comes out, and the claims that lead to it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """An event as one selection of claims has it; ``event`` is None where it did not happen."""

    event: Event | None
    claims: tuple[str, ...] = ()
    """The claims that make it differ from the record."""
    weak: bool = False
    """Whether one of these rests on weak sources only."""


def variants(event: Event, claims: Sequence[Claim]) -> list[Variant]:
    """Return the preferred variant first, then every other that live claims allow.

    An alleged event did not happen in the preferred variant; as recorded it is
    one of the others, by the claims that say that it occurred.
    """
    if not claims and not event.alleged:
        return [Variant(event, (), event.weak)]
    dates: list[tuple[Event, tuple[str, ...], bool]] = [(event, (), event.weak)]
    for claim in claims:
        if claim.property == "date" and claim.span is not None and claim.span != event.span:
            dated = replace(event, span=claim.span, hangs_on=())
            dates.append((dated, (claim.iri,), claim.weak))
    parties = list(dates)
    for claim in claims:
        if claim.entity is None or claim.property not in ("actor", "recipient"):
            continue
        named, is_actor = frozenset({claim.entity}), claim.property == "actor"
        if named == (event.actors if is_actor else event.recipients):
            continue
        parties += [
            # where the record itself is weak, a claim with a better source is not
            (
                replace(one, actors=named) if is_actor else replace(one, recipients=named),
                (*used, claim.iri),
                claim.weak or (weak and bool(used)),
            )
            for one, used, weak in dates
        ]
    happened = [Variant(one, used, weak) for one, used, weak in parties]
    denying = [c for c in claims if c.property == "occurred" and c.literal == "false"]
    absent = [Variant(None, (claim.iri,), claim.weak) for claim in denying]
    if event.alleged:
        asserting = [c for c in claims if c.property == "occurred" and c.literal == "true"]
        names, doubtful = tuple(c.iri for c in asserting), all(c.weak for c in asserting)
        happened = [
            replace(one, claims=(*names, *one.claims), weak=one.weak or (bool(names) and doubtful))
            for one in happened
        ]
        return [absent[0] if absent else Variant(None), *happened, *absent[1:]]
    return [*happened, *absent]


class Evidence:
    """The variants of all events, and the choice among them for one finding."""

    def __init__(self, facts: Facts) -> None:
        self._variants = {
            iri: variants(event, facts.claims.get(iri, ())) for iri, event in facts.events.items()
        }
        self.preferred: dict[str, Event] = {
            iri: every[0].event
            for iri, every in self._variants.items()
            if every[0].event is not None
        }
        self.disputed = frozenset(iri for iri, every in self._variants.items() if len(every) > 1)
        self._forms = {
            iri: tuple(one.event for one in every if one.event is not None)
            for iri, every in self._variants.items()
        }

    def all_variants(self, iri: str) -> tuple[Event, ...]:
        """Return every form that an event takes under some claims."""
        return self._forms[iri]

    def with_anchors(self, names: Sequence[str]) -> list[str]:
        """Return events with those from which their dates count, where claims differ on these."""
        anchors = {
            link.anchor
            for name in names
            for event in self.all_variants(name)
            for link in event.hangs_on
        }
        if not anchors & self.disputed:
            return list(names)
        return sorted({*names, *(name for name in anchors if name in self._variants)})

    def read(
        self,
        relevant: Sequence[str],
        judge: Callable[[Sequence[Event], Reading], T],
        badness: Callable[[T], tuple[int, ...]],
    ) -> ByReading[T]:
        """Return the outcome of each reading: the best, the recorded and the worst there can be.

        :param judge: says what comes out of one selection of evidence in one reading
        :raises CrisisgovError: when the combinations are too many to try
        """
        if self.disputed.isdisjoint(relevant):
            events = _events([self._variants[iri][0] for iri in relevant])
            return {reading: (judge(events, reading), ()) for reading in Reading}
        found = {}
        for reading in Reading:
            every = (
                (judge(events, reading), claims)
                for events, claims in self.selections(relevant, reading)
            )
            pick = max if reading is Reading.unfavourable else min
            found[reading] = pick(every, key=lambda pair: badness(pair[0]))
        return found

    def selections(
        self, relevant: Sequence[str], reading: Reading
    ) -> Iterator[tuple[list[Event], tuple[str, ...]]]:
        """Yield, for every combination that the reading allows, the events and the claims used.

        The preferred reading has one combination. In the least favourable one a
        variant that rests on weak sources only is left out: a weak source may
        widen a bound, never worsen a verdict.

        :raises CrisisgovError: when the combinations are too many to try
        """
        choices = [self._choices(iri, reading) for iri in relevant]
        count = math.prod(len(choice) for choice in choices)
        if count > MOST_COMBINATIONS:
            raise CrisisgovError(
                f"{count} combinations of claims bear on one finding "
                f"({', '.join(relevant[:3])} ...); "
                "settle some of these claims (status superseded or rejected)"
            )
        for chosen in itertools.product(*choices):
            yield _events(chosen), tuple(claim for variant in chosen for claim in variant.claims)

    def _choices(self, iri: str, reading: Reading) -> list[Variant]:
        every = self._variants[iri]
        if reading is Reading.preferred:
            return every[:1]
        if reading is Reading.unfavourable:
            return [v for number, v in enumerate(every) if number == 0 or not v.weak]
        return every

    def single_flips(
        self, relevant: Sequence[str]
    ) -> Iterator[tuple[list[Event], tuple[str, ...]]]:
        """Yield the preferred selection with one event changed at a time, and its claims."""
        for position, iri in enumerate(relevant):
            for variant in self._variants[iri][1:]:
                chosen = [self._variants[name][0] for name in relevant]
                chosen[position] = variant
                yield _events(chosen), variant.claims


def _events(chosen: Sequence[Variant]) -> list[Event]:
    """Return the events of a selection; a date that counts from another's moves with it."""
    events = [variant.event for variant in chosen if variant.event is not None]
    if not any(event.hangs_on for event in events):
        return events
    by_name = {event.iri: event for event in events}
    return [rebound(event, by_name) for event in events]
