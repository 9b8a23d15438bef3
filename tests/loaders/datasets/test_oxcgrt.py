"""OxCGRT: a change of level is an event; whose level it is stays apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loaders.datasets.small_sets import coronanet_row, load, write_csv, write_xlsx

HEADS = ["", "country_code", "country_name"]
DAYS = ["01Jan2020", "02Jan2020", "03Jan2020", "04Jan2020", "05Jan2020"]


def series(path: Path, *rows: tuple[str, str, list[str]]) -> Path:
    cells = [
        {
            "": str(n),
            "country_code": code,
            "country_name": name,
            **dict(zip(DAYS, levels, strict=True)),
        }
        for n, (code, name, levels) in enumerate(rows, 1)
    ]
    return write_csv(path, cells, [*HEADS, *DAYS])


DAY_HEADS = [
    "CountryName", "CountryCode", "RegionName", "RegionCode", "Jurisdiction", "Date",
    "C1E_School closing", "C1E_Flag", "C1NV_School closing", "C1V_School closing", "C1_Notes",
]  # fmt: skip


def day(
    date: str, level: str, scope: str = "NAT_TOTAL", region: str = "", **more: str
) -> dict[str, str]:
    row = {
        "CountryName": "United Kingdom", "CountryCode": "GBR", "RegionName": "Scotland" if region else "",
        "RegionCode": region, "Jurisdiction": scope, "Date": date, "C1E_School closing": level,
    }  # fmt: skip
    return {**row, **more}


def test_each_change_of_level_is_an_event_and_staying_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "national_timeseries"
    series(folder / "c1_school_closing.csv", ("PER", "Peru", ["0", "2", "2", "3", "0"]))
    found = load(tmp_path, oxcgrt=folder)
    query = """SELECT ?e ?d ?a ?b ?p { ?e a cg:Event ; cg:edtf ?d ; cg:levelBefore ?a ;
        cg:levelAfter ?b ; cg:phase ?p }"""
    assert found.ask(query) == [
        ("event/oxcgrt-PE-C1-2020-01-02", "2020-01-02", "0", "2", "start"),
        ("event/oxcgrt-PE-C1-2020-01-04", "2020-01-04", "2", "3", "change"),
        ("event/oxcgrt-PE-C1-2020-01-05", "2020-01-05", "3", "0", "end"),
    ]
    assert found.one("oxcgrt-PE-C1-2020-01-04", "continues") == ["event/oxcgrt-PE-C1-2020-01-02"]
    assert found.one("oxcgrt-PE-C1-2020-01-02", "measureType") == [
        "concept/measure-type/school-closure"
    ]
    # some government there: which one, a total does not say
    assert found.one("oxcgrt-PE-C1-2020-01-02", "actor") == []


def test_a_level_on_the_first_day_came_then_or_before(tmp_path: Path) -> None:
    path = series(tmp_path / "h2_testing_policy.csv", ("CHN", "China", ["1", "1", "1", "1", "2"]))
    found = load(tmp_path, oxcgrt=path)
    first = "oxcgrt-CN-H2-2020-01-01"
    assert found.flags(first) == ["left-censored"]
    assert found.one(first, "suspectDate") == ["true"]
    assert found.one(first, "edtf") == ["2019-12-01/2020-01-01"]
    assert found.flags("oxcgrt-CN-H2-2020-01-05") == []


def test_after_days_without_a_value_any_of_them_is_possible(tmp_path: Path) -> None:
    path = series(
        tmp_path / "c8_internationaltravel.csv",
        ("PER", "Peru", ["0", "", "", "1", "1"]),
        ("CHL", "Chile", ["0", "0", "", "0", "1"]),
    )
    found = load(tmp_path, oxcgrt=path)
    assert found.one("oxcgrt-PE-C8-2020-01-04", "edtf") == ["2020-01-02/2020-01-04"]
    assert found.one("oxcgrt-CL-C8-2020-01-05", "edtf") == ["2020-01-05"]
    # level 1 of C8 is screening
    assert found.one("oxcgrt-PE-C8-2020-01-04", "measureType") == [
        "concept/measure-type/entry-screening"
    ]


def test_scopes_are_kept_apart(tmp_path: Path) -> None:
    rows = [
        day("20200101", "0"), day("20200102", "2"),
        day("20200101", "0", "STATE_TOTAL", "UK_SCO"), day("20200102", "2", "STATE_TOTAL", "UK_SCO"),
        day("20200101", "0", "STATE_WIDE", "UK_SCO"), day("20200103", "2", "STATE_WIDE", "UK_SCO", C1E_Flag="1"),
        day("20200101", "0", "NAT_GOV"), day("20200104", "2", "NAT_GOV", C1E_Flag="0"),
    ]  # fmt: skip
    path = write_csv(tmp_path / "OxCGRT_fullwithnotes_GBR_v1.csv", rows, DAY_HEADS)
    found = load(tmp_path, oxcgrt=path)
    assert found.ask(
        "SELECT ?e ?s ?p ?a { ?e cg:seriesScope ?s ; cg:place ?p OPTIONAL { ?e cg:actor ?a } }"
    ) == [
        ("event/oxcgrt-GB-C1-2020-01-02", "NAT_TOTAL", "place/GB", ""),
        ("event/oxcgrt-GB-C1-2020-01-04-nat-gov", "NAT_GOV", "place/GB", "actor/gov-gb"),
        ("event/oxcgrt-GB-SCT-C1-2020-01-02-state-total", "STATE_TOTAL", "place/GB-SCT", ""),
        (
            "event/oxcgrt-GB-SCT-C1-2020-01-03-state-wide",
            "STATE_WIDE",
            "place/GB-SCT",
            "actor/gov-gb-sct",
        ),
    ]
    # the total of Scotland changes with that of the country, to the same level
    assert found.flags("oxcgrt-GB-SCT-C1-2020-01-02-state-total") == ["nationwide-value"]
    assert found.flags("oxcgrt-GB-SCT-C1-2020-01-03-state-wide") == []


def test_a_whole_country_that_has_its_scope_as_code_is_no_other_place(tmp_path: Path) -> None:
    whole = {"RegionName": "Country-wide", "RegionCode": "NAT_TOTAL"}
    rows = [day("20200101", "0", **whole), day("20200102", "2", **whole)]
    path = write_csv(tmp_path / "OxCGRT_raw_GBR_v1.csv", rows, DAY_HEADS)
    found = load(tmp_path, oxcgrt=path)
    assert found.ask("SELECT ?e ?p { ?e cg:seriesScope ?s ; cg:place ?p }") == [
        ("event/oxcgrt-GB-C1-2020-01-02", "place/GB")
    ]
    assert found.one("oxcgrt-GB-C1-2020-01-02", "placeText") == []


def test_the_level_is_that_for_everybody_else_that_for_the_unvaccinated(tmp_path: Path) -> None:
    rows = [
        day("20200101", "0"),
        day("20200102", "", **{"C1NV_School closing": "3", "C1V_School closing": "1"}),
    ]
    path = write_csv(tmp_path / "OxCGRT_raw_GBR_v1.csv", rows, DAY_HEADS)
    assert load(tmp_path, oxcgrt=path).one("oxcgrt-GB-C1-2020-01-02", "levelAfter") == ["3"]


def test_the_addresses_in_a_note_are_those_of_its_record(tmp_path: Path) -> None:
    note = "Schools close. https://gov.example/schools"
    rows = [day("20200101", "0"), day("20200102", "3", C1_Notes=note)]
    path = write_csv(tmp_path / "OxCGRT_fullwithnotes_GBR_v1.csv", rows, DAY_HEADS)
    found = load(tmp_path, oxcgrt=path)
    assert found.ask("SELECT ?t ?u { ?r cg:documents ?e ; cg:sourceText ?t ; cg:url ?u }") == [
        (note, "https://gov.example/schools")
    ]


def test_a_second_file_adds_records_and_no_second_event(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    rows = [day("20200101", "0"), day("20200102", "2"), day("20200103", "2")]
    write_csv(folder / "OxCGRT_fullwithnotes_GBR_v1.csv", rows, DAY_HEADS)
    series(
        folder / "national_timeseries" / "c1_school_closing.csv",
        ("GBR", "United Kingdom", ["0", "2", "2", "1", "1"]),
        ("PER", "Peru", ["0", "0", "0", "0", "1"]),
    )
    found = load(tmp_path, oxcgrt=folder)
    assert found.events() == ["event/oxcgrt-GB-C1-2020-01-02", "event/oxcgrt-PE-C1-2020-01-05"]
    assert (
        len(
            found.ask(
                "SELECT ?r { ?r cg:documents <https://w3id.org/crisisgov/event/oxcgrt-GB-C1-2020-01-02> }"
            )
        )
        == 2
    )
    assert found.tallies["oxcgrt"].notes["change that the file read first has not"] == 1
    assert found.tallies["oxcgrt"].balanced()


def test_a_workbook_of_series_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    heads: list[object] = [
        "country_code",
        "country_name",
        "region_code",
        "region_name",
        "jurisdiction",
        *DAYS,
    ]
    state: list[object] = ["USA", "United States", "US_CA", "California", "STATE_TOTAL"]
    book: dict[str, list[list[object]]] = {
        "c1_school_closing": [heads, [*state, 0, 0, 3, 3, 3]],
        "c1_flag": [heads, [*state, 1, 1, 1, 1, 1]],
        "stringency_index": [heads, [*state, 5.5, 5.5, 20, 20, 20]],
    }
    found = load(tmp_path, oxcgrt=write_xlsx(tmp_path / "OxCGRTUS_timeseries_all.xlsx", book))
    assert found.events() == ["event/oxcgrt-US-CA-C1-2020-01-03-state-total"]
    assert found.tallies["oxcgrt"].rows == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (day("20200230", "1"), "Date '20200230' is no day"),
        (day("2020-01-02", "1"), "Date '2020-01-02' is no day"),
        (day("20200102", "9"), "C1: '9' is no level of this indicator"),
        (day("20200102", "closed"), "C1: 'closed' is no level"),
        (
            {**day("20200102", "1"), "CountryCode": "QQQ", "CountryName": "Nowhere"},
            "unknown country 'QQQ'",
        ),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected(
    tmp_path: Path, row: dict[str, str], reason: str
) -> None:
    path = write_csv(tmp_path / "OxCGRT_raw_X.csv", [day("20200101", "0"), row], DAY_HEADS)
    found = load(tmp_path, oxcgrt=path)
    assert reason in found.rejects[0]["reason"]
    assert (found.tallies["oxcgrt"].records, found.tallies["oxcgrt"].rejected) == (1, 1)


def test_a_level_that_is_none_rejects_the_row_of_its_series(tmp_path: Path) -> None:
    path = series(
        tmp_path / "c1_school_closing.csv",
        ("PER", "Peru", ["0", "7", "0", "0", "0"]),
        ("CHL", "Chile", ["0", "1", "1", "1", "1"]),
    )
    found = load(tmp_path, oxcgrt=path)
    assert [row["line"] for row in found.rejects] == ["2"]
    assert found.events() == ["event/oxcgrt-CL-C1-2020-01-02"]


def test_a_changed_header_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "c1_school_closing.csv").write_text(
        "country_code,country_name,2020-01-01\nPER,Peru,1\n"
    )
    changed = [head.replace("C1", "School 1") for head in DAY_HEADS]
    rows = [dict(zip(changed, day("20200101", "1").values(), strict=False))]
    write_csv(folder / "OxCGRT_raw_GBR_v1.csv", rows, changed)
    write_xlsx(folder / "all.xlsx", {"schools": [["country_code"], ["PER"]]})
    found = load(tmp_path, oxcgrt=folder)
    assert sorted((one["file"], one["reason"]) for one in found.rejects) == [
        ("OxCGRT_raw_GBR_v1.csv", "the header has no indicator such as C1E_School closing"),
        ("all.xlsx", "no sheet of a series such as c1_school_closing"),
        ("c1_school_closing.csv", "the header has no column of a day such as 01Jan2020"),
    ]
    assert found.tallies["oxcgrt"].balanced()


def test_a_torn_workbook_is_rejected(tmp_path: Path) -> None:
    series(tmp_path / "in" / "c1_school_closing.csv", ("PER", "Peru", ["0", "1", "1", "1", "1"]))
    (tmp_path / "in" / "torn.xlsx").write_bytes(b"PK\x03\x04 torn")
    found = load(tmp_path, oxcgrt=tmp_path / "in")
    assert [row["file"] for row in found.rejects] == ["torn.xlsx"]


def test_a_row_of_coronanet_taken_from_the_tracker_points_to_its_event(tmp_path: Path) -> None:
    path = series(tmp_path / "c1_school_closing.csv", ("PER", "Peru", ["0", "2", "2", "2", "2"]))
    rows = [
        coronanet_row(
            country="Peru",
            ISO_A2="PE",
            province="",
            date_start="2020-01-02",
            collab="OxCGRT",
            collab_id="OXCGRT_Peru_20200102_school",
        ),
        coronanet_row(
            "R_000000000000002NA", description="b", collab_id="OXCGRT_Peru_20200103_school"
        ),
    ]
    both = load(tmp_path, oxcgrt=path, coronanet=write_csv(tmp_path / "c.csv", rows))
    assert both.ask(
        "SELECT ?e { ?r cg:documents ?e . FILTER(STRSTARTS(STR(?r), 'https://w3id.org/crisisgov/record/coronanet')) }"
    ) == [
        ("event/coronanet-R_000000000000002",),
        ("event/oxcgrt-PE-C1-2020-01-02",),
    ]
