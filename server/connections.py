"""Ending connections of this process, which the HTTP server keeps to itself.

granian waits for a body without an end and does not tell the application which
connection a request came by. The kernel knows all of them, and how long ago
something was sent on each.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import struct
from collections.abc import Iterator

# struct tcp_info (linux/tcp.h): 8 bytes of flags, then whole numbers of 32 bits, of which the
# tenth is tcpi_last_data_sent, in milliseconds ago; at the beginning, when it was accepted.
_TCP_INFO = struct.Struct("=8x10I")
_LAST_DATA_SENT = 9


def end_silent(address: str, seconds: float) -> int:
    """End the TCP connections from ``address`` on which nothing was sent for ``seconds``.

    Returns how many. Where the kernel does not tell (not Linux), none is.
    """
    if not hasattr(socket, "TCP_INFO"):
        return 0
    wanted, ended = _plain(address), 0
    for connection in _connections():
        with connection:
            try:
                peer = connection.getpeername()
                told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
                silent = _TCP_INFO.unpack(told)[_LAST_DATA_SENT] / 1000
                if _plain(peer[0]) == wanted and silent >= seconds:
                    connection.shutdown(socket.SHUT_RDWR)
                    ended += 1
            except OSError:
                continue  # it listens, or is gone
    return ended


def _connections() -> Iterator[socket.socket]:
    """Yield a copy of every TCP socket of this process; to be closed by the caller."""
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError, ValueError):
            if not os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                continue
            # A copy: what the number stands for may be closed and be another's meanwhile.
            copy = socket.socket(fileno=os.dup(int(name)))
            if copy.family in (socket.AF_INET, socket.AF_INET6):
                yield copy
            else:
                copy.close()


def _plain(address: str) -> str:
    """Return an address without what tells a mapped IPv4 address from another."""
    with contextlib.suppress(ValueError):
        known = ipaddress.ip_address(address)
        mapped = getattr(known, "ipv4_mapped", None)
        return str(mapped or known)
    return address
