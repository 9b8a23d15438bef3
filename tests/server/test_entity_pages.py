"""Entity pages of the curated records: every kind, every format, nothing unescaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rdflib
from flask.testing import FlaskClient

from crisisgov.loaders.versions import VersionStore
from crisisgov.server.entity_views.wording import When, delay, length, validity
from tests.support.built_site import application, built_data

# rdflib's own JSON-LD parser uses what rdflib deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning"),
    pytest.mark.curated,
]

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
BASE = "https://w3id.org/crisisgov/"
RDF = {
    "ttl": ("text/turtle", "turtle"),
    "nt": ("application/n-triples", "nt"),
    "jsonld": ("application/ld+json", "json-ld"),
    "rdf": ("application/rdf+xml", "xml"),
}
NOTICE = "/event/wuhan-notice-2019-12-31"
DELAYED = (
    "/finding/yardstick-prompt-disclosure.wuhan-government.covid-19-wuhan.existence"
    ".CN-HB-wuhan.public"
)
# One entity of each kind that the curated records have.
ENTITIES = [
    "/actor/wuhan-health-commission",
    f"/citation{NOTICE}/1",
    "/claim/claim-li-time-nsc",
    "/concept/timeliness",
    "/concept/timeliness/no-data",
    "/crisis/covid-19-wuhan",
    "/justification/wuhan-authorisation-needed",
    "/dataset",
    NOTICE,
    DELAYED,
    "/finding/wuhan-mayor-on-disclosure",
    "/graph/places",
    "/harm/covid-19-wuhan/1",
    "/instrument/cn-phe-regulation-2003",
    "/item/wuhan-notice-2019-12-31/3",
    "/matter/covid-19-wuhan.existence.CN-HB-wuhan",
    "/norm/yardstick-prompt-disclosure",
    "/ontology/alignments",
    "/place/CN-HB-wuhan",
    "/post/director-of-wuhan-cdc",
    "/question/delayed-disclosure",
    "/run/ruleset-2",
    "/source/whc-notice-2019-12-31",
    "/tenure/tang-zhihong-director-of-huanggang-hc",
]


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with application(built_data()) as app:
        yield app.test_client()


class Links(HTMLParser):
    """Collects the addresses of links and forms of a page, and what runs in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        found = dict(attrs)
        assert "style" not in found
        assert not [name for name in found if name.startswith("on")]
        if tag in ("a", "form"):
            self.links.append(found.get("href") or found.get("action") or "")


@pytest.mark.parametrize("path", ENTITIES)
def test_a_page_of_every_kind_is_answered_as_html(client: FlaskClient, path: str) -> None:
    reply = client.get(path, headers={"Accept": BROWSER})
    assert reply.status_code == 200
    assert reply.mimetype == "text/html"
    page = Links(reply.text)
    assert "script" not in page.tags
    assert "style" not in page.tags
    assert {"main", "nav", "h1"} <= page.tags


@pytest.mark.parametrize("path", ENTITIES)
def test_no_link_of_a_page_leaves_for_the_base_of_the_iris(client: FlaskClient, path: str) -> None:
    page = Links(client.get(path, headers={"Accept": BROWSER}).text)
    assert page.links
    assert not [link for link in page.links if urlsplit(link).netloc == "w3id.org"]


@pytest.mark.parametrize("suffix", RDF)
@pytest.mark.parametrize("path", ENTITIES)
def test_every_kind_comes_as_rdf_about_its_iri(client: FlaskClient, path: str, suffix: str) -> None:
    media_type, parser = RDF[suffix]
    reply = client.get(f"{path}.{suffix}")
    assert reply.status_code == 200
    assert reply.mimetype == media_type
    graph = rdflib.Graph().parse(data=reply.data, format=parser)
    subject = rdflib.URIRef(BASE + path[1:])
    assert len(graph) > 1
    assert path == "/graph/places" or (subject, None, None) in graph


