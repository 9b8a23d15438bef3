"""Writing over HTTP: who may, where to, what is refused, and what readers see meanwhile."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from SPARQLWrapper import POST, SPARQLWrapper

from crisisgov.loaders.versions import VersionStore
from crisisgov.ontology.terms import BASE
from tests.server.writing import BEARER, CITY, CONTRIB, SEE, TOKEN, insert, start, update, values
from tests.support.servers import Server


@pytest.fixture(scope="module")
def writable(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that accepts writes with the token."""
    folder = tmp_path_factory.mktemp("writable")
    server = start(shutil.copytree(small, folder / "data", symlinks=True), folder / "server.log")
    yield server
    server.stop()


def version(server: Server) -> str:
    return str(server.get("/readyz").json()["version"])


# Who may write


@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("POST", "/sparql", "application/sparql-update"),
        ("PUT", f"/graph-store?graph={quote(CONTRIB + 'a')}", "text/turtle"),
        ("POST", "/graph-store/contrib/a", "text/turtle"),
        ("POST", "/graph-store", "text/turtle"),
        ("DELETE", "/graph-store/contrib/a", "text/turtle"),
    ],
)
def test_without_a_token_in_the_settings_nothing_can_be_written(
    server: Server, method: str, path: str, content_type: str
) -> None:
    reply = server.request(method, path, b"", Content_Type=content_type, Authorization=BEARER)
    assert (reply.status, reply.json()["kind"]) == (403, "read-only")


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_a_missing_or_wrong_token_is_answered_401(writable: Server, authorization: str) -> None:
    replies = [
        update(writable, "CLEAR ALL", authorization),
        writable.request("DELETE", "/graph-store/contrib/a", Authorization=authorization),
    ]
    for reply in replies:
        assert reply.status == 401
        assert reply.headers["www-authenticate"] == 'Bearer realm="crisisgov"'


def test_the_token_is_neither_logged_nor_given_to_processes_that_run_queries(
    writable: Server,
) -> None:
    update(writable, "CLEAR ALL", BEARER + "x")
    assert TOKEN not in writable.log.read_text()
    for pid in writable.query_workers():
        assert TOKEN.encode() not in Path(f"/proc/{pid}/environ").read_bytes()


def test_reading_needs_no_token(writable: Server) -> None:
    assert writable.get("/graph-store/actors").status == 200
    assert writable.get("/graph-store/contrib/never-written").status == 404


# Where to, and what


def test_an_accepted_update_is_answered_204_and_seen_by_the_next_query(writable: Server) -> None:
    before = version(writable)
    assert update(writable, insert(CONTRIB + "seen", "one")).status == 204
    assert values(writable, CONTRIB + "seen") == {"one"}
    assert version(writable) > before


def test_sparqlwrapper_updates_with_the_token(writable: Server) -> None:
    client = SPARQLWrapper(f"http://127.0.0.1:{writable.port}/sparql")
    client.setMethod(POST)
    client.addCustomHttpHeader("Authorization", BEARER)
    client.setQuery(insert(CONTRIB + "client", "wrapped"))
    client.query()
    assert values(writable, CONTRIB + "client") == {"wrapped"}


def test_a_refused_change_is_answered_403_and_changes_nothing(writable: Server) -> None:
    before = version(writable)
    reply = update(writable, f"{insert(CONTRIB + 'a', 'x')}; DROP GRAPH <{BASE}graph/actors>")
    assert (reply.status, reply.json()["kind"]) == (403, "graph")
    assert "graph/actors>" in reply.json()["detail"]
    assert version(writable) == before


def test_a_change_that_makes_the_graph_invalid_is_refused_with_the_report(
    writable: Server,
) -> None:
    before = version(writable)
    text = f'INSERT DATA {{ GRAPH <{CONTRIB}bad> {{ {CITY} <ontology#jurisdiction> "nowhere" }} }}'
    reply = update(writable, text)
    assert (reply.status, reply.json()["kind"]) == (422, "invalid")
    assert "actor/city: jurisdiction" in reply.json()["detail"]
    assert version(writable) == before
    assert writable.get("/graph-store/contrib/bad").status == 404


