"""``/search``: entities by label.

A plain scan of all labels with SPARQL's CONTAINS, good for some ten thousand
of them. It knows no word forms and no ranking beyond "shorter label first".
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from crisisgov.ontology.terms import BASE
from crisisgov.server.engine.formats import HTML
from crisisgov.server.entity_views.links import Linker
from crisisgov.server.entity_views.reader import Reader, text_literal
from crisisgov.server.site import unchanged, with_validators

blueprint = Blueprint("search", __name__)

LIMIT = 50
_LONGEST = 200  # characters of a search


@blueprint.get("/search")
def search() -> Response:
    """Show the entities whose label holds the words of ``q``."""
    same = unchanged(HTML)
    if same is not None:
        return same
    asked = request.args.get("q", "").strip()[:_LONGEST]
    reader = Reader()
    found = by_words(reader, asked)
    reader.fetch_names()
    linker = Linker(reader.names)
    groups: dict[str, list[str]] = {}
    for iri in found:
        groups.setdefault(iri[len(BASE) :].partition("/")[0].partition("#")[0], []).append(iri)
    body = render_template(
        "search.html", asked=asked, groups=groups, total=len(found), limit=LIMIT, link=linker.link
    )
    return with_validators(Response(body, mimetype=HTML), HTML)


def similar(reader: Reader, text: str) -> list[str]:
    """Return entities with a name like ``text``: all of its words, else one of the longest."""
    words = sorted(text.split(), key=len, reverse=True)[:3]
    for attempt in (text, *words):
        found = by_words(reader, attempt) if len(attempt) > 2 else []
        if found:
            return found
    return []


def by_words(reader: Reader, text: str) -> list[str]:
    """Return at most 50 entities whose label holds every word of ``text``, shortest label first.

    Findings come last: there are thousands, and they are reached from what they are about.
    """
    words = text.lower().split()[:8]
    if not words:
        return []
    conditions = " && ".join(
        f"CONTAINS(LCASE(STR(?label)), {text_literal(word)})" for word in words
    )
    rows = reader.rows(
        f"""SELECT ?s (MIN(STRLEN(STR(?label))) AS ?length) (MAX(?isFinding) AS ?last) WHERE {{
          ?s rdfs:label ?label . FILTER(STRSTARTS(STR(?s), {text_literal(BASE)}) && {conditions})
          BIND(IF(STRSTARTS(STR(?s), {text_literal(BASE + "finding/")}), 1, 0) AS ?isFinding)
        }} GROUP BY ?s ORDER BY ?last ?length ?s LIMIT {LIMIT}"""
    )
    return [row["s"] for row in rows]
