"""Closed intervals of whole seconds, and the verdicts that they allow.

All times are integer seconds since 1970-01-01T00:00:00Z; both ends of a span are
possible moments. The rules are those of the design: with trigger t, response r
and limit D, late if r.first > t.last + D, on time if r.last <= t.first + D,
before the trigger if r.last < t.first, otherwise possibly late. On closed
seconds they agree with brute force in every case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from crisisgov.ontology.relative import NO_MOMENT_BEYOND

PAST = -(1 << 60)
"""Stands for "at any earlier time"."""

FUTURE = 1 << 60
"""Stands for "at any later time, or never"."""


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """First and last second at which something can have happened."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a span cannot end ({self.last}) before it begins ({self.first})")


class Timeliness(StrEnum):
    """Verdicts of the dates; the values are concept ids of the scheme ``timeliness``."""

    definitely_late = "definitely-late"
    on_time = "on-time"
    possibly_late = "possibly-late"
    preemptive = "preemptive"
    answered = "answered"
    no_response = "no-response"
    pending = "pending"
    no_data = "no-data"
    not_applicable = "not-applicable"


SEVERITY = {
    Timeliness.not_applicable: 0,
    Timeliness.no_data: 0,
    Timeliness.preemptive: 1,
    Timeliness.on_time: 2,
    Timeliness.answered: 2,
    Timeliness.pending: 3,
    Timeliness.possibly_late: 4,
    Timeliness.definitely_late: 5,
    Timeliness.no_response: 6,
}
"""How bad a verdict is for the bearer; the readings order by it."""


def earliest_of(spans: Iterable[Span]) -> Span | None:
    """Return when the first of several events can have happened, None for no event.

    The minimum of independent moments lies between the least first and the least
    last second; both ends are reached, so the span is exact.
    """
    earliest: Span | None = None
    for span in spans:
        if earliest is None:
            earliest = span
        elif span.first < earliest.first or span.last < earliest.last:
            earliest = Span(min(earliest.first, span.first), min(earliest.last, span.last))
    return earliest


def between(trigger: Span, response: Span) -> Span:
    """Return the least and greatest time from one event to another; negative where it comes first.

    Right for events whose dates do not depend on each other.
    """
    return Span(response.first - trigger.last, response.last - trigger.first)


def judge(trigger: Span, response: Span, limit: int | None) -> Timeliness:
    """Return the verdict of two independent dates for a limit in seconds (None: no number)."""
    return judge_gap(between(trigger, response), limit)


def judge_gap(gap: Span, limit: int | None) -> Timeliness:
    """Return the verdict of the time between two events for a limit in seconds.

    None: the norm has no number.
    """
    if gap.last < 0:
        return Timeliness.preemptive
    if limit is None:
        return Timeliness.answered
    if gap.first > limit:
        return Timeliness.definitely_late
    return Timeliness.on_time if gap.last <= limit else Timeliness.possibly_late


def judge_until(trigger: Span, response: Span, deadlines: Span) -> Timeliness:
    """Return the verdict for a limit whose length depends on when the clock starts.

    ``deadlines`` are the last second allowed for the earliest and for the latest start
    possible; a later start never has an earlier deadline.
    """
    if response.last < trigger.first:
        return Timeliness.preemptive
    if response.first > deadlines.last:
        return Timeliness.definitely_late
    if response.last <= deadlines.first:
        return Timeliness.on_time
    return Timeliness.possibly_late


def judge_before(trigger: Span, response: Span) -> Timeliness:
    """Return the verdict of two independent dates for an act that had to come first."""
    return judge_gap_before(between(trigger, response))


def judge_gap_before(gap: Span) -> Timeliness:
    """Return the verdict for an act that had to be done before the trigger.

    A recorded act that follows the trigger does not show that there was none before
    (a plan of February says nothing about plans of the year before), so it is "no
    data", never late; only a search record can show that there was none.
    """
    if gap.last < 0:
        return Timeliness.preemptive
    return Timeliness.no_data if gap.first >= 0 else Timeliness.possibly_late


def delay(trigger: Span, response: Span) -> Span:
    """Return the smallest and largest delay in seconds that two independent dates allow."""
    return delay_of(between(trigger, response))


def delay_of(gap: Span) -> Span:
    """Return the smallest and largest delay in seconds for the time between two events.

    Never below zero: an act before its trigger has no delay. The last value is
    :data:`FUTURE` when nothing bounds it.
    """
    first = max(0, gap.first)
    open_ended = gap.last > NO_MOMENT_BEYOND
    return Span(first, FUTURE if open_ended else max(first, gap.last))


def later_of(one: Span, other: Span) -> Span:
    """Return when the later of two events can have happened."""
    return Span(max(one.first, other.first), max(one.last, other.last))
