"""Entity pages: every IRI under the base, at the same path of this site.

As HTML, Turtle, JSON-LD, N-Triples or RDF/XML, by the Accept header or by suffix.
The RDF of an entity is what is stated of it, of its citations and of its content
items, with the labels of what these link to; of a named graph it is the graph. Large
ones come in pages (:mod:`crisisgov.server.entity_rdf`).
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request

from crisisgov.ontology.terms import BASE
from crisisgov.server import entity_rdf, search
from crisisgov.server.engine.formats import HTML
from crisisgov.server.entity_views.described import VALUES_SHOWN, Entity, describe
from crisisgov.server.entity_views.kinds import VIEWS, Asked, context
from crisisgov.server.entity_views.links import Linker
from crisisgov.server.entity_views.reader import Reader, iri_of, node
from crisisgov.server.site import SUFFIXES, chosen_format, page_number, unchanged, with_validators

blueprint = Blueprint("entities", __name__)

# The vocabulary itself has a page of its own at /ontology.
RULE = "/<any({}):kind>".format(", ".join(f'"{kind}"' for kind in VIEWS if kind != "ontology"))


@blueprint.get(RULE, defaults={"name": ""})
@blueprint.get(f"{RULE}.<any({', '.join(SUFFIXES)}):suffix>", defaults={"name": ""})
@blueprint.get(f"{RULE}/<path:name>")
@blueprint.get("/ontology/<path:name>", defaults={"kind": "ontology"})
def entity(kind: str, name: str, suffix: str = "") -> Response:
    """Answer with an entity in the format asked for."""
    path, by_suffix = split_suffix(f"{kind}/{name}" if name else kind)
    media_type = chosen_format(SUFFIXES.get(suffix, by_suffix))
    iri = iri_of(path)
    same = unchanged(media_type)
    if same is not None:
        # The version is the same, so what was there is there still.
        return same
    if media_type == HTML:
        return _page(kind, iri)
    return entity_rdf.answer(kind, iri, media_type)


def split_suffix(path: str) -> tuple[str, str]:
    """Return the path without the suffix that names a format, and that format or ''."""
    for suffix, media_type in SUFFIXES.items():
        if path.endswith(f".{suffix}") and len(path) > len(suffix) + 1:
            return path[: -len(suffix) - 1], media_type
    return path, ""


def _page(kind: str, iri: str) -> Response:
    reader = Reader()
    found = describe(reader, iri)
    view = VIEWS[kind]
    if not found.statements and not (kind == "graph" and _graph_is_there(reader, iri)):
        return _unknown(kind, iri)
    asked = Asked(page_number(), request.args.get("verdict", ""))
    shown = context(view, reader, found, asked)
    return _html(view.template, 200, reader, found, {**shown, "view": view, "asked": asked})


def _graph_is_there(reader: Reader, iri: str) -> bool:
    return bool(reader.rows(f"SELECT ?s WHERE {{ GRAPH {node(iri)} {{ ?s ?p ?o }} }} LIMIT 1"))


def _unknown(kind: str, iri: str) -> Response:
    """Say that nothing is known, and offer what has a similar name."""
    reader = Reader()
    words = iri.rpartition("/")[2].replace("-", " ")
    similar = search.similar(reader, words)
    reader.fetch_names()
    missing = Entity(iri, {})
    shown = {"kind": kind, "words": words, "similar": similar}
    return _html("not_found.html", 404, reader, missing, shown)


def _html(
    template: str, status: int, reader: Reader, found: Entity, shown: Mapping[str, object]
) -> Response:
    linker = Linker(reader.names)
    body = render_template(
        template,
        entity=found,
        path=found.iri[len(BASE) :],
        link=linker.link,
        links=linker.links,
        name=linker.name,
        left_out=reader.left_out,
        values_shown=VALUES_SHOWN,
        **shown,
    )
    response = Response(body, status, mimetype=HTML)
    if reader.left_out:
        # Asked again, on a machine that has less to do, it may be whole.
        response.headers.update({"Vary": "Accept", "Cache-Control": "no-store"})
        return response
    return with_validators(response, HTML)
