"""HTTP clients for measuring: a small one of our own, and wrk where it is installed.

Ours keeps its connections and reads answers to their end; but it is Python, which takes
as long for a repeated answer as the servers do. So these are counted by wrk if it is there.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from urllib.parse import quote

JSON = "application/sparql-results+json"


class Connection:
    """One connection to a server on this machine."""

    def __init__(self, port: int, timeout: float = 60.0) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        """Send a request."""
        self._socket.sendall(request)

    def receive(self) -> bytes:
        """Return one whole answer; :raises RuntimeError: when it is not a 200."""
        data = self._socket.recv(262_144)
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _blank, body = data.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(data[:500].decode(errors="replace"))
        lower = head.lower()
        at = lower.find(b"content-length:")
        if at >= 0:
            size = int(lower[at + 15 :].split(b"\r\n", 1)[0])
            pieces, have = [body], len(body)
            while have < size:
                pieces.append(self._more())
                have += len(pieces[-1])
            return b"".join(pieces)
        while not body.endswith(b"0\r\n\r\n"):
            body += self._more()
        return body

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def _more(self) -> bytes:
        data = self._socket.recv(262_144)
        if not data:
            raise RuntimeError("the server closed the connection")
        return data


def get(path: str, query: str, client: str = "") -> bytes:
    """Write the request of a query, as a proxy hands it on for ``client``, if given."""
    forwarded = f"X-Forwarded-For: {client}\r\n" if client else ""
    return (
        f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Accept: {JSON}\r\n{forwarded}\r\n"
    ).encode()


def throughput(
    port: int, request: Callable[[int, int], bytes], clients: int, seconds: float
) -> float:
    """Return the answers per second of ``clients`` connections with one request at a time each.

    ``request`` is given the number of the request and that of the client.
    """
    connections = [Connection(port) for _ in range(clients)]
    done = 0
    started = time.perf_counter()
    while (passed := time.perf_counter() - started) < seconds:
        for client, connection in enumerate(connections):
            connection.send(request(done, client))
            done += 1
        for connection in connections:
            connection.receive()
    for connection in connections:
        connection.close()
    return done / passed


def repeated(port: int, path: str, query: str, clients: int, seconds: float) -> float:
    """Return the answers per second to one and the same query.

    :raises RuntimeError: when an answer is not a 200
    """
    program = shutil.which("wrk")
    if program is None:
        request = get(path, query)
        return throughput(port, lambda _number, _client: request, clients, seconds)
    command = [program, "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s"]
    command += ["-H", f"Accept: {JSON}", f"http://127.0.0.1:{port}{path}?query={quote(query)}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if rate is None or "Non-2xx" in done.stdout:
        raise RuntimeError(done.stdout)
    return float(rate[1])


def repeated_by() -> str:
    """Name the client that :func:`repeated` uses."""
    return "wrk" if shutil.which("wrk") else "this Python client (wrk is not installed)"
