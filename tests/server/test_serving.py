"""The life of a server: start, two on one port, new versions, every way to end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crisisgov.loaders.versions import VersionStore
from tests.server.conftest import Server, command_line

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
# Enough combinations of one quad with itself are one; of 9, nine to the tenth.
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { "
    + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(10))
    + " . VALUES ?x { 1 2 3 4 5 6 7 8 9 10 } VALUES ?y { 1 2 3 4 5 6 7 8 9 10 } }"
)


def quads(count: int) -> bytes:
    return b"".join(
        f'<http://x/s{i}> <http://x/p> "{i}" <http://x/g> .\n'.encode() for i in range(count)
    )


def gone(pids: list[int]) -> bool:
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z":
            return False
    return True


@pytest.fixture
def start(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Server]:
    """Starts a server of its own over ``tmp_path``, with 9 quads unless told otherwise."""
    server_class: type[Server] = type(request.getfixturevalue("server"))

    def begin(count: int = 9) -> Server:
        VersionStore(tmp_path).publish(f"quads{count:04}", [quads(count)], {})
        server = server_class(
            tmp_path, tmp_path / "log", CRISISGOV_WORKERS="3", CRISISGOV_PAGE_WORKERS="1"
        )
        request.addfinalizer(server.stop)
        server.wait_until_ready()
        return server

    return begin


def start_again(server: Server, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start a server as ``server`` was started, which is expected to end by itself."""
    command = server.process.args
    assert isinstance(command, list)
    return subprocess.run(
        [str(part) for part in command],
        env=environ,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def wait_until_gone(pids: list[int], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not gone(pids):
        time.sleep(0.02)
    return gone(pids)


def test_readyz_names_the_version_and_its_age(server: Server, data: Path) -> None:
    reply = server.get("/readyz")
    version = VersionStore(data).current()
    assert version is not None
    assert reply.status == 200
    assert reply.json()["version"] == version.id
    assert 0 <= reply.json()["age_seconds"] < 3600
    assert reply.json()["network_refused_by"] == "kernel"


def test_healthz_answers_whatever_the_graph_does(server: Server) -> None:
    assert server.get("/healthz").text == "ok\n"


def test_sigterm_with_a_query_running_leaves_no_process(start: Callable[..., Server]) -> None:
    server = start()
    everyone = server.family()
    assert len(everyone) >= 6  # main, granian's worker, four query workers
    with ThreadPoolExecutor() as pool:
        running = pool.submit(server.query, ENDLESS)
        time.sleep(0.3)
        started = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(12) == 0
        assert time.monotonic() - started < 5
        assert wait_until_gone(everyone)
        reply = running.result(10)
    assert (reply.status, reply.json()["kind"]) == (503, "stopping")


@pytest.mark.parametrize("victim", ["main", "granian's worker"])
def test_kill_9_leaves_no_process(start: Callable[..., Server], victim: str) -> None:
    server = start()
    everyone = server.family()
    workers = server.query_workers()
    main = server.process.pid
    serving = next(pid for pid in everyone if pid != main and pid not in workers)
    os.kill(main if victim == "main" else serving, signal.SIGKILL)
    server.process.wait(10)
    assert wait_until_gone(everyone), server.log.read_text()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", server.port))


def test_a_second_server_on_the_port_says_who_has_it(server: Server) -> None:
    second = start_again(server, server.environ)
    assert second.returncode != 0
    assert f"port {server.port} on 127.0.0.1 is in use by process {server.process.pid}" in (
        second.stderr
    )


def test_a_port_that_another_program_has_is_refused(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        second = start_again(server, {**server.environ, "PORT": str(port)})
    assert f"port {port} on 127.0.0.1 is in use by another process" in second.stderr


def test_serving_nothing_says_how_to_build(server: Server, tmp_path: Path) -> None:
    second = start_again(server, {**server.environ, "CRISISGOV_DATA": str(tmp_path)})
    assert "nothing is built here; run crisisgov build first" in second.stderr


def test_new_versions_are_served_without_one_failed_request(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    server = start(10)
    stop = threading.Event()
    answers: list[tuple[int, str]] = []

    def ask() -> None:
        while not stop.is_set():
            reply = server.query(COUNT, Accept="text/csv")
            answers.append((reply.status, reply.text.splitlines()[-1]))

    with ThreadPoolExecutor() as pool:
        askers = [pool.submit(ask) for _ in range(3)]
        for count in (11, 12):
            version = VersionStore(tmp_path).publish(f"quads{count:04}", [quads(count)], {})
            deadline = time.monotonic() + 10
            while json.loads(server.get("/readyz").body)["version"] != version.id:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        time.sleep(0.3)
        stop.set()
        for asker in askers:
            asker.result(10)
    assert {status for status, _text in answers} == {200}
    assert {text for _status, text in answers} == {"10", "11", "12"}
    assert len(answers) > 100


BUILDS_FIRST = """\
import sys
from crisisgov.loaders.versions import VersionStore
from crisisgov.server.cli import local, main

def build(store, seeds):
    store.publish("built000", [b"<http://x/s> <http://x/p> <http://x/o> <http://x/g> .\\n"], {})
    local.left_behind = bytearray(b"x" * 100_000_000)

local.run_build = build
main(["serve", *sys.argv[1:]])
"""


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at memory in /proc")
def test_a_server_that_builds_first_does_not_keep_the_memory_of_the_build(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", tmp_path / "log", BUILDS_FIRST)
    try:
        server.wait_until_ready()
        assert server.query(COUNT, Accept="text/csv").text.split() == ["n", "1"]
        assert command_line(server.process.pid).split()[-1] == "--no-build"
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        resident = next(int(s.split()[1]) for s in status.splitlines() if s.startswith("VmRSS"))
        assert resident < 160_000  # kB; 100 MB more with what the build left
    finally:
        server.stop()
