"""Graphs of small records, and of the curated ones, evaluated."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.graphs import Judged, crisis_file, judged, write_seeds

Judge = Callable[..., Judged]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Return a function: sections of a crisis file, and norm files, to findings."""

    numbers = itertools.count()

    def run(sections: str, *norms: str) -> Judged:
        files = {f"norms/law-{n}.yaml": text for n, text in enumerate(norms)}
        if sections:
            files["crises/events.yaml"] = crisis_file(sections)
        return judged(write_seeds(tmp_path / f"seeds-{next(numbers)}", files))

    return run


@pytest.fixture(scope="session")
def curated(checkout: Path) -> Judged:
    """The findings of the curated records as they are."""
    return judged(checkout / "seeds")
