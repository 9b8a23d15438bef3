"""When a zone's clocks show a given time, through every change of summer time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


def first_instant(local: datetime, zone: tzinfo) -> datetime:
    """Return the first instant at which the zone's clocks show this time or have passed over it."""
    return min(_shown(local, zone), default=None) or _put_forward(local, zone)


def last_instant(local: datetime, zone: tzinfo) -> datetime:
    """Return the last instant at which the zone's clocks show this time or one before it."""
    shown = max(_shown(local, zone), default=None)
    return shown or _put_forward(local, zone) - timedelta(seconds=1)


def _shown(local: datetime, zone: tzinfo) -> list[datetime]:
    """Return the instants at which the zone's clocks show this time: none, one or two."""
    instants = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return [one for one in instants if one.astimezone(zone).replace(tzinfo=None) == local]


def _put_forward(local: datetime, zone: tzinfo) -> datetime:
    """Return the instant at which the zone's clocks were put forward over this time."""
    # PEP 495: of a time left out, fold 1 is read with the offset after the change, and so
    # comes to lie before it; fold 0 the other way round. The change is between the two.
    before, after = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
