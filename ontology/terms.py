"""IRIs of the graph: the vocabulary, the entities, the named graphs.

Entities: ``https://w3id.org/crisisgov/KIND/ID``; vocabulary:
``https://w3id.org/crisisgov/ontology#``; named graphs: ``.../graph/NAME``.
"""

from __future__ import annotations

from urllib.parse import quote

BASE = "https://w3id.org/crisisgov/"
CG = BASE + "ontology#"

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMA = "http://schema.org/"
PROV = "http://www.w3.org/ns/prov#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
WIKIDATA = "http://www.wikidata.org/entity/"
GEONAMES = "https://sws.geonames.org/"

PREFIXES = {
    "cg": CG,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": RDFS,
    "owl": OWL,
    "skos": SKOS,
    "xsd": XSD,
    "dcterms": DCTERMS,
    "schema": SCHEMA,
    "prov": PROV,
}
"""Prefixes that queries and pages may use without declaring them elsewhere."""


def entity(kind: str, name: str) -> str:
    """Return the IRI of the entity of that kind with that id; unsafe characters are escaped."""
    return f"{BASE}{kind}/{quote(name, safe='/.:~')}"


def concept(scheme: str, name: str) -> str:
    """Return the IRI of a concept of a scheme."""
    return f"{BASE}concept/{scheme}/{name}"


def graph(name: str) -> str:
    """Return the IRI of a named graph."""
    return f"{BASE}graph/{name}"


VOCAB_GRAPH = graph("vocab")
CONCEPTS_GRAPH = graph("concepts")
COMPUTED_GRAPH = graph("findings/computed")
ASSERTED_GRAPH = graph("findings/asserted")
META_GRAPH = graph("meta")


def inferred_graph(source: str) -> str:
    """Return the IRI of the graph of what follows from the statements of one source."""
    return graph(f"inferred/{source}")


def class_name(kind: str) -> str:
    """Return the class for a kind as records write it: ``party-organ`` -> ``PartyOrgan``."""
    return "".join(word.capitalize() for word in kind.split("-"))


def prefixed(iri: str) -> str:
    """Return an IRI as ``prefix:name``, whole where no prefix gives a single name."""
    for prefix, namespace in PREFIXES.items():
        rest = iri.removeprefix(namespace)
        if rest != iri and rest and "/" not in rest and "#" not in rest:
            return f"{prefix}:{rest}"
    return iri


def prefix_lines(names: tuple[str, ...] = tuple(PREFIXES)) -> str:
    """Return PREFIX declarations for the given prefixes."""
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in names)
