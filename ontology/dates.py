"""Dates of a small EDTF profile, as closed intervals of whole seconds with a zone.

The curator writes a string; everything else works with two integers: the first
and the last second at which the thing can have happened, both included. With
closed seconds one formula decides every case and agrees with brute force
(half-open bounds do not).

The profile, from EDTF (ISO 8601-2:2019) levels 0 and 1:

========================  =====================================================
``2019``                  a year
``2019-12``               a month
``2019-12-31``            a day
``2019-12-31T13``         an hour (an extension: EDTF itself stops at days or seconds)
``2019-12-31T13:38``      a minute
``2019-12-31T13:38:05``   a second
``...+08:00``, ``...Z``   any of the forms with a time, in a stated zone
``201X``, ``2019-1X``,    some time in the decade, the months 10-12, the days 20-29;
``2019-12-2X``            ``2019-12-XX`` any day of the month, ``2019-XX`` any month
``2019-12-31?``           uncertain: the same bounds, less confidence
``2020-01-03~``           about: needs an explicit margin in seconds
``2020-01-03%``           both
``A/B``                   some moment from the start of A to the end of B
``[A,B,C]``               one of these (bounds: the hull; the members are kept)
``../B`` and ``A/..``     open to one side
========================  =====================================================

Times without a stated zone are read in the zone that the caller gives. Where its
clocks are put back, a time is shown twice and the bounds hold both; a time that
they leave out when put forward does not exist.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from crisisgov.ontology.clocks import first_instant, last_instant

OPEN_PAST = datetime(1, 1, 2, tzinfo=UTC)
"""Stands for "at any earlier time" in an interval open to the past."""

OPEN_FUTURE = datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC)
"""Stands for "at any later time" in an interval open to the future."""

_FIRST_YEAR, _LAST_YEAR = 2, 9998
"""Years that can be counted in every zone, and that lie between the two open ends."""

_EXPECTED = (
    "expected a form such as 2019, 2019-12, 2019-12-31, 2019-12-31T13:38+08:00, 2019-12-2X, "
    "2019-12-30/2020-01-02, [2019-12-30,2020-01-02] or 2020-01-03?"
)

FORM = re.compile(
    r"""(?P<year>[0-9]{2}[0-9X]{2})
        (?:-(?P<month>[0-9X]{2})
          (?:-(?P<day>[0-9X]{2})
            (?:T(?P<hour>\d{2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?
               (?P<zone>Z|[+-]\d{2}:\d{2})?
            )?
          )?
        )?
        (?P<mark>[?~%])?""",
    re.VERBOSE | re.ASCII,
)
"""A single date; intervals and sets are made of these."""


class EdtfError(ValueError):
    """A date string outside the profile, or a date that does not exist."""


@dataclass(frozen=True)
class Bounds:
    """First and last second possible, both included; aware datetimes.

    ``earliest`` and ``latest`` are whole seconds. ``zone_stated`` says whether the
    string itself named a zone, ``uncertain`` whether it carries ``?`` or ``%``,
    ``precision`` is the width that was written (year, month, day, hour, minute,
    second, or range).
    """

    earliest: datetime
    latest: datetime
    precision: str
    zone_stated: bool = False
    uncertain: bool = False
    approximate: bool = False
    members: tuple[Bounds, ...] = field(default=())

    @property
    def earliest_epoch(self) -> int:
        """Seconds from 1970-01-01T00:00:00Z to the first second possible."""
        return _epoch(self.earliest)

    @property
    def latest_epoch(self) -> int:
        """Seconds from 1970-01-01T00:00:00Z to the last second possible."""
        return _epoch(self.latest)

    @property
    def exact(self) -> bool:
        """Whether only one second is possible."""
        return self.earliest == self.latest

    @property
    def open_past(self) -> bool:
        """Whether nothing bounds it towards the past."""
        return self.earliest == OPEN_PAST

    @property
    def open_future(self) -> bool:
        """Whether nothing bounds it towards the future."""
        return self.latest == OPEN_FUTURE


def _epoch(moment: datetime) -> int:
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return delta.days * 86_400 + delta.seconds


def parse(text: str, zone: tzinfo = UTC, margin_seconds: int | None = None) -> Bounds:
    """Return the bounds of a date string.

    :param zone: the zone of times and days for which the string states none
    :param margin_seconds: how far a date with ``~`` or ``%`` may be off, to both
        sides; without it such a date is an error when bounds are asked for by
        :func:`bounds`, while this function keeps the unwidened bounds
    :raises EdtfError: for a form outside the profile, a date that does not exist,
        or an interval whose end lies before its start; the message says what
        would be right
    """
    text = text.strip()
    if not text:
        raise EdtfError(f"empty date; {_EXPECTED}")
    if text.startswith("["):
        return _one_of(text, zone, margin_seconds)
    if "/" in text:
        return _interval(text, zone, margin_seconds)
    return _single(text, zone, margin_seconds)


def _one_of(text: str, zone: tzinfo, margin_seconds: int | None) -> Bounds:
    if not text.endswith("]"):
        raise EdtfError(f"{text!r} lacks the closing bracket of a one-of-a-set")
    members = tuple(_single(part.strip(), zone, margin_seconds) for part in text[1:-1].split(","))
    if len(members) < 2:
        raise EdtfError(f"{text!r}: a one-of-a-set names at least two dates, separated by commas")
    return Bounds(
        min(member.earliest for member in members),
        max(member.latest for member in members),
        "range",
        all(member.zone_stated for member in members),
        any(member.uncertain for member in members),
        any(member.approximate for member in members),
        members,
    )


def _interval(text: str, zone: tzinfo, margin_seconds: int | None) -> Bounds:
    parts = text.split("/")
    if len(parts) != 2 or "" in parts:
        raise EdtfError(f"{text!r}: an interval is START/END; write .. for an open side")
    start_text, end_text = parts
    if start_text == end_text == "..":
        raise EdtfError(f"{text!r} is open to both sides and says nothing")
    start = None if start_text == ".." else _single(start_text, zone, margin_seconds)
    end = None if end_text == ".." else _single(end_text, zone, margin_seconds)
    earliest = start.earliest if start else OPEN_PAST
    latest = end.latest if end else OPEN_FUTURE
    if latest < earliest:
        raise EdtfError(f"{text!r}: the end lies before the start; swap or correct them")
    sides = [side for side in (start, end) if side is not None]
    return Bounds(
        earliest,
        latest,
        "range",
        all(side.zone_stated for side in sides),
        any(side.uncertain for side in sides),
        any(side.approximate for side in sides),
    )


def _single(text: str, zone: tzinfo, margin_seconds: int | None) -> Bounds:
    match = FORM.fullmatch(text)
    if match is None:
        raise EdtfError(f"{text!r} is not a date that is understood here; {_EXPECTED}")
    part = match.groupdict()
    for name, following in (("year", "month"), ("month", "day"), ("day", "hour")):
        if "X" in (part[name] or "") and part[following] is not None:
            raise EdtfError(
                f"{text!r}: X in the {name} cannot be followed by the {following}; "
                f"write {text[: match.end(name)]}"
            )
    if part["zone"]:
        zone = _offset(part["zone"], text)
    try:
        first, last, precision = _naive_bounds(part)
    except ValueError as error:
        raise EdtfError(f"{text!r} does not exist: {error}") from error
    mark = part["mark"] or ""
    earliest, latest = first_instant(first, zone), last_instant(last, zone)
    if latest < earliest:
        raise EdtfError(
            f"{text!r} does not exist in the zone {zone}: its clocks were put forward over it; "
            "correct the time, or state its zone as in +08:00"
        )
    if mark in ("~", "%") and margin_seconds is not None:
        earliest, latest = _widened(earliest, latest, margin_seconds, text)
    return Bounds(
        earliest,
        latest,
        precision,
        zone_stated=part["zone"] is not None,
        uncertain=mark in ("?", "%"),
        approximate=mark in ("~", "%"),
    )


def _offset(text: str, whole: str) -> tzinfo:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    delta = timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)
    if minutes > 59 or not timedelta(hours=-12) <= delta <= timedelta(hours=14):
        raise EdtfError(f"{whole!r}: there is no zone {text}; zones go from -12:00 to +14:00")
    return timezone(delta)


def _digits(text: str, low: int, high: int, name: str) -> tuple[int, int]:
    """Return the smallest and largest number in low..high that the digits and X allow."""
    width = len(text)
    if "X" in text:
        pattern = re.compile(text.replace("X", r"\d"))
        fits = [n for n in range(low, high + 1) if pattern.fullmatch(f"{n:0{width}d}")]
    else:
        fits = [int(text)] if low <= int(text) <= high else []
    if not fits:
        raise ValueError(f"{name} {text} is not between {low:0{width}d} and {high:0{width}d}")
    return fits[0], fits[-1]


def _naive_bounds(part: dict[str, str | None]) -> tuple[datetime, datetime, str]:
    """Return the first and last local second and the precision that was written."""
    year, month, day = part["year"], part["month"], part["day"]
    assert year is not None  # the form has a year
    year_low, year_high = _digits(year, _FIRST_YEAR, _LAST_YEAR, "year")
    if month is None:
        return datetime(year_low, 1, 1), datetime(year_high, 12, 31, 23, 59, 59), "year"
    month_low, month_high = _digits(month, 1, 12, "month")
    if day is None:
        last_day = calendar.monthrange(year_low, month_high)[1]
        return (
            datetime(year_low, month_low, 1),
            datetime(year_low, month_high, last_day, 23, 59, 59),
            "month",
        )
    day_low, day_high = _digits(day, 1, calendar.monthrange(year_low, month_low)[1], "day")
    first, last = date(year_low, month_low, day_low), date(year_low, month_low, day_high)
    hour, minute, second = part["hour"], part["minute"], part["second"]
    if hour is None:
        end = datetime(last.year, last.month, last.day, 23, 59, 59)
        return datetime(first.year, first.month, first.day), end, "day"
    start = datetime(
        first.year, first.month, first.day, int(hour), int(minute or 0), int(second or 0)
    )
    if second is not None:
        return start, start, "second"
    if minute is not None:
        return start, start.replace(second=59), "minute"
    return start, start.replace(minute=59, second=59), "hour"


def _widened(
    earliest: datetime, latest: datetime, margin_seconds: int, text: str
) -> tuple[datetime, datetime]:
    if margin_seconds < 0:
        raise EdtfError(f"{text!r}: a margin of {margin_seconds} seconds; it must not be negative")
    room = min((earliest - OPEN_PAST), (OPEN_FUTURE - latest)).total_seconds()
    if margin_seconds >= room:
        raise EdtfError(
            f"{text!r}: a margin of {margin_seconds} seconds reaches beyond the years that can be "
            "counted; write .. for an open side"
        )
    margin = timedelta(seconds=margin_seconds)
    return earliest - margin, latest + margin


def bounds(text: str, zone: tzinfo, margin_seconds: int | None = None) -> Bounds:
    """Return the bounds of a date that is used in arithmetic.

    The same as :func:`parse`, but a date with ``~`` or ``%`` needs its margin:
    no default is invented.

    :raises EdtfError: as :func:`parse`, and for "about" without a margin
    """
    result = parse(text, zone, margin_seconds)
    if result.approximate and margin_seconds is None:
        raise EdtfError(f"{text!r} says about: give `margin_seconds`, how far it may be off")
    return result
