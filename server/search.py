"""``/search``: entities by the words of their names and summaries.

Asked of the text index that every version has (:mod:`crisisgov.loaders.text_index`).
A graph that is served from elsewhere has none: there the labels are gone through
with SPARQL, which knows no ranking beyond "shorter label first".
"""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response, render_template, request

from crisisgov.loaders import text_index
from crisisgov.loaders.text_index import Found
from crisisgov.ontology.terms import BASE
from crisisgov.server.engine.errors import QueryDeadline
from crisisgov.server.engine.formats import HTML
from crisisgov.server.entity_views.kinds import VIEWS
from crisisgov.server.entity_views.links import Linker
from crisisgov.server.entity_views.reader import Reader, text_literal
from crisisgov.server.services import services
from crisisgov.server.site import unchanged, with_validators

blueprint = Blueprint("search", __name__)

LIMIT = 50
_LONGEST = 200  # characters of a search
_MOST_WORDS = 8
_SECONDS = 2.0  # in this process, so less than a query has


@blueprint.get("/search")
def search() -> Response:
    """Show the entities whose names or summaries hold the words of ``q``.

    ``kind``, the first part of a path such as ``event``, keeps to entities of that kind.
    """
    same = unchanged(HTML)
    if same is not None:
        return same
    asked = request.args.get("q", "").strip()[:_LONGEST]
    kind = request.args.get("kind", "")
    kind = kind if kind in VIEWS else ""
    reader = Reader()
    found = by_words(reader, asked, kind)
    reader.meet(found.iris)
    reader.fetch_names()
    groups: dict[str, list[str]] = {}
    for iri in found.iris:
        groups.setdefault(kind_of(iri), []).append(iri)
    body = render_template(
        "search.html",
        asked=asked,
        kind=kind,
        kinds=found.kinds,
        groups=groups,
        titles={name: view.title for name, view in VIEWS.items()},
        shown=len(found.iris),
        total=found.kinds.get(kind, 0) if kind else sum(found.kinds.values()),
        limit=LIMIT,
        link=Linker(reader.names).link,
    )
    return with_validators(Response(body, mimetype=HTML), HTML)


def similar(reader: Reader, text: str) -> list[str]:
    """Return entities with a name like ``text``: all of its words, else one of the longest."""
    words = sorted(text.split(), key=len, reverse=True)[:3]
    for attempt in (text, *words):
        found = by_words(reader, attempt).iris if len(attempt) > 2 else []
        if found:
            reader.meet(found)
            return found
    return []


def by_words(reader: Reader, text: str, kind: str = "") -> Found:
    """Return at most 50 entities that have every word of ``text``, the best first.

    :raises QueryDeadline: when that takes too long
    """
    text = " ".join(text.split()[:_MOST_WORDS])
    with services().engine.pinned() as version:
        settings = services().settings
        # Pinned, the version stays on disk until it has been read.
        index = settings.data / "versions" / (version or "") / text_index.FILE
        if settings.endpoint or version is None or not index.is_file():
            return _by_labels(reader, text, kind)
        try:
            return text_index.search(index, text, kind=kind, limit=LIMIT, seconds=_SECONDS)
        except text_index.SearchTooLong as error:
            raise QueryDeadline(
                f"The search took longer than {_SECONDS:g} seconds and was ended.",
                hint="Search for more or rarer words.",
            ) from error


def kind_of(iri: str) -> str:
    """Return the first part of the path of an entity."""
    return iri[len(BASE) :].partition("/")[0].partition("#")[0]


def _by_labels(reader: Reader, text: str, kind: str) -> Found:
    """Go through all labels, shortest first, findings last."""
    words = text.lower().split()
    if not words:
        return Found([], {})
    conditions = " && ".join(
        f"CONTAINS(LCASE(STR(?label)), {text_literal(word)})" for word in words
    )
    rows = reader.rows(
        f"""SELECT ?s (MIN(STRLEN(STR(?label))) AS ?length) (MAX(?isFinding) AS ?last) WHERE {{
          ?s rdfs:label ?label .
          FILTER(STRSTARTS(STR(?s), {text_literal(BASE + kind)}) && {conditions})
          BIND(IF(STRSTARTS(STR(?s), {text_literal(BASE + "finding/")}), 1, 0) AS ?isFinding)
        }} GROUP BY ?s ORDER BY ?last ?length ?s LIMIT {LIMIT}"""
    )
    iris = [row["s"] for row in rows if not kind or kind_of(row["s"]) == kind]
    return Found(iris, dict(Counter(map(kind_of, iris))))
