"""The remote engine against endpoints that fail in every way seen in the wild, and publishing.

The endpoint is a small real HTTP server whose answers each test writes by hand.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from crisisgov.errors import InputError, UsageError
from crisisgov.loaders.versions import Version, VersionStore
from crisisgov.server import publishing
from crisisgov.server.engine import errors, remote
from crisisgov.server.engine.formats import CSV, TURTLE, XML, ResultFormats
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.engine.remote import RemoteEngine
from crisisgov.server.engine.remote_errors import (
    EndpointFailed,
    ExtensionRefused,
    IncompleteResult,
)

RESULTS = "application/sparql-results+json"
QUERY = "SELECT ?x { ?x a ?y }"
BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
META = "https://w3id.org/crisisgov/graph/meta"
ASK = "__ASK_RETVAL"  # the column in which Virtuoso answers
AS_CSV = ResultFormats((CSV,), (TURTLE,))


def solutions(*rows: dict[str, Any], names: tuple[str, ...] = ("x",)) -> bytes:
    return json.dumps({"head": {"vars": names}, "results": {"bindings": list(rows)}}).encode()


ONE_ROW = solutions({"x": {"type": "uri", "value": "http://x/1"}})


class Handler(BaseHTTPRequestHandler):
    """Answers queries as ``server.answer`` says, and keeps graphs as ``server.graphs``."""

    server: Endpoint  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object, **_named: object) -> None:
        pass

    def do_GET(self) -> None:
        self.send(200 if self.allowed() else 401)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if urlsplit(self.path).path == "/graphs":
            self.change(body)
            return
        fields = parse_qs(body.decode())
        query = fields["query"][0]
        self.server.asked.append(fields)
        if query == publishing._COUNTS:
            rows = [
                {"g": {"type": "uri", "value": g}, "n": {"type": "literal", "value": str(len(t))}}
                for g, t in self.server.graphs.items()
            ]
            self.send(200, RESULTS, solutions(*rows, names=("g", "n")))
        elif "dcat#version" in query:
            found = [] if "GRAPH" in query else self.server.versions
            rows = [{"v": {"type": "literal", "value": one}} for one in found]
            self.send(200, RESULTS, solutions(*rows, names=("v",)))
        else:
            self.server.answer(self)

    do_PUT = do_POST

    def do_DELETE(self) -> None:
        if not self.allowed():
            self.send(401)
            return
        graph = parse_qs(urlsplit(self.path).query)["graph"][0]
        self.server.log.append(f"DELETE {graph}")
        self.send(204 if self.server.graphs.pop(graph, None) else 404)

    def change(self, body: bytes) -> None:
        if not self.allowed():
            self.send(401)
            return
        graph = parse_qs(urlsplit(self.path).query)["graph"][0]
        self.server.log.append(f"{self.command} {unquote(graph)}")
        lines = body.splitlines()[: self.server.takes]
        held = self.server.graphs.get(graph, set()) if self.command == "POST" else set()
        self.server.graphs[graph] = held | set(lines)
        self.send(200)

    def allowed(self) -> bool:
        wanted = self.server.authorization
        return not wanted or self.headers.get("Authorization") == wanted

    def send(
        self, status: int, media_type: str = "text/plain", body: bytes = b"", **more: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Endpoint(ThreadingHTTPServer):
    """An endpoint that can be told how to answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.versions = ["1+abc"]
        self.asked: list[dict[str, list[str]]] = []
        self.graphs: dict[str, set[bytes]] = {}
        self.log: list[str] = []
        self.takes = 1_000_000  # lines of a body
        self.authorization = ""
        self.answer: Callable[[Handler], None] = lambda h: h.send(200, RESULTS, ONE_ROW)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sparql"

    @property
    def graphs_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/graphs"

    def handle_error(self, *_arguments: object, **_named: object) -> None:
        """A client that hangs up is what some tests are about."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


@pytest.fixture
def engine(endpoint: Endpoint) -> Iterator[RemoteEngine]:
    options = EngineOptions(workers=3, page_workers=1, queue=3, result_bytes=100_000)
    with contextlib.closing(RemoteEngine(endpoint.url, options, {})) as made:
        yield made


def raw(body: bytes, head: str = f"Content-Type: {RESULTS}") -> Callable[[Handler], None]:
    """Answer with exactly these bytes and close the connection."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body)
        handler.close_connection = True

    return answer


# --- what makes a result ----------------------------------------------------------


