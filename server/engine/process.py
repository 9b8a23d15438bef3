"""The web process's side of one query worker."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crisisgov
from crisisgov.server.engine import allocator, errors, frames

_START_SECONDS = 20.0
STAND_BACK_AFTER = 1.0
"""Seconds after which a query runs only when nobody else wants the processor."""


@dataclass(frozen=True)
class WorkerSettings:
    """What a worker is told when it starts.

    ``memory_mb`` bounds its data (MiB), ``ceiling`` a result (bytes);
    ``prefixes`` shorten the graphs it writes; ``union`` makes the default graph
    the union of all; ``malloc`` names the allocator.
    """

    store: str
    memory_mb: int
    ceiling: int
    prefixes: dict[str, str]
    union: bool = True
    malloc: str = allocator.SYSTEM


class StartFailure(Exception):
    """A worker ended, or said no, before it was ready."""


class WorkerProcess:
    """One worker: started, asked, killed.

    Start and end belong to the supervisor's thread, :meth:`ask` to the one
    thread that holds the worker at the time.
    """

    def __init__(self, settings: WorkerSettings) -> None:
        self.settings = settings
        self.started = time.monotonic()
        self.walled = False
        self._thread = 0  # the worker's, in which queries run
        ours, theirs = socket.socketpair()
        self._channel = ours
        self._stderr = tempfile.TemporaryFile()
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "crisisgov.server.engine.worker",
                    str(theirs.fileno()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                pass_fds=(theirs.fileno(),),
                env={
                    **environment(),
                    **allocator.preloaded(settings.malloc, os.environ.get("LD_PRELOAD", "")),
                },
            )
        try:
            frames.send(
                self._channel,
                {
                    "store": settings.store,
                    "memory_mb": settings.memory_mb,
                    "ceiling": settings.ceiling,
                    "prefixes": settings.prefixes,
                    "union": settings.union,
                },
            )
        except frames.ChannelClosed:
            pass  # seen when the supervisor waits for it to be ready

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def fileno(self) -> int:
        """Descriptor that becomes readable when the worker is ready or dead."""
        return self._channel.fileno()

    def overdue(self) -> bool:
        """Tell whether it should have been ready by now."""
        return time.monotonic() - self.started > _START_SECONDS

    def become_ready(self) -> None:
        """Read the first answer of a worker that has one.

        :raises StartFailure: with what the worker said.
        """
        try:
            header, _payload, _fd = frames.receive(self._channel, time.monotonic() + 1.0)
        except (frames.ChannelClosed, frames.ChannelTimeout) as error:
            raise StartFailure(self._last_words()) from error
        if "ready" not in header:
            raise StartFailure(str(header.get("failed")))
        self.walled = bool(header["walled"])
        self._thread = int(header["thread"])

    def alive(self) -> bool:
        """Tell whether the worker can be asked: it runs and has not hung up."""
        poller = select.poll()
        poller.register(self._channel, select.POLLIN)
        return not poller.poll(0) and self._process.poll() is None

    def ask(
        self, job: dict[str, Any], deadline: float, *, stand_back: bool = False
    ) -> tuple[dict[str, Any], bytes, int | None]:
        """Send ``job`` and wait for its answer until ``deadline`` (monotonic).

        After a second, or with ``stand_back`` at once, it runs only on what
        others leave of the processors.

        :raises frames.ChannelTimeout: at the deadline; the worker must be killed.
        :raises frames.ChannelClosed: when it died; :meth:`cause_of_death` says why.
        """
        frames.send(self._channel, {**job, "ceiling": self.settings.ceiling})
        soon = time.monotonic() + STAND_BACK_AFTER
        if not stand_back and soon < deadline and self._answers_by(soon):
            return frames.receive(self._channel, deadline)
        _only_when_idle(self._thread)
        answer = frames.receive(self._channel, deadline)
        self._thread = int(answer[0].get("thread", self._thread))
        return answer

    def _answers_by(self, moment: float) -> bool:
        poller = select.poll()
        poller.register(self._channel, select.POLLIN)
        return bool(poller.poll(max(0.0, moment - time.monotonic()) * 1000))

    def cause_of_death(self) -> errors.QueryError:
        """Turn the way in which the worker ended into an error for who asked."""
        try:
            code = self._process.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            code = 0
        return reason_of_death(code, self.settings.memory_mb)

    def kill(self) -> None:
        """End the worker at once; it is gone when :meth:`reaped` says so."""
        self._process.kill()

    def reaped(self) -> bool:
        """Tell whether the process is gone, and free what was held for it."""
        if self._process.poll() is None:
            return False
        self._channel.close()
        self._stderr.close()
        return True

    def _last_words(self) -> str:
        try:
            code: int | None = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            code = None
        self._stderr.seek(0)
        text = self._stderr.read(64_000).decode(errors="replace").strip()
        last = text.splitlines()[-1] if text else "it said nothing"
        return f"a query worker ended with status {code} before it was ready: {last}"


def _only_when_idle(thread: int) -> None:
    """Let a thread run only when no ordinary one wants to; for good, without privileges."""
    if not thread or not hasattr(os, "sched_setscheduler"):
        return
    with contextlib.suppress(OSError):  # gone meanwhile, or forbidden by the container
        os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))


def reason_of_death(code: int, memory_mb: int) -> errors.QueryError:
    """Turn the exit status of a process that ran a query or update into an error for who asked."""
    if code in (-signal.SIGSEGV, -signal.SIGBUS):
        return errors.QueryNesting(
            "Groups, lists or expressions of the query are nested deeper than can be read.",
            hint="Write it flatter; a few hundred levels are too many.",
        )
    if code == -signal.SIGABRT:
        return errors.QueryMemory(
            f"The query needed more than {memory_mb} MB of memory.",
            hint="Ask for less at once: fewer rows to sort, group or keep distinct.",
        )
    return errors.WorkerLost(
        "The process that ran the query was ended from outside.",
        hint="Ask again.",
        retry_after=1,
    )


def environment() -> dict[str, str]:
    """Return the worker's environment: it finds the package where this process found it."""
    root = str(Path(crisisgov.__file__).parents[1])
    path = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    # A backtrace while out of memory takes seconds.
    # Queries run in a second thread, which would get a heap of its own.
    fixed = {"RUST_BACKTRACE": "0", "MALLOC_ARENA_MAX": "1"}
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path), **fixed}
