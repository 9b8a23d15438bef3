"""The small seeds folder as a fixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loaders.records.small_seeds import FILES, Seeds


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    made = Seeds(tmp_path / "seeds")
    for name, text in FILES.items():
        made.write(name, text)
    return made
