"""What the WSGI middleware in front of Flask shares (PEP 3333)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Headers = list[tuple[str, str]]


class Captured:
    """A ``start_response`` that keeps what it is told, so that it can be looked at and changed."""

    def __init__(self) -> None:
        self.status = "500 Internal Server Error"
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, exc_info: Any = None, /) -> Any:
        """Keep status and headers."""
        self.status, self.headers = status, list(headers)
        return _no_write


def header(headers: Headers, name: str) -> str | None:
    """Return the value of a header, None when it is not there."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def without(headers: Headers, *names: str) -> Headers:
    """Return the headers that are not called so."""
    unwanted = {name.lower() for name in names}
    return [(key, value) for key, value in headers if key.lower() not in unwanted]


def close(body: Iterable[bytes]) -> None:
    """Close a body, if it can be closed."""
    closing = getattr(body, "close", None)
    if closing is not None:
        closing()


def _no_write(_data: bytes) -> None:
    raise RuntimeError("the application returns its body; it does not write it")
