"""Queries that go wrong: each ends with its own status, and the server goes on."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.support.servers import wait_for

if TYPE_CHECKING:
    from tests.server.conftest import Reply, Server

# 8 quads: 8 to the power of 10 combinations, a billion.
PATTERNS = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(10))
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {PATTERNS} }}"
# A string of ten letters doubled forty times.
BOMB = (
    'SELECT (STRLEN(?x40) AS ?n) { BIND("0123456789" AS ?x0) '
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))
    + " }"
)


def assert_problem(reply: Reply, status: int, kind: str) -> dict[str, object]:
    assert reply.status == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    problem: dict[str, object] = reply.json()
    assert problem["kind"] == kind
    assert problem["status"] == status
    return problem


def assert_serves(server: Server) -> None:
    reply = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Accept="text/csv")
    assert (reply.status, reply.text.splitlines()) == (200, ["n", "8"])


def test_a_malformed_query_is_answered_400_with_line_and_column(server: Server) -> None:
    problem = assert_problem(server.query("SELECT ?s WHERE {\n  ?s ?p\n}"), 400, "syntax")
    assert (problem["line"], problem["column"]) == (3, 1)
    assert "expected" not in str(problem["detail"])


def test_a_timed_out_query_is_answered_503_with_its_limit(server: Server) -> None:
    started = time.monotonic()
    reply = server.query(ENDLESS)
    problem = assert_problem(reply, 503, "deadline")
    assert "1.5 seconds" in str(problem["detail"])
    assert "retry-after" not in reply.headers
    assert time.monotonic() - started < 4
    assert_serves(server)


def test_a_result_over_the_ceiling_is_answered_413(server: Server) -> None:
    reply = server.query(f"SELECT * {{ {PATTERNS} }}")
    problem = assert_problem(reply, 413, "too-large")
    assert "1 MB" in str(problem["detail"])
    assert_serves(server)


def test_a_result_just_below_the_ceiling_arrives_whole(server: Server) -> None:
    query = (
        'SELECT (CONCAT("0123456789", STR(?a)) AS ?x) '
        "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } LIMIT 4096"
    )
    reply = server.query(query, Accept="text/csv")
    assert reply.status == 200
    assert len(reply.body) == int(reply.headers["content-length"]) > 100_000
    assert len(reply.text.splitlines()) == 4097


@pytest.mark.parametrize("depth", [5000, 20000])
def test_nested_groups_are_answered_400(server: Server, depth: int) -> None:
    query = "SELECT * " + "{" * depth + "}" * depth
    body = query.encode()
    reply = server.request("POST", "/sparql", body, Content_Type="application/sparql-query")
    assert_problem(reply, 400, "nesting")
    assert_serves(server)


def test_a_query_that_needs_too_much_memory_is_answered_503(server: Server) -> None:
    problem = assert_problem(server.query(BOMB), 503, "memory")
    assert "160 MB" in str(problem["detail"])
    assert_serves(server)


def test_a_query_longer_than_64_kb_is_answered_413_or_414(server: Server) -> None:
    query = "ASK { } #" + "x" * 65536
    direct = server.request(
        "POST", "/sparql", query.encode(), Content_Type="application/sparql-query"
    )
    assert_problem(direct, 413, "too-long")
    # Before it reaches us: HTTP servers take no URL of more than 64 kB.
    assert server.get(f"/sparql?query={quote(query)}").status == 414
    exactly = query[:65536].encode()
    reply = server.request("POST", "/sparql", exactly, Content_Type="application/sparql-query")
    assert reply.status == 200


def test_a_body_of_megabytes_is_refused_by_its_length_before_it_comes(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nquery="
        )
        assert client.recv(65_536).startswith(b"HTTP/1.1 413 ")


SERVICE_QUERIES = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "ASK { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { #\rSERVICE <URL> { ?s ?p ?o }\n}",
    "SELECT * { SERVICESILENT<URL>{ ?s ?p ?o } }",
    "SELECT * { {}SERVICE<URL>{ ?s ?p ?o } }",
    "BASE <URL> SELECT * { SERVICE <x> { ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * { SERVICE:sparql { ?s ?p ?o } }",
    'SELECT * { BIND("\\u0022" AS ?x) SERVICE <URL> { ?s ?p ?o } }',
    "SELECT * { BIND('a\\u005C' AS ?x) SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { VALUES ?e { <URL> } SERVICE ?e { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
]


def test_service_is_answered_403_and_the_sink_hears_nothing(server: Server) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as sink:
        sink.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _address = sink.accept()
                except TimeoutError:
                    continue
                with connection:
                    heard.append(connection.recv(100))

        listener = threading.Thread(target=listen)
        listener.start()
        url = f"http://127.0.0.1:{sink.getsockname()[1]}/sparql"
        kinds = {
            query: server.query(query.replace("URL", url)).json().get("kind")
            for query in SERVICE_QUERIES
        }
        stop.set()
        listener.join()
    assert heard == []
    assert kinds == dict.fromkeys(SERVICE_QUERIES, "federation-off")


def test_the_word_service_in_a_text_is_no_federation(server: Server) -> None:
    assert server.query('SELECT ("health service" AS ?x) {}').status == 200


def test_from_fetches_nothing(server: Server) -> None:
    reply = server.query("SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }", Accept="text/csv")
    assert (reply.status, len(reply.text.splitlines())) == (200, 1)


def test_a_worker_killed_in_flight_costs_only_its_own_query(server: Server) -> None:
    before = set(server.query_workers())
    with ThreadPoolExecutor() as pool:
        running = pool.submit(server.query, ENDLESS)
        time.sleep(0.4)
        busy = max(before, key=cpu_ticks)
        os.kill(busy, signal.SIGKILL)
        reply = running.result(10)
    assert_problem(reply, 503, "worker-lost")
    assert reply.headers["retry-after"] == "1"
    assert_serves(server)


def test_when_memory_runs_out_the_kernel_ends_a_query_worker_first(server: Server) -> None:
    def readiness_to_end(pid: int) -> int:
        return int(Path(f"/proc/{pid}/oom_score_adj").read_text())

    # One that has just been started in place of another has yet to say so.
    assert wait_for(lambda: {*map(readiness_to_end, server.query_workers())} == {500})
    assert readiness_to_end(server.process.pid) == readiness_to_end(os.getpid()) < 500


def cpu_ticks(pid: int) -> int:
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def test_pages_wait_for_nobody_elses_query(server: Server) -> None:
    with ThreadPoolExecutor() as pool:
        strangers = [pool.submit(server.query, ENDLESS) for _ in range(4)]
        time.sleep(0.2)
        started = time.monotonic()
        assert server.get("/readyz").status == 200  # asks through the pages' lane
        assert time.monotonic() - started < 1.0
        for stranger in strangers:
            stranger.result(30)
