"""The first page and the catalogued questions, as pages and as data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from crisisgov.queries.catalogue import load
from tests.support.built_site import application, built_data

pytestmark = pytest.mark.curated

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HEADLINE = "/questions/delayed-disclosure"


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with application(built_data()) as app:
        yield app.test_client()


def test_the_first_page_shows_the_headline_question_first(client: FlaskClient) -> None:
    text = client.get("/", headers={"Accept": BROWSER}).text
    links = [part.split('"')[0] for part in text.split('href="/questions/')[1:]]
    assert links[0] == "delayed-disclosure"
    assert set(links) == set(load())
    assert "What it does not hold" in text
    assert "CC BY 4.0" in text


def test_the_list_names_every_question(client: FlaskClient) -> None:
    text = client.get("/questions", headers={"Accept": BROWSER}).text
    for name in load():
        assert f'href="/questions/{name}"' in text


@pytest.mark.parametrize("name", load())
def test_every_question_has_a_page_with_its_columns_explained(
    client: FlaskClient, name: str
) -> None:
    reply = client.get(f"/questions/{name}", headers={"Accept": BROWSER})
    assert reply.status_code == 200
    assert "What the columns mean" in reply.text
    assert "Open it in the SPARQL editor" in reply.text
    assert "<script" not in reply.text


@pytest.mark.parametrize("name", load())
def test_the_data_of_every_question_has_the_declared_columns(
    client: FlaskClient, name: str
) -> None:
    reply = client.get(f"/questions/{name}?format=csv")
    assert reply.mimetype == "text/csv"
    header = next(csv.reader(io.StringIO(reply.text)))
    assert set(header) == {column.name for column in load()[name].columns}


@pytest.mark.parametrize(
    ("parameter", "media_type"),
    [
        ("csv", "text/csv"),
        ("json", "application/sparql-results+json"),
        ("tsv", "text/tab-separated-values"),
        ("xml", "application/sparql-results+xml"),
        ("html", "text/html"),
    ],
)
def test_format_and_header_choose_alike(
    client: FlaskClient, parameter: str, media_type: str
) -> None:
    assert client.get(f"{HEADLINE}?format={parameter}").mimetype == media_type
    assert client.get(HEADLINE, headers={"Accept": media_type}).mimetype == media_type


def test_a_program_that_names_no_format_gets_json(client: FlaskClient) -> None:
    reply = client.get(HEADLINE, headers={"Accept": "*/*"})
    assert reply.mimetype == "application/sparql-results+json"
    assert reply.json is not None
    assert reply.json["results"]["bindings"]


def test_the_headline_counts_its_blocks_and_says_how_much_is_known(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{HEADLINE}?format=csv").text)))
    text = client.get(HEADLINE, headers={"Accept": BROWSER}).text
    assert "How much is known at all" in text
    for status in {row["status"] for row in rows}:
        number = sum(row["status"] == status for row in rows)
        assert f"<strong>{number}</strong> {status}</a>" in text


def test_a_parameter_changes_the_answer(client: FlaskClient) -> None:
    day = client.get(f"{HEADLINE}?format=csv&yardstickHours=24").text
    month = client.get(f"{HEADLINE}?format=csv&yardstickHours=720").text
    # More than 30 days after knowledge and power is delayed for fewer than more than one day.
    assert month.count("exceeds the yardstick") < day.count("exceeds the yardstick")


def test_a_parameter_takes_an_id_as_well_as_an_iri(client: FlaskClient) -> None:
    iri = "https://w3id.org/crisisgov/crisis/covid-19-wuhan"
    by_id = client.get(HEADLINE, query_string={"crisis": "covid-19-wuhan", "format": "csv"})
    by_iri = client.get(HEADLINE, query_string={"crisis": iri, "format": "csv"})
    assert by_id.data == by_iri.data
    page = client.get(
        HEADLINE, query_string={"crisis": "covid-19-wuhan"}, headers={"Accept": BROWSER}
    )
    assert f'<option value="{iri}" selected>' in page.text


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"yardstickHours": "soon"}, "yardstickHours"),
        ({"crisis": "http://x/> } UNION {"}, "crisis"),
        ({"nothing": "1"}, "nothing"),
    ],
)
def test_a_wrong_parameter_is_answered_400_by_its_name(
    client: FlaskClient, values: dict[str, str], named: str
) -> None:
    as_data = client.get(HEADLINE, query_string=values)
    as_page = client.get(HEADLINE, query_string=values, headers={"Accept": BROWSER})
    for reply in (as_data, as_page):
        assert reply.status_code == 400
        assert named in reply.text


def test_an_unknown_question_is_answered_404_with_those_that_there_are(
    client: FlaskClient,
) -> None:
    reply = client.get("/questions/nothing")
    assert reply.status_code == 404
    assert "delayed-disclosure" in reply.text
