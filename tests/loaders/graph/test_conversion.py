"""Records to quads: every triple has one home, every date has a zone."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from crisisgov.errors import RecordErrors
from crisisgov.loaders.graph.convert import records_to_quads
from crisisgov.loaders.records.read import load
from crisisgov.ontology import terms
from tests.loaders.graph.every_field import everything
from tests.support.graphs import crisis_file, write_seeds


def test_the_bounds_of_an_event_without_a_known_zone_hold_every_zone_in_question(
    tmp_path: Path,
) -> None:
    # about 3 January, 60 s either way, in Urumqi (UTC+6; also the actor's), Shanghai (+8) or UTC:
    # 3 Jan 00:00 in Shanghai = 1577980800, a minute before; 3 Jan 23:59:59 UTC = 1578095999, after
    found = {
        quad.predicate.value.removeprefix(terms.CG): quad.object.value  # type: ignore[union-attr]
        for quad in everything(tmp_path / "seeds")
        if quad.subject == ox.NamedNode(terms.entity("event", "full"))
    }
    assert found["earliestEpoch"] == str(1_577_980_800 - 60)
    assert found["latestEpoch"] == str(1_578_095_999 + 60)


def test_a_claim_about_a_date_is_read_in_the_zones_of_its_event(tmp_path: Path) -> None:
    found = {
        quad.predicate.value.removeprefix(terms.CG): quad.object.value  # type: ignore[union-attr]
        for quad in everything(tmp_path / "seeds")
        if quad.subject == ox.NamedNode(terms.entity("claim", "when"))
    }
    assert found["claimsEarliestEpoch"] == str(1_577_980_800 + 86_400)
    assert found["claimsLatestEpoch"] == str(1_578_095_999 + 86_400)


def test_every_triple_of_the_curated_records_has_one_home(checkout: Path) -> None:
    homes: dict[ox.Triple, set[str]] = defaultdict(set)
    quads = records_to_quads(load(checkout / "seeds"))
    for quad in quads:
        homes[quad.triple].add(str(quad.graph_name))
    assert quads
    assert {triple for triple, graphs in homes.items() if len(graphs) > 1} == set()


def test_the_same_records_give_the_same_quads_in_the_same_order(tmp_path: Path) -> None:
    one, two = everything(tmp_path / "a"), everything(tmp_path / "b")
    assert list(map(str, one)) == list(map(str, two))


def problems(folder: Path, files: dict[str, str]) -> list[str]:
    with pytest.raises(RecordErrors) as caught:
        records_to_quads(load(write_seeds(folder, files)))
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("polarity", "status", "failure"),
    [
        ("found", "final", True),
        ("found", "under-appeal", True),
        ("found", "overturned", False),
        ("found", "withdrawn", False),
        ("not-found", "final", False),
    ],
)
def test_an_asserted_finding_is_a_failure_while_it_stands(
    tmp_path: Path, polarity: str, status: str, failure: bool
) -> None:
    section = f"""\
asserted_findings:
  - {{id: one, label: {{en: One}}, by: state, bearer: city, failure_type: [delayed-disclosure],
     polarity: {polarity}, status: {status}, date: "2020", says: S, checked: read,
     citations: [{{source: paper}}]}}
"""
    files = {"crises/events.yaml": crisis_file(section)}
    quads = records_to_quads(load(write_seeds(tmp_path / "seeds", files)))
    node, kind = ox.NamedNode(terms.entity("finding", "one")), ox.NamedNode(terms.CG + "Failure")
    assert any(q.subject == node and q.object == kind for q in quads) is failure
    has_type = any(
        q.subject == node and q.predicate.value == terms.CG + "failureType" for q in quads
    )
    assert has_type is failure


NOWHERE = "places:\n  - {id: ZZ, label: {en: Nowhere}, level: national}\n"
SOMETHING = """\
events:
  - {id: it, kind: [detection], label: {en: It}, summary: S, place: PLACE,
     date: "DATE",
     actor: [city], checked: read, citations: [{source: paper}]}
"""


def test_a_place_without_a_zone_is_an_error_that_names_the_file_and_the_line(
    tmp_path: Path,
) -> None:
    found = problems(
        tmp_path / "seeds",
        {
            "places/zz.yaml": NOWHERE,
            "crises/events.yaml": crisis_file(
                SOMETHING.replace("PLACE", "ZZ").replace("DATE", "2020-01-01")
            ),
        },
    )
    said = "neither place ZZ nor a larger one has a `time_zone`; add one"
    assert any(
        line.startswith("crises/events.yaml:4: events.0.date: ") and said in line for line in found
    )
    assert any(line.startswith("places/zz.yaml:2: ") and said in line for line in found)


def test_a_date_that_is_only_about_needs_a_margin_and_says_where(tmp_path: Path) -> None:
    found = problems(
        tmp_path / "seeds",
        {
            "crises/events.yaml": crisis_file(
                SOMETHING.replace("PLACE", "CN").replace("DATE", "2020-01-03~")
            )
        },
    )
    assert len(found) == 1
    assert found[0].startswith("crises/events.yaml:4: ")
    assert "margin" in found[0]
