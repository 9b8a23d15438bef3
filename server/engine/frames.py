"""Messages between the web process and a query worker.

A frame is a length of four bytes (big-endian), a JSON header of that length,
and, when the header says ``payload``, so many raw bytes. A result in a file
travels as the file's descriptor with the first byte of the frame.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import time
from typing import Any

_LENGTH = struct.Struct(">I")
MAX_HEADER = 4 * 1024 * 1024  # bytes; a query of 64 kB in JSON escapes stays far below


class ChannelClosed(Exception):
    """The other side is gone."""


class ChannelTimeout(Exception):
    """The other side did not answer in time."""


def send(
    channel: socket.socket, header: dict[str, Any], payload: bytes = b"", fd: int | None = None
) -> None:
    """Write one frame.

    :raises ChannelClosed: when nobody reads.
    """
    text = json.dumps({**header, "payload": len(payload)}).encode()
    frame = _LENGTH.pack(len(text)) + text + payload
    try:
        sent = 0 if fd is None else socket.send_fds(channel, [frame], [fd])
        channel.sendall(frame[sent:])
    except (BrokenPipeError, ConnectionResetError) as error:
        raise ChannelClosed from error


def receive(
    channel: socket.socket, deadline: float | None = None
) -> tuple[dict[str, Any], bytes, int | None]:
    """Read one frame: header, payload, and a descriptor when one came along.

    ``deadline`` is a point of :func:`time.monotonic`; None waits for ever.

    :raises ChannelClosed: when the other side is gone.
    :raises ChannelTimeout: when the deadline passes first.
    """
    start, fd = _receive_start(channel, deadline)
    try:
        length = _LENGTH.unpack(start + _receive_exactly(channel, 4 - len(start), deadline))[0]
        if length > MAX_HEADER:
            raise ChannelClosed(f"a header of {length} bytes is not one of ours")
        header: dict[str, Any] = json.loads(_receive_exactly(channel, length, deadline))
        return header, _receive_exactly(channel, header["payload"], deadline), fd
    except (ChannelClosed, ChannelTimeout):
        if fd is not None:
            os.close(fd)
        raise


def end_with_peer(channel: socket.socket) -> None:
    """End this process when the other end of its socket is closed, also in mid-query."""
    closed = getattr(select, "POLLRDHUP", 0) | select.POLLHUP
    poller = select.poll()
    poller.register(channel, closed)
    while True:
        for _fd, events in poller.poll(1000):
            if events & (closed | select.POLLERR):
                os._exit(0)


def _receive_start(channel: socket.socket, deadline: float | None) -> tuple[bytes, int | None]:
    _set_timeout(channel, deadline)
    try:
        start, fds, _flags, _address = socket.recv_fds(channel, 4, 1)
    except TimeoutError as error:
        raise ChannelTimeout from error
    except ConnectionResetError as error:
        raise ChannelClosed from error
    if not start:
        raise ChannelClosed
    return start, fds[0] if fds else None


def _receive_exactly(channel: socket.socket, count: int, deadline: float | None) -> bytes:
    data = bytearray()
    while len(data) < count:
        _set_timeout(channel, deadline)
        try:
            piece = channel.recv(count - len(data))
        except TimeoutError as error:
            raise ChannelTimeout from error
        except ConnectionResetError as error:
            raise ChannelClosed from error
        if not piece:
            raise ChannelClosed
        data += piece
    return bytes(data)


def _set_timeout(channel: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        channel.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise ChannelTimeout
    channel.settimeout(left)
