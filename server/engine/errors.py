"""Every way in which a query can end badly.

::

    QueryError (400)               something about this query
    ├── QuerySyntaxError   400     does not parse; line and column where known
    ├── QueryNesting       400     nested deeper than the parser's stack
    ├── QueryTooLong       413     the text is over the limit
    ├── FederationOff      403     SERVICE, which the embedded engine refuses
    ├── NotAcceptable      406     no format that the client takes
    ├── ResultTooLarge     413     the result is over the ceiling
    ├── OverBudget         429     this client already holds its share
    └── EngineError        503     the engine's own limits, exit status 3
        ├── QueryDeadline          took longer than allowed
        ├── QueryMemory            needed more memory than allowed
        ├── EngineBusy             all workers taken, queue full or slow
        ├── EngineStopping         the server is shutting down
        ├── EngineNotReady         no version is open yet
        ├── StoreFailure           the store could not be read
        └── WorkerLost             the worker was killed from outside

``kind`` is the machine-readable name that clients see; a worker sends it and
:func:`from_kind` turns it back into the class.
"""

from __future__ import annotations

from typing import ClassVar

from crisisgov.errors import InputError


class QueryError(InputError):
    """A query that ends without a result.

    ``detail`` says what is wrong in one sentence, ``hint`` what would be right;
    ``line`` and ``column`` count from 1; ``retry_after`` is in seconds and only
    set when asking again later can help.
    """

    kind: ClassVar[str] = "query"
    title: ClassVar[str] = "The query cannot be answered"

    def __init__(
        self,
        detail: str,
        *,
        hint: str = "",
        line: int | None = None,
        column: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{detail} {hint}".strip())
        self.detail = detail
        self.hint = hint
        self.line = line
        self.column = column
        self.retry_after = retry_after


class QuerySyntaxError(QueryError):
    """The text is not a SPARQL query."""

    kind = "syntax"
    title = "The query has a syntax error"


class QueryNesting(QueryError):
    """Groups or lists are nested deeper than the parser can follow."""

    kind = "nesting"
    title = "The query is nested too deeply"


class QueryTooLong(QueryError):
    """The text is longer than the engine reads."""

    status = 413
    kind = "too-long"
    title = "The query is too long"


class FederationOff(QueryError):
    """The query asks another endpoint, which the embedded engine never does."""

    status = 403
    kind = "federation-off"
    title = "Federation is off"


class NotAcceptable(QueryError):
    """The client takes none of the formats in which this result can be written."""

    status = 406
    kind = "not-acceptable"
    title = "No acceptable format"


class ResultTooLarge(QueryError):
    """The serialised result is over the ceiling."""

    status = 413
    kind = "too-large"
    title = "The result is too large"


class OverBudget(QueryError):
    """One client asks for more than its share of the workers."""

    status = 429
    kind = "budget"
    title = "Too many queries at once"


class EngineError(QueryError):
    """The engine, not the query's text, is why there is no answer."""

    exit_status = 3
    status = 503
    kind = "engine"
    title = "The query engine cannot answer now"


class QueryDeadline(EngineError):
    """The query took longer than allowed and was ended."""

    kind = "deadline"
    title = "The query took too long"


class QueryMemory(EngineError):
    """The query needed more memory than a worker may take."""

    kind = "memory"
    title = "The query needed too much memory"


class EngineBusy(EngineError):
    """All workers are taken and the queue is full, or did not move in time."""

    kind = "busy"
    title = "The server is busy"


class EngineStopping(EngineError):
    """The server is shutting down."""

    kind = "stopping"
    title = "The server is stopping"


class EngineNotReady(EngineError):
    """No version of the graph is open."""

    kind = "not-ready"
    title = "The graph is not open yet"


class StoreFailure(EngineError):
    """The store could not be opened or read."""

    kind = "store"
    title = "The store cannot be read"


class WorkerLost(EngineError):
    """The worker that ran the query was ended by something outside the engine."""

    kind = "worker-lost"
    title = "The query was interrupted"


_CLASSES: tuple[type[QueryError], ...] = (
    QuerySyntaxError,
    QueryNesting,
    QueryTooLong,
    FederationOff,
    NotAcceptable,
    ResultTooLarge,
    OverBudget,
    QueryDeadline,
    QueryMemory,
    EngineBusy,
    EngineStopping,
    EngineNotReady,
    StoreFailure,
    WorkerLost,
)
_BY_KIND: dict[str, type[QueryError]] = {cls.kind: cls for cls in _CLASSES}


def from_kind(
    kind: str, detail: str, *, hint: str = "", line: int | None = None, column: int | None = None
) -> QueryError:
    """Build the error of a ``kind`` that a worker reported."""
    return _BY_KIND.get(kind, StoreFailure)(detail, hint=hint, line=line, column=column)
