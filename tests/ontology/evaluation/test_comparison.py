"""What somebody asserted beside what is computed, through records, graph and question."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from crisisgov.queries import catalogue
from tests.ontology.evaluation.test_times import TELL, event
from tests.support.graphs import Judged, norm

Judge = Callable[..., Judged]
KNOWN = {"knowledge": "{basis: own-document, certainty: confirmed}"}
ABOUT_CITY = "bearer: city, topic: existence"


def case(told: str, *asserted: str) -> str:
    """Return a case in which the city knew on 1 January, with asserted findings."""
    events = event("known", "knowledge", 'date: "2020-01-01"', **KNOWN)
    events += event("told", "disclosure", f'date: "{told}"', audience="[public]")
    return f"events:\n{events}asserted_findings:\n{''.join(asserted)}"


def said(name: str, polarity: str, fields: str = ABOUT_CITY, status: str = "final") -> str:
    return (
        f"  - {{id: {name}, label: {{en: The {name}}}, by: agency, {fields}, polarity: {polarity}, "
        f'status: {status}, date: "2021", says: It says so., checked: read, '
        "citations: [{source: paper}]}\n"
    )


def relations(judged: Judged) -> set[tuple[str, str, str]]:
    """Return relation, asserted and computed of every row of the question."""
    judged.store.extend(judged.quads)
    query = catalogue.load()["agreement"].bind({})
    solutions = judged.store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    found = []
    for row in solutions:
        ends = (
            row[name] and row[name].value.rsplit("/", 1)[-1] for name in ("asserted", "computed")
        )
        asserted, computed = (end or "" for end in ends)
        if not computed.startswith("yardstick"):
            found.append((row["relation"].value, asserted, computed.split(".", 1)[0]))
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize(
    ("told", "found", "cleared"),
    [
        # 24 hours allowed after 1 January: late from the 3rd on, open on the 2nd, met on the 1st
        ("2020-01-05", "agreement", "disagreement"),
        ("2020-01-02", "open", "open"),
        ("2020-01-01", "disagreement", "agreement"),
    ],
)
def test_found_agrees_with_late_and_cleared_with_met(
    judge: Judge, told: str, found: str, cleared: str
) -> None:
    sections = case(told, said("inquiry", "found"), said("court", "not-found"))
    assert relations(judge(sections, norm("tell", TELL))) == {
        (found, "inquiry", "tell"),
        (cleared, "court", "tell"),
    }


def test_a_failure_that_nobody_asserted_stands_alone(judge: Judge) -> None:
    sections = case("2020-01-05", said("other", "found", "bearer: province, topic: existence"))
    assert relations(judge(sections, norm("tell", TELL))) == {
        ("only computed", "", "tell"),
        ("only asserted", "other", ""),
    }


@pytest.mark.parametrize("status", ["overturned", "withdrawn"])
def test_what_was_overturned_is_compared_with_nothing(judge: Judge, status: str) -> None:
    sections = case("2020-01-05", said("inquiry", "found", status=status))
    assert relations(judge(sections, norm("tell", TELL))) == {
        ("no longer stands", "inquiry", ""),
        ("only computed", "", "tell"),
    }


@pytest.mark.parametrize(
    ("fields", "same"),
    [
        ("bearer: city", True),
        ("bearer: city, topic: transmission", False),
        ("bearer: city, topic: existence, about: CN-HB", False),
        ("bearer: city, norm: tell", True),
        ("bearer: city, norm: yardstick-prompt-disclosure", False),
        # the failure type names the responsibility: information, or another
        ("bearer: city, failure_type: [delayed-disclosure]", True),
        ("bearer: city, failure_type: [coordination-failure]", False),
        ("bearer: city-health, topic: existence", False),
    ],
)
def test_a_finding_is_beside_another_on_the_same_bearer_matter_norm_and_responsibility(
    judge: Judge, fields: str, same: bool
) -> None:
    found = relations(
        judge(case("2020-01-05", said("inquiry", "found", fields)), norm("tell", TELL))
    )
    assert (("agreement", "inquiry", "tell") in found) == same
    assert (("only computed", "", "tell") in found) != same


def test_a_finding_without_a_verdict_is_beside_nothing(judge: Judge) -> None:
    # knowledge of the province only: for the city the clock never started
    sections = case("2020-01-05", said("inquiry", "found"))
    sections = sections.replace("actor: [city]", "actor: [province]", 1)
    found = relations(judge(sections, norm("tell", TELL)))
    assert found == {("only asserted", "inquiry", "")}
