"""The vocabulary files, and their triples as quads without blank nodes."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Graph, URIRef
from rdflib.compare import to_canonical_graph

from crisisgov.ontology import terms


def path(name: str) -> Path:
    """Return where a file of this folder lies."""
    return Path(str(files("crisisgov") / "ontology" / name))


def read(*names: str) -> Graph:
    """Return the triples of vocabulary files, as rdflib reads them."""
    graph = Graph()
    for name in names:
        graph.parse(path(name), format="turtle")
    return graph


def quads() -> list[ox.Quad]:
    """Return vocabulary and alignments as quads of the graph ``vocab``.

    Blank nodes (class expressions, lists) get IRIs under ``.well-known/genid/``,
    as RDF 1.1 section 3.5 provides, the same ones in every build: nothing that is
    served has a blank node.
    """
    graph = to_canonical_graph(read("crisisgov.ttl", "alignments.ttl"))
    skolem = Graph()
    for triple in graph:
        skolem.add(tuple(_named(term) for term in triple))  # type: ignore[arg-type]
    lines = skolem.serialize(format="nt").encode()
    home = ox.NamedNode(terms.VOCAB_GRAPH)
    return sorted(
        (
            ox.Quad(t.subject, t.predicate, t.object, home)
            for t in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
        ),
        key=str,
    )


def _named(term: object) -> object:
    if isinstance(term, BNode):
        return URIRef(f"{terms.BASE}.well-known/genid/{term}")
    return term
