"""Hubs as RDF: pages that together are all of it, each saying that it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from crisisgov.loaders.versions import VersionStore
from crisisgov.server import entity_rdf
from tests.support.built_site import application

BASE = "https://w3id.org/crisisgov/"
HUB = ox.NamedNode(BASE + "source/hub")
CITES = ox.NamedNode(BASE + "ontology#citedBy")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
COMMENT = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
EVENTS = [ox.NamedNode(f"{BASE}event/e{number}") for number in range(25)]
# 25 statements about the hub, and a label of each event.
GRAPH = "".join(
    f'{HUB} {CITES} {event} <{BASE}graph/g> .\n{event} {LABEL} "Event" <{BASE}graph/g> .\n'
    for event in EVENTS
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root = tmp_path_factory.mktemp("hub")
    VersionStore(root).publish("hub00000", [GRAPH.encode()], {"as_of": "2020-04-30"})
    with application(root, "https://graph.example/crises") as app:
        yield app.test_client()


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity_rdf, "PAGE", 10)
    monkeypatch.setattr(entity_rdf, "GRAPH_PAGE", 20)


def pages(client: FlaskClient, path: str) -> list[set[ox.Triple]]:
    """Follow the links from page to page."""
    found = []
    target: str | None = path
    while target is not None:
        reply = client.get(target)
        assert reply.status_code == 200, reply.text
        found.append({quad.triple for quad in ox.parse(reply.data, ox.RdfFormat.N_TRIPLES)})
        following = re.search(r'<([^>]*)>; rel="next"', reply.headers["Link"])
        target = None
        if following is not None:
            parts = urlsplit(following[1])
            assert following[1].startswith("https://graph.example/crises/")
            target = f"{parts.path.removeprefix('/crises')}?{parts.query}"
    return found


@pytest.mark.usefixtures("small_pages")
def test_the_pages_of_a_hub_together_are_all_of_it(client: FlaskClient) -> None:
    found = pages(client, "/source/hub.nt")
    stated = [{t.object for t in page if t.subject == HUB} for page in found]
    assert [len(page) for page in stated] == [10, 10, 5]
    assert set().union(*stated) == set(EVENTS)
    for page, events in zip(found, stated, strict=True):
        assert {t.subject for t in page if t.predicate == LABEL} == events


@pytest.mark.usefixtures("small_pages")
def test_the_pages_of_a_graph_together_are_all_of_it(client: FlaskClient) -> None:
    found = pages(client, "/graph/g.nt")
    own = [{t for t in page if BASE in str(t.subject)} for page in found]
    assert [len(page) for page in own] == [20, 20, 10]
    assert set().union(*own) == {q.triple for q in ox.parse(GRAPH, ox.RdfFormat.N_QUADS)}


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("suffix", ["nt", "ttl", "jsonld", "rdf"])
def test_a_page_says_what_it_is_and_which_query_gives_everything(
    client: FlaskClient, suffix: str
) -> None:
    reply = client.get(f"/source/hub.{suffix}?page=2")
    assert "Statements 11 to 20 of 25" in reply.text
    for relation in ("first", "last", "prev", "next", "alternate"):
        assert f'rel="{relation}"' in reply.headers["Link"]


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize(("path", "statements"), [("/source/hub.nt", 25), ("/graph/g.nt", 50)])
def test_the_query_that_it_names_gives_everything(
    client: FlaskClient, path: str, statements: int
) -> None:
    link = re.search(r'<([^>]*)>; rel="alternate"', client.get(path).headers["Link"])
    assert link is not None
    parts = urlsplit(link[1])
    reply = client.get(f"/sparql?{parts.query}", headers={"Accept": "application/n-triples"})
    assert len(reply.text.splitlines()) == statements


@pytest.mark.usefixtures("small_pages")
def test_a_page_that_is_not_there_is_answered_404(client: FlaskClient) -> None:
    assert client.get("/source/hub.nt?page=4").status_code == 404
    assert client.get("/source/none.nt").status_code == 404


def test_what_is_small_comes_whole_and_without_a_note(client: FlaskClient) -> None:
    reply = client.get("/source/hub.nt")
    assert "Link" not in reply.headers
    assert len(reply.text.splitlines()) == 50
    assert COMMENT.value not in reply.text
