"""Milestones worked out by hand from a few events, and against SPARQL on many."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from crisisgov.loaders.milestones.benchmarks import Limit, verdict
from crisisgov.loaders.milestones.derive import Derivation
from crisisgov.loaders.milestones.reading import batches
from crisisgov.ontology import terms
from tests.loaders.datasets.small_sets import PREFIXES, world

B, CG = terms.BASE, terms.CG
DAY = 86_400


def event(
    name: str, first: int, last: int, *more: str, home: str = "data/acaps", crisis: str = "covid-19"
) -> str:
    """Return the lines of an event; ``more`` are pairs ``predicate object``, without prefix."""
    said = [
        f"<{terms.RDF_TYPE}> <{CG}Event>",
        f"<{CG}crisis> <{B}crisis/{crisis}>",
        f'<{CG}earliestEpoch> "{first}"^^<{terms.XSD}integer>',
        f'<{CG}latestEpoch> "{last}"^^<{terms.XSD}integer>',
        *(f"<{CG}{one}" for one in more),
    ]
    return "".join(f"<{B}event/{name}> {one} <{terms.graph(home)}> .\n" for one in said)


def measure(name: str) -> str:
    return f"measureType> <{B}concept/measure-type/{name}>"


def actor(name: str) -> str:
    return f"actor> <{B}actor/{name}>"


SUSPECT = f'suspectDate> "true"^^<{terms.XSD}boolean>'
HUBEI = actor("hubei-government")


def facts() -> str:
    """Return the curated world, and a department of Hubei's government."""
    lines = "".join(f"{quad} .\n" for quad in world())
    home = terms.graph("actors")
    return lines + (
        f"<{B}actor/hubei-cdc> <{CG}departmentOf> <{B}actor/hubei-government> <{home}> .\n"
        f"<{B}crisis/covid-19-china> <{CG}partOfCrisis> <{B}crisis/covid-19> <{home}> .\n"
    )


def derive(text: str, size: int = 100) -> tuple[Derivation, ox.Store]:
    """Return the derivation of lines that pass in pieces of a size, and a store with everything."""
    store = ox.Store()
    derivation = Derivation(store, {"acaps": "unclear", "oxcgrt": "open"})
    raw = (facts() + text).encode()
    pieces = [raw[n : n + size] for n in range(0, len(raw), size)]
    assert b"".join(derivation.passing(pieces)) == raw
    made = b"".join(derivation.lines())
    store.bulk_load(raw, ox.RdfFormat.N_QUADS)
    store.bulk_load(made, ox.RdfFormat.N_QUADS)
    return derivation, store


def bounds(derivation: Derivation, id_: str) -> tuple[int, int, str, str]:
    found = [one for one in derivation.milestones if one.id == id_]
    assert len(found) == 1, [one.id for one in derivation.milestones]
    when = found[0].when
    return when.first, when.last, when.first_event, when.last_event


def test_the_bounds_of_the_first_may_come_from_two_events() -> None:
    text = event("a", 10, 90, HUBEI, measure("plan")) + event("b", 20, 30, HUBEI, measure("plan"))
    derivation, _ = derive(text)
    # the first of both lies after 10 (a's first second) and is certainly done by 30 (b's last)
    found = bounds(derivation, "covid-19/hubei-government/own-act/first-measure-plan")
    assert found == (10, 30, "a", "b")


def test_a_suspect_date_never_wins_and_is_counted() -> None:
    text = event("a", 10, 20, HUBEI, measure("plan"), SUSPECT)
    text += event("b", 50, 60, HUBEI, measure("plan"))
    derivation, _ = derive(text)
    found = bounds(derivation, "covid-19/hubei-government/own-act/first-measure-plan")
    assert found == (50, 60, "b", "b")
    assert derivation.milestones[0].left_out == 1


def test_the_end_of_a_measure_is_no_first() -> None:
    text = event("a", 10, 20, HUBEI, measure("plan"), 'phase> "end"')
    assert derive(text)[0].milestones == []


def test_a_department_acts_for_its_government_and_a_part_of_a_crisis_for_the_whole() -> None:
    text = event("a", 10, 20, actor("hubei-cdc"), measure("plan"), crisis="covid-19-china")
    ids = {one.id for one in derive(text)[0].milestones}
    assert ids == {
        "covid-19-china/hubei-government/own-act/first-measure-plan",
        "covid-19/hubei-government/own-act/first-measure-plan",
    }


def test_what_applied_in_a_place_is_not_an_act_of_its_government() -> None:
    text = event("a", 10, 20, f"place> <{B}place/CN-HB>", measure("plan"))
    (found,) = derive(text)[0].milestones
    assert (found.basis, found.government) == ("in-force", None)


