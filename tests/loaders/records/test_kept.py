"""Kept reads: as if everything were read anew, only sooner."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisgov.loaders.records import kept as module
from crisisgov.loaders.records import read
from crisisgov.loaders.records.kept import KeptReads
from crisisgov.loaders.records.problems import problems_of
from tests.loaders.records.small_seeds import Seeds


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read in truth."""
    names: list[str] = []
    real = read.read_file

    def counting(path: Path, name: str, kind: str) -> read.Read:
        names.append(name)
        return real(path, name, kind)

    monkeypatch.setattr(read, "read_file", counting)
    return names


def test_only_a_changed_file_is_read_again_and_its_problems_are_found(
    seeds: Seeds, tmp_path: Path, opened: list[str]
) -> None:
    path = tmp_path / "cache" / "records.pickle"
    assert problems_of([seeds.folder], KeptReads(path)) == []
    assert len(opened) == 5
    opened.clear()
    seeds.spoil("crises/wuhan.yaml", "stance: affirms", "stance: afirms")
    (problem,) = problems_of([seeds.folder], KeptReads(path))
    assert opened == ["crises/wuhan.yaml"]
    assert "did you mean affirms?" in problem.message


def test_problems_of_a_file_that_is_not_read_again_are_told_again(
    seeds: Seeds, tmp_path: Path, opened: list[str]
) -> None:
    path = tmp_path / "records.pickle"
    seeds.spoil("crises/wuhan.yaml", 'date: "2019-12-31"', 'date: "2019-12-32"')
    first = problems_of([seeds.folder], KeptReads(path))
    opened.clear()
    assert problems_of([seeds.folder], KeptReads(path)) == first
    assert len(first) == 1
    assert opened == []


def test_nothing_is_kept_when_the_code_has_changed(
    seeds: Seeds, tmp_path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "records.pickle"
    problems_of([seeds.folder], KeptReads(path))
    opened.clear()
    monkeypatch.setattr(module, "_digest_of_code", lambda: "another")
    problems_of([seeds.folder], KeptReads(path))
    assert len(opened) == 5


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x80\x05N."])
def test_a_broken_cache_counts_as_none(seeds: Seeds, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "records.pickle"
    path.write_bytes(content)
    assert problems_of([seeds.folder], KeptReads(path)) == []


def test_a_folder_that_cannot_be_written_is_no_error(seeds: Seeds, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert problems_of([seeds.folder], KeptReads(tmp_path / "file" / "records.pickle")) == []
