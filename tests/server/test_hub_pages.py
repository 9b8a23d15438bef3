"""Pages of hubs: all their events exactly once and in order, and no page lost to one dear list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pytest
from flask.testing import FlaskClient

from crisisgov.loaders.versions import VersionStore
from crisisgov.server.engine.errors import EngineBusy, QueryDeadline
from crisisgov.server.entity_views import described, timelines
from crisisgov.server.services import Services
from tests.support.built_site import application

BASE = "https://w3id.org/crisisgov/"
CG = BASE + "ontology#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
HTML = {"Accept": "text/html"}
PAGES = ("/crisis/hub", "/place/hub", "/actor/hub")
NUMBER = 47
STATEMENTS = 5_000
EMPTY = {
    "timeline": "No event in the record",
    "findings": "No findings",
    "cited": "Nothing cites it",
    "harm": "no count is recorded",
    "usage": "Nowhere yet",
}


def _quad(subject: str, name: str, value: str) -> str:
    predicate = TYPE if name == "type" else CG + name
    term = value if value.startswith('"') else f"<{value}>"
    return f"<{BASE}{subject}> <{predicate}> {term} <{BASE}graph/g> .\n"


def _second(number: int) -> str:
    return f'"{number}"^^<{INTEGER}>'


def _event(number: int) -> str:
    """Return one event: five begin in each second, some have an end only, some no date."""
    name = f"event/e{number:02}"
    links = (("crisis", "crisis/hub"), ("place", "place/hub"), ("actor", "actor/hub"))
    lines = _quad(name, "type", f"{CG}Event")
    lines += "".join(_quad(name, link, BASE + hub) for link, hub in links)
    if number % 10 == 9:
        return lines
    second = _second(1_000_000_000 - 7 * (number // 5))
    if number % 10 != 8:
        lines += _quad(name, "earliestEpoch", second)
    return lines + _quad(name, "latestEpoch", second)


def expected() -> list[str]:
    """Return the events in order, worked out from the numbers: no date first, then by second."""
    undated = [number for number in range(NUMBER) if number % 10 == 9]
    dated = sorted(set(range(NUMBER)) - set(undated), key=lambda n: (-(n // 5), n))
    return [f"e{number:02}" for number in undated + dated]


def graph() -> str:
    hubs = _quad("crisis/hub", "type", f"{CG}Crisis") + _quad("place/hub", "type", f"{CG}Place")
    hubs += _quad("actor/hub", "type", f"{CG}Actor")
    # Not events, though of the same crisis and place; and events of another, in the same second.
    other = _quad("milestone/m", "type", f"{CG}Milestone")
    for name, value in (("crisis", "crisis/hub"), ("place", "place/hub")):
        other += _quad("milestone/m", name, BASE + value)
    other += _quad("milestone/m", "earliestEpoch", _second(1_000_000_000))
    other += _quad("event/elsewhere", "type", f"{CG}Event")
    other += _quad("event/elsewhere", "crisis", f"{BASE}crisis/other")
    other += _quad("event/elsewhere", "earliestEpoch", _second(1_000_000_000))
    many = _quad("datafile/many", "type", f"{CG}DataFile")
    for number in range(STATEMENTS):
        many += _quad("datafile/many", "related", f"{BASE}record/r{number}")
        many += _quad(f"record/r{number}", "source", f"{BASE}source/hub")
        many += _quad(f"citer/c{number}", "citation", f"{BASE}record/r{number}")
        many += _quad(f"record/r{number}", "checked", f"{BASE}concept/check/secondary")
    many += _quad("source/hub", "type", f"{CG}Source")
    many += _quad("concept/check/secondary", "type", f"{CG}Concept")
    return hubs + other + many + "".join(map(_event, range(NUMBER)))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root = tmp_path_factory.mktemp("hubs")
    VersionStore(root).publish("hubs0000", [graph().encode()], {"as_of": "2020-04-30"})
    with application(root) as app:
        yield app.test_client()


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, "PAGE", 10)


def page(client: FlaskClient, path: str) -> str:
    reply = client.get(path, headers=HTML)
    assert reply.status_code == 200, reply.text
    return reply.text


def events_on(text: str) -> list[str]:
    return re.findall(r'data-label="What"><span><a href="/event/(\w+)"', text)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("many", [0, NUMBER + 10], ids=["as a hub", "one by one"])
@pytest.mark.parametrize("path", PAGES)
def test_the_pages_of_a_timeline_show_every_event_once_in_order_of_time(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, many: int
) -> None:
    monkeypatch.setattr(timelines, "MANY", many)
    found = [events_on(page(client, f"{path}?page={number}")) for number in range(1, 6)]
    assert [len(events) for events in found] == [10, 10, 10, 10, 7]
    assert [event for events in found for event in events] == expected()
    assert f"{NUMBER} events" in page(client, path)
    assert events_on(page(client, f"{path}?page=6")) == []


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("many", [0, NUMBER + 10])
def test_a_hub_says_the_part_that_an_actor_had(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(timelines, "MANY", many)
    assert page(client, "/actor/hub").count('data-label="Part">acted<') == 10


def test_of_an_entity_with_thousands_of_statements_some_are_named_and_all_are_counted(
    client: FlaskClient,
) -> None:
    text = page(client, "/datafile/many")
    shown = text.partition("<details")[0].count('href="/record/')
    assert shown == described.VALUES_SHOWN
    assert f"… and {STATEMENTS - shown:,} more" in text


def test_of_what_cites_a_source_some_are_shown_and_a_query_gives_all(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisgov.server.entity_views.source.MANY", 100)
    text = page(client, "/source/hub")
    assert f"{STATEMENTS:,} citations, {timelines.PAGE} of them shown" in text
    assert len(set(re.findall(r'href="/citer/(\w+)"', text))) == timelines.PAGE
    assert query_rows(client, text, "All of them with a query") == STATEMENTS


def test_of_what_uses_a_concept_some_are_shown_and_a_query_gives_all(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisgov.server.entity_views.concept.MANY", 100)
    text = page(client, "/concept/check/secondary")
    assert f'<td class="number">{STATEMENTS:,}</td>' in text
    assert len(set(re.findall(r'<li><a href="/record/(\w+)"', text))) == 100
    assert query_rows(client, text, "All of them with a query") == STATEMENTS


def query_rows(client: FlaskClient, text: str, words: str) -> int:
    """Return how many rows the query behind a link has."""
    link = re.search(rf'<a href="(/sparql\?query=[^"]*)">{words}</a>', text)
    assert link is not None
    reply = client.get(link[1], headers={"Accept": "text/csv"})
    assert reply.status_code == 200, reply.text
    return len(reply.text.splitlines()) - 1


def refuse(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, part: str, error: Exception
) -> None:
    """Have the engine answer a query that holds ``part`` with ``error``."""
    engine: Any = client.application.extensions["crisisgov"].engine
    answer = engine.run

    def run(query: str, **options: Any) -> Any:
        if part in query:
            raise error
        return answer(query, **options)

    monkeypatch.setattr(engine, "run", run)


@pytest.mark.parametrize(
    ("path", "part", "said"),
    [
        ("/crisis/hub", "earliestEpoch", "timeline"),
        ("/crisis/hub", "?verdict", "findings"),
        ("/place/hub", "earliestEpoch", "timeline"),
        ("/actor/hub", "?verdict", "findings"),
        ("/source/hub", "?locator", "cited"),
        ("/source/hub", "COUNT(?citation)", "number of citations"),
        ("/crisis/hub", "hasHarm", "harm"),
        ("/concept/check/secondary", "?property", "usage"),
        ("/datafile/many", "?property", "pointing"),
        ("/graph/g", "COUNT(*)", "total"),
    ],
)
def test_a_list_that_is_too_dear_is_left_out_and_named_with_its_query(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, part: str, said: str
) -> None:
    refuse(client, monkeypatch, part, QueryDeadline("Too long."))
    reply = client.get(path, headers=HTML)
    assert reply.status_code == 200
    assert "This page is not complete" in reply.text
    link = re.search(rf'<a href="/sparql\?query=([^"]*)">{said}</a>', reply.text)
    assert link is not None
    assert part in unquote_plus(link[1].replace("&amp;", "&"))
    # What an empty list says would not be true of one that was left out.
    assert said not in EMPTY or EMPTY[said] not in reply.text


def test_a_page_that_is_not_complete_is_not_kept(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(client, monkeypatch, "earliestEpoch", QueryDeadline("Too long."))
    headers = client.get("/place/hub", headers=HTML).headers
    assert headers["Cache-Control"] == "no-store"
    assert "ETag" not in headers


def test_a_server_that_is_busy_says_so_and_leaves_nothing_out(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(client, monkeypatch, "earliestEpoch", EngineBusy("All are taken."))
    assert client.get("/place/hub", headers=HTML).status_code == 503


def test_lists_share_the_time_of_one_query(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    services: Services = client.application.extensions["crisisgov"]
    given: list[float] = []
    answer = services.engine.run

    def run(query: str, **options: Any) -> Any:
        given.append(options["deadline_s"])
        return answer(query, **options)

    monkeypatch.setattr(services.engine, "run", run)
    page(client, "/crisis/hub")
    assert max(given) == services.settings.query_seconds
    assert min(given) <= 10.0
