"""ACAPS: a row is the introduction of a measure or its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loaders.datasets.small_sets import Loaded, load, write_csv, write_xlsx

HEADS = [
    "ID", "ISO", "COUNTRY", "ADMIN_LEVEL_NAME", "LOG_TYPE", "CATEGORY", "MEASURE", "COMMENTS",
    "DATE_IMPLEMENTED", "LINK", "ENTRY_DATE", "Alternative source",
]  # fmt: skip


def row(id_: int | str = 1, **values: str) -> dict[str, object]:
    given: dict[str, object] = {
        "ID": id_, "ISO": "PER", "COUNTRY": "Peru", "LOG_TYPE": "Introduction / extension of measures",
        "CATEGORY": "Movement restrictions", "MEASURE": "Curfews", "COMMENTS": f"Stay in, rule {id_}.",
        "DATE_IMPLEMENTED": "2020-03-16", "LINK": "https://gob.example/1", "ENTRY_DATE": "2020-03-20",
    }  # fmt: skip
    return {**given, **values}


def book(tmp: Path, *rows: dict[str, object]) -> Loaded:
    cells = [[one.get(head, "") for head in HEADS] for one in rows]
    path = tmp / "acaps.xlsx"
    return load(tmp, acaps=write_xlsx(path, {"About": [["Of it"]], "Dataset": [HEADS, *cells]}))


def test_a_row_is_an_event_with_its_record(tmp_path: Path) -> None:
    found = book(tmp_path, row(7))
    assert found.one("acaps-7", "edtf") == ["2020-03-16"]
    assert found.one("acaps-7", "actor") == ["actor/gov-pe"]
    assert found.one("acaps-7", "measureType") == ["concept/measure-type/movement-restriction"]
    assert found.ask("SELECT ?l ?u { ?r cg:documents ?e ; cg:locator ?l ; cg:url ?u }") == [
        ("acaps.xlsx, sheet Dataset, row 2, ID 7", "https://gob.example/1")
    ]


def test_a_phase_out_withdraws(tmp_path: Path) -> None:
    found = book(tmp_path, row(7, LOG_TYPE="Phase-out measure"))
    assert found.one("acaps-7", "phase") == ["end"]
    assert ("Reversal",) in found.ask(
        "SELECT ?t { <https://w3id.org/crisisgov/event/acaps-7> a ?t }"
    )


@pytest.mark.parametrize(
    ("named", "place", "text", "actors", "flags"),
    [
        ("Cusco", "PE-CUS", [], [], []),
        ("the north coast", "PE", ["the north coast"], [], ["place-unresolved"]),
        ("Lima, Cusco", "PE", ["Lima, Cusco"], [], ["several-places"]),
        ("", "PE", [], ["actor/gov-pe"], []),
    ],
)
def test_a_part_of_a_country_is_found_or_kept_as_text(
    tmp_path: Path, named: str, place: str, text: list[str], actors: list[str], flags: list[str]
) -> None:
    found = book(tmp_path, row(7, ADMIN_LEVEL_NAME=named))
    assert found.one("acaps-7", "place") == [f"place/{place}"]
    assert found.one("acaps-7", "placeText") == text
    assert found.one("acaps-7", "actor") == actors
    assert found.flags("acaps-7") == flags


def test_without_a_date_it_happened_before_it_was_entered(tmp_path: Path) -> None:
    found = book(tmp_path, row(7, DATE_IMPLEMENTED=""))
    assert found.one("acaps-7", "edtf") == ["2019-12-01/2020-03-20"]
    assert found.flags("acaps-7") == ["entry-day-as-date"]


def test_the_form_of_dates_in_the_dictionary_is_read_as_well(tmp_path: Path) -> None:
    assert book(tmp_path, row(7, DATE_IMPLEMENTED="16/03/2020")).one("acaps-7", "edtf") == [
        "2020-03-16"
    ]


def test_repeated_rows_and_ids_are_duplicates(tmp_path: Path) -> None:
    found = book(tmp_path, row(1), row(1), row(2, COMMENTS="Stay in, rule 1."))
    tally = found.tallies["acaps"]
    assert (tally.rows, tally.records, tally.duplicates) == (3, 1, 2)
    assert found.ask("SELECT ?r ?d { ?r cg:duplicateOf ?d }") == [
        ("record/acaps-2", "record/acaps-1")
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row("x"), "ID 'x' is no number"),
        (row(2, ISO="QQQ", COUNTRY="Nowhere"), "unknown country 'QQQ'"),
        (row(2, DATE_IMPLEMENTED="2020-02-30"), "'2020-02-30' is no day of the calendar"),
        (row(2, DATE_IMPLEMENTED="", ENTRY_DATE=""), "neither DATE_IMPLEMENTED nor ENTRY_DATE"),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected(
    tmp_path: Path, bad: dict[str, object], reason: str
) -> None:
    found = book(tmp_path, row(1), bad)
    assert [(one["line"], reason in one["reason"]) for one in found.rejects] == [("3", True)]
    assert found.tallies["acaps"].balanced()


def test_a_workbook_without_its_sheet_is_told(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "acaps.xlsx", {"Data": [HEADS, list(row().values())]})
    found = load(tmp_path, acaps=path)
    assert [one["reason"] for one in found.rejects] == ["no sheet 'Dataset' with rows"]
    assert found.tallies["acaps"].balanced()


@pytest.mark.parametrize(
    ("named", "label"),
    [
        ("the north coast", "Curfew, the north coast (Peru), 2020-03-16"),
        ("Lima, Cusco", "Curfew, parts of Peru, 2020-03-16"),
        ("the coast " * 9, "Curfew, parts of Peru, 2020-03-16"),
        ("Cusco", "Curfew, Cusco, 2020-03-16"),
    ],
)
def test_a_label_names_the_country_and_no_list_of_places(
    tmp_path: Path, named: str, label: str
) -> None:
    found = book(tmp_path, row(7, ADMIN_LEVEL_NAME=named))
    said = found.ask(
        "SELECT ?l { <https://w3id.org/crisisgov/event/acaps-7> rdfs:label ?l ; cg:summary ?s }"
    )
    assert said == [(label,)]


@pytest.mark.parametrize(("iso", "labels"), [("HKG", 2), ("TWN", 2), ("CHN", 2), ("PER", 1)])
def test_what_is_chinese_has_a_label_in_chinese(tmp_path: Path, iso: str, labels: int) -> None:
    found = book(tmp_path, row(7, ISO=iso, COUNTRY=""))
    said = found.ask("SELECT ?l { <https://w3id.org/crisisgov/event/acaps-7> rdfs:label ?l }")
    assert len(said) == labels


def test_a_table_saved_as_csv_is_read_as_well(tmp_path: Path) -> None:
    rows = [{key: str(value) for key, value in row(5).items()}]
    found = load(tmp_path, acaps=write_csv(tmp_path / "a.csv", rows, HEADS))
    assert found.events() == ["event/acaps-5"]
