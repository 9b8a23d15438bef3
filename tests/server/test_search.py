"""Searching over HTTP: with the index of the version, and without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crisisgov.loaders import text_index
from crisisgov.loaders.versions import VersionStore
from tests.support.built_site import application

BASE = "https://w3id.org/crisisgov/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
GRAPH = "".join(
    f'<{BASE}{entity}> <{predicate}> "{text}"@{language} <{BASE}graph/g> .\n'
    for entity, predicate, text, language in (
        ("place/wuhan", LABEL, "Wuhan", "en"),
        ("place/wuhan", LABEL, "武汉市", "zh"),
        ("event/seal", LABEL, "The sealing-off of Wuhan", "en"),
        ("event/seal", f"{BASE}ontology#summary", "Trains and buses stop.", "en"),
    )
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root = tmp_path_factory.mktemp("indexed")
    VersionStore(root).publish("search00", [GRAPH.encode()], {"as_of": "2020-04-30"})
    with application(root) as app:
        yield app.test_client()


@pytest.fixture(scope="module")
def without_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root: Path = tmp_path_factory.mktemp("plain")
    version = VersionStore(root).publish("search00", [GRAPH.encode()], {"as_of": "2020-04-30"})
    (version.path / text_index.FILE).unlink()
    with application(root) as app:
        yield app.test_client()


def found(client: FlaskClient, **parameters: str) -> set[str]:
    reply = client.get("/search", query_string=parameters)
    assert reply.status_code == 200
    return {entity for entity in ("place/wuhan", "event/seal") if f'href="/{entity}"' in reply.text}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("武汉", {"place/wuhan"}),
        ("Wuhan", {"place/wuhan", "event/seal"}),
        ("wúh", {"place/wuhan", "event/seal"}),
        ("buses", {"event/seal"}),
        ("nowhere", set()),
        ('"', set()),
        ("names:wuhan OR 1", set()),
    ],
)
def test_a_search_finds(client: FlaskClient, asked: str, expected: set[str]) -> None:
    assert found(client, q=asked) == expected


def test_a_search_keeps_to_one_kind_and_offers_the_others(client: FlaskClient) -> None:
    assert found(client, q="wuhan", kind="event") == {"event/seal"}
    page = client.get("/search?q=wuhan").text
    assert '<a href="/search?q=wuhan&amp;kind=place">Place</a> (1)' in page
    # an unknown kind is none
    assert found(client, q="wuhan", kind="'><script>") == {"place/wuhan", "event/seal"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("武汉", {"place/wuhan"}), ("WUHAN", {"place/wuhan", "event/seal"}), ('"\\', set())],
)
def test_without_an_index_labels_are_gone_through(
    without_index: FlaskClient, asked: str, expected: set[str]
) -> None:
    assert found(without_index, q=asked) == expected
    assert found(without_index, q=asked, kind="place") == expected & {"place/wuhan"}


def test_a_search_that_takes_too_long_is_answered_503(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_arguments: object, **_named: object) -> None:
        raise text_index.SearchTooLong

    monkeypatch.setattr(text_index, "search", endless)
    reply = client.get("/search?q=x", headers={"Accept": "application/json"})
    assert (reply.status_code, reply.json["kind"] if reply.json else "") == (503, "deadline")
