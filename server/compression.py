"""gzip for responses, for clients that take it (RFC 9110, sections 8.4 and 12.5.3)."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from crisisgov.server.one_processor import anywhere
from crisisgov.server.wsgi import Captured, Remembered, close, header, without

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LEAST_BYTES = 600
"""Below this the headers outweigh what is saved: the answer fits one packet anyway."""

WHOLE_BYTES = 8_000_000
"""Up to this an answer is compressed whole and has a length; a larger one while it is sent."""

_MOVED_BYTES = 200_000

_SUBTYPES = ("json", "xml", "javascript", "n-triples", "n-quads", "turtle", "trig")


class Gzip:
    """WSGI middleware that compresses what ``app`` answers."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, compressed when the client takes it and it pays."""
        if_match = environ.get("HTTP_IF_MATCH")
        if if_match:
            # A weak tag is one of ours, see below; the application gives strong ones only.
            environ["HTTP_IF_MATCH"] = if_match.replace('W/"', '"')
        captured = Captured()
        body = self._app(environ, captured)
        if not _compressible(captured):
            start_response(captured.status, captured.headers)
            return body
        captured.headers = _vary(captured.headers)
        length = header(captured.headers, "Content-Length")
        size = int(length) if length is not None and length.isdigit() else None
        wanted = accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if not wanted or (size is not None and size < LEAST_BYTES):
            start_response(captured.status, captured.headers)
            return body
        headers = without(captured.headers, "Content-Length", "ETag")
        headers.append(("Content-Encoding", "gzip"))
        tag = header(captured.headers, "ETag")
        if tag is not None:
            # Other bytes than those without compression, so no longer the same by every byte.
            headers.append(("ETag", tag if tag.startswith("W/") else f"W/{tag}"))
        if environ["REQUEST_METHOD"] == "HEAD":
            start_response(captured.status, headers)
            return body
        if size is None or size > WHOLE_BYTES:
            start_response(captured.status, headers)
            return _Compressing(body)
        try:
            packed = compress(b"".join(body))
        finally:
            close(body)
        headers.append(("Content-Length", str(len(packed))))
        start_response(captured.status, headers)
        return [packed]


def compress(data: bytes, level: int = 5) -> bytes:
    """Return ``data`` as one gzip member, the same bytes each time."""
    packer = _packer(level)
    # Only what takes milliseconds is worth a move to another processor, and back.
    with anywhere() if len(data) > _MOVED_BYTES else contextlib.nullcontext():
        return packer.compress(data) + packer.flush()


@Remembered
def accepts_gzip(accept_encoding: str) -> bool:
    """Tell whether a client takes gzip, and does not like the plain answer better.

    A range that cannot be read is left out; no header takes nothing but the
    plain answer.
    """
    qualities: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _equals, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        if name and 0.0 <= quality <= 1.0:
            qualities["gzip" if name == "x-gzip" else name] = quality
    gzip = qualities.get("gzip", qualities.get("*", 0.0))
    return gzip > 0 and gzip >= qualities.get("identity", 0.0)


class _Compressing:
    """A body that is compressed while it is sent; the trailer of gzip shows that it is whole."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body
        self._pieces = self._compress()

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Give the body back, read or not."""
        close(self._body)

    def _compress(self) -> Iterator[bytes]:
        packer = _packer(level=1)
        for piece in self._body:
            with anywhere():
                packed = packer.compress(piece)
            if packed:
                yield packed
        yield packer.flush()


def _packer(level: int) -> zlib._Compress:
    return zlib.compressobj(level, zlib.DEFLATED, 16 + zlib.MAX_WBITS)


def _compressible(captured: Captured) -> bool:
    if captured.status[:3] in ("204", "304") or header(captured.headers, "Content-Encoding"):
        return False
    media_type = (header(captured.headers, "Content-Type") or "").partition(";")[0].strip().lower()
    return media_type.startswith("text/") or media_type.endswith(_SUBTYPES)


def _vary(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    known = header(headers, "Vary")
    names = [name.strip() for name in (known or "").split(",") if name.strip()]
    if any(name.lower() in ("accept-encoding", "*") for name in names):
        return headers
    return [*without(headers, "Vary"), ("Vary", ", ".join([*names, "Accept-Encoding"]))]
