"""``/graph-store``: the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named by ``?graph=IRI``, by ``?default``, or by the path:
``/graph-store/NAME`` is ``https://w3id.org/crisisgov/graph/NAME``. Reading is
open; writing follows the rules of :mod:`crisisgov.server.updates`.
"""

from __future__ import annotations

import hashlib
import uuid
from urllib.parse import parse_qsl

import pyoxigraph
from flask import Blueprint, Response, request
from werkzeug.http import parse_options_header

from crisisgov.loaders.contributions import PREFIX, is_contribution
from crisisgov.ontology import terms
from crisisgov.server.engine import formats
from crisisgov.server.engine.api import QueryResult
from crisisgov.server.engine.errors import NotAcceptable
from crisisgov.server.engine.formats import ResultFormats
from crisisgov.server.http_errors import ProtocolError, UnsupportedBody
from crisisgov.server.negotiation import Accept
from crisisgov.server.services import client_of, services
from crisisgov.server.updates import gate
from crisisgov.server.updates.errors import ForeignGraph, NoSuchGraph, Precondition
from crisisgov.server.updates.job import Job, Kind, Part, Written

blueprint = Blueprint("graph_store", __name__)

LONGEST_BODY = 8_000_000
"""Bytes of RDF in one request."""

_MOST_PARTS = 100
_ALL = "CONSTRUCT WHERE { ?s ?p ?o }"
_ANY = "ASK { ?s ?p ?o }"
_KINDS: dict[str, Kind] = {"PUT": "put", "POST": "post", "DELETE": "delete"}
_METHODS = ["GET", "PUT", "POST", "DELETE"]


@blueprint.route("/graph-store", methods=_METHODS)
@blueprint.route("/graph-store/", methods=_METHODS)
@blueprint.route("/graph-store/<path:name>", methods=_METHODS)
def endpoint(name: str = "") -> Response:
    """Read, replace, extend or remove one graph."""
    if request.method in ("GET", "HEAD"):
        return _read(_graph(name))
    # Who may not write hears of nothing else first.
    gate.require_writer(request, services().settings)
    request.max_content_length = LONGEST_BODY
    created = request.method == "POST" and not name and not request.query_string
    graph = f"{PREFIX}{uuid.uuid4()}" if created else _graph(name)
    if not services().settings.scratch and not (graph and is_contribution(graph)):
        raise ForeignGraph(
            f"{f'<{graph}>' if graph else 'The default graph'} cannot be written over HTTP.",
            hint=f"Only graphs whose IRI begins with {PREFIX} can.",
        )
    return _write(_KINDS[request.method], graph, created=created)


def _graph(name: str) -> str | None:
    """Return the IRI of the graph that the request names, None for the default graph.

    :raises ProtocolError: when it names none, several, or no IRI
    """
    try:
        fields = parse_qsl(
            request.query_string.decode("utf-8"), keep_blank_values=True, errors="strict"
        )
    except UnicodeDecodeError as error:
        raise ProtocolError("The URL is not UTF-8.") from error
    graphs = [value for field, value in fields if field == "graph"]
    named = len(graphs) + bool(name) + any(field == "default" for field, _value in fields)
    if named != 1:
        raise ProtocolError(
            "The request names no graph." if not named else "The request names several graphs.",
            hint="Name one: ?graph=IRI, ?default, or /graph-store/NAME.",
        )
    if not name and not graphs:
        return None
    iri = terms.graph(name) if name else graphs[0]
    try:
        pyoxigraph.NamedNode(iri)
    except ValueError as error:
        raise ProtocolError(f"“{iri}” is not an absolute IRI.") from error
    return iri


def _read(graph: str | None) -> Response:
    accept = Accept.parse(request.headers.get("Accept", ""))
    wanted = accept.order(formats.GRAPHS)
    if not wanted:
        raise NotAcceptable("A graph is RDF.", hint=f"Offered are {', '.join(formats.GRAPHS)}.")
    if graph is not None and not _exists(graph):
        raise _missing(graph)
    etag = _etag(graph, wanted[0])
    if request.if_none_match.contains_weak(etag):
        return _with_validators(Response(status=304), etag)
    result = _ask(_ALL, graph, wanted[0])
    head = request.method == "HEAD"
    if head:
        result.close()
    response = Response(
        () if head else result.chunks(),
        headers={
            "Content-Type": formats.with_charset(result.media_type),
            "Content-Length": str(result.size),
        },
    )
    return _with_validators(response, etag)


