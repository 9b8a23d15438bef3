"""The embedded engine without HTTP: shares, pins, broken versions, the second wall."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pyoxigraph
import pytest

from crisisgov.loaders.versions import VersionStore
from crisisgov.server.engine import errors, process
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.formats import CSV, ResultFormats
from crisisgov.server.engine.lanes import LaneLimits, WorkerLane
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.engine.process import WorkerProcess
from crisisgov.server.engine.spool import CeilingReached, Spool
from crisisgov.server.engine.worker import Worker
from tests.support.servers import wait_for

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
AS_CSV = ResultFormats(solutions=(CSV,))
PATTERNS = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(10))
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {PATTERNS} }}"


def quads(count: int) -> list[bytes]:
    return [f'<http://x/s{i}> <http://x/p> "{i}" <http://x/g> .\n'.encode() for i in range(count)]


def count(engine: EmbeddedEngine, client: str = "") -> int:
    answer = engine.run(COUNT, accept=AS_CSV, deadline_s=5, client=client).read()
    return int(answer.split()[1])


@pytest.fixture
def own_engine() -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(EngineOptions(workers=2, page_workers=1))
    yield engine
    engine.close()


def test_one_client_cannot_keep_others_waiting(engine: EmbeddedEngine) -> None:
    # Three workers: a client has one, and may have one more query waiting.
    with ThreadPoolExecutor() as pool:
        greedy = [
            pool.submit(engine.run, ENDLESS, deadline_s=1.5, client="greedy") for _ in range(2)
        ]
        time.sleep(0.3)
        with pytest.raises(errors.OverBudget) as refused:
            engine.run(COUNT, deadline_s=5, client="greedy")
        assert refused.value.status == 429
        assert refused.value.retry_after is not None
        started = time.monotonic()
        assert count(engine, "modest") == 8
        assert time.monotonic() - started < 1.0
        assert isinstance(greedy[0].exception(10), errors.QueryDeadline)
        greedy[1].exception(10)


def test_a_full_queue_is_busy_for_everybody(engine: EmbeddedEngine) -> None:
    with ThreadPoolExecutor() as pool:
        # Three run, three wait: seven different clients are one too many.
        others = [
            pool.submit(engine.run, ENDLESS, deadline_s=0.7, client=f"client {i}") for i in range(6)
        ]
        time.sleep(0.3)
        with pytest.raises(errors.EngineBusy) as refused:
            engine.run(COUNT, deadline_s=5, client="seventh")
        assert refused.value.retry_after is not None
        for other in others:
            other.exception(10)
    assert count(engine) == 8


def test_two_queries_of_one_request_ask_one_version(
    own_engine: EmbeddedEngine, tmp_path: Path
) -> None:
    versions = VersionStore(tmp_path)
    for digest, number in (("first", 3), ("second", 5)):
        versions.publish(digest, quads(number), {})
        hold = versions.hold_current()
        assert hold is not None
        if digest == "first":
            own_engine.use(hold)
            continue
        with own_engine.pinned() as pinned:
            before = count(own_engine)
            own_engine.use(hold)
            assert own_engine.version == pinned
            after = count(own_engine)
        assert (before, after) == (3, 3)
    assert count(own_engine) == 5


def test_a_version_that_does_not_open_leaves_the_old_one_served(
    own_engine: EmbeddedEngine, tmp_path: Path
) -> None:
    versions = VersionStore(tmp_path)
    versions.publish("good", quads(3), {})
    good = versions.hold_current()
    assert good is not None
    own_engine.use(good)
    broken_version = versions.publish("broken", quads(4), {})
    (broken_version.store_path / "CURRENT").unlink()
    broken = versions.hold_current()
    assert broken is not None
    with pytest.raises(errors.EngineNotReady, match=broken_version.id):
        own_engine.use(broken, wait_seconds=20)
    assert count(own_engine) == 3
    assert broken_version.id in own_engine.status().error


def test_without_a_version_the_engine_says_so(own_engine: EmbeddedEngine) -> None:
    assert own_engine.status().version is None
    with pytest.raises(errors.EngineNotReady):
        own_engine.run(COUNT, deadline_s=5)


def test_after_close_the_engine_is_stopping(tmp_path: Path) -> None:
    versions = VersionStore(tmp_path)
    versions.publish("one", quads(1), {})
    engine = EmbeddedEngine(EngineOptions(workers=1, page_workers=1), versions)
    engine.close()
    with pytest.raises(errors.EngineStopping):
        engine.run(COUNT, deadline_s=5)


def test_where_the_kernel_does_not_help_the_word_service_is_refused() -> None:
    worker = Worker(pyoxigraph.Store(), walled=False, prefixes={})
    job = {
        "query": 'SELECT ("health service" AS ?x) {}',
        "solutions": [CSV],
        "graphs": [],
        "default_graphs": [],
        "named_graphs": [],
    }
    with pytest.raises(errors.FederationOff):
        worker.answer(job, Spool(1000))


def test_turtle_is_written_with_the_prefixes_of_the_site(engine: EmbeddedEngine) -> None:
    query = "CONSTRUCT WHERE { ?s a <https://w3id.org/crisisgov/ontology#Crisis> }"
    text = engine.run(query, deadline_s=5).read().decode()
    assert "@prefix cg: <https://w3id.org/crisisgov/ontology#> ." in text
    assert text.rstrip().endswith("a cg:Crisis .")


def test_a_spool_refuses_the_byte_after_its_ceiling() -> None:
    spool = Spool(100_000)
    spool.write(b"x" * 100_000)
    assert spool.inline() is None  # over 64 kB: in a file
    with pytest.raises(CeilingReached):
        spool.write(b"x")
    spool.close()


def test_every_kind_of_error_comes_back_as_its_class() -> None:
    def family(cls: type[errors.QueryError]) -> Iterator[type[errors.QueryError]]:
        for child in cls.__subclasses__():
            if child.__module__ == errors.__name__:
                yield child
                yield from family(child)

    kinds = [cls for cls in family(errors.QueryError) if cls is not errors.EngineError]
    assert len(kinds) == 14
    for cls in kinds:
        assert type(errors.from_kind(cls.kind, "x")) is cls


def scheduling(engine: EmbeddedEngine) -> list[int]:
    """How each thread of each process that this one has started is scheduled."""
    assert engine.status().workers
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == os.getpid():
                found += [os.sched_getscheduler(int(t.name)) for t in (entry / "task").iterdir()]
    return found


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="Linux only")
def test_a_long_query_stands_back_and_the_next_one_does_not(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "STAND_BACK_AFTER", 0.1)
    # Long enough to stand back, and it ends: 8 quads, 8^7 = 2,097,152 rows.
    long = "SELECT (COUNT(*) AS ?n) {{ {} }}".format(
        " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(7))
    )
    with ThreadPoolExecutor() as pool:
        running = pool.submit(engine.run, long, accept=AS_CSV, deadline_s=60, client="long")
        seen = wait_for(lambda: os.SCHED_IDLE in scheduling(engine), 5)
        assert running.result(60).read().split()[1] == b"2097152"
    assert seen, "the query ended too soon for this test"
    assert wait_for(lambda: os.SCHED_IDLE not in scheduling(engine))
    assert count(engine, "long") == 8


def test_a_killed_worker_counts_against_who_lost_it_until_it_is_replaced(
    engine: EmbeddedEngine,
) -> None:
    with pytest.raises(errors.QueryDeadline):
        engine.run(ENDLESS, deadline_s=0.2, client="careless")
    # One place is all that a client has here: the next query waits for the new worker.
    assert engine.status().busy == 0
    assert count(engine, "careless") == 8
    assert engine.status().workers == 4


def test_who_lost_a_worker_stands_back_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    lane: WorkerLane = WorkerLane(LaneLimits(2, 1, 2, 1, 1.0))
    clock = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    for _ in range(2):
        lane.add(cast(WorkerProcess, Immortal()))
    lane.release(lane.acquire("careful", 1.0), "careful", usable=True)
    lane.release(lane.acquire("careless", 1.0), "careless", usable=False)
    assert lane.stands_back("careless")
    assert not lane.stands_back("careful")
    clock += 61.0
    assert not lane.stands_back("careless")


def test_a_client_that_kills_workers_faster_than_they_start_has_no_more_than_its_share() -> None:
    lane: WorkerLane = WorkerLane(LaneLimits(3, 1, 3, 1, 0.05))
    for _ in range(3):
        lane.add(cast(WorkerProcess, Immortal()))
    lane.release(lane.acquire("bomber", 0.05), "bomber", usable=False)
    with pytest.raises(errors.OverBudget):
        lane.acquire("bomber", 0.05)
    assert lane.counts() == (0, 0)
    lane.acquire("other", 0.05)
    lane.add(cast(WorkerProcess, Immortal()))  # the replacement
    lane.acquire("bomber", 0.05)
    assert lane.counts() == (2, 0)


class Immortal:
    """A worker for lanes alone, which only ask whether it lives."""

    def alive(self) -> bool:
        return True
