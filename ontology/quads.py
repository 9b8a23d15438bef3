"""Emitting quads: small helpers over pyoxigraph's terms, no knowledge of what they say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyoxigraph as ox

from crisisgov.ontology import terms
from crisisgov.ontology.dates import Bounds

_INTEGER = ox.NamedNode(terms.XSD + "integer")
_DECIMAL = ox.NamedNode(terms.XSD + "decimal")
_BOOLEAN = ox.NamedNode(terms.XSD + "boolean")
_DATE_TIME = ox.NamedNode(terms.XSD + "dateTime")
_EDTF = ox.NamedNode(terms.EDTF)
_TYPE = ox.NamedNode(terms.RDF_TYPE)


def cg(name: str) -> ox.NamedNode:
    """Return a term of the vocabulary."""
    return ox.NamedNode(terms.CG + name)


class Subject:
    """One node in one graph, to which statements are added."""

    def __init__(self, quads: list[ox.Quad], iri: str, graph: ox.NamedNode) -> None:
        self._quads = quads
        self._graph = graph
        self.node = ox.NamedNode(iri)

    def add(self, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        """State predicate and value of this node."""
        self._quads.append(ox.Quad(self.node, predicate, value, self._graph))

    def type(self, *names: str) -> None:
        """State classes of the vocabulary."""
        for name in names:
            self.add(_TYPE, cg(name))

    def type_iri(self, iri: str) -> None:
        """State a class of another vocabulary."""
        self.add(_TYPE, ox.NamedNode(iri))

    def link(self, name: str, iris: str | Iterable[str] | None) -> None:
        """State a relation of the vocabulary to one or more IRIs; None and empty state nothing."""
        for iri in [iris] if isinstance(iris, str) else (iris or ()):
            self.add(cg(name), ox.NamedNode(iri))

    def text(self, name: str, texts: str | Iterable[str] | None) -> None:
        """State plain text."""
        for text in [texts] if isinstance(texts, str) else (texts or ()):
            self.add(cg(name), ox.Literal(text))

    def integer(self, name: str, number: int | None) -> None:
        """State an integer."""
        if number is not None:
            self.add(cg(name), ox.Literal(str(number), datatype=_INTEGER))

    def decimal(self, name: str, number: float | Decimal | None) -> None:
        """State a decimal number, without binary noise (27.0 becomes 27)."""
        if number is not None:
            text = f"{Decimal(str(number)).normalize():f}"
            self.add(cg(name), ox.Literal(text, datatype=_DECIMAL))

    def boolean(self, name: str, value: bool | None) -> None:
        """State true or false."""
        if value is not None:
            self.add(cg(name), ox.Literal(str(value).lower(), datatype=_BOOLEAN))

    def labels(self, label: dict[str, str], *, concept: bool = False) -> None:
        """State the label in each language; for a concept the preferred label, too."""
        predicates = [terms.RDFS + "label", *([terms.SKOS + "prefLabel"] if concept else [])]
        for predicate in predicates:
            for language, text in label.items():
                self.add(ox.NamedNode(predicate), ox.Literal(text, language=language))

    def foreign(self, iri: str, value: ox.NamedNode | ox.Literal) -> None:
        """State a property of another vocabulary."""
        self.add(ox.NamedNode(iri), value)

    def edtf(self, name: str, text: str | None) -> None:
        """State a date string as it was written."""
        if text is not None:
            self.add(cg(name), ox.Literal(text, datatype=_EDTF))

    def bounds(self, first: str, last: str, bounds: Bounds, *, epoch: bool = True) -> None:
        """State the first and last second possible, as dateTime and as seconds since 1970.

        An open side states nothing: no number stands for "at any time".
        """
        if not bounds.open_past:
            self.moment(first, bounds.earliest_epoch, epoch=epoch)
        if not bounds.open_future:
            self.moment(last, bounds.latest_epoch, epoch=epoch)

    def moment(self, name: str, seconds: int, *, epoch: bool = True) -> None:
        """State one second, as dateTime in UTC and as seconds since 1970."""
        self.add(cg(name), ox.Literal(iso(seconds), datatype=_DATE_TIME))
        if epoch:
            self.integer(name + "Epoch", seconds)


def iso(seconds: int) -> str:
    """Return seconds since 1970 as an ISO 8601 moment in UTC."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


class QuadWriter:
    """Collects the quads of a build; every statement goes to exactly one named graph."""

    def __init__(self) -> None:
        self.quads: list[ox.Quad] = []

    def subject(self, iri: str, graph: str) -> Subject:
        """Return a node to which statements are added in that graph."""
        return Subject(self.quads, iri, ox.NamedNode(graph))
