"""The evaluation against a second, naive one on thousands of generated cases."""

from __future__ import annotations

import random
from collections import Counter

from crisisgov.ontology.evaluation.disclosure import DisclosureEvaluator
from crisisgov.ontology.evaluation.facts import Claim, Event, Facts, Link, Matter, Norm
from crisisgov.ontology.evaluation.findings import Finding, Outcome
from crisisgov.ontology.evaluation.obligations import Evaluator, badness
from crisisgov.ontology.evaluation.spans import Span
from crisisgov.ontology.relative import Shift
from tests.support import naive
from tests.support.facts import (
    ALWAYS,
    CRISIS,
    EVERYBODY,
    GOVERNMENT,
    PLACE,
    actor_claim,
    date_claim,
    denial,
    event,
    facts,
    item,
    norm,
    prohibition,
    search,
    yardstick,
)

MATTER = Matter(CRISIS, "existence", PLACE)
Case = tuple[list[Event], list[Claim], int | None]

STANCES = ["affirms"] * 6 + ["hedges", "none-found", "minimises", "denies"]
CASES = range(3_000)
"""Seeds of the generated cases; a failure names the seed, which gives the same case again."""


def generated(seed: int) -> Case:
    """Return events, claims and the end of a search: the same for the same seed.

    Plain random numbers, as most cases of hypothesis are nearly empty ones.
    """
    dice = random.Random(seed)
    some = [_event(dice, f"e{n}") for n in range(dice.randint(1, 5))]
    disputed = [
        _claim(dice, f"c{n}", dice.choice(some)) for n in range(dice.choice([0, 0, 1, 2, 3]))
    ]
    return some, disputed, dice.choice([None, None, dice.randint(0, 60)])


def _seconds(dice: random.Random) -> tuple[int, int]:
    first = dice.randint(0, 30)
    return first, first + dice.choice([0, 0, 1, 4, 10])


def _event(dice: random.Random, name: str) -> Event:
    kind = dice.choice(["Knowledge", "Knowledge", "Disclosure", "Disclosure", "Suppression"])
    items = [
        item(
            dice.choice(["existence", "existence", "existence", "transmission"]),
            dice.choice(STANCES),
        )
        for _ in range(dice.choice([1, 1, 1, 2, 0]))
    ]
    limits = kind == "Suppression" and dice.random() < 0.4
    public = kind == "Disclosure" and dice.random() < 0.85
    return event(
        name,
        kind,
        *_seconds(dice),
        actors=frozenset({dice.choice([GOVERNMENT] * 6 + list(EVERYBODY))}),
        items=tuple(items),
        audience=frozenset({"public" if public else "internal"}),
        basis=dice.choice([None, "inquiry", "addressee-list"]) if dice.random() < 0.5 else None,
        measures=frozenset({"publication-control"} if limits else ()),
        weak=dice.random() < 0.12,
        alleged=dice.random() < 0.12,
    )


def _claim(dice: random.Random, name: str, about: Event) -> Claim:
    weak = dice.random() < 0.25
    match dice.choice(["date", "date", "actor", "occurred"]):
        case "date":
            return date_claim(name, about, *_seconds(dice), weak=weak)
        case "actor":
            return actor_claim(name, about, dice.choice(EVERYBODY), weak=weak)
        case _:
            return denial(name, about, weak=weak)


def case_facts(one: Norm, case: Case, as_of: int) -> Facts:
    some, disputed, until = case
    return facts([one], some, disputed, [search(until)] if until is not None else [], as_of)


def outcome(found: Outcome) -> naive.Verdict:
    span = found.delay
    return naive.Verdict(
        found.timeliness.value,
        found.contravention or "",
        span.first if span else None,
        span.last if span else None,
    )


def compare(seed: int, finding: Finding | None, expected: dict[str, naive.Verdict]) -> None:
    """Check the three readings by all that orders them, and the preferred one in full."""
    if finding is None:
        # nothing recorded that could be held against or for the bearer: no finding is stated
        assert expected["preferred"].timeliness == "no-data", f"seed {seed}"
        assert {one.badness() for one in expected.values()} == {(0, 0, 0, 0)}
        return
    found = {
        "favourable": finding.favourable,
        "preferred": finding.preferred,
        "unfavourable": finding.unfavourable,
    }
    for reading, verdict in expected.items():
        assert outcome(found[reading]).badness() == verdict.badness(), f"seed {seed}, {reading}"
    preferred, asked = outcome(finding.preferred), expected["preferred"]
    assert (preferred.timeliness, preferred.shortest, preferred.longest) == (
        asked.timeliness, asked.shortest, asked.longest,
    ), f"seed {seed}"  # fmt: skip
    assert (
        badness(finding.favourable) <= badness(finding.preferred) <= badness(finding.unfavourable)
    )


def test_duties_are_judged_as_the_naive_evaluator_judges_them() -> None:
    for seed in CASES:
        dice = random.Random(-seed)
        validity = dice.choice([ALWAYS, ALWAYS, Span(8, 20)])
        one = norm(limit=dice.choice([None, 0, 5, 12]), validity=validity)
        known = case_facts(one, generated(seed), dice.randint(0, 80))
        finding = Evaluator(known).judge(one, known.actors[GOVERNMENT], MATTER)
        compare(seed, finding, naive.judge(known, one, question="duty"))


