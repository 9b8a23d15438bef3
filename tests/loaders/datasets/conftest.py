"""Rows of CoronaNet, loaded over the small curated world."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loaders.datasets.coronanet_rows import LoadRows
from tests.loaders.datasets.small_sets import Loaded, load, write_csv


@pytest.fixture
def loaded(tmp_path: Path) -> LoadRows:
    def load_rows(*rows: dict[str, str]) -> Loaded:
        return load(tmp_path, coronanet=write_csv(tmp_path / "coronanet_release_X.csv.gz", rows))

    return load_rows
