"""Hostile requests: each is refused or ended, and the server still answers and keeps its memory."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisgov.server.bodies import PER_CLIENT
from tests.server.test_limits import BOMB, ENDLESS
from tests.support.servers import wait_for

if TYPE_CHECKING:
    from tests.server.conftest import Server

TWICE = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(7))
QUERIES = {
    "cross product": ENDLESS,
    "star path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|^!<x:x>)* ?b . ?c (!<x:x>)* ?d . ?e (!<x:x>)* ?f "
    ". ?g (!<x:x>)* ?h . ?i (!<x:x>)* ?j }",
    "order by": f"SELECT * {{ {TWICE} }} ORDER BY DESC(CONCAT(STR(?c0), STR(?c1))) ?a2 ?b3 LIMIT 1",
    "distinct": f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {TWICE} }} }}",
    "group_concat": f"SELECT (STRLEN(GROUP_CONCAT(STR(?c0))) AS ?n) {{ {TWICE} }}",
    "regex": f'SELECT (COUNT(*) AS ?n) {{ {TWICE} FILTER(REGEX(STR(?c1), "(.*)*(.*)*(a|aa)+$")) }}',
    "regex program": 'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "((a{0,999}){0,999}){0,999}")) }',
    "doubling": BOMB,
    "groups": "SELECT * " + "{" * 20_000 + "}" * 20_000,
    "lists": "SELECT * { ?s ?p " + "(" * 120 + ")" * 120 + " }",
    "negations": "ASK { FILTER(" + "!" * 60_000 + "true) }",
}
BROKEN_IRIS = [
    "http://x/> } ; DROP ALL ; SELECT * { <http://x/",
    "http://x/\u202e",
    "x y",
    '"><script>alert(1)</script>',
    "javascript:alert(1)",
    "%00",
    "../../../etc/passwd",
]


def alive(server: Server) -> None:
    """The server answers somebody else, with the right answer."""
    reply = server.query(
        f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {time.monotonic()}",
        Accept="text/csv",
        X_Forwarded_For="192.0.2.99",
    )
    assert (reply.status, reply.text.split()) == (200, ["n", "8"])


def memory(server: Server) -> int:
    """Resident bytes of all processes but the query workers, which are bounded by the kernel."""
    workers = set(server.query_workers())
    return sum(
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
        for pid in server.family()
        if pid not in workers
    )


def test_the_worst_queries_at_once_are_each_ended_and_leave_no_memory(server: Server) -> None:
    alive(server)
    before = memory(server)
    with ThreadPoolExecutor(4) as pool:
        replies = dict(zip(QUERIES, pool.map(server.query, QUERIES.values()), strict=True))
    for name, reply in replies.items():
        allowed = (200, 400, 413, 414, 429, 503)
        assert reply.status in allowed, (name, reply.status)
        if reply.status not in (200, 414):
            assert reply.json()["kind"], name
    assert replies["cross product"].status in (429, 503)
    assert replies["doubling"].status in (429, 503)
    assert wait_for(lambda: len(server.query_workers()) == 5)
    alive(server)
    assert memory(server) < before + 80_000_000


def test_a_query_of_a_megabyte_is_refused(server: Server) -> None:
    body = b"SELECT * { ?s ?p ?o } #" + b"x" * 1_000_000
    try:
        reply = server.request("POST", "/sparql", body, Content_Type="application/sparql-query")
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused by its length while this client was still sending
    else:
        assert reply.status == 413
    alive(server)


@contextlib.contextmanager
def connections(server: Server, count: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """Open connections that send ``sent`` and then nothing."""
    with contextlib.ExitStack() as stack:
        opened = []
        for _ in range(count):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 5))
            one.sendall(sent)
            opened.append(one)
        yield opened


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /sparql?query=ASK",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 1000\r\n\r\nSELECT",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n6\r\nSELECT\r\n",
    ],
    ids=["silent", "half a line", "half a header", "half a body", "half the chunks"],
)
def test_slow_clients_do_not_keep_others_waiting(server: Server, sent: bytes) -> None:
    with connections(server, 150, sent):
        time.sleep(0.2)
        started = time.monotonic()
        alive(server)
        assert time.monotonic() - started < 3
    assert wait_for(lambda: post(server) == 200)


def post(server: Server) -> int:
    return server.request(
        "POST", "/sparql", b"ASK { }", Content_Type="application/sparql-query"
    ).status


HALF_A_BODY = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 1000\r\n\r\nSELECT"
)


def test_bodies_that_never_come_lose_their_connections_and_others_can_post(server: Server) -> None:
    with connections(server, PER_CLIENT, HALF_A_BODY) as opened:
        time.sleep(0.2)  # a post before the last of them would take its place for a moment
        assert wait_for(lambda: post(server) == 429)
        for one in opened:
            one.sendall(b" ")  # a byte now and then does not help
        assert wait_for(lambda: post(server) == 200, 30)
        for one in opened:
            with contextlib.suppress(ConnectionResetError):
                one.settimeout(10)
                one.recv(1000)  # a refusal that may have been sent
                assert one.recv(1) == b""


def test_clients_that_do_not_read_their_answers_hold_up_nobody(
    server: Server,
) -> None:
    large = quote("SELECT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z } LIMIT 500")
    ask = f"GET /sparql?query={large} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with connections(server, 150, ask):
        started = time.monotonic()
        alive(server)
        assert time.monotonic() - started < 10


@pytest.mark.parametrize("iri", BROKEN_IRIS)
def test_iris_that_break_out_of_templates_are_not_found_or_refused(
    server: Server, iri: str
) -> None:
    for path in (f"/event/{quote(iri, safe='')}", f"/search?q={quote(iri)}"):
        reply = server.get(path, Accept="text/html")
        assert reply.status in (200, 400, 404), path
        assert "<script>alert" not in reply.text
    reply = server.query("ASK { }", f"&default-graph-uri={quote(iri)}")
    assert reply.status in (200, 400)
    alive(server)


@pytest.mark.parametrize("raw", ["%FF%FE", "%C3%28", "%ED%A0%80", "%F4%90%80%80"])
def test_invalid_utf8_is_answered_400(server: Server, raw: str) -> None:
    assert server.get(f"/sparql?query=ASK{raw}").status == 400
    assert server.get(f"/event/{raw}").status in (400, 404)


FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
TOKENS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


@FEW
@given(
    accept=st.one_of(
        TOKENS,
        st.lists(
            st.sampled_from(
                [
                    "*/*",
                    "text/csv",
                    "text/*;q=0",
                    "application/json;q=1e9",
                    ";q=",
                    ",,",
                    "text/html;q=-1",
                ]
            )
        ).map(",".join),
    ),
    encoding=TOKENS,
    tag=TOKENS,
)
def test_any_header_is_answered_without_a_failure(
    server: Server, accept: str, encoding: str, tag: str
) -> None:
    reply = server.query(
        "ASK { }", Accept=accept, Accept_Encoding=encoding, If_None_Match=tag, X_Forwarded_For=tag
    )
    assert reply.status in (200, 304, 406)


@FEW
@given(st.text("query=&ASK{} %+;fomat/csdUF-8;0123\x7f", max_size=80))
def test_any_query_string_is_answered_without_a_failure(server: Server, text: str) -> None:
    assert server.get("/sparql?" + quote(text, safe="=&%+;/")).status < 500


@FEW
@given(
    body=st.binary(max_size=120),
    kind=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "application/sparql-query",
            "application/sparql-update",
            "application/sparql-query; charset=latin-1",
            "multipart/form-data; boundary=x",
            "",
            "x",
        ]
    ),
)
def test_any_body_is_answered_without_a_failure(server: Server, body: bytes, kind: str) -> None:
    assert server.request("POST", "/sparql", body, Content_Type=kind).status < 500


PATHS = (
    "/search",
    "/graph-store",
    "/crisis/c1",
    "/graph/events.nt",
    "/questions",
    "/reconcile",
    "/",
)


@FEW
@given(
    path=st.sampled_from(PATHS),
    fields=st.lists(
        st.tuples(
            st.sampled_from(["q", "kind", "page", "graph", "default", "verdict", "format", "x"]),
            st.one_of(TOKENS, st.text(max_size=20), st.integers().map(str)),
        ),
        max_size=4,
    ),
    headers=st.dictionaries(
        st.sampled_from(
            [
                "Accept",
                "If_None_Match",
                "If_Match",
                "Range",
                "Authorization",
                "X_Request_Id",
                "Cookie",
            ]
        ),
        TOKENS,
        max_size=3,
    ),
)
def test_any_parameters_and_headers_of_pages_are_answered_without_a_failure(
    server: Server, path: str, fields: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    reply = server.get(f"{path}?{urlencode(fields)}", **headers)
    assert reply.status < 500, reply.text
    assert reply.headers["x-request-id"]


@FEW
@given(
    method=st.sampled_from(["PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"]),
    path=st.sampled_from([*PATHS, "/sparql", "/graph-store/contrib/a", "/metrics"]),
    content_type=TOKENS,
    body=st.binary(max_size=60),
)
def test_any_method_is_answered_without_a_failure(
    server: Server, method: str, path: str, content_type: str, body: bytes
) -> None:
    assert server.request(method, path, body, Content_Type=content_type).status < 500
