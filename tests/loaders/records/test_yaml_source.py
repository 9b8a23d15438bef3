"""Values stay as they were written, and every one knows its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisgov.loaders.records import yaml_source
from crisisgov.loaders.records.model import FILE_FORMS
from crisisgov.loaders.records.read import read_file


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


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch") / "a.yaml"


PIECES = "crisis: events: id: - { } [ ] , : \n ' \" &a *a ! | > # --- ? 2020 true null é 武 \t \x00"
WORDS = st.sampled_from([*PIECES.split(" "), "\n  "])


@given(
    st.one_of(
        st.binary(max_size=60),
        st.lists(WORDS, max_size=25).map(lambda words: " ".join(words).encode()),
    ),
    st.sampled_from(sorted(FILE_FORMS)),
)
def test_any_file_is_either_right_or_has_problems_with_lines(
    scratch: Path, content: bytes, kind: str
) -> None:
    scratch.write_bytes(content)
    file, problems = read_file(scratch, "a.yaml", kind)

    assert file is not None or problems
    assert all(1 <= problem.line <= content.count(b"\n") + 2 for problem in problems)
