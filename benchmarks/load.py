"""A small HTTP client for measuring: keeps its connections, and reads answers to their end."""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Callable
from urllib.parse import quote


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


def get(path: str, query: str) -> bytes:
    """Write the request of a query."""
    return (
        f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Accept: application/sparql-results+json\r\n\r\n"
    ).encode()


def throughput(port: int, request: Callable[[int], bytes], clients: int, seconds: float) -> float:
    """Return the answers per second of ``clients`` connections with one request at a time each."""
    connections = [Connection(port) for _ in range(clients)]
    done = 0
    started = time.perf_counter()
    while (passed := time.perf_counter() - started) < seconds:
        for connection in connections:
            connection.send(request(done))
            done += 1
        for connection in connections:
            connection.receive()
    for connection in connections:
        connection.close()
    return done / passed


def latency(port: int, request: Callable[[int], bytes], seconds: float) -> float:
    """Return the median time of one client's request, in seconds."""
    connection = Connection(port)
    times: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(times) < 3:
        sent = request(len(times))
        started = time.perf_counter()
        connection.send(sent)
        connection.receive()
        times.append(time.perf_counter() - started)
    connection.close()
    return statistics.median(times)
