"""Ways to end that only a remote engine has; they extend the tree in ``errors``."""

from __future__ import annotations

from crisisgov.server.engine.errors import EngineError, QueryError


class EndpointFailed(EngineError):
    """The remote endpoint cannot be reached, refuses, or fails."""

    status = 502
    kind = "endpoint"
    title = "The remote endpoint failed"


class IncompleteResult(EngineError):
    """The remote endpoint sent less than the whole result, or something else altogether."""

    status = 502
    kind = "incomplete"
    title = "The remote endpoint's result is incomplete"


class ExtensionRefused(QueryError):
    """The query uses what only one product understands, and with its own rights."""

    status = 403
    kind = "extension"
    title = "Extensions of one product are refused"
