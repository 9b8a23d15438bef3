"""Dates of events: the zones in which they are read, and what follows from relative ones."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from crisisgov.loaders.graph.context import Context
from crisisgov.loaders.records.index import Place_
from crisisgov.loaders.records.model import Crisis, CrisisFile, Event, RelativeDate
from crisisgov.ontology.dates import Bounds, EdtfError, bounds
from crisisgov.ontology.relative import Shift, Window

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}


def event_bounds(
    context: Context, text: str, event: Event, crisis: Crisis, margin_seconds: int | None
) -> Bounds:
    """Return the bounds of a date of an event, or of a claim about one.

    Read in the zone of the place; where the source leaves the zone open, in every one in
    question: that of the place, those of the actors' jurisdictions, and UTC.

    :raises EdtfError: for a date without bounds, or a place without a zone
    """
    zones: list[tzinfo] = [context.zone(event.place or crisis.place)]
    if event.zone_basis == "unknown":
        for name in [*event.actor, *event.recipient]:
            jurisdiction = context.index.get("actor", name).jurisdiction
            if jurisdiction is not None:
                zones.append(context.zone(jurisdiction))
        zones.append(UTC)
    return context.hull(text, zones, margin_seconds)


def shift_of(relative: RelativeDate, zone: ZoneInfo) -> Shift:
    """Return how far an event is from the one from which it counts."""
    number, unit = relative.offset.split(" ")
    if unit == "days" and not relative.exact:
        return Shift(days=int(number), zone=zone.key)
    return Shift(seconds=int(number) * SECONDS[unit])


def recorded_window(context: Context, name: str) -> Window:
    """Return the first and last second of an event as its record has it.

    :raises EdtfError: for a date without bounds on both sides
    """
    event: Event
    place: Place_
    event, place = context.index.records["event"][name]
    assert isinstance(place.file.content, CrisisFile)
    crisis: Crisis = context.index.get("crisis", place.file.content.crisis_of_file())
    if event.relative is not None:
        shift = shift_of(event.relative, context.zone(event.place or crisis.place))
        return shift.apply(recorded_window(context, event.relative.to))
    assert event.date is not None  # the one or the other, by the form of the record
    found = event_bounds(context, event.date, event, crisis, event.margin_seconds)
    if found.open_past or found.open_future:
        raise EdtfError(
            f"event {name} has the open date {event.date}: nothing can be counted from it; "
            "give it bounds on both sides"
        )
    return found.earliest_epoch, found.latest_epoch


def written(window: Window, zone: ZoneInfo) -> str:
    """Return a date string with just these bounds: a day, a second, or an interval of such."""
    first, last = (
        (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).astimezone(zone)
        for second in window
    )
    if (first.time(), last.time()) == (time(), time(23, 59, 59)):
        sides = [side.date().isoformat() for side in (first, last)]
        text = sides[0] if sides[0] == sides[1] else "/".join(sides)
        day = bounds(text, zone)
        if (day.earliest_epoch, day.latest_epoch) == window:
            return text
    sides = [side.isoformat(timespec="seconds") for side in (first, last)]
    return sides[0] if sides[0] == sides[1] else "/".join(sides)
