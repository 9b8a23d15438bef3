"""Working days counted by hand against the published holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crisisgov.ontology.calendars import CalendarError, add_working_days, calendar, nth_working_day

SHANGHAI = "Asia/Shanghai"


def seconds(text: str, zone: str = SHANGHAI) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def test_a_weekend_day_made_up_for_a_holiday_is_a_working_day_in_china() -> None:
    # Spring Festival 2020: Sunday 19 January was worked; Friday 24 January was the holiday's first
    # day, and the holiday was drawn out to Sunday 2 February
    days = calendar("CN")
    assert days.is_working_day(date(2020, 1, 19))
    assert not days.is_working_day(date(2020, 1, 18))
    assert not any(days.is_working_day(date(2020, 1, day)) for day in range(24, 32))
    assert days.is_working_day(date(2020, 2, 3))


def test_twenty_working_days_over_the_spring_festival_of_2020_end_on_28_february() -> None:
    # after 29 January: 3-7, 10-14, 17-21 and 24-28 February, five each
    assert nth_working_day(date(2020, 1, 29), 20, "CN") == date(2020, 2, 28)
    # after 1 January: 2-3 (2), 6-10 (7), 13-17 (12), Sunday 19 (13), 20-23 (17), 3-5 February (20)
    assert nth_working_day(date(2020, 1, 1), 20, "CN") == date(2020, 2, 5)


def test_the_day_of_the_start_is_not_counted_and_the_last_day_counts_to_its_end() -> None:
    # Monday 6 January 2020, whatever the hour: one working day is Tuesday to its last second
    for hour in ("00:00:00", "23:59:59"):
        end = add_working_days(seconds(f"2020-01-06T{hour}"), 1, "CN", SHANGHAI)
        assert end == seconds("2020-01-07T23:59:59")


def test_the_day_is_that_of_the_place() -> None:
    # 6 January 17:00 UTC is the 7th in China: the next working day is the 8th
    moment = int(datetime(2020, 1, 6, 17, tzinfo=UTC).timestamp())
    assert add_working_days(moment, 1, "CN", SHANGHAI) == seconds("2020-01-08T23:59:59")
    assert add_working_days(moment, 1, "CN", "UTC") == seconds("2020-01-07T23:59:59", "UTC")


def test_other_countries_have_their_own_holidays() -> None:
    # 3 May to 5 May 2011 are holidays in Japan (Constitution, Greenery, Children's Day), a
    # Tuesday to Thursday: the first working day after 2 May is Friday the 6th
    assert nth_working_day(date(2011, 5, 2), 1, "JP") == date(2011, 5, 6)


def test_a_later_start_never_has_an_earlier_deadline() -> None:
    first = seconds("2019-12-20T00:00:00")
    ends = [
        add_working_days(first + hours * 3_600, 20, "CN", SHANGHAI) for hours in range(0, 1_500, 5)
    ]
    assert ends == sorted(ends)
    assert len(set(ends)) > 30


def test_a_year_that_a_calendar_does_not_hold_is_an_error() -> None:
    with pytest.raises(CalendarError, match=r"calendar CN holds .* 2004 to .*, not those of 2003"):
        nth_working_day(date(2003, 4, 1), 5, "CN")
    with pytest.raises(CalendarError, match="no calendar is known as 'ZZ'"):
        calendar("ZZ")


def test_an_open_end_stays_open() -> None:
    assert add_working_days(1 << 60, 20, "CN", SHANGHAI) == 1 << 60
    assert add_working_days(-(1 << 60), 20, "CN", SHANGHAI) == -(1 << 60)
