"""The cache of finished answers, and gzip: what is kept, for whom, and for how long."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisgov.loaders.versions import VersionStore
from crisisgov.server import negotiation
from crisisgov.server.cache import Answer, CacheMiddleware, ResultCache
from crisisgov.server.compression import Gzip, accepts_gzip, compress
from crisisgov.server.logs import Lines, RequestLog
from crisisgov.server.metrics import Metrics
from crisisgov.server.negotiation import Accept
from crisisgov.server.settings import Settings
from tests.server.conftest import publish
from tests.support.servers import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.conftest import Server

QUERY = "SELECT ?e { ?e a <https://w3id.org/crisisgov/ontology#Warning> } ORDER BY ?e"


class FakeVersions:
    """Stands for the engine: the middleware asks only which version is current."""

    def __init__(self) -> None:
        self.version: str | None = "v1"

    @contextlib.contextmanager
    def pinned(self) -> Iterator[str | None]:
        yield self.version


class Counting:
    """An application that answers with the number of times that it was asked."""

    def __init__(self, status: str = "200 OK", **headers: str) -> None:
        self.asked = 0
        self.status = status
        self.headers = {"ETag": '"tag"', **{k.replace("_", "-"): v for k, v in headers.items()}}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        body = f"{self.asked} {environ['wsgi.input'].read().decode()}".encode()
        length = [("Content-Length", str(len(body)))]
        start_response(self.status, [*self.headers.items(), *length])
        return iter([body])


Ask = Callable[..., tuple[str, dict[str, str], bytes]]


def asking(app: Any) -> Ask:
    def ask(
        method: str = "GET",
        path: str = "/sparql",
        query: str = "q=1",
        body: bytes = b"",
        **headers: str,
    ) -> tuple[str, dict[str, str], bytes]:
        found: list[Any] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "wsgi.input": io.BytesIO(body),
            **({"CONTENT_LENGTH": str(len(body))} if body else {}),
            **{(k if k.isupper() else f"HTTP_{k.upper()}"): v for k, v in headers.items()},
        }
        pieces = app(environ, lambda status, headers, _e=None: found.extend((status, headers)))
        return found[0], {k.lower(): v for k, v in found[1]}, b"".join(pieces)

    return ask


def cached(app: Any, max_bytes: int = 1_000_000) -> tuple[Ask, FakeVersions, ResultCache]:
    cache, versions = ResultCache(max_bytes), FakeVersions()
    return asking(CacheMiddleware(app, versions, cache)), versions, cache  # type: ignore[arg-type]


def test_a_repeated_request_is_answered_without_the_application() -> None:
    app = Counting()
    ask, _versions, cache = cached(app)
    assert ask()[2] == ask()[2] == b"1 "
    assert (app.asked, cache.hits, cache.misses) == (1, 1, 1)


def test_an_answer_is_never_given_for_another_version() -> None:
    app = Counting()
    ask, versions, cache = cached(app)
    ask()
    versions.version = "v2"
    assert ask()[2] == b"2 "
    versions.version = "v1"
    assert ask()[2] == b"3 "
    assert len(cache) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"query": "q=2"},
        {"path": "/sparql/"},
        {"accept": "text/csv"},
        {"accept_encoding": "gzip"},
        {"method": "POST", "body": b"query=a", "CONTENT_TYPE": "x"},
    ],
    ids=str,
)
def test_what_an_answer_depends_on_is_told_apart(change: dict[str, Any]) -> None:
    app = Counting()
    ask, _versions, _cache = cached(app)
    ask()
    ask(**change)
    assert app.asked == 2


def test_posts_are_told_apart_by_body_and_type() -> None:
    app = Counting()
    ask, _versions, _cache = cached(app)
    for body, kind in ((b"a", "x"), (b"b", "x"), (b"a", "y"), (b"a", "x")):
        assert ask("POST", body=body, CONTENT_TYPE=kind)[2].endswith(body)
    assert app.asked == 3


def test_requests_with_authorization_go_past_the_cache_both_ways() -> None:
    app = Counting()
    ask, _versions, cache = cached(app)
    ask(authorization="Bearer x")
    assert len(cache) == 0
    ask()
    assert ask(authorization="Bearer x")[2] == b"3 "


@pytest.mark.parametrize(
    "app",
    [
        Counting("404 NOT FOUND"),
        Counting("206 PARTIAL CONTENT"),
        Counting(Cache_Control="no-store"),
        Counting(Set_Cookie="a=b"),
    ],
    ids=["404", "206", "no-store", "cookie"],
)
def test_other_answers_are_not_kept(app: Counting) -> None:
    ask, _versions, cache = cached(app)
    ask()
    ask()
    assert (app.asked, len(cache)) == (2, 0)


def test_an_answer_without_etag_is_not_kept() -> None:
    app = Counting()
    app.headers.clear()
    ask, _versions, cache = cached(app)
    ask()
    assert len(cache) == 0


def test_a_writing_method_is_not_looked_at() -> None:
    app = Counting()
    ask, _versions, cache = cached(app)
    ask("PUT", path="/graph-store", body=b"x")
    ask("POST", path="/graph-store", body=b"x")
    assert (cache.hits, cache.misses, len(cache)) == (0, 0, 0)


def test_304_and_head_are_served_from_the_cache() -> None:
    app = Counting()
    ask, _versions, _cache = cached(app)
    ask()
    status, headers, body = ask(if_none_match='W/"tag"')
    assert (status[:3], headers["etag"], body) == ("304", '"tag"', b"")
    assert "content-length" not in headers
    status, headers, body = ask("HEAD")
    assert (status[:3], headers["content-length"], body) == ("200", "2", b"")
    assert app.asked == 1


class Outermost:
    """The log before the cache, as the server has it."""

    def __init__(self, folder: Path, app: Counting | None = None, **variables: str) -> None:
        self.app = app or Counting()
        self.versions = FakeVersions()
        self.cache = ResultCache(1_000_000)
        self.metrics = Metrics()
        self.middleware = CacheMiddleware(self.app, self.versions, self.cache)  # type: ignore[arg-type]
        self._file = folder / "log"
        self._lines = Lines(os.open(self._file, os.O_WRONLY | os.O_CREAT))
        settings = Settings.from_env(variables)
        self.ask = asking(
            RequestLog(self.middleware, settings, self.metrics, self._lines, self._kept)
        )
        self.found_at_once: list[bool] = []

    def _kept(self, environ: dict[str, Any]) -> tuple[str, Answer] | None:
        found = self.middleware.kept(environ)
        self.found_at_once.append(found is not None)
        return found

    def logged(self) -> list[Any]:
        self._lines.flush()
        return [json.loads(line) for line in self._file.read_text().splitlines()]


def test_a_kept_answer_is_logged_counted_and_given_an_id_as_any_other(tmp_path: Path) -> None:
    outer = Outermost(tmp_path)
    first, second = outer.ask(), outer.ask()
    assert first[2] == second[2] == b"1 "
    ids = [answer[1].pop("x-request-id") for answer in (first, second)]
    assert first[1] == second[1]
    assert ids[0] != ids[1]
    missed, hit = outer.logged()
    assert [missed["cache"], hit["cache"]] == ["miss", "hit"]
    assert hit["id"] == ids[1]
    assert (hit["method"], hit["path"], hit["status"], hit["bytes"]) == ("GET", "/sparql", 200, 2)
    assert hit["version"] == "v1"
    assert "query" not in hit
    counts = outer.metrics.text().decode()
    assert 'crisisgov_request_seconds_count{outcome="cached"} 1.0' in counts
    assert 'crisisgov_request_seconds_count{outcome="ok"} 1.0' in counts
    assert (outer.cache.hits, outer.cache.misses) == (1, 1)


@pytest.mark.parametrize(
    ("change", "status", "body"),
    [
        ({"if_none_match": '"tag"'}, "304", b""),
        ({"method": "HEAD"}, "200", b""),
        ({"method": "POST", "body": b"x", "CONTENT_TYPE": "y"}, "200", b"2 x"),
        ({"authorization": "Bearer x"}, "200", b"2 "),
        ({"body": b"x"}, "200", b"1 "),
        ({"transfer_encoding": "chunked"}, "200", b"1 "),
        ({"query": "q=2"}, "200", b"2 "),
        ({"accept": "text/csv"}, "200", b"2 "),
    ],
    ids=str,
)
def test_a_request_with_more_to_look_at_goes_the_long_way(
    tmp_path: Path, change: dict[str, Any], status: str, body: bytes
) -> None:
    outer = Outermost(tmp_path)
    outer.ask()
    answer = outer.ask(**change)
    assert (answer[0][:3], answer[2]) == (status, body)
    assert outer.found_at_once == [False, False]
    assert [line["status"] for line in outer.logged()] == [200, int(status)]


def test_a_kept_answer_of_the_version_before_is_not_given(tmp_path: Path) -> None:
    outer = Outermost(tmp_path)
    outer.ask()
    outer.versions.version = "v2"
    assert outer.ask()[2] == b"2 "
    assert outer.ask()[2] == b"2 "
    assert [line["cache"] for line in outer.logged()] == ["miss", "miss", "hit"]
    assert outer.logged()[2]["version"] == "v2"


@pytest.mark.parametrize(("log", "lines"), [("all", 2), ("errors", 0), ("none", 0)])
def test_kept_answers_are_logged_as_it_is_set(tmp_path: Path, log: str, lines: int) -> None:
    outer = Outermost(tmp_path, CRISISGOV_LOG=log)
    outer.ask()
    outer.ask()
    assert len(outer.logged()) == lines


def test_a_kept_answer_has_the_id_that_a_trusted_proxy_chose(tmp_path: Path) -> None:
    outer = Outermost(tmp_path, CRISISGOV_TRUSTED_PROXIES="192.0.2.1")
    outer.ask()
    for address, taken in (("192.0.2.1", True), ("192.0.2.2", False)):
        answer = outer.ask(x_request_id="chosen-0001", REMOTE_ADDR=address)
        assert (answer[1]["x-request-id"] == "chosen-0001") is taken
    assert outer.found_at_once == [False, True, True]


@pytest.mark.parametrize("size", [10, 100_000])
def test_no_header_of_a_client_is_kept_for_long(size: int) -> None:
    for read, memory in (
        (Accept.parse, negotiation._ranges),
        (accepts_gzip, accepts_gzip),
    ):
        memory.cache_clear()
        for number in range(300):
            read(f"a/{number}," * (size // 10))
        assert memory.cache_info().currsize <= (256 if size < 100 else 0)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3_000)), max_size=60),
    st.integers(5_000, 60_000),
)
def test_the_cache_keeps_its_bound(puts: list[tuple[int, int]], bound: int) -> None:
    cache = ResultCache(bound)
    cache.get("v", ())
    for name, size in puts:
        cache.put("v", (str(name),), Answer([], b"x" * size, "t", ""))
        assert cache.bytes <= bound
    assert cache.bytes == sum(
        2_001 + len(answer.body)
        for name in range(10)
        if (answer := cache.get("v", (str(name),))) is not None
    )


def test_the_least_recently_used_goes_first() -> None:
    cache = ResultCache(3 * 8_000)
    cache.get("v", ())
    for name in "abcdefghijkl":
        cache.put("v", (name,), Answer([], b"", "t", ""))
        cache.get("v", ("a",))
    # 2,001 bytes each: eleven fit, and of the twelve "b" was not asked for the longest time
    assert cache.get("v", ("b",)) is None
    assert cache.get("v", ("a",)) is not None


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", False),
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity;q=1, gzip;q=0.5", False),
        ("identity;q=0.5, gzip;q=1.0", True),
        ("GZIP ; Q=0.1", True),
        ("gzip;q=nonsense", False),
        ("gzip;q=nan", False),
        ("deflate, br", False),
    ],
)
def test_gzip_is_sent_to_who_prefers_it(header: str, wanted: bool) -> None:
    assert accepts_gzip(header) is wanted


@given(st.text(max_size=60))
def test_any_accept_encoding_can_be_read(header: str) -> None:
    assert accepts_gzip(header) in (True, False)


def page(size: int) -> Any:
    def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        headers = [("Content-Type", "text/csv; charset=utf-8"), ("Content-Length", str(size))]
        start_response("200 OK", [*headers, ("ETag", '"t"'), ("Vary", "Accept")])
        return iter([b"a" * 1_000] * (size // 1_000))

    return app


def test_a_compressed_answer_has_its_own_tag_and_length() -> None:
    _status, headers, body = asking(Gzip(page(5_000)))(accept_encoding="gzip")
    assert gzip.decompress(body) == b"a" * 5_000
    assert headers["content-length"] == str(len(body))
    assert (headers["etag"], headers["vary"]) == ('W/"t"', "Accept, Accept-Encoding")


def test_a_large_answer_is_compressed_while_it_is_sent() -> None:
    _status, headers, body = asking(Gzip(page(9_000_000)))(accept_encoding="gzip")
    assert gzip.decompress(body) == b"a" * 9_000_000
    assert "content-length" not in headers


def test_who_takes_no_gzip_gets_the_plain_answer_and_caches_learn_it() -> None:
    _status, headers, body = asking(Gzip(page(5_000)))()
    assert body == b"a" * 5_000
    assert "content-encoding" not in headers
    assert headers["vary"] == "Accept, Accept-Encoding"


def test_the_same_bytes_are_compressed_alike() -> None:
    assert compress(b"abc" * 100) == compress(b"abc" * 100)


def test_a_running_server_answers_plain_and_compressed_alike(server: Server) -> None:
    query = QUERY + " # " + "long enough to pay"
    wide = 'SELECT (CONCAT(STR(?a), "' + "x" * 200 + '") AS ?y) { ?a ?b ?c }'
    for text in (query, wide):
        replies = [server.query(text, Accept="text/csv") for _ in range(2)]
        packed = [server.query(text, Accept="text/csv", Accept_Encoding="gzip") for _ in range(2)]
        assert replies[0].body == replies[1].body
        for reply in packed:
            encoded = reply.headers.get("content-encoding") == "gzip"
            assert encoded == (text is wide)
            body = gzip.decompress(reply.body) if encoded else reply.body
            assert body == replies[0].body


def test_a_new_version_is_answered_from_at_once(
    tmp_path: Path, server: Server, request: pytest.FixtureRequest
) -> None:
    publish(tmp_path)
    own = type(server)(tmp_path, tmp_path / "log", CRISISGOV_WORKERS="3")
    request.addfinalizer(own.stop)
    own.wait_until_ready()
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert own.query(count, Accept="text/csv").text.split() == ["n", "8"]
    nquad = b"<http://x/a> <http://x/b> <http://x/c> <http://x/g> .\n"
    new = VersionStore(tmp_path).publish("second00", [nquad], {})
    assert wait_for(lambda: own.get("/readyz").json()["version"] == new.id)
    assert own.query(count, Accept="text/csv").text.split() == ["n", "1"]
