"""Dates that count from another event, against every second tried one by one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crisisgov.ontology.relative import Shift, Window, difference

DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds(text: str, zone: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return (moment - EPOCH) // timedelta(seconds=1)


def test_two_days_later_is_the_calendar_day_two_days_on_whatever_the_hour() -> None:
    at = seconds("2019-12-30T18:50:00", "Asia/Shanghai")
    window = Shift(days=2, zone="Asia/Shanghai").apply((at, at))
    assert window == (
        seconds("2020-01-01T00:00:00", "Asia/Shanghai"),
        seconds("2020-01-01T23:59:59", "Asia/Shanghai"),
    )


def test_days_marked_as_exact_are_a_shift_by_so_many_seconds() -> None:
    assert Shift(seconds=2 * DAY).apply((100, 200)) == (100 + 2 * DAY, 200 + 2 * DAY)


def test_a_day_of_a_changed_clock_has_its_own_length() -> None:
    # in Zurich 29 March 2020 had 23 hours
    at = seconds("2020-03-28T12:00:00", "Europe/Zurich")
    first, last = Shift(days=1, zone="Europe/Zurich").apply((at, at))
    assert last - first + 1 == 23 * 3_600


def test_what_hangs_on_the_same_event_by_hours_is_exactly_so_far_apart() -> None:
    month = (0, 31 * DAY)
    assert difference(month, [Shift(seconds=3_600)], [Shift(seconds=5 * 3_600)]) == (
        4 * 3_600,
        4 * 3_600,
    )


def test_what_hangs_on_the_same_event_by_days_is_apart_by_the_days_between() -> None:
    # one and three days after some second of a month: on two days with one between them
    month = (0, 31 * DAY - 1)
    one, three = ([Shift(days=days)] for days in (1, 3))
    assert difference(month, one, three) == (DAY + 1, 3 * DAY - 1)


def test_differences_agree_with_every_second_tried_one_by_one() -> None:
    """Brute force: a zone 30 hours from noon to noon would take too long; days are kept short
    by looking at roots of some minutes about midnight, where all that can change does."""
    for seed in range(300):
        dice = random.Random(seed)
        first = DAY * 10 - dice.randint(0, 40)
        root = (first, first + dice.randint(0, 80))
        chains = [[_shift(dice) for _ in range(dice.randint(0, 3))] for _ in range(2)]
        lows, highs = [], []
        for second in range(root[0], root[1] + 1):
            a, b = (_follow(second, chain) for chain in chains)
            lows.append(b[0] - a[1])
            highs.append(b[1] - a[0])
        assert difference(root, *chains) == (min(lows), max(highs)), f"seed {seed}"


def _shift(dice: random.Random) -> Shift:
    if dice.random() < 0.5:
        return Shift(seconds=dice.choice([-20, -1, 0, 1, 7, 30, 3_600]))
    return Shift(days=dice.randint(-2, 2), zone=dice.choice(["UTC", "UTC", "Asia/Shanghai"]))


def _follow(second: int, chain: list[Shift]) -> Window:
    window = (second, second)
    for shift in chain:
        window = shift.apply(window)
    return window
