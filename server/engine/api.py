"""What every query engine offers to the rest of the server."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Literal, Protocol

from crisisgov.server.engine.formats import DEFAULT_FORMATS, ResultFormats

Lane = Literal["public", "pages"]
ResultKind = Literal["select", "ask", "graph"]

_CHUNK = 256 * 1024  # bytes
MAX_QUERY_BYTES = 64 * 1024


@dataclass
class QueryResult:
    """A complete, serialised result.

    ``content`` is positioned at its start and has ``size`` bytes; large results
    are files without a name, gone when closed. ``version`` is the version of
    the graph that was asked, ``seconds`` how long the answer took.
    """

    kind: ResultKind
    media_type: str
    version: str
    size: int
    seconds: float
    content: BinaryIO

    def read(self) -> bytes:
        """Return the whole result and close it."""
        with self.content:
            return self.content.read()

    def chunks(self) -> Iterator[bytes]:
        """Yield the result in pieces and close it at the end, or when left early."""
        with self.content:
            while piece := self.content.read(_CHUNK):
                yield piece

    def close(self) -> None:
        """Give the result back unread."""
        self.content.close()


def in_memory(
    kind: ResultKind, media_type: str, version: str, data: bytes, seconds: float = 0.0
) -> QueryResult:
    """Return a result that is held as ``data``."""
    return QueryResult(kind, media_type, version, len(data), seconds, io.BytesIO(data))


@dataclass(frozen=True)
class EngineStatus:
    """How an engine is doing, for ``/readyz``.

    ``version`` is None until a version is open, ``created`` when it was built;
    ``error`` is the last reason why a version could not be opened, empty when
    all is well; ``walled`` tells whether the kernel keeps the workers off the
    network.
    """

    version: str | None
    created: datetime | None
    workers: int
    busy: int
    waiting: int
    walled: bool
    error: str


class QueryEngine(Protocol):
    """SPARQL text in, a complete result or a typed error out."""

    @property
    def version(self) -> str | None:
        """Id of the version that the caller would ask now; None before one is open.

        Inside :meth:`pinned` it is the pinned one.
        """
        ...

    def run(
        self,
        query: str,
        *,
        accept: ResultFormats = DEFAULT_FORMATS,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        deadline_s: float,
        lane: Lane = "public",
        client: str = "",
    ) -> QueryResult:
        """Answer ``query`` within ``deadline_s`` seconds.

        ``accept`` lists media types, best first. ``client`` is whoever asks: in
        the public lane nobody holds more than a share of the workers. Queries
        in the pages lane are the server's own.

        :raises QueryError: one of :mod:`crisisgov.server.engine.errors`.
        """
        ...

    def pinned(self) -> AbstractContextManager[str | None]:
        """Make every ``run`` of this thread ask one version until the block ends."""
        ...

    def status(self) -> EngineStatus:
        """Tell how the engine is doing, without asking it anything."""
        ...

    def close(self) -> None:
        """Stop: waiting queries end with ``EngineStopping``."""
        ...