def test_a_result_is_written_in_the_format_asked_for(engine: RemoteEngine) -> None:
    result = engine.run(QUERY, accept=AS_CSV, deadline_s=5)
    assert (result.kind, result.media_type, result.version) == ("select", CSV, "1+abc")
    assert result.read() == b"x\r\nhttp://x/1\r\n"
    assert (
        b"<uri>http://x/1</uri>"
        in engine.run(QUERY, accept=ResultFormats((XML,)), deadline_s=5).read()
    )


def test_graphs_of_the_request_are_sent_as_protocol_parameters(
    engine: RemoteEngine, endpoint: Endpoint
) -> None:
    engine.run(QUERY, default_graphs=["urn:a", "urn:b"], named_graphs=["urn:c"], deadline_s=5)
    sent = next(fields for fields in endpoint.asked if fields["query"] == [QUERY])
    assert sent == {
        "query": [QUERY],
        "default-graph-uri": ["urn:a", "urn:b"],
        "named-graph-uri": ["urn:c"],
    }


def test_booleans_are_written_as_words_whatever_the_endpoint_writes(
    engine: RemoteEngine, endpoint: Endpoint
) -> None:
    one = {"x": {"type": "typed-literal", "datatype": BOOLEAN, "value": "1"}}
    endpoint.answer = lambda h: h.send(200, RESULTS, solutions(one))
    assert engine.run(QUERY, accept=AS_CSV, deadline_s=5).read() == b"x\r\ntrue\r\n"
    body = f'<urn:a> <urn:b> "0"^^<{BOOLEAN}> .\n'.encode()
    endpoint.answer = lambda h: h.send(200, "application/n-triples", body)
    graph = engine.run("DESCRIBE <urn:a>", accept=AS_CSV, deadline_s=5)
    assert graph.read().strip() == b"<urn:a> <urn:b> false ."


@pytest.mark.parametrize(
    ("body", "truth"),
    [
        (b'{"head":{},"boolean":true}', True),
        (b'{"head":{},"boolean":false}', False),
        (solutions({ASK: {"type": "literal", "value": "1"}}, names=(ASK,)), True),
        (solutions(names=(ASK,)), False),
    ],
)
def test_ask_has_one_form_whatever_the_endpoint_sends(
    engine: RemoteEngine, endpoint: Endpoint, body: bytes, truth: bool
) -> None:
    endpoint.answer = lambda h: h.send(200, RESULTS, body)
    result = engine.run("ASK { ?s ?p ?o }", deadline_s=5)
    assert json.loads(result.read()) == {"head": {}, "boolean": truth}


def test_long_results_are_whole(engine: RemoteEngine, endpoint: Endpoint) -> None:
    # 1,234 rows: more than are written at a time, and more than is held in memory
    rows = [{"x": {"type": "literal", "value": f"{n:050}"}} for n in range(1234)]
    endpoint.answer = lambda h: h.send(200, RESULTS, solutions(*rows))
    lines = engine.run(QUERY, accept=AS_CSV, deadline_s=5).read().split()
    assert lines[1:] == [f"{n:050}".encode() for n in range(1234)]


# --- what is no result ------------------------------------------------------------


@pytest.mark.parametrize("name", ["X-SPARQL-MaxRows", "X-SQL-State"])
def test_a_result_with_a_header_that_tells_of_a_cut_is_an_error(
    engine: RemoteEngine, endpoint: Endpoint, name: str
) -> None:
    endpoint.answer = lambda h: h.send(200, RESULTS, ONE_ROW, **{name: "10000"})
    with pytest.raises(IncompleteResult, match="cut") as failed:
        engine.run(QUERY, deadline_s=5)
    assert failed.value.status == 502


@pytest.mark.parametrize(
    ("answer", "query"),
    [
        (raw(ONE_ROW[:-3]), QUERY),
        (raw(ONE_ROW, f"Content-Type: {RESULTS}\r\nContent-Length: {len(ONE_ROW) + 1}"), QUERY),
        (raw(b"5\r\n{\"hea", f"Content-Type: {RESULTS}\r\nTransfer-Encoding: chunked"), QUERY),
        (raw(b'{"boolean":true'), "ASK {}"),
        (raw(b""), QUERY),
        (raw(b"<html>hello</html>", "Content-Type: text/html"), QUERY),
        (raw(ONE_ROW, f"Content-Type: {RESULTS}\r\nContent-Encoding: gzip"), QUERY),
        (raw(b"<urn:a> <urn:b> <urn:c> .\n", "Content-Type: application/n-triples"), "DESCRIBE <a:b>"),
        (raw(b'{"boolean":true}'), QUERY),
        (raw(ONE_ROW), "ASK {}"),
    ],
    ids=[
        "cut JSON", "shorter than announced", "cut chunk", "cut truth value", "nothing",
        "a page", "packed", "triples without a marked end", "truth for rows", "rows for truth",
    ],
)  # fmt: skip
def test_a_body_that_is_not_whole_is_an_error(
    engine: RemoteEngine, endpoint: Endpoint, answer: Callable[[Handler], None], query: str
) -> None:
    endpoint.answer = answer
    with pytest.raises(IncompleteResult):
        engine.run(query, deadline_s=5)


