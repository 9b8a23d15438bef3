"""Asking the graph for one page."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

import pyoxigraph

from crisisgov.errors import InputError
from crisisgov.ontology.terms import BASE, CG, PREFIXES, RDF_TYPE, prefix_lines
from crisisgov.server.engine import formats
from crisisgov.server.engine.errors import QueryDeadline, QueryMemory, ResultTooLarge
from crisisgov.server.engine.formats import ResultFormats
from crisisgov.server.services import services

Row = dict[str, str]
"""One solution: values by variable; a variable without a value is not in it."""

T = TypeVar("T")

LIST_SECONDS = 10.0
"""Longest time that a query for one of the lists of a page may take."""
_LEAST_SECONDS = 0.2  # what the last lists of a page still get

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

    So the names of all of them are fetched at the end, in one query. ``left_out``
    holds, by name, the lists that were too dear to make, each with the query that was.
    """

    def __init__(self) -> None:
        self._met: set[str] = set()
        self._until = time.monotonic() + services().settings.query_seconds
        self._in_list = False
        self._asked = ""
        self.names: dict[str, Name] = {}
        self.left_out: dict[str, str] = {}

    def listed(self, name: str, make: Callable[[], T]) -> T | None:
        """Return what ``make`` returns, None when that is too dear to find out.

        Then ``left_out`` says so; the page is answered without this list. Queries of a
        list get at most ``LIST_SECONDS`` each, and all lists together as long as one query.
        """
        self._in_list = True
        try:
            return make()
        except (QueryDeadline, QueryMemory, ResultTooLarge):
            self.left_out[name] = self._asked
            return None
        finally:
            self._in_list = False

    def table(self, name: str, query: str) -> list[Row]:
        """Return the rows of a list that is one query, none when that is too dear."""
        return self.listed(name, lambda: self.rows(query)) or []

    def column(self, name: str, query: str) -> list[str]:
        """Return the values of the one variable of such a list."""
        return [value for row in self.table(name, query) for value in row.values()]

    def bindings(self, query: str) -> list[dict[str, Value]]:
        """Return the solutions of ``query`` with the kind of each value.

        :raises QueryError: when the engine has no complete answer.
        """
        self._asked = with_prefixes(query)
        result = services().engine.run(
            self._asked, accept=_JSON, deadline_s=self._seconds(), lane="pages"
        )
        rows = json.loads(result.read())["results"]["bindings"]
        found = [{name: _value(term) for name, term in row.items()} for row in rows]
        for row in found:
            self._met.update(v.text for v in row.values() if v.is_iri)
        return found

    def _seconds(self) -> float:
        """Return how long the next query may take."""
        seconds = services().settings.query_seconds
        if self._in_list:
            return max(_LEAST_SECONDS, min(seconds, LIST_SECONDS, self._until - time.monotonic()))
        return seconds

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
        for batch in batches(wanted):
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


def with_prefixes(query: str) -> str:
    """Return ``query`` as one that can be sent anywhere."""
    return _PREFIXES + query


def tail(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]


def batches(iris: Sequence[str]) -> Iterable[list[str]]:
    """Yield ``iris`` as they are written in a query, as many at a time as one can hold."""
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
