"""N-Quads as text: terms written directly, because millions of term objects are slow."""

from __future__ import annotations

import re

from crisisgov.ontology import terms

# C0 controls but for tab, line feed and return say nothing, and no XML result can hold them
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

TYPE = f" <{terms.RDF_TYPE}> "
LABEL = f" <{terms.RDFS}label> "
_INTEGER = f'"^^<{terms.XSD}integer>'
_DATE_TIME = f'"^^<{terms.XSD}dateTime>'
_EDTF = f'"^^<{terms.EDTF}>'
TRUE = f'"true"^^<{terms.XSD}boolean>'


def predicate(name: str) -> str:
    """Return a property of the vocabulary, ready to stand between two terms."""
    return f" <{terms.CG}{name}> "


def cls(name: str) -> str:
    """Return a class of the vocabulary."""
    return f"<{terms.CG}{name}>"


def iri(kind: str, name: str) -> str:
    """Return the IRI of an entity whose id holds only characters that need no escape."""
    return f"<{terms.BASE}{kind}/{name}>"


def entity(kind: str, name: str) -> str:
    """Return the IRI of an entity; unsafe characters of its id are escaped."""
    return f"<{terms.entity(kind, name)}>"


def concept(scheme: str, name: str) -> str:
    """Return the IRI of a concept."""
    return f"<{terms.concept(scheme, name)}>"


def tail(graph: str) -> str:
    """Return the end of a line in a named graph."""
    return f" <{graph}> .\n"


def _escape(text: str) -> str:
    if _CONTROLS.search(text):
        text = _CONTROLS.sub(" ", text)
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("\n", "\\n").replace("\r", "\\r")


def plain(text: str) -> str:
    """Return a literal without language or datatype."""
    return f'"{_escape(text)}"'


def lang(text: str, language: str) -> str:
    """Return a literal in a language."""
    return f'"{_escape(text)}"@{language}'


def integer(number: int) -> str:
    """Return a whole number."""
    return f'"{number}{_INTEGER}'


def moment(written: str) -> str:
    """Return a moment that is written in ISO 8601 with its zone."""
    return f'"{written}{_DATE_TIME}'


def edtf(written: str) -> str:
    """Return a date string."""
    return f'"{written}{_EDTF}'


def decimal(number: float) -> str:
    """Return a decimal number, without binary noise."""
    return f'"{number:g}"^^<{terms.XSD}decimal>'
