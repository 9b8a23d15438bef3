"""What the server notes about a request while it answers it, for the log and the metrics."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Observation:
    """Kind of the error, version of the graph, cache hit or miss, SHA-256 of the query."""

    kind: str = ""
    version: str = ""
    cache: str = ""
    query: str = ""


_current: ContextVar[Observation | None] = ContextVar("crisisgov-observation", default=None)


def begin() -> Observation:
    """Start the notes of a new request; a thread answers one at a time."""
    noted = Observation()
    _current.set(noted)
    return noted


def observation() -> Observation:
    """Return the notes of this thread's request; without a request, notes that nobody reads."""
    return _current.get() or Observation()
