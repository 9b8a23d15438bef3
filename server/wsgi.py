"""What the WSGI middleware in front of Flask shares (PEP 3333)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Generic, TypeVar

Headers = list[tuple[str, str]]
T = TypeVar("T")
_SHORT = 500  # characters


class Remembered(Generic[T]):
    """What ``read`` makes of a header, remembered for the few short ones that programs send.

    A long one is read each time, so that no client can fill the memory.
    """

    def __init__(self, read: Callable[[str], T]) -> None:
        self._read = read
        self._known = lru_cache(maxsize=256)(read)
        self.cache_info = self._known.cache_info
        self.cache_clear = self._known.cache_clear

    def __call__(self, value: str) -> T:
        """Return it."""
        return self._known(value) if len(value) <= _SHORT else self._read(value)


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
