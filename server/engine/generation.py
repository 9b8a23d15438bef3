"""The workers of one store version, from start to retirement.

Everything here runs in the supervisor's thread except the lanes, which request
threads use, and ``pins``, which the engine guards with its own lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from crisisgov.loaders.versions import Hold
from crisisgov.server.engine.api import Lane
from crisisgov.server.engine.lanes import LaneLimits, WorkerLane
from crisisgov.server.engine.process import StartFailure, WorkerProcess, WorkerSettings

# A version whose workers fail to start so many times in a row is given up.
FAILURES = 3
_BACKOFF_SECONDS = (0.0, 0.2, 1.0, 5.0)


class Generation:
    """Workers that hold one version open, in lanes.

    ``discard`` takes workers that have to be killed or reaped.
    """

    def __init__(
        self,
        hold: Hold,
        limits: Mapping[Lane, LaneLimits],
        settings: WorkerSettings,
        discard: Callable[[WorkerProcess], None],
    ) -> None:
        self.id = hold.version.id
        self.created = hold.version.created
        self.lanes: dict[Lane, WorkerLane] = {
            name: WorkerLane(limit) for name, limit in limits.items()
        }
        self.pins = 0
        self.error = ""
        self.failures = 0
        self.walled = True
        self._hold = hold
        self._settings = settings
        self._discard = discard
        self._ready: dict[Lane, set[WorkerProcess]] = {name: set() for name in limits}
        self._starting: dict[WorkerProcess, Lane] = {}
        self._next_start = 0.0

    @property
    def starting(self) -> list[WorkerProcess]:
        """Workers that are not ready yet."""
        return list(self._starting)

    @property
    def size(self) -> int:
        """How many workers are ready."""
        return sum(len(workers) for workers in list(self._ready.values()))

    @property
    def complete(self) -> bool:
        """Tell whether every lane has all its workers."""
        return all(
            len(self._ready[name]) >= lane.limits.workers for name, lane in self.lanes.items()
        )

    @property
    def hopeless(self) -> bool:
        """Tell whether its workers fail again and again."""
        return self.failures >= FAILURES

    def tend(self) -> None:
        """Take in workers that became ready, drop dead ones, start what is missing."""
        for worker in self.starting:
            if not worker.alive() or worker.overdue():
                self._conclude_start(worker)
        for lane in self.lanes.values():
            for worker in lane.drop_dead():
                self.remove(worker)
        self._start_missing()

    def remove(self, worker: WorkerProcess) -> None:
        """Forget ``worker`` and let it be killed; another one takes its place."""
        for workers in self._ready.values():
            workers.discard(worker)
        self._discard(worker)

    def retire(self) -> None:
        """Let every worker be killed and the version be removed from disk."""
        for lane in self.lanes.values():
            lane.stop()
        for worker in [*self._starting, *(w for some in self._ready.values() for w in some)]:
            self._discard(worker)
        self._starting.clear()
        for workers in self._ready.values():
            workers.clear()
        self._hold.close()

    def _conclude_start(self, worker: WorkerProcess) -> None:
        """Read the first answer of ``worker``, which it has given, or should have long ago."""
        name = self._starting.pop(worker)
        try:
            worker.become_ready()
        except StartFailure as failure:
            self.error = f"version {self.id}: {failure}"
            self.failures += 1
            pause = _BACKOFF_SECONDS[min(self.failures, len(_BACKOFF_SECONDS) - 1)]
            self._next_start = time.monotonic() + pause
            self._discard(worker)
            return
        self.error, self.failures = "", 0
        self.walled = self.walled and worker.walled
        self._ready[name].add(worker)
        self.lanes[name].add(worker)

    def _start_missing(self) -> None:
        for name, lane in self.lanes.items():
            there = len(self._ready[name]) + list(self._starting.values()).count(name)
            for _missing in range(lane.limits.workers - there):
                # After a failure one at a time, with a pause: the cause is rarely the worker.
                if time.monotonic() < self._next_start or (self.failures and self._starting):
                    return
                try:
                    self._starting[WorkerProcess(self._settings)] = name
                except OSError as error:
                    self.error = f"cannot start a query worker: {error.strerror}"
                    self.failures += 1
                    self._next_start = time.monotonic() + _BACKOFF_SECONDS[-1]
                    return
