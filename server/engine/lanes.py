"""Who gets the next free worker: in order of arrival, with a share per client.

Whoever loses a worker (it had to be killed at the deadline, or died of memory) keeps
that place of his share until another worker has started in its stead: else one client
could use up the workers of all by killing them faster than they start. For a minute
his next queries stand back behind everybody else's, too.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field

from crisisgov.server.engine import errors
from crisisgov.server.engine.process import WorkerProcess

STAND_BACK_SECONDS = 60.0
"""How long the queries of whoever lost a worker run only when nobody else's do."""


@dataclass(frozen=True)
class LaneLimits:
    """How a lane is shared.

    ``workers`` run at once, of which one client holds at most ``per_client``;
    ``queue`` requests wait, of which at most ``queue_per_client`` are of one
    client, for at most ``wait_seconds``.
    """

    workers: int
    per_client: int
    queue: int
    queue_per_client: int
    wait_seconds: float


@dataclass(eq=False)
class _Waiter:
    client: str
    worker: WorkerProcess | None = None
    served: threading.Event = field(default_factory=threading.Event)


class WorkerLane:
    """The idle workers of one lane and the requests that wait for them."""

    def __init__(self, limits: LaneLimits) -> None:
        self.limits = limits
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._waiting: list[_Waiter] = []
        self._running: Counter[str] = Counter()
        self._lost: deque[str] = deque()  # whose workers are being replaced
        self._stand_back: dict[str, float] = {}  # until when
        self._stopping = False

    def acquire(self, client: str, seconds: float) -> WorkerProcess:
        """Wait for a worker, at most ``seconds`` and the lane's own limit.

        :raises errors.OverBudget: when it is the client's own share that is used up.
        :raises errors.EngineBusy: when everybody's is.
        :raises errors.EngineStopping: when the engine ends meanwhile.
        """
        waiter = _Waiter(client)
        seconds = min(seconds, self.limits.wait_seconds)
        with self._lock:
            if self._stopping:
                raise _stopping()
            self._waiting.append(waiter)
            self._hand_out()
            if waiter.worker is None:
                self._refuse_if_full(waiter)
        waiter.served.wait(seconds)
        with self._lock:
            if waiter.worker is not None:
                return waiter.worker
            if self._stopping:
                raise _stopping()
            self._waiting.remove(waiter)
            if self._running[client] >= self.limits.per_client:
                raise self._over_budget()
            raise self._busy(f"No worker became free within {seconds:g} seconds.")

    def release(
        self, worker: WorkerProcess, client: str, *, usable: bool, keep: bool = True
    ) -> None:
        """Give back what ``acquire`` returned; an unusable worker is not handed out again.

        The place of an unusable one is free again when :meth:`add` brings another. One that
        did its work and is not to be kept is nobody's fault.
        """
        with self._lock:
            if usable:
                self._count_down(client)
                if keep:
                    self._idle.append(worker)
            else:
                self._lost.append(client)
                now = time.monotonic()
                self._stand_back = {c: t for c, t in self._stand_back.items() if t > now}
                self._stand_back[client] = now + STAND_BACK_SECONDS
            self._hand_out()

    def stands_back(self, client: str) -> bool:
        """Tell whether the queries of ``client`` are to run behind those of others."""
        return self._stand_back.get(client, 0.0) > time.monotonic()

    def add(self, worker: WorkerProcess) -> None:
        """Take in a worker that has just become ready."""
        with self._lock:
            if self._lost:
                self._count_down(self._lost.popleft())
            self._idle.append(worker)
            self._hand_out()

    def drop_dead(self) -> list[WorkerProcess]:
        """Remove and return idle workers that have died."""
        with self._lock:
            dead = [worker for worker in self._idle if not worker.alive()]
            self._idle = [worker for worker in self._idle if worker not in dead]
            return dead

    def stop(self) -> None:
        """End every wait with ``EngineStopping``."""
        with self._lock:
            self._stopping = True
            for waiter in self._waiting:
                waiter.served.set()

    def counts(self) -> tuple[int, int]:
        """Return how many requests run and how many wait."""
        with self._lock:
            return self._running.total() - len(self._lost), len(self._waiting)

    def _count_down(self, client: str) -> None:
        self._running[client] -= 1
        if self._running[client] <= 0:
            del self._running[client]

    def _hand_out(self) -> None:
        """Serve whom we can, first come first served, skipping clients at their share."""
        for waiter in list(self._waiting):
            if not self._idle:
                return
            if self._running[waiter.client] >= self.limits.per_client:
                continue
            # The last one in is the one whose caches are warm. A dead one stays
            # in the list for the supervisor to find.
            worker = next((one for one in reversed(self._idle) if one.alive()), None)
            if worker is None:
                return
            self._idle.remove(worker)
            self._waiting.remove(waiter)
            self._running[waiter.client] += 1
            waiter.worker = worker
            waiter.served.set()

    def _refuse_if_full(self, waiter: _Waiter) -> None:
        same = sum(1 for other in self._waiting if other.client == waiter.client)
        if same > self.limits.queue_per_client:
            self._waiting.remove(waiter)
            raise self._over_budget()
        if len(self._waiting) > self.limits.queue:
            self._waiting.remove(waiter)
            raise self._busy(f"{self.limits.queue} queries are already waiting.")

    def _over_budget(self) -> errors.OverBudget:
        return errors.OverBudget(
            f"One client can have {self.limits.per_client} queries running and "
            f"{self.limits.queue_per_client} waiting at a time.",
            hint="Wait for your other queries to end.",
            retry_after=5,
        )

    def _busy(self, detail: str) -> errors.EngineBusy:
        return errors.EngineBusy(detail, hint="Ask again in a moment.", retry_after=5)


def _stopping() -> errors.EngineStopping:
    return errors.EngineStopping("The server is shutting down.", retry_after=10)
