"""The rules of dates against brute force: every second of every span is tried."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisgov.ontology.evaluation.spans import (
    FUTURE,
    PAST,
    SEVERITY,
    Span,
    Timeliness,
    delay,
    earliest_of,
    judge,
    judge_before,
    later_of,
)

LIMITS = st.integers(0, 8)
DEFINITE = {Timeliness.definitely_late, Timeliness.on_time, Timeliness.preemptive}


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first = draw(st.integers(0, 12))
    return Span(first, first + draw(st.integers(0, 6)))


def seconds(span: Span) -> range:
    return range(span.first, span.last + 1)


def pairs(trigger: Span, response: Span) -> list[tuple[int, int]]:
    return list(itertools.product(seconds(trigger), seconds(response)))


def by_brute_force(trigger: Span, response: Span, limit: int) -> Timeliness:
    every = pairs(trigger, response)
    if all(r < t for t, r in every):
        return Timeliness.preemptive
    if all(r > t + limit for t, r in every):
        return Timeliness.definitely_late
    if all(r <= t + limit for t, r in every):
        return Timeliness.on_time
    return Timeliness.possibly_late


@given(spans(), spans(), LIMITS)
def test_a_verdict_is_definite_only_when_every_pair_of_seconds_agrees(
    trigger: Span, response: Span, limit: int
) -> None:
    assert judge(trigger, response, limit) is by_brute_force(trigger, response, limit)


def test_the_verdict_agrees_with_brute_force_in_every_small_case() -> None:
    ends = [Span(a, b) for a in range(6) for b in range(a, 6)]
    for trigger, response, limit in itertools.product(ends, ends, range(5)):
        assert judge(trigger, response, limit) is by_brute_force(trigger, response, limit)


@given(spans(), spans())
def test_without_a_number_an_act_is_answered_or_came_before(trigger: Span, response: Span) -> None:
    before = all(r < t for t, r in pairs(trigger, response))
    expected = Timeliness.preemptive if before else Timeliness.answered
    assert judge(trigger, response, None) is expected


@given(spans(), spans())
def test_an_act_due_before_the_trigger_is_never_called_late(trigger: Span, response: Span) -> None:
    every = pairs(trigger, response)
    if all(r < t for t, r in every):
        expected = Timeliness.preemptive
    elif all(r >= t for t, r in every):
        expected = Timeliness.no_data  # a later act does not show that there was none before
    else:
        expected = Timeliness.possibly_late
    assert judge_before(trigger, response) is expected


@given(st.lists(spans(), min_size=1, max_size=3))
def test_the_first_of_several_events_takes_exactly_the_seconds_of_its_span(
    many: list[Span],
) -> None:
    firsts = {min(chosen) for chosen in itertools.product(*map(seconds, many))}
    found = earliest_of(many)
    assert found is not None
    assert firsts == set(seconds(found))


def test_the_first_of_no_event_is_nothing() -> None:
    assert earliest_of([]) is None


@given(spans(), spans())
def test_the_later_of_two_events_takes_exactly_the_seconds_of_its_span(a: Span, b: Span) -> None:
    assert {max(pair) for pair in pairs(a, b)} == set(seconds(later_of(a, b)))


@given(spans(), spans())
def test_both_bounds_of_a_delay_are_reached_by_some_pair(trigger: Span, response: Span) -> None:
    delays = [max(0, r - t) for t, r in pairs(trigger, response)]
    assert delay(trigger, response) == Span(min(delays), max(delays))


@given(spans(), spans(), LIMITS)
def test_a_longer_limit_never_makes_a_verdict_worse(
    trigger: Span, response: Span, limit: int
) -> None:
    shorter, longer = (judge(trigger, response, one) for one in (limit, limit + 1))
    assert SEVERITY[longer] <= SEVERITY[shorter]


@given(spans(), spans(), LIMITS, st.tuples(*[st.integers(0, 3)] * 4))
def test_less_certain_dates_never_turn_possibly_into_definitely(
    trigger: Span, response: Span, limit: int, by: tuple[int, int, int, int]
) -> None:
    wider_trigger = Span(trigger.first - by[0], trigger.last + by[1])
    wider_response = Span(response.first - by[2], response.last + by[3])
    narrow, wide = judge(trigger, response, limit), judge(wider_trigger, wider_response, limit)
    if narrow is Timeliness.possibly_late:
        assert wide is Timeliness.possibly_late
    if wide in DEFINITE:
        # the only other way: on time within wider dates, and surely before within narrower ones
        assert narrow is wide or (wide, narrow) == (Timeliness.on_time, Timeliness.preemptive)
    narrow_delay, wide_delay = delay(trigger, response), delay(wider_trigger, wider_response)
    assert wide_delay.first <= narrow_delay.first
    assert wide_delay.last >= narrow_delay.last


def test_the_boundary_seconds_fall_on_the_side_of_the_bearer() -> None:
    start = Span(100, 100)
    assert judge(start, Span(110, 110), 10) is Timeliness.on_time
    assert judge(start, Span(111, 111), 10) is Timeliness.definitely_late
    assert judge(start, Span(100, 100), 0) is Timeliness.on_time
    assert judge(start, Span(99, 99), 0) is Timeliness.preemptive
    assert judge(start, Span(110, 111), 10) is Timeliness.possibly_late


def test_what_is_open_to_one_side_gives_a_delay_open_to_that_side() -> None:
    assert delay(Span(PAST, 100), Span(150, 150)) == Span(50, FUTURE)
    assert delay(Span(100, 100), Span(150, FUTURE)) == Span(50, FUTURE)
    assert delay(Span(100, FUTURE), Span(150, 150)) == Span(0, 50)
    assert judge(Span(PAST, 100), Span(150, 150), 10) is Timeliness.definitely_late
    assert judge(Span(100, FUTURE), Span(150, 150), 10) is Timeliness.possibly_late


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Span(2, 1)
