"""How errors reach a client: one JSON shape (RFC 9457), plain text, or a page."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, json, render_template, request
from werkzeug.exceptions import HTTPException

from crisisgov.errors import CrisisgovError
from crisisgov.server.engine.errors import QueryError
from crisisgov.server.engine.formats import HTML
from crisisgov.server.negotiation import Accept
from crisisgov.server.observation import observation

_log = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"


class ProtocolError(QueryError):
    """A request that the SPARQL 1.1 Protocol does not allow."""

    kind = "protocol"
    title = "The request does not follow the SPARQL protocol"


class UnsupportedBody(ProtocolError):
    """A POST whose body is of a type that is not read."""

    status = 415
    kind = "media-type"
    title = "The body's media type is not supported"


class ReadOnly(ProtocolError):
    """An attempt to change the graph over HTTP."""

    status = 403
    kind = "read-only"
    title = "The endpoint is read-only"


def problem(error: Exception) -> dict[str, Any]:
    """Describe ``error`` as the members of a problem document."""
    if isinstance(error, QueryError):
        members: dict[str, Any] = {
            "title": error.title,
            "status": error.status,
            "kind": error.kind,
            "detail": error.detail,
            "hint": error.hint or None,
            "line": error.line,
            "column": error.column,
        }
    elif isinstance(error, CrisisgovError):
        members = {
            "title": "The request cannot be answered",
            "status": error.status,
            "kind": "error",
            "detail": str(error),
        }
    elif isinstance(error, HTTPException):
        members = {
            "title": error.name,
            "status": error.code or 500,
            "kind": error.name.lower().replace(" ", "-"),
            "detail": error.description or error.name,
        }
    else:
        members = {
            "title": "Internal error",
            "status": 500,
            "kind": "internal",
            "detail": "Something failed that should not have; it is in the server's log.",
        }
    return {"type": "about:blank", **{k: v for k, v in members.items() if v is not None}}


def error_headers(error: Exception) -> dict[str, str]:
    """Headers that go with ``error``; a Retry-After only when asking again can help."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    if isinstance(error, QueryError) and error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, QueryError) and error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="crisisgov"'
    if isinstance(error, HTTPException):
        headers.update(
            (name, value) for name, value in error.get_headers() if name in ("Allow", "Location")
        )
    return headers


def respond(error: Exception) -> Response:
    """Turn ``error`` into a response of the kind that the client reads."""
    members = problem(error)
    observation().kind = members["kind"]
    accept = Accept.parse(request.headers.get("Accept", ""))
    if accept.prefers_html():
        body, media_type = render_template("error.html", problem=members), HTML
    elif (accept.exact("text/plain") or 0.0) > (accept.exact(PROBLEM_JSON) or 0.0):
        body, media_type = plain(members), "text/plain"
    else:
        body, media_type = json.dumps(members, ensure_ascii=False) + "\n", PROBLEM_JSON
    return Response(body, members["status"], headers=error_headers(error), mimetype=media_type)


def plain(members: dict[str, Any]) -> str:
    """Return a problem as text for a terminal."""
    lines = [members["title"], members["detail"], members.get("hint", "")]
    return "\n".join(line for line in lines if line) + "\n"


def register(app: Flask) -> None:
    """Let ``app`` answer every error in this way."""

    @app.errorhandler(Exception)
    def handle(error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
            return Response(status=error.code, headers=error.get_headers())
        if not isinstance(error, CrisisgovError | HTTPException):
            _log.exception("unexpected error in %s %s", request.method, request.path)
        return respond(error)
