"""Days and times as bounds in seconds; a day costs one look-up after the first time."""

from __future__ import annotations

from datetime import UTC, date
from functools import lru_cache
from zoneinfo import ZoneInfo

from crisisgov.ontology.dates import EdtfError, bounds
from crisisgov.ontology.quads import iso

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 1, 1)
"""Days outside are slips of the keyboard, such as 0202-03-01."""


class DayError(ValueError):
    """Text that is no day, or a day that cannot be meant."""


Window = tuple[int, int, str, str]
"""First and last second since 1970, and both as ISO 8601 in UTC."""


@lru_cache(maxsize=200_000)
def window(day: str, zones: tuple[str, ...]) -> Window:
    """Return the bounds of a day: where a place has several zones, those of all of them.

    :param day: a calendar day, ``2020-01-23``
    :param zones: IANA names; none means UTC
    :raises DayError: for text that is no day between 1990 and 2100
    """
    try:
        found = date.fromisoformat(day) if len(day) == 10 else None
    except ValueError as error:
        raise DayError(f"{day!r} is no day of the calendar") from error
    if found is None:
        raise DayError(f"{day!r} is no day; expected YYYY-MM-DD")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise DayError(f"{day!r} lies outside {FIRST_DAY} to {LAST_DAY}")
    try:
        each = [bounds(day, ZoneInfo(name)) for name in zones] or [bounds(day, UTC)]
    except EdtfError as error:
        raise DayError(str(error)) from error
    first = min(one.earliest_epoch for one in each)
    last = max(one.latest_epoch for one in each)
    return first, last, iso(first), iso(last)


def span(first: str, last: str, zones: tuple[str, ...]) -> Window:
    """Return the bounds of some day from one to another, both included.

    :raises DayError: for text that is no day between 1990 and 2100
    """
    begin = window(first, zones)
    if last == first:
        return begin
    end = window(last, zones)
    return begin[0], end[1], begin[2], end[3]
