"""How large an embedded engine is and what one query may take."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from crisisgov.server.engine import allocator
from crisisgov.server.engine.api import Lane
from crisisgov.server.engine.lanes import LaneLimits


def default_workers() -> int:
    """Return three workers per core, at least four: more than cores, so that nobody starves."""
    return max(4, 3 * (os.cpu_count() or 1))


@dataclass(frozen=True)
class EngineOptions:
    """How many workers there are and what a query may take.

    ``memory_mb`` is per worker (MiB), ``result_bytes`` the longest result,
    ``queue`` how many queries wait in a lane, for at most ``wait_seconds``;
    ``follow_seconds`` is how often the published version is looked at. With
    ``union`` a query's default graph is the union of all graphs; ``malloc`` is the
    allocator of workers, see :mod:`crisisgov.server.engine.allocator`.
    """

    workers: int = field(default_factory=default_workers)
    page_workers: int = 2
    memory_mb: int = 512
    result_bytes: int = 100_000_000
    queue: int = 48
    wait_seconds: float = 10.0
    follow_seconds: float = 2.0
    union: bool = True
    malloc: str = allocator.SYSTEM

    def limits(self) -> dict[Lane, LaneLimits]:
        """Return the lanes: a third of the public one per client, pages undivided."""
        share = max(1, self.workers // 3)
        queue_share = max(1, self.queue // 3)
        return {
            "public": LaneLimits(self.workers, share, self.queue, queue_share, self.wait_seconds),
            "pages": LaneLimits(
                self.page_workers, self.page_workers, self.queue, self.queue, self.wait_seconds
            ),
        }
