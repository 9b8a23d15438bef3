"""CoronaNet: one event for each real event, its rows as records, its pitfalls as flags."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyoxigraph as ox
import pytest

from crisisgov.ontology import terms
from tests.loaders.datasets.small_sets import (
    CORONANET,
    Loaded,
    coronanet_row,
    load,
    world,
    write_csv,
    write_xlsx,
)

LoadRows = Callable[..., Loaded]

EVENT = "coronanet-R_000000000000001"


@pytest.fixture
def loaded(tmp_path: Path) -> LoadRows:
    def load_rows(*rows: dict[str, str]) -> Loaded:
        return load(tmp_path, coronanet=write_csv(tmp_path / "coronanet_release_X.csv.gz", rows))

    return load_rows


def second(day: str, clock: str, zone: str) -> str:
    return str(
        int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone)).timestamp())
    )


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


def test_a_day_of_a_country_with_several_zones_has_the_bounds_of_all(loaded: LoadRows) -> None:
    us = loaded(
        coronanet_row(
            country="United States of America",
            ISO_A2="US",
            province="",
            init_country_level="National",
        )
    )
    assert us.one(EVENT, "earliestEpoch") == [second("2020-01-23", "00:00:00", "America/New_York")]
    assert us.one(EVENT, "latestEpoch") == [second("2020-01-23", "23:59:59", "Pacific/Honolulu")]


def test_a_state_is_read_in_its_own_zone(loaded: LoadRows) -> None:
    us = loaded(
        coronanet_row(country="United States of America", ISO_A2="US", province="California")
    )
    assert us.one(EVENT, "place") == ["place/US-CA"]
    assert us.one(EVENT, "earliestEpoch") == [
        second("2020-01-23", "00:00:00", "America/Los_Angeles")
    ]


def test_a_record_that_stands_in_two_files_counts_once(tmp_path: Path) -> None:
    for name in ("coronanet_release_Niger.csv", "coronanet_release_Nigeria.csv"):
        write_csv(
            tmp_path / "in" / name, [coronanet_row(country="Nigeria", ISO_A2="NG", province="")]
        )
    both = load(tmp_path, coronanet=tmp_path / "in")
    tally = both.tallies["coronanet"]
    assert (tally.rows, tally.records, tally.duplicates, tally.rejected) == (2, 1, 1, 0)
    assert both.one(EVENT, "place") == ["place/NG"]
    assert both.ask("SELECT ?l ?n { ?f a cg:DataFile ; rdfs:label ?l ; cg:rowsDuplicate ?n }") == [
        ("coronanet_release_Niger.csv", "0"),
        ("coronanet_release_Nigeria.csv", "1"),
    ]


def test_rows_that_repeat_another_under_a_new_id_document_its_event(loaded: LoadRows) -> None:
    twice = loaded(coronanet_row(), coronanet_row("R_000000000000009NA", policy_id="7"))
    assert twice.events() == [f"event/{EVENT}"]
    assert twice.ask("SELECT ?r ?d { ?r cg:duplicateOf ?d }") == [
        ("record/coronanet-R_000000000000009NA", "record/coronanet-R_000000000000001NA")
    ]
    assert twice.tallies["coronanet"].duplicates == 1


def test_rows_of_a_curated_event_document_it_and_repeat_nothing(loaded: LoadRows) -> None:
    linked = loaded(
        coronanet_row(
            "R_3flQ1OUFeHxxx9ENA", type="Declaration of Emergency", date_start="2020-01-24"
        )
    )
    assert linked.ask("SELECT ?e ?r { ?e cg:citation ?r }") == [
        ("event/hubei-level1-2020-01-24", "record/coronanet-R_3flQ1OUFeHxxx9ENA")
    ]
    assert (linked.tallies["coronanet"].events, linked.tallies["coronanet"].linked) == (0, 1)


def test_a_link_to_an_event_that_the_records_lack_is_not_followed(loaded: LoadRows) -> None:
    # the link table knows Zhejiang's event; this small world does not
    assert loaded(coronanet_row("R_3NIiPuEVN0puCErNA")).events() == [
        "event/coronanet-R_3NIiPuEVN0puCEr"
    ]


def test_rows_taken_from_another_set_point_to_its_event(tmp_path: Path) -> None:
    acaps = write_xlsx(
        tmp_path / "acaps.xlsx",
        {
            "Dataset": [
                [
                    "ID",
                    "ISO",
                    "LOG_TYPE",
                    "CATEGORY",
                    "MEASURE",
                    "COMMENTS",
                    "DATE_IMPLEMENTED",
                    "ENTRY_DATE",
                ],
                [
                    77,
                    "PER",
                    "Introduction",
                    "Lockdown",
                    "Curfews",
                    "Stay in.",
                    "2020-03-16",
                    "2020-03-20",
                ],
            ]
        },
    )
    rows = [
        coronanet_row(
            country="Peru",
            ISO_A2="PE",
            province="",
            date_start="2020-03-18",
            collab="ACAPS",
            collab_id="ACAPS_77",
        ),
        coronanet_row(
            "R_000000000000002NA", collab="ACAPS", collab_id="ACAPS_78", description="Other."
        ),
    ]
    both = load(tmp_path, acaps=acaps, coronanet=write_csv(tmp_path / "c.csv", rows))
    assert both.ask("SELECT ?e ?r { ?e cg:citation ?r }") == [
        ("event/acaps-77", "record/acaps-77"),
        ("event/acaps-77", "record/coronanet-R_000000000000001NA"),
        ("event/coronanet-R_000000000000002", "record/coronanet-R_000000000000002NA"),
    ]


def test_namibia_is_no_missing_value(loaded: LoadRows) -> None:
    row = coronanet_row(
        country="Namibia", ISO_A2="NA", province="NA", init_country_level="National"
    )
    assert loaded(row).one(EVENT, "actor") == ["actor/gov-na"]


@pytest.mark.parametrize(
    ("country", "actors"),
    [
        ("Bosnia and Herzegovina", ["actor/gov-ba"]),
        ("Belgium,Germany,Netherlands", ["actor/gov-be", "actor/gov-de", "actor/gov-nl"]),
        ("European Union,Belarus", ["actor/gov-by", "actor/gov-eu"]),
        ("Northern Cyprus", []),
    ],
)
def test_joint_acts_have_several_actors(loaded: LoadRows, country: str, actors: list[str]) -> None:
    row = coronanet_row(
        country=country, ISO_A2="", province="", ISO_L2="", init_country_level="National"
    )
    assert loaded(row).one(EVENT, "actor") == actors


@pytest.mark.parametrize(
    ("country", "province", "code", "place"),
    [
        ("Argentina", "La Rioja", "ES-RI", "AR-F"),  # the code of Spain's unit of that name
        ("Japan", "Solothurn", "CH-SO", "JP"),  # another country's unit
        ("Kazakhstan", "Somewhere", "KZ-47", "KZ-47"),
        ("Bosnia and Herzegovina", "Srpska", "BA-SR", "BA-SRP"),  # not a code any more
        ("China", "Hong Kong", "", "HK"),
        ("Germany", "Bavaria", "", "DE-BY"),
    ],
)
def test_a_province_is_found_by_its_name_first(
    loaded: LoadRows, country: str, province: str, code: str, place: str
) -> None:
    row = coronanet_row(country=country, ISO_A2="", province=province, ISO_L2=code)
    assert loaded(row).one(EVENT, "place") == [f"place/{place}"]


def test_a_province_without_a_code_stays_as_text_in_its_country(loaded: LoadRows) -> None:
    row = coronanet_row(country="Peru", ISO_A2="PE", province="The coast", ISO_L2="")
    kept = loaded(row)
    assert kept.one(EVENT, "place") == ["place/PE"]
    assert kept.one(EVENT, "placeText") == ["The coast"]
    assert kept.one(EVENT, "actor") == []
    assert kept.flags(EVENT) == ["place-unresolved"]


@pytest.mark.parametrize(
    ("country", "province", "city", "place", "actors"),
    [
        ("Peru", "Cusco", "Pisac", "PE-CUS-pisac", ["actor/gov-pe-cus-pisac"]),
        ("China", "Hubei", "Wuhan", "CN-HB-wuhan", ["actor/gov-cn-hb-wuhan"]),
        ("China", "Hubei", "Jingzhou", "CN-HB", []),  # its Chinese name is not known
        ("Germany", "Berlin", "Berlin", "DE-BE", ["actor/gov-de-be"]),
        ("Peru", "Cusco", "Pisac, Calca", "PE-CUS", []),
    ],
)
def test_a_city_is_a_place_below_its_province(
    loaded: LoadRows, country: str, province: str, city: str, place: str, actors: list[str]
) -> None:
    row = coronanet_row(
        country=country,
        ISO_A2="",
        province=province,
        ISO_L2="",
        city=city,
        init_country_level="Municipal",
    )
    found = loaded(row)
    assert found.one(EVENT, "place") == [f"place/{place}"]
    assert found.one(EVENT, "actor") == actors


def test_a_row_of_an_unknown_country_is_rejected_with_the_reason(loaded: LoadRows) -> None:
    some = loaded(
        coronanet_row(),
        coronanet_row("R_000000000000002NA", country="Atlantis", ISO_A2="", ISO_A3=""),
    )
    assert [(row["line"], row["reason"]) for row in some.rejects] == [
        ("3", "unknown country 'Atlantis'")
    ]
    assert some.tallies["coronanet"].balanced()


@pytest.mark.parametrize(
    ("values", "flag", "suspect"),
    [
        ({"description": "From Jan 08, 2021 people stay apart."}, "year-in-text-differs", True),
        ({"description": "From January 31, 2020 people stay apart."}, "day-in-text-differs", True),
        ({"description": "on, 24th of July, people stay apart."}, "day-in-text-differs", True),
        (
            {"date_announced": "2020-01-27", "date_start": "2020-01-11"},
            "starts-before-announcement",
            True,
        ),
        (
            {"description": "New Zealand government opens a corridor."},
            "country-in-text-differs",
            True,
        ),
        ({"date_end": "2023-12-02"}, "end-censored", False),
        ({"date_end": "2020-01-01"}, "ends-before-start", False),
        ({"date_start": "", "date_announced": "2020-01-23"}, "announcement-as-start", False),
        ({"date_start": "", "date_announced": ""}, "entry-day-as-date", True),
    ],
)
def test_a_known_pitfall_is_flagged(
    loaded: LoadRows, values: dict[str, str], flag: str, suspect: bool
) -> None:
    found = loaded(coronanet_row(**values))
    assert found.flags(EVENT) == [flag]
    assert found.one(EVENT, "suspectDate") == (["true"] if suspect else [])
    assert found.one(EVENT, "endEdtf") == []
    assert found.tallies["coronanet"].notes[flag] == 1
    counted = found.ask("SELECT ?f ?n { ?c a cg:FlagCount ; cg:qualityFlag ?f ; cg:eventCount ?n }")
    assert counted == [(f"concept/quality-flag/{flag}", "1")]


@pytest.mark.parametrize(
    "text",
    [
        "On January 20, 2020 it was said that people stay apart.",  # three days: announced before
        "People stay apart from 2020 on, as in 2019.",
        "New Zealanders stay apart.",
        "China, with New Zealand government experts, asks people to stay apart.",
        "No date at all.",
        "On February 30, 2020 nothing happened.",
        "On February 30 nothing happened.",
        "On January 20 people stay apart.",
        "Since December 1 to January 20 people stay apart.",
        "Stay apart until April 27, it is asked.",
    ],
)
def test_a_text_that_fits_is_not_flagged(loaded: LoadRows, text: str) -> None:
    assert loaded(coronanet_row(description=text)).flags(EVENT) == []


def test_the_text_of_an_update_may_begin_with_the_first_entry(loaded: LoadRows) -> None:
    row = coronanet_row(
        entry_type="update",
        update_type="Change of Policy",
        description="On January 23, 2020 people stay apart. UPDATE: longer.",
        date_start="2020-02-20",
        date_announced="2020-02-20",
    )
    assert loaded(row).flags(EVENT) == []


@pytest.mark.parametrize(
    ("values", "edtf", "flags"),
    [
        # the day of the update is the end
        ({"date_start": "2020-02-10", "date_end": "2020-02-10"}, "2020-02-10", []),
        # the row repeats the start of its policy: the end is the end
        ({"date_start": "2020-01-23", "date_end": "2020-02-10"}, "2020-02-10", []),
        # neither: some day between
        (
            {"date_start": "2020-02-01", "date_end": "2020-02-10"},
            "2020-02-01/2020-02-10",
            ["day-of-end-unclear"],
        ),
        ({"date_start": "2020-01-23"}, "2020-01-23/2020-05-01", ["day-of-end-unclear"]),
    ],
)
def test_an_end_of_policy_is_dated_by_the_day_it_ended(
    loaded: LoadRows, values: dict[str, str], edtf: str, flags: list[str]
) -> None:
    found = loaded(
        coronanet_row(),
        coronanet_row(
            "R_000000000000002NA",
            entry_type="update",
            update_type="End of Policy",
            description="It is over.",
            **{"date_announced": "2020-01-23", **values},
        ),
    )
    end = "coronanet-R_000000000000002"
    assert found.one(end, "edtf") == [edtf]
    assert found.flags(end) == flags
    assert found.ask("SELECT ?t { <https://w3id.org/crisisgov/event/" + end + "> a ?t }") == [
        ("Event",),
        ("Reversal",),
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


def test_every_form_of_the_files_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    oldest = [
        name
        for name in CORONANET
        if name not in ("date_end_spec", "collab", "collab_id", "update_type")
    ]
    write_csv(folder / "country" / "coronanet_release_Peru.csv.gz", [coronanet_row()])
    write_csv(
        folder / "country" / "coronanet_release_Spain.csv",
        [
            {
                k: v
                for k, v in coronanet_row(
                    "R_000000000000002NA", country="Spain", ISO_A2="ES", province=""
                ).items()
                if k in oldest
            }
        ],
        oldest,
    )
    extract = [*CORONANET, "category"]
    write_csv(
        folder / "coronanet_periscope.csv.gz",
        [
            coronanet_row("R_000000000000001Zz", category="Quarantine", type="At home"),
            coronanet_row(
                "R_000000000000003NA",
                category="Domestic Travel",
                type="Trains stop",
                country="Germany",
                ISO_A2="DE",
                province="Bavaria",
                ISO_L2="",
            ),
        ],
        extract,
    )
    early = [
        ("event_description" if c == "description" else c)
        for c in CORONANET
        if c not in ("ISO_L2", "update_type")
    ]
    rows = [
        coronanet_row(
            "1001", policy_id="1", entry_type="new_entry"
        ),  # a later release has the policy
        coronanet_row(
            "1002",
            policy_id="44",
            country="Peru",
            ISO_A2="PE",
            province="NA",
            city="NA",
            date_end="NA",
            init_country_level="No, it is at the national level",
        ),
        coronanet_row(
            "1003", policy_id="45", date_start="2020-01-23", type="Quarantine"
        ),  # as the first
    ]
    for row in rows:
        row["event_description"] = row.pop("description")
        del row["ISO_L2"]
    write_csv(folder / "coronanet_release_v0.3_2020-04-19.csv.gz", rows, early)
    every = load(tmp_path, coronanet=folder)
    assert every.rejects == []
    assert every.ask("SELECT ?r ?e { ?r cg:documents ?e }") == [
        ("record/coronanet-1001", f"event/{EVENT}"),
        ("record/coronanet-1002", "event/coronanet-1002"),
        ("record/coronanet-1003", f"event/{EVENT}"),
        ("record/coronanet-R_000000000000001NA", f"event/{EVENT}"),
        ("record/coronanet-R_000000000000001Zz", f"event/{EVENT}"),
        ("record/coronanet-R_000000000000002NA", "event/coronanet-R_000000000000002"),
        ("record/coronanet-R_000000000000003NA", "event/coronanet-R_000000000000003"),
    ]
    assert every.one("coronanet-1002", "actor") == ["actor/gov-pe"]
    assert every.one("coronanet-R_000000000000003", "measureType") == [
        "concept/measure-type/movement-restriction"
    ]


EARLY = [
    ("event_description" if name == "description" else name)
    for name in CORONANET
    if name not in ("ISO_L2", "update_type")
]


def early_row(record_id: str, **values: str) -> dict[str, str]:
    row = coronanet_row(record_id, **values)
    row["event_description"] = row.pop("description")
    del row["ISO_L2"]
    return row


def documented(tmp_path: Path, later: list[dict[str, str]], *early: dict[str, str]) -> list[str]:
    """Return the event of each row of the early release."""
    folder = tmp_path / "in"
    write_csv(folder / "coronanet_release_China.csv", later)
    write_csv(folder / "coronanet_release_v0.3_2020-04-19.csv", early, EARLY)
    every = load(tmp_path, coronanet=folder)
    found = every.ask(
        "SELECT ?r ?e { ?r cg:documents ?e . FILTER(!CONTAINS(STR(?r), '-R_')) }",
    )
    return [event for _, event in found]


LEVEL = {"type": "Declaration of Emergency", "date_start": "2020-01-24", "policy_id": "9"}


def test_an_early_row_of_a_curated_event_is_found_by_its_policy(tmp_path: Path) -> None:
    # its day was corrected later
    early = early_row("9", **{**LEVEL, "date_start": "2020-01-23"})
    curated = coronanet_row("R_3flQ1OUFeHxxx9ENA", **LEVEL)
    assert documented(tmp_path, [curated], early) == ["event/hubei-level1-2020-01-24"]


def test_an_early_row_of_a_curated_event_is_not_confused_by_the_end_of_it(tmp_path: Path) -> None:
    ended = coronanet_row(
        "R_000000000000008NA",
        **{**LEVEL, "entry_type": "update", "update_type": "End of Policy", "date_end": "2020-05-02"},
    )  # fmt: skip
    curated = coronanet_row("R_3flQ1OUFeHxxx9ENA", **LEVEL)
    early = early_row("77", **{**LEVEL, "policy_id": "77"})
    assert documented(tmp_path, [curated, ended], early) == ["event/hubei-level1-2020-01-24"]


def test_of_several_later_events_an_early_row_tells_of_that_with_its_link(tmp_path: Path) -> None:
    later = [
        coronanet_row(f"R_00000000000000{n}NA", policy_id=str(n), description=f"Later {n}.",
                      link=f"https://hubei.example/{n} ; NA")
        for n in (1, 2)
    ]  # fmt: skip
    one = early_row("1001", policy_id="71", description="Early.", link="https://hubei.example/2")
    none = early_row("1002", policy_id="72", description="Another.", link="https://other.example")
    assert documented(tmp_path, later, one, none) == [
        "event/coronanet-R_000000000000002",
        "event/coronanet-1002",
    ]


def test_two_measures_of_a_day_in_the_early_release_are_two_events(tmp_path: Path) -> None:
    pair = [early_row(id_, policy_id=id_, description=id_) for id_ in ("1001", "1002")]
    other = [coronanet_row(country="Peru", ISO_A2="PE", province="")]
    assert documented(tmp_path, other, *pair) == ["event/coronanet-1001", "event/coronanet-1002"]


def test_an_early_row_with_the_same_text_and_the_old_name_of_the_type_is_no_second_event(
    tmp_path: Path,
) -> None:
    new = [
        coronanet_row(f"R_00000000000000{n}NA", policy_id=str(n), description=f"Bars {n}.",
                      type="Restriction and Regulation of Businesses")
        for n in (1, 2)
    ]  # fmt: skip
    old = early_row(
        "1001", policy_id="71", description="Bars 2.", type="Restriction of Non-Essential Businesses",
        link="https://other.example",
    )  # fmt: skip
    assert documented(tmp_path, new, old) == ["event/coronanet-R_000000000000002"]


def test_a_chain_goes_on_from_a_curated_event_and_ends_it(loaded: LoadRows) -> None:
    end = coronanet_row(
        "R_000000000000008NA",
        entry_type="update",
        update_type="End of Policy",
        type="Declaration of Emergency",
        policy_id="9",
        date_start="2020-05-02",
        date_announced="2020-05-02",
    )
    found = loaded(coronanet_row("R_3flQ1OUFeHxxx9ENA", **LEVEL), end)
    pair = ("event/coronanet-R_000000000000008", "event/hubei-level1-2020-01-24")
    assert found.ask("SELECT ?a ?b { ?a cg:continues ?b }") == [pair]
    assert found.ask("SELECT ?a ?b { ?a cg:reverses ?b . ?b cg:reversedBy ?a }") == [pair]


@pytest.mark.parametrize(
    ("values", "event"),
    [
        ({"collab_id": "ACAPS_77"}, "event/acaps-77"),
        ({"collab_id": "ACAPS_77_1"}, "event/acaps-77"),
        ({"collab_id": "CDC_ITF_3; ACAPS_77"}, "event/acaps-77"),
        ({"collab_id": "ACAPS_78"}, "event/acaps-77"),  # repeats row 77
        # an id that was kept from the row with which a policy began
        ({"collab_id": "ACAPS_77", "date_start": "2020-06-16", "date_announced": ""}, EVENT),
        (
            {"collab_id": "ACAPS_77", "entry_type": "update", "update_type": "End of Policy"},
            EVENT,
        ),
    ],
)
def test_a_row_taken_over_is_that_event_only_on_its_day_and_not_when_it_ends_it(
    tmp_path: Path, values: dict[str, str], event: str
) -> None:
    heads = ["ID", "ISO", "LOG_TYPE", "CATEGORY", "MEASURE", "COMMENTS", "DATE_IMPLEMENTED"]
    row = ["PER", "Introduction", "Lockdown", "Curfews", "Stay in.", "2020-03-16"]
    rows = [
        dict(zip([*heads, "ENTRY_DATE"], [id_, *row, "2020-03-20"], strict=True))
        for id_ in ("77", "78")
    ]
    acaps = write_csv(tmp_path / "acaps.csv", rows, [*heads, "ENTRY_DATE"])
    given = {"date_start": "2020-03-17", **values}
    mine = coronanet_row(country="Peru", ISO_A2="PE", province="", **given)
    both = load(tmp_path, acaps=acaps, coronanet=write_csv(tmp_path / "c.csv", [mine]))
    expected = event if event.startswith("event/") else f"event/{event}"
    assert both.ask(
        "SELECT ?e { ?r cg:documents ?e . FILTER(CONTAINS(STR(?r), 'coronanet')) }"
    ) == [(expected,)]


def test_lists_of_codes_beside_the_data_are_not_read(tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "a.csv", [coronanet_row()])
    write_csv(tmp_path / "in" / "country_region_clean.csv", [{"a": "1"}], ["a"])
    assert load(tmp_path, coronanet=tmp_path / "in").tallies["coronanet"].rows == 1


def test_no_line_is_stated_twice_and_no_triple_in_two_graphs(loaded: LoadRows) -> None:
    rows = [coronanet_row(f"R_00000000000000{n}NA", description=str(n)) for n in range(1, 6)]
    found = loaded(*rows)
    lines = found.text.splitlines()
    assert len(lines) == len(set(lines)) == found.loading.quads
    triples = [line.rsplit(b" <", 1)[0] for line in lines]
    assert len(triples) == len(set(triples))
