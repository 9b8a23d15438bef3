"""Case counts and notices of WHO: milestones, outbreaks, acts of telling."""

from __future__ import annotations

from pathlib import Path

from tests.loaders.datasets.small_sets import load, write_csv

CASES = "date country countryCode province provinceCode city cityCode confirmed suspected cured dead".split()


def count(
    day: str,
    confirmed: str,
    province: str = "湖北省",
    code: str = "420000",
    city: str = "",
    country: str = "中国",
    iso: str = "CN",
) -> dict[str, str]:
    return {
        "date": day, "country": country, "countryCode": iso, "province": province,
        "provinceCode": code if province else "", "city": city, "confirmed": confirmed,
    }  # fmt: skip


def test_the_first_and_the_hundredth_case_are_events(tmp_path: Path) -> None:
    rows = [
        count("2020-01-20", "0"),
        count("2020-01-21", "3"),
        count("2020-01-22", "150"),
        count("2020-01-23", "200"),
    ]
    found = load(tmp_path, cases=write_csv(tmp_path / "c.csv", rows, CASES))
    assert found.events() == ["event/cases-cn-hb-1-report", "event/cases-cn-hb-100-report"]
    assert found.one("cases-cn-hb-100-report", "edtf") == ["2020-01-22"]
    assert found.ask(
        "SELECT ?v ?t { <https://w3id.org/crisisgov/event/cases-cn-hb-1-report> cg:conveys ?i . ?i cg:value ?v ; cg:topic ?t }"
    ) == [("3", "concept/topic/case-count")]


def test_onsets_found_later_are_kept_apart_from_reports(tmp_path: Path) -> None:
    rows = [count("2019-12-01", "1"), count("2020-01-09", "41"), count("2020-01-10", "41")]
    found = load(tmp_path, cases=write_csv(tmp_path / "c.csv", rows, CASES))
    assert found.events() == ["event/cases-cn-hb-1-onset", "event/cases-cn-hb-1-report"]
    assert found.one("cases-cn-hb-1-onset", "dateKind") == ["concept/date-kind/onset"]
    assert found.flags("cases-cn-hb-1-onset") == ["onset-found-later"]
    assert found.one("cases-cn-hb-1-report", "edtf") == ["2020-01-10"]


def test_a_city_of_the_records_counts_and_others_are_read_over(tmp_path: Path) -> None:
    rows = [
        count("2020-01-20", "5", city="武汉市"),
        count("2020-01-20", "2", city="某市"),
        count("2020-01-20", "1", "", country="日本", iso="JP"),
        count("2020-01-20", "1", "", country="某船", iso=""),
        count("2020-01-20", "5", city="武汉市"),
    ]
    found = load(tmp_path, cases=write_csv(tmp_path / "c.csv", rows, CASES))
    assert found.events() == ["event/cases-cn-hb-wuhan-1-report", "event/cases-jp-1-report"]
    tally = found.tallies["cases"]
    assert (tally.rows, tally.records, tally.duplicates) == (5, 4, 1)
    assert tally.notes["count of a place that has no code"] == 2


def test_counts_and_days_that_are_none_are_rejected(tmp_path: Path) -> None:
    rows = [count("2020-01-20", "many"), count("2020-02-31", "1"), count("2020-01-20", "1")]
    found = load(tmp_path, cases=write_csv(tmp_path / "c.csv", rows, CASES))
    assert [row["line"] for row in found.rejects] == ["2", "3"]


OUTBREAKS = ["Country", "iso2", "iso3", "Year", "Disease", "DONs", "Definition"]


def outbreak(country: str, iso: str, year: str, disease: str, notices: str) -> dict[str, str]:
    return {
        "Country": country,
        "iso2": iso,
        "Year": year,
        "Disease": disease,
        "DONs": notices,
        "Definition": "Of others.",
    }


def notices(tmp: Path, *rows: tuple[str, str]) -> None:
    cells = [{"id": id_, "date": day, "link": f"https://who.example/{id_}"} for id_, day in rows]
    write_csv(tmp / "in" / "notices.csv", cells, ["id", "date", "link"])


def test_a_notice_is_an_act_by_which_who_tells_the_public_of_an_outbreak(tmp_path: Path) -> None:
    rows = [outbreak("Guinea", "GN", "2014", "Ebola disease", "DON0100, DON0101")]
    write_csv(tmp_path / "in" / "outbreaks_x.csv", rows, OUTBREAKS)
    notices(tmp_path, ("DON0100", "2014-03-23"))
    found = load(tmp_path, who_don=tmp_path / "in")
    event = "who_don-don0100"
    assert found.one(event, "crisis") == ["crisis/outbreak-gn-2014-ebola-disease"]
    assert found.one(event, "actor") == ["actor/who"]
    assert found.one(event, "place") == ["place/GN"]
    assert found.one(event, "audience") == ["concept/audience/public"]
    # a day in Geneva, an hour ahead in March before the clocks change
    assert found.one(event, "earliest") == ["2014-03-22T23:00:00Z"]
    assert found.ask("SELECT ?u { ?r cg:documents ?e ; cg:url ?u }") == [
        ("https://who.example/DON0100",)
    ]
    assert b"Of others" not in found.text  # definitions are the WHO's


def test_covid_belongs_to_the_crisis_of_the_records(tmp_path: Path) -> None:
    rows = [
        outbreak("China", "CN", "2020", "COVID-19", "DON0229"),
        outbreak("Peru", "PE", "2020", "COVID-19", "DON0229"),
    ]
    write_csv(tmp_path / "in" / "outbreaks_x.csv", rows, OUTBREAKS)
    notices(tmp_path, ("DON0229", "2020-01-05"))
    found = load(tmp_path, who_don=tmp_path / "in")
    assert found.ask("SELECT ?c { ?c a cg:Crisis }") == [
        ("crisis/covid-19",),
        ("crisis/covid-19-china",),
    ]
    assert found.flags("who_don-don0229") == ["several-places"]


def test_a_notice_of_an_unknown_outbreak_is_rejected(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "in" / "outbreaks_x.csv",
        [outbreak("Guinea", "GN", "14", "Ebola", "")],
        OUTBREAKS,
    )
    notices(tmp_path, ("DON0007", "1996-02-01"), ("7", "1996-02-01"))
    rows = [outbreak("Guinea", "GN", "2014", "Ebola", "DON0008")]
    write_csv(tmp_path / "in" / "outbreaks_y.csv", rows, OUTBREAKS)
    found = load(tmp_path, who_don=tmp_path / "in")
    assert [row["reason"].split(":")[0].split(" (")[0] for row in found.rejects] == [
        "disease 'Ebola' or year '14' is missing or wrong",
        "no outbreak names this notice",
        "id '7' is not of the form DON2948",
    ]
