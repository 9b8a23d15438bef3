"""Dates told by their distance from another event: "two days later", "five hours before".

The distance is all that is certain, so two events that hang on the same one have a
delay between them that no uncertainty of that event widens. Hours, minutes and
seconds are a shift by exactly that much; so are days marked as exact. Plain days mean
the calendar day that many days on, in the zone of the place: some second of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crisisgov.ontology.clocks import first_instant, last_instant

MOST_BREAKS = 4_000
"""Local days that are looked at one by one; an event within a wider span is taken by its bounds."""

NO_MOMENT_BEYOND = 1 << 40
"""Seconds that no date reaches; such numbers stand for open ends."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Window = tuple[int, int]
"""First and last second, both included."""


@dataclass(frozen=True)
class Shift:
    """From one event to another: by exactly some seconds, or to a calendar day some days on."""

    seconds: int | None = None
    days: int | None = None
    zone: str = "UTC"

    def apply(self, window: Window) -> Window:
        """Return when something can have happened that is this far from something in a window."""
        return self._end(window[0], time()), self._end(window[1], time(23, 59, 59))

    def _end(self, second: int, of_day: time) -> int:
        """Return one end of the window; an open one stays open."""
        if abs(second) > NO_MOMENT_BEYOND:
            return second
        if self.seconds is not None:
            return second + self.seconds
        assert self.days is not None  # one of the two
        where = ZoneInfo(self.zone)
        day = _local(second, where).date() + timedelta(days=self.days)
        at = first_instant if of_day == time() else last_instant
        return _seconds(at(datetime.combine(day, of_day), where))


def difference(root: Window, one: Sequence[Shift], other: Sequence[Shift]) -> Window | None:
    """Return the least and greatest number of seconds from one event to another.

    Both hang on the same root, by the given shifts in order (none: it is the root
    itself). Negative where the other comes first. Exact: for each second of the root the
    two are free within what their shifts leave open, and only where a local day begins or
    ends does that change. None for a root whose span is too wide to be looked at.
    """
    if root[1] - root[0] > MOST_BREAKS * 86_400:
        return None
    lows, highs = [], []
    for second in _breaks(root, one, other):
        a, b = _follow(second, one), _follow(second, other)
        lows.append(b[0] - a[1])
        highs.append(b[1] - a[0])
    return min(lows), max(highs)


def _follow(second: int, shifts: Sequence[Shift]) -> Window:
    window = (second, second)
    for shift in shifts:
        window = shift.apply(window)
    return window


def _breaks(root: Window, *chains: Sequence[Shift]) -> Iterator[int]:
    """Yield the ends of every stretch of the root in which the chains move evenly.

    A chain moves with the root up to its first shift by calendar days; from there on only
    the local day counts. So it breaks where, after the exact shifts before, a day begins.
    """
    found = set(root)
    for chain in chains:
        exact = 0
        for shift in chain:
            if shift.seconds is not None:
                exact += shift.seconds
                continue
            where = ZoneInfo(shift.zone)
            day = _local(root[0] + exact, where).date()
            while True:
                day += timedelta(days=1)
                begin = _seconds(first_instant(datetime.combine(day, time()), where)) - exact
                if begin > root[1]:
                    break
                found |= {begin - 1, begin}
            break
    yield from sorted(second for second in found if root[0] <= second <= root[1])


def _local(seconds: int, where: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(where)


def _seconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(seconds=1)
