"""Asking the graph for one page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph

from crisisgov.errors import InputError
from crisisgov.ontology.terms import BASE, CG, PREFIXES, RDF_TYPE, prefix_lines
from crisisgov.server.engine import formats
from crisisgov.server.engine.formats import ResultFormats
from crisisgov.server.services import services

Row = dict[str, str]
"""One solution: values by variable; a variable without a value is not in it."""

_PREFIXES = prefix_lines()
_JSON = ResultFormats((formats.JSON,), (formats.TURTLE,))
# Values of one VALUES clause: IRIs are about 100 bytes, a query has at most 64 kB.
_BATCH_BYTES = 40_000
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


@dataclass(frozen=True)
class Name:
    """The labels of an entity; empty where there is none in that language."""

    en: str = ""
    zh: str = ""


@dataclass(frozen=True)
class Value:
    """One object of a statement."""

    text: str
    is_iri: bool = False
    language: str = ""
    datatype: str = ""


class Reader:
    """Answers the queries of one page and remembers every entity that it met.

    So the names of all of them are fetched at the end, in one query.
    """

    def __init__(self) -> None:
        self._met: set[str] = set()
        self.names: dict[str, Name] = {}

    def bindings(self, query: str) -> list[dict[str, Value]]:
        """Return the solutions of ``query`` with the kind of each value.

        :raises QueryError: when the engine has no complete answer.
        """
        result = services().engine.run(
            _PREFIXES + query,
            accept=_JSON,
            deadline_s=services().settings.query_seconds,
            lane="pages",
        )
        rows = json.loads(result.read())["results"]["bindings"]
        found = [{name: _value(term) for name, term in row.items()} for row in rows]
        for row in found:
            self._met.update(v.text for v in row.values() if v.is_iri)
        return found

    def rows(self, query: str) -> list[Row]:
        """Return the solutions of ``query`` as plain text values."""
        return [{name: value.text for name, value in row.items()} for row in self.bindings(query)]

    def count(self, query: str) -> int:
        """Return the number that ``query`` selects as ``?n``."""
        rows = self.rows(query)
        return int(rows[0]["n"]) if rows else 0

    def meet(self, iris: Iterable[str]) -> None:
        """Remember entities that did not come from a query."""
        self._met.update(iris)

    def fetch_names(self) -> None:
        """Fetch the labels of all entities met so far."""
        wanted = sorted(iri for iri in self._met - self.names.keys() if iri.startswith(BASE))
        for batch in _batches(wanted):
            found: dict[str, dict[str, str]] = {}
            for row in self.bindings(
                "SELECT ?s ?label WHERE { ?s rdfs:label ?label "
                f"VALUES ?s {{ {' '.join(batch)} }} }}"
            ):
                labels = found.setdefault(row["s"].text, {})
                labels.setdefault(row["label"].language.split("-")[0], row["label"].text)
            for iri, labels in found.items():
                english = labels.get("en", "") or labels.get("", "")
                self.names[iri] = Name(english, labels.get("zh", ""))


@dataclass(frozen=True)
class Entity:
    """What the graph states of one IRI; names of our own vocabulary come without a prefix."""

    iri: str
    statements: dict[str, list[Value]]

    def many(self, name: str) -> list[str]:
        """Return the values of a property, in a fixed order."""
        return [value.text for value in self.statements.get(name, [])]

    def one(self, name: str) -> str:
        """Return the first value of a property, empty without any."""
        return next(iter(self.many(name)), "")

    def texts(self, name: str, language: str) -> list[str]:
        """Return the texts of a property in one language."""
        return [v.text for v in self.statements.get(name, []) if v.language == language]

    @property
    def label(self) -> Name:
        """The labels."""
        english = [*self.texts("rdfs:label", "en"), *self.texts("rdfs:label", "")]
        return Name("".join(english[:1]), "".join(self.texts("rdfs:label", "zh")[:1]))


# Inverse statements of which hubs have thousands: pages count and page them instead.
_LONG = ("judgedIn", "hasFinding", "hasCitation", "actedIn", "received")


def describe(reader: Reader, iri: str) -> Entity:
    """Return what is stated of ``iri``; without any statement it is unknown."""
    long = ", ".join(f"cg:{name}" for name in _LONG)
    rows = reader.bindings(f"SELECT ?p ?o WHERE {{ {node(iri)} ?p ?o FILTER(?p NOT IN ({long})) }}")
    statements: dict[str, list[Value]] = {}
    for row in rows:
        statements.setdefault(short(row["p"].text), []).append(row["o"])
    for values in statements.values():
        values.sort(key=lambda value: natural(value.text))
    return Entity(iri, statements)


def short(iri: str) -> str:
    """Return a property's name: without prefix when ours, ``prefix:name`` otherwise."""
    if iri.startswith(CG):
        return iri[len(CG) :]
    if iri == RDF_TYPE:
        return "type"
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def natural(text: str) -> tuple[str, int, str]:
    """Return a sort key by which ``.../10`` comes after ``.../9``."""
    head, _slash, tail = text.rpartition("/")
    return (head, int(tail), "") if tail.isascii() and tail.isdigit() else (head, -1, tail)


def iri_of(path: str) -> str:
    """Return the IRI under the base for the decoded path of a URL.

    Quoted in the way in which the build quotes ids, so nothing in it can end an
    IRI in a query.
    """
    return BASE + quote(path, safe="/.:~")


def node(iri: str) -> str:
    """Return ``iri`` as it is written in a query.

    :raises InputError: when it is not an absolute IRI.
    """
    try:
        named = pyoxigraph.NamedNode(iri)
    except ValueError as error:
        raise InputError(f"“{iri}” is not an absolute IRI") from error
    # pyoxigraph lets some characters through that end an IRI in a query.
    if _NO_IRI.search(named.value):
        raise InputError(f"“{iri}” holds characters that no IRI has")
    return str(named)


def text_literal(text: str) -> str:
    """Return ``text`` as a string literal of a query, escaped."""
    return str(pyoxigraph.Literal(text))


def tail(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]


def _batches(iris: Sequence[str]) -> Iterable[list[str]]:
    batch: list[str] = []
    size = 0
    for iri in iris:
        written = node(iri)
        if size + len(written) > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(written)
        size += len(written) + 1
    if batch:
        yield batch


def _value(term: dict[str, str]) -> Value:
    return Value(
        term["value"] if isinstance(term["value"], str) else json.dumps(term["value"]),
        term["type"] == "uri",
        term.get("xml:lang", ""),
        term.get("datatype", ""),
    )
