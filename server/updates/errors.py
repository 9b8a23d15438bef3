"""Every way in which a write can be refused.

::

    QueryError
    └── WriteError              400   this change cannot be carried out
        ├── NotAuthorised       401   no token, or a wrong one
        ├── ForeignGraph        403   a graph that may not be written
        ├── NoSuchGraph         404   the graph to read or delete is not there
        ├── Precondition        412   If-Match or If-None-Match does not hold
        ├── UnreadableData      400   the RDF sent cannot be read
        ├── InvalidChange       422   the graph would no longer be valid
        ├── WriteBusy           503   another write or build is at work
        ├── OutdatedGraph       503   records or code are newer than the served graph
        └── WriteFailed         503   disk full, process killed, …

In every case nothing is changed.
"""

from __future__ import annotations

from typing import Any

from crisisgov.server.engine import errors
from crisisgov.server.engine.errors import QueryError


class WriteError(QueryError):
    """A write that was refused; nothing has changed."""

    kind = "write"
    title = "The change was refused"


class NotAuthorised(WriteError):
    """The request has no token, or a wrong one."""

    status = 401
    kind = "token"
    title = "A token is needed to write"


class ForeignGraph(WriteError):
    """The change touches a graph that may not be written over HTTP."""

    status = 403
    kind = "graph"
    title = "This graph cannot be written"


class NoSuchGraph(WriteError):
    """The graph is not there."""

    status = 404
    kind = "no-graph"
    title = "There is no such graph"


class Precondition(WriteError):
    """What the client had seen is no longer so."""

    status = 412
    kind = "precondition"
    title = "The graph is not as the request expects"


class UnreadableData(WriteError):
    """The RDF that was sent cannot be read."""

    kind = "data"
    title = "The data cannot be read"


class InvalidChange(WriteError):
    """After the change the graph would not be valid; ``detail`` has the report."""

    status = 422
    kind = "invalid"
    title = "The change would make the graph invalid"


class WriteBusy(WriteError):
    """Another write or build is at work."""

    status = 503
    kind = "write-busy"
    title = "Another change is at work"


class OutdatedGraph(WriteError):
    """The served version was built from other records or code than there are now."""

    status = 503
    kind = "outdated"
    title = "The graph has to be built again first"


class WriteFailed(WriteError):
    """The system, not the change, is why it could not be made."""

    exit_status = 3
    status = 503
    kind = "write-failed"
    title = "The change could not be made"


_CLASSES: tuple[type[WriteError], ...] = (
    WriteError,
    ForeignGraph,
    NoSuchGraph,
    Precondition,
    UnreadableData,
    InvalidChange,
    WriteBusy,
    OutdatedGraph,
    WriteFailed,
)
_BY_KIND = {cls.kind: cls for cls in _CLASSES}


def to_frame(error: QueryError) -> dict[str, Any]:
    """Return ``error`` as the header of a frame between processes."""
    return {
        "error": error.kind,
        "detail": error.detail,
        "hint": error.hint,
        "line": error.line,
        "column": error.column,
        "retry_after": error.retry_after,
    }


def from_frame(header: dict[str, Any]) -> QueryError:
    """Build the error that another process has sent."""
    cls = _BY_KIND.get(header["error"])
    place = {"hint": header["hint"], "line": header["line"], "column": header["column"]}
    if cls is not None:
        return cls(header["detail"], retry_after=header["retry_after"], **place)
    return errors.from_kind(header["error"], header["detail"], **place)
