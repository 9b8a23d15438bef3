"""The real data sets, where somebody has them: CRISISGOV_DATASETS names their folder.

Expected numbers were counted with a few lines of plain Python over the same files.
"""

from __future__ import annotations

import csv
import gzip
import os
from itertools import pairwise
from pathlib import Path

import pytest

from tests.loaders.datasets.small_sets import load, world

FOLDER = Path(os.environ.get("CRISISGOV_DATASETS", "/nowhere"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="CRISISGOV_DATASETS names no folder")

MISSING = {"", "NA"}


def test_level_changes_are_those_of_a_plain_count(tmp_path: Path) -> None:
    folder = FOLDER / "oxcgrt" / "national_timeseries"
    changes = 0
    for path in sorted(folder.glob("[ceh][0-9]_*.csv.gz")):
        if "_flag" in path.name:
            continue
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in list(csv.reader(file))[1:]:
                levels = [0.0, *(float(cell) for cell in row[3:] if cell not in MISSING)]
                changes += sum(a != b for a, b in pairwise(levels))
    found = load(tmp_path, oxcgrt=folder)
    tally = found.tallies["oxcgrt"]
    assert tally.events == changes > 18_000
    assert (tally.rejected, tally.balanced()) == (0, True)


def test_the_files_of_china_give_an_event_for_each_base(tmp_path: Path) -> None:
    path = FOLDER / "coronanet" / "country" / "coronanet_release_China.csv.gz"
    bases: dict[str, tuple[str, ...]] = {}
    rows = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            said = (
                row["description"],
                row["date_start"],
                row["type"],
                row["province"],
                row["city"],
            )
            bases.setdefault(row["record_id"][:17], (*said, row["entry_type"], row["update_type"]))
    found = load(tmp_path, coronanet=path)
    tally = found.tallies["coronanet"]
    assert tally.rows == rows
    assert (tally.rejected, tally.balanced()) == (0, True)
    # of bases that repeat text, day, type and place of another one there is one event
    documented = found.ask("SELECT DISTINCT ?e { ?r cg:documents ?e }")
    assert len(set(bases.values())) - len(documented) in range(-3, 4)
    assert len(documented) <= len(bases)


def test_every_set_loads_and_its_counts_add_up(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        acaps=FOLDER / "acaps",
        oxcgrt=FOLDER / "oxcgrt",
        cases=FOLDER / "cases",
        who_don=FOLDER / "who_don",
        coronanet=FOLDER / "coronanet",
        places=FOLDER / "places",
    )
    assert all(tally.balanced() for tally in found.tallies.values())
    assert {name: tally.rejected for name, tally in found.tallies.items()} == dict.fromkeys(
        found.tallies, 0
    )
    assert sum(tally.events for tally in found.tallies.values()) > 110_000
    assert found.text.count(b"\n") == found.loading.quads
    assert len(found.store) == found.loading.quads + len(world())
