"""Dates against an independent enumeration, and examples worked out by hand.

The enumeration knows nothing of calendars or summer time: it walks through the
minutes that a date could mean, asks the zone what its clocks show, and compares
digit by digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crisisgov.ontology.dates import OPEN_FUTURE, OPEN_PAST, Bounds, EdtfError, bounds, parse

SHANGHAI = ZoneInfo("Asia/Shanghai")

# one zone for each kind of trouble: none, whole hours, clocks changed at midnight, half an hour,
# at one minute past midnight, a whole day left out, quarters of an hour
ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
    "Asia/Kathmandu",
)
CHANGES = (
    datetime(2020, 3, 29, 2, 30),  # Berlin, put forward
    datetime(2020, 10, 25, 2, 30),  # Berlin, put back
    datetime(2018, 11, 4, 0, 15),  # Sao Paulo, put forward at midnight
    datetime(2018, 2, 17, 23, 15),  # Sao Paulo, put back at midnight
    datetime(2019, 10, 6, 2, 15),  # Lord Howe, put forward by half an hour
    datetime(2019, 4, 7, 1, 45),  # Lord Howe, put back by half an hour
    datetime(2010, 4, 4, 0, 0),  # St John's puts its clocks back at 0:01 in the autumn
    datetime(2010, 11, 7, 0, 0),
    datetime(2011, 12, 30, 12, 0),  # Apia had no such day
    datetime(1986, 5, 4, 2, 30),  # Shanghai's summer time
)
LENGTHS = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}


def seconds(moment: datetime) -> int:
    return round(moment.timestamp())


def span(result: Bounds) -> tuple[int, int]:
    return result.earliest_epoch, result.latest_epoch


def fits(pattern: str, shown: str) -> bool:
    return all(wanted in ("X", digit) for wanted, digit in zip(pattern, shown, strict=False))


def days_of(pattern: str) -> list[date]:
    first = date(int(pattern[:4].replace("X", "0")), 1, 1)
    last = date(int(pattern[:4].replace("X", "9")), 12, 31)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if fits(pattern[:10], day.isoformat())]


def seconds_of_day(pattern: str, day: date, zone: tzinfo) -> Iterator[tuple[int, int]]:
    """Yield the first and last second of each minute that can be meant and lies in this day."""
    midnight = seconds(datetime(day.year, day.month, day.day, tzinfo=UTC))
    for start in range(midnight - 14 * 3600, midnight + 36 * 3600, 60):
        shown = datetime.fromtimestamp(start, zone).isoformat()[:16]
        if shown.startswith(day.isoformat()) and fits(pattern, shown):
            exact = pattern[17:19]
            yield (start + int(exact), start + int(exact)) if exact else (start, start + 59)


def enumerate_seconds(pattern: str, zone: tzinfo) -> tuple[int, int] | None:
    """Return the first and last second meant; None where the clocks never show such a time."""
    days = days_of(pattern)
    ends = []
    for direction in (days, days[::-1]):
        found = next(filter(None, (list(seconds_of_day(pattern, d, zone)) for d in direction)), [])
        if not found:
            return None
        ends.append(found)
    return min(low for low, _ in ends[0]), max(high for _, high in ends[1])


moments = st.one_of(
    st.sampled_from(CHANGES).flatmap(
        lambda change: st.integers(-180, 180).map(lambda n: change + timedelta(minutes=n))
    ),
    st.datetimes(datetime(1975, 1, 1), datetime(2036, 12, 31)),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """A date of any width, its last part possibly with X for digits."""
    width = draw(st.sampled_from(list(LENGTHS)))
    text = f"{draw(moments):%Y-%m-%dT%H:%M:%S}"[: LENGTHS[width]]
    if width in ("year", "month", "day"):
        unknown = draw(st.sampled_from((0, 0, 1) if width == "year" else (0, 0, 1, 2)))
        text = text[: len(text) - unknown] + "X" * unknown
    return text


@st.composite
def offsets(draw: st.DrawFn) -> tuple[str, tzinfo]:
    minutes = draw(st.integers(-12 * 60, 14 * 60))
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    return f"{sign}{size // 60:02d}:{size % 60:02d}", timezone(timedelta(minutes=minutes))


@given(patterns(), zones)
def test_bounds_are_the_first_and_last_second_that_the_clocks_show(
    pattern: str, zone: ZoneInfo
) -> None:
    expected = enumerate_seconds(pattern, zone)

    if expected is None:
        with pytest.raises(EdtfError, match="does not exist in the zone"):
            parse(pattern, zone)
    else:
        assert span(parse(pattern, zone)) == expected


@given(moments, st.sampled_from(["hour", "minute", "second"]), offsets(), zones)
def test_a_stated_zone_prevails_over_that_of_the_place(
    moment: datetime, width: str, offset: tuple[str, tzinfo], place: ZoneInfo
) -> None:
    pattern = f"{moment:%Y-%m-%dT%H:%M:%S}"[: LENGTHS[width]]
    result = parse(pattern + offset[0], place)

    assert result.zone_stated
    assert span(result) == enumerate_seconds(pattern, offset[1])


@settings(max_examples=50)
@given(patterns(), patterns(), zones)
def test_an_interval_runs_from_the_start_of_one_date_to_the_end_of_the_other(
    start: str, end: str, zone: ZoneInfo
) -> None:
    first, last = enumerate_seconds(start, zone), enumerate_seconds(end, zone)
    assume(first is not None and last is not None)
    assert first is not None and last is not None

    if last[1] < first[0]:
        with pytest.raises(EdtfError, match="the end lies before the start"):
            parse(f"{start}/{end}", zone)
    else:
        assert span(parse(f"{start}/{end}", zone)) == (first[0], last[1])


@given(patterns(), zones)
def test_an_open_side_is_bounded_by_nothing(pattern: str, zone: ZoneInfo) -> None:
    expected = enumerate_seconds(pattern, zone)
    assume(expected is not None)
    assert expected is not None
    until, since = parse(f"../{pattern}", zone), parse(f"{pattern}/..", zone)

    assert (until.open_past, until.open_future) == (True, False)
    assert (since.open_past, since.open_future) == (False, True)
    assert until.latest_epoch == expected[1]
    assert since.earliest_epoch == expected[0]


@settings(max_examples=30)
@given(st.lists(patterns(), min_size=2, max_size=4), zones)
def test_one_of_a_set_keeps_its_members_and_is_bounded_by_their_hull(
    members: list[str], zone: ZoneInfo
) -> None:
    expected = [found for m in members if (found := enumerate_seconds(m, zone)) is not None]
    assume(len(expected) == len(members))
    result = parse(f"[{', '.join(members)}]", zone)

    assert [span(member) for member in result.members] == expected
    assert span(result) == (min(low for low, _ in expected), max(high for _, high in expected))


@given(patterns(), zones, st.sampled_from("?~%"), st.integers(0, 10**8))
def test_a_mark_widens_only_where_it_says_about(
    pattern: str, zone: ZoneInfo, mark: str, margin: int
) -> None:
    expected = enumerate_seconds(pattern, zone)
    assume(expected is not None)
    assert expected is not None
    result = bounds(pattern + mark, zone, margin_seconds=margin)
    by = 0 if mark == "?" else margin

    assert span(result) == (expected[0] - by, expected[1] + by)
    assert (result.uncertain, result.approximate) == (mark in "?%", mark in "~%")


@given(patterns(), patterns(), zones)
def test_dates_in_the_order_of_their_clocks_have_bounds_in_that_order(
    one: str, other: str, zone: ZoneInfo
) -> None:
    """A day certainly before another ends before that begins: no two days share a second.

    St John's is the exception: it repeats the last hour of a day after the next has begun.
    """
    assume(str(zone) != "America/St_Johns")
    early, late = sorted([one[:10], other[:10]])
    assume("X" not in early + late and not late.startswith(early))
    try:
        first, second = parse(early, zone), parse(late, zone)
    except EdtfError:
        assume(False)

    assert first.latest < second.earliest


@given(st.integers(1, 9999), st.integers(0, 99), st.integers(0, 99))
def test_a_day_is_refused_exactly_when_the_calendar_has_none(
    year: int, month: int, day: int
) -> None:
    text = f"{year:04d}-{month:02d}-{day:02d}"
    try:
        exists = 2 <= date(year, month, day).year <= 9998
    except ValueError:
        exists = False

    if exists:
        assert parse(text).earliest.date() == date(year, month, day)
    else:
        with pytest.raises(EdtfError, match=f"'{text}' does not exist"):
            parse(text)


@given(
    st.one_of(
        st.text("0123456789X-T:/[],.?~%Z+ ", max_size=24),
        st.lists(patterns(), min_size=1, max_size=3).flatmap(
            lambda parts: st.sampled_from(["/", ",", "~", "-", "T", "]["]).map(
                lambda joint: joint.join(parts)
            )
        ),
    ),
    st.none() | st.integers(),
)
def test_any_text_either_has_ordered_bounds_or_is_refused_by_name(
    text: str, margin: int | None
) -> None:
    try:
        result = parse(text, SHANGHAI, margin)
    except EdtfError as error:
        assert "empty date" in str(error) or "'" in str(error)
    else:
        assert OPEN_PAST <= result.earliest <= result.latest <= OPEN_FUTURE
        assert all(
            result.earliest <= member.earliest <= member.latest <= result.latest
            for member in result.members
        )


@pytest.mark.parametrize(
    ("text", "zone", "earliest", "latest"),
    [
        # the notice of 31 December 2019: the day began in Wuhan at 16:00 UTC of the day before
        ("2019-12-31", SHANGHAI, "2019-12-30T16:00:00", "2019-12-31T15:59:59"),
        ("2020-01-23T02:00", SHANGHAI, "2020-01-22T18:00:00", "2020-01-22T18:00:59"),
        ("2020-01-23T02:00+08:00", UTC, "2020-01-22T18:00:00", "2020-01-22T18:00:59"),
        ("2019-12-31T13", SHANGHAI, "2019-12-31T05:00:00", "2019-12-31T05:59:59"),
        ("2019-12-31T13:38:05Z", SHANGHAI, "2019-12-31T13:38:05", "2019-12-31T13:38:05"),
        ("2019-12", SHANGHAI, "2019-11-30T16:00:00", "2019-12-31T15:59:59"),
        ("2020", SHANGHAI, "2019-12-31T16:00:00", "2020-12-31T15:59:59"),
        ("2020-02", UTC, "2020-02-01T00:00:00", "2020-02-29T23:59:59"),
        ("201X", UTC, "2010-01-01T00:00:00", "2019-12-31T23:59:59"),
        ("2019-1X", UTC, "2019-10-01T00:00:00", "2019-12-31T23:59:59"),
        ("2019-XX", UTC, "2019-01-01T00:00:00", "2019-12-31T23:59:59"),
        ("2019-12-2X", UTC, "2019-12-20T00:00:00", "2019-12-29T23:59:59"),
        ("2019-12-3X", UTC, "2019-12-30T00:00:00", "2019-12-31T23:59:59"),
        ("2020-02-XX", UTC, "2020-02-01T00:00:00", "2020-02-29T23:59:59"),
        ("2020-01-15/2020-01-17", UTC, "2020-01-15T00:00:00", "2020-01-17T23:59:59"),
        ("[2019-12-29,2019-12-31]", UTC, "2019-12-29T00:00:00", "2019-12-31T23:59:59"),
        # the hour that Berlin's clocks showed twice: 0:00 to 2:00 UTC
        ("2020-10-25T02", ZoneInfo("Europe/Berlin"), "2020-10-25T00:00:00", "2020-10-25T01:59:59"),
        # Sao Paulo's clocks went from 23:59:59 (-03) to 01:00:00 (-02): the day begins at 3:00 UTC
        (
            "2018-11-04",
            ZoneInfo("America/Sao_Paulo"),
            "2018-11-04T03:00:00",
            "2018-11-05T01:59:59",
        ),
    ],
)
def test_bounds_worked_out_by_hand(text: str, zone: tzinfo, earliest: str, latest: str) -> None:
    result = parse(text, zone)

    assert result.earliest == datetime.fromisoformat(earliest).replace(tzinfo=UTC)
    assert result.latest == datetime.fromisoformat(latest).replace(tzinfo=UTC)


def test_epochs_are_counted_in_seconds_from_1970() -> None:
    # 2020-01-01T00:00:00Z is second 1,577,836,800; the day in Wuhan began 32 hours before
    assert span(parse("2019-12-31", SHANGHAI)) == (1_577_721_600, 1_577_807_999)


@pytest.mark.parametrize(
    ("text", "precision", "exact"),
    [
        ("2019", "year", False),
        ("2019-12", "month", False),
        ("2019-12-31", "day", False),
        ("2019-12-31T13", "hour", False),
        ("2019-12-31T13:38", "minute", False),
        ("2019-12-31T13:38:05", "second", True),
        ("2019-12-30/2019-12-31", "range", False),
        ("[2019-12-30,2019-12-31]", "range", False),
    ],
)
def test_precision_is_the_width_that_was_written(text: str, precision: str, exact: bool) -> None:
    assert (parse(text).precision, parse(text).exact) == (precision, exact)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2020-02-30", "'2020-02-30' does not exist: day 30 is not between 01 and 29"),
        ("2019-02-29", "day 29 is not between 01 and 28"),
        ("2019-13", "month 13 is not between 01 and 12"),
        ("2019-00", "month 00 is not between 01 and 12"),
        ("2019-2X", "month 2X is not between 01 and 12"),
        ("2019-04-31", "day 31 is not between 01 and 30"),
        ("2019-02-3X", "day 3X is not between 01 and 28"),
        ("2019-12-31T24:00", "does not exist: hour must be in 0..23"),
        ("2019-12-31T13:60", "does not exist: minute must be in 0..59"),
        ("201X-05", "X in the year cannot be followed by the month; write 201X"),
        ("2019-XX-XX", "X in the month cannot be followed by the day; write 2019-XX"),
        ("2019-12-3XT13:00", "X in the day cannot be followed by the hour; write 2019-12-3X"),
        ("2019-12-31T13:00+15:00", "there is no zone +15:00; zones go from -12:00 to +14:00"),
        ("2019-12-31T13:00-13:00", "there is no zone -13:00"),
        ("2019-12-31T13:00+08:70", "there is no zone +08:70"),
        ("31.12.2019", "is not a date that is understood here; expected a form such as 2019"),
        ("2019-12-31 13:00", "is not a date that is understood here"),
        ("2019-12-31+08:00", "is not a date that is understood here"),
        ("", "empty date; expected a form such as 2019"),
        ("2019/", "an interval is START/END; write .. for an open side"),
        ("2019/2020/2021", "an interval is START/END"),
        ("../..", "is open to both sides and says nothing"),
        ("2020-01-02/2020-01-01", "the end lies before the start; swap or correct them"),
        ("[2019-12-30]", "names at least two dates, separated by commas"),
        ("[2019-12-30,2019-12-31", "lacks the closing bracket"),
    ],
)
def test_what_cannot_be_a_date_is_refused_with_what_would_be_right(text: str, says: str) -> None:
    with pytest.raises(EdtfError) as caught:
        parse(text)

    assert says in str(caught.value)


def test_about_without_a_margin_has_no_bounds() -> None:
    assert parse("2020-01-03~", UTC).approximate
    with pytest.raises(EdtfError, match="give `margin_seconds`, how far it may be off"):
        bounds("2020-01-03~", UTC)


@pytest.mark.parametrize("margin", [10**12, 10**30])
def test_a_margin_beyond_all_years_is_refused(margin: int) -> None:
    with pytest.raises(EdtfError, match="reaches beyond the years that can be counted"):
        bounds("2020-01-03~", UTC, margin)


def test_a_time_that_summer_time_leaves_out_is_refused() -> None:
    with pytest.raises(EdtfError, match=r"does not exist in the zone Europe/Berlin: its clocks"):
        parse("2020-03-29T02:30", ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("name", ZONES)
def test_the_days_of_a_year_follow_each_other_without_a_gap(name: str) -> None:
    zone = ZoneInfo(name)
    days = [date(2011, 1, 1) + timedelta(days=n) for n in range(365)]
    if name == "Pacific/Apia":
        days.remove(date(2011, 12, 30))
    spans = [parse(day.isoformat(), zone) for day in days]

    for one, following in pairwise(spans):
        gap = following.earliest - one.latest
        # St John's put its clocks back at 0:01, so that a day went on after the next had begun
        assert gap == timedelta(seconds=1) or (name == "America/St_Johns" and gap < timedelta(0))
