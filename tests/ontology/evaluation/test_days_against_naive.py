"""Working days, calendars and extensions against a count made by hand, on generated cases."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from crisisgov.ontology.calendars import calendar
from crisisgov.ontology.evaluation.facts import Event, Facts, Matter, Norm
from crisisgov.ontology.evaluation.findings import Outcome
from crisisgov.ontology.evaluation.obligations import Evaluator, badness
from tests.support import naive_days
from tests.support.facts import CRISIS, GOVERNMENT, PLACE, event, facts, norm, search
from tests.support.naive_days import DAY, Limit, Window

MATTER = Matter(CRISIS, "existence", PLACE)
ZONES = {"CN": "Asia/Shanghai", "JP": "Asia/Tokyo"}


@pytest.mark.parametrize("country", ["CN", "JP"])
def test_the_calendars_hold_the_days_of_the_lists_made_by_hand(country: str) -> None:
    first, last = date(2020, 1, 1).toordinal(), date(2020, 6, 30).toordinal()
    for ordinal in range(first, last + 1):
        day = date.fromordinal(ordinal)
        expected = naive_days.is_worked(ordinal, country)
        assert calendar(country).is_working_day(day) == expected, day


class Case:
    """A generated case: a limit, when it became known, when told, and leave to tell later."""

    def __init__(self, seed: int) -> None:
        dice = self.dice = random.Random(seed)
        country = dice.choice(["CN", "JP"])
        self.limit = Limit(dice.randint(1, 12), dice.choice([0, 3, 8]), country)
        # from 6 January into March: over the Spring Festival and two Japanese holidays
        self.start = naive_days.second_of(2020, 1, 6, country) + dice.randint(0, 30 * DAY)
        self.known = [self._window(0, 4 * DAY) for _ in range(dice.choice([1, 1, 2]))]
        self.told = [self._window(-2 * DAY, 24 * DAY) for _ in range(dice.choice([0, 1, 1, 1, 2]))]
        leaves = dice.choice([0, 0, 1]) if self.limit.more else 0
        self.leave = [self._window(0, 16 * DAY) for _ in range(leaves)]
        self.searched = dice.choice([None, self.start + dice.randint(0, 40 * DAY)])
        self.as_of = self.start + dice.randint(0, 40 * DAY)

    def _window(self, least: int, most: int) -> Window:
        first = self.start + self.dice.randint(least, most)
        if self.dice.random() < 0.3:  # to the day, by the clocks of the place
            first = naive_days.due(first, 1, self.limit.country) + 1 - DAY
            return first, first + DAY - 1
        return first, first + self.dice.choice([0, 3_600, DAY, 2 * DAY])

    def norm(self, limit: Limit) -> Norm:
        return norm(
            limit=None,
            working_days=limit.days,
            calendar=limit.country,
            extension_days=limit.more or None,
        )

    def facts(self, one: Norm) -> Facts:
        some: list[Event] = [
            event(f"k{n}", "Knowledge", *window) for n, window in enumerate(self.known)
        ]
        some += [
            event(f"d{n}", "Disclosure", *window, audience=frozenset({"public"}))
            for n, window in enumerate(self.told)
        ]
        some += [
            event(f"m{n}", "Authorisation", *window, items=(), extends=frozenset({one.iri}))
            for n, window in enumerate(self.leave)
        ]
        looked = [] if self.searched is None else [search(self.searched)]
        found = facts([one], some, searches=looked, as_of=self.as_of)
        return replace(found, zones={PLACE: ZONES[self.limit.country]})

    def judged(self, limit: Limit | None = None) -> Outcome:
        one = self.norm(limit or self.limit)
        known = self.facts(one)
        finding = Evaluator(known).judge(one, known.actors[GOVERNMENT], MATTER)
        assert finding is not None
        return finding.preferred


def test_limits_in_working_days_are_judged_as_a_count_by_hand_judges_them() -> None:
    seen: Counter[str] = Counter()
    extended = 0
    for seed in range(3_000):
        case = Case(seed)
        found = case.judged()
        word, shortest, longest = naive_days.judge(
            case.limit, case.known, case.told, case.leave, case.searched, case.as_of
        )
        assert found.timeliness.value == word, f"seed {seed}"
        if shortest is not None:
            assert found.delay is not None
            assert found.delay.first == shortest, f"seed {seed}"
            assert longest is None or found.delay.last == longest, f"seed {seed}"
        seen[word] += 1
        extended += bool(found.extensions)
    expected = {"definitely-late", "on-time", "possibly-late", "preemptive", "no-response",
                "pending", "no-data"}  # fmt: skip
    assert {name for name in expected if seen[name] < 20} == set(), seen
    assert extended > 100


def test_one_working_day_more_makes_no_verdict_worse() -> None:
    for seed in range(1_000):
        case = Case(seed)
        more = replace(case.limit, days=case.limit.days + 1)
        if case.told:
            assert badness(case.judged(more)) <= badness(case.judged()), f"seed {seed}"


def test_leave_makes_no_verdict_worse() -> None:
    for seed in range(1_000):
        case = Case(seed)
        if not case.leave or not case.told:
            continue
        with_leave = case.judged()
        case.leave = []
        assert badness(with_leave) <= badness(case.judged()), f"seed {seed}"
