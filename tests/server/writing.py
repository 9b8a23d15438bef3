"""Writing over HTTP and into a data folder: what is sent, and what is read back."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from crisisgov.ontology.terms import BASE
from tests.support.servers import Reply, Server

CONTRIB = BASE + "graph/contrib/"
CITY = f"<{BASE}actor/city>"
SEE = "<http://www.w3.org/2000/01/rdf-schema#seeAlso>"
TOKEN = "a-token-that-nobody-guesses"
BEARER = f"Bearer {TOKEN}"


def insert(graph: str, *values: str) -> str:
    triples = " ".join(f"{CITY} {SEE} <http://example.org/{value}> ." for value in values)
    return f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}"


def quad(value: str, graph: str = CONTRIB + "a") -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(BASE + "actor/city"),
        ox.NamedNode(SEE.strip("<>")),
        ox.NamedNode(f"http://example.org/{value}"),
        ox.NamedNode(graph),
    )


def start(data: Path, log: Path) -> Server:
    server = Server(
        data,
        log,
        CRISISGOV_WRITE_TOKEN=TOKEN,
        CRISISGOV_WORKERS="3",
        CRISISGOV_PAGE_WORKERS="1",
    )
    server.wait_until_ready()
    return server


def update(server: Server, text: str, authorization: str = BEARER) -> Reply:
    return server.request(
        "POST",
        "/sparql",
        text.encode(),
        Content_Type="application/sparql-update",
        Authorization=authorization,
    )


def values(server: Server, graph: str) -> set[str]:
    """What the city is said to have in a graph."""
    query = f"SELECT ?o WHERE {{ GRAPH <{graph}> {{ {CITY} {SEE} ?o }} }}"
    rows = server.query(query, Accept="text/csv").text.split()[1:]
    return {row.rsplit("/", 1)[1] for row in rows}
