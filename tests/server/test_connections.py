"""Which connections of a process are ended: the silent ones of one address, and no others."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from crisisgov.server.body_watch import BodyWatch
from crisisgov.server.connections import end_silent

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pairs(not_run: Callable[[str], NoReturn]) -> Iterator[list[Pair]]:
    """Three connections of this process to itself, from 127.0.0.2: the server's end is second."""
    if not hasattr(socket, "TCP_INFO"):
        not_run("needs Linux, which alone tells when something was sent on a connection")
    made: list[Pair] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        for _ in range(3):
            client = socket.create_connection(listening.getsockname(), 5, ("127.0.0.2", 0))
            made.append((client, listening.accept()[0]))
        yield made
        for one in (end for pair in made for end in pair):
            one.close()


def ended(client: socket.socket) -> bool:
    client.settimeout(0.2)
    try:
        return client.recv(1) == b""
    except TimeoutError:
        return False


def test_only_those_are_ended_on_which_nothing_was_sent_for_so_long(pairs: list[Pair]) -> None:
    time.sleep(0.6)
    pairs[1][1].sendall(b"x")
    pairs[1][0].recv(1)
    assert end_silent("127.0.0.2", 0.4) == 2
    assert [ended(client) for client, _ in pairs] == [True, False, True]


def test_connections_of_other_addresses_stay(pairs: list[Pair]) -> None:
    time.sleep(0.3)
    assert end_silent("127.0.0.3", 0.1) == 0
    assert end_silent("::ffff:127.0.0.2", 0.1) == 3  # as a socket for both families names it
    assert end_silent("127.0.0.2", 3600) == 0


def test_an_address_is_spared_while_it_is_answered_with_a_token(pairs: list[Pair]) -> None:
    watch = BodyWatch(0.2, 0.2)
    with watch.reading("127.0.0.2"):
        with watch.answering("127.0.0.2"):
            time.sleep(1.5)
            assert not ended(pairs[0][0])
        time.sleep(1.5)
        assert ended(pairs[0][0])


def test_nobody_loses_anything_while_no_body_is_overdue(pairs: list[Pair]) -> None:
    watch = BodyWatch(30, 0.1)
    with watch.reading("127.0.0.2"):
        time.sleep(1.3)
    assert not ended(pairs[0][0])
