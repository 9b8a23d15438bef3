"""Reading the W3C's test manifests of the two HTTP protocols (repository w3c/rdf-tests).

They are not part of this repository. ``CRISISGOV_CONFORMANCE`` names the folder
in which they lie, as a checkout or with the two folders alone; by default
``../shared/conformance`` beside the checkout.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import rdflib
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
STATUS = "http://www.w3.org/2011/http-statusCodes#"

# Names of single status codes; classes of them are StatusCode2xx and so on.
NAMES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}

FOLDERS = {"protocol": "ProtocolTest", "graph-store-protocol": "GraphStoreProtocolTest"}


@dataclass(frozen=True)
class Step:
    """One request and what has to come back."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[int]
    boolean: bool | None
    kind: str
    """``boolean``, ``tabular``, ``RDF`` or nothing."""
    location: str
    """Name under which later requests use the Location that came back."""
    content_type: str
    graph: str | None
    """Turtle that the body must be isomorphic to."""


@dataclass(frozen=True)
class Case:
    """One test: graphs to load, requests to send."""

    name: str
    data: tuple[tuple[str, Path], ...]
    steps: tuple[Step, ...]


def folder(checkout: Path) -> Path | None:
    """Return where the manifests lie, None where they are missing."""
    given = os.environ.get("CRISISGOV_CONFORMANCE")
    root = Path(given) if given else checkout.parent / "shared" / "conformance"
    for below in (root / "sparql" / "sparql11", root / "sparql11", root):
        if all((below / name).is_dir() for name in FOLDERS):
            return below
    return None


def cases(root: Path, name: str) -> list[Case]:
    """Return the cases of one folder, in the order of its manifests."""
    found: list[Case] = []
    for path in _manifests(root / name / "manifest.ttl"):
        graph = Graph().parse(path, format="turtle")
        for entries in graph.objects(None, MF.entries):
            for entry in Collection(graph, entries):
                found.append(_case(graph, entry, path.parent))
    return found


def _manifests(path: Path) -> list[Path]:
    graph = Graph().parse(path, format="turtle")
    included = [
        path.parent / str(one).rsplit("/", 1)[-1]
        for listed in graph.objects(None, MF.include)
        for one in Collection(graph, listed)
    ]
    return included or [path]


def _case(graph: Graph, entry: Node, beside: Path) -> Case:
    kinds = {str(kind).removeprefix(str(MF)) for kind in graph.objects(entry, RDF.type)}
    assert kinds & set(FOLDERS.values()), f"{entry} is no test of a protocol"
    data = []
    for node in graph.objects(entry, UT.graphData):
        name = str(graph.value(node, rdflib.RDFS.label))
        data.append((name, beside / str(graph.value(node, UT.graph)).rsplit("/", 1)[-1]))
    action = graph.value(entry, MF.action)
    requests = graph.value(action, HT.requests)
    assert requests is not None
    steps = tuple(_step(graph, node) for node in Collection(graph, requests))
    assert steps, f"{entry} sends nothing"
    return Case(str(entry).rsplit("#", 1)[-1], tuple(sorted(data)), steps)


def _step(graph: Graph, node: Node) -> Step:
    response = graph.value(node, HT.resp)
    assert response is not None
    boolean = graph.value(response, MF.expectedBoolean)
    body = _body(graph, node)
    expected = _body(graph, response)
    return Step(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        headers=_headers(graph, node),
        body=body,
        statuses=_statuses(graph, response),
        boolean=None if boolean is None else str(boolean) == "true",
        kind=str(graph.value(response, MF.expectedFormat) or ""),
        location=str(graph.value(response, MF.expectedLocation) or ""),
        content_type=_headers(graph, response).get("content-type", ""),
        graph=None if expected is None else expected.decode(),
    )


def _headers(graph: Graph, node: Node) -> dict[str, str]:
    listed = graph.value(node, HT.headers)
    found = {}
    for header in Collection(graph, listed) if listed is not None else ():
        name = str(graph.value(header, HT.fieldName)).lower()
        found[name] = str(graph.value(header, HT.fieldValue))
    return found


def _body(graph: Graph, node: Node) -> bytes | None:
    content = graph.value(node, HT.body)
    if content is None:
        return None
    encoding = str(graph.value(content, CNT.characterEncoding) or "UTF-8")
    return str(graph.value(content, CNT.chars)).encode(encoding)


def _statuses(graph: Graph, response: Node) -> frozenset[int]:
    found: set[int] = set()
    for status in graph.objects(response, MF.expectedStatus):
        name = str(status).removeprefix(STATUS)
        if name.startswith("StatusCode"):
            hundreds = int(name[len("StatusCode")]) * 100
            found.update(range(hundreds, hundreds + 100))
        else:
            found.add(NAMES[name])
    assert found, "a response without an expected status"
    return frozenset(found)
