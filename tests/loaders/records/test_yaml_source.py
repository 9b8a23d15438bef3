"""Values stay as they were written, and every one knows its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisgov.loaders.records import yaml_source


def data_of(text: str, tmp_path: Path) -> object:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    document, problems = yaml_source.read(path, "a.yaml")
    assert document is not None
    assert problems == []
    return document.data


@pytest.mark.parametrize(
    "text", ["NO", "0123", "12:30", "1.10", "on", "yes", "2020-03-12", "1e3", "0x1f", "1_000"]
)
def test_what_yaml_would_turn_into_something_else_stays_text(text: str, tmp_path: Path) -> None:
    assert data_of(f"a: {text}\n", tmp_path) == {"a": text}


@pytest.mark.parametrize("text", ["", "null", "~", "''"])
def test_nothing_is_nothing(text: str, tmp_path: Path) -> None:
    assert data_of(f"a: {text}\n", tmp_path) == {"a": None}


def test_the_word_null_in_quotes_is_text(tmp_path: Path) -> None:
    assert data_of("a: 'null'\n", tmp_path) == {"a": "null"}


def test_a_byte_order_mark_does_not_become_part_of_a_name(tmp_path: Path) -> None:
    assert data_of("\ufeffa: b\n", tmp_path) == {"a": "b"}


def test_every_value_knows_its_line_and_what_is_missing_that_of_its_record(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("# head\na:\n  - b: 1\n\n    c: [2,\n      3]\n  - d\n", encoding="utf-8")
    document, _ = yaml_source.read(path, "a.yaml")

    assert document is not None
    assert document.line(("a",)) == 2
    assert document.line(("a", 0, "b")) == 3
    assert document.line(("a", 0, "c", 1)) == 6
    assert document.line(("a", 1)) == 7
    assert document.line(("a", 0, "missing")) == 3
    assert document.line(("missing",)) == 2
