"""The behaviour that the W3C's protocol tests ask for, in our own words and always checked.

The cases follow the 34 tests of the SPARQL 1.1 Protocol and the 13 of the Graph
Store Protocol one by one; ``test_w3c_manifests.py`` runs the originals where
they are at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
import rdflib
from rdflib.compare import isomorphic

from tests.support.servers import Reply, Server

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
TURTLE = "text/turtle; charset=utf-8"

D1, D2, D3 = (f"http://example.net/data/{number}" for number in (1, 2, 3))
SIGHTING = "<http://example.net/Sighting>"


def q(text: str) -> str:
    return quote(text, safe="")


@dataclass(frozen=True)
class Ask:
    """One request to ``/sparql`` and what has to come back."""

    method: str = "POST"
    url: str = ""
    body: bytes | None = None
    type: str = ""
    statuses: tuple[int, ...] = (200, 204)
    answer: bool | None = None
    offers: frozenset[str] = field(default=frozenset())


BAD = (400, 405, 413, 415)
BOOLEAN = frozenset({"application/sparql-results+json", "application/sparql-results+xml"})
TABLE = BOOLEAN | {"text/csv", "text/tab-separated-values"}
GRAPH = frozenset(
    {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}
)


def direct(text: str, answer: bool | None = None, url: str = "", **more: frozenset[str]) -> Ask:
    return Ask("POST", url, text.encode(), QUERY, (200,), answer, **more)


def update(text: str, url: str = "") -> Ask:
    return Ask("POST", url, text.encode(), UPDATE, (204,))


# Each graph states of itself that it is a sighting.
def sighted(*graphs: str) -> str:
    return " ".join(f"<{graph}> a {SIGHTING} ." for graph in graphs)


FRESH = "DROP ALL; INSERT DATA { " + " ".join(
    f"GRAPH <{graph}> {{ {sighted(graph)} }}" for graph in (D1, D2, D3)
)
FRESH += " }"
COPY = "INSERT { GRAPH <http://example.net/out> { ?s a <http://example.net/Seen> } } WHERE "
BOTH_DEFAULT = f"ASK {{ {sighted(D1, D2)} FILTER NOT EXISTS {{ {sighted(D3)} }} }}"
BOTH_NAMED = (
    f"ASK {{ GRAPH ?a {{ {sighted(D1)} }} GRAPH ?b {{ {sighted(D2)} }} "
    f"FILTER NOT EXISTS {{ GRAPH ?c {{ {sighted(D3)} }} }} }}"
)
AS_DEFAULT = f"?default-graph-uri={q(D1)}&default-graph-uri={q(D2)}"
AS_NAMED = f"?named-graph-uri={q(D1)}&named-graph-uri={q(D2)}"


def seen(*graphs: str, but: str) -> Ask:
    """Ask whether the first graphs were copied, and the last was not."""
    all_seen = " ".join(f"<{graph}> a <http://example.net/Seen> ." for graph in graphs)
    return direct(
        f"ASK {{ GRAPH <http://example.net/out> {{ {all_seen} }} FILTER NOT EXISTS {{ "
        f"GRAPH <http://example.net/out> {{ <{but}> ?p ?o }} }} }}",
        True,
    )


PROTOCOL: dict[str, list[Ask]] = {
    "a query as a form": [Ask(body=b"query=ASK%7B%7D", type=FORM, answer=True, offers=BOOLEAN)],
    "a query by GET": [Ask("GET", "?query=ASK%7B%7D", answer=True, offers=BOOLEAN)],
    "a query as the body": [direct("ASK {}", True, offers=BOOLEAN)],
    "a graph that is not there may be named as default": [
        Ask("GET", "?query=ASK%7B%7D&default-graph-uri=http%3A%2F%2Fx%2Fnone", answer=True)
    ],
    "default graphs by GET": [
        update(FRESH),
        Ask("GET", f"{AS_DEFAULT}&query={q(BOTH_DEFAULT)}", answer=True),
    ],
    "default graphs by POST": [update(FRESH), direct(BOTH_DEFAULT, True, AS_DEFAULT)],
    "named graphs by GET": [
        update(FRESH),
        Ask("GET", f"{AS_NAMED}&query={q(BOTH_NAMED)}", answer=True),
    ],
    "named graphs by POST": [update(FRESH), direct(BOTH_NAMED, True, AS_NAMED)],
    "default and named graphs": [
        update(FRESH),
        direct(
            f"ASK {{ {sighted(D3)} GRAPH ?g {{ {sighted(D1)} }} "
            f"FILTER NOT EXISTS {{ {sighted(D1)} }} }}",
            True,
            f"?default-graph-uri={q(D3)}&named-graph-uri={q(D1)}",
        ),
    ],
    "the dataset of the request wins over FROM": [
        update(FRESH),
        direct(
            f"ASK FROM <{D3}> {{ GRAPH ?g {{ {sighted(D1)} }} "
            f"FILTER NOT EXISTS {{ {sighted(D3)} }} }}",
            True,
            AS_NAMED,
        ),
    ],
    "SELECT is a table": [direct("SELECT (7 AS ?n) {}", offers=TABLE)],
    "ASK is a boolean": [direct("ASK {}", True, offers=BOOLEAN)],
    "DESCRIBE is a graph": [direct("DESCRIBE <http://example.net/x>", offers=GRAPH)],
    "CONSTRUCT is a graph, relative IRIs are resolved": [
        direct("CONSTRUCT { <a> <b> 3 } WHERE {}", offers=GRAPH)
    ],
    "an update as a form": [Ask(body=b"update=CLEAR+ALL", type=FORM, statuses=(204,))],
    "an update as the body": [update("CLEAR ALL")],
    "an update with a default graph": [
        update(FRESH),
        update(f"{COPY} {{ ?s a {SIGHTING} }}", f"?using-graph-uri={q(D1)}"),
        seen(D1, but=D2),
    ],
    "an update with default graphs": [
        update(FRESH),
        update(
            f"{COPY} {{ ?s a {SIGHTING} }}", f"?using-graph-uri={q(D1)}&using-graph-uri={q(D2)}"
        ),
        seen(D1, D2, but=D3),
    ],
    "an update with named graphs": [
        update(FRESH),
        update(
            f"{COPY} {{ GRAPH ?g {{ ?s a {SIGHTING} }} }}",
            f"?using-named-graph-uri={q(D1)}&using-named-graph-uri={q(D2)}",
        ),
        seen(D1, D2, but=D3),
    ],
    "an update with default and named graphs": [
        update(FRESH),
        update(
            f"{COPY} {{ {{ ?s a {SIGHTING} }} UNION {{ GRAPH ?g {{ ?s a {SIGHTING} }} }} }}",
            f"?using-graph-uri={q(D1)}&using-named-graph-uri={q(D2)}",
        ),
        seen(D1, D2, but=D3),
    ],
    "relative IRIs of an update are resolved": [
        update("INSERT DATA { <http://example.net/a> <http://example.net/b> <word> }"),
        direct("ASK { <http://example.net/a> ?p ?o FILTER(ISIRI(?o) && STR(?o) != 'word') }", True),
    ],
    "a query by PUT": [Ask("PUT", "?query=ASK%7B%7D", type=FORM, statuses=BAD)],
    "two queries": [Ask("GET", "?query=ASK%7B%7D&query=ASK%7B%7D", statuses=BAD)],
    "a query of another type": [Ask(body=b"ASK {}", type="text/plain", statuses=BAD)],
    "a form without its type": [Ask(body=b"query=ASK%7B%7D", statuses=BAD)],
    "a query without its type": [Ask(body=b"ASK {}", statuses=BAD)],
    "a query in UTF-16": [
        Ask(body="ASK {}".encode("utf-16"), type=f"{QUERY}; charset=UTF-16", statuses=BAD)
    ],
    "a query that cannot be read": [Ask("GET", "?query=ASK%7B", statuses=BAD)],
    "an update by GET": [Ask("GET", "?update=CLEAR%20ALL", statuses=BAD)],
    "two updates": [Ask(body=b"update=CLEAR+ALL&update=DROP+ALL", type=FORM, statuses=BAD)],
    "an update of another type": [Ask(body=b"CLEAR ALL", type="text/plain", statuses=BAD)],
    "an update form without its type": [Ask(body=b"update=CLEAR+ALL", statuses=BAD)],
    "an update in UTF-16": [
        Ask(body="CLEAR ALL".encode("utf-16"), type=f"{UPDATE}; charset=UTF-16", statuses=BAD)
    ],
    "an update that cannot be read": [Ask(body=b"update=CLEAR+ABC", type=FORM, statuses=BAD)],
    "an update with a dataset in the request and in itself": [
        Ask(
            url=f"?using-named-graph-uri={q(D1)}",
            body=f"WITH <{D2}> DELETE {{ ?s ?p ?o }} INSERT {{ ?s ?p 1 }} "
            "WHERE { ?s ?p ?o }".encode(),
            type=UPDATE,
            statuses=BAD,
        )
    ],
}


@pytest.mark.parametrize("name", PROTOCOL)
def test_sparql_protocol(scratch: Server, name: str) -> None:
    for ask in PROTOCOL[name]:
        headers = {"Content_Type": ask.type} if ask.type else {}
        reply = scratch.request(ask.method, f"/sparql{ask.url}", ask.body, **headers)
        assert reply.status in ask.statuses, reply.text
        if ask.offers:
            assert reply.headers["content-type"].split(";")[0] in ask.offers
        if ask.answer is not None:
            assert reply.json()["boolean"] is ask.answer


def by_query(name: str) -> str:
    return f"?graph={q(f'http://example.net/store/{name}')}"


def person(name: str, subject: str = "<http://example.net/p>") -> str:
    """A graph with a blank node in it."""
    ns = "http://example.net/ns#"
    return f'{subject} a <{ns}Person> ; <{ns}card> [ <{ns}name> "{name}" ] .'


def send(server: Server, method: str, where: str, turtle: str | None = None) -> Reply:
    headers = {"Accept": "text/turtle"} if turtle is None else {"Content_Type": TURTLE}
    body = None if turtle is None else turtle.encode()
    return server.request(method, f"/graph-store{where}", body, **headers)


def has(server: Server, where: str, turtle: str) -> bool:
    reply = send(server, "GET", where)
    assert reply.status == 200, reply.text
    assert reply.headers["content-type"] == TURTLE
    found = rdflib.Graph().parse(data=reply.body, format="turtle")
    return isomorphic(found, rdflib.Graph().parse(data=turtle, format="turtle"))


WAYS = {"by path": "/people/one.ttl", "by query": by_query("one")}
ways = pytest.mark.parametrize("where", WAYS.values(), ids=WAYS)


@ways
def test_put_makes_a_graph_and_then_replaces_it(scratch: Server, where: str) -> None:
    assert send(scratch, "PUT", where, person("Li")).status == 201
    assert has(scratch, where, person("Li"))
    assert send(scratch, "PUT", where, person("Ai")).status in (200, 204)
    assert has(scratch, where, person("Ai"))


def test_put_replaces_the_default_graph(scratch: Server) -> None:
    assert send(scratch, "PUT", by_query("other"), person("Ai")).status == 201
    assert send(scratch, "PUT", "?default", person("Li", "[]")).status in (200, 201, 204)
    assert has(scratch, "?default", person("Li", "[]"))


@ways
def test_a_deleted_graph_is_not_there(scratch: Server, where: str) -> None:
    assert send(scratch, "PUT", where, person("Li")).status == 201
    assert send(scratch, "DELETE", where).status in (200, 204)
    assert send(scratch, "GET", where).status == 404
    assert send(scratch, "DELETE", where).status == 404


@ways
def test_post_adds_to_a_graph_also_in_several_parts(scratch: Server, where: str) -> None:
    assert send(scratch, "POST", where, person("Li")).status in (200, 201, 204)
    assert has(scratch, where, person("Li"))
    extra = [f'<http://example.net/p> <http://example.net/ns#{name}> "x" .' for name in "ab"]
    parts = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{i}"; filename="{i}.ttl"\r\n'
        f"Content-Type: {TURTLE}\r\n\r\n{text}\r\n"
        for i, text in enumerate(extra)
    )
    reply = scratch.request(
        "POST",
        f"/graph-store{where}",
        f"{parts}--edge--\r\n".encode(),
        Content_Type="multipart/form-data; boundary=edge",
    )
    assert reply.status in (200, 204), reply.text
    assert has(scratch, where, person("Li") + " ".join(extra))


def test_post_without_a_graph_makes_one_and_says_where(scratch: Server) -> None:
    reply = send(scratch, "POST", "", person("Li", "[]"))
    assert reply.status == 201
    assert has(scratch, f"?graph={q(reply.headers['location'])}", person("Li", "[]"))


@ways
def test_head_tells_whether_a_graph_is_there(scratch: Server, where: str) -> None:
    assert send(scratch, "HEAD", where).status == 404
    assert send(scratch, "PUT", where, person("Li")).status == 201
    reply = send(scratch, "HEAD", where)
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["content-type"] == TURTLE


def test_escapes_in_the_query_are_decoded(scratch: Server) -> None:
    assert send(scratch, "PUT", by_query("one"), person("Li")).status == 201
    assert has(scratch, "?graph=http://example.net/store/one", person("Li"))


def test_escapes_in_the_query_are_decoded_once_only(scratch: Server) -> None:
    plain, escaped = "?graph=http://example.net/%41", "?graph=http://example.net/%2541"
    assert send(scratch, "PUT", plain, person("Li")).status == 201
    assert send(scratch, "PUT", escaped, person("Ai")).status == 201
    assert has(scratch, plain, person("Li"))
    assert has(scratch, "?graph=http://example.net/A", person("Li"))
    assert has(scratch, escaped, person("Ai"))


@pytest.mark.parametrize(
    ("where", "content_type", "body", "status"),
    [
        ("", "text/turtle", b"<a> <b> <c> .", 201),
        ("?graph=relative", "text/turtle", b"", 400),
        ("?graph=http://x/a&graph=http://x/b", "text/turtle", b"", 400),
        ("?graph=http://x/a&default", "text/turtle", b"", 400),
        ("/a?default", "text/turtle", b"", 400),
        ("?graph=http://x/a", "text/plain", b"", 415),
        ("?graph=http://x/a", "text/turtle; charset=latin-1", b"", 415),
        ("?graph=http://x/a", "text/turtle", b"<a> <b>", 400),
        ("?graph=http://x/a", "application/ld+json", b'{"@context": "http://x/c"}', 400),
    ],
)
def test_a_graph_that_cannot_be_read_or_named_is_refused(
    scratch: Server, where: str, content_type: str, body: bytes, status: int
) -> None:
    path = f"/graph-store{where}"
    reply = scratch.request("POST", path, body, Content_Type=content_type)
    assert reply.status == status, reply.text


@ways
def test_a_graph_of_a_megabyte_arrives_whole(scratch: Server, where: str) -> None:
    lines = [f"<http://example.net/s> <http://example.net/p> {n:07} ." for n in range(20_000)]
    assert send(scratch, "PUT", where, "\n".join(lines)).status == 201
    count = b"SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    reply = scratch.request("POST", "/sparql", count, Content_Type=QUERY, Accept="text/csv")
    assert reply.text.split() == ["n", "20000"]
