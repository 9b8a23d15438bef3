"""``crisisgov new | coverage | diff`` as curators call them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from crisisgov.loaders.build import seeds_folder
from tests.server.test_command_line import run

pytestmark = pytest.mark.curated


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the curated records that a test may change."""
    copy = tmp_path_factory.mktemp("curation") / "seeds"
    shutil.copytree(seeds_folder(), copy)
    return copy


def test_new_asks_for_what_no_option_gives_and_validate_is_content_with_it(seeds: Path) -> None:
    file = seeds / "sources/added.yaml"
    done = run("new", "source", str(file), "--publisher", "A Paper", text="a-paper-x\nA report\n")
    assert done.returncode == 0, done.stderr
    assert "wrote source a-paper-x" in done.stdout
    assert run("validate", str(file)).stdout == "no problems\n"


def test_new_refuses_an_unknown_kind_of_event_as_wrong_usage(seeds: Path) -> None:
    done = run("new", "event", str(seeds / "crises/x.yaml"), "--id", "x", "--kind", "disclosing")
    assert done.returncode == 2
    assert "'disclosing' is not one of 'hazard-occurrence'" in done.stderr


def test_new_names_what_would_be_wrong_and_writes_nothing(seeds: Path) -> None:
    file = seeds / "actors/added.yaml"
    done = run("new", "actor", str(file), "--id", "Wrong Id", "--kind", "body", "--label", "A")
    assert done.returncode == 1
    assert "actors.0.id" in done.stderr
    assert not file.exists()


def test_coverage_has_a_row_for_each_crisis_in_every_format(seeds: Path) -> None:
    as_json = json.loads(run("coverage", "--seeds", str(seeds), "--format", "json").stdout)
    as_csv = list(
        csv.DictReader(
            io.StringIO(run("coverage", "--seeds", str(seeds), "--format", "csv").stdout)
        )
    )
    assert [row["crisis"] for row in as_json] == [row["crisis"] for row in as_csv]
    wuhan = next(row for row in as_json if row["crisis"] == "covid-19-wuhan")
    assert wuhan["events"] > 150
    assert len(wuhan["coarse"]) == wuhan["coarseDates"]


def test_coverage_of_an_unknown_crisis_names_the_known_ones(seeds: Path) -> None:
    done = run("coverage", "--seeds", str(seeds), "atlantis")
    assert done.returncode == 2
    assert "no crisis atlantis; there are " in done.stderr


def test_a_corrected_date_shows_in_the_event_and_in_the_findings_that_hang_on_it(
    seeds: Path, tmp_path: Path
) -> None:
    """The first public notice a day later: the event's bounds move, and delays with it."""
    changed = tmp_path / "seeds"
    shutil.copytree(seeds, changed)
    hits = [
        path
        for path in (changed / "crises/covid-19-wuhan").glob("*.yaml")
        if "- id: wuhan-notice-2019-12-31\n" in path.read_text(encoding="utf-8")
    ]
    (file,) = hits
    before, after = file.read_text(encoding="utf-8").split("- id: wuhan-notice-2019-12-31\n")
    head, date, rest = after.partition('    date: "')
    assert date
    old = rest.split('"')[0]
    file.write_text(
        f"{before}- id: wuhan-notice-2019-12-31\n{head}{date}2020-01-04{rest[len(old) :]}",
        encoding="utf-8",
    )
    done = run("diff", str(seeds), str(changed))
    assert done.returncode == 0, done.stderr
    blocks = {block.split("\n")[0]: block for block in done.stdout.split("\n")}
    assert "event/wuhan-notice-2019-12-31" in blocks
    assert f'  - cg:edtf "{old}"' in done.stdout
    assert '  + cg:edtf "2020-01-04"' in done.stdout
    assert any(
        name.startswith("finding/yardstick-prompt-disclosure.wuhan-government.") for name in blocks
    )


def test_two_folders_alike_have_no_difference_and_unlike_things_are_not_compared(
    seeds: Path,
) -> None:
    assert run("diff", str(seeds), str(seeds)).stdout == "no difference\n"
    refused = run("diff", str(seeds), "current")
    assert refused.returncode == 2
    assert "can only be compared with another one" in refused.stderr
