"""The SPARQL 1.1 Protocol over real HTTP: every form of the operation, every format."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ElementTree
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import rdflib
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

if TYPE_CHECKING:
    from tests.server.conftest import Server

# rdflib's own JSON-LD parser uses what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")

BASE = "https://w3id.org/crisisgov/"
CG = BASE + "ontology#"
SELECT = f"SELECT ?event WHERE {{ ?event <{CG}inCrisis> <{BASE}crisis/c1> }} ORDER BY ?event"
EVENTS = [f"{BASE}event/e1", f"{BASE}event/e2"]
CONSTRUCT = f"CONSTRUCT WHERE {{ ?event <{CG}inCrisis> ?crisis }}"
ASK = f"ASK {{ ?event a <{CG}Warning> }}"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"


def count(text: str) -> int:
    return int(text.splitlines()[1].split(",")[0])


def test_a_query_in_the_url_is_answered(server: Server) -> None:
    reply = server.query(SELECT)
    assert reply.status == 200
    rows = reply.json()["results"]["bindings"]
    assert [row["event"]["value"] for row in rows] == EVENTS


def test_a_query_in_a_form_is_answered(server: Server) -> None:
    reply = server.post_form([("query", SELECT)])
    assert reply.status == 200
    assert len(reply.json()["results"]["bindings"]) == 2


@pytest.mark.parametrize(
    "content_type", ["application/sparql-query", "application/sparql-query; charset=utf-8"]
)
def test_a_query_as_the_body_is_answered(server: Server, content_type: str) -> None:
    query = 'SELECT ?s WHERE { ?s ?p "武汉疫情"@zh }'.encode()
    reply = server.request("POST", "/sparql", query, Content_Type=content_type)
    assert [row["s"]["value"] for row in reply.json()["results"]["bindings"]] == [
        f"{BASE}crisis/c1"
    ]


def test_select_comes_as_json(server: Server) -> None:
    reply = server.query(SELECT, Accept="application/sparql-results+json")
    assert reply.headers["content-type"] == "application/sparql-results+json"
    assert reply.json()["head"]["vars"] == ["event"]


def test_select_comes_as_xml(server: Server) -> None:
    reply = server.query(SELECT, Accept="application/sparql-results+xml")
    assert reply.headers["content-type"] == "application/sparql-results+xml"
    uris = ElementTree.fromstring(reply.text).iter("{http://www.w3.org/2005/sparql-results#}uri")
    assert [uri.text for uri in uris] == EVENTS


def test_select_comes_as_csv(server: Server) -> None:
    reply = server.query(SELECT, Accept="text/csv")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(reply.text))) == [["event"], *([iri] for iri in EVENTS)]


def test_select_comes_as_tsv(server: Server) -> None:
    reply = server.query(SELECT, Accept="text/tab-separated-values")
    assert reply.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert reply.text.splitlines() == ["?event", *(f"<{iri}>" for iri in EVENTS)]


@pytest.mark.parametrize(
    ("media_type", "parser"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "json-ld"),
        ("application/rdf+xml", "xml"),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, f"DESCRIBE <{BASE}event/e1> <{BASE}event/e2>"])
def test_graphs_come_in_four_formats(
    server: Server, query: str, media_type: str, parser: str
) -> None:
    reply = server.query(query, Accept=media_type)
    assert reply.headers["content-type"].split(";")[0] == media_type
    graph = rdflib.Graph().parse(data=reply.body, format=parser)
    found = {str(s) for s in graph.subjects(rdflib.URIRef(CG + "inCrisis"))}
    assert found == set(EVENTS)


@pytest.mark.parametrize(
    ("media_type", "yes"),
    [
        ("application/sparql-results+json", '"boolean":true'),
        ("text/csv", "true"),
        ("application/sparql-results+xml", "<boolean>true</boolean>"),
    ],
)
def test_ask_is_answered_with_a_boolean(server: Server, media_type: str, yes: str) -> None:
    assert yes in server.query(ASK, Accept=media_type).text


def test_quality_values_decide_between_formats(server: Server) -> None:
    accept = "application/sparql-results+json;q=0.2, text/csv;q=0.9, */*;q=0.1"
    assert server.query(SELECT, Accept=accept).headers["content-type"].startswith("text/csv")


def test_a_format_in_the_url_wins_over_the_header(server: Server) -> None:
    reply = server.query(SELECT, "&format=csv", Accept="application/sparql-results+json")
    assert reply.headers["content-type"].startswith("text/csv")


def test_an_acceptable_format_of_the_other_kind_does_not_help(server: Server) -> None:
    reply = server.query(SELECT, Accept="text/turtle")
    assert reply.status == 406
    assert reply.json()["kind"] == "not-acceptable"
    assert "text/csv" in reply.json()["hint"]


def test_a_format_nobody_offers_is_not_acceptable(server: Server) -> None:
    assert server.query(SELECT, Accept="image/png").status == 406
    assert server.query(SELECT, "&format=pdf").status == 406


@pytest.mark.parametrize(
    ("result_format", "query"), [(JSON, SELECT), (CSV, SELECT), (XML, SELECT), (TURTLE, CONSTRUCT)]
)
def test_sparqlwrapper_gets_what_it_asks_for(
    server: Server, result_format: str, query: str
) -> None:
    wrapper = SPARQLWrapper(f"http://127.0.0.1:{server.port}/sparql")
    wrapper.setQuery(query)
    wrapper.setReturnFormat(result_format)
    response = wrapper.query().response
    text = response.read().decode()
    response.close()
    assert all(text.count(name) == 1 for name in ("event/e1", "event/e2"))


def test_the_default_graph_is_the_union(server: Server) -> None:
    assert count(server.query(COUNT, Accept="text/csv").text) == 8


def test_default_graph_uri_narrows_the_default_graph(server: Server) -> None:
    crises, events = (quote(f"{BASE}graph/{name}") for name in ("crises", "events"))
    one = server.query(COUNT, f"&default-graph-uri={crises}", Accept="text/csv")
    both = server.query(
        COUNT, f"&default-graph-uri={crises}&default-graph-uri={events}", Accept="text/csv"
    )
    none = server.query(COUNT, f"&default-graph-uri={quote(BASE)}none", Accept="text/csv")
    assert (count(one.text), count(both.text), count(none.text)) == (4, 8, 0)


def test_named_graph_uri_is_seen_by_graph_only(server: Server) -> None:
    fields = [("named-graph-uri", f"{BASE}graph/events")]
    in_graphs = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    named = server.post_form([("query", in_graphs), *fields], Accept="text/csv")
    default = server.post_form([("query", COUNT), *fields], Accept="text/csv")
    assert (count(named.text), count(default.text)) == (4, 0)


def test_graphs_of_the_request_win_over_from(server: Server) -> None:
    query = f"SELECT (COUNT(*) AS ?n) FROM <{BASE}graph/none> WHERE {{ ?s ?p ?o }}"
    request = f"&default-graph-uri={quote(BASE)}graph/events"
    assert count(server.query(query, request, Accept="text/csv").text) == 4


@pytest.mark.parametrize(
    "clause",
    ["FROM <{}>", "from<{}>", "FROM # a comment\r<{}>", "FROM <{}> FROM NAMED <http://x/>"],
)
def test_from_narrows_the_default_graph(server: Server, clause: str) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {clause.format(BASE + 'graph/crises')} {{ ?s ?p ?o }}"
    assert count(server.query(query, Accept="text/csv").text) == 4


@pytest.mark.parametrize("word", ['"from"', "?from", "<http://x/from>"])
def test_the_word_from_elsewhere_keeps_the_union(server: Server, word: str) -> None:
    query = f"SELECT (COUNT(*) AS ?n) (SAMPLE({word}) AS ?x) {{ ?s ?p ?o }}"
    assert count(server.query(query, Accept="text/csv").text) == 8


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(server: Server, method: str) -> None:
    reply = server.request(method, f"/sparql?query={quote(ASK)}")
    assert reply.status == 405
    assert "GET" in reply.headers["allow"]


def test_two_queries_are_refused(server: Server) -> None:
    assert server.query(ASK, f"&query={quote(ASK)}").status == 400
    assert server.post_form([("query", ASK), ("query", ASK)]).status == 400


def test_a_form_without_a_query_is_refused(server: Server) -> None:
    assert server.post_form([("x", "y")]).status == 400


@pytest.mark.parametrize("headers", [{}, {"Content_Type": "text/plain"}])
def test_a_body_of_another_type_is_refused(server: Server, headers: dict[str, str]) -> None:
    reply = server.request("POST", "/sparql", ASK.encode(), **headers)
    assert reply.status == 415
    assert "application/sparql-query" in reply.json()["hint"]


def test_a_query_that_is_not_utf8_is_refused(server: Server) -> None:
    body = ASK.encode("utf-16")
    direct = server.request("POST", "/sparql", body, Content_Type="application/sparql-query")
    form = server.request("POST", "/sparql", b"query=ASK%20%7B%FF%7D", Content_Type=FORM)
    assert (direct.status, form.status) == (400, 400)
    assert "UTF-8" in direct.json()["detail"]


def test_a_graph_that_is_no_iri_is_refused(server: Server) -> None:
    reply = server.query(COUNT, "&default-graph-uri=my%20graph")
    assert reply.status == 400
    assert "my graph" in reply.json()["detail"]


def test_updates_are_refused_as_such(server: Server) -> None:
    update = "INSERT DATA { <http://x/s> <http://x/p> 1 }"
    direct = server.request(
        "POST", "/sparql", update.encode(), Content_Type="application/sparql-update"
    )
    form = server.post_form([("update", update)])
    assert (direct.status, form.status) == (403, 403)
    assert form.json()["kind"] == "read-only"
    as_query = server.query(update)
    assert as_query.status == 400
    assert "read-only" in as_query.json()["hint"]


def test_head_is_get_without_the_body(server: Server) -> None:
    path = f"/sparql?query={quote(SELECT)}"
    whole, head = server.get(path), server.request("HEAD", path)
    assert head.status == 200
    assert head.body == b""
    assert head.headers["content-length"] == str(len(whole.body))


def test_other_sites_may_read(server: Server) -> None:
    reply = server.request("OPTIONS", "/sparql", Origin="https://notebook.example")
    assert reply.status == 204
    assert reply.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS, POST"
    assert server.query(ASK).headers["access-control-allow-origin"] == "*"
    assert server.query("SELEC").headers["access-control-allow-origin"] == "*"


def test_an_unchanged_result_is_not_sent_again(server: Server) -> None:
    first = server.query(SELECT)
    again = server.query(SELECT, If_None_Match=first.headers["etag"])
    other = server.query(SELECT, Accept="text/csv", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert other.status == 200
    assert first.headers["vary"] == "Accept, Accept-Encoding"


def test_a_result_that_changes_by_itself_has_no_etag(server: Server) -> None:
    assert "etag" not in server.query("SELECT (NOW() AS ?now) {}").headers


def test_a_program_gets_the_service_description(server: Server) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    reply = server.get("/sparql")
    graph = rdflib.Graph().parse(data=reply.body, format="turtle")
    endpoint = rdflib.URIRef("https://graph.example/crises/sparql")
    assert (endpoint, sd.endpoint, endpoint) in graph
    assert (endpoint, sd.feature, sd.UnionDefaultGraph) in graph
    assert len(list(graph.objects(endpoint, sd.resultFormat))) == 8


@pytest.mark.parametrize(
    ("media_type", "parser"), [("application/rdf+xml", "xml"), ("application/ld+json", "json-ld")]
)
def test_the_service_description_is_negotiated(
    server: Server, media_type: str, parser: str
) -> None:
    reply = server.get("/sparql", Accept=media_type)
    assert reply.headers["content-type"] == media_type
    assert len(rdflib.Graph().parse(data=reply.body, format=parser)) > 10


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_gets_the_editor(server: Server) -> None:
    reply = server.get("/sparql", Accept=BROWSER)
    assert reply.headers["content-type"].startswith("text/html")
    assert "<textarea" in reply.text
    assert "default-src 'self'" in reply.headers["content-security-policy"]


def test_a_browser_gets_the_result_as_a_table(server: Server) -> None:
    reply = server.query(SELECT, Accept=BROWSER)
    assert "2 rows" in reply.text
    # Our own entities are linked where the site is, not where their IRI points.
    assert '<a href="https://graph.example/crises/event/e1">' in reply.text


def test_a_browser_sees_what_is_wrong_beside_its_query(server: Server) -> None:
    reply = server.query('SELECT ?x { ?x ?y "<script>" ', "&format=html", Accept=BROWSER)
    assert reply.status == 400
    assert "ends too early" in reply.text
    assert "&lt;script&gt;" in reply.text
    assert "<script>" not in reply.text


def test_an_error_comes_as_text_to_those_who_ask_for_text(server: Server) -> None:
    reply = server.query("SELECT", Accept="text/plain, */*;q=0.1")
    assert reply.status == 400
    assert reply.headers["content-type"].startswith("text/plain")
    assert "line 1" in reply.text
