"""Serving: one granian process with threads, which owns the query workers.

One process on purpose: the shares of clients, the queue and the workers are
counted in it. More throughput is more instances behind a proxy.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import fcntl
import logging.config
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from crisisgov.errors import CrisisgovError, UsageError
from crisisgov.loaders.versions import VersionStore
from crisisgov.ontology.terms import PREFIXES
from crisisgov.server import one_processor
from crisisgov.server.app import create_app
from crisisgov.server.bodies import AT_ONCE, Bodies
from crisisgov.server.cache import CacheMiddleware, ResultCache
from crisisgov.server.compression import Gzip
from crisisgov.server.engine.api import QueryEngine
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.remote import RemoteEngine
from crisisgov.server.logs import LOGGING, Lines, RequestLog
from crisisgov.server.metrics import MeteredEngine, Metrics
from crisisgov.server.one_processor import OneProcessor
from crisisgov.server.settings import Settings
from crisisgov.server.updates import scratch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TARGET = "crisisgov.server.run:application"

_KILL_SECONDS = 10  # a process that does not end by itself is killed
_HEADER_MILLISECONDS = 15_000
_PARENT_LOOK_SECONDS = 0.5
_kept: list[socket.socket] = []  # closed only by the end of the process


class PortTaken(CrisisgovError):
    """Something else listens on the address."""


def application() -> WSGIApplication:
    """Build all that answers, from the environment; called by granian in its worker process.

    :raises UsageError: when a setting is wrong.
    """
    settings = Settings.from_env(os.environ)
    # What runs queries and updates of strangers inherits this environment.
    os.environ.pop("CRISISGOV_WRITE_TOKEN", None)
    _require_private(settings)
    engine = _engine(settings)
    _end_with(os.getppid())
    processor = one_processor.choose(settings.request_cpu)
    lines = Lines(sys.stderr.fileno(), processor)
    _stop_on_signal(engine, lines)
    logging.config.dictConfig(LOGGING)
    return assemble(settings, engine, lines, processor)


def assemble(
    settings: Settings, engine: QueryEngine, lines: Lines, processor: int | None = None
) -> WSGIApplication:
    """Put together what a request passes, from the log to the counted engine.

    ``processor`` is where requests are answered, None for anywhere.
    """
    metrics = Metrics()
    counted = MeteredEngine(engine, metrics)
    cache = ResultCache(settings.cache_mb * 1_000_000)
    metrics.watch(counted, cache, lines)
    app = create_app(settings, counted)
    app.extensions["crisisgov.metrics"] = metrics
    answers: WSGIApplication = Gzip(app)
    kept = None
    if settings.cache_mb:
        answers = cached = CacheMiddleware(answers, counted, cache)
        kept = cached.kept
    log = RequestLog(Bodies(answers, settings), settings, metrics, lines, kept)
    return log if processor is None else OneProcessor(log, processor)


def _engine(settings: Settings) -> QueryEngine:
    """Return the engine over the remote endpoint if one is set, else over the data folder."""
    if settings.endpoint:
        return RemoteEngine(settings.endpoint, settings.engine_options(), PREFIXES)
    return EmbeddedEngine(settings.engine_options(), VersionStore(settings.data), PREFIXES)


def serve(settings: Settings) -> None:
    """Serve the current version, and every later one, until SIGTERM or SIGINT.

    :raises PortTaken: naming the process that listens there, when it is ours.
    :raises UsageError: when nothing has been built, or the address cannot be used.
    """
    _require_private(settings)
    if settings.endpoint:
        _require_no_writes(settings)
    else:
        _require_version(settings)
    with _alone_on_port(settings):
        # granian may start its worker as a new process, which reads everything from here.
        os.environ.update(settings.to_env())
        Settings.from_env(os.environ)
        Granian(
            TARGET,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=1,
            # A thread for each query that runs or waits, and some for everything else.
            blocking_threads=settings.workers
            + settings.page_workers
            + settings.queue
            + 16
            + AT_ONCE,
            workers_kill_timeout=_KILL_SECONDS,
            websockets=False,
            factory=True,
            log_access=False,
            log_level=LogLevels.error,
            log_dictconfig=LOGGING,
            # Whoever has not sent the head of a request by then, or asked again, is let go.
            http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MILLISECONDS),
        ).serve()


def serve_scratch(settings: Settings) -> None:
    """Serve an empty graph in which anybody may write anything; it is gone at the end.

    :raises UsageError: when the address is not this machine's own
    :raises PortTaken: when something else listens there
    """
    with tempfile.TemporaryDirectory(prefix="crisisgov-scratch-") as folder:
        changed = dataclasses.replace(settings, data=Path(folder), scratch=True, write_token="")
        _require_private(changed)
        scratch.begin(changed.data)
        serve(changed)


def _require_no_writes(settings: Settings) -> None:
    """Refuse to take contributions for a graph that is served from elsewhere.

    :raises UsageError: naming the settings that exclude each other
    """
    if settings.scratch or settings.write_token:
        raise UsageError(
            "a remote endpoint (--endpoint, CRISISGOV_ENDPOINT) is only read: leave out "
            "CRISISGOV_WRITE_TOKEN and --scratch; write to the data folder, build, and publish"
        )


def _require_version(settings: Settings) -> None:
    """Make sure that there is something to serve.

    :raises UsageError: when nothing is built, or a real graph would be served as scratch
    """
    version = VersionStore(settings.data).current()
    if version is None:
        raise UsageError(f"{settings.data}: nothing is built here; run crisisgov build first")
    if settings.scratch and not version.meta.get("scratch"):
        raise UsageError(f"{settings.data} holds a real graph; use crisisgov serve --scratch")


def _require_private(settings: Settings) -> None:
    """Refuse to serve a graph that anybody may write to anybody but this machine.

    :raises UsageError: naming the address
    """
    if settings.scratch and settings.host not in ("127.0.0.1", "::1", "localhost"):
        raise UsageError(
            f"a scratch graph can be written by anybody, so it is served on 127.0.0.1 or ::1 "
            f"only, not on {settings.host}"
        )


@contextlib.contextmanager
def _alone_on_port(settings: Settings) -> Iterator[None]:
    """Make sure that nobody else serves on the port.

    granian binds with SO_REUSEPORT: a second server would start without
    complaint and get every other request.
    """
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise UsageError(
            f"{error.strerror}; on a read-only file system put one in memory on /tmp "
            "(--tmpfs /tmp in a container)"
        ) from error
    path = folder / f"crisisgov-{os.getuid()}-{settings.port}.lock"
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    try:
        file = os.fdopen(os.open(path, flags, 0o600), "r+", encoding="ascii")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = file.read().strip()
            raise _taken(settings, f"process {holder}" if holder else "another server") from error
        _probe(settings)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _probe(settings: Settings) -> None:
    """Bind the address alone for a moment, which fails when anybody listens there."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise _taken(settings, "another process") from error
            raise UsageError(
                f"cannot listen on {settings.host}, port {settings.port}: "
                f"{error.strerror or error}; choose another address with --host and --port"
            ) from error


def _taken(settings: Settings, holder: str) -> PortTaken:
    return PortTaken(
        f"port {settings.port} on {settings.host} is in use by {holder}; "
        "stop it, or choose another port with --port or PORT"
    )


def _end_with(parent: int) -> None:
    """End this process when ``parent`` is gone, however it went.

    granian's worker would serve on as an orphan after a kill -9 of its main
    process. The query workers see their sockets close and end too.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="crisisgov-parent", daemon=True).start()


def _stop_on_signal(engine: QueryEngine, lines: Lines) -> None:
    """Close ``engine`` when this process is told to end, so that nobody waits for queries.

    granian sets its own handlers after us and then waits for running requests;
    Python writes the number of every signal that has a handler to one
    descriptor, whoever set it.
    """
    bell, ring = socket.socketpair()
    ring.setblocking(False)
    signal.set_wakeup_fd(ring.fileno(), warn_on_full_buffer=False)

    def listen() -> None:
        # For ever: signals are written to the pair as long as the process lives.
        while True:
            if {signal.SIGTERM, signal.SIGINT} & set(bell.recv(16)):
                engine.close()
                lines.flush()

    threading.Thread(target=listen, name="crisisgov-signals", daemon=True).start()
    _kept.append(ring)
