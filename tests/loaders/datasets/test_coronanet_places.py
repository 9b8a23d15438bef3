"""CoronaNet: whose act a row is, at which place, and in which zones its days are read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.loaders.datasets.coronanet_rows import EVENT, LoadRows
from tests.loaders.datasets.small_sets import coronanet_row


def second(day: str, clock: str, zone: str) -> str:
    return str(
        int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone)).timestamp())
    )


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