@pytest.mark.parametrize("media_type", [media_type for media_type, _parser in RDF.values()])
def test_the_accept_header_decides_the_format(client: FlaskClient, media_type: str) -> None:
    reply = client.get(NOTICE, headers={"Accept": media_type})
    assert reply.mimetype == media_type
    assert reply.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (BROWSER, "text/html"),
        ("*/*", "text/html"),
        ("text/html;q=0.5, text/turtle", "text/turtle"),
        ("text/turtle;q=0.4, application/rdf+xml;q=0.9, text/html;q=0.1", "application/rdf+xml"),
        ("application/json", "application/ld+json"),
        ("text/html;q=0, */*;q=0.1", "text/turtle"),
    ],
)
def test_quality_values_are_weighed(client: FlaskClient, accept: str, expected: str) -> None:
    assert client.get(NOTICE, headers={"Accept": accept}).mimetype == expected


def test_a_format_that_is_not_offered_is_answered_406(client: FlaskClient) -> None:
    reply = client.get(NOTICE, headers={"Accept": "image/png"})
    assert reply.status_code == 406
    assert "text/turtle" in reply.text


def test_a_suffix_stands_over_the_header(client: FlaskClient) -> None:
    reply = client.get(f"{NOTICE}.html", headers={"Accept": "text/turtle"})
    assert reply.mimetype == "text/html"


def test_an_unchanged_page_is_answered_304_by_its_version(client: FlaskClient) -> None:
    first = client.get(NOTICE, headers={"Accept": BROWSER})
    tag = first.headers["ETag"]
    version = VersionStore(built_data()).current()
    assert version is not None
    assert version.id in tag
    again = client.get(NOTICE, headers={"Accept": BROWSER, "If-None-Match": tag})
    assert again.status_code == 304
    other = client.get(NOTICE, headers={"Accept": "text/turtle", "If-None-Match": tag})
    assert other.status_code == 200


def test_an_unknown_id_is_answered_404_with_similar_names(client: FlaskClient) -> None:
    reply = client.get("/event/lockdown-of-wuhan", headers={"Accept": BROWSER})
    assert reply.status_code == 404
    assert "Not in the graph" in reply.text
    assert 'action="/search"' in reply.text
    # The longest of the words that a name holds is "lockdown".
    assert "Similar names" in reply.text
    assert Links(reply.text).links


@pytest.mark.parametrize("kind", ["event", "graph"])
def test_an_unknown_id_is_answered_404_to_programs(client: FlaskClient, kind: str) -> None:
    reply = client.get(f"/{kind}/nothing", headers={"Accept": "text/turtle"})
    assert reply.status_code == 404
    assert f"{BASE}{kind}/nothing" in reply.text


@pytest.mark.parametrize(
    "path",
    [
        "/event/x%3E%20%7D%20SELECT",
        "/actor/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/event/a%00b",
        "/finding/%7B%7D%5C%5E%60%7C",
    ],
)
def test_an_id_that_is_no_iri_is_only_unknown(client: FlaskClient, path: str) -> None:
    reply = client.get(path, headers={"Accept": BROWSER})
    assert reply.status_code == 404
    assert "<script" not in reply.text


def test_the_finding_says_its_verdict_its_bounds_and_that_the_yardstick_is_no_law(
    client: FlaskClient,
) -> None:
    # Known from 27 December (00:00 to 24:00, UTC+8), told on 31 December, 13:38:
    # at least 3 d 13 h 38 min = 3.6 days, at most a day more.
    text = client.get(DELAYED, headers={"Accept": BROWSER}).text
    assert '<p class="big">Delayed disclosure</p>' in text
    assert "3.6 to 4.6 days" in text
    assert "allowed: 24 hours" in text
    assert "yardstick, not law" in text
    assert "Read this fairly" in text
    assert 'href="/event/wuhan-notice-2019-12-31"' in text
    assert "The calculation, step by step" in text


def test_the_event_says_what_it_conveyed_and_who_says_so(client: FlaskClient) -> None:
    text = client.get(NOTICE, headers={"Accept": BROWSER}).text
    assert "31 December 2019, 13:38 (UTC+8)" in text
    assert re.search(r"Transmission[^<]*</strong>:\s*none found", text, re.IGNORECASE)
    assert '<span lang="zh" class="zh">武汉市卫生健康委员会</span>' in text
    assert 'href="/source/whc-notice-2019-12-31"' in text


