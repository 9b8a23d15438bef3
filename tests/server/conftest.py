"""A small graph, a data folder with it, and a real server over HTTP on a free port.

The graph is written by hand; expected answers in the tests are worked out from
the lines below.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisgov.loaders import build
from crisisgov.loaders.versions import Version, VersionStore
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.options import EngineOptions
from tests.support.graphs import BASE as SEEDS
from tests.support.graphs import write_seeds
from tests.support.servers import (
    Reply,
    Server,
    command_line,
    processes_of,
    server_environ,
    wait_for,
)

__all__ = ["Reply", "Server", "command_line", "processes_of", "server_environ", "wait_for"]

CG = "https://w3id.org/crisisgov/ontology#"
BASE = "https://w3id.org/crisisgov/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

# Two graphs: 4 quads about a crisis, 4 about two warnings in it.
CRISIS_GRAPH = f"""\
<{BASE}crisis/c1> <{TYPE}> <{CG}Crisis> <{BASE}graph/crises> .
<{BASE}crisis/c1> <{LABEL}> "Wuhan outbreak"@en <{BASE}graph/crises> .
<{BASE}crisis/c1> <{LABEL}> "武汉疫情"@zh <{BASE}graph/crises> .
<{BASE}crisis/c1> <{CG}earliestEpoch> "1575158400"^^<http://www.w3.org/2001/XMLSchema#integer> \
<{BASE}graph/crises> .
"""
EVENT_GRAPH = f"""\
<{BASE}event/e1> <{TYPE}> <{CG}Warning> <{BASE}graph/events> .
<{BASE}event/e1> <{CG}inCrisis> <{BASE}crisis/c1> <{BASE}graph/events> .
<{BASE}event/e2> <{TYPE}> <{CG}Warning> <{BASE}graph/events> .
<{BASE}event/e2> <{CG}inCrisis> <{BASE}crisis/c1> <{BASE}graph/events> .
"""
GRAPH = (CRISIS_GRAPH + EVENT_GRAPH).encode()


def publish(root: Path, digest: str = "first000", nquads: bytes = GRAPH) -> Version:
    return VersionStore(root).publish(digest, [nquads], {"as_of": "2020-04-30"})


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one version of the graph."""
    root = tmp_path_factory.mktemp("data")
    publish(root)
    return root


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a version built from a handful of records, which takes two seconds."""
    folder = tmp_path_factory.mktemp("small")
    chinese = {n: text.replace("label: {en", "label: {zh: 名, en") for n, text in SEEDS.items()}
    seeds = write_seeds(folder / "seeds", chinese)
    build.build(seeds, VersionStore(folder / "data"))
    return folder / "data"


@pytest.fixture(scope="session")
def server(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with tight limits: 1.5 s (a body 1 s), 160 MiB, 1 MB; tests are its proxy."""
    server = Server(
        data,
        tmp_path_factory.mktemp("log") / "server.log",
        PUBLIC_BASE_URL="https://graph.example/crises",
        CRISISGOV_QUERY_SECONDS="1.5",
        CRISISGOV_BODY_SECONDS="1",
        CRISISGOV_WORKERS="4",
        CRISISGOV_PAGE_WORKERS="1",
        CRISISGOV_WORKER_MEMORY_MB="160",
        CRISISGOV_RESULT_MB="1",
        CRISISGOV_TRUSTED_PROXIES="127.0.0.1",
    )
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def shared_engine(data: Path) -> Iterator[EmbeddedEngine]:
    options = EngineOptions(workers=3, page_workers=1, queue=3, wait_seconds=5.0)
    engine = EmbeddedEngine(options, VersionStore(data), {"cg": CG})
    yield engine
    engine.close()


@pytest.fixture
def engine(shared_engine: EmbeddedEngine) -> EmbeddedEngine:
    """An engine over the graph, in this process; one client may hold one of its three workers."""
    ready = wait_for(lambda: shared_engine.status().workers == 4)
    assert ready, shared_engine.status().error
    return shared_engine
