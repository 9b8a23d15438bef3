"""The result cache: finished answers, kept for one version of the graph.

It stands before Flask, which alone takes longer than a native server needs for
a repeated query. What may be kept is for the application to say: an answer
with an ETag, which names everything that the answer depends on.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.http import parse_etags

from crisisgov.server.compression import accepts_gzip
from crisisgov.server.engine.api import MAX_QUERY_BYTES, QueryEngine
from crisisgov.server.observation import observation
from crisisgov.server.wsgi import Captured, Headers, close, header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Key = tuple[str, ...]

_MAX_BODY = 4 * MAX_QUERY_BYTES  # bytes; what the application reads of a body
_OVERHEAD = 2_000  # bytes that an entry takes beside its key and body
_SHARE = 8  # one answer takes at most this part of the cache


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer with status 200; ``query`` is the hash of what was asked, for the log."""

    headers: Headers
    body: bytes
    tag: str
    query: str


class ResultCache:
    """Answers of one version, the least recently used ones dropped first.

    ``max_bytes`` bounds keys and bodies together. Safe for threads.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.hits = 0
        self.misses = 0
        self._version = ""
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, version: str, key: Key) -> Answer | None:
        """Return the answer that was kept for ``version``; those of other versions are dropped."""
        with self._lock:
            if version != self._version:
                self._answers.clear()
                self._version, self.bytes = version, 0
            answer = self._answers.get(key)
            if answer is not None:
                self.hits += 1
                self._answers.move_to_end(key)
            return answer

    def missed(self) -> None:
        """Count a request whose answer has to be found."""
        with self._lock:
            self.misses += 1

    def put(self, version: str, key: Key, answer: Answer) -> None:
        """Keep an answer, unless it is too large or of a version that is no longer asked."""
        size = _size(key, answer)
        if size * _SHARE > self.max_bytes:
            return
        with self._lock:
            if version != self._version:
                return
            old = self._answers.pop(key, None)
            if old is not None:
                self.bytes -= _size(key, old)
            self._answers[key] = answer
            self.bytes += size
            while self.bytes > self.max_bytes:
                dropped_key, dropped = self._answers.popitem(last=False)
                self.bytes -= _size(dropped_key, dropped)


class CacheMiddleware:
    """Answers from ``cache`` what ``app`` has answered for the same version of the graph.

    Requests with an Authorization header go past it in both directions.
    """

    def __init__(self, app: WSGIApplication, engine: QueryEngine, cache: ResultCache) -> None:
        self._app = app
        self._engine = engine
        self._cache = cache

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the cache, or let the application answer and keep that."""
        version = self._engine.version
        key = None if version is None else _key(environ)
        if key is None or version is None:
            return self._app(environ, start_response)
        noted = observation()
        answer = self._cache.get(version, key)
        if answer is None:
            noted.cache = "miss"
            self._cache.missed()
            # Whatever is published meanwhile, the answer is of the version that it is kept for.
            with self._engine.pinned() as pinned:
                return self._ask(environ, start_response, pinned, key)
        noted.cache, noted.version, noted.query = "hit", version, answer.query
        method = environ["REQUEST_METHOD"]
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and method != "POST" and parse_etags(asked).contains_weak(answer.tag):
            kept = [item for item in answer.headers if not item[0].lower().startswith("content-")]
            start_response("304 NOT MODIFIED", kept)
            return [b""]
        start_response("200 OK", list(answer.headers))
        return [b"" if method == "HEAD" else answer.body]

    def kept(self, environ: WSGIEnvironment) -> tuple[str, Answer] | None:
        """Return version and answer of a plain GET when they are kept: no body, no condition.

        All that is repeated much comes so, and this is as little as has to be looked at.
        """
        if (
            environ["REQUEST_METHOD"] != "GET"
            or "HTTP_IF_NONE_MATCH" in environ
            or "CONTENT_LENGTH" in environ
            or "HTTP_TRANSFER_ENCODING" in environ
        ):
            return None
        version = self._engine.version
        key = None if version is None else _key(environ)
        if version is None or key is None:
            return None
        answer = self._cache.get(version, key)
        return None if answer is None else (version, answer)

    def _ask(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        version: str | None,
        key: Key,
    ) -> Iterable[bytes]:
        captured = Captured()
        body = self._app(environ, captured)
        headers = captured.headers
        size = header(headers, "Content-Length")
        tag = header(headers, "ETag")
        if (
            version is None
            or tag is None
            or size is None
            or not captured.status.startswith("200")
            or environ["REQUEST_METHOD"] == "HEAD"
            or int(size) * _SHARE > self._cache.max_bytes
            or "no-store" in (header(headers, "Cache-Control") or "")
            or header(headers, "Set-Cookie") is not None
        ):
            start_response(captured.status, headers)
            return body
        try:
            data = b"".join(body)
        finally:
            close(body)
        if len(data) == int(size):
            plain_tag = tag.removeprefix("W/").strip('"')
            answer = Answer(headers, data, plain_tag, observation().query)
            self._cache.put(version, key, answer)
        start_response(captured.status, list(headers))
        return [data]


def _key(environ: WSGIEnvironment) -> Key | None:
    """Name all of a request that an answer depends on; None when none may be kept."""
    if "HTTP_AUTHORIZATION" in environ:
        return None
    method = environ["REQUEST_METHOD"]
    sent = ("", "")
    if method == "POST":
        if environ["PATH_INFO"] != "/sparql":
            return None
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdigit() or int(length) > _MAX_BODY:
            return None
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(body)
        sent = (hashlib.sha256(body).hexdigest(), environ.get("CONTENT_TYPE", ""))
    elif method not in ("GET", "HEAD"):
        return None
    return (
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        *sent,
        environ.get("HTTP_ACCEPT", ""),
        "gzip" if accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else "",
    )


def _size(key: Key, answer: Answer) -> int:
    return sum(map(len, key)) + len(answer.body) + _OVERHEAD
