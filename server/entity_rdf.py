"""An entity, or a named graph, as RDF: whole while that is small, in pages when it is not.

A hub (a crisis with its findings, a source that thousands cite) would fill tens of
megabytes. Its first page says in a statement of its own, and in a ``Link`` header, that
it is one, where the next is, and which query gives everything.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from flask import Response, abort, request

from crisisgov.server.engine import formats
from crisisgov.server.engine.formats import ResultFormats
from crisisgov.server.entity_views.reader import Reader, node, text_literal
from crisisgov.server.services import services
from crisisgov.server.site import page_number, with_validators

PAGE = 10_000
"""Statements on a page about an entity."""
GRAPH_PAGE = 100_000
"""Statements on a page of a graph."""

_PREFIXES = """PREFIX cg: <https://w3id.org/crisisgov/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
# In a fixed order, by which pages neither overlap nor leave anything out.
_STATEMENTS = (
    "{{ SELECT ?p ?o WHERE {{ {this} ?p ?o }} ORDER BY ?p ?o LIMIT {page} OFFSET {skip} }}"
)
_ENTITY = """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ {statements} BIND({this} AS ?s) }}
  UNION {{ {{ SELECT DISTINCT ?s WHERE {{ {statements} BIND(?o AS ?s) }} }} ?s rdfs:label ?o .
           BIND(rdfs:label AS ?p) }}
  {details}{note}
}}"""
# On the first page only.
_DETAILS = """UNION {{ {this} cg:citation|cg:conveys ?s . ?s ?p ?o }}
  UNION {{ {this} (cg:citation|cg:conveys)/(cg:source|cg:topic|cg:stance|cg:about) ?s .
           ?s rdfs:label ?o . BIND(rdfs:label AS ?p) }}
"""
_GRAPH = """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ SELECT ?s ?p ?o WHERE {{ GRAPH {this} {{ ?s ?p ?o }} }} {order} LIMIT {page} OFFSET {skip} }}
  {note}
}}"""
_NOTE = """UNION {{ VALUES (?s ?p ?o) {{ ({url} rdfs:comment {text}) {next} }} }}"""


def answer(kind: str, iri: str, media_type: str) -> Response:
    """Return one page of the statements about ``iri``, or of the graph of that name."""
    this = node(iri)
    reader = Reader()
    pattern = f"GRAPH {this} {{ ?s ?p ?o }}" if kind == "graph" else f"{this} ?p ?o"
    total = reader.count(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    size = GRAPH_PAGE if kind == "graph" else PAGE
    page, pages = page_number(), -(-total // size)
    if page > pages:
        what = f"no page {page}; there are {pages}" if total else f"nothing about {iri}"
        abort(404, description=f"The graph holds {what}.")
    headers = {"Content-Type": formats.with_charset(media_type)}
    note = ""
    if pages > 1:
        subject = "?s" if kind == "graph" else this
        everything = f"CONSTRUCT {{ {subject} ?p ?o }} WHERE {{ {pattern} }}"
        first, last = size * (page - 1) + 1, min(size * page, total)
        text = f"Statements {first} to {last} of {total} about {iri}, page {page} of {pages}."
        note = _note(f"{text} All: {everything} at {_endpoint()}", page, pages)
        headers["Link"] = ", ".join(_links(everything, page, pages))
    result = services().engine.run(
        _PREFIXES + _query(kind, this, size, page, pages, note),
        accept=ResultFormats((formats.JSON,), (media_type,)),
        deadline_s=services().settings.query_seconds,
        lane="pages",
    )
    headers["Content-Length"] = str(result.size)
    if request.method == "HEAD":
        result.close()
    body = () if request.method == "HEAD" else result.chunks()
    return with_validators(Response(body, headers=headers), media_type)


def _query(kind: str, this: str, size: int, page: int, pages: int, note: str) -> str:
    # Pages must neither overlap nor leave anything out. The embedded engine reads a version, which
    # never changes, in one and the same order, and takes half a minute to sort 200,000 statements.
    # Other engines promise no order.
    sort = pages > 1 and bool(services().settings.endpoint)
    variables = "?s ?p ?o" if kind == "graph" else "?p ?o"
    values = {
        "this": this,
        "page": size,
        "skip": size * (page - 1),
        "note": note,
        "order": f"ORDER BY {variables}" if sort else "",
    }
    if kind == "graph":
        return _GRAPH.format(**values)
    statements = _STATEMENTS.format(**values)
    details = _DETAILS.format(this=this) if page == 1 else ""
    return _ENTITY.format(statements=statements, details=details, **values)


def _note(text: str, page: int, pages: int) -> str:
    """Return the part of a query that states ``text`` of this page, and which is next."""
    url = node(_url(page))
    follows = ""
    if page < pages:
        follows = f"({url} <http://www.w3.org/ns/hydra/core#next> {node(_url(page + 1))})"
    return _NOTE.format(url=url, text=text_literal(text), next=follows)


def _links(everything: str, page: int, pages: int) -> list[str]:
    links = [f'<{_url(1)}>; rel="first"', f'<{_url(pages)}>; rel="last"']
    if page > 1:
        links.append(f'<{_url(page - 1)}>; rel="prev"')
    if page < pages:
        links.append(f'<{_url(page + 1)}>; rel="next"')
    return [*links, f'<{_endpoint()}?{urlencode({"query": everything})}>; rel="alternate"']


def _endpoint() -> str:
    return services().settings.endpoint_url


def _url(page: int) -> str:
    return f"{services().settings.public_base_url}{quote(request.path, safe='/:~')}?page={page}"
