"""The W3C's own tests of the SPARQL 1.1 Protocol (34) and the Graph Store Protocol (13).

``CRISISGOV_CONFORMANCE=FOLDER make test PYTEST_ARGS=tests/conformance`` runs them
against a clone of w3c/rdf-tests. Where the manifests are missing, they are named
among the tests that were not run; ``test_protocol_cases.py`` checks the same
behaviour everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import pytest
import rdflib
from rdflib.compare import isomorphic

from tests.conformance import manifests
from tests.conformance.manifests import Case, Step
from tests.support.servers import Reply, Server

FOLDER = manifests.folder(Path(__file__).resolve().parents[2])
COUNTS = {"protocol": 34, "graph-store-protocol": 13}
CASES = [
    pytest.param(case, id=f"{name}-{case.name}")
    for name in COUNTS
    for case in (manifests.cases(FOLDER, name) if FOLDER else ())
]

TABULAR = {
    "application/sparql-results+xml",
    "application/sparql-results+json",
    "text/csv",
    "text/tab-separated-values",
}
GRAPHS = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}


def test_the_manifests_have_all_tests(not_run: Callable[[str], NoReturn]) -> None:
    if FOLDER is None:
        not_run("needs the manifests of w3c/rdf-tests; CRISISGOV_CONFORMANCE names their folder")
    assert {name: len(manifests.cases(FOLDER, name)) for name in COUNTS} == COUNTS


@pytest.mark.parametrize("case", CASES)
def test_of_the_w3c_passes(case: Case, scratch: Server) -> None:
    for name, path in case.data:
        loaded = scratch.request(
            "PUT",
            f"/graph-store?graph={quote(name, safe='')}",
            path.read_bytes(),
            Content_Type="application/n-triples",
        )
        assert loaded.status == 201, loaded.text
    locations: dict[str, str] = {}
    for step in case.steps:
        _check(step, _send(scratch, step, locations))


def _send(server: Server, step: Step, locations: dict[str, str]) -> Reply:
    path, body = step.path, step.body
    for prefix, ours in (("/sparql/", "/sparql"), ("/gsp", "/graph-store")):
        if path.startswith(prefix):
            path = ours + path.removeprefix(prefix)
    for name, value in locations.items():
        path = path.replace(name, quote(value, safe=""))
        body = None if body is None else body.replace(name.encode(), value.encode())
    headers = {name.replace("-", "_"): value for name, value in step.headers.items()}
    reply = server.request(step.method, path, body, **headers)
    if step.location:
        locations[step.location] = reply.headers["location"]
    return reply


def _check(step: Step, reply: Reply) -> None:
    assert reply.status in step.statuses, reply.text
    media_type = reply.headers.get("content-type", "").split(";")[0]
    if step.kind in ("boolean", "tabular"):
        assert media_type in TABULAR
    if step.kind == "RDF":
        assert media_type in GRAPHS
    if step.boolean is not None:
        assert reply.json()["boolean"] is step.boolean
    if step.content_type:
        assert reply.headers["content-type"].replace(" ", "").lower() == step.content_type.replace(
            " ", ""
        )
    if step.graph is not None:
        expected = rdflib.Graph().parse(data=step.graph, format="turtle", publicID="http://x/")
        found = rdflib.Graph().parse(data=reply.body, format="turtle", publicID="http://x/")
        assert isomorphic(found, expected)
