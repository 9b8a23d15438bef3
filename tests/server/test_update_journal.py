"""The journal of contributions: what it gives back, torn or damaged lines, which graphs it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisgov.loaders import contributions
from crisisgov.loaders.contributions import Journal, is_contribution
from crisisgov.loaders.version_files import VersionError
from crisisgov.ontology.terms import BASE
from tests.server.writing import CONTRIB, quad


def test_the_journal_gives_what_additions_and_removals_leave(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.quads() == set()
    journal.append((), [quad("a"), quad("b")])
    journal.append([quad("a")], [quad("c")])
    assert contributions.quads(tmp_path) == {quad("b"), quad("c")}


def test_half_a_line_at_the_end_is_cut_off_by_the_next_entry(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append((), [quad("a")])
    whole = journal.path.read_bytes()
    for size in range(1, len(whole) + 1):
        # without its newline, or with a checksum that is not its own
        journal.path.write_bytes(whole + whole[: size - 1] + (b"" if size % 2 else b"\n"))
        assert journal.quads() == {quad("a")}
    journal.path.write_bytes(whole + whole[:20])
    journal.append((), [quad("b")])
    assert journal.quads() == {quad("a"), quad("b")}


def test_damage_before_the_end_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for name in ("a", "b", "c"):
        journal.append((), [quad(name)])
    lines = journal.path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"example", b"exanple")
    journal.path.write_bytes(b"".join(lines))
    with pytest.raises(VersionError, match="line 2 is damaged"):
        journal.quads()


@pytest.mark.parametrize(
    ("iri", "may"),
    [
        (CONTRIB + "a", True),
        (CONTRIB + "a/b", True),
        (CONTRIB, False),
        (CONTRIB + "../vocab", False),
        (CONTRIB + "a//b", False),
        (BASE + "graph/contribution", False),
    ],
)
def test_only_graphs_below_contrib_are_contributions(iri: str, may: bool) -> None:
    assert is_contribution(iri) is may
