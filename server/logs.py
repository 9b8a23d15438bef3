"""The log: one line of JSON for each request and each message of the program, on stderr.

It holds no personal data: neither the address of a client nor what was asked
(a query may name a person). Request ids join it with a proxy's own log.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from crisisgov.server import observation, one_processor
from crisisgov.server.cache import Answer
from crisisgov.server.metrics import Metrics
from crisisgov.server.observation import Observation
from crisisgov.server.services import is_trusted
from crisisgov.server.settings import Settings
from crisisgov.server.wsgi import Captured, header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
_QUOTED = json.encoder.encode_basestring_ascii
_MAX_METHOD, _MAX_PATH = 20, 200  # characters
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


class RequestLine(NamedTuple):
    """What is logged of a request. ``time`` is in seconds since 1970, empty text is left out."""

    time: float
    id: str
    seconds: float
    method: str
    path: str
    status: int
    bytes: str | None
    kind: str
    version: str
    cache: str
    query: str

    def text(self) -> str:
        """Return the line, without its end."""
        return (
            f'{{"id":"{self.id}","time":"{_utc(self.time)}","ms":{self.seconds * 1000:.2f},'
            f"{_repeating(*self[3:])}}}"
        )


@lru_cache(maxsize=256)
def _repeating(
    method: str,
    path: str,
    status: int,
    size: str | None,
    kind: str,
    version: str,
    cache: str,
    query: str,
) -> str:
    """Return the members of a line that are the same for each answer to the same request."""
    number = size if size is not None and size.isdigit() else "null"
    noted = {"kind": kind, "version": version, "cache": cache, "query": query}
    # Only ASCII: no blank of another script and no control character can end a line.
    return (
        f'"method":{_QUOTED(method)},"path":{_QUOTED(path)},"status":{status},"bytes":{number}'
        + "".join(f',"{name}":{_QUOTED(value)}' for name, value in noted.items() if value)
    )


class Lines:
    """Lines on their way to a file descriptor, written by a thread of their own.

    A request neither waits for the write nor gives up its turn for it (at
    10,000 requests a second that halves what is answered). When nobody takes
    the lines, the newest are dropped and counted. The thread stays on ``processor``,
    if given, as those that answer do.
    """

    def __init__(self, descriptor: int, processor: int | None = None) -> None:
        self.dropped = 0
        self._processor = processor
        self._descriptor = descriptor
        self._waiting: deque[RequestLine] = deque()
        self._one_writer = threading.Lock()
        threading.Thread(target=self._run, name="crisisgov-log", daemon=True).start()

    def add(self, line: RequestLine) -> None:
        """Take a line."""
        if len(self._waiting) < _MAX_WAITING:
            self._waiting.append(line)
        else:
            self.dropped += 1

    def flush(self) -> None:
        """Write all that waits."""
        with self._one_writer:
            lines = []
            while self._waiting:
                lines.append(self._waiting.popleft().text())
                if len(lines) == _AT_ONCE or not self._waiting:
                    _write_all(self._descriptor, ("\n".join(lines) + "\n").encode())
                    lines.clear()

    def _run(self) -> None:
        if self._processor is not None:
            one_processor.stay_on(self._processor)
        # As long as the process lives.
        while True:
            time.sleep(_WRITE_SECONDS)
            self.flush()


class RequestLog:
    """WSGI middleware, the outermost: times, counts and logs each request, and gives it an id.

    What ``kept`` has an answer for is answered here: everything that ``app`` puts
    between would cost more than such an answer.
    """

    def __init__(
        self,
        app: WSGIApplication,
        settings: Settings,
        metrics: Metrics,
        lines: Lines,
        kept: Callable[[WSGIEnvironment], tuple[str, Answer] | None] | None = None,
    ) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._lines = lines
        self._kept = kept
        # Ids are told apart between processes by chance and within one by counting: asking the
        # system for chance at every request gives up the interpreter's lock each time.
        self._process = secrets.token_hex(5)
        self._number = itertools.count()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does; log when the answer is complete, before it is sent."""
        started = time.perf_counter()
        kept = None if self._kept is None else self._kept(environ)
        body: Iterable[bytes]
        size: str | None
        if kept is None:
            noted = observation.begin()
            captured = Captured()
            body = self._app(environ, captured)
            status, headers = captured.status, captured.headers
            size = header(headers, "Content-Length")
        else:
            version, answer = kept
            noted = Observation(version=version, cache="hit", query=answer.query)
            status, headers, body = "200 OK", answer.headers, [answer.body]
            size = str(len(answer.body))
        identity = self._identity(environ)
        self._note(environ, identity, int(status[:3]), size, noted, time.perf_counter() - started)
        start_response(status, [*headers, ("X-Request-Id", identity)])
        return body

    def _note(
        self,
        environ: WSGIEnvironment,
        identity: str,
        status: int,
        size: str | None,
        noted: Observation,
        seconds: float,
    ) -> None:
        self._metrics.request(_outcome(status, noted), seconds)
        if self._settings.log == "all" or (self._settings.log == "errors" and status >= 500):
            query = noted.query if self._settings.log_query_hash else ""
            self._lines.add(
                RequestLine(
                    time.time(),
                    identity,
                    seconds,
                    environ["REQUEST_METHOD"][:_MAX_METHOD],
                    environ.get("PATH_INFO", "")[:_MAX_PATH],
                    status,
                    size,
                    noted.kind,
                    noted.version,
                    noted.cache,
                    query,
                )
            )

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
        return f"{self._process}{next(self._number):06x}"


def _outcome(status: int, noted: Observation) -> str:
    """Name the end of a request by one of a closed list of words."""
    if status < 400:
        return "cached" if noted.cache == "hit" else "not-modified" if status == 304 else "ok"
    return noted.kind or ("refused" if status < 500 else "failed")


def _utc(seconds: float) -> str:
    whole = int(seconds)
    return f"{_second(whole)}.{int((seconds - whole) * 1000):03d}Z"


@lru_cache(maxsize=8)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _line(members: dict[str, Any]) -> str:
    return _ENCODE(members)


def _write_all(descriptor: int, data: bytes) -> None:
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        pass  # nobody reads any more: that is no reason not to answer
