"""What the endpoint is and can, in RDF (SPARQL 1.1 Service Description)."""

from __future__ import annotations

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from crisisgov.ontology.terms import PREFIXES
from crisisgov.server.engine import formats
from crisisgov.server.settings import Settings

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_WRITERS = {
    formats.TURTLE: pyoxigraph.RdfFormat.TURTLE,
    formats.NTRIPLES: pyoxigraph.RdfFormat.N_TRIPLES,
    formats.JSONLD: pyoxigraph.RdfFormat.JSON_LD,
    formats.RDFXML: pyoxigraph.RdfFormat.RDF_XML,
}


def describe(settings: Settings, version: str | None, media_type: str) -> bytes:
    """Return the service description as one of :data:`crisisgov.server.engine.formats.GRAPHS`.

    ``version`` is the version being served, if one is open.
    """
    service = NamedNode(settings.endpoint_url)
    dataset = NamedNode(f"{settings.endpoint_url}#dataset")
    graph = NamedNode(f"{settings.endpoint_url}#default-graph")
    triples = [
        Triple(service, _TYPE, _sd("Service")),
        Triple(service, _sd("endpoint"), service),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, _TYPE, _sd("Dataset")),
        Triple(dataset, _TYPE, NamedNode(_VOID + "Dataset")),
        Triple(dataset, NamedNode(_VOID + "sparqlEndpoint"), service),
        Triple(dataset, _sd("defaultGraph"), graph),
        Triple(graph, _TYPE, _sd("Graph")),
    ]
    if settings.scratch or settings.write_token:
        triples.append(Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update")))
    if not settings.scratch:
        # The default graph is the union of all named ones.
        triples.append(Triple(service, _sd("feature"), _sd("UnionDefaultGraph")))
    for name in (*formats.SOLUTIONS, *formats.GRAPHS):
        triples.append(Triple(service, _sd("resultFormat"), NamedNode(formats.FORMAT_IRIS[name])))
    if version is not None:
        triples.append(
            Triple(dataset, NamedNode(PREFIXES["owl"] + "versionInfo"), Literal(version))
        )
    prefixes = {**PREFIXES, "sd": _SD, "void": _VOID}
    used = prefixes if media_type in (formats.TURTLE, formats.RDFXML) else None
    written = pyoxigraph.serialize(triples, format=_WRITERS[media_type], prefixes=used)
    assert written is not None
    return written


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
