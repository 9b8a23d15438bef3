"""The one thread that starts, kills and replaces workers, and switches versions."""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping

from crisisgov.errors import CrisisgovError
from crisisgov.loaders.versions import Hold, VersionStore
from crisisgov.server.engine import errors
from crisisgov.server.engine.generation import Generation
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.engine.process import WorkerProcess, WorkerSettings

_log = logging.getLogger(__name__)
# A version that could not be opened is tried again after this time.
_REFUSED_SECONDS = 30.0
_TICK = 0.25  # seconds between two looks at the workers when nothing calls


class Supervisor:
    """Keeps the workers of the current version, and builds up the next beside it.

    The thread lives as long as the engine: a worker started by a request's
    thread would have to fear that thread's end. With ``versions`` it follows
    the published version.
    """

    def __init__(
        self, options: EngineOptions, versions: VersionStore | None, prefixes: Mapping[str, str]
    ) -> None:
        self.options = options
        self.current: Generation | None = None
        self.error = ""
        self.stopping = threading.Event()
        self._versions = versions
        self._prefixes = dict(prefixes)
        self._changed = threading.Condition()
        self._pending: Generation | None = None
        self._retiring: list[Generation] = []
        self._refused = ""  # id of the version that could not be opened
        self._refused_until = 0.0
        self._discarded: deque[tuple[Generation, WorkerProcess]] = deque()
        self._dying: list[WorkerProcess] = []
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self._ring.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="crisisgov-engine", daemon=True)
        self._thread.start()

    def begin(self, hold: Hold) -> Generation:
        """Let the workers of a held version be started beside the current ones."""
        settings = WorkerSettings(
            store=str(hold.version.store_path),
            memory_mb=self.options.memory_mb,
            ceiling=self.options.result_bytes,
            prefixes=self._prefixes,
            union=self.options.union,
            malloc=self.options.malloc,
        )
        generation = Generation(hold, self.options.limits(), settings, self._kill)
        with self._changed:
            if self._pending is not None:
                self._retiring.append(self._pending)
            self._pending = generation
            self._refused = ""
        self._wake()
        return generation

    def wait_for(self, generation: Generation, seconds: float) -> bool:
        """Wait until ``generation`` is current (True) or was given up (False)."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._pending is not generation or self.stopping.is_set(), seconds
            )
            return self._pending is not generation and self._refused != generation.id

    def pin(self) -> Generation:
        """Return the current generation and keep it until :meth:`unpin`.

        :raises errors.EngineNotReady: when there is none.
        """
        with self._changed:
            if self.current is None:
                raise self.not_ready()
            self.current.pins += 1
            return self.current

    def unpin(self, generation: Generation) -> None:
        """Undo one :meth:`pin`."""
        with self._changed:
            generation.pins -= 1

    def not_ready(self) -> errors.EngineNotReady | errors.EngineStopping:
        """Say why nothing is open."""
        if self.stopping.is_set():
            return errors.EngineStopping("The server is shutting down.", retry_after=10)
        return errors.EngineNotReady(
            self.error or "The graph is being opened.", hint="Ask again.", retry_after=2
        )

    def discard(self, generation: Generation, worker: WorkerProcess) -> None:
        """Take a worker that cannot be used any more from the thread that held it."""
        self._discarded.append((generation, worker))
        self._wake()

    def stop(self) -> None:
        """End every worker and the thread."""
        self.stopping.set()
        self._wake()
        self._thread.join(10.0)

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # full: already rung; closed: nobody sleeps
            self._ring.send(b"x")

    # What follows runs in the supervisor's own thread only.

    def _run(self) -> None:
        next_look = 0.0
        try:
            while not self.stopping.is_set():
                if self._versions is not None and time.monotonic() >= next_look:
                    next_look = time.monotonic() + self.options.follow_seconds
                    self._follow(self._versions)
                self._kill_discarded()
                for generation in (self.current, self._pending, *self._retiring):
                    if generation is not None:
                        generation.tend()
                self._conclude_switch()
                self._retire()
                self._dying = [worker for worker in self._dying if not worker.reaped()]
                self._wait()
        except Exception:
            # Without a supervisor nothing is ever replaced: say so, and let /readyz say so.
            _log.exception("the query engine's supervisor ended")
            self.error = "the query engine's supervisor ended; see the log"
        finally:
            self._end_all()

    def _follow(self, versions: VersionStore) -> None:
        """Begin a switch when another version was published."""
        try:
            version = versions.current()
            known = {g.id for g in (self.current, self._pending) if g is not None}
            if version is None or version.id in known:
                return
            if version.id == self._refused and time.monotonic() < self._refused_until:
                return
            hold = versions.hold_current()
        except CrisisgovError as error:
            self.error = str(error)
            return
        if hold is not None:
            self.begin(hold)

    def _conclude_switch(self) -> None:
        with self._changed:
            pending = self._pending
            if pending is None:
                return
            if pending.complete:
                if self.current is not None:
                    self._retiring.append(self.current)
                self.current, self._pending, self.error = pending, None, ""
            elif pending.hopeless:
                self.error, self._refused, self._pending = pending.error, pending.id, None
                self._refused_until = time.monotonic() + _REFUSED_SECONDS
                self._retiring.append(pending)
                _log.error("%s", pending.error)
            else:
                return
            self._changed.notify_all()

    def _retire(self) -> None:
        with self._changed:
            free = [generation for generation in self._retiring if generation.pins == 0]
            self._retiring = [g for g in self._retiring if g not in free]
        for generation in free:
            generation.retire()

    def _kill_discarded(self) -> None:
        while self._discarded:
            generation, worker = self._discarded.popleft()
            generation.remove(worker)

    def _kill(self, worker: WorkerProcess) -> None:
        worker.kill()
        self._dying.append(worker)

    def _wait(self) -> None:
        """Sleep until a request's thread rings, a worker becomes ready, or a tick passes."""
        poller = select.poll()
        poller.register(self._bell, select.POLLIN)
        for generation in (self.current, self._pending):
            for worker in generation.starting if generation is not None else ():
                poller.register(worker, select.POLLIN)
        poller.poll(20 if self._dying else _TICK * 1000)
        with contextlib.suppress(BlockingIOError):
            self._bell.recv(4096)

    def _end_all(self) -> None:
        self.stopping.set()
        with self._changed:
            everyone = [self.current, self._pending, *self._retiring]
            self.current = self._pending = None
            self._retiring = []
            self._changed.notify_all()
        for generation in everyone:
            if generation is not None:
                generation.retire()
        while self._discarded:
            self._kill(self._discarded.popleft()[1])
        deadline = time.monotonic() + 5.0
        while self._dying and time.monotonic() < deadline:
            self._dying = [worker for worker in self._dying if not worker.reaped()]
            time.sleep(0.005)
        self._bell.close()
        self._ring.close()
