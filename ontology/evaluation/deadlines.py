"""Until when an act was in time: limits in seconds or working days, and their extension."""

from __future__ import annotations

from crisisgov.ontology.calendars import CalendarError, add_working_days
from crisisgov.ontology.evaluation.facts import Norm
from crisisgov.ontology.evaluation.spans import Span


class NormCalendarError(CalendarError):
    """A calendar that does not hold the dates for which a norm counts working days."""

    def __init__(self, norm: str, message: str) -> None:
        """Name the norm by its id, so that its record can be shown."""
        super().__init__(f"norm {norm}: {message}")
        self.norm, self.message = norm, message


def deadlines(norm: Norm, zone: str, start: Span, extended: Span | None = None) -> Span | None:
    """Return the last second allowed for the earliest and for the latest start of the clock.

    None where the norm sets no number, or names working days but not whose. Working days
    are those of the norm's calendar, by the clocks of the bearer's place; the day of the
    start is not counted, and the last day is allowed to its end. An extension counts only
    when it was given before the time allowed had run out, so a later start can only have a
    later deadline, and the two ends are exact.

    :param zone: name of the time zone of the bearer's place
    :param extended: when the time was first drawn out
    :raises NormCalendarError: when the norm's calendar does not hold the dates
    """
    if norm.working_days is None:
        if norm.limit is None:
            return None
    elif norm.calendar is None:
        return None
    first, last = _allowed(norm, zone, start.first), _allowed(norm, zone, start.last)
    if extended is not None:
        # the earliest start is helped only by leave that surely came in time for it
        if extended.last <= first:
            first = _allowed(norm, zone, start.first, extra=True)
        if extended.first <= last:
            last = _allowed(norm, zone, start.last, extra=True)
    return Span(first, last)


def _allowed(norm: Norm, zone: str, moment: int, *, extra: bool = False) -> int:
    """Return the last second allowed for a start, with the extension or without it."""
    if norm.working_days is None:
        return moment + (norm.limit or 0) + ((norm.extension or 0) if extra else 0)
    count = norm.working_days + ((norm.extension_days or 0) if extra else 0)
    try:
        return add_working_days(moment, count, norm.calendar or "", zone)
    except CalendarError as error:
        raise NormCalendarError(norm.id, str(error)) from error


def needs_dates(norm: Norm, extended: Span | None) -> bool:
    """Whether the time allowed depends on when the clock started, not only on how long ago."""
    return norm.working_days is not None or extended is not None
