"""The remote engine: the same questions, asked of any SPARQL 1.1 endpoint.

The endpoint is one that ``crisisgov publish`` has filled (or that holds the same
N-Quads by other means): Virtuoso, GraphDB, Neptune, QLever, a cluster of them. Its
default graph has to be the union of all its graphs.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, cast

from crisisgov.ontology.terms import BASE
from crisisgov.server.engine import errors, remote_http, remote_results, tokens
from crisisgov.server.engine.api import (
    MAX_QUERY_BYTES,
    EngineStatus,
    Lane,
    QueryResult,
    ResultKind,
    in_memory,
)
from crisisgov.server.engine.formats import DEFAULT_FORMATS, JSON, ResultFormats
from crisisgov.server.engine.lanes import WorkerLane
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.engine.process import WorkerProcess
from crisisgov.server.engine.remote_errors import (
    EndpointFailed,
    ExtensionRefused,
    IncompleteResult,
)
from crisisgov.server.engine.spool import CeilingReached, Spool, SpoolFailed

VERSION_QUERY = f"SELECT ?v {{ <{BASE}dataset> <http://www.w3.org/ns/dcat#version> ?v }}"
_IN_ANY_GRAPH = VERSION_QUERY.replace("{ ", "{ GRAPH ?g { ", 1).replace(" }", " } }", 1)

_ACCEPT: dict[ResultKind, str] = {
    "select": "application/sparql-results+json",
    "ask": "application/sparql-results+json",
    "graph": "application/n-triples",
}
_FORMS: dict[str, ResultKind] = {
    "select": "select",
    "ask": "ask",
    "construct": "graph",
    "describe": "graph",
}
_LOOK_SECONDS = 5.0  # the longest that one look at the version takes
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_EXTENSION = re.compile(r"\b(?:bif|sql)\s*:", re.IGNORECASE)
# How endpoints say, in the text of an error, that their own limit of time was reached.
_TIMED_OUT = re.compile(r"S1T00|timed? ?out|estimated execution time", re.IGNORECASE)
# Virtuoso sends these with the beginning of a result and status 200.
_CUT_HEADERS = ("x-sparql-maxrows", "x-sql-state", "x-sql-message")


class _Place:
    """One of the queries that may run at once; never dies."""

    def alive(self) -> bool:
        """Say yes, as lanes ask their workers."""
        return True


class RemoteEngine:
    """Answers queries from the endpoint at ``endpoint``; see ``api.QueryEngine``.

    A result is complete or an error: only status 200, a well-formed end and no
    header that tells of a cut make a result, and only if the endpoint holds the
    same version of the graph after it as before.

    :raises UsageError: when ``endpoint`` is not the URL of an endpoint.
    """

    def __init__(
        self,
        endpoint: str,
        options: EngineOptions,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        self.endpoint = remote_http.check_url(endpoint)
        self.options = options
        self._prefixes = prefixes or {}
        self._local = threading.local()
        self._version: str | None = None
        self._error = "not asked yet"
        self._stopping = threading.Event()
        self._lanes = {name: WorkerLane(limits) for name, limits in options.limits().items()}
        for lane in self._lanes.values():
            for _place in range(lane.limits.workers):
                # Lanes ask of a worker only whether it is alive.
                lane.add(cast(WorkerProcess, _Place()))
        self._follower = threading.Thread(target=self._follow, name="crisisgov-remote", daemon=True)
        self._follower.start()

    @property
    def version(self) -> str | None:
        """Version that the endpoint held when it was last looked at; the pinned one when pinned."""
        return self._pinned() or self._version

    @contextlib.contextmanager
    def pinned(self) -> Iterator[str | None]:
        """Have every query of this thread answered from the version that is there now.

        The endpoint keeps no old versions: when it gets another meanwhile, the
        queries that follow end with ``EngineNotReady``, for the client to ask again.
        """
        if self._pinned() is not None or self._version is None:
            yield self.version
            return
        self._local.version = self._version
        try:
            yield self._local.version
        finally:
            self._local.version = None

    def run(
        self,
        query: str,
        *,
        accept: ResultFormats = DEFAULT_FORMATS,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        deadline_s: float,
        lane: Lane = "public",
        client: str = "",
    ) -> QueryResult:
        """Answer ``query``; see :class:`crisisgov.server.engine.api.QueryEngine`."""
        kind = query_kind(query)
        media_type = remote_results.choose(kind, accept)
        request = remote_http.QueryRequest(self.endpoint, query, _ACCEPT[kind])
        for iri in default_graphs:
            request.addParameter("default-graph-uri", iri)
        for iri in named_graphs:
            request.addParameter("named-graph-uri", iri)
        place = self._lanes[lane].acquire(client, deadline_s)
        try:
            return self._answer(request, kind, media_type, time.monotonic() + deadline_s)
        finally:
            self._lanes[lane].release(place, client, usable=True)

    def status(self) -> EngineStatus:
        """Tell how the engine is doing; ``workers`` are the queries that may run at once."""
        counts = [lane.counts() for lane in self._lanes.values()]
        return EngineStatus(
            version=self._version,
            created=None,
            workers=sum(lane.limits.workers for lane in self._lanes.values()),
            busy=sum(running for running, _waiting in counts),
            waiting=sum(waiting for _running, waiting in counts),
            walled=False,
            error=self._error,
        )

    def close(self) -> None:
        """Stop; waiting queries end at once, running ones by their deadline."""
        self._stopping.set()
        for lane in self._lanes.values():
            lane.stop()

    def _pinned(self) -> str | None:
        return cast("str | None", getattr(self._local, "version", None))

    def _answer(
        self, request: remote_http.QueryRequest, kind: ResultKind, media_type: str, deadline: float
    ) -> QueryResult:
        """Ask, and ask again once if the endpoint got another version meanwhile."""
        for _attempt in range(2):
            started = time.monotonic()
            before = self.version or self._look(deadline)
            result = self._ask(request, kind, media_type, deadline, before, started)
            if self._look(deadline) == before:
                return result
            result.close()
            if self._pinned() is not None:
                break
        raise errors.EngineNotReady(
            "The graph was replaced while the query ran.", hint="Ask again.", retry_after=1
        )

    def _ask(
        self,
        request: remote_http.QueryRequest,
        kind: ResultKind,
        media_type: str,
        deadline: float,
        version: str,
        started: float,
    ) -> QueryResult:
        ceiling = self.options.result_bytes
        # What comes is JSON or N-Triples, of which the format asked for may be a small part.
        normal = ceiling if media_type == JSON or kind == "graph" else 4 * ceiling
        spools = [Spool(4 * ceiling), Spool(normal), Spool(ceiling)]
        try:
            reply = remote_http.send(request.build(), deadline, spools[0])
            _require_complete(reply, kind)
            with remote_results.readable(spools[0]) as content:
                done = remote_results.rewrite(
                    kind, content, media_type, (spools[1], spools[2]), self._prefixes, deadline
                )
            seconds = time.monotonic() - started
            held = done.inline()
            if held is not None:
                return in_memory(kind, media_type, version, held, seconds)
            file: BinaryIO = remote_results.readable(done)
            return QueryResult(kind, media_type, version, done.size, seconds, file)
        except CeilingReached as error:
            raise errors.ResultTooLarge(
                f"The result is longer than {ceiling / 1_000_000:g} MB, the most that is sent.",
                hint="Add LIMIT, or ask for fewer columns.",
            ) from error
        except SpoolFailed as error:
            raise errors.StoreFailure(
                f"The result could not be stored before sending: {error}."
            ) from error
        finally:
            for spool in spools:
                spool.close()

    def _look(self, deadline: float) -> str:
        """Return the version that the endpoint holds now, and remember it.

        :raises EngineNotReady: when it holds none.
        """
        try:
            found = self._versions(VERSION_QUERY, deadline)
            if len(found) != 1:
                raise self._no_version(found, deadline)
        except errors.QueryError as error:
            self._version, self._error = None, error.detail
            raise
        self._version, self._error = found[0], ""
        return found[0]

    def _no_version(self, found: list[str], deadline: float) -> errors.EngineNotReady:
        if found:
            detail = f"{self.endpoint} holds more than one version: {', '.join(sorted(found))}."
            hint = "Run crisisgov publish again."
        elif self._versions(_IN_ANY_GRAPH, deadline):
            detail = f"The default graph of {self.endpoint} is not the union of its graphs."
            hint = "Set the endpoint up so that it is; see docs/scaling.md."
        else:
            detail = f"{self.endpoint} holds no version of the graph, or gets one just now."
            hint = "Fill it with crisisgov publish."
        return errors.EngineNotReady(detail, hint=hint, retry_after=10)

    def _versions(self, query: str, deadline: float) -> list[str]:
        request = remote_http.QueryRequest(self.endpoint, query, _ACCEPT["select"])
        sinks = [Spool(100_000), Spool(100_000), Spool(100_000)]
        try:
            limit = min(deadline, time.monotonic() + _LOOK_SECONDS)
            _require_complete(remote_http.send(request.build(), limit, sinks[0]), "select")
            with remote_results.readable(sinks[0]) as content:
                done = remote_results.rewrite(
                    "select", content, "text/csv", (sinks[1], sinks[2]), {}, limit
                )
            return (done.inline() or b"").decode().split()[1:]
        except CeilingReached as error:
            raise IncompleteResult(f"{self.endpoint} answers at undue length.") from error
        finally:
            for sink in sinks:
                sink.close()

    def _follow(self) -> None:
        """Look at the version now and then, as long as the engine runs."""
        while not self._stopping.is_set():
            with contextlib.suppress(errors.QueryError):
                self._look(time.monotonic() + _LOOK_SECONDS)
            self._stopping.wait(self.options.follow_seconds)


def query_kind(query: str) -> ResultKind:
    """Tell what kind of result ``query`` asks for, and refuse what is not sent elsewhere.

    The endpoint runs a query with rights of its own, which this server cannot
    take away: no SERVICE, no functions of one product, nothing but queries. The
    check for SERVICE is of letters, as no parser here is a boundary.

    :raises QueryTooLong: over 64 kB.
    :raises FederationOff: when the letters ``service`` stand anywhere in it.
    :raises ExtensionRefused: for Virtuoso's ``DEFINE``, ``bif:`` and ``sql:``.
    :raises QuerySyntaxError: when it is no query.
    """
    if len(query.encode("utf-8", "surrogatepass")) > MAX_QUERY_BYTES:
        raise errors.QueryTooLong(
            f"The query is longer than {MAX_QUERY_BYTES // 1024} kB.",
            hint="Send long lists of values in several queries.",
        )
    # SPARQL reads \\u0073ervice as service, wherever it stands (SPARQL 1.1, 19.2).
    unescaped = _ESCAPE.sub(_character, query)
    if "service" in unescaped.lower():
        raise errors.FederationOff(
            "This endpoint hands queries on and refuses each with the letters “service” in it.",
            hint='In a text, write CONCAT("serv", "ice").',
        )
    if _EXTENSION.search(unescaped):
        raise ExtensionRefused("Functions of one product (bif:, sql:) are not handed on.")
    words = (token.text.lower() for token in tokens.tokens(unescaped) if token.kind == "word")
    form = next((word for word in words if word not in ("prefix", "base")), "")
    if form == "define":
        raise ExtensionRefused("DEFINE is Virtuoso's own and is not handed on.")
    if form not in _FORMS:
        raise errors.QuerySyntaxError(
            f"The text is no query: it begins with “{form[:40]}”."
            if form
            else "There is no query.",
            hint="Queries begin with SELECT, ASK, CONSTRUCT or DESCRIBE, after their prefixes.",
        )
    return _FORMS[form]


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]


def _require_complete(reply: remote_http.Reply, kind: ResultKind) -> None:
    """Check that ``reply`` is a whole result.

    :raises QuerySyntaxError: when the endpoint refuses the query's text.
    :raises QueryDeadline: when the endpoint's own limit of time was reached.
    :raises EngineBusy: when it has too much to do.
    :raises EndpointFailed: for every other status than 200.
    :raises IncompleteResult: when the result is cut, or its end unmarked, or not RDF.
    """
    said = " ".join(reply.error.split())[:300]
    if reply.status != 200 and _TIMED_OUT.search(said):
        raise errors.QueryDeadline(
            "The query took longer than the remote endpoint allows.",
            hint="Add LIMIT or narrower conditions.",
        )
    if reply.status == 400:
        raise errors.QuerySyntaxError(f"The remote endpoint refuses the query: {said}")
    if reply.status in (429, 503):
        raise errors.EngineBusy("The remote endpoint is busy.", retry_after=10)
    if reply.status != 200:
        where = reply.headers.get("location", "")
        hint = f"It points to {where}; give that URL if it is the endpoint." if where else ""
        raise EndpointFailed(f"The remote endpoint answers {reply.status}: {said}", hint=hint)
    for name in _CUT_HEADERS:
        if name in reply.headers:
            raise IncompleteResult(
                f"The remote endpoint has cut the result ({name}: {reply.headers[name][:100]}).",
                hint="Ask for less with LIMIT; or raise the endpoint's own limit.",
            )
    if reply.headers.get("content-encoding", "identity") != "identity":
        raise IncompleteResult("The remote endpoint's result is packed, which was not asked for.")
    media_type = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in (_ACCEPT[kind], "application/json", "text/plain"):
        raise IncompleteResult(
            f"The remote endpoint sends {media_type or 'no type'}, not {_ACCEPT[kind]}."
        )
    # N-Triples that are cut between two lines look whole; JSON does not.
    if kind == "graph" and not reply.framed:
        raise IncompleteResult("The end of the remote endpoint's result is not marked.")
