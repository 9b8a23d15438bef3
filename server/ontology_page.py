"""``/ontology``: every term of the vocabulary with its meaning, or the vocabulary as RDF."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pyoxigraph
from flask import Blueprint, Response, abort, render_template

from crisisgov.ontology.terms import CG
from crisisgov.server.engine import formats
from crisisgov.server.engine.formats import HTML
from crisisgov.server.entity_views.links import Linker
from crisisgov.server.entity_views.reader import Reader, Row
from crisisgov.server.site import SUFFIXES, chosen_format, unchanged, with_validators

blueprint = Blueprint("ontology", __name__)

_KINDS = (
    ("Class", "Classes"),
    ("ObjectProperty", "Relations between things"),
    ("DatatypeProperty", "Properties with values"),
    ("AnnotationProperty", "Annotations"),
)
_WRITERS = {
    formats.NTRIPLES: pyoxigraph.RdfFormat.N_TRIPLES,
    formats.JSONLD: pyoxigraph.RdfFormat.JSON_LD,
    formats.RDFXML: pyoxigraph.RdfFormat.RDF_XML,
}


@blueprint.get("/ontology")
@blueprint.get("/ontology.<suffix>")
def ontology(suffix: str = "") -> Response:
    """Answer with the vocabulary in the format asked for."""
    if suffix and suffix not in SUFFIXES:
        abort(404, description=f"The suffixes are {', '.join(SUFFIXES)}.")
    media_type = chosen_format(SUFFIXES.get(suffix, ""))
    same = unchanged(media_type)
    if same is not None:
        return same
    if media_type == HTML:
        body: str | bytes = _page()
    else:
        body = _rdf(media_type)
    content_type = formats.with_charset(media_type)
    return with_validators(Response(body, content_type=content_type), media_type)


@cache
def _rdf(media_type: str) -> bytes:
    turtle = (files("crisisgov.ontology") / "crisisgov.ttl").read_bytes()
    if media_type == formats.TURTLE:
        return turtle
    triples = [quad.triple for quad in pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE)]
    prefixes = {"cg": CG, "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
    written = pyoxigraph.serialize(
        triples,
        format=_WRITERS[media_type],
        prefixes=prefixes if media_type == formats.RDFXML else None,
    )
    assert written is not None
    return written


def _page() -> str:
    reader = Reader()
    terms: dict[str, Row] = {}
    for row in reader.rows(
        f"""SELECT * WHERE {{ VALUES ?kind {{ {" ".join(f"owl:{kind}" for kind, _ in _KINDS)} }}
          ?term a ?kind . FILTER(STRSTARTS(STR(?term), "{CG}"))
          OPTIONAL {{ ?term skos:definition ?definition FILTER(LANG(?definition) = "en") }}
          OPTIONAL {{ ?term skos:example ?example FILTER(LANG(?example) = "en") }}
          OPTIONAL {{ ?term rdfs:subClassOf ?super FILTER(STRSTARTS(STR(?super), "{CG}")) }}
          OPTIONAL {{ ?term rdfs:range ?range }} }} ORDER BY ?term ?super"""
    ):
        terms.setdefault(row["term"], {**row, "id": row["term"][len(CG) :]})
    reader.fetch_names()
    linker = Linker(reader.names)
    groups = [
        (heading, [row for row in terms.values() if row["kind"].endswith(f"#{kind}")])
        for kind, heading in _KINDS
    ]
    return render_template(
        "ontology.html", groups=groups, name=linker.name, link=linker.link, total=len(terms)
    )
