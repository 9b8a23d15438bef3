"""The formats in which results are written, in the order in which they are preferred.

Media types are the registered ones of SPARQL 1.1 and RDF 1.1; aliases are what
clients send for them in ``?format=`` and ``Accept``.
"""

from __future__ import annotations

from dataclasses import dataclass

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"

TURTLE = "text/turtle"
NTRIPLES = "application/n-triples"
JSONLD = "application/ld+json"
RDFXML = "application/rdf+xml"

HTML = "text/html"

SOLUTIONS: tuple[str, ...] = (JSON, XML, CSV, TSV)
GRAPHS: tuple[str, ...] = (TURTLE, NTRIPLES, JSONLD, RDFXML)

# IRIs of the formats in the W3C registry, for the service description.
FORMAT_IRIS: dict[str, str] = {
    JSON: "http://www.w3.org/ns/formats/SPARQL_Results_JSON",
    XML: "http://www.w3.org/ns/formats/SPARQL_Results_XML",
    CSV: "http://www.w3.org/ns/formats/SPARQL_Results_CSV",
    TSV: "http://www.w3.org/ns/formats/SPARQL_Results_TSV",
    TURTLE: "http://www.w3.org/ns/formats/Turtle",
    NTRIPLES: "http://www.w3.org/ns/formats/N-Triples",
    JSONLD: "http://www.w3.org/ns/formats/JSON-LD",
    RDFXML: "http://www.w3.org/ns/formats/RDF_XML",
}

FILE_SUFFIXES: dict[str, str] = {
    JSON: "srj",
    XML: "srx",
    CSV: "csv",
    TSV: "tsv",
    TURTLE: "ttl",
    NTRIPLES: "nt",
    JSONLD: "jsonld",
    RDFXML: "rdf",
}


@dataclass(frozen=True)
class ResultFormats:
    """Media types that the asker takes, best first, for each kind of result.

    ``solutions`` is for SELECT and ASK, ``graphs`` for CONSTRUCT and DESCRIBE;
    which of them counts is only known once a worker has parsed the query. An
    empty tuple means: no result of this kind is acceptable.
    """

    solutions: tuple[str, ...] = (JSON,)
    graphs: tuple[str, ...] = (TURTLE,)


DEFAULT_FORMATS = ResultFormats()
"""JSON and Turtle."""


def with_charset(media_type: str) -> str:
    """``media_type`` as a Content-Type header; text types name their encoding."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
