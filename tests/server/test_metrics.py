"""What is counted and logged, and what is not: nothing about a person or a query."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.test_limits import ENDLESS
from tests.support.servers import wait_for

if TYPE_CHECKING:
    from tests.server.conftest import Server

SECRET = "JuliaDoe"
QUERY = f'SELECT * {{ ?s ?p ?o FILTER(STR(?o) != "{SECRET}") }} ORDER BY ?s ?p'


def counted(server: Server) -> dict[str, float]:
    """All samples by name and labels, as Prometheus reads them."""
    return {
        sample.name + "".join(f",{k}={v}" for k, v in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(server.get("/metrics").text)
        for sample in family.samples
    }


@pytest.fixture
def own(data: Path, tmp_path: Path, server: Server, request: pytest.FixtureRequest) -> Any:
    """A server of its own, whose counters nobody else moves."""

    def start(**variables: str) -> Server:
        settings = {"CRISISGOV_QUERY_SECONDS": "1", "CRISISGOV_WORKERS": "3", **variables}
        began: Server = type(server)(data, tmp_path / "log", **settings)
        request.addfinalizer(began.stop)
        began.wait_until_ready()
        return began

    return start


def lines(server: Server) -> list[dict[str, Any]]:
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def test_the_counters_move_as_queries_are_answered_cached_and_killed(
    own: Callable[..., Server],
) -> None:
    server = own()
    server.query(QUERY)
    server.query(QUERY)
    assert server.query(ENDLESS).status == 503
    assert server.query("nonsense").status == 400
    now = counted(server)
    assert now["crisisgov_query_seconds_count,lane=public,outcome=ok"] == 1
    assert now["crisisgov_query_seconds_count,lane=public,outcome=deadline"] == 1
    assert now["crisisgov_query_seconds_count,lane=public,outcome=syntax"] == 1
    assert now["crisisgov_query_seconds_sum,lane=public,outcome=deadline"] >= 1
    assert now["crisisgov_query_kills_total,reason=deadline"] == 1
    assert now["crisisgov_query_kills_total,reason=memory"] == 0
    assert now["crisisgov_request_seconds_count,outcome=cached"] == 1
    assert now["crisisgov_request_seconds_count,outcome=deadline"] == 1
    assert now["crisisgov_cache_hits_total"] == 1
    assert 0 < now["crisisgov_cache_hit_ratio"] < 1
    assert 0 < now["crisisgov_cache_bytes"] <= now["crisisgov_cache_max_bytes"] == 64_000_000
    assert now["crisisgov_ready"] == 1
    assert now["crisisgov_queries_waiting"] == 0
    assert 0 <= now["crisisgov_graph_age_seconds"] < 3600
    assert now["process_resident_memory_bytes"] > 10_000_000
    version = server.get("/readyz").json()["version"]
    assert any(n.startswith("crisisgov_info") and f"graph={version}" in n for n in now)
    assert wait_for(lambda: counted(server)["crisisgov_workers"] == 5)  # the killed one is replaced


def test_the_log_is_json_without_addresses_or_queries(own: Callable[..., Server]) -> None:
    server = own()
    server.query(QUERY, Accept="text/csv", X_Forwarded_For="203.0.113.9", User_Agent=SECRET)
    server.query(QUERY, Accept="text/csv")
    server.query("SELECT {" + SECRET)
    server.get(f"/event/nobody?name={SECRET}", Referer=f"http://{SECRET}")
    assert wait_for(lambda: any(line.get("status") == 404 for line in lines(server)))
    text = server.log.read_text()
    assert SECRET not in text
    assert "203.0.113.9" not in text and "127.0.0.1" not in text
    asked = [line for line in lines(server) if line.get("path") == "/sparql"]
    assert [line["status"] for line in asked] == [200, 200, 400]
    assert [line["cache"] for line in asked] == ["miss", "hit", "miss"]
    assert asked[0]["version"] == asked[1]["version"] == server.get("/readyz").json()["version"]
    assert asked[0]["bytes"] > 100 and asked[2]["kind"] == "syntax"
    assert all("query" not in line for line in asked)
    for line in asked:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
        assert 0 <= line["ms"] < 5_000


def test_the_hash_of_a_query_is_logged_when_that_is_wanted(own: Callable[..., Server]) -> None:
    server = own(CRISISGOV_LOG_QUERY_HASH="yes")
    for _ in range(2):
        server.query(QUERY)
    server.post_form([("query", QUERY)])
    assert wait_for(lambda: sum("query" in line for line in lines(server)) == 3)
    hashes = {line["query"] for line in lines(server) if "query" in line}
    assert len(hashes) == 1 and re.fullmatch("[0-9a-f]{64}", hashes.pop())


@pytest.mark.parametrize(("level", "statuses"), [("errors", [503]), ("none", [])])
def test_less_is_logged_when_that_is_wanted(
    own: Callable[..., Server], level: str, statuses: list[int]
) -> None:
    server = own(CRISISGOV_LOG=level)
    server.query(QUERY)
    server.query(ENDLESS)

    def sparql() -> list[int]:
        return [line["status"] for line in lines(server) if line.get("path") == "/sparql"]

    # a line is written after its answer: wait for it, then stop, so that no more can come
    assert wait_for(lambda: sparql() == statuses)
    server.stop()
    assert sparql() == statuses


def test_each_request_has_an_id_that_a_trusted_proxy_may_choose(
    own: Callable[..., Server],
) -> None:
    plain = own()
    first, second = (plain.get("/healthz", X_Request_Id="from-a-stranger") for _ in range(2))
    ids = {reply.headers["x-request-id"] for reply in (first, second)}
    assert len(ids) == 2 and "from-a-stranger" not in ids
    trusting = own(CRISISGOV_TRUSTED_PROXIES="127.0.0.1")
    reply = trusting.get("/healthz", X_Request_Id="proxy-4711-a")
    assert reply.headers["x-request-id"] == "proxy-4711-a"
    reply = trusting.get("/healthz", X_Request_Id='bad "id"\twith signs')
    assert re.fullmatch("[0-9a-f]{16}", reply.headers["x-request-id"])
