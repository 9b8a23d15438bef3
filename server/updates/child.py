"""Starting a process for one write, talking to it, and ending it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from crisisgov.server.engine import errors, frames
from crisisgov.server.engine.process import environment, reason_of_death
from crisisgov.server.one_processor import anywhere
from crisisgov.server.updates.errors import from_frame
from crisisgov.server.updates.job import Job

_APPLY = "crisisgov.server.updates.apply"
_LOADING_SECONDS = 120.0
"""Time for loading the working copy, before the time of the update itself begins."""


class Child:
    """A process of this package at the other end of a socket; it ends when this end is closed."""

    def __init__(self, module: str) -> None:
        ours, theirs = socket.socketpair()
        self._channel = ours
        with theirs, anywhere():
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=environment(),
            )

    def send(self, settings: dict[str, Any], job: Job) -> None:
        """Send settings and job.

        :raises frames.ChannelClosed: when the process died; see :meth:`end`
        """
        frames.send(self._channel, settings)
        frames.send(self._channel, *job.to_frame())

    def receive(self, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Return the next answer.

        :raises frames.ChannelTimeout: after ``seconds``
        :raises frames.ChannelClosed: when the process died; see :meth:`end`
        """
        header, payload, _fd = frames.receive(self._channel, time.monotonic() + seconds)
        return header, payload

    def end(self) -> int:
        """Kill the process if it still runs, and return its exit status."""
        self._channel.close()
        if self._process.poll() is None:
            try:
                return self._process.wait(0.2)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self._process.wait()

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()


def run_apart(
    job: Job, *, graph: Path, contributions: Path | None, memory_mb: int, seconds: float
) -> tuple[bool, bytes]:
    """Run ``job`` on a working copy in a walled process.

    ``graph`` is a file of N-Quads, ``contributions`` the data folder whose
    journal has the contributed graphs, None where any graph may be written.
    Returns whether the graph was there before, and N-Quads: of the contributed
    graphs, or of everything.

    :raises QueryError: when the job cannot be done, or took too much time or memory
    """
    settings = {
        "graph": str(graph),
        "contributions": str(contributions) if contributions else "",
        "memory_mb": memory_mb,
    }
    with Child(_APPLY) as child:
        try:
            child.send(settings, job)
            header, payload = child.receive(_LOADING_SECONDS)
            if "loaded" in header:
                header, payload = child.receive(seconds)
        except frames.ChannelTimeout as error:
            raise errors.QueryDeadline(
                f"The update took longer than {seconds:g} seconds and was ended."
            ) from error
        except frames.ChannelClosed as error:
            code = child.end()
            if code in (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT):
                raise reason_of_death(code, memory_mb) from error
            raise errors.WorkerLost(
                "The process that ran the update was ended from outside.", retry_after=1
            ) from error
    if "error" in header:
        raise from_frame(header)
    return bool(header["existed"]), payload
