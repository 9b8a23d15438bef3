"""The other end of :class:`crisisgov.server.updates.child.Child`: one job, one answer."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path
from typing import Any, Protocol

from crisisgov.server.engine import frames
from crisisgov.server.engine.errors import QueryError
from crisisgov.server.updates import errors
from crisisgov.server.updates.job import Job, Written


class Write(Protocol):
    """Carries a job out in a data folder; ``memory_mb`` and ``seconds`` bound the update."""

    def __call__(self, root: Path, job: Job, *, memory_mb: int, seconds: float) -> Written:
        """Return what came of it, or raise a :class:`QueryError` when nothing has changed."""
        ...


def connect(descriptor: int) -> socket.socket:
    """Return the socket with that number; this process ends when its other end is closed."""
    # Ctrl-C in a terminal reaches the whole group; the web process decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = socket.socket(fileno=descriptor)
    threading.Thread(target=frames.end_with_peer, args=(channel,), daemon=True).start()
    return channel


def receive(channel: socket.socket) -> tuple[dict[str, Any], Job]:
    """Read settings and job."""
    settings, _payload, _fd = frames.receive(channel)
    header, payload, _fd = frames.receive(channel)
    header.pop("payload")
    return settings, Job.from_frame(header, payload)


def serve(descriptor: int, write: Write) -> None:
    """Carry out the one job that comes over the socket, and answer."""
    # The processes that answer queries go first.
    os.nice(10)
    channel = connect(descriptor)
    try:
        settings, job = receive(channel)
        bounds = {"memory_mb": settings["memory_mb"], "seconds": settings["seconds"]}
        try:
            written = write(Path(settings["data"]), job, **bounds)
        except QueryError as error:
            frames.send(channel, errors.to_frame(error))
        else:
            frames.send(channel, {"version": written.version, "existed": written.existed})
    except frames.ChannelClosed:
        return
