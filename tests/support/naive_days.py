"""A second way to judge limits in working days: days counted one by one from lists made by hand.

The lists are those of the first half of 2020: for China the State Council's notices of 21
November 2019 and 26 January 2020 (the Spring Festival holiday drawn out to 2 February), for
Japan the days of its law on national holidays. It shares no code with what it checks, and
knows no time zone but a fixed distance from UTC.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

DAY = 86_400
EPOCH = date(1970, 1, 1).toordinal()
HOURS_AHEAD = {"CN": 8, "JP": 9}

_FREE = {
    "CN": {(1, 1), *((1, day) for day in range(24, 32)), (2, 1), (2, 2), (4, 4), (4, 5), (4, 6),
           (5, 1), (5, 2), (5, 3), (5, 4), (5, 5), (6, 25), (6, 26), (6, 27)},
    "JP": {(1, 1), (1, 13), (2, 11), (2, 23), (2, 24), (3, 20), (4, 29), (5, 3), (5, 4), (5, 5),
           (5, 6)},
}  # fmt: skip
_WORKED_AT_WEEKENDS = {"CN": {(1, 19), (4, 26), (5, 9), (6, 28)}, "JP": set[tuple[int, int]]()}

Window = tuple[int, int]


def is_worked(ordinal: int, country: str) -> bool:
    """Whether people work on a day of the first half of 2020, given as its ordinal."""
    day = date.fromordinal(ordinal)
    assert date(2020, 1, 1) <= day < date(2020, 7, 1)
    if (day.month, day.day) in _WORKED_AT_WEEKENDS[country]:
        return True
    return day.weekday() < 5 and (day.month, day.day) not in _FREE[country]


def second_of(year: int, month: int, day: int, country: str) -> int:
    """Return the first second of a local day, since 1970."""
    return (date(year, month, day).toordinal() - EPOCH) * DAY - HOURS_AHEAD[country] * 3_600


def due(moment: int, count: int, country: str) -> int:
    """Return the last second of the nth working day after the local day of a moment."""
    ahead = HOURS_AHEAD[country] * 3_600
    ordinal = EPOCH + (moment + ahead) // DAY
    while count:
        ordinal += 1
        count -= is_worked(ordinal, country)
    return (ordinal - EPOCH + 1) * DAY - ahead - 1


@dataclass(frozen=True)
class Limit:
    """So many working days, drawn out by so many more with leave."""

    days: int
    more: int
    country: str


def telling(window: Window, country: str) -> set[int]:
    """Return the seconds that matter: the ends, and both sides of every midnight between.

    Between two of them nothing changes, since only the local day counts.
    """
    ahead = HOURS_AHEAD[country] * 3_600
    first, last = window
    midnights = range(((first + ahead) // DAY + 1) * DAY - ahead, last + 1, DAY)
    return {first, last, *midnights, *(second - 1 for second in midnights)}


def firsts(windows: Iterable[Window], country: str) -> set[int]:
    """Return the seconds that matter of the first of several events."""
    every = [telling(window, country) for window in windows]
    return {min(chosen) for chosen in itertools.product(*every)} if every else set()


def judge(
    limit: Limit,
    known: Iterable[Window],
    told: Iterable[Window],
    leave: Iterable[Window] = (),
    searched: int | None = None,
    as_of: int = 1 << 50,
) -> tuple[str, int | None, int | None]:
    """Return the verdict with the shortest and the longest delay, every moment tried."""
    starts, answers = firsts(known, limit.country), firsts(told, limit.country)
    given: set[int | None] = {*firsts(leave, limit.country)} or {None}

    def allowed(start: int, moment: int | None) -> int:
        plain = due(start, limit.days, limit.country)
        if moment is None or moment > plain:
            return plain
        return due(start, limit.days + limit.more, limit.country)

    if not starts:
        return "no-data", None, None
    times = {(t, allowed(t, moment)) for t in starts for moment in given}
    if not answers:
        if searched is not None and all(searched > last for _, last in times):
            return "no-response", searched - max(starts), None
        pending = all(last >= as_of for _, last in times)
        return ("pending" if pending else "no-data"), None, None
    worlds = [(t, last, r) for t, last in times for r in answers]
    delays = [max(0, r - t) for t, _, r in worlds]
    if all(r < t for t, _, r in worlds):
        word = "preemptive"
    elif all(r > last for _, last, r in worlds):
        word = "definitely-late"
    elif all(r <= last for _, last, r in worlds):
        word = "on-time"
    else:
        word = "possibly-late"
    return word, min(delays), max(delays)
