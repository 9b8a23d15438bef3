"""Every catalogued question has the same answer on the embedded engine and on Virtuoso."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from crisisgov.loaders.build import seeds_folder
from crisisgov.loaders.records.index import index
from crisisgov.loaders.records.read import load
from crisisgov.loaders.versions import VersionStore
from crisisgov.queries import catalogue
from crisisgov.server import publishing
from crisisgov.server.engine import errors
from crisisgov.server.engine.api import QueryEngine
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.formats import CSV, TURTLE, ResultFormats
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.engine.remote import VERSION_QUERY, RemoteEngine
from crisisgov.server.engine.remote_errors import IncompleteResult
from tests.support import virtuoso as server
from tests.support.built_site import built_data
from tests.support.servers import Server

pytestmark = [pytest.mark.virtuoso, pytest.mark.curated]

SECONDS = 60.0
MAX_ROWS = 3000  # of Virtuoso here; no question has so many

# For each parameter a value that is not its default; each gives an answer with rows.
OTHER_VALUES = {
    "crisis": "covid-19-wuhan",
    "topic": "transmission",
    "yardstickHours": "72",
    "event": "nhc-expert-group-statement-2020-01-20",
    "trigger": "wuhan-notice-2019-12-31",
    "responsibility": "information",
    "until": "2020-01-05T00:00:00Z",
    "government": "hubei-government",
    "actor": "wuhan-health-commission",
}


def parameter_values(question: catalogue.Question) -> Iterator[dict[str, str]]:
    """Yield the defaults, then each parameter with another value."""
    yield {}
    for parameter in question.parameters:
        other = OTHER_VALUES.get(parameter.name)
        if other is not None and other != parameter.default:
            yield {parameter.name: other}


CASES = [(q, values) for q in catalogue.load().values() for values in parameter_values(q)]


@pytest.fixture(scope="module")
def second(virtuoso: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Virtuoso]:
    """A Virtuoso with the curated graph in it."""
    with server.running(virtuoso, tmp_path_factory.mktemp("virtuoso"), MAX_ROWS) as running:
        yield running


@pytest.fixture(scope="module")
def published(second: server.Virtuoso) -> publishing.Published:
    version = VersionStore(built_data()).current()
    assert version is not None
    store = publishing.GraphStore(second.endpoint, second.graph_store, server.USER, server.PASSWORD)
    return publishing.publish(version, store)


@pytest.fixture(scope="module")
def remote(second: server.Virtuoso, published: publishing.Published) -> Iterator[RemoteEngine]:
    with contextlib.closing(RemoteEngine(second.endpoint, EngineOptions(), {})) as engine:
        yield engine


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedEngine]:
    options = EngineOptions(workers=1, page_workers=1)
    engine = EmbeddedEngine(options, VersionStore(built_data()), {})
    with contextlib.closing(engine):
        deadline = time.monotonic() + 30
        while engine.version is None and time.monotonic() < deadline:
            time.sleep(0.02)
        yield engine


def answer(engine: QueryEngine, query: str, lists: set[str]) -> tuple[list[str], list[Any]]:
    """Return the columns, and the rows as values in order."""
    document = json.loads(engine.run(query, deadline_s=SECONDS, lane="pages").read())
    names: list[str] = document["head"]["vars"]
    rows = [
        tuple(value(row.get(name), name in lists) for name in names)
        for row in document["results"]["bindings"]
    ]
    return names, rows


def value(term: dict[str, str] | None, is_list: bool) -> object:
    """Return what a cell means: a number, a bag of parts, else its text and language."""
    if term is None:
        return None
    with contextlib.suppress(InvalidOperation):
        return Decimal(term["value"]).quantize(Decimal("1e-6"))
    if is_list:
        # GROUP_CONCAT has no order of its own.
        return frozenset(Counter(re.split(r"; |, | ", term["value"])).items())
    return term["value"], term.get("xml:lang")


def lists_of(question: catalogue.Question) -> set[str]:
    found = set(re.findall(r"GROUP_CONCAT\(.*?\) AS \?(\w+)\)", question.sparql))
    return found | ({"reasons"} if question.id == "delayed-disclosure" else set())


def test_publishing_loads_every_quad_of_the_version(published: publishing.Published) -> None:
    version = VersionStore(built_data()).current()
    assert version is not None
    assert published.quads == version.counts["quads"]
    assert published.removed == ()


@pytest.mark.parametrize(
    ("question", "values"), CASES, ids=[f"{q.id}-{'-'.join(v) or 'default'}" for q, v in CASES]
)
def test_both_engines_give_the_same_answer(
    question: catalogue.Question,
    values: dict[str, str],
    embedded: EmbeddedEngine,
    remote: RemoteEngine,
) -> None:
    query, lists = question.bind(values), lists_of(question)
    columns, rows = answer(embedded, query, lists)
    other_columns, other_rows = answer(remote, query, lists)
    assert other_columns == columns
    assert Counter(other_rows) == Counter(rows)
    note = question.bind_note(values)
    if note is not None:
        assert answer(remote, note, set()) == answer(embedded, note, set())


def test_an_answer_carries_the_version_that_was_published(
    remote: RemoteEngine, embedded: EmbeddedEngine
) -> None:
    result = remote.run(VERSION_QUERY, accept=ResultFormats((CSV,)), deadline_s=SECONDS)
    assert result.read().decode().split() == ["v", result.version]
    there = embedded.run(VERSION_QUERY, accept=ResultFormats((CSV,)), deadline_s=SECONDS).read()
    assert there.decode().split() == ["v", result.version]


@pytest.mark.parametrize(("pattern", "truth"), [("?s ?p ?o", "true"), ("<urn:a> ?p ?o", "false")])
def test_ask_is_answered_with_a_truth_value(remote: RemoteEngine, pattern: str, truth: str) -> None:
    result = remote.run(f"ASK {{ {pattern} }}", accept=ResultFormats((CSV,)), deadline_s=SECONDS)
    assert (result.kind, result.read().decode()) == ("ask", truth)


def test_a_graph_is_the_same_from_both_engines(
    remote: RemoteEngine, embedded: EmbeddedEngine
) -> None:
    query = (
        "PREFIX cg: <https://w3id.org/crisisgov/ontology#> CONSTRUCT { ?f cg:robust ?r } "
        "{ ?f a cg:DisclosureFinding ; cg:robust ?r }"
    )
    accept = ResultFormats(graphs=("application/n-triples",))
    theirs, ours = (
        sorted(engine.run(query, accept=accept, deadline_s=SECONDS).read().splitlines())
        for engine in (remote, embedded)
    )
    assert theirs == ours
    assert any(b'"true"^^' in line for line in theirs)


def test_a_result_that_virtuoso_cuts_is_an_error(remote: RemoteEngine) -> None:
    with pytest.raises(IncompleteResult, match="maxrows"):
        remote.run("SELECT ?s ?p ?o { ?s ?p ?o }", deadline_s=SECONDS)


def test_one_graph_alone_is_asked_when_the_request_names_it(remote: RemoteEngine) -> None:
    meta = "https://w3id.org/crisisgov/graph/meta"
    query = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"
    result = remote.run(
        query,
        accept=ResultFormats((CSV,), (TURTLE,)),
        default_graphs=[meta],
        deadline_s=SECONDS,
    )
    assert result.read().decode().split() == ["n", "1"]  # the data set itself


def test_a_syntax_error_is_answered_400(remote: RemoteEngine) -> None:
    with pytest.raises(errors.QuerySyntaxError, match="line") as refused:
        remote.run("SELECT ?x {", deadline_s=SECONDS)
    assert refused.value.status == 400


def test_the_server_answers_from_the_remote_endpoint(
    second: server.Virtuoso,
    published: publishing.Published,
    tmp_path: Path,
) -> None:
    site = Server(tmp_path / "no-data", tmp_path / "server.log", CRISISGOV_ENDPOINT=second.endpoint)
    try:
        site.wait_until_ready()
        crisis = "https://w3id.org/crisisgov/ontology#Crisis"
        counted = site.query(f"SELECT (COUNT(?c) AS ?n) {{ ?c a <{crisis}> }}")
        recorded = len(index(load(seeds_folder()))[0].records["crisis"])
        assert counted.json()["results"]["bindings"][0]["n"]["value"] == str(recorded)
        assert site.query("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }").status == 403
        for path in ("/", "/questions/delayed-disclosure", "/crisis/covid-19-wuhan"):
            assert site.get(path, Accept="text/html").status == 200, path
    finally:
        site.stop()


def test_publishing_again_removes_what_the_version_has_not(
    second: server.Virtuoso, published: publishing.Published, remote: RemoteEngine
) -> None:
    store = publishing.GraphStore(second.endpoint, second.graph_store, server.USER, server.PASSWORD)
    stale = "https://w3id.org/crisisgov/graph/record/retired"
    store.put(stale, b"<urn:a> <urn:b> <urn:c> .\n")
    version = VersionStore(built_data()).current()
    assert version is not None
    again = publishing.publish(version, store)
    assert again.removed == (stale,)
    assert (again.quads, again.graphs) == (published.quads, published.graphs)
    assert stale not in store.counts()
