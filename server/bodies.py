"""Bodies of requests: a few are waited for at a time, of one client fewer, and not for ever.

granian reads a body when the application asks for it, and waits for it without
an end: whoever opened as many requests as there are threads, and never sent
their bodies, would silence the server. A read cannot be given up from here (an
answer before the body has come lets granian 2.8.7 stand still); but it ends with
its connection.
"""

from __future__ import annotations

import io
import json
import threading
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Request

from crisisgov.server.body_watch import BodyWatch
from crisisgov.server.engine.api import MAX_QUERY_BYTES
from crisisgov.server.observation import observation
from crisisgov.server.services import client_of
from crisisgov.server.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AT_ONCE = 128  # bodies that are waited for at a time; each holds a thread
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
        longest = settings.query_seconds + settings.engine_options().wait_seconds
        self._watch = BodyWatch(settings.body_seconds, longest)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Read the body, if there is one, and let the application answer."""
        address = environ.get("REMOTE_ADDR", "")
        length = environ.get("CONTENT_LENGTH") or ""
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        graph_store = environ["PATH_INFO"].split("/")[1:2] == ["graph-store"]
        if (length not in ("", "0") or chunked) and not graph_store:
            if length.isdigit() and int(length) > _MAX_BODY:
                environ["wsgi.input"] = io.BytesIO()  # refused by its length, without a look
            else:
                refusal = self._read(environ, address)
                if refusal is not None:
                    return _refuse(start_response, *refusal)
        if "HTTP_AUTHORIZATION" in environ:
            with self._watch.answering(address):
                return self._app(environ, start_response)
        return self._app(environ, start_response)

    def _read(self, environ: WSGIEnvironment, address: str) -> tuple[str, str, str] | None:
        """Put the whole body in its place; return status, kind and reason when it is refused."""
        client = client_of(Request(environ), self._settings)
        if not self._may_read(client):
            reason = "Too many requests whose bodies have not arrived are open."
            return "429 TOO MANY REQUESTS", "budget", reason
        try:
            with self._watch.reading(address):
                body = environ["wsgi.input"].read(_MAX_BODY + 1)
        except OSError:
            return "400 BAD REQUEST", "protocol", "The body was cut off."
        finally:
            self._has_read(client)
        environ["wsgi.input"] = io.BytesIO(body)
        return None

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
