"""A small graph, a data folder with it, and a real server over HTTP on a free port.

The graph is written by hand; expected answers in the tests are worked out from
the lines below.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from crisisgov.loaders.versions import Version, VersionStore
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.options import EngineOptions

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

START = "import os; from crisisgov.server.run import serve; " + (
    "from crisisgov.server.settings import Settings; serve(Settings.from_env(os.environ))"
)


@dataclass(frozen=True)
class Reply:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A server started as its users start it, in its own process group."""

    def __init__(self, data: Path, log: Path, **environ: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.environ = server_environ(data, PORT=str(self.port), **environ)
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", START],
                env=self.environ,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_until_ready(self, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(self.log.read_text())
            try:
                if self.request("GET", "/readyz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"not ready after {seconds} s: {self.log.read_text()}")

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send one request; header names are written with ``_`` for ``-``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, received, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.request("GET", path, None, **headers)

    def query(self, query: str, parameters: str = "", **headers: str) -> Reply:
        return self.get(f"/sparql?query={quote(query)}{parameters}", **headers)

    def post_form(self, fields: list[tuple[str, str]], **headers: str) -> Reply:
        return self.request(
            "POST",
            "/sparql",
            urlencode(fields).encode(),
            Content_Type="application/x-www-form-urlencoded",
            **headers,
        )

    def query_workers(self) -> list[int]:
        """Process ids of the query workers."""
        return [
            pid for pid in processes_of(self.process.pid) if "engine.worker" in command_line(pid)
        ]

    def family(self) -> list[int]:
        """Process ids of everything that the server runs."""
        return processes_of(self.process.pid)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def server_environ(data: Path, **environ: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("CRISISGOV_")}
    source = str(Path(__file__).resolve().parents[2] / "src")
    return {**inherited, "PYTHONPATH": source, "CRISISGOV_DATA": str(data), **environ}


def processes_of(session: int) -> list[int]:
    """Process ids in the session that the server leads; only where /proc is."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def publish(root: Path, digest: str = "first000", nquads: bytes = GRAPH) -> Version:
    return VersionStore(root).publish(digest, [nquads], {"as_of": "2020-04-30"})


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one version of the graph."""
    root = tmp_path_factory.mktemp("data")
    publish(root)
    return root


@pytest.fixture(scope="session")
def server(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with tight limits: 1.5 s, 160 MiB, results of 1 MB."""
    server = Server(
        data,
        tmp_path_factory.mktemp("log") / "server.log",
        PUBLIC_BASE_URL="https://graph.example/crises",
        CRISISGOV_QUERY_SECONDS="1.5",
        CRISISGOV_WORKERS="4",
        CRISISGOV_PAGE_WORKERS="1",
        CRISISGOV_WORKER_MEMORY_MB="160",
        CRISISGOV_RESULT_MB="1",
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
