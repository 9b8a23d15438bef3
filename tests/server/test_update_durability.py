"""An accepted write stays: killed at any point nothing is lost or half done, a build has it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from crisisgov.loaders import build
from crisisgov.loaders.contributions import Journal
from crisisgov.loaders.version_files import VersionError
from crisisgov.loaders.versions import VersionStore
from crisisgov.server.updates import curated
from crisisgov.server.updates.errors import WriteFailed
from crisisgov.server.updates.job import Job
from tests.server.writing import CONTRIB, insert, quad, start, update, values
from tests.support.servers import server_environ, wait_for


@pytest.fixture
def own(small: Path, tmp_path: Path) -> Path:
    """A copy of the small data folder."""
    return Path(shutil.copytree(small, tmp_path / "data", symlinks=True))


@pytest.fixture(scope="session")
def written(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small data folder with one accepted write."""
    data = shutil.copytree(small, tmp_path_factory.mktemp("written") / "data", symlinks=True)
    write(data, "accepted")
    return data


def write(data: Path, value: str) -> None:
    """Write in this process."""
    job = Job("update", insert(CONTRIB + "a", value))
    curated.write(data, job, memory_mb=256, seconds=30)


def test_contributions_are_in_the_next_build_and_change_whether_one_is_due(own: Path) -> None:
    versions = VersionStore(own)
    before = versions.current()
    assert before is not None
    seeds = Path(before.meta["seeds"])
    Journal(own).append((), [quad("kept")])
    assert build.is_stale(before, seeds)
    after = build.build(seeds, versions)
    assert not build.is_stale(after, seeds)
    assert quad("kept") in ox.Store.read_only(str(after.store_path))


POINTS = {
    "before the journal": ("contributions.Journal.append = die", False),
    "in the middle of a line": ("contributions._write_all = half", False),
    "assembled, not journalled": ("build.publish = die", False),
    "journalled, not published": ("versions.VersionStore._put_in_place = die", True),
    "written, not switched": ("versions.VersionStore._switch = die", True),
    "switched, not tidied up": ("versions.VersionStore._remove_old = die", True),
}
KILLED = """
import os, signal, sys
from pathlib import Path
from crisisgov.loaders import build, contributions, versions
from crisisgov.server.updates import curated
from crisisgov.server.updates.job import Job
def die(*_arguments, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
def half(descriptor, text):
    os.write(descriptor, text[:len(text) // 2])
    die()
exec(sys.argv[3])
curated.write(Path(sys.argv[1]), Job("update", sys.argv[2]), memory_mb=256, seconds=30)
"""


def write_apart(data: Path, text: str, point: str) -> int:
    """Write in a process that kills itself at a point; return its exit status."""
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(data), text, point],
        env=server_environ(data),
        capture_output=True,
        check=False,
    )
    return run.returncode


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_a_write_is_whole_or_not_there_and_none_is_lost(
    written: Path, tmp_path: Path, point: str
) -> None:
    own = Path(shutil.copytree(written, tmp_path / "data", symlinks=True))
    code, stays = POINTS[point]
    versions = VersionStore(own)
    killed = insert(CONTRIB + "a", "killed-1", "killed-2")
    assert write_apart(own, killed, code) == -signal.SIGKILL
    held = {quad("accepted")} | ({quad("killed-1"), quad("killed-2")} if stays else set())
    assert Journal(own).quads() == held
    current = versions.current()
    assert current is not None
    store = ox.Store.read_only(str(current.store_path))
    served = set(store.quads_for_pattern(None, None, None, ox.NamedNode(CONTRIB + "a")))
    assert served in ({quad("accepted")}, held)
    # The next write finds everything in order, and brings what was journalled.
    write(own, "next")
    current = versions.current()
    assert current is not None
    assert held | {quad("next")} <= set(ox.Store.read_only(str(current.store_path)))


def test_after_kill_9_of_the_whole_server_in_mid_write_the_graph_is_whole(
    written: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(written, tmp_path / "data", symlinks=True))
    server = start(own, tmp_path / "first.log")

    def send() -> None:
        # The connection breaks: nobody is told that the change was accepted.
        with pytest.raises(OSError):
            update(server, insert(CONTRIB + "a", "x", "y"))

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(1.0)
    family = server.family()
    for pid in family:
        os.kill(pid, signal.SIGKILL)
    server.process.wait()
    sender.join()
    assert wait_for(lambda: not server.family())
    second = start(own, tmp_path / "second.log")
    try:
        assert values(second, CONTRIB + "a") in ({"accepted"}, {"accepted", "x", "y"})
        assert update(second, insert(CONTRIB + "a", "z")).status == 204
        assert values(second, CONTRIB + "a") >= {"accepted", "z"}
    finally:
        second.stop()


def test_when_the_version_cannot_be_published_the_journal_is_as_before(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise VersionError("no space left on device")

    Journal(own).append((), [quad("old")])
    content = Journal(own).path.read_bytes()
    monkeypatch.setattr(VersionStore, "_put_in_place", full)
    with pytest.raises(WriteFailed):
        job = Job("update", insert(CONTRIB + "a", "new"))
        curated.write(own, job, memory_mb=256, seconds=30)
    assert Journal(own).path.read_bytes() == content


def test_what_a_build_depends_on_does_not_depend_on_where_the_records_lie(small: Path) -> None:
    seeds = small.parent / "seeds"
    other = small.parent / "a link"
    other.symlink_to(seeds, target_is_directory=True)
    moved = shutil.copytree(seeds, small.parent / "zz" / "seeds")
    assert len({build.input_digest(folder) for folder in (seeds, other, moved)}) == 1
