"""Versions: published whole or not at all, kept while read, one build at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

from crisisgov.errors import InputError
from crisisgov.loaders import store_writer
from crisisgov.loaders.versions import KEPT, BuildLocked, VersionError, VersionStore, default_root

SOURCE = Path(__file__).resolve().parents[2] / "src"


def quads(count: int) -> list[bytes]:
    return [f'<http://x/s{i}> <http://x/p> "{i}" <http://x/g> .\n'.encode() for i in range(count)]


def in_child(code: str, root: Path) -> subprocess.Popen[str]:
    """Run ``code`` in another Python, with ``store`` and ``quads`` at hand."""
    start = (
        "import os, signal, sys, time\nfrom pathlib import Path\n"
        "from crisisgov.loaders import store_writer, versions\n"
        f"store = versions.VersionStore(Path({str(root)!r}))\n"
        "die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "quads = lambda n: (b'<http://x/s%d> <http://x/p> \"v\" .\\n' % i for i in range(n))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", start + code],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )


def test_a_version_holds_what_was_published(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    assert store.current() is None
    version = store.publish("abc123", quads(5), {"as_of": "2020-04-30", "counts": {"events": 2}})
    assert store.current() == version
    assert version.counts == {"events": 2, "quads": 5}
    assert (version.digest, version.as_of, version.format) == ("abc123", "2020-04-30", 1)
    assert version.quads_path.read_bytes() == b"".join(quads(5))
    assert len(pyoxigraph.Store.read_only(str(version.store_path))) == 5


def test_quads_may_come_as_a_file_or_in_pieces_of_any_length(tmp_path: Path) -> None:
    text = b"".join(quads(3))
    file = tmp_path / "quads.nq"
    file.write_bytes(text)
    store = VersionStore(tmp_path / "data")
    assert store.publish("file", file, {}).counts["quads"] == 3
    pieces = [text[i : i + 7] for i in range(0, len(text), 7)]
    assert store.publish("pieces", pieces, {}).counts["quads"] == 3


def test_more_quads_than_one_chunk_are_all_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_writer, "CHUNK_BYTES", 500)
    assert VersionStore(tmp_path).publish("chunks", quads(25), {}).counts["quads"] == 25


def test_a_version_can_be_made_of_another_one_which_stays_as_it_is(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    first = store.publish("first", quads(3000), {})
    kept = [*quads(3000)[5:], b'<http://x/new> <http://x/p> "1" <http://x/g> .\n']
    changes = store_writer.Changes(first, removed=quads(5), added=kept[-1:])
    second = store.publish("second", kept, {}, changes=changes)
    changes = store_writer.Changes(second, removed=kept[-1:], added=quads(1))
    third = store.publish("third", [*quads(3000)[5:], *quads(1)], {}, changes=changes)
    for version, count in ((first, 3000), (second, 2996), (third, 2996)):
        held = set(pyoxigraph.Store.read_only(str(version.store_path)))
        text = version.quads_path.read_bytes()
        assert held == set(pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS)), version.id
        assert (len(held), version.counts["quads"]) == (count, count)
    tables = [{file.stat().st_ino for file in v.store_path.glob("*.sst")} for v in (first, third)]
    assert tables[0] & tables[1], "what is the same is not written again"


def test_broken_nquads_are_refused_and_the_old_version_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = VersionStore(tmp_path)
    good = store.publish("good", quads(2), {})
    with pytest.raises(VersionError, match=r"graph.nq: lines 1 to 3 cannot be read"):
        store.publish("bad", [*quads(2), b"not a quad\n"], {})
    monkeypatch.setattr(store_writer, "CHUNK_BYTES", 1)
    with pytest.raises(VersionError, match=r"graph.nq: lines 3 to 3 cannot be read"):
        store.publish("worse", [*quads(2), b"not a quad\n", *quads(3)], {})
    assert store.current() == good
    assert not list(store.versions.glob(".tmp-*"))


def test_the_last_three_versions_are_kept(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    ids = [store.publish(f"digest{i}", quads(1), {}).id for i in range(5)]
    assert [version.id for version in store.all()] == ids[-KEPT:]


def test_a_version_that_is_read_is_not_removed(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    store.publish("held", quads(1), {})
    hold = store.hold_current()
    assert hold is not None
    with hold as held:
        for i in range(4):
            store.publish(f"digest{i}", quads(1), {})
        assert held.path.exists()
    store.publish("after", quads(1), {})
    assert not held.path.exists()


def test_a_second_build_is_told_who_builds(tmp_path: Path) -> None:
    child = in_child(
        "with store.lock():\n    print('locked', flush=True)\n    sys.stdin.read()\n", tmp_path
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "locked\n"
    with pytest.raises(BuildLocked, match=f"process {child.pid}, since 20"):
        VersionStore(tmp_path).publish("second", quads(1), {})
    child.communicate()
    VersionStore(tmp_path).publish("second", quads(1), {})


def test_a_build_publishes_under_the_lock_it_holds(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    with store.lock():
        assert store.publish("inside", quads(1), {}) == store.current()


KILLED = {
    "while the quads are written": (
        "def dying():\n    yield from quads(1000)\n    die()\nstore.publish('killed', dying(), {})"
    ),
    "before the store is loaded": (
        "store_writer.StoreWriter._bulk_load = die\nstore.publish('killed', quads(9), {})"
    ),
    "after the store is loaded": (
        "store_writer.StoreWriter._put_in_order = die\nstore.publish('killed', quads(9), {})"
    ),
    "while the text index is written": (
        "versions.text_index.write = die\nstore.publish('killed', quads(9), {})"
    ),
    "before the files are safe": "versions.sync_tree = die\nstore.publish('killed', quads(9), {})",
    "before the folder has its name": "Path.rename = die\nstore.publish('killed', quads(9), {})",
    "before the switch": "versions.os.replace = die\nstore.publish('killed', quads(9), {})",
}


@pytest.mark.parametrize("moment", KILLED)
def test_a_killed_build_leaves_the_served_version_and_is_cleaned_up(
    tmp_path: Path, moment: str
) -> None:
    store = VersionStore(tmp_path)
    served = store.publish("served", quads(2), {})
    child = in_child(KILLED[moment], tmp_path)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert store.current() == served
    assert len(pyoxigraph.Store.read_only(str(served.store_path))) == 2
    later = store.publish("later", quads(3), {})
    assert store.current() == later
    assert not list(store.versions.glob(".tmp-*"))
    assert not list(tmp_path.glob(".current-*"))


def test_a_build_killed_at_any_moment_leaves_a_whole_version(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    store.publish("served", quads(2), {})
    for milliseconds in (5, 60, 90, 120):
        child = in_child(
            "print('go', flush=True)\nwhile True: store.publish('loop', quads(2), {})", tmp_path
        )
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.wait(milliseconds / 1000)
        except subprocess.TimeoutExpired:
            child.kill()
        child.communicate()
        hold = store.hold_current()
        assert hold is not None
        with hold as version:
            assert len(pyoxigraph.Store.read_only(str(version.store_path))) == 2


def test_a_full_disk_is_said_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = VersionStore(tmp_path)
    served = store.publish("served", quads(2), {})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "graph.nq")

    monkeypatch.setattr(store_writer.StoreWriter, "_bulk_load", full)
    with pytest.raises(
        VersionError, match=r"cannot write graph.nq: No space left on device.*--data"
    ):
        store.publish("full", quads(3), {})
    assert store.current() == served


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(VersionError, match=r"cannot write .*file"):
        VersionStore(tmp_path / "file").publish("x", quads(1), {})


def test_a_version_without_its_description_is_named(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    version = store.publish("x", quads(1), {})
    (version.path / "meta.json").write_text(json.dumps({"created": "yesterday"}))
    with pytest.raises(VersionError, match=f"{version.id}/meta.json does not describe a version"):
        store.current()


def test_the_data_folder_is_the_one_asked_for() -> None:
    assert default_root({"CRISISGOV_DATA": "/srv/graph"}) == Path("/srv/graph")


@pytest.mark.skipif(sys.platform == "darwin", reason="the folder is another on macOS")
def test_the_data_folder_is_the_users_by_default() -> None:
    assert default_root({"XDG_DATA_HOME": "/home/u/data"}) == Path("/home/u/data/crisisgov")
    assert default_root({}) == Path.home() / ".local" / "share" / "crisisgov"


def test_a_finished_store_that_does_not_pass_its_check_is_not_published(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    first = store.publish("first000", quads(1), {})
    seen = []

    def refuse(graph: pyoxigraph.Store) -> None:
        seen.append(len(graph))
        raise InputError("not this one")

    with pytest.raises(InputError, match="not this one"):
        store.publish("second00", quads(1), {}, refuse)
    assert seen == [1]
    current = store.current()
    assert current is not None and current.id == first.id
    assert [one.id for one in store.all()] == [first.id]