def test_a_triple_of_the_records_cannot_be_contributed_again(writable: Server) -> None:
    label = 'GRAPH ?g { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } FILTER(?l = "City"@en)'
    text = (
        f"INSERT {{ GRAPH <{CONTRIB}again> {{ ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l "
        f"}} }} WHERE {{ {label} }}"
    )
    reply = update(writable, text)
    assert reply.status == 422
    assert "already" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ("INSERT DATA { <a> <b> }", 400, "syntax"),
        ("CLEAR GRAPH <http://x/not-there>", 400, "write"),
        ("LOAD <http://127.0.0.1:8000/x>", 403, "federation-off"),
        ("LOAD SILENT <http://127.0.0.1:8000/x>", 403, "federation-off"),
        (
            "INSERT { <a> <b> ?o } WHERE { SERVICE SILENT <http://127.0.0.1:8000/> { ?s ?p ?o } }",
            403,
            "federation-off",
        ),
        ("INSERT {} WHERE " + "{" * 20_000 + "}" * 20_000, 400, "nesting"),
        ("# " + "x" * 70_000, 413, "too-long"),
    ],
)
def test_a_hostile_or_wrong_update_is_refused_and_the_server_lives(
    writable: Server, text: str, status: int, kind: str
) -> None:
    reply = update(writable, text)
    assert (reply.status, reply.json()["kind"]) == (status, kind)
    assert writable.query("ASK {}").status == 200


def test_a_second_change_meanwhile_is_answered_503_with_retry_after(writable: Server) -> None:
    with VersionStore(Path(writable.environ["CRISISGOV_DATA"])).lock():
        reply = update(writable, insert(CONTRIB + "a", "x"))
    assert (reply.status, reply.json()["kind"]) == (503, "write-busy")
    assert int(reply.headers["retry-after"]) > 0


# The Graph Store Protocol with a token


def test_a_graph_is_made_read_replaced_and_removed(writable: Server) -> None:
    path = "/graph-store/contrib/life"
    turtle = f"{CITY} {SEE} <#here> .".encode()
    sent = {"Content_Type": "text/turtle", "Authorization": BEARER}
    assert writable.request("PUT", path, turtle, **sent).status == 201
    read = writable.get(path, Accept="application/n-triples")
    assert read.text == f"{CITY} {SEE} <{CONTRIB}life#here> .\n"
    etag = read.headers["etag"]
    again = writable.get(path, Accept="application/n-triples", If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    assert writable.request("PUT", path, turtle, If_None_Match="*", **sent).status == 412
    replaced = writable.request("PUT", path, b"", If_Match=etag, **sent)
    assert replaced.status == 204
    assert writable.get(path).status == 404
    assert writable.request("DELETE", path, Authorization=BEARER).status == 404


def test_if_match_refuses_a_change_of_what_has_changed(writable: Server) -> None:
    path = "/graph-store/contrib/lost"
    assert update(writable, insert(CONTRIB + "lost", "first")).status == 204
    etag = writable.get(path, Accept="text/turtle").headers["etag"]
    assert update(writable, insert(CONTRIB + "lost", "second")).status == 204
    reply = writable.request("DELETE", path, Authorization=BEARER, If_Match=etag)
    assert reply.status == 412
    assert values(writable, CONTRIB + "lost") == {"first", "second"}


@pytest.mark.parametrize("path", ["/graph-store?default", "/graph-store/actors"])
def test_other_graphs_cannot_be_replaced(writable: Server, path: str) -> None:
    reply = writable.request("PUT", path, b"", Content_Type="text/turtle", Authorization=BEARER)
    assert (reply.status, reply.json()["kind"]) == (403, "graph")


# Readers meanwhile


def test_readers_see_all_of_a_change_or_nothing_and_no_request_is_dropped(
    writable: Server,
) -> None:
    seen: list[tuple[int, frozenset[str]]] = []
    done = threading.Event()
    query = f"SELECT ?o WHERE {{ GRAPH <{CONTRIB}atomic> {{ {CITY} {SEE} ?o }} }}"

    def read() -> None:
        while not done.is_set():
            reply = writable.query(query, Accept="text/csv")
            seen.append((reply.status, frozenset(reply.text.split()[1:])))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert update(writable, insert(CONTRIB + "atomic", "both-1", "both-2")).status == 204
    finally:
        done.set()
        reader.join()
    both = frozenset({"http://example.org/both-1", "http://example.org/both-2"})
    assert {status for status, _found in seen} == {200}
    assert {found for _status, found in seen} <= {frozenset(), both}
    assert values(writable, CONTRIB + "atomic") == {"both-1", "both-2"}
