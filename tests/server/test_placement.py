"""Where the work runs: answers on one processor, queries anywhere, with an allocator of choice."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from crisisgov.errors import UsageError
from crisisgov.server import compression, one_processor
from crisisgov.server.engine import allocator
from crisisgov.server.settings import Settings
from tests.server.conftest import Server, wait_for

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

    in_thread(work)
    assert seen == [{min(before)}, before]


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


def test_the_allocator_can_be_chosen_by_name_and_by_path(installed: str) -> None:
    name = next(name for name in allocator.KNOWN if name in installed)
    assert allocator.preloaded("auto", "") == {"LD_PRELOAD": installed}
    assert allocator.preloaded(name, "") == {"LD_PRELOAD": installed}
    assert allocator.preloaded(sys.executable, "") == {"LD_PRELOAD": sys.executable}
    assert allocator.preloaded("system", "") == {}
    # what the operator preloads is kept, and may be an allocator already
    assert allocator.preloaded("auto", "libother.so") == {}
    assert allocator.preloaded(name, "libother.so") == {"LD_PRELOAD": f"libother.so {installed}"}


def test_an_allocator_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="CRISISGOV_WORKER_MALLOC=nomalloc: there is no such lib"):
        Settings.from_env({"CRISISGOV_WORKER_MALLOC": "nomalloc"})
