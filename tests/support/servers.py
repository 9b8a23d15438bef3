"""A real server over HTTP on a free port, started as its users start it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

START = "import os; from crisisgov.server.run import serve; " + (
    "from crisisgov.server.settings import Settings; serve(Settings.from_env(os.environ))"
)


START_SCRATCH = START.replace("import serve;", "import serve_scratch as serve;")


@dataclass(frozen=True)
class Reply:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A server started as its users start it, in its own process group."""

    def __init__(self, data: Path, log: Path, start: str = START, **environ: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.environ = server_environ(data, PORT=str(self.port), **environ)
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", start],
                env=self.environ,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_until_ready(self, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(self.log.read_text())
            try:
                if self.request("GET", "/readyz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"not ready after {seconds} s: {self.log.read_text()}")

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send one request; header names are written with ``_`` for ``-``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, received, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.request("GET", path, None, **headers)

    def query(self, query: str, parameters: str = "", **headers: str) -> Reply:
        return self.get(f"/sparql?query={quote(query)}{parameters}", **headers)

    def post_form(self, fields: list[tuple[str, str]], **headers: str) -> Reply:
        return self.request(
            "POST",
            "/sparql",
            urlencode(fields).encode(),
            Content_Type="application/x-www-form-urlencoded",
            **headers,
        )

    def query_workers(self) -> list[int]:
        """Process ids of the query workers."""
        return [
            pid for pid in processes_of(self.process.pid) if "engine.worker" in command_line(pid)
        ]

    def family(self) -> list[int]:
        """Process ids of everything that the server runs."""
        return processes_of(self.process.pid)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def server_environ(data: Path, **environ: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("CRISISGOV_")}
    source = str(Path(__file__).resolve().parents[2] / "src")
    return {**inherited, "PYTHONPATH": source, "CRISISGOV_DATA": str(data), **environ}


def processes_of(session: int) -> list[int]:
    """Process ids in the session that the server leads; only where /proc is."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
