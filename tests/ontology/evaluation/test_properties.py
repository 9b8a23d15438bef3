"""Properties that every verdict keeps, on generated cases."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from crisisgov.ontology.evaluation.disclosure import DisclosureEvaluator
from crisisgov.ontology.evaluation.facts import Event, Facts, Matter, Norm
from crisisgov.ontology.evaluation.findings import Finding
from crisisgov.ontology.evaluation.obligations import Evaluator, badness
from crisisgov.ontology.evaluation.spans import Span
from tests.ontology.evaluation.test_against_naive import Case, case_facts, generated
from tests.support.facts import (
    CRISIS,
    GOVERNMENT,
    PLACE,
    event,
    item,
    norm,
    prohibition,
    yardstick,
)

MATTER = Matter(CRISIS, "existence", PLACE)
CASES = range(1_000)
DEFINITE = {"definitely-late", "on-time", "preemptive", "no-response", "contravened"}
POSSIBLE = {"possibly-late", "possibly-contravened"}


def case(seed: int) -> Case:
    """Return a generated case with one plain knowledge, and one act of each kind, more.

    Most generated cases have no clock that runs, and would say nothing here.
    """
    dice = random.Random(f"more {seed}")

    def more(name: str, kind: str, **fields: object) -> Event:
        first = dice.randint(0, 25)
        return event(name, kind, first, first + dice.choice([0, 2, 8]), **fields)

    some, disputed, until = generated(seed)
    public = frozenset({"public"})
    denies = (item(stance="denies"),)
    return (
        [
            *some,
            more("plain-k", "Knowledge"),
            more("plain-d", "Disclosure", audience=public),
            more("plain-n", "Disclosure", audience=public, items=denies),
        ],
        disputed,
        until,
    )


def judge(known: Facts, one: Norm) -> Finding | None:
    if one.standing == "benchmark":
        return DisclosureEvaluator(Evaluator(known), one).judge(known.actors[GOVERNMENT], MATTER)
    return Evaluator(known).judge(one, known.actors[GOVERNMENT], MATTER)


def verdict(finding: Finding | None) -> str:
    if finding is None:
        return "none"
    return finding.preferred.contravention or finding.preferred.timeliness.value


def limited(kind: str, limit: int) -> Norm:
    return yardstick(limit) if kind == "headline" else norm(limit=limit)


@pytest.mark.parametrize("kind", ["duty", "headline"])
def test_a_longer_limit_makes_no_reading_worse(kind: str) -> None:
    changed = 0
    for seed in CASES:
        judged = []
        for limit in (4, 9):
            one = limited(kind, limit)
            judged.append(judge(case_facts(one, case(seed), 0), one))
        shorter, longer = judged
        if shorter is None or longer is None:
            assert shorter is longer, f"seed {seed}"
            continue
        for reading in ("favourable", "preferred", "unfavourable"):
            worse, better = getattr(shorter, reading), getattr(longer, reading)
            assert badness(better) <= badness(worse), f"seed {seed}, {reading}"
        changed += verdict(shorter) != verdict(longer)
    assert changed > 50


@pytest.mark.parametrize("kind", ["duty", "headline", "prohibition"])
def test_less_certain_dates_never_turn_possibly_into_definitely(kind: str) -> None:
    """More is possible then, and what was already possible both ways stays so."""
    checked = lost = 0
    for seed in CASES:
        dice = random.Random(-seed)
        one = prohibition() if kind == "prohibition" else limited(kind, 5)
        known = case_facts(one, case(seed), 1_000)
        before = verdict(judge(known, one))
        name = dice.choice(sorted(known.events))
        date = known.events[name]
        wider = Span(date.span.first - dice.randint(0, 9), date.span.last + dice.randint(0, 9))
        events = {**known.events, name: replace(date, span=wider)}
        after = verdict(judge(replace(known, events=events), one))
        if before in POSSIBLE:
            assert after not in DEFINITE, f"seed {seed}: {before} became {after}"
            checked += 1
        if before in DEFINITE and after in DEFINITE:
            assert before == after or {before, after} == {"on-time", "preemptive"}, f"seed {seed}"
        lost += before in DEFINITE and after in POSSIBLE
    assert checked > 50 and lost > 20, (checked, lost)


@pytest.mark.parametrize("kind", ["duty", "headline", "prohibition"])
def test_the_readings_bracket_the_preferred_one(kind: str) -> None:
    apart = 0
    for seed in CASES:
        one = prohibition() if kind == "prohibition" else limited(kind, 5)
        finding = judge(case_facts(one, case(seed), 25), one)
        if finding is None:
            continue
        best, middle, worst = (
            badness(outcome)
            for outcome in (finding.favourable, finding.preferred, finding.unfavourable)
        )
        assert best <= middle <= worst, f"seed {seed}"
        apart += best < worst
        assert finding.robust or best < worst or finding.favourable != finding.unfavourable
    assert apart > 50
