"""What machines ask about the server itself: alive, ready, counters, and where robots may go."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, json

from crisisgov.errors import CrisisgovError
from crisisgov.server.metrics import CONTENT_TYPE
from crisisgov.server.services import services

blueprint = Blueprint("health", __name__)

_NOT_FOR_ROBOTS = ("/sparql", "/graph-store", "/search", "/metrics")
_PROBE = "ASK { ?s ?p ?o }"
_PROBE_SECONDS = 5.0


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer as soon as the process serves HTTP, whatever the graph does."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer 200 once a version is open and a query over it is answered, else 503."""
    engine = services().engine
    reason = ""
    try:
        engine.run(_PROBE, deadline_s=_PROBE_SECONDS, lane="pages").close()
    except CrisisgovError as error:
        reason = str(error)
    status = engine.status()
    age = (datetime.now(UTC) - status.created).total_seconds() if status.created else None
    body = {
        "ready": not reason,
        "reason": reason,
        "version": status.version,
        "created": status.created.isoformat() if status.created else None,
        "age_seconds": None if age is None else round(age),
        "workers": status.workers,
        "busy": status.busy,
        "waiting": status.waiting,
        "network_refused_by": "kernel" if status.walled else "text of the query",
        "error": status.error,
    }
    return Response(
        json.dumps(body) + "\n",
        503 if reason else 200,
        mimetype="application/json",
        headers={"Cache-Control": "no-store"},
    )


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer with the counters, for Prometheus."""
    counters = current_app.extensions.get("crisisgov.metrics")
    if counters is None:
        abort(404)
    return Response(
        counters.text(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"}
    )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Keep robots to the pages: a query or a search made up by one costs much and tells it little.

    Robots look for this at the root of a host only.
    """
    root = urlsplit(services().settings.public_base_url).path.rstrip("/")
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in _NOT_FOR_ROBOTS), ""]
    return Response("\n".join(lines), mimetype="text/plain")
