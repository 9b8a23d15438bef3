"""Dates and delays in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

DAY = 86_400  # seconds

_OFFSET = re.compile(r"T[\d:]+([+-]\d\d:\d\d|Z)")
_LAST_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class When:
    """A date as the record writes it, with its first and last second in UTC; empty = open."""

    edtf: str = ""
    earliest: str = ""
    latest: str = ""

    @property
    def words(self) -> str:
        """The bounds in words, in the time of the place."""
        return _words(self, "%-d %B %Y", long=True)

    @property
    def brief(self) -> str:
        """The bounds in few characters, for tables."""
        return _words(self, "%-d %b %Y", long=False)

    def __bool__(self) -> bool:
        return bool(self.edtf or self.earliest or self.latest)


def _words(when: When, day: str, *, long: bool) -> str:
    zone = _zone(when)
    first, last = _moment(when.earliest, zone), _moment(when.latest, zone)
    if first is None and last is None:
        return when.edtf or "no date"
    text = _span(first, last, day, long=long)
    return f"{text} ({_zone_name(zone)})" if long else text


def _span(first: datetime | None, last: datetime | None, day: str, *, long: bool) -> str:
    if first is None and last is not None:
        return ("at the latest on " if long else "by ") + last.strftime(day)
    if first is not None and last is None:
        return ("not before " if long else "from ") + first.strftime(day)
    assert first is not None and last is not None
    whole_days = first.strftime("%H%M%S") == "000000" and last.strftime("%H%M%S") == "235959"
    if whole_days and first.date() == last.date():
        return first.strftime(day)
    if whole_days:
        return _range(first.strftime(day), last.strftime(day), long=long)
    if first.replace(second=0) == last.replace(second=0):
        return first.strftime(f"{day}, %H:%M")
    if first.date() == last.date():
        times = _range(first.strftime("%H:%M"), last.strftime("%H:%M"), long=long)
        return f"{first.strftime(day)}, {times}"
    stamp = f"{day}, %H:%M"
    return _range(first.strftime(stamp), last.strftime(stamp), long=long)


def _range(first: str, last: str, *, long: bool) -> str:
    if long:
        return f"between {first} and {last}"
    # 17 Jan 2020 - 20 Jan 2020 -> 17-20 Jan 2020
    first_parts, last_parts = first.split(), last.split()
    if len(first_parts) == len(last_parts) == 3 and first_parts[1:] == last_parts[1:]:
        return f"{first_parts[0]}–{last}"
    if len(first_parts) == len(last_parts) == 3 and first_parts[2] == last_parts[2]:
        return f"{first_parts[0]} {first_parts[1]} – {last}"
    return f"{first} – {last}"


def _zone(when: When) -> timezone:
    """Return the zone: as written, else the one in which the bounds are whole days."""
    written = _OFFSET.search(when.edtf)
    if written and written[1] != "Z":
        hours, minutes = int(written[1][1:3]), int(written[1][4:])
        sign = -1 if written[1][0] == "-" else 1
        return timezone(sign * timedelta(hours=hours, minutes=minutes))
    first, last = _moment(when.earliest, UTC), _moment(when.latest, UTC)
    start = first if first is not None else last + _LAST_SECOND if last is not None else None
    if written or start is None:
        return UTC
    offset = -int(start.timestamp()) % DAY
    if offset > 14 * 3600:
        offset -= DAY
    if offset % 900 or offset < -12 * 3600:
        return UTC
    return timezone(timedelta(seconds=offset))


def _zone_name(zone: timezone) -> str:
    offset = zone.utcoffset(None)
    minutes = int(offset.total_seconds()) // 60
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def _moment(text: str, zone: timezone) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(zone) if text else None
    except ValueError:
        return None


def day_of(text: str) -> str:
    """Return an ISO date, or a moment in UTC at its end or start of day in China, as a day."""
    return When("", text, text).brief if "T" in text else text


def validity(first: str, last: str) -> str:
    """Return a time of validity in words."""
    if not first and not last:
        return ""
    start, end = When("", first, "").brief, When("", "", last).brief
    if first and last:
        return f"{start.removeprefix('from ')} to {end.removeprefix('by ')}"
    return f"since {start.removeprefix('from ')}" if first else f"until {end.removeprefix('by ')}"


def delay(first: str, last: str) -> str:
    """Return bounds of a delay in seconds as days in words; ``last`` empty = open."""
    if not first:
        return ""
    low = int(first)
    if not last:
        return f"at least {length(low)}, still open"
    high = int(last)
    if high == low:
        return length(low)
    if high < 2 * DAY:
        return f"{low / 3600:.1f} to {high / 3600:.1f} hours"
    return f"{low / DAY:.1f} to {high / DAY:.1f} days"


def length(seconds: int) -> str:
    """Return a length of time in the unit that suits it."""
    if seconds and seconds <= 2 * DAY and seconds % 3600 == 0:
        return f"{seconds // 3600} hour{'' if seconds == 3600 else 's'}"
    for size, name in ((DAY, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size or (seconds >= size and seconds % size == 0):
            number = f"{seconds / size:.1f}".removesuffix(".0")
            return f"{number} {name}{'' if number == '1' else 's'}"
    return f"{seconds} seconds" if seconds else "none"
