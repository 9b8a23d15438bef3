"""``/sparql``: the SPARQL 1.1 Protocol, the editor, the service description.

The query operation in its three forms (GET, POST with a form, POST with the
query as body), and the update operation in its two, which is off by default
(:mod:`crisisgov.server.updates`). Without an operation, a browser gets the
editor and a program the description of the service.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

import pyoxigraph
from flask import Blueprint, Response, request

from crisisgov.server import editor, service_description
from crisisgov.server.engine import formats
from crisisgov.server.engine.api import MAX_QUERY_BYTES, QueryResult
from crisisgov.server.engine.errors import NotAcceptable, QueryError, QueryTooLong
from crisisgov.server.graph_store import answer
from crisisgov.server.http_errors import ProtocolError, UnsupportedBody
from crisisgov.server.negotiation import Accept, result_formats
from crisisgov.server.services import client_of, services
from crisisgov.server.updates import gate
from crisisgov.server.updates.job import Job

blueprint = Blueprint("sparql", __name__)

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_MAX_FIELDS = 500
# Functions that answer differently each time: such results have no ETag.
_VOLATILE = re.compile(r"\b(now|rand|uuid|struuid|bnode)\s*\(", re.IGNORECASE)
_METHODS = "GET, HEAD, OPTIONS, POST"


@dataclass(frozen=True)
class Operation:
    """An operation as the request states it; ``query`` and ``update`` are None when not there."""

    query: str | None
    update: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    using: tuple[str, ...]
    using_named: tuple[str, ...]
    format_names: tuple[str, ...]


@blueprint.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
def endpoint() -> Response:
    """Answer one operation of the protocol."""
    operation = read_operation()
    if operation.update is not None:
        return _update(operation)
    accept = Accept.parse(request.headers.get("Accept", ""))
    if operation.query is None:
        return _without_query(accept, operation)
    wanted, as_page = result_formats(accept, operation.format_names)
    if as_page:
        return _page(operation, wanted)
    etag = _etag(operation, wanted)
    if etag is not None and request.if_none_match.contains_weak(etag):
        return _with_validators(Response(status=304), etag)
    return _with_validators(_result(_run(operation, wanted)), etag)


@blueprint.route("/sparql", methods=["OPTIONS"], provide_automatic_options=False)
def options() -> Response:
    """Tell which methods there are; browsers ask this before reading across sites."""
    return Response(
        status=204,
        headers={
            "Allow": _METHODS,
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        },
    )


def read_operation() -> Operation:
    """Read the operation from the request.

    :raises ProtocolError: when it has two queries or updates, is not UTF-8, or
        names a graph that is not an IRI.
    :raises ReadOnly: for an update while writes are off.
    """
    in_url = _fields(request.query_string, "URL")
    media_type = request.mimetype
    if media_type == UPDATE or any(name == "update" for name, _value in in_url):
        gate.require_writer(request, services().settings)
    if request.method != "POST":
        if any(name == "update" for name, _value in in_url):
            raise ProtocolError("An update is sent by POST.", hint="Reading changes nothing.")
        return _operation(in_url)
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedBody("The body is not in UTF-8.", hint="SPARQL is sent in UTF-8.")
    if media_type == FORM:
        in_body = _fields(request.get_data(), "form")
        both = in_url + in_body
        if any(name == "update" for name, _value in in_body):
            gate.require_writer(request, services().settings)
        if not any(name in ("query", "update") for name, _value in both):
            raise ProtocolError("The form has no field “query”.", hint="Send query=SELECT….")
        return _operation(both)
    if media_type in (QUERY, UPDATE):
        if any(name in ("query", "update") for name, _value in in_url):
            raise ProtocolError("The request has an operation in its URL and one in its body.")
        text = _utf8(request.get_data(), "body").removeprefix("\ufeff")
        return _operation([*in_url, ("query" if media_type == QUERY else "update", text)])
    raise UnsupportedBody(
        f"A body of type {media_type or '(none given)'} is not read here.",
        hint=f"Send {FORM} with a field “query”, or the query itself as {QUERY} "
        f"(an update as {UPDATE}).",
    )


def _operation(found: list[tuple[str, str]]) -> Operation:
    def values(*names: str) -> tuple[str, ...]:
        return tuple(value for wanted in names for name, value in found if name == wanted)

    queries, updates = values("query"), values("update")
    if len(queries) + len(updates) > 1:
        raise ProtocolError(
            f"The request has {len(queries)} queries and {len(updates)} updates; "
            "one operation is done at a time."
        )
    operation = Operation(
        query=queries[0] if queries else None,
        update=updates[0] if updates else None,
        default_graphs=values("default-graph-uri"),
        named_graphs=values("named-graph-uri"),
        using=values("using-graph-uri"),
        using_named=values("using-named-graph-uri"),
        format_names=values("format", "output", "results"),
    )
    graphs = operation.default_graphs + operation.named_graphs
    for iri in graphs + operation.using + operation.using_named:
        try:
            pyoxigraph.NamedNode(iri)
        except ValueError as error:
            raise ProtocolError(f"“{iri}” is not an absolute IRI of a graph.") from error
    return operation


def _fields(raw: bytes, where: str) -> list[tuple[str, str]]:
    text = _utf8(raw, where)
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except UnicodeDecodeError as error:
        raise ProtocolError(f"The {where} is not UTF-8.") from error
    except ValueError as error:
        raise ProtocolError(f"The {where} has more than {_MAX_FIELDS} fields.") from error


def _utf8(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(
            f"The {where} is not UTF-8: byte {error.start + 1} cannot be read.",
            hint="SPARQL queries are sent in UTF-8.",
        ) from error


def _update(operation: Operation) -> Response:
    """Carry an update out; the right to do so has been checked."""
    text = operation.update
    assert text is not None
    if len(text.encode()) > MAX_QUERY_BYTES:
        raise QueryTooLong(
            f"The update is longer than {MAX_QUERY_BYTES // 1024} kB.",
            hint="Send much data as RDF, to /graph-store.",
        )
    job = Job("update", text, operation.using, operation.using_named)
    return answer(*gate.submit(services(), job))


def _run(operation: Operation, wanted: formats.ResultFormats) -> QueryResult:
    assert operation.query is not None
    settings = services().settings
    return services().engine.run(
        operation.query,
        accept=wanted,
        default_graphs=operation.default_graphs,
        named_graphs=operation.named_graphs,
        deadline_s=settings.query_seconds,
        client=client_of(request, settings),
    )


def _result(result: QueryResult) -> Response:
    """Send a result, whole: its length is known before the first byte leaves."""
    head = request.method == "HEAD"
    if head:
        result.close()
    suffix = formats.FILE_SUFFIXES[result.media_type]
    return Response(
        () if head else result.chunks(),
        headers={
            "Content-Type": formats.with_charset(result.media_type),
            "Content-Length": str(result.size),
            "Content-Disposition": f'inline; filename="result.{suffix}"',
        },
    )


def _with_validators(response: Response, etag: str | None) -> Response:
    response.headers["Vary"] = "Accept"
    # A result may be kept, and is asked for again each time: the graph can have a new version.
    response.headers["Cache-Control"] = "no-cache" if etag else "no-store"
    if etag:
        response.set_etag(etag)
    return response


def _etag(operation: Operation, wanted: formats.ResultFormats) -> str | None:
    """Name the result by all that it depends on, without having it; None when that fails."""
    version = services().engine.version
    if version is None or operation.query is None or _VOLATILE.search(operation.query):
        return None
    parts = (
        version,
        operation.query,
        *("d" + iri for iri in operation.default_graphs),
        *("n" + iri for iri in operation.named_graphs),
        *wanted.solutions[:1],
        *wanted.graphs[:1],
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _page(operation: Operation, wanted: formats.ResultFormats) -> Response:
    """Show the editor with the result, or with what is wrong."""
    assert operation.query is not None
    if not operation.query.strip():
        return editor.page("")
    try:
        return editor.page(operation.query, result=_run(operation, wanted))
    except QueryError as error:
        return editor.page(operation.query, error=error)


def _without_query(accept: Accept, operation: Operation) -> Response:
    if accept.prefers_html() and not operation.format_names:
        return editor.page("")
    wanted, _as_page = result_formats(accept, operation.format_names)
    if not wanted.graphs:
        raise NotAcceptable(
            "The service description is RDF.", hint=f"Offered are {', '.join(formats.GRAPHS)}."
        )
    body = service_description.describe(
        services().settings, services().engine.version, wanted.graphs[0]
    )
    etag = hashlib.sha256(body).hexdigest()[:32]
    if request.if_none_match.contains_weak(etag):
        return _with_validators(Response(status=304), etag)
    content_type = formats.with_charset(wanted.graphs[0])
    return _with_validators(Response(body, content_type=content_type), etag)
