"""A Virtuoso of its own for tests and benchmarks, on loopback, in a folder of its own."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USER = "dba"
PASSWORD = "dba"  # what a new database has
_START_SECONDS = 60.0

_CONFIG = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
ServerThreads = 12
CheckpointInterval = 0
NumberOfBuffers = 30000
MaxDirtyBuffers = 20000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = {max_rows}
MaxQueryExecutionTime = 60
"""


@dataclass(frozen=True)
class Virtuoso:
    """A running server."""

    endpoint: str
    graph_store: str
    log: Path


@contextlib.contextmanager
def running(program: str, folder: Path, max_rows: int = 100_000) -> Iterator[Virtuoso]:
    """Start ``program`` with an empty database in ``folder``; it ends with the block."""
    sql_port, http_port = _free_ports(2)
    config = folder / "virtuoso.ini"
    config.write_text(
        _CONFIG.format(folder=folder, sql_port=sql_port, http_port=http_port, max_rows=max_rows)
    )
    output = folder / "output.log"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [program, "+foreground", "+configfile", str(config)],
            cwd=folder,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    base = f"http://127.0.0.1:{http_port}"
    server = Virtuoso(f"{base}/sparql", f"{base}/sparql-graph-crud-auth", folder / "virtuoso.log")
    try:
        _wait_until_ready(server, process, output)
        yield server
    finally:
        # Its own way of stopping writes a checkpoint first, which nobody needs here.
        process.send_signal(signal.SIGKILL)
        process.wait(10)


def _wait_until_ready(server: Virtuoso, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(server.endpoint, timeout=5) as response:
                response.read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"Virtuoso did not start: {output.read_text()[-2000:]}")


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        found = []
        for _number in range(count):
            probe = stack.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            found.append(int(probe.getsockname()[1]))
        return found
