"""CoronaNet: one event for each real event, its rows as records, policies as chains."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from crisisgov.ontology import terms
from tests.loaders.datasets.coronanet_rows import EVENT, LoadRows
from tests.loaders.datasets.small_sets import coronanet_row, load, world, write_csv


def test_rows_of_one_base_are_one_event_with_a_record_each(loaded: LoadRows) -> None:
    both = loaded(
        coronanet_row(type_sub_cat="Self-Quarantine (i.e. quarantine at home)"),
        coronanet_row("R_000000000000001Ab", type="Health Resources", type_sub_cat="Masks"),
    )
    assert both.events() == [f"event/{EVENT}"]
    assert both.ask("SELECT ?r ?c { ?r cg:documents ?e ; cg:category/rdfs:label ?c }") == [
        ("record/coronanet-R_000000000000001Ab", "Health Resources: Masks"),
        (
            "record/coronanet-R_000000000000001NA",
            "Quarantine: Self-Quarantine (i.e. quarantine at home)",
        ),
    ]
    assert both.one(EVENT, "measureType") == [
        "concept/measure-type/medical-supplies",
        "concept/measure-type/quarantine",
    ]
    tally = both.tallies["coronanet"]
    assert (tally.rows, tally.records, tally.events) == (2, 2, 1)


def test_rows_of_one_base_that_stand_apart_are_one_event(loaded: LoadRows) -> None:
    apart = loaded(
        coronanet_row(),
        coronanet_row("R_000000000000002NA", description="Shops close.", type="Curfew"),
        coronanet_row("R_000000000000001Ab", type="Curfew"),
    )
    assert len(apart.events()) == 2
    assert apart.one(EVENT, "measureType") == [
        "concept/measure-type/movement-restriction",
        "concept/measure-type/quarantine",
    ]


def test_an_event_says_who_when_where_and_on_what_evidence(loaded: LoadRows) -> None:
    one = loaded(coronanet_row(date_end="2020-02-03", date_announced="2020-01-22"))
    assert one.one(EVENT, "actor") == ["actor/hubei-government"]
    assert one.one(EVENT, "place") == ["place/CN-HB"]
    assert one.one(EVENT, "crisis") == ["crisis/covid-19-china"]
    # Shanghai is eight hours ahead all year: midnight there is 16:00 of the day before
    assert one.one(EVENT, "earliest") == ["2020-01-22T16:00:00Z"]
    assert one.one(EVENT, "latest") == ["2020-01-23T15:59:59Z"]
    assert one.one(EVENT, "earliestEpoch") == ["1579708800"]
    assert one.one(EVENT, "latestEpoch") == ["1579795199"]
    assert one.one(EVENT, "endLatest") == ["2020-02-03T15:59:59Z"]
    assert one.one(EVENT, "publishedEarliest") == ["2020-01-21T16:00:00Z"]
    assert one.ask(
        "SELECT ?s ?l ?u { ?r cg:documents ?e ; cg:source ?s ; cg:locator ?l ; cg:url ?u }"
    ) == [
        (
            "source/coronanet-dataset",
            "coronanet_release_X.csv.gz, line 2, record_id R_000000000000001NA",
            "https://hubei.example/notice",
        )
    ]


def test_the_types_of_an_event_are_complete_without_a_reasoner(loaded: LoadRows) -> None:
    one = loaded(coronanet_row(country="Peru", ISO_A2="PE", province="Lima", ISO_L2="PE-LIM"))
    assert one.ask(
        "SELECT ?t ?g { GRAPH ?g { <https://w3id.org/crisisgov/event/" + EVENT + "> a ?t } }"
    ) == [
        ("Event", "graph/inferred/data/coronanet"),
        ("ProtectiveMeasure", "graph/data/coronanet"),
    ]
    assert one.ask("SELECT ?t { <https://w3id.org/crisisgov/actor/gov-pe-lim> a ?t }") == [
        ("Actor",),
        ("Government",),
        ("LocalGovernment",),
        ("PublicAuthority",),
    ]


def test_a_policy_is_a_chain_in_order_of_its_dates(loaded: LoadRows) -> None:
    update = {"entry_type": "update", "update_type": "Change of Policy"}
    chain = loaded(
        coronanet_row(
            "R_000000000000003NA",
            entry_type="update",
            update_type="End of Policy",
            date_start="2020-03-01",
            date_announced="2020-03-01",
            description="c",
        ),
        coronanet_row("R_000000000000002NA", **update, date_start="2020-02-01", description="b"),
        coronanet_row(description="a"),
        coronanet_row("R_000000000000004NA", policy_id="2", description="d"),
    )
    one, two, three = (f"event/coronanet-R_00000000000000{n}" for n in (1, 2, 3))
    assert chain.ask("SELECT ?a ?b { ?a cg:continues ?b }") == [(two, one), (three, two)]
    assert chain.ask("SELECT ?a ?b { ?a cg:reverses ?b . ?b cg:reversedBy ?a }") == [(three, two)]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("The province raised its response to the highest level.", ["1"]),
        ("A Level 2 response is declared.", ["2"]),
        ("Level I response.", ["1"]),
        ("The highest level is in force. UPDATE: lowered to level 3.", ["3"]),
        ("The response went from level 1 to level 2.", ["2"]),
        ("It was downgraded from the highest level to level three.", ["3"]),
        ("Lowered from the top to the second level and then to the third level.", ["3"]),
        ("Since raising it to the highest level the government lowered it in March.", []),
        ("Lowered from the first level.", []),
        ("It is the second level where the risk is low, level 1 elsewhere.", []),
        ("To the second level at middling risk, to the third level at low risk.", []),
        ("Changed to the level 2 response; some places by reference to the level 1.", ["2"]),
        ("An emergency is declared.", []),
    ],
)
def test_a_response_level_is_read_only_where_one_is_named(
    loaded: LoadRows, text: str, level: list[str]
) -> None:
    found = loaded(coronanet_row(type="Declaration of Emergency", description=text))
    assert found.one(EVENT, "responseLevel") == level
    kind = "EmergencyLevelChange" if level else "Regulation"
    assert (kind,) in found.ask(f"SELECT ?t {{ <https://w3id.org/crisisgov/event/{EVENT}> a ?t }}")


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (
            {"description": "Lowered from the first to the third level."},
            ["Emergency response level 3, Hubei, 2020-01-23", "湖北省:应急响应级别为3级(2020-01-23)"],
        ),
        (
            {"entry_type": "update", "update_type": "Change of Policy"},
            ["Declaration of emergency, Hubei, 2020-01-23 (change)", "湖北省:宣布紧急状态(2020-01-23,调整)"],
        ),
        (
            {"entry_type": "update", "update_type": "End of Policy"},
            ["Declaration of emergency, Hubei, 2020-01-23 (end)", "湖北省:宣布紧急状态(2020-01-23,结束)"],
        ),
    ],
)  # fmt: skip
def test_a_label_says_which_level_and_whether_it_ends(
    loaded: LoadRows, values: dict[str, str], labels: list[str]
) -> None:
    found = loaded(coronanet_row(type="Declaration of Emergency", **values))
    said = found.ask(f"SELECT ?l {{ <https://w3id.org/crisisgov/event/{EVENT}> rdfs:label ?l }}")
    assert [label for (label,) in said] == labels


def test_levels_of_other_countries_are_not_taken_for_chinese_ones(loaded: LoadRows) -> None:
    row = coronanet_row(
        country="Spain",
        ISO_A2="ES",
        province="Extremadura",
        ISO_L2="",
        type="Declaration of Emergency",
        description="The region goes to level 2.",
    )
    assert loaded(row).one(EVENT, "responseLevel") == []


@pytest.mark.parametrize(
    ("day", "crisis"), [("2020-04-30", "covid-19-china"), ("2021-01-13", "covid-19")]
)
def test_what_came_after_the_first_wave_of_china_belongs_to_the_pandemic(
    tmp_path: Path, day: str, crisis: str
) -> None:
    store = world()
    end = ox.Literal("1588262399", datatype=ox.NamedNode(terms.XSD + "integer"))
    node = ox.NamedNode(terms.BASE + "crisis/covid-19-china")
    graph = ox.NamedNode(terms.graph("places"))
    store.add(ox.Quad(node, ox.NamedNode(terms.CG + "validUntilEpoch"), end, graph))
    row = coronanet_row(date_start=day, date_announced=day)
    found = load(tmp_path, store, coronanet=write_csv(tmp_path / "c.csv", [row]))
    assert found.one(EVENT, "crisis") == [f"crisis/{crisis}"]


def test_telling_the_public_is_a_disclosure(loaded: LoadRows) -> None:
    row = coronanet_row(
        type="Public Awareness Measures",
        type_sub_cat="Disseminating information related to COVID-19 to the public that is reliable",
    )
    found = loaded(row)
    assert found.one(EVENT, "audience") == ["concept/audience/public"]
    assert ("Disclosure",) in found.ask(
        f"SELECT ?t {{ <https://w3id.org/crisisgov/event/{EVENT}> a ?t }}"
    )


def test_no_line_is_stated_twice_and_no_triple_in_two_graphs(loaded: LoadRows) -> None:
    rows = [coronanet_row(f"R_00000000000000{n}NA", description=str(n)) for n in range(1, 6)]
    found = loaded(*rows)
    lines = found.text.splitlines()
    assert len(lines) == len(set(lines)) == found.loading.quads
    triples = [line.rsplit(b" <", 1)[0] for line in lines]
    assert len(triples) == len(set(triples))
