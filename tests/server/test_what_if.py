"""``/evaluate`` over HTTP: what would change, as data and as a page, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from crisisgov.loaders.versions import VersionStore
from tests.server.conftest import Reply, Server, wait_for
from tests.support.built_site import built_data

pytestmark = pytest.mark.curated

# The reply to WHO's request came 16 to 72 hours later; the norm allows 24.
NORM = "ihr-2005-art10-acknowledge"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("log") / "server.log"
    server = Server(built_data(), log, CRISISGOV_WORKERS="2", CRISISGOV_QUERY_SECONDS="60")
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


def evaluate(site: Server, *pairs: tuple[str, str], accept: str = "application/json") -> Reply:
    return site.get(f"/evaluate?{urlencode(pairs)}", Accept=accept)


def test_a_longer_limit_is_answered_with_the_finding_that_changes(site: Server) -> None:
    reply = evaluate(site, ("limit", f"{NORM}=PT96H"))
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    (change,) = reply.json()["changes"]
    assert change["norm"] == "I4a"
    assert change["before"].startswith("possibly-late")
    assert change["after"].startswith("on-time")
    assert change["finding"].startswith(f"https://w3id.org/crisisgov/finding/{NORM}.china.")


def test_several_assumptions_hold_together(site: Server) -> None:
    alone = evaluate(site, ("assume", "heilongjiang-confirmation-2020-01-23")).json()["changes"]
    both = evaluate(
        site, ("assume", "heilongjiang-confirmation-2020-01-23"), ("limit", f"{NORM}=PT96H")
    ).json()["changes"]
    assert len(both) == len(alone) + 1


def test_a_browser_gets_a_page_with_the_form_and_the_changes(site: Server) -> None:
    html = "text/html,application/xhtml+xml,*/*;q=0.8"
    empty = evaluate(site, accept=html)
    assert (empty.status, empty.headers["content-type"].split(";")[0]) == (200, "text/html")
    assert "<form" in empty.text and "finding(s) would change" not in empty.text
    # an empty field of the form assumes nothing
    filled = evaluate(site, ("assume", ""), ("limit", f"{NORM}=PT96H"), accept=html)
    assert "1 finding(s) would change" in filled.text
    assert "on-time" in filled.text
    assert evaluate(site, ("format", "json"), accept=html).json() == {"changes": []}


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("assume", "no-such")], "no claim that is live has the id 'no-such'"),
        ([("limit", "no-such=PT1H")], "no norm has the id 'no-such'"),
        ([("limit", NORM)], f"limit '{NORM}': write NORM=DURATION"),
        ([("limit", f"{NORM}=24")], "'24' is not a duration such as PT24H"),
        ([("reading", "worst")], "reading 'worst' is none of most, preferred, least"),
        ([("assume", f"c{n}") for n in range(21)], "21 assumptions; at most 20"),
        # the same text in both: each is named as what it was given as
        ([("limit", "same"), ("assume", "same")], "no claim that is live has the id 'same'"),
        ([("limit", "same")], "limit 'same': write NORM=DURATION"),
        ([("assume", "--help")], "no claim that is live has the id '--help'"),
    ],
)
def test_a_wrong_assumption_is_answered_400_and_named(
    site: Server, pairs: list[tuple[str, str]], said: str
) -> None:
    reply = evaluate(site, *pairs)
    assert reply.status == 400
    assert said in reply.json()["detail"]


def test_evaluating_leaves_the_graph_as_it_is(site: Server) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = site.query(count).json()
    version = VersionStore(built_data()).current()
    assert evaluate(site, ("limit", f"{NORM}=PT1S"), ("reading", "least")).status == 200
    assert site.query(count).json() == before
    assert VersionStore(built_data()).current() == version
    for method in ("POST", "PUT", "DELETE"):
        assert site.request(method, f"/evaluate?limit={NORM}=PT1S").status == 405


def test_a_server_that_keeps_no_version_says_so_and_what_to_do(tmp_path: Path) -> None:
    # nothing listens there: what it answers does not depend on the other endpoint
    nowhere = "http://127.0.0.1:9/sparql"
    log = tmp_path / "server.log"
    server = Server(tmp_path / "none", log, CRISISGOV_ENDPOINT=nowhere)
    try:
        assert _up(server)
        reply = server.get("/evaluate?reading=least", Accept="application/json")
        assert reply.status == 501
        problem = reply.json()
        assert problem["kind"] == "not-evaluated-here"
        assert "crisisgov evaluate" in problem["hint"]
    finally:
        server.stop()


def _up(server: Server) -> bool:
    def answers() -> bool:
        try:
            return server.get("/healthz").status == 200
        except OSError:
            return False

    return bool(wait_for(answers))
