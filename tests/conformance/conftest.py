"""A server with a throw-away graph in which any graph may be written, one for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers import START_SCRATCH, Server


@pytest.fixture(scope="session")
def scratch_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("scratch")
    server = Server(
        folder / "unused",
        folder / "server.log",
        start=START_SCRATCH,
        CRISISGOV_WORKERS="2",
        CRISISGOV_PAGE_WORKERS="1",
        CRISISGOV_WORKER_MEMORY_MB="160",
    )
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture
def scratch(scratch_server: Server) -> Server:
    """The server with nothing in its graph."""
    reply = scratch_server.request(
        "POST", "/sparql", b"DROP ALL", Content_Type="application/sparql-update"
    )
    assert reply.status == 204, reply.text
    return scratch_server
