"""Until when an act was in time: limits in seconds or working days, and their extension."""

from __future__ import annotations

from collections.abc import Callable

from crisisgov.ontology.calendars import CalendarError, add_working_days
from crisisgov.ontology.evaluation.facts import Actor, Facts, Matter, Norm
from crisisgov.ontology.evaluation.spans import Span


class NormCalendarError(CalendarError):
    """A calendar that does not hold the dates for which a norm counts working days."""

    def __init__(self, norm: str, message: str) -> None:
        """Name the norm by its id, so that its record can be shown."""
        super().__init__(f"norm {norm}: {message}")
        self.norm, self.message = norm, message


def deadlines(
    facts: Facts,
    norm: Norm,
    bearer: Actor,
    matter: Matter,
    start: Span,
    extended: Span | None = None,
) -> Span | None:
    """Return the last second allowed for the earliest and for the latest start of the clock.

    None where the norm sets no number, or names working days but not whose. Working days
    are those of the norm's calendar, by the clocks of the bearer's place; the day of the
    start is not counted, and the last day is allowed to its end. An extension counts only
    when it was given before the time allowed had run out, so a later start can only have a
    later deadline, and the two ends are exact.

    :param extended: when the time was first drawn out
    :raises NormCalendarError: when the norm's calendar does not hold the dates
    """
    if norm.limit is None and (norm.working_days is None or norm.calendar is None):
        return None
    zone = facts.zones.get(bearer.jurisdiction or "") or facts.zones.get(matter.about) or "UTC"

    def allowed(extra: bool) -> Callable[[int], int]:
        if norm.working_days is None:
            seconds = (norm.limit or 0) + (norm.extension or 0) * extra
            return lambda moment: moment + seconds
        count = norm.working_days + (norm.extension_days or 0) * extra
        return lambda moment: add_working_days(moment, count, norm.calendar or "", zone)

    def until(moment: int, given: int | None) -> int:
        plain = allowed(extra=False)(moment)
        in_time = given is not None and given <= plain
        return allowed(extra=True)(moment) if in_time else plain

    try:
        if extended is None:
            return Span(until(start.first, None), until(start.last, None))
        return Span(until(start.first, extended.last), until(start.last, extended.first))
    except CalendarError as error:
        raise NormCalendarError(norm.id, str(error)) from error


def needs_dates(norm: Norm, extended: Span | None) -> bool:
    """Whether the time allowed depends on when the clock started, not only on how long ago."""
    return norm.working_days is not None or extended is not None
