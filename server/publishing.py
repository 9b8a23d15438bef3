"""Filling a remote store with a version of the graph: ``crisisgov publish``.

Graph by graph over the SPARQL 1.1 Graph Store Protocol, in batches: PUT replaces
a graph with its first batch, POST adds the others. The graph ``<meta>``, which names
the version, goes first and comes last, so that whoever asks meanwhile finds no
version instead of half of one. Publishing again gives the same store.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import urllib.error
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from itertools import islice
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    ProxyHandler,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

from crisisgov.errors import CrisisgovError, InputError, UsageError
from crisisgov.loaders.version_files import Version
from crisisgov.ontology.terms import BASE, META_GRAPH
from crisisgov.server.engine.remote_http import AGENT, QueryRequest, check_url

BATCH = 20_000  # quads, about 5 MB: servers refuse bodies of unbounded length
OUR_GRAPHS = f"{BASE}graph/"

_SECONDS = 300.0  # for one batch; a single read or write of a socket
# A line as the build writes it: the graph is the last IRI.
_LINE = re.compile(rb"^(?P<triple>.+) <(?P<graph>[^<>\s]+)> \.\s*$")
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


class PublishError(CrisisgovError):
    """The remote store did not take the graph, or took something else than it was given."""


@dataclass(frozen=True)
class Published:
    """What was done: quads and graphs loaded, stale graphs removed, graphs of others found."""

    version: str
    quads: int
    graphs: int
    removed: tuple[str, ...]
    foreign: tuple[str, ...]


class _NoRedirect(HTTPRedirectHandler):
    """A redirected PUT would arrive as a GET, and the password somewhere else."""

    def redirect_request(self, *_arguments: object, **_named: object) -> None:
        """Follow nothing: the answer is then an error with its status."""


class GraphStore:
    """A store that speaks the Graph Store Protocol at ``url`` and SPARQL at ``endpoint``."""

    def __init__(self, endpoint: str, url: str, user: str = "", password: str = "") -> None:
        self.endpoint = check_url(endpoint)
        self.url = check_url(url)
        self.user = user
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, user, password)
        self._digest = HTTPDigestAuthHandler(passwords)
        handlers: list[BaseHandler] = [ProxyHandler({}), _NoRedirect()]
        self._opener = build_opener(*handlers)
        self._challenge: Mapping[str, str] | None = None
        self._basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        if user:
            self._learn_challenge()

    def put(self, graph: str, triples: bytes) -> None:
        """Replace a graph."""
        self._change("PUT", graph, triples)

    def post(self, graph: str, triples: bytes) -> None:
        """Add to a graph."""
        self._change("POST", graph, triples)

    def delete(self, graph: str) -> None:
        """Remove a graph; it may be that there is none."""
        self._change("DELETE", graph, None)

    def counts(self) -> dict[str, int]:
        """Return how many triples each named graph holds.

        :raises PublishError: when the endpoint does not tell
        """
        request = QueryRequest(self.endpoint, _COUNTS, "application/sparql-results+json").build()
        status, headers, body = self._send(request)
        if status != 200:
            raise PublishError(f"{self.endpoint} answers {status} to a query: {_said(body)}")
        cut = {"X-SPARQL-MaxRows", "X-SQL-State"} & set(headers)
        try:
            rows = json.loads(body)["results"]["bindings"]
            found = {row["g"]["value"]: int(row["n"]["value"]) for row in rows if "g" in row}
        except (ValueError, KeyError, TypeError) as error:
            raise PublishError(f"{self.endpoint} answers a query with no JSON results") from error
        if cut:
            raise PublishError(f"{self.endpoint} cuts its results; raise its limit of rows")
        return found

    def _change(self, method: str, graph: str, triples: bytes | None) -> None:
        sign = "&" if urlsplit(self.url).query else "?"
        target = f"{self.url}{sign}graph={quote(graph, safe='')}"
        request = Request(target, triples, method=method)
        if triples is not None:
            # N-Triples is Turtle, which every store reads.
            request.add_header("Content-Type", "text/turtle; charset=utf-8")
        if self._challenge is not None:
            signed = self._digest.get_authorization(request, self._challenge)
            request.add_header("Authorization", f"Digest {signed}")
        elif self.user:
            request.add_header("Authorization", f"Basic {self._basic}")
        status, headers, body = self._send(request)
        if status in (401, 403):
            who = f"user {self.user}" if self.user else "an unnamed user"
            raise PublishError(
                f"{self.url} does not let {who} write ({status}); give --user, and its password "
                "in CRISISGOV_PUBLISH_PASSWORD"
            )
        if method == "DELETE" and status == 404:
            return
        if not 200 <= status < 300:
            where = headers.get("Location")
            said = f"it points to {where}" if where else _said(body)
            raise PublishError(f"{self.url} answers {status} to {method} of <{graph}>: {said}")

    def _learn_challenge(self) -> None:
        """Ask once without the password, so that no large body is sent in vain.

        A server that wants a digest answers 401 before it has read the body and
        closes the connection, which the sender sees as a broken one.
        """
        probe = Request(f"{self.url}?graph={quote(META_GRAPH, safe='')}", method="GET")
        _status, headers, _body = self._send(probe)
        scheme, _blank, rest = headers.get("WWW-Authenticate", "").partition(" ")
        if scheme.lower() == "digest":
            self._challenge = parse_keqv_list(parse_http_list(rest))

    def _send(self, request: Request) -> tuple[int, Message, bytes]:
        request.add_header("User-Agent", AGENT)
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read(4096)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise PublishError(
                f"{request.full_url.partition('?')[0]} cannot be reached: {reason}"
            ) from error


def find_graph_store(endpoint: str) -> str:
    """Return where the store behind ``endpoint`` speaks the Graph Store Protocol.

    There is no standard way to find it; Virtuoso names itself, and its place is known.

    :raises UsageError: for any other product.
    """
    check_url(endpoint)
    try:
        with build_opener(ProxyHandler({})).open(endpoint, timeout=30.0) as response:
            server = response.headers.get("Server", "")
    except urllib.error.HTTPError as error:
        with error:
            server = error.headers.get("Server", "")
    except (OSError, http.client.HTTPException) as error:
        raise PublishError(f"{endpoint} cannot be reached: {error}") from error
    if server.startswith("Virtuoso"):
        return urljoin(endpoint, "/sparql-graph-crud-auth")
    raise UsageError(
        f"{endpoint}: where this server ({server or 'of unknown make'}) takes graphs is not known; "
        "give the URL of its Graph Store Protocol with --graph-store"
    )


def publish(
    version: Version, store: GraphStore, progress: Callable[[str], None] = lambda text: None
) -> Published:
    """Make ``store`` hold exactly ``version`` in the graphs of this project.

    Graphs of others are left alone, and named in the result: in a default graph
    that is a union they are seen, too.

    :raises InputError: when the version holds what cannot be sent in batches.
    :raises PublishError: when the store refuses, or counts otherwise afterwards.
    """
    store.delete(META_GRAPH)
    counts: dict[str, int] = {}
    meta: list[bytes] = []
    for graph, triples in batches(version.quads_path):
        if graph == META_GRAPH:
            meta += triples
            continue
        (store.post if graph in counts else store.put)(graph, b"".join(triples))
        counts[graph] = counts.get(graph, 0) + len(triples)
        progress(f"{sum(counts.values())} quads in {len(counts)} graphs")
    if not meta:
        raise InputError(f"{version.quads_path}: no graph <{META_GRAPH}>; build again")
    there = store.counts()
    ours = {graph for graph in there if graph.startswith(OUR_GRAPHS)}
    removed = sorted(ours - set(counts) - {META_GRAPH})
    for graph in removed:
        store.delete(graph)
    progress("comparing the counts of each graph")
    _compare(counts, there)
    store.put(META_GRAPH, b"".join(meta))
    counts[META_GRAPH] = len(meta)
    there = store.counts()
    _compare(counts, there)
    return Published(
        version=version.id,
        quads=sum(counts.values()),
        graphs=len(counts),
        removed=tuple(removed),
        foreign=tuple(sorted(set(there) - set(counts))),
    )


def batches(path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Yield (graph, triples as N-Triples lines) for the N-Quads file ``path``.

    The build sorts its lines by subject; here a graph's lines come together, at
    most :data:`BATCH` at a time, from one pass over the file for all small
    graphs: no more than that many lines of each graph are held.

    :raises InputError: for a line with a blank node (two batches would make two
        nodes of it) or outside every graph, with its number.
    """
    held: dict[str, list[bytes]] = {}
    with path.open("rb") as file:
        number = 0
        while lines := list(islice(file, BATCH)):
            for line in lines:
                number += 1
                match = _LINE.match(line)
                if (
                    match is None
                    or line.startswith(b"_:")
                    or match["triple"].rsplit(None, 1)[-1].startswith(b"_:")
                ):
                    raise InputError(
                        f"{path}:{number}: a blank node, or no named graph; such a line "
                        "cannot be published"
                    )
                graph = match["graph"].decode()
                mine = held.setdefault(graph, [])
                mine.append(match["triple"] + b" .\n")
                if len(mine) == BATCH:
                    yield graph, mine
                    held[graph] = []
    for graph, rest in held.items():
        if rest:
            yield graph, rest


def _compare(sent: dict[str, int], there: dict[str, int]) -> None:
    wrong = [
        f"  <{graph}>: {count} triples sent, {there.get(graph, 0)} there"
        for graph, count in sorted(sent.items())
        if there.get(graph, 0) != count
    ]
    if wrong:
        shown = "\n".join(wrong[:10])
        raise PublishError(
            f"{len(wrong)} graph(s) differ in the store after loading; publish again, and look "
            f"into the store's own log if it stays so:\n{shown}"
        )


def _said(body: bytes) -> str:
    return " ".join(body.decode("utf-8", "replace").split())[:300] or "nothing more"
