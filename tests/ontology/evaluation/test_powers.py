"""The power to tell the public in the three readings, and what rests on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisisgov.ontology.evaluation.disclosure import DisclosureEvaluator
from crisisgov.ontology.evaluation.facts import Asserted, Event, Facts, Matter, Norm, Profile
from crisisgov.ontology.evaluation.findings import Finding
from crisisgov.ontology.evaluation.obligations import Evaluator
from crisisgov.ontology.evaluation.power import PowerFinding
from crisisgov.ontology.evaluation.reasons import add_breaches
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span, Timeliness
from crisisgov.ontology.evaluation.variants import Reading
from tests.support.facts import (
    CRISIS,
    DEPARTMENT,
    GOVERNMENT,
    LOWER,
    PLACE,
    event,
    facts,
    norm,
    search,
    yardstick,
)

MATTER = Matter(CRISIS, "existence", PLACE)
OTHERS = Profile(named=frozenset({"x/actor/ministry"}))
WITHHELD = norm("only-ministry", "Power", bearer=OTHERS, exclusive=True, instrument="x/i/law-a")
DELEGATION = norm("leave", "Delegation", delegates=frozenset({WITHHELD.iri}),
                  bearer=Profile(named=frozenset({DEPARTMENT})))  # fmt: skip
CONTRARY = norm("must-tell", "Duty", instrument="x/i/law-b", limit=None)
OWN_POWER = norm("own", "Power", exclusive=True, bearer=Profile(named=frozenset({GOVERNMENT})))

KNOWS = event("knows", "Knowledge", 100, 110)
TELLS = event("tells", "Disclosure", 200, 210, audience=frozenset({"public"}))
GRANT = event("grant", "Authorisation", 180, 185, actors=frozenset({"x/actor/ministry"}),
              recipients=frozenset({DEPARTMENT}), outcome="granted")  # fmt: skip


def headline(norms: list[Norm], some: list[Event], *, until: int | None = None) -> Finding:
    one = yardstick()
    known: Facts = facts([one, *norms], some, searches=[search(until)] if until else [])
    known.actors["x/actor/ministry"] = replace(
        known.actors[GOVERNMENT], iri="x/actor/ministry", department_of=None
    )
    found = DisclosureEvaluator(Evaluator(known), one).judge(known.actors[GOVERNMENT], MATTER)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("norms", "status"),
    [
        ([OWN_POWER], "held"),
        ([WITHHELD, DELEGATION], "delegated"),
        ([WITHHELD], "withheld"),
        ([WITHHELD, CONTRARY], "disputed"),
    ],
)
def test_the_status_of_the_power_follows_from_who_has_it_and_who_must(
    norms: list[Norm], status: str
) -> None:
    finding = headline(norms, [KNOWS, TELLS])
    assert finding.power_status == status
    # the delay is computed whatever the power: 200 - 110 and 210 - 100
    assert finding.preferred.delay == Span(90, 110)


def test_a_delegation_that_came_later_does_not_count() -> None:
    later = replace(DELEGATION, validity=Span(300, FUTURE))
    assert headline([WITHHELD, later], [KNOWS, TELLS]).power_status == "withheld"


def test_who_always_had_the_power_is_counted_from_knowledge() -> None:
    assert headline([OWN_POWER], [KNOWS, TELLS]).with_power == Span(90, 110)


def test_who_was_granted_the_power_is_counted_from_the_grant() -> None:
    # power from 180 to 185: 200 - 185 and 210 - 180
    assert headline([WITHHELD], [KNOWS, TELLS, GRANT]).with_power == Span(15, 30)


def test_without_power_or_grant_nothing_is_charged_to_the_bearer() -> None:
    assert headline([WITHHELD], [KNOWS, TELLS]).with_power == Span(0, 0)


def test_a_disputed_power_leaves_the_smallest_delay_at_nothing() -> None:
    assert headline([WITHHELD, CONTRARY], [KNOWS, TELLS]).with_power == Span(0, 110)


def test_silence_is_counted_from_the_power_too() -> None:
    # none found until 500: 500 - 185 at least
    finding = headline([WITHHELD], [KNOWS, GRANT], until=500)
    assert finding.preferred.delay == Span(390, FUTURE)
    assert finding.with_power == Span(315, FUTURE)


@pytest.mark.parametrize(
    ("status", "reading", "grant", "since"),
    [
        ("held", Reading.favourable, None, Span(PAST, PAST)),
        ("delegated", Reading.unfavourable, None, Span(PAST, PAST)),
        ("unknown", Reading.preferred, None, Span(PAST, PAST)),
        ("withheld", Reading.unfavourable, None, Span(FUTURE, FUTURE)),
        ("withheld", Reading.preferred, Span(5, 9), Span(5, 9)),
        ("disputed", Reading.favourable, None, Span(FUTURE, FUTURE)),
        ("disputed", Reading.favourable, Span(5, 9), Span(5, 9)),
        ("disputed", Reading.preferred, Span(5, 9), Span(PAST, 9)),
        ("disputed", Reading.preferred, None, Span(PAST, FUTURE)),
        ("disputed", Reading.unfavourable, Span(5, 9), Span(PAST, PAST)),
    ],
)
def test_each_reading_says_since_when_the_power_was_there(
    status: str, reading: Reading, grant: Span | None, since: Span
) -> None:
    assert PowerFinding(status).since(reading, grant) == since


def breach(norms: list[Norm], law: Norm) -> tuple[str, ...]:
    one = yardstick()
    known = facts([one, law, *norms], [KNOWS, TELLS])
    del known.actors[LOWER]  # a government with another inside it would be taken for a state
    evaluator = Evaluator(known)
    disclosures = DisclosureEvaluator(evaluator, one).evaluate()
    add_breaches(
        disclosures, [f for f in evaluator.evaluate() if f.norm == law], evaluator.hierarchy
    )
    (mine,) = [f for f in disclosures if f.bearer.iri == GOVERNMENT]
    return mine.reasons


def test_a_breach_needs_binding_law_with_a_number_that_was_read_and_the_power() -> None:
    law = norm("tell", instrument="x/i/law-b", place=PLACE)
    assert breach([], law) == ("breach",)
    assert breach([], replace(law, read=False)) == ()
    assert breach([], replace(law, force="soft")) == ()
    assert breach([], replace(law, limit=None)) == ()
    assert breach([], replace(law, limit=1_000)) == ()
    assert breach([WITHHELD], law) == ()  # the power is disputed


def test_a_final_finding_counts_only_for_its_own_place_topic_and_bearer() -> None:
    made = Asserted(
        iri="x/finding/a",
        label="A",
        bearer=GOVERNMENT,
        crisis=CRISIS,
        topic=None,
        norm=None,
        responsibilities=frozenset(),
        about=PLACE,
        failure_types=frozenset({"delayed-disclosure"}),
        polarity="found",
        status="final",
    )
    one = yardstick()
    for asserted, reasons in (
        (made, ("found",)),
        (replace(made, about="x/place/elsewhere"), ()),
        (replace(made, topic="transmission"), ()),
        (replace(made, bearer="x/actor/other"), ()),
        (replace(made, polarity="not-found"), ()),
        (replace(made, status="overturned"), ()),
        (replace(made, status="opinion"), ()),
        (replace(made, failure_types=frozenset({"coordination-failure"})), ()),
    ):
        known = facts([one], [KNOWS, TELLS])
        known.asserted.append(asserted)
        found = DisclosureEvaluator(Evaluator(known), one).judge(known.actors[GOVERNMENT], MATTER)
        assert found is not None and found.reasons == reasons


def test_silence_under_a_limit_in_working_days_is_not_judged_without_a_calendar() -> None:
    law = norm("days", limit=None, working_days=20)
    known = facts([law], [KNOWS], searches=[search(10_000)])
    finding = Evaluator(known).judge(law, known.actors[GOVERNMENT], MATTER)
    assert finding is not None
    assert finding.preferred.timeliness is Timeliness.no_data
