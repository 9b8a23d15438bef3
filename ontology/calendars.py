"""Working days: which days a country works, and when the nth of them ends.

China's calendar moves working days to weekends (调休), as the State Council lays
down each year: ``chinesecalendar`` holds the published years. Every other country
is taken from ``holidays``. A year that a calendar does not hold is an error, never
a guess: without the make-up days of a year the count would be wrong by days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
from chinese_calendar import constants

from crisisgov.errors import InputError
from crisisgov.ontology.clocks import last_instant
from crisisgov.ontology.relative import NO_MOMENT_BEYOND

MOST_WORKING_DAYS = 1_000
"""Longest time that is counted, some four years; no norm comes near it."""


class CalendarError(InputError):
    """A calendar that is not known, or that does not hold the dates asked for."""


class Calendar:
    """The working days of a country, or of a part of one: ``CN``, ``JP``, ``US-MI``."""

    def __init__(self, code: str) -> None:
        """Find the calendar with this ISO 3166 code.

        :raises CalendarError: when there is none
        """
        self.code = code
        country, _, part = code.partition("-")
        if country == "CN":
            # the published years only: the library's first and last year with any entry
            self.years = range(min(constants.holidays).year, max(constants.holidays).year + 1)
            return
        try:
            self._other = holidays.country_holidays(country, subdiv=part or None)
        except NotImplementedError as error:
            raise CalendarError(
                f"no calendar is known as {code!r}; "
                "give the ISO 3166 code of a country, e.g. CN or JP"
            ) from error
        self.years = range(self._other.start_year, self._other.end_year + 1)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on a day.

        :raises CalendarError: for a year that the calendar does not hold
        """
        if day.year not in self.years:
            raise CalendarError(
                f"the calendar {self.code} holds the working days of {self.years[0]} to "
                f"{self.years[-1]}, not those of {day.year}"
            )
        if self.code.startswith("CN"):
            return bool(chinese_calendar.is_workday(day))
        return self._other.is_working_day(day)


calendar = cache(Calendar)
"""The calendar with a code; made once."""


@cache
def nth_working_day(start: date, count: int, code: str) -> date:
    """Return the nth working day after a day, which itself is never counted.

    :raises CalendarError: for a calendar that is not known, or does not hold the dates
    """
    if not 0 < count <= MOST_WORKING_DAYS:
        raise CalendarError(f"{count} working days; 1 to {MOST_WORKING_DAYS} can be counted")
    days, day = calendar(code), start
    while count:
        day += timedelta(days=1)
        count -= days.is_working_day(day)
    return day


def add_working_days(moment: int, count: int, code: str, zone: str) -> int:
    """Return the last second of the nth working day after the local day of a moment.

    Moments are seconds since 1970; one that stands for an open end stays as it is. The
    day of the moment itself is not counted, as is the rule for limits in days (China:
    Civil Code art. 201; elsewhere Regulation (EEC, Euratom) No 1182/71 art. 3).

    :raises CalendarError: for a calendar that is not known, or does not hold the dates
    """
    if abs(moment) > NO_MOMENT_BEYOND:
        return moment
    where = ZoneInfo(zone)
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)).astimezone(where)
    day = nth_working_day(local.date(), count, code)
    end = last_instant(datetime.combine(day, time(23, 59, 59)), where)
    return int(end.timestamp())