def _exists(graph: str) -> bool:
    """Tell whether the graph has a triple; one without is not there."""
    return b"true" in _ask(_ANY, graph, formats.TURTLE).read()


def _ask(query: str, graph: str | None, media_type: str) -> QueryResult:
    settings = services().settings
    return services().engine.run(
        query,
        accept=ResultFormats((formats.CSV,), (media_type,)),
        default_graphs=() if graph is None else (graph,),
        deadline_s=settings.query_seconds,
        client=client_of(request, settings),
    )


def _etag(graph: str | None, media_type: str) -> str:
    parts = (services().engine.version or "", graph or "", media_type)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _with_validators(response: Response, etag: str) -> Response:
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(etag)
    return response


def _write(kind: Kind, graph: str | None, *, created: bool) -> Response:
    job = Job(
        kind,
        graph=graph,
        parts=() if kind == "delete" else _parts(),
        create_only=created or request.headers.get("If-None-Match", "").strip() == "*",
        version=_expected(graph),
    )
    written, seen = gate.submit(services(), job)
    return answer(written, seen, new=graph if _is_new(kind, written) else None, located=created)


def _is_new(kind: Kind, written: Written) -> bool:
    return kind != "delete" and not written.existed


def _expected(graph: str | None) -> str:
    """Return the version that If-Match asks for, '' without that header.

    :raises Precondition: when the graph has changed since the client read it
    """
    if "If-Match" not in request.headers:
        return ""
    version = services().engine.version or ""
    if request.if_match.star_tag:
        if graph is not None and not _exists(graph):
            raise Precondition("The graph is not there.")
    elif not any(request.if_match.contains(_etag(graph, one)) for one in formats.GRAPHS):
        raise Precondition(
            "The graph has changed since it was read.", hint="Read it again, then change it."
        )
    return version


def _parts() -> tuple[Part, ...]:
    """Return the RDF in the body.

    :raises UnsupportedBody: for a type that is not read
    """
    if request.mimetype != "multipart/form-data":
        return (Part(_format_of(request.headers.get("Content-Type", "")), request.get_data()),)
    files = [file for _name, file in request.files.items(multi=True)]
    if request.form or not files or len(files) > _MOST_PARTS:
        raise UnsupportedBody(
            f"The form must have 1 to {_MOST_PARTS} parts, each with a file name.",
            hint='For instance Content-Disposition: form-data; name="a"; filename="a.ttl".',
        )
    return tuple(Part(_format_of(file.content_type or ""), file.read()) for file in files)


def _format_of(content_type: str) -> str:
    """Return which of our formats a Content-Type header names."""
    media_type, parameters = parse_options_header(content_type)
    charset = parameters.get("charset", "utf-8").lower()
    for offered in formats.GRAPHS if charset in ("utf-8", "utf8") else ():
        if Accept(((*_halves(media_type), 1.0),)).exact(offered):
            return offered
    raise UnsupportedBody(
        f"A body of type {content_type or '(none given)'} is not read here.",
        hint=f"Send {', '.join(formats.GRAPHS)} in UTF-8, or such parts as multipart/form-data.",
    )


def _halves(media_type: str) -> tuple[str, str]:
    kind, _slash, subtype = media_type.lower().partition("/")
    return kind, subtype


def answer(
    written: Written, seen: bool, *, new: str | None = None, located: bool = False
) -> Response:
    """Tell a client that its change is durable and published.

    201 with the IRI when a graph was ``new``, else 204; 202 when readers do not see it yet.
    """
    headers = {"Cache-Control": "no-store"}
    if located and new is not None:
        headers["Location"] = new
    if not seen:
        text = f"Stored as version {written.version}; readers will see it in a moment.\n"
        return Response(text, 202, headers, mimetype="text/plain")
    if new is not None:
        return Response(f"<{new}>\n", 201, headers, mimetype="text/plain")
    return Response(status=204, headers=headers)


def _missing(graph: str) -> NoSuchGraph:
    return NoSuchGraph(f"There is no graph <{graph}>, or it is empty.")
