"""Is the process alive (``/healthz``), and can it answer (``/readyz``)."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, json

from crisisgov.errors import CrisisgovError
from crisisgov.server.services import services

blueprint = Blueprint("health", __name__)

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