def test_prohibitions_are_judged_as_the_naive_evaluator_judges_them() -> None:
    one = prohibition()
    for seed in CASES:
        known = case_facts(one, generated(seed), 1_000)
        finding = Evaluator(known).judge(one, known.actors[GOVERNMENT], MATTER)
        expected = naive.judge(known, one, question="prohibition")
        compare(seed, finding, expected)
        if finding is not None and finding.preferred.contravention is not None:
            acts = frozenset(act.iri for act in finding.preferred.contrary)
            assert acts == expected["preferred"].contrary, f"seed {seed}"


def test_the_headline_is_answered_as_the_naive_evaluator_answers_it() -> None:
    for seed in CASES:
        limit = random.Random(-seed).choice([0, 5, 12])
        one = yardstick(limit)
        known = case_facts(one, generated(seed), 1_000)
        finding = DisclosureEvaluator(Evaluator(known), one).judge(known.actors[GOVERNMENT], MATTER)
        expected = naive.judge(known, one, question="headline")
        compare(seed, finding, expected)
        if finding is not None:
            acts = frozenset(act.iri for act in finding.preferred.contrary)
            assert acts == expected["preferred"].contrary, f"seed {seed}"
            assert ("withheld" in finding.reasons) == bool(acts)


def test_more_time_is_judged_as_the_naive_evaluator_judges_it() -> None:
    seen: Counter[str] = Counter()
    for seed in range(1_000):
        dice = random.Random(seed)
        one = norm(limit=5, extension=6)
        known = event("k", "Knowledge", *_seconds(dice))
        told = event("d", "Disclosure", *_seconds(dice), audience=frozenset({"public"}))
        more = event("m", "Authorisation", *_seconds(dice), items=(), extends=frozenset({one.iri}))
        case = facts([one], [known, told, more])
        finding = Evaluator(case).judge(one, case.actors[GOVERNMENT], MATTER)
        assert finding is not None
        expected = naive.with_more_time(
            naive.firsts([known]), naive.firsts([told]), naive.firsts([more]), 5, 6
        )
        assert finding.preferred.timeliness.value == expected, f"seed {seed}"
        seen[expected] += 1
    assert len(seen) == 4 and min(seen.values()) > 20, seen


def test_what_counts_from_one_event_is_judged_as_every_second_of_it_would_be() -> None:
    for seed in range(1_000):
        dice = random.Random(seed)
        one = norm(limit=5)
        first, last = _seconds(dice)
        offsets = dice.randint(-5, 15), dice.randint(-5, 15)
        spans = [(first + offset, last + offset) for offset in offsets]
        links = [Link("x/event/root", Span(first, last), Shift(seconds=o)) for o in offsets]
        known = event("k", "Knowledge", *spans[0], hangs_on=(links[0],))
        told = event(
            "d", "Disclosure", *spans[1], audience=frozenset({"public"}), hangs_on=(links[1],)
        )
        case = facts([one], [known, told])
        finding = Evaluator(case).judge(one, case.actors[GOVERNMENT], MATTER)
        assert finding is not None
        apart = offsets[1] - offsets[0]
        word = "preemptive" if apart < 0 else "on-time" if apart <= 5 else "definitely-late"
        assert finding.preferred.timeliness.value == word, f"seed {seed}"
        assert finding.preferred.delay == Span(max(0, apart), max(0, apart))


def test_a_longer_limit_makes_no_reading_of_a_duty_worse() -> None:
    for seed in range(500):
        some, disputed, until = generated(seed)
        judged = []
        for limit in (4, 9):
            one = norm(limit=limit)
            known = case_facts(one, (some, disputed, until), 0)
            judged.append(Evaluator(known).judge(one, known.actors[GOVERNMENT], MATTER))
        shorter, longer = judged
        if shorter is None or longer is None:
            assert shorter is longer, f"seed {seed}"
            continue
        for reading in ("favourable", "preferred", "unfavourable"):
            worse, better = getattr(shorter, reading), getattr(longer, reading)
            assert badness(better) <= badness(worse), f"seed {seed}, {reading}"


def test_the_generated_cases_reach_every_verdict_often() -> None:
    """A check that had nothing to check would pass: count what the cases bring forth."""
    seen: Counter[str] = Counter()
    for seed in CASES:
        for one, question in ((norm(limit=5), "duty"), (prohibition(), "prohibition")):
            known = case_facts(one, generated(seed), 25)
            verdict = naive.judge(known, one, question=question)["preferred"]
            seen[verdict.contravention or verdict.timeliness] += 1
    expected = {"definitely-late", "on-time", "possibly-late", "preemptive", "no-response", "pending",
                "no-data", "contravened", "possibly-contravened", "none-recorded"}  # fmt: skip
    assert {name for name in expected if seen[name] < 20} == set(), seen
