"""The page with the query form and, below it, the result as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template
from markupsafe import Markup, escape

from crisisgov.ontology.terms import BASE, PREFIXES, prefixed
from crisisgov.server.engine.api import QueryResult
from crisisgov.server.engine.errors import QueryError
from crisisgov.server.http_errors import error_headers
from crisisgov.server.services import services

ROWS_SHOWN = 1000
# Longer results are offered for download only: a page of them helps nobody.
_BYTES_SHOWN = 4_000_000

_EXAMPLE = """PREFIX cg: <https://w3id.org/crisisgov/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?crisis ?label WHERE {
  ?crisis a cg:Crisis ; rdfs:label ?label .
}
LIMIT 100
"""


@dataclass(frozen=True)
class Table:
    """A result as the page shows it; ``text`` is set for graphs, ``answer`` for ASK."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Markup, ...], ...] = ()
    total: int = 0
    answer: bool | None = None
    text: str = ""
    too_long: bool = False


def page(
    query: str, *, result: QueryResult | None = None, error: QueryError | None = None
) -> Response:
    """Return the editor holding ``query``, with its result or error when there is one."""
    body = render_template(
        "sparql.html",
        query=query or _EXAMPLE,
        asked=bool(query),
        prefixes=PREFIXES,
        seconds=services().settings.query_seconds,
        table=table(result) if result is not None else None,
        rows_shown=ROWS_SHOWN,
        result=result,
        error=error,
    )
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    if error is not None:
        headers.update(error_headers(error))
    return Response(body, error.status if error is not None else 200, headers=headers)


def table(result: QueryResult) -> Table:
    """Read a JSON or Turtle result into what the page shows."""
    if result.size > _BYTES_SHOWN:
        result.close()
        return Table(too_long=True)
    text = result.read().decode("utf-8")
    if result.kind == "graph":
        return Table(text=text)
    document = json.loads(text)
    if result.kind == "ask":
        return Table(answer=document["boolean"])
    columns = tuple(document["head"]["vars"])
    bindings = document["results"]["bindings"]
    rows = tuple(
        tuple(_cell(binding.get(column)) for column in columns) for binding in bindings[:ROWS_SHOWN]
    )
    return Table(columns=columns, rows=rows, total=len(bindings))


def _cell(term: dict[str, Any] | None) -> Markup:
    """Return one term as HTML: IRIs link (ours to this site), literals show their language."""
    if term is None:
        return Markup("")
    value = term.get("value", "")
    if term["type"] == "triple":
        return escape(json.dumps(value, ensure_ascii=False))
    if term["type"] == "uri":
        if not value.startswith(("http://", "https://")):
            return escape(value)
        local = value.startswith(BASE)
        target = f"{services().settings.public_base_url}/{value[len(BASE) :]}" if local else value
        return Markup('<a href="{}">{}</a>').format(target, prefixed(value))
    language = term.get("xml:lang")
    if language:
        return Markup('<span lang="{}">{}</span>').format(language, value)
    return escape(value)
