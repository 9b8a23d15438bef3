"""What became of recommendations, worked out by hand from the records."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from crisisgov.queries import catalogue

pytestmark = pytest.mark.curated


def rows(built: ox.Store, question: str) -> list[dict[str, str]]:
    query = catalogue.load()[question].bind({"crisis": "covid-19-wuhan"})
    solutions = built.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in solutions]


def test_the_reprimand_was_withdrawn_as_the_inquiry_proposed_on_the_same_day(
    built: ox.Store,
) -> None:
    found = {
        row["recommendation"].rsplit("/", 1)[-1]: row for row in rows(built, "recommendations")
    }
    done = found["nsc-result-2020-03-19"]
    assert done["outcome"] == "carried out"
    assert done["implementation"].endswith("/wuhan-police-revocation-2020-03-19")
    # both on 19 March: 0 to one day less a second, which is 1.0 when rounded to a tenth
    assert (float(done["minDays"]), float(done["maxDays"])) == (0, 1)


def test_of_the_advice_to_publish_suspected_cases_nothing_is_recorded(built: ox.Store) -> None:
    found = {
        row["recommendation"].rsplit("/", 1)[-1]: row for row in rows(built, "recommendations")
    }
    advice = found["second-team-advice-2020-01-10"]
    assert advice["outcome"] == "nothing recorded"
    assert "implementation" not in advice and "minDays" not in advice
