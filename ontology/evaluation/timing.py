"""What comes first, and how long after, where dates hang on one another.

Two events that count from the same third one are a known distance apart, however
little is known of that one. Of several events the first is only certain where the
dates say so in every case; otherwise their bounds are taken as independent, which is
never too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crisisgov.ontology.evaluation.facts import Event, Link
from crisisgov.ontology.evaluation.spans import Span, between
from crisisgov.ontology.relative import Shift, difference


def apart(one: Event, other: Event) -> Span:
    """Return the least and greatest time from one event to another; negative for earlier."""
    if one.hangs_on or other.hangs_on:
        own, others = _ancestors(one), _ancestors(other)
        for name, (span, down) in own.items():
            if name in others and span == others[name][0]:
                found = difference((span.first, span.last), down, others[name][1])
                if found is not None:
                    return Span(*found)
                break
    return between(one.span, other.span)


def _ancestors(event: Event) -> dict[str, tuple[Span, list[Shift]]]:
    """Return the event itself and all from which it counts, nearest first, with the way down."""
    found: dict[str, tuple[Span, list[Shift]]] = {event.iri: (event.span, [])}
    down: list[Shift] = []
    for link in event.hangs_on:
        down = [link.shift, *down]
        found[link.anchor] = (link.span, down)
    return found


def gap(triggers: Sequence[Event], responses: Sequence[Event]) -> Span | None:
    """Return the time from the first of some events to the first of others.

    None where the bounds say all that is known: where no date hangs on another, or it is
    open which event was first.
    """
    if not any(event.hangs_on for event in (*triggers, *responses)):
        return None
    start, answer = _first(triggers), _first(responses)
    return apart(start, answer) if start is not None and answer is not None else None


def _first(events: Sequence[Event]) -> Event | None:
    """Return the event that certainly came before, or with, every other."""
    for event in events:
        if all(apart(event, other).first >= 0 for other in events if other is not event):
            return event
    return None


def surely_after(event: Event, others: Sequence[Event]) -> bool:
    """Whether an event certainly follows the first of others."""
    return any(apart(other, event).first > 0 for other in others)


def surely_before(event: Event, others: Sequence[Event]) -> bool:
    """Whether an event certainly precedes every one of others."""
    return all(apart(event, other).first > 0 for other in others)


def perhaps_after(event: Event, others: Sequence[Event]) -> bool:
    """Whether an event can have come after, or with, the first of others."""
    return any(apart(other, event).last >= 0 for other in others)


def rebound(event: Event, chosen: Mapping[str, Event]) -> Event:
    """Return an event with its date counted from the form that its anchor has in a selection."""
    if not event.hangs_on or event.hangs_on[0].anchor not in chosen:
        return event
    nearest = event.hangs_on[0]
    anchor = rebound(chosen[nearest.anchor], chosen)
    span = Span(*nearest.shift.apply((anchor.span.first, anchor.span.last)))
    link = Link(anchor.iri, anchor.span, nearest.shift)
    return replace(event, span=span, hangs_on=(link, *anchor.hangs_on))
