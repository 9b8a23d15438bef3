"""The embedded engine without HTTP: shares, pins, broken versions, the second wall."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph
import pytest

from crisisgov.loaders.versions import VersionStore
from crisisgov.server.engine import errors
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.formats import CSV, ResultFormats
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.engine.spool import CeilingReached, Spool
from crisisgov.server.engine.worker import Worker

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
