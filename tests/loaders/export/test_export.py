"""The exported tables: types, licences, and the data dictionary that explains them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest

from crisisgov.errors import UsageError
from crisisgov.loaders.export import dictionary
from crisisgov.loaders.export.columns import TABLES
from crisisgov.loaders.export.write import FORMATS, export
from crisisgov.ontology import terms

CHECKOUT = Path(__file__).resolve().parents[3]
WORLD = """
@prefix cg: <https://w3id.org/crisisgov/ontology#> .
@prefix b: <https://w3id.org/crisisgov/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
GRAPH b:graph\\/record\\/x { b:event\\/own a cg:Event , cg:Disclosure ; cg:crisis b:crisis\\/c ;
    rdfs:label "Told, \\"at last\\""@en , "告知"@zh ; cg:earliest "2020-01-23T02:00:00Z"^^xsd:dateTime ;
    cg:actor b:actor\\/b , b:actor\\/a ; cg:responseLevel 1 . }
GRAPH b:graph\\/data\\/acaps { b:event\\/theirs a cg:Event ; cg:crisis b:crisis\\/c ;
    cg:suspectDate true . b:graph\\/data\\/acaps cg:licenceStatus "unclear" . }
GRAPH b:graph\\/data\\/oxcgrt { b:event\\/free a cg:Event ; cg:crisis b:crisis\\/c ;
    cg:levelAfter 2.5 . b:graph\\/data\\/oxcgrt cg:licenceStatus "open" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> . }
"""


@pytest.fixture
def store() -> ox.Store:
    found = ox.Store()
    found.load(WORLD.encode(), format=ox.RdfFormat.TRIG)
    return found


def test_the_data_dictionary_says_what_the_columns_say() -> None:
    page = (CHECKOUT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary.markdown(), (
        "run: python -m crisisgov.loaders.export.dictionary > docs/data-dictionary.md"
    )


def test_every_property_of_a_column_is_in_the_vocabulary() -> None:
    text = (CHECKOUT / "ontology" / "crisisgov.ttl").read_text(encoding="utf-8")
    missing = {
        column.property
        for table in TABLES
        for column in table.columns
        if column.property
        and "://" not in column.property
        and f"\ncg:{column.property} a " not in text
    }
    assert missing == set()


def test_a_parquet_file_has_typed_columns(store: ox.Store, tmp_path: Path) -> None:
    list(export(store, tmp_path, "parquet"))
    frame = pl.read_parquet(tmp_path / "events.parquet")
    assert frame.columns == [column.name for column in TABLES[0].columns]
    own = frame.row(by_predicate=pl.col("event") == "own", named=True)
    assert own["earliest"] == datetime(2020, 1, 23, 2, tzinfo=UTC)
    assert own["label"] == 'Told, "at last"'
    assert (own["response_level"], own["actor"]) == (1, "a | b")
    assert own["label_zh"] == "告知"
    assert own["kinds"] == "Disclosure | Event"
    assert own["licence_status"] == "open" and own["data_set"] == "curated"
    free = frame.row(by_predicate=pl.col("event") == "free", named=True)
    assert free["level_after"] == 2.5 and free["data_set"] == "oxcgrt"
    assert free["suspect_date"] is False


def test_a_csv_file_says_the_same(store: ox.Store, tmp_path: Path) -> None:
    for format_ in FORMATS:
        list(export(store, tmp_path, format_))
    text = (tmp_path / "events.csv").read_text(encoding="utf-8")
    assert "2020-01-23T02:00:00Z" in text
    read = pl.read_csv(tmp_path / "events.csv", infer_schema=False)
    typed = pl.read_parquet(tmp_path / "events.parquet")
    assert read["event"].to_list() == typed["event"].to_list()
    assert read["label"].to_list() == typed["label"].to_list()


def test_sets_that_are_not_open_are_left_out_unless_asked_for(
    store: ox.Store, tmp_path: Path
) -> None:
    first, *_ = export(store, tmp_path / "a", "csv")
    assert (first.rows, dict(first.left_out)) == (2, {"unclear": 1})
    asked, *_ = export(store, tmp_path / "b", "csv", ["unclear"])
    assert (asked.rows, dict(asked.left_out)) == (3, {})


def test_a_folder_that_cannot_be_written_is_named(store: ox.Store, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        list(export(store, blocked, "csv"))


def test_an_empty_store_gives_tables_without_rows(tmp_path: Path) -> None:
    written = list(export(ox.Store(), tmp_path, "parquet"))
    assert [one.rows for one in written] == [0, 0, 0]
    assert pl.read_parquet(tmp_path / "milestones.parquet").height == 0
    assert TABLES[0].columns[4].iri() == terms.CG + "crisis"