def test_the_event_names_the_reading_that_is_followed_and_why(client: FlaskClient) -> None:
    text = client.get("/event/li-wenliang-warning-2019-12-30", headers={"Accept": BROWSER}).text
    assert "30 December 2019, 17:48" in text
    assert "followed here" in text
    assert "The inquiry had the chat itself" in text


def test_the_actor_counts_findings_without_data_apart(client: FlaskClient) -> None:
    path = "/actor/wuhan-health-commission"
    text = client.get(path, headers={"Accept": BROWSER}).text
    assert f'href="{path}?verdict=no-data#findings"' in text
    listed = client.get(f"{path}?verdict=no-data", headers={"Accept": BROWSER}).text
    assert "Only these are listed" in listed


def test_a_long_timeline_is_paged(client: FlaskClient) -> None:
    first = client.get("/crisis/covid-19", headers={"Accept": BROWSER}).text
    assert 'href="/crisis/covid-19?page=2"' in first
    second = client.get("/crisis/covid-19?page=2", headers={"Accept": BROWSER}).text
    # The first event of all stands on the first page only.
    assert "/event/first-onset-2019-12" in first
    assert 'data-label="What"><span><a href="/event/first-onset-2019-12"' not in second


def test_the_vocabulary_has_an_anchor_for_each_term_and_comes_as_rdf(client: FlaskClient) -> None:
    text = client.get("/ontology", headers={"Accept": BROWSER}).text
    assert '<dt id="Disclosure">' in text
    assert '<dt id="minDelaySeconds">' in text
    for suffix, (media_type, parser) in RDF.items():
        for reply in (
            client.get(f"/ontology.{suffix}"),
            client.get("/ontology", headers={"Accept": media_type}),
        ):
            assert reply.mimetype == media_type
            graph = rdflib.Graph().parse(data=reply.data, format=parser)
            term = rdflib.URIRef(f"{BASE}ontology#Disclosure")
            assert (term, rdflib.RDF.type, rdflib.OWL.Class) in graph


def test_search_finds_english_and_chinese_names(client: FlaskClient) -> None:
    for words in ("wenliang warns", "李文亮在同学群"):
        text = client.get("/search", query_string={"q": words}).text
        assert "/event/li-wenliang-warning-2019-12-30" in text


def test_search_says_when_nothing_is_found_and_escapes_what_was_asked(client: FlaskClient) -> None:
    reply = client.get("/search", query_string={"q": '"><script>alert(1)</script>\\'})
    assert reply.status_code == 200
    assert "<script>" not in reply.text
    assert "No name holds" in reply.text


LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
EVIL = "<script>alert(1)</script>"
HOSTILE = f"""\
<{BASE}event/e> <{TYPE}> <{BASE}ontology#Event> <{BASE}graph/g> .
<{BASE}event/e> <{LABEL}> "{EVIL}"@en <{BASE}graph/g> .
<{BASE}event/e> <{LABEL}> "{EVIL}"@zh <{BASE}graph/g> .
<{BASE}event/e> <{BASE}ontology#summary> "{EVIL}" <{BASE}graph/g> .
<{BASE}event/e> <{BASE}ontology#edtf> "{EVIL}" <{BASE}graph/g> .
<{BASE}event/e> <{BASE}ontology#citation> <{BASE}citation/event/e/1> <{BASE}graph/g> .
<{BASE}event/e> <http://example.org/p> <javascript:alert(1)> <{BASE}graph/g> .
<{BASE}citation/event/e/1> <{BASE}ontology#source> <{BASE}source/s> <{BASE}graph/g> .
<{BASE}citation/event/e/1> <{BASE}ontology#says> "{EVIL}" <{BASE}graph/g> .
<{BASE}source/s> <{BASE}ontology#url> "javascript:alert(1)" <{BASE}graph/g> .
<{BASE}source/s> <{LABEL}> "{EVIL}"@en <{BASE}graph/g> .
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root = tmp_path_factory.mktemp("hostile")
    VersionStore(root).publish("hostile0", [HOSTILE.encode()], {"as_of": "2020-04-30"})
    with application(root, "https://graph.example/crises") as app:
        yield app.test_client()


@pytest.mark.parametrize(
    "path", ["/event/e", "/source/s", "/citation/event/e/1", "/search?q=alert"]
)
def test_a_label_with_markup_is_escaped(hostile: FlaskClient, path: str) -> None:
    reply = hostile.get(path, headers={"Accept": BROWSER})
    assert reply.status_code == 200
    assert "&lt;script&gt;" in reply.text
    page = Links(reply.text)
    assert "script" not in page.tags
    assert not [link for link in page.links if link.startswith("javascript:")]


def test_links_lie_under_the_path_of_the_public_base_url(hostile: FlaskClient) -> None:
    text = hostile.get("/event/e", headers={"Accept": BROWSER}).text
    assert 'href="/crises/source/s"' in text
    assert 'rel="canonical" href="https://graph.example/crises/event/e"' in text


def test_rdf_of_an_entity_holds_its_citations_and_the_labels_of_what_they_name(
    hostile: FlaskClient,
) -> None:
    graph = rdflib.Graph().parse(data=hostile.get("/event/e.nt").data, format="nt")
    says = rdflib.URIRef(f"{BASE}ontology#says")
    label = rdflib.URIRef(LABEL)
    assert (rdflib.URIRef(f"{BASE}citation/event/e/1"), says, rdflib.Literal(EVIL)) in graph
    assert (rdflib.URIRef(f"{BASE}source/s"), label, rdflib.Literal(EVIL, lang="en")) in graph


@pytest.mark.parametrize(
    ("when", "words", "brief"),
    [
        (
            When("2020-01-25", "2020-01-24T16:00:00Z", "2020-01-25T15:59:59Z"),
            "25 January 2020 (UTC+8)",
            "25 Jan 2020",
        ),
        (
            When("2020-01-17/2020-01-20", "2020-01-16T16:00:00Z", "2020-01-20T15:59:59Z"),
            "between 17 January 2020 and 20 January 2020 (UTC+8)",
            "17–20 Jan 2020",
        ),
        (
            When("2019-12-31T13:38+08:00", "2019-12-31T05:38:00Z", "2019-12-31T05:38:59Z"),
            "31 December 2019, 13:38 (UTC+8)",
            "31 Dec 2019, 13:38",
        ),
        (
            When("../2020-01-21", "", "2020-01-21T15:59:59Z"),
            "at the latest on 21 January 2020 (UTC+8)",
            "by 21 Jan 2020",
        ),
        (When("2020-01-21/.."), "2020-01-21/..", "2020-01-21/.."),
    ],
)
def test_a_date_is_worded_in_the_time_of_its_place(when: When, words: str, brief: str) -> None:
    assert when.words == words
    assert when.brief == brief


def test_delays_are_worded_as_bounds() -> None:
    assert delay("308281", "394739") == "3.6 to 4.6 days"  # 308281 / 86400 = 3.568
    assert delay("0", "86399") == "0.0 to 24.0 hours"
    assert delay("172800", "") == "at least 48 hours, still open"
    assert delay("", "") == ""
    assert length(7 * 86_400) == "7 days"


def test_a_validity_is_worded_in_days() -> None:
    # 9 May 2003, 00:00 in China, until the end of 31 August 2025 there.
    assert validity("2003-05-08T16:00:00Z", "") == "since 9 May 2003"
    assert validity("2003-05-08T16:00:00Z", "2025-08-31T15:59:59Z") == "9 May 2003 to 31 Aug 2025"


def test_every_kind_in_the_graph_has_a_page(client: FlaskClient) -> None:
    graph = Path(built_data() / "current" / "graph.nq").read_text(encoding="utf-8")
    subjects = set(re.findall(rf"^<{re.escape(BASE)}([a-z]+)/", graph, re.MULTILINE))
    assert subjects <= {path.split("/")[1] for path in ENTITIES}
