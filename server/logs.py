"""The log: one line of JSON for each request and each message of the program, on stderr.

It holds no personal data: neither the address of a client nor what was asked
(a query may name a person). Request ids join it with a proxy's own log.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from crisisgov.server import observation
from crisisgov.server.metrics import Metrics
from crisisgov.server.services import is_trusted
from crisisgov.server.settings import Settings
from crisisgov.server.wsgi import Captured, header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
_MAX_PATH = 200  # characters
_MAX_WAITING = 20_000  # lines
_AT_ONCE = 200  # lines
_WRITE_SECONDS = 0.02
_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "crisisgov.server.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"_granian": {"level": "ERROR", "handlers": ["stderr"], "propagate": False}},
}
"""How messages are written, for :func:`logging.config.dictConfig`."""


class JsonFormatter(logging.Formatter):
    """Writes a message as one line of JSON, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        members: dict[str, Any] = {
            "time": _utc(record.created),
            "level": record.levelname.lower(),
            "logger": record.name.lstrip("_"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            members["traceback"] = self.formatException(record.exc_info)
        return _line(members)


class Lines:
    """Lines on their way to a file descriptor, written by a thread of their own.

    A request neither waits for the write nor gives up its turn for it (at
    10,000 requests a second that halves what is answered). When nobody takes
    the lines, the newest are dropped and counted.
    """

    def __init__(self, descriptor: int) -> None:
        self.dropped = 0
        self._descriptor = descriptor
        self._waiting: deque[dict[str, Any]] = deque()
        self._one_writer = threading.Lock()
        threading.Thread(target=self._run, name="crisisgov-log", daemon=True).start()

    def add(self, members: dict[str, Any]) -> None:
        """Take a line; ``time`` is in seconds since 1970."""
        if len(self._waiting) < _MAX_WAITING:
            self._waiting.append(members)
        else:
            self.dropped += 1

    def flush(self) -> None:
        """Write all that waits."""
        with self._one_writer:
            lines = []
            while self._waiting:
                members = self._waiting.popleft()
                lines.append(_line({**members, "time": _utc(members["time"])}))
                if len(lines) == _AT_ONCE or not self._waiting:
                    _write_all(self._descriptor, ("\n".join(lines) + "\n").encode())
                    lines.clear()

    def _run(self) -> None:
        # As long as the process lives.
        while True:
            time.sleep(_WRITE_SECONDS)
            self.flush()


class RequestLog:
    """WSGI middleware, the outermost: times, counts and logs each request, and gives it an id."""

    def __init__(
        self,
        app: WSGIApplication,
        settings: Settings,
        metrics: Metrics,
        lines: Lines,
    ) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._lines = lines

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does; log when the answer is complete, before it is sent."""
        noted = observation.begin()
        identity = self._identity(environ)
        captured = Captured()
        started = time.perf_counter()
        body = self._app(environ, captured)
        seconds = time.perf_counter() - started
        status = int(captured.status[:3])
        self._metrics.request(_outcome(status, noted), seconds)
        if self._settings.log == "all" or (self._settings.log == "errors" and status >= 500):
            size = header(captured.headers, "Content-Length")
            members: dict[str, Any] = {
                "time": time.time(),
                "id": identity,
                "method": environ["REQUEST_METHOD"],
                "path": environ.get("PATH_INFO", "")[:_MAX_PATH],
                "status": status,
                "ms": round(seconds * 1000, 2),
                "bytes": int(size) if size is not None and size.isdigit() else None,
            }
            members.update(
                (name, value)
                for name in ("kind", "version", "cache")
                if (value := getattr(noted, name))
            )
            if self._settings.log_query_hash and noted.query:
                members["query"] = noted.query
            self._lines.add(members)
        start_response(captured.status, [*captured.headers, ("X-Request-Id", identity)])
        return body

    def _identity(self, environ: WSGIEnvironment) -> str:
        """Return the id that a trusted proxy gave, or a new one."""
        given = environ.get("HTTP_X_REQUEST_ID")
        if (
            given
            and self._settings.trusted_proxies
            and _ID.fullmatch(given)
            and is_trusted(environ.get("REMOTE_ADDR", ""), self._settings)
        ):
            return str(given)
        return secrets.token_hex(8)


def _outcome(status: int, noted: observation.Observation) -> str:
    """Name the end of a request by one of a closed list of words."""
    if status < 400:
        return "cached" if noted.cache == "hit" else "not-modified" if status == 304 else "ok"
    return noted.kind or ("refused" if status < 500 else "failed")


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _line(members: dict[str, Any]) -> str:
    # Only ASCII: no blank of another script and no control character can end a line.
    return _ENCODE(members)


def _write_all(descriptor: int, data: bytes) -> None:
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        pass  # nobody reads any more: that is no reason not to answer
