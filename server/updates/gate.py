"""The web process's side of a write: who may, one at a time, and until readers see it."""

from __future__ import annotations

import hmac
import threading
import time

from flask import Request

from crisisgov.server.engine import frames
from crisisgov.server.engine.api import QueryEngine
from crisisgov.server.http_errors import ReadOnly
from crisisgov.server.services import Services
from crisisgov.server.settings import Settings
from crisisgov.server.updates import errors
from crisisgov.server.updates.child import Child
from crisisgov.server.updates.job import Job, Written

_CURATED = "crisisgov.server.updates.curated"
_SCRATCH = "crisisgov.server.updates.scratch"
_TURN_SECONDS = 5.0  # how long a write waits for the one before it
_WRITE_SECONDS = 900.0  # far above a build; only a hanging disk takes longer
_SWITCH_SECONDS = 60.0
_turn = threading.Lock()


def require_writer(request: Request, settings: Settings) -> None:
    """Check that this request may write.

    :raises ReadOnly: when writes are off
    :raises errors.NotAuthorised: without the token
    """
    if settings.scratch:
        return
    if not settings.write_token:
        raise ReadOnly(
            "The graph cannot be changed over HTTP.",
            hint="It is built from curated records; propose a change to these.",
        )
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    given = token.strip().encode("utf-8", "surrogateescape")
    # In constant time: how long it takes says nothing about how much of it is right.
    if not hmac.compare_digest(given, settings.write_token.encode()) or scheme.lower() != "bearer":
        raise errors.NotAuthorised(
            "The request has no valid token.", hint="Send Authorization: Bearer TOKEN."
        )


def submit(app: Services, job: Job) -> tuple[Written, bool]:
    """Carry ``job`` out; return what came of it and whether readers have it already.

    When this returns, the change is on disk and published.

    :raises QueryError: when it is refused or cannot be done
    """
    if not _turn.acquire(timeout=_TURN_SECONDS):
        raise errors.WriteBusy(
            "Another change is at work.",
            hint="A change is validated and evaluated as a whole, which takes a while.",
            retry_after=20,
        )
    try:
        written = _run(app.settings, job)
        return written, _wait_for_readers(app.engine, written.version)
    finally:
        _turn.release()


def _run(settings: Settings, job: Job) -> Written:
    bounds = {
        "data": str(settings.data),
        "memory_mb": settings.worker_memory_mb,
        "seconds": settings.query_seconds,
    }
    # Not in this process: it may be a fork of one that has opened a store for writing,
    # whose background threads it then lacks.
    with Child(_SCRATCH if settings.scratch else _CURATED) as writer:
        try:
            writer.send(bounds, job)
            header, _payload = writer.receive(_WRITE_SECONDS)
        except (frames.ChannelClosed, frames.ChannelTimeout) as error:
            raise errors.WriteFailed(
                "The process that makes the change was ended.",
                hint="Look whether the graph has the change; if not, send it again.",
            ) from error
    if "error" in header:
        raise errors.from_frame(header)
    return Written(header["version"], header["existed"])


def _wait_for_readers(engine: QueryEngine, version: str) -> bool:
    """Wait until queries are answered from ``version`` or a later one; ids sort by time."""
    until = time.monotonic() + _SWITCH_SECONDS
    while time.monotonic() < until:
        # status() and not version: that is the one which this request has pinned.
        served = engine.status().version
        if served is not None and served >= version:
            return True
        time.sleep(0.02)
    return False
