"""The journal of contributions: bounded, never less than what was accepted, and it names entries."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from crisisgov.errors import InputError
from crisisgov.loaders import build, contributions
from crisisgov.loaders.contributions import Journal
from crisisgov.loaders.versions import VersionStore
from tests.support.graphs import BASE as SEEDS
from tests.support.graphs import write_seeds

BASE = "https://w3id.org/crisisgov/"
SEE = "http://www.w3.org/2000/01/rdf-schema#seeAlso"


def quad(value: str, predicate: str = SEE, subject: str = "actor/city") -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(BASE + subject),
        ox.NamedNode(predicate),
        ox.NamedNode(f"http://example.org/{value}"),
        ox.NamedNode(f"{BASE}graph/contrib/a"),
    )


@pytest.fixture
def small_journals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contributions, "COMPACT_BYTES", 2_000)


@pytest.mark.usefixtures("small_journals")
def test_a_journal_of_changes_to_and_fro_stays_short(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append((), [quad("kept")])
    for number in range(200):
        journal.append((), [quad(f"n{number}")])
        journal.append([quad(f"n{number}")], ())
    # Never longer than the bound and the entry that passed it, some 350 bytes.
    assert journal.path.stat().st_size < 2_400
    assert journal.quads() == {quad("kept")}


@pytest.mark.usefixtures("small_journals")
def test_a_journal_that_is_all_needed_is_left_as_it_is(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    wanted = {quad(f"n{number}") for number in range(100)}
    for number, one in enumerate(sorted(wanted, key=str)):
        journal.append((), [one])
        assert len(journal.quads()) == number + 1
    assert journal.quads() == wanted


@pytest.mark.usefixtures("small_journals")
def test_killed_while_it_is_shortened_a_journal_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    journal.append((), [quad("kept")])
    while journal.path.stat().st_size < 2_000:
        journal.append((), [quad("x")])
        journal.append([quad("x")], ())
    before = journal.path.read_bytes()
    for step in ("fsync", "replace"):
        with monkeypatch.context() as patch:

            def die(*_arguments: object) -> None:
                raise KeyboardInterrupt

            patch.setattr(os, step, die)
            with pytest.raises(KeyboardInterrupt):
                journal.append((), [quad("late")])
        assert journal.path.read_bytes() == before
    journal.append((), [quad("late")])
    assert journal.quads() == {quad("kept"), quad("late")}
    assert len(journal.path.read_bytes().splitlines()) == 2


@pytest.mark.usefixtures("small_journals")
def test_an_entry_can_be_taken_back_from_a_journal_that_was_shortened_for_it(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path)
    while not journal.path.exists() or journal.path.stat().st_size < 2_000:
        journal.append((), [quad("x")])
        journal.append([quad("x")], [quad("kept")])
    journal.undo(journal.append((), [quad("refused")]))
    assert journal.quads() == {quad("kept")}


def test_entries_are_found_by_what_is_left_of_them(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append((), [quad("a"), quad("b", subject="actor/city-health")])
    journal.append([quad("a")], [quad("c", subject="actor/state")])
    assert [number for number, _at in journal.about("actor/state: wrong")] == [2]
    # Its statement was taken away again, and "city" is only the beginning of another name.
    assert journal.about("actor/city: wrong") == []
    assert [number for number, _at in journal.about(f"<{BASE}actor/city-health>.")] == [1]


def test_a_build_that_fails_for_a_contribution_names_its_entry_and_what_to_do(
    tmp_path: Path,
) -> None:
    chinese = {n: text.replace("label: {en", "label: {zh: 名, en") for n, text in SEEDS.items()}
    seeds = write_seeds(tmp_path / "seeds", chinese)
    versions = VersionStore(tmp_path / "data")
    journal = Journal(versions.root)
    journal.append((), [quad("harmless", subject="actor/state")])
    journal.append((), [quad("nowhere", BASE + "ontology#jurisdiction")])
    with pytest.raises(InputError) as raised:
        build.build(seeds, versions)
    text = str(raised.value)
    assert "contributions/journal: line 2 (written 20" in text
    assert "line 1" not in text
    assert "remove these lines" in text


def test_an_error_that_has_nothing_to_do_with_contributions_stays_as_it_is(tmp_path: Path) -> None:
    Journal(tmp_path).append((), [quad("a")])
    with pytest.raises(InputError, match=r"^actor/state: wrong$"), contributions.named(tmp_path):
        raise InputError("actor/state: wrong")
