"""Where the work runs: answers on one processor, queries anywhere, with an allocator of choice."""

from __future__ import annotations

import contextlib
import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn, cast

import pytest

from crisisgov.errors import UsageError
from crisisgov.loaders.versions import VersionStore
from crisisgov.server import compression, one_processor
from crisisgov.server.engine import allocator
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.errors import EngineBusy
from crisisgov.server.engine.formats import CSV, ResultFormats
from crisisgov.server.engine.lanes import LaneLimits, WorkerLane
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.engine.process import WorkerProcess
from crisisgov.server.settings import Settings
from tests.server.conftest import Server, wait_for

AS_CSV = ResultFormats(solutions=(CSV,))
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def allowed() -> set[int]:
    return os.sched_getaffinity(0)


def in_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def child_may_use() -> set[int]:
    script = "import os; print(*os.sched_getaffinity(0))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return set(map(int, done.stdout.split()))


@linux
def test_a_thread_that_answers_stays_on_one_processor_and_the_others_do_not() -> None:
    chosen = one_processor.choose("auto")
    assert chosen in allowed()
    seen: list[set[int]] = []

    def app(_environ: object, _start_response: object) -> list[bytes]:
        seen.append(os.sched_getaffinity(0))
        return []

    placed = one_processor.OneProcessor(app, chosen)
    before = allowed()
    in_thread(lambda: [placed({}, None) for _ in range(2)] and None)  # type: ignore[arg-type]
    assert seen == [{chosen}, {chosen}]
    assert allowed() == before


@linux
def test_what_such_a_thread_starts_may_run_anywhere() -> None:
    before = allowed()
    seen: list[set[int]] = []

    def work() -> None:
        one_processor.stay_on(min(before))
        with one_processor.anywhere():
            seen.append(child_may_use())
        seen.append(os.sched_getaffinity(0))

    in_thread(work)
    assert seen == [before, {min(before)}]
    with one_processor.anywhere():  # a thread that was never put anywhere
        assert allowed() == before


@linux
def test_a_long_answer_is_compressed_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    before, seen = allowed(), []
    packer = compression._packer

    class Watched:
        def __init__(self, level: int) -> None:
            self.packer = packer(level)
            self.flush = self.packer.flush

        def compress(self, data: bytes) -> bytes:
            seen.append(os.sched_getaffinity(0))
            return self.packer.compress(data)

    monkeypatch.setattr(compression, "_packer", Watched)

    def work() -> None:
        one_processor.stay_on(min(before))
        for size in (1_000, 1_000_000):
            assert gzip.decompress(compression.compress(b"x" * size)) == b"x" * size
        longest = b"".join(compression._Compressing([b"x" * 1_000_000]))
        assert gzip.decompress(longest) == b"x" * 1_000_000
        seen.append(os.sched_getaffinity(0))

    in_thread(work)
    assert seen == [{min(before)}, before, before, {min(before)}]


@linux
def test_a_server_answers_on_one_processor_and_queries_on_all(server: Server) -> None:
    server.query("SELECT * { ?s a ?o } LIMIT 1")

    def places(pid: int) -> list[set[int]]:
        return [
            os.sched_getaffinity(int(task.name)) for task in Path(f"/proc/{pid}/task").iterdir()
        ]

    web = set(server.family()) - set(server.query_workers())
    assert any(len(place) == 1 for pid in web for place in places(pid))
    assert len(server.query_workers()) >= 5
    for worker in server.query_workers():
        assert all(place == allowed() for place in places(worker))


@linux
def test_a_processor_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError) as refused:
        Settings.from_env({"CRISISGOV_REQUEST_CPU": "4095"})
    assert f"may not be used here; there are {min(allowed())}" in str(refused.value)
    with pytest.raises(UsageError, match="must be the number of a processor, auto or any"):
        Settings.from_env({"CRISISGOV_REQUEST_CPU": "fast"})
    assert one_processor.choose("any") is None


@pytest.fixture
def installed(not_run: Callable[[str], NoReturn]) -> Iterator[str]:
    found = allocator.library("auto")
    if not found:
        not_run(f"needs one of the libraries {', '.join(allocator.KNOWN)}")
    yield found


@linux
def test_query_workers_use_the_allocator_that_is_installed(server: Server, installed: str) -> None:
    def uses_it(pid: int) -> bool:
        return installed in Path(f"/proc/{pid}/maps").read_text()

    assert wait_for(lambda: all(map(uses_it, server.query_workers())))
    assert not any(map(uses_it, set(server.family()) - set(server.query_workers())))


def test_the_allocator_can_be_chosen_by_name(installed: str) -> None:
    name = next(name for name in allocator.KNOWN if name in installed)
    assert allocator.preloaded("auto", "") == {"LD_PRELOAD": installed}
    assert allocator.preloaded(name, "") == {"LD_PRELOAD": installed}
    assert allocator.preloaded("system", "") == {}
    # what the operator preloads is kept, and may be an allocator already
    assert allocator.preloaded("auto", "libother.so") == {}
    assert allocator.preloaded(name, "libother.so") == {"LD_PRELOAD": f"libother.so {installed}"}


@pytest.mark.parametrize("name", ["nomalloc", "/lib/x.so", "c"])
def test_another_library_is_refused_as_allocator(name: str) -> None:
    with pytest.raises(UsageError, match="must be one of auto, system, tcmalloc_minimal, mim"):
        Settings.from_env({"CRISISGOV_WORKER_MALLOC": name})


def test_an_allocator_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator, "find_library", lambda _name: None)
    allocator.library.cache_clear()
    try:
        assert allocator.library("auto") == ""
        with pytest.raises(UsageError, match="CRISISGOV_WORKER_MALLOC=mimalloc: is not installed"):
            Settings.from_env({"CRISISGOV_WORKER_MALLOC": "mimalloc"})
    finally:
        allocator.library.cache_clear()


# 250,000 distinct texts out of 500 quads: most of what a worker here may take.
GREEDY = """SELECT (COUNT(DISTINCT ?text) AS ?n) {
  ?a <http://x/p> ?b . ?c <http://x/p> ?d . BIND(CONCAT(STR(?a), STR(?b), STR(?c), STR(?d)) AS ?text) }"""


@linux
@pytest.mark.usefixtures("installed")
def test_what_a_query_needed_is_not_missing_to_the_next(tmp_path: Path) -> None:
    quads = [f'<http://x/s{i}> <http://x/p> "{i}" <http://x/g> .\n'.encode() for i in range(500)]
    VersionStore(tmp_path).publish("greedy00", quads, {})
    options = EngineOptions(workers=1, page_workers=1, memory_mb=160, malloc="auto")
    with contextlib.closing(EmbeddedEngine(options, VersionStore(tmp_path))) as engine:
        assert wait_for(lambda: engine.status().workers == 2)
        for _time in range(4):
            answer = engine.run(GREEDY, accept=AS_CSV, deadline_s=30, client="a").read()
            assert answer.split()[1] == b"250000"
        assert wait_for(lambda: engine.status().workers == 2)


def test_a_worker_that_has_grown_gives_way_to_another_and_nobody_loses_his_place() -> None:
    class Immortal:
        def alive(self) -> bool:
            return True

    worker = cast(WorkerProcess, Immortal())
    lane = WorkerLane(LaneLimits(1, 1, 1, 1, 1.0))
    lane.add(worker)
    assert lane.acquire("a", 1.0) is worker
    lane.release(worker, "a", usable=True, keep=False)
    assert lane.counts() == (0, 0)
    assert not lane.stands_back("a")
    with pytest.raises(EngineBusy):  # not handed out again
        lane.acquire("a", 0.01)
