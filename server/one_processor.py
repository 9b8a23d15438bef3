"""The threads that answer requests stay on one processor.

They take turns at the interpreter's lock anyway. Where each of them may be on
another processor, handing on the lock wakes a thread there, and waiting for
it keeps both busy: on two processors that took more than half of the time of repeated
queries (benchmarks/RESULTS.md). Query workers are processes of their own and
run wherever there is room.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_place = threading.local()


class OneProcessor:
    """WSGI middleware, the outermost: each thread goes to processor ``number``."""

    def __init__(self, app: WSGIApplication, number: int) -> None:
        self._app = app
        self._number = number

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""
        if not hasattr(_place, "before"):
            stay_on(self._number)
        return self._app(environ, start_response)


def choose(wanted: str) -> int | None:
    """Return the processor for answers: ``wanted`` is its number, ``auto`` or ``any`` (None).

    Automatically it is one of those that this process may use, by chance: several
    servers on a machine may meet, and should be given a number each. A system that
    cannot bind threads (macOS) has none.

    :raises ValueError: when this process may not use the processor
    """
    if wanted == "any" or not hasattr(os, "sched_setaffinity"):
        return None
    allowed = sorted(os.sched_getaffinity(0))
    if wanted == "auto":
        return secrets.choice(allowed)
    if int(wanted) not in allowed:
        raise ValueError(f"may not be used here; there are {', '.join(map(str, allowed))}")
    return int(wanted)


def stay_on(number: int) -> None:
    """Keep this thread on a processor; where the system forbids it, it goes on as before."""
    _place.before = os.sched_getaffinity(0)
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, {number})


@contextlib.contextmanager
def anywhere() -> Iterator[None]:
    """Let this thread, and what it starts, run on every processor as before, for a while."""
    before = getattr(_place, "before", None)
    if before is None:
        yield
        return
    now = os.sched_getaffinity(0)
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, before)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, now)