def test_a_result_over_the_ceiling_is_an_error(engine: RemoteEngine, endpoint: Endpoint) -> None:
    endless = b'{"head":{"vars":["x"]},"results":{"bindings":[' + b" " * 450_000
    endpoint.answer = raw(endless)
    with pytest.raises(errors.ResultTooLarge, match=r"0\.1 MB"):
        engine.run(QUERY, deadline_s=5)


def drip(handler: Handler) -> None:
    """Send a byte of the head every 50 ms, 200 times."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


def test_an_endpoint_that_drips_is_ended_by_the_total_deadline(
    engine: RemoteEngine, endpoint: Endpoint
) -> None:
    endpoint.answer = drip
    started = time.monotonic()
    with pytest.raises(errors.QueryDeadline):
        engine.run(QUERY, deadline_s=0.6)
    assert time.monotonic() - started < 2.0


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (400, "line 2: syntax error", errors.QuerySyntaxError),
        (401, "", EndpointFailed),
        (500, "Virtuoso S1T00 Error SR171: Transaction timed out", errors.QueryDeadline),
        (500, "out of memory", EndpointFailed),
        (503, "later", errors.EngineBusy),
        (206, "part", EndpointFailed),
    ],
)
def test_each_status_has_its_error(
    engine: RemoteEngine, endpoint: Endpoint, status: int, text: str, error: type[Exception]
) -> None:
    endpoint.answer = lambda h: h.send(status, "text/plain", text.encode())
    with pytest.raises(error):
        engine.run(QUERY, deadline_s=5)


def test_a_redirect_is_named_and_not_followed(engine: RemoteEngine, endpoint: Endpoint) -> None:
    endpoint.answer = lambda h: h.send(302, Location="http://169.254.169.254/")
    with pytest.raises(EndpointFailed, match="points to http://169"):
        engine.run(QUERY, deadline_s=5)


def test_an_endpoint_that_is_not_there_is_an_error_that_names_it() -> None:
    with contextlib.closing(RemoteEngine("http://127.0.0.1:9/sparql", EngineOptions())) as engine:
        with pytest.raises(EndpointFailed, match=r"127\.0\.0\.1 cannot be asked"):
            engine.run(QUERY, deadline_s=2)
        assert engine.status().version is None


# --- what is not handed on --------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", errors.FederationOff),
        ("SELECT * { SeRvIcE SILENT ?x { ?s ?p ?o } }", errors.FederationOff),
        (r"SELECT * { \u0053ERVICE <http://x/> { ?s ?p ?o } }", errors.FederationOff),
        (r"SELECT * { SER\U00000056ICE <http://x/> { ?s ?p ?o } }", errors.FederationOff),
        ("#\rSELECT * { SERVICE <http://x/> {} }", errors.FederationOff),
        ("SELECT (bif:sys_stat('x') AS ?y) {}", ExtensionRefused),
        ("SELECT (<sql:f>('x') AS ?y) {}", ExtensionRefused),
        ("DEFINE get:soft 'replace' SELECT * { ?s ?p ?o }", ExtensionRefused),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", errors.QuerySyntaxError),
        ("PREFIX select: <urn:x> DROP ALL", errors.QuerySyntaxError),
        ("# SELECT\nLOAD <http://x/>", errors.QuerySyntaxError),
        ("", errors.QuerySyntaxError),
        ("SELECT * {} #" + "x" * 65_536, errors.QueryTooLong),
    ],
)  # fmt: skip
def test_what_a_stranger_may_not_do_elsewhere_is_not_handed_on(
    query: str, error: type[Exception], engine: RemoteEngine, endpoint: Endpoint
) -> None:
    with pytest.raises(error):
        engine.run(query, deadline_s=5)
    assert [query] not in [fields["query"] for fields in endpoint.asked]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT ?x { ?x a ?y }", "select"),
        ("# ask\nPREFIX ask: <urn:x#>\nBASE <http://construct/>\nselect * {}", "select"),
        ("PREFIX a:<urn:ask>ASK{}", "ask"),
        ("construct where { ?s ?p ?o }", "graph"),
        ("DESCRIBE <urn:select>", "graph"),
        (r"SEL\u0045CT * {}", "select"),
    ],
)
def test_the_form_of_a_query_is_known(query: str, kind: str) -> None:
    assert remote.query_kind(query) == kind


@pytest.mark.parametrize(
    "url", ["ftp://x/", "sparql", "http://", "http://u:p@x/sparql", "http://x:99999/", "http://[x"]
)
def test_a_url_that_is_no_endpoint_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not the URL of an endpoint"):
        RemoteEngine(url, EngineOptions())


# --- versions ---------------------------------------------------------------------


def test_a_result_from_two_versions_is_asked_for_again(
    engine: RemoteEngine, endpoint: Endpoint
) -> None:
    def answer(handler: Handler) -> None:
        endpoint.versions = ["2+def"]  # published while the query runs
        handler.send(200, RESULTS, ONE_ROW)

    endpoint.answer = answer
    assert engine.run(QUERY, deadline_s=5).version == "2+def"
    assert sum(fields["query"] == [QUERY] for fields in endpoint.asked) == 2


def test_a_pinned_version_that_is_replaced_is_an_error(
    engine: RemoteEngine, endpoint: Endpoint
) -> None:
    engine.run(QUERY, deadline_s=5)
    with engine.pinned() as version:
        assert version == "1+abc"
        endpoint.versions = ["2+def"]
        with pytest.raises(errors.EngineNotReady, match="replaced"):
            engine.run(QUERY, deadline_s=5)
    assert engine.run(QUERY, deadline_s=5).version == "2+def"


def test_an_endpoint_without_a_version_is_not_ready(
    engine: RemoteEngine, endpoint: Endpoint
) -> None:
    endpoint.versions = []
    with pytest.raises(errors.EngineNotReady, match="no version") as failed:
        engine.run(QUERY, deadline_s=5)
    assert failed.value.status == 503
    assert "no version" in engine.status().error


# --- publishing -------------------------------------------------------------------


@pytest.fixture
def version(tmp_path: Path) -> Version:
    """Two graphs: three triples of events, one of metadata."""
    lines = [f'<urn:e{n}> <urn:p> "a b <{n}> ."@en <https://x/graph/e> .\n' for n in range(3)]
    lines.append(f'<urn:dataset> <urn:version> "1" <{META}> .\n')
    return VersionStore(tmp_path).publish("digest00", [line.encode() for line in lines], {})


def test_publishing_puts_each_graph_and_the_version_last(
    endpoint: Endpoint, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "BATCH", 2)
    stale = "https://w3id.org/crisisgov/graph/gone"
    endpoint.graphs = {stale: {b"x"}, "urn:other": {b"y"}, META: {b"old"}}
    endpoint.authorization = "Basic " + base64.b64encode(b"ann:secret").decode()
    store = publishing.GraphStore(endpoint.url, endpoint.graphs_url, "ann", "secret")
    done = publishing.publish(version, store)
    assert (done.quads, done.graphs, done.removed, done.foreign) == (4, 2, (stale,), ("urn:other",))
    assert endpoint.log == [
        f"DELETE {META}",
        "PUT https://x/graph/e",
        "POST https://x/graph/e",
        f"DELETE {stale}",
        f"PUT {META}",
    ]
    assert endpoint.graphs["https://x/graph/e"] == {
        f'<urn:e{n}> <urn:p> "a b <{n}> ."@en .'.encode() for n in range(3)
    }


def test_a_store_that_loses_triples_is_found_by_their_count(
    endpoint: Endpoint, version: Version
) -> None:
    endpoint.takes = 2
    store = publishing.GraphStore(endpoint.url, endpoint.graphs_url)
    with pytest.raises(publishing.PublishError, match="3 triples sent, 2 there"):
        publishing.publish(version, store)
    assert META not in endpoint.graphs, "a graph that is not whole has no version"


def test_a_store_that_refuses_says_what_to_give(endpoint: Endpoint, version: Version) -> None:
    endpoint.authorization = "Basic other"
    endpoint.graphs = {META: {b"old"}}
    store = publishing.GraphStore(endpoint.url, endpoint.graphs_url)
    with pytest.raises(publishing.PublishError, match="give --user"):
        publishing.publish(version, store)
    assert endpoint.graphs == {META: {b"old"}}


def test_a_blank_node_is_not_published(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text('<urn:a> <urn:b> "_:c" <urn:g> .\n<urn:a> <urn:b> _:c <urn:g> .\n')
    with pytest.raises(InputError, match=r"graph\.nq:2: a blank node"):
        list(publishing.batches(path))


def test_where_graphs_go_has_to_be_told_for_unknown_servers(endpoint: Endpoint) -> None:
    with pytest.raises(UsageError, match="--graph-store"):
        publishing.find_graph_store(endpoint.url)