def test_the_lag_from_the_first_case_has_bounds_below_zero_too() -> None:
    case = event(
        "case",
        100,
        200,
        f"dateKind> <{B}concept/date-kind/announced>",
        f"conveys> <{B}item/case/1>",
    )
    case += f"<{B}item/case/1> <{CG}about> <{B}place/CN-HB> <{terms.graph('data/acaps')}> .\n"
    derivation, _ = derive(case + event("a", 150, 300, HUBEI, measure("plan")))
    (plan,) = [one for one in derivation.milestones if one.kind == "first-measure/plan"]
    # least: 150 - 200; most: 300 - 100
    assert plan.lag == (-50, 200)


def test_evidence_of_a_set_that_is_not_open_puts_a_milestone_into_a_graph_that_is_not() -> None:
    text = event("a", 10, 90, HUBEI, measure("plan"), home="data/oxcgrt")
    text += event("b", 20, 30, HUBEI, measure("plan"), home="data/acaps")
    _, store = derive(text)
    query = (
        PREFIXES + """SELECT ?g ?s { GRAPH ?g { ?m a cg:Milestone . ?g cg:licenceStatus ?s } }"""
    )
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    assert [(row["g"].value, row["s"].value) for row in rows] == [
        (terms.graph("derived/milestones/acaps"), "unclear")
    ]


@pytest.mark.parametrize(
    ("lag", "expected"),
    [
        ((-5, -1), "preemptive"),
        ((-5, 7), "on-time"),
        ((7, 7), "on-time"),
        ((8, 9), "definitely-late"),
        ((7, 8), "possibly-late"),
    ],
)
def test_a_benchmark_judges_by_the_bounds(lag: tuple[int, int], expected: str) -> None:
    derivation, _ = derive(event("a", 10, 20, HUBEI, measure("command-body")))
    (one,) = derivation.milestones
    one.lag = lag
    limit = Limit("target-717-coordinate", 7, ("first-measure/command-body",))
    assert limit.applies(one)
    assert verdict(one, limit) == expected


def test_many_events_give_what_sparql_gives() -> None:
    random.seed(7)
    text = ""
    for number in range(300):
        first = random.randrange(10**6)
        more = [HUBEI, measure(random.choice(("plan", "quarantine", "relief")))]
        if random.random() < 0.2:
            more.append(SUSPECT)
        text += event(f"e{number}", first, first + random.randrange(DAY), *more)
    derivation, store = derive(text, size=3_000)
    rows = store.query(
        PREFIXES
        + """SELECT ?m (MIN(?f) AS ?first) (MIN(?l) AS ?last) (COUNT(?e) AS ?n) {
          ?e cg:measureType ?m ; cg:earliestEpoch ?f ; cg:latestEpoch ?l
          FILTER NOT EXISTS { ?e cg:suspectDate true } } GROUP BY ?m""",
        use_default_graph_as_union=True,
    )
    assert isinstance(rows, ox.QuerySolutions)
    asked = {
        row["m"].value.rpartition("/")[2]: tuple(int(row[c].value) for c in ("first", "last", "n"))
        for row in rows
    }
    found = {
        one.kind.partition("/")[2]: (one.when.first, one.when.last, one.when.events)
        for one in derivation.milestones
    }
    assert found == asked and len(found) == 3


def test_pieces_are_joined_to_whole_lines() -> None:
    lines = b"".join(b"<%d> .\n" % number for number in range(1000))
    out = list(batches(lines[n : n + 7] for n in range(0, len(lines), 7)))
    assert b"".join(out) == lines
    assert all(piece.endswith(b"\n") or not piece for piece in out)


def test_the_files_of_index_series_give_peaks_and_first_cases(tmp_path: Path) -> None:
    (tmp_path / "OxCGRT_timeseries_StringencyIndex_v1.csv").write_text(
        "CountryCode,CountryName,RegionCode,RegionName,CityCode,CityName,Jurisdiction,"
        "01Jan2020,02Jan2020,03Jan2020\nCHN,China,,,,,NAT_TOTAL,0,50.5,50.5\n"
    )
    (tmp_path / "confirmed_cases.csv").write_text(
        '"",country_code,country_name,01Jan2020,02Jan2020,03Jan2020\n1,CHN,China,0,0,3\n'
    )
    store = world()
    derivation = Derivation(store, {"oxcgrt": "open"}, index_series=tmp_path)
    text = event("a", 1, 2, f"place> <{B}place/CN>", measure("plan"), home="data/oxcgrt")
    list(derivation.passing([(facts() + text).encode()]))
    list(derivation.lines())
    # midnight in China on 2 January 2020 is 16:00 UTC on the 1st: 1577894400
    peak = bounds(derivation, "covid-19-china/CN/in-force/peak-stringency")
    assert peak[:2] == (1_577_894_400, 1_577_894_400 + DAY - 1)
    case = bounds(derivation, "covid-19-china/CN/reported/first-case")
    assert case[:2] == (1_577_894_400 + DAY, 1_577_894_400 + 2 * DAY - 1)
