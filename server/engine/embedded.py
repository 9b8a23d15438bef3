"""The embedded engine: killable worker processes over one version of the store.

A query that goes wrong takes at most its own worker with it. The web process
never parses a query: pyoxigraph's parser overflows the stack at some hundred
nested groups, and that cannot be caught.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crisisgov.loaders.versions import Hold, VersionStore
from crisisgov.server.engine import errors, frames
from crisisgov.server.engine.api import MAX_QUERY_BYTES, EngineStatus, Lane, QueryResult, in_memory
from crisisgov.server.engine.formats import DEFAULT_FORMATS, ResultFormats
from crisisgov.server.engine.generation import Generation
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.engine.supervisor import Supervisor


class EmbeddedEngine:
    """Answers queries from a version of the store.

    With ``versions`` it opens the published version and follows it; without, it
    waits for :meth:`use`. ``prefixes`` shorten the graphs that it writes.
    """

    def __init__(
        self,
        options: EngineOptions,
        versions: VersionStore | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        self.options = options
        self._supervisor = Supervisor(options, versions, prefixes or {})
        self._local = threading.local()

    @property
    def version(self) -> str | None:
        """Id of the version that this thread asks now."""
        generation = self._pinned_generation() or self._supervisor.current
        return generation.id if generation is not None else None

    def use(self, hold: Hold, wait_seconds: float = 60.0) -> None:
        """Switch to the held version as soon as all its workers are ready.

        Requests that run, and those that have pinned the old version, finish on
        the old one.

        :raises errors.EngineNotReady: when it cannot be opened; the old one stays.
        """
        generation = self._supervisor.begin(hold)
        if not self._supervisor.wait_for(generation, wait_seconds):
            reason = generation.error or f"not ready after {wait_seconds:g} seconds"
            raise errors.EngineNotReady(f"Version {generation.id} could not be opened: {reason}")

    @contextlib.contextmanager
    def pinned(self) -> Iterator[str | None]:
        """Make every query of this thread ask the version that is current now."""
        if self._pinned_generation() is not None or self._supervisor.current is None:
            yield self.version
            return
        generation = self._supervisor.pin()
        self._local.generation = generation
        try:
            yield generation.id
        finally:
            self._local.generation = None
            self._supervisor.unpin(generation)

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
        """Answer ``query``; see :class:`crisisgov.server.engine.api.QueryEngine`."""
        if len(query.encode("utf-8", "surrogatepass")) > MAX_QUERY_BYTES:
            raise errors.QueryTooLong(
                f"The query is longer than {MAX_QUERY_BYTES // 1024} kB.",
                hint="Send long lists of values in several queries.",
            )
        job: dict[str, object] = {
            "query": query,
            "solutions": accept.solutions,
            "graphs": accept.graphs,
            "default_graphs": list(default_graphs),
            "named_graphs": list(named_graphs),
        }
        started = time.monotonic()
        with self.pinned():
            generation = self._pinned_generation()
            if generation is None:
                raise self._supervisor.not_ready()
            header, payload, fd = self._ask(generation, job, deadline_s, lane, client)
        if "error" in header:
            raise errors.from_kind(
                header["error"],
                header["detail"],
                hint=header["hint"],
                line=header["line"],
                column=header["column"],
            )
        seconds = time.monotonic() - started
        kind, media_type = header["kind"], header["media_type"]
        if fd is None:
            return in_memory(kind, media_type, generation.id, payload, seconds)
        size = header["size"]
        return QueryResult(kind, media_type, generation.id, size, seconds, os.fdopen(fd, "rb"))

    def status(self) -> EngineStatus:
        """Tell how the engine is doing."""
        generation = self._supervisor.current
        if generation is None:
            return EngineStatus(None, None, 0, 0, 0, False, self._supervisor.error)
        counts = [lane.counts() for lane in generation.lanes.values()]
        return EngineStatus(
            version=generation.id,
            created=generation.created,
            workers=generation.size,
            busy=sum(running for running, _waiting in counts),
            waiting=sum(waiting for _running, waiting in counts),
            walled=generation.walled,
            error=self._supervisor.error or generation.error,
        )

    def close(self) -> None:
        """Stop the supervisor and every worker; waiting queries end at once."""
        self._supervisor.stop()

    def _pinned_generation(self) -> Generation | None:
        return getattr(self._local, "generation", None)

    def _ask(
        self,
        generation: Generation,
        job: dict[str, object],
        deadline_s: float,
        lane: Lane,
        client: str,
    ) -> tuple[dict[str, Any], bytes, int | None]:
        """Have one worker of ``generation`` do ``job``; the deadline begins when it has one."""
        workers = generation.lanes[lane]
        worker = workers.acquire(client, deadline_s)
        usable = keep = False
        try:
            # Pages have no client, and are the server's own.
            behind = bool(client) and workers.stands_back(client)
            answer = worker.ask(job, time.monotonic() + deadline_s, stand_back=behind)
            usable, keep = True, "grown" not in answer[0]
        except frames.ChannelTimeout as error:
            raise errors.QueryDeadline(
                f"The query took longer than {deadline_s:g} seconds and was ended.",
                hint="Add LIMIT or narrower conditions; check that every two parts "
                "of the query share a variable.",
            ) from error
        except frames.ChannelClosed as error:
            if self._supervisor.stopping.is_set():
                raise self._supervisor.not_ready() from error
            raise worker.cause_of_death() from error
        finally:
            workers.release(worker, client, usable=usable, keep=keep)
            if not keep:
                self._supervisor.discard(generation, worker)
        return answer
