"""Servers on loopback: ours, and the peers, which are installed into a folder of their own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Connection, get

PACKAGES = ("oxigraph", "rdflib-endpoint[web]", "uvicorn")
READY_SECONDS = 120.0

_RDFLIB = """\
import sys
import rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
data = rdflib.Dataset(default_union=True)
data.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=data), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


@dataclass(frozen=True)
class Running:
    """A server that runs."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]

    def pids(self) -> list[int]:
        """Return its processes: all of its session."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                pid = int(entry.name)
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if int(fields[3]) == self.process.pid:
                    found.append(pid)
        return found


def install() -> Path:
    """Install the peers and return the folder of their programs; done once, then found again.

    :raises RuntimeError: with what pip says
    """
    folder = Path(tempfile.gettempdir()) / f"crisisgov-bench-peers-{os.getuid()}"
    programs = folder / "bin"
    if not (folder / "complete").exists():
        steps = (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(programs / "python"), "-m", "pip", "install", "--quiet", *PACKAGES],
        )
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, timeout=180, check=False)
            if done.returncode:
                raise RuntimeError(done.stderr.strip()[-500:])
        (folder / "complete").touch()
    return programs


@contextlib.contextmanager
def crisisgov(data: Path, **variables: str) -> Iterator[Running]:
    """Serve a data folder as users do, with the settings as they come and its log to a file."""
    start = (
        "import os; from crisisgov.server.run import serve; "
        "from crisisgov.server.settings import Settings; serve(Settings.from_env(os.environ))"
    )
    port = _free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CRISISGOV_")}
    environ = {**kept, "CRISISGOV_DATA": str(data), "PORT": str(port), **variables}
    with _running("crisisgov", [sys.executable, "-c", start], port, "/sparql", environ) as it:
        yield it


@contextlib.contextmanager
def oxigraph(programs: Path, store: Path) -> Iterator[Running]:
    """Serve the same store with oxigraph's own server; without ``--timeout-s``.

    With that flag it keeps a thread for each query and broke down at 4,000 a second.
    """
    port = _free_port()
    command = [str(programs / "oxigraph"), "serve-read-only", "--location", str(store)]
    command += ["--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with _running("oxigraph", command, port, "/query", dict(os.environ)) as it:
        yield it


@contextlib.contextmanager
def rdflib_endpoint(programs: Path, nquads: Path) -> Iterator[Running]:
    """Serve the same quads with rdflib-endpoint, from memory."""
    port = _free_port()
    command = [str(programs / "python"), "-c", _RDFLIB, str(nquads), str(port)]
    with _running("rdflib-endpoint", command, port, "/", dict(os.environ)) as it:
        yield it


@contextlib.contextmanager
def _running(
    name: str, command: list[str], port: int, path: str, environ: dict[str, str]
) -> Iterator[Running]:
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, env=environ, stdout=output, stderr=output, start_new_session=True
        )
        try:
            _wait_until_ready(name, process, port, path)
            yield Running(name, port, path, process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(name: str, process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with status {process.returncode}")
        with contextlib.suppress(OSError, RuntimeError):
            connection = Connection(port)
            connection.send(get(path, "SELECT * { ?s a ?o } LIMIT 1"))
            connection.receive()
            connection.close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"{name} was not ready after {READY_SECONDS:.0f} seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
