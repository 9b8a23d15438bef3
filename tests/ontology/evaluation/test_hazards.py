"""Norms reach the hazards and places that they are for, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisisgov.ontology.evaluation.candidates import Candidates
from crisisgov.ontology.evaluation.facts import Event, Facts, Item, Matter, Profile
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.obligations import Evaluator
from crisisgov.ontology.evaluation.spans import Timeliness
from crisisgov.ontology.evaluation.variants import Reading
from tests.support.facts import (
    CRISIS,
    GOVERNMENT,
    PLACE,
    actor,
    event,
    facts,
    item,
    norm,
    town,
    yardstick,
)
from tests.support.graphs import Judged

DISEASE = {"infectious-disease", "unexplained-disease", "public-health-event"}
FLOOD = frozenset({"flood", "natural-disaster"})
DISEASE_LAW = (
    "cn-idl-",
    "cn-phe-",
    "cn-id-reporting",
    "cn-publication-scheme",
    "target-717-",
    "ind-",
)


@pytest.mark.curated
def test_no_norm_on_disease_reaches_a_flood_in_the_same_place(curated: Judged) -> None:
    flooded = replace(curated.facts, hazards=dict.fromkeys(curated.facts.hazards, FLOOD))
    names = {crisis: "x/crisis/flood" for crisis in flooded.hazards}
    moved = {iri: replace(one, crisis=names[one.crisis]) for iri, one in flooded.events.items()}
    flooded = replace(
        flooded, events=moved, hazards={"x/crisis/flood": FLOOD}, searches=[], justifications=[]
    )
    reached = {one.id for one, _, _ in Candidates(flooded, Hierarchy(flooded))}
    wrong = {name for name in reached if name.startswith(DISEASE_LAW)}
    assert wrong == set()
    # what is for every hazard stays: the yardstick, and the law on emergencies of all kinds
    assert "yardstick-prompt-disclosure" in reached
    assert any(name.startswith("cn-erl-") for name in reached)


@pytest.mark.curated
def test_the_targets_for_outbreaks_are_limited_to_disease(curated: Judged) -> None:
    targets = [one for one in curated.facts.norms.values() if one.id.startswith("target-717-")]
    assert len(targets) == 4
    assert all(one.scope_hazards and one.scope_hazards <= DISEASE for one in targets)
    indicators = [one for one in curated.facts.norms.values() if one.id.startswith("ind-")]
    assert len(indicators) == 6
    assert all(one.scope_crises for one in indicators)


@pytest.mark.curated
def test_a_reply_to_a_request_is_owed_by_local_organs_that_were_asked_and_may_be_drawn_out(
    curated: Judged,
) -> None:
    (one,) = [n for n in curated.facts.norms.values() if n.id == "cn-ogi-2019-art33-reply"]
    assert (one.working_days, one.extension_days, one.calendar) == (20, 20, "CN")
    assert not {"national", "international"} & one.bearer.levels
    for finding in curated.findings.values():
        if finding.norm.clock == "request":
            outcomes = (finding.preferred, finding.favourable, finding.unfavourable)
            assert any(outcome.trigger is not None for outcome in outcomes), finding.key


def test_whoever_affirms_a_release_affirms_that_the_hazard_exists() -> None:
    public = frozenset({"public"})
    found = facts(
        [norm(limit=10)],
        [
            event("k", "Knowledge", 0, 0),
            event("d", "Disclosure", 5, 5, audience=public, items=(item("release"),)),
        ],
    )
    finding = Evaluator(found).judge(
        found.norms["x/norm/duty"], found.actors[GOVERNMENT], Matter(CRISIS, "existence", PLACE)
    )
    assert finding is not None
    assert finding.preferred.timeliness is Timeliness.on_time


def _with_company(*events: Event) -> Facts:
    tells = norm(
        "company-tells", "Benchmark", force="yardstick", recipient_relation="anyone",
        bearer=Profile(kinds=frozenset({"Company"})),
        recipient=Profile(kinds=frozenset({"Government", "Body"})),
        act=replace(norm().act, kinds=frozenset({"Report", "Notification"})),
    )  # fmt: skip
    found = facts([tells, yardstick()], list(events))
    firm = replace(actor("x/actor/firm", "Company", place=None), department_of=GOVERNMENT)
    plant = replace(actor("x/actor/plant", "Company", place=None), department_of=firm.iri)
    return replace(found, actors={**town(), firm.iri: firm, plant.iri: plant})


def test_a_company_answers_for_its_plants_and_no_government_for_a_company() -> None:
    found = _with_company(event("k", "Knowledge", 0, 0, actors=frozenset({"x/actor/plant"})))
    hierarchy = Hierarchy(found)
    for reading in Reading:
        assert "x/actor/plant" in hierarchy.own_bodies("x/actor/firm", reading)
        assert "x/actor/firm" not in hierarchy.own_bodies(GOVERNMENT, reading)


def test_a_company_is_late_when_it_told_an_authority_late_and_is_not_asked_for_the_public() -> None:
    found = _with_company(
        event("k", "Knowledge", 0, 0, actors=frozenset({"x/actor/plant"})),
        event("r", "Report", 30, 30, actors=frozenset({"x/actor/firm"}), recipients=frozenset({GOVERNMENT})),
    )  # fmt: skip
    every = Evaluator(found).evaluate()
    judged = {f.norm.id: f for f in every if f.bearer.iri == "x/actor/firm"}
    assert set(judged) == {"company-tells"}
    assert judged["company-tells"].preferred.timeliness is Timeliness.definitely_late
    assert not judged["company-tells"].failure  # a yardstick is not law


def test_who_helps_from_outside_has_no_matter_of_its_own_in_the_crisis() -> None:
    helper = actor("x/actor/abroad", "Government", place="x/place/abroad")
    found = facts(
        [yardstick()],
        [
            event("k", "Knowledge", 0, 0),
            event("h", "Coordination", 5, 5, actors=frozenset({helper.iri}), items=()),
        ],
    )
    found = replace(
        found,
        actors={**found.actors, helper.iri: helper},
        within={**found.within, "x/place/abroad": frozenset({"x/place/abroad"})},
    )
    own = Matter(CRISIS, "existence", "x/place/abroad")
    assert own in Candidates(found, Hierarchy(found)).matters  # a crisis without a place
    bounded = replace(found, crisis_places={CRISIS: PLACE})
    assert own not in Candidates(bounded, Hierarchy(bounded)).matters


def test_among_the_parts_of_a_crisis_a_matter_is_judged_where_its_place_belongs() -> None:
    """What a neighbour says of Wuhan is evidence there, not a second case against Wuhan; a place
    to which no part belongs (a case found abroad) stays with the crisis that speaks of it."""
    neighbour, abroad = "x/place/neighbour", "x/place/abroad"
    told = event(
        "t", "Notification", 0, 0, items=(item(), Item("existence", "affirms", abroad, None))
    )
    found = facts([yardstick()], [replace(told, crisis="x/crisis/neighbour")])
    found = replace(
        found,
        within={**found.within, **{p: frozenset({p}) for p in (neighbour, abroad)}},
        crisis_places={CRISIS: PLACE, "x/crisis/neighbour": neighbour},
    )
    here = Matter("x/crisis/neighbour", "existence", PLACE)
    there = Matter("x/crisis/neighbour", "existence", abroad)
    assert {here, there} <= set(Candidates(found, Hierarchy(found)).matters)
    parts = {CRISIS: "x/crisis/whole", "x/crisis/neighbour": "x/crisis/whole"}
    found = replace(found, part_of=parts)
    matters = Candidates(found, Hierarchy(found)).matters
    assert here not in matters
    assert there in matters
