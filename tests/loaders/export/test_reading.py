"""The lines with which the data dictionary reads the tables, run as they stand."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyoxigraph as ox
import pytest

from crisisgov.loaders.export import reading
from crisisgov.loaders.export.write import FORMATS, export

LONG = "很长的说明" * 2000
DAY = 86400
WORLD = f"""
@prefix cg: <https://w3id.org/crisisgov/ontology#> .
@prefix b: <https://w3id.org/crisisgov/> .
@prefix c: <https://w3id.org/crisisgov/concept/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
GRAPH b:graph\\/record\\/x {{
  b:event\\/one a cg:Event ; cg:crisis b:crisis\\/c ; cg:place b:place\\/NA ; cg:responseLevel 1 ;
    rdfs:label "Told, \\"at last\\",\\nand late"@en , "告知"@zh ; cg:summary "{LONG}" ;
    cg:earliest "2020-01-23T02:00:00Z"^^xsd:dateTime ; cg:latest "2020-01-23T15:59:59Z"^^xsd:dateTime ;
    cg:actor b:actor\\/b , b:actor\\/a ; cg:suspectDate true .
  b:event\\/two a cg:Event ; cg:crisis b:crisis\\/c ; cg:place b:place\\/CN-HB .
  b:finding\\/f a cg:Finding ; cg:crisis b:crisis\\/c ; cg:bearer b:actor\\/a ; cg:robust true ;
    cg:norm b:norm\\/yardstick-prompt-disclosure ; cg:timeliness c:timeliness\\/definitely-late ;
    cg:minDelaySeconds {3 * DAY} .
  b:finding\\/g a cg:Finding ; cg:crisis b:crisis\\/c ; cg:bearer b:actor\\/a .
  b:milestone\\/m a cg:Milestone ; cg:crisis b:crisis\\/c ; cg:place b:place\\/NA ;
    cg:milestoneKind c:milestone-kind\\/first-measure-school-closure ; cg:milestoneBasis "in-force" ;
    cg:minLagSeconds {-DAY} ; cg:maxLagSeconds {3 * DAY} .
  b:milestone\\/n a cg:Milestone ; cg:crisis b:crisis\\/c ; cg:place b:place\\/NA ;
    cg:milestoneBasis "in-force" .
}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = ox.Store()
    store.load(WORLD.encode(), format=ox.RdfFormat.TRIG)
    for format_ in FORMATS:
        list(export(store, tmp_path, format_))
    return tmp_path


def run(code: str, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    exec(code.replace("FOLDER", str(folder)), found)
    return found


def test_polars(folder: Path) -> None:
    found = run(reading.POLARS, folder)
    events, from_csv = found["events"], found["from_csv"]
    assert events["place"].to_list() == from_csv["place"].to_list() == ["NA", "CN-HB"]
    assert events["earliest"].dtype == from_csv["earliest"].dtype == pl.Datetime("us", "UTC")
    assert from_csv["earliest"].to_list() == events["earliest"].to_list()
    assert from_csv["earliest"][0] == datetime(2020, 1, 23, 2, tzinfo=UTC)
    assert events["summary"][0] == from_csv["summary"][0] == LONG
    assert events["label_zh"].to_list() == from_csv["label_zh"].to_list() == ["告知", None]
    assert from_csv["label"][0] == 'Told, "at last",\nand late'
    assert from_csv["response_level"].to_list() == [1, None]
    assert from_csv["suspect_date"].to_list() == [True, False]
    assert found["findings"]["robust"].to_list() == [True, None]
    assert found["by_actor"]["actor"].to_list() == ["a", "b", None]
    assert found["median_lag"].rows() == [("NA", 1.0)]
    assert found["delayed"].rows() == [("a", 3.0)]


def test_pandas(folder: Path) -> None:
    found = run(reading.PANDAS, folder)
    events, from_csv = found["events"], found["from_csv"]
    assert list(events.place) == list(from_csv.place) == ["NA", "CN-HB"]
    assert str(events.response_level.dtype) == str(from_csv.response_level.dtype) == "Int64"
    assert str(events.earliest.dtype).endswith("UTC]")
    assert str(from_csv.earliest.dtype).endswith("UTC]")
    assert from_csv.earliest[0] == events.earliest[0]
    assert str(from_csv.suspect_date.dtype) == "boolean"
    assert events.summary[0] == from_csv.summary[0] == LONG
    assert list(events.label_zh.isna()) == list(from_csv.label_zh.isna()) == [False, True]
    assert from_csv.label[0] == 'Told, "at last",\nand late'
    assert list(found["by_actor"].actor.dropna()) == ["a", "b"]
    assert found["median_lag"].to_dict() == {"NA": 1.0}
    assert found["delayed"].to_dict() == {"a": 3.0}


@pytest.mark.r
def test_r(folder: Path) -> None:
    shown = """
    cat(events$place, class(events$earliest)[1], format(events$earliest[1], "%H"), "\\n")
    cat(class(events$response_level), events$suspect_date, nchar(events$summary[1]), "\\n")
    cat(is.na(events$label_zh), events$label_zh[1] == "\\u544a\\u77e5", actors[[1]], "\\n")
    cat(median_lag$country, median_lag$days, delayed[1, 1], delayed[1, 2], "\\n")
    """
    script = folder / "read.R"
    script.write_text(reading.R.replace("FOLDER", str(folder)) + shown, encoding="utf-8")
    done = subprocess.run(["Rscript", script], capture_output=True, text=True, check=True)
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["NA", "CN-HB", "POSIXct", "02"],
        ["integer", "TRUE", "FALSE", str(len(LONG))],
        ["FALSE", "TRUE", "TRUE", "a", "b"],
        ["NA", "1", "a", "3"],
    ]
