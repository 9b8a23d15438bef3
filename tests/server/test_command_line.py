"""The command line as its users call it: a process of its own, its output and exit status."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.built_site import built_data

pytestmark = pytest.mark.curated


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crisisgov.server.cli", *arguments]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=120, check=False
    )


def on_data(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return run(*arguments, "--data", str(built_data()), text=text)


def test_ask_without_a_question_lists_the_questions() -> None:
    done = run("ask")
    assert done.returncode == 0
    assert done.stdout.startswith("delayed-disclosure")


def test_ask_prints_a_table_with_counts_of_each_status() -> None:
    done = on_data("ask", "delayed-disclosure", "--param", "crisis=covid-19-wuhan")
    assert done.returncode == 0
    assert "People's Government of Wuhan" in " ".join(done.stdout.split())
    assert "delayed: " in done.stdout


def test_ask_as_csv_and_json_gives_the_same_rows() -> None:
    question = ("ask", "post-holders")
    as_csv = list(csv.DictReader(io.StringIO(on_data(*question, "--format", "csv").stdout)))
    as_json = json.loads(on_data(*question, "--format", "json").stdout)
    assert as_csv
    assert [row["personLabel"] for row in as_csv] == [row["personLabel"] for row in as_json]


def test_an_unknown_question_is_bad_input_and_names_those_there_are() -> None:
    done = on_data("ask", "delayed-disclosur")
    assert done.returncode == 1
    assert "there are: delayed-disclosure" in done.stderr


def test_a_malformed_query_names_line_and_column() -> None:
    done = on_data("query", "-", text="SELECT *\nWHERE { ?s ?p }")
    assert done.returncode == 1
    assert "Line 2, column" in done.stderr


def test_a_query_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = on_data("query", str(tmp_path / "none.rq"))
    assert done.returncode == 1
    assert "none.rq" in done.stderr


def test_explain_prints_the_steps_and_the_sources_of_a_finding() -> None:
    key = "yardstick-prompt-disclosure.wuhan-government.covid-19-wuhan.existence.CN-HB-wuhan.public"
    done = on_data("explain", key)
    text = " ".join(done.stdout.split())
    assert done.returncode == 0
    assert "Verdict of the dates: definitely late" in text
    assert "Evidence, in order of time" in text
    assert "First public notice on the pneumonia" in text


def test_explain_of_an_unknown_finding_names_some_that_are_like_it() -> None:
    done = on_data("explain", "yardstick-prompt-disclosure.nowhere")
    assert done.returncode == 1
    assert "no finding is called" in done.stderr
    assert "yardstick-prompt-disclosure." in done.stderr.split("beginning:")[1]


def test_validate_of_the_curated_records_finds_no_problem(checkout: Path) -> None:
    done = run("validate", str(checkout / "seeds"))
    assert (done.returncode, done.stdout) == (0, "no problems\n")


def test_validate_of_one_file_names_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "seeds" / "places"
    folder.mkdir(parents=True)
    file = folder / "x.yaml"
    file.write_text("places:\n  - {id: CN, label: {en: China}, level: national, colour: red}\n")
    done = run("validate", str(file))
    assert done.returncode == 1
    assert f"{file}:2: places.0.colour: " in done.stdout


def test_export_writes_the_whole_graph_or_nothing(tmp_path: Path) -> None:
    output = tmp_path / "graph.nq"
    done = on_data("export", "--output", str(output))
    assert done.returncode == 0
    lines = output.read_bytes().splitlines()
    source = (built_data() / "current" / "graph.nq").read_bytes().splitlines()
    assert set(lines) == set(source)
    assert list(tmp_path.iterdir()) == [output]


def test_evaluate_without_an_assumption_is_wrong_usage() -> None:
    done = on_data("evaluate")
    assert done.returncode == 2
    assert "--assume" in done.stderr


def test_wrong_options_are_wrong_usage() -> None:
    assert run("serve", "--port", "none").returncode == 2


def test_build_refuses_broken_records_and_lists_all(tmp_path: Path) -> None:
    folder = tmp_path / "seeds" / "places"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("places:\n  - {id: CN, label: {en: China}}\n")
    (folder / "b.yaml").write_text("places:\n\t- {}\n")
    done = run("build", "--seeds", str(tmp_path / "seeds"), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert "places/a.yaml:2: places.0.level: " in done.stderr
    assert "places/b.yaml:2: " in done.stderr
    assert not (tmp_path / "data" / "current").exists()
