"""What a page says of the terms under which its data may be used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from crisisgov.loaders.versions import VersionStore
from tests.support.built_site import application

BASE = "https://w3id.org/crisisgov/"
CG = BASE + "ontology#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DCTERMS = "http://purl.org/dc/terms/"
TRACKER, OPEN, RECORDS = (f"<{BASE}graph/{name}>" for name in ("data/tracker", "data/open", "r"))
GRAPH = f"""\
<{BASE}event/curated> {TYPE} <{CG}Event> {RECORDS} .
<{BASE}event/tracked> {TYPE} <{CG}Event> {TRACKER} .
<{BASE}event/free> {TYPE} <{CG}Event> {OPEN} .
{TRACKER} <{CG}licenceStatus> "unclear" {TRACKER} .
{TRACKER} <{DCTERMS}rights> "The file states no licence."@en {TRACKER} .
{OPEN} <{CG}licenceStatus> "open" {OPEN} .
{OPEN} <{DCTERMS}license> <https://creativecommons.org/licenses/by/4.0/> {OPEN} .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    data = tmp_path_factory.mktemp("licences")
    VersionStore(data).publish("licences", [GRAPH.encode()], {})
    with application(data) as app:
        yield app.test_client()


def footer(client: FlaskClient, path: str) -> str:
    reply = client.get(path, headers={"Accept": "text/html"})
    assert reply.status_code == 200
    return reply.text.partition('<footer class="site">')[2]


def test_curated_events_are_under_the_licence_of_the_records(client: FlaskClient) -> None:
    assert "Curated data: <a rel=" in footer(client, "/event/curated")


def test_events_of_a_data_set_are_under_its_terms_and_not_under_ours(client: FlaskClient) -> None:
    said = footer(client, "/event/tracked")
    assert "licence unclear" in said and "The file states no licence." in said
    assert "Curated data" not in said
    assert 'rel="license" href="https://creativecommons.org/licenses/by/4.0/">open</a>' in footer(
        client, "/event/free"
    )
