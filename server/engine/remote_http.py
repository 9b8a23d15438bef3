"""One HTTP request to a remote endpoint, under a total deadline and a byte ceiling.

SPARQLWrapper builds the request (parameters, method, headers) but cannot send it
for a server: its time-out is in whole seconds for each single read, so an endpoint
that sends a byte now and then holds it for ever; it reads bodies and error bodies
without a bound; and it follows redirects to anywhere. Here a watchdog shuts the
socket at the deadline, whatever is being waited for.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import Request

from SPARQLWrapper import SPARQLWrapper

from crisisgov.errors import UsageError
from crisisgov.server.engine.errors import QueryDeadline
from crisisgov.server.engine.remote_errors import EndpointFailed, IncompleteResult
from crisisgov.server.engine.spool import Spool

AGENT = "crisisgov"
_PIECE = 64 * 1024  # bytes
_ERROR_BYTES = 4096  # of an error's text


@dataclass(frozen=True)
class Reply:
    """What came back; header names are in lower case.

    ``framed`` tells whether the end of the body is marked (a length or chunks),
    so that a body which is cut off would have been noticed. Of an answer other
    than 200 only the beginning is kept, in ``error``.
    """

    status: int
    headers: Mapping[str, str]
    framed: bool
    error: str


def check_url(url: str) -> str:
    """Return ``url`` if it can be the URL of an endpoint.

    :raises UsageError: when it is not http or https, or carries a user or a fragment.
    """
    try:
        parts = urlsplit(url)
        usable = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and parts.username is None
            and not parts.fragment
        )
    except ValueError:
        usable = False
    if not usable:
        raise UsageError(
            f"{url}: not the URL of an endpoint; give one such as http://127.0.0.1:8890/sparql, "
            "without user or fragment"
        )
    return url


class QueryRequest(SPARQLWrapper):
    """A query as SPARQLWrapper puts it into a request: POST, form-encoded."""

    def __init__(self, endpoint: str, query: str, accept: str) -> None:
        super().__init__(endpoint, agent=AGENT)
        self.setMethod("POST")
        self.setOnlyConneg(True)  # else it adds format=xml, which some endpoints obey
        self.addCustomHttpHeader("Accept", accept)
        self.addCustomHttpHeader("Accept-Encoding", "identity")
        self.addCustomHttpHeader("Connection", "close")
        # Not setQuery(): it guesses the form with regular expressions, and what it takes
        # for an update it sends as one. Whoever calls has told queries from updates.
        self.queryString = query
        self.queryType = "SELECT"

    def build(self) -> Request:
        """Return the request, not yet sent."""
        return self._createRequest()


def send(request: Request, deadline: float, sink: Spool) -> Reply:
    """Send ``request`` and write the body of a 200 to ``sink``.

    ``deadline`` is a moment of ``time.monotonic``; it holds for everything
    together, connection and body included.

    :raises QueryDeadline: when it has passed.
    :raises CeilingReached: when the body is longer than the sink takes.
    :raises EndpointFailed: when the endpoint cannot be reached or speaks no HTTP.
    :raises IncompleteResult: when the body is cut off.
    """
    parts = urlsplit(request.full_url)
    host = parts.hostname or ""
    try:
        with _connected(host, parts.port, parts.scheme == "https", deadline) as connection:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = dict(request.header_items())
            connection.request(request.get_method(), target, request.data, headers)
            reply = _receive(connection.getresponse(), sink)
            # A head or body that the watchdog has cut may look like one that is short.
            _in_time(deadline, None)
            return reply
    except (http.client.IncompleteRead, http.client.RemoteDisconnected) as error:
        _in_time(deadline, error)
        raise IncompleteResult(f"{host} closed the connection before the answer ended.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        _in_time(deadline, error)
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise EndpointFailed(f"{host} cannot be asked: {reason}.", retry_after=10) from error


def _in_time(deadline: float, error: Exception | None) -> None:
    if time.monotonic() >= deadline - 0.01:
        raise QueryDeadline(
            "The remote endpoint did not answer within the time that a query may take.",
            hint="Add LIMIT or narrower conditions.",
        ) from error


@contextlib.contextmanager
def _connected(
    host: str, port: int | None, tls: bool, deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """Give a connection that is shut at ``deadline``."""
    plain = _connect(host, port or (443 if tls else 80), deadline)
    with contextlib.ExitStack() as stack:
        sock: socket.socket = stack.enter_context(contextlib.closing(plain))
        if tls:
            context = ssl.create_default_context()
            sock = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
            stack.enter_context(contextlib.closing(sock))
        watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, (sock,))
        watchdog.daemon = True
        watchdog.start()
        stack.callback(watchdog.cancel)
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        connection = http.client.HTTPConnection(host, port)
        connection.sock = sock
        yield stack.enter_context(contextlib.closing(connection))


def _connect(host: str, port: int, deadline: float) -> socket.socket:
    """Connect to the first address that answers; all of them together within the deadline."""
    failure: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _name, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(left)
            sock.connect(address)
            return sock
        except OSError as error:
            sock.close()
            failure = error
    raise failure


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Of the plain socket: an SSL socket would forget its keys under the reader's hands.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _receive(response: http.client.HTTPResponse, sink: Spool) -> Reply:
    headers = {name.lower(): value for name, value in response.getheaders()}
    framed = bool(response.chunked) or response.length is not None
    if response.status != 200:
        text = response.read(_ERROR_BYTES).decode("utf-8", "replace")
        return Reply(response.status, headers, framed, text)
    while piece := response.read(_PIECE):
        sink.write(piece)
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return Reply(200, headers, framed, "")
