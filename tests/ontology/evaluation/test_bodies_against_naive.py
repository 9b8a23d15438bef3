"""Imputed knowledge, successor bodies and posts against the naive evaluator."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from crisisgov.ontology.evaluation.facts import Event, Matter, Profile, Tenure
from crisisgov.ontology.evaluation.obligations import Evaluator
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span
from tests.ontology.evaluation.test_against_naive import case_facts, compare, generated
from tests.support import naive, naive_bodies
from tests.support.facts import (
    CDC,
    CRISIS,
    DEPARTMENT,
    GOVERNMENT,
    PLACE,
    actor,
    event,
    facts,
    norm,
)

MATTER = Matter(CRISIS, "existence", PLACE)
RULE = "What a department knows its government knows."
OLD, NEW, OTHER = "x/actor/old", "x/actor/new", "x/actor/other"


def test_imputed_knowledge_is_judged_as_the_naive_evaluator_judges_it() -> None:
    imputed = 0
    for seed in range(3_000):
        one = norm(limit=random.Random(-seed).choice([0, 5, 12]), imputation=RULE)
        known = case_facts(one, generated(seed), 25)
        finding = Evaluator(known).judge(one, known.actors[GOVERNMENT], MATTER)
        compare(seed, finding, naive.judge(known, one, question="duty"))
        if finding is not None:
            (world,) = naive.worlds(list(known.events.values()), known.claims, "preferred")
            expected = naive.imputed(world)
            assert set(finding.imputed_from) == expected, f"seed {seed}"
            assert expected <= {DEPARTMENT, CDC}
            imputed += bool(expected)
    assert imputed > 200


def test_without_a_rule_no_knowledge_is_imputed_by_law() -> None:
    for seed in range(500):
        one = norm(limit=5)
        known = case_facts(one, generated(seed), 25)
        finding = Evaluator(known).judge(one, known.actors[GOVERNMENT], MATTER)
        assert finding is None or finding.imputed_from == ()


def _window(dice: random.Random) -> tuple[int, int]:
    first = dice.randint(0, 30)
    return first, first + dice.choice([0, 0, 2, 8])


def _events(dice: random.Random) -> list[Event]:
    return [
        event(
            f"e{number}",
            dice.choice(["Knowledge", "Disclosure"]),
            *_window(dice),
            actors=frozenset({dice.choice([OLD, OLD, NEW, NEW, OTHER])}),
            audience=frozenset({"public"}),
        )
        for number in range(dice.randint(1, 4))
    ]


def _tenures(dice: random.Random) -> list[Tenure]:
    found = []
    for number in range(3):
        first = dice.choice([PAST, dice.randint(-5, 25)])
        last = dice.choice([FUTURE, max(first, 0) + dice.randint(0, 30)])
        body = dice.choice([OLD, NEW, OTHER])
        found.append(Tenure(f"x/tenure/{number}", "Head", body, Span(first, last)))
    return found


def test_a_line_of_bodies_is_judged_as_the_naive_evaluator_judges_it() -> None:
    seen: Counter[str] = Counter()
    named, held = Counter[str](), 0
    for seed in range(3_000):
        dice = random.Random(seed)
        line = naive_bodies.Line(OLD, NEW, dice.randint(0, 35))
        one = norm(limit=5, bearer=Profile(kinds=frozenset({"Body"})))
        case = facts([one], _events(dice), as_of=0)
        before = replace(actor(OLD, "Body"), existed=Span(PAST, line.turn - 1))
        after = replace(actor(NEW, "Body"), existed=Span(line.turn, FUTURE), succeeds=OLD)
        bodies = (before, after, actor(OTHER, "Body"))
        case = replace(case, actors={body.iri: body for body in bodies}, tenures=_tenures(dice))
        findings = {
            finding.bearer.iri: finding
            for finding in Evaluator(case).evaluate()
            if finding.bearer.iri in line.both
        }
        events = list(case.events.values())
        who, verdict = naive_bodies.judge(line, events, 5, naive.firsts(events))
        if not any(e.actors & line.both for e in events):
            assert findings == {}, f"seed {seed}"
            continue
        # never both: what one owed is judged once
        assert set(findings) == {who}, f"seed {seed}"
        finding = findings[who]
        found, span = finding.preferred.timeliness.value, finding.preferred.delay
        assert found == verdict.timeliness, f"seed {seed}"
        assert (span and span.first, span and span.last) == (verdict.shortest, verdict.longest)
        knew = [e for e in events if "Knowledge" in e.kinds and e.actors & line.both]
        expected = (
            naive_bodies.in_office(case.tenures, line.both, naive.firsts(knew)) if knew else set()
        )
        assert set(finding.post_holders) == expected, f"seed {seed}"
        seen[found] += 1
        named[who] += 1
        held += bool(expected)
    assert {"definitely-late", "on-time", "possibly-late", "preemptive", "no-data"} <= set(seen)
    assert min(named.values()) > 500 and held > 300
