"""Bodies of requests: a few are waited for at a time, and of one client fewer.

granian reads a body when the application asks for it, and waits for it without
an end: whoever opened as many requests as there are threads, and never sent
their bodies, would silence the server. (A time limit was tried, with a thread
that reads and one that waits; granian 2.8.7 then stood still after the first
answer that was sent before its body had come.)
"""

from __future__ import annotations

import io
import json
import threading
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Request

from crisisgov.server.engine.api import MAX_QUERY_BYTES
from crisisgov.server.observation import observation
from crisisgov.server.services import client_of
from crisisgov.server.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AT_ONCE = 32  # bodies that are waited for at a time; each holds a thread
PER_CLIENT = 8  # of them for one client
_MAX_BODY = 4 * MAX_QUERY_BYTES  # bytes; more is refused by the application


class Bodies:
    """WSGI middleware that gives ``app`` bodies that have arrived.

    Graphs sent to ``/graph-store`` are left alone: whoever may write is known,
    which the application finds out before it reads.
    """

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._reading: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Read the body, if there is one, and let the application answer."""
        length = environ.get("CONTENT_LENGTH") or ""
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        graph_store = environ["PATH_INFO"].split("/")[1:2] == ["graph-store"]
        if (length in ("", "0") and not chunked) or graph_store:
            return self._app(environ, start_response)
        if length.isdigit() and int(length) > _MAX_BODY:
            environ["wsgi.input"] = io.BytesIO()  # refused by its length, without a look
            return self._app(environ, start_response)
        client = client_of(Request(environ), self._settings)
        if not self._may_read(client):
            return _refuse(
                start_response,
                "429 TOO MANY REQUESTS",
                "budget",
                "Too many requests whose bodies have not arrived are open.",
            )
        try:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(_MAX_BODY + 1))
        except OSError:
            return _refuse(start_response, "400 BAD REQUEST", "protocol", "The body was cut off.")
        finally:
            self._has_read(client)
        return self._app(environ, start_response)

    def _may_read(self, client: str) -> bool:
        with self._lock:
            if self._reading[client] >= PER_CLIENT or self._reading.total() >= AT_ONCE:
                return False
            self._reading[client] += 1
            return True

    def _has_read(self, client: str) -> None:
        with self._lock:
            self._reading[client] -= 1
            if not self._reading[client]:
                del self._reading[client]


def _refuse(start_response: StartResponse, status: str, kind: str, detail: str) -> Iterable[bytes]:
    observation().kind = kind
    members = {
        "type": "about:blank",
        "title": "The request's body did not arrive",
        "status": int(status[:3]),
        "kind": kind,
        "detail": detail,
    }
    body = json.dumps(members).encode() + b"\n"
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
        ("Access-Control-Allow-Origin", "*"),
    ]
    if status.startswith("429"):
        headers.append(("Retry-After", "5"))
    start_response(status, headers)
    return [body]
