"""The catalogue of questions, read from the ``.rq`` files of this folder.

A file is a SPARQL query that runs as it is in any tool, with a YAML header in
lines that begin with ``#+``. Its parameters are ``VALUES`` lines with the default
in them; asking with another value replaces what stands between the braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import pyoxigraph as ox
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crisisgov.errors import CrisisgovError, InputError
from crisisgov.ontology import terms
from crisisgov.ontology.quads import QuadWriter

Kind = Literal["iri", "text", "number", "date"]


DENOMINATORS = ("evaluated", "notEvaluable", "noData")
"""Columns that say, of each bearer compared, out of how many its row was drawn."""


class Parameter(BaseModel):
    """A value that the asker may choose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Literal["iri", "integer", "text"]
    of: str | None = None
    """For an iri: the kind of entity, so that its id alone can be given."""
    default: str | None = None
    """None: not restricted."""
    summary: str
    choices_query: str | None = None


class Column(BaseModel):
    """A column of the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind
    summary: str
    wide: bool = False
    """Too wide for a table on a terminal; csv and json have it."""

    @property
    def in_tables(self) -> bool:
        """Whether people read it in a table: IRIs are for machines and links."""
        return self.kind != "iri" and not self.wide


class Question(BaseModel):
    """A question with its query."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    summary: str
    asks: str
    """Who asks it."""
    description: str
    parameters: list[Parameter] = []
    columns: Annotated[list[Column], Field(min_length=1)]
    blocks: str | None = None
    """Column by which rows are told apart and counted."""
    compares: str | None = None
    """Column of the bearers that are compared; then :data:`DENOMINATORS` stand beside each."""
    tags: list[str] = []
    sparql: str
    note_query: str | None = None
    """A query with one row that is printed above the answer."""

    def bind(self, values: Mapping[str, str]) -> str:
        """Return the query with the given parameters; others keep their default.

        :raises InputError: naming a parameter that there is not, or a value that does not fit
        """
        return self._bound(self.sparql, values)

    def bind_note(self, values: Mapping[str, str]) -> str | None:
        """Return the query of the note with those of the parameters that it has."""
        return None if self.note_query is None else self._bound(self.note_query, values)

    def _bound(self, text: str, values: Mapping[str, str]) -> str:
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, value in values.items():
            if name not in known:
                there = ", ".join(known) or "none"
                raise InputError(f"{self.id}: no parameter is called {name!r}; there are: {there}")
            term = _term(self.id, known[name], value)
            text = _with_value(text, name, term)
        return text


def _with_value(text: str, name: str, term: str) -> str:
    """Return a query with a term in every VALUES line of a parameter; a subquery has its own."""
    return _values_line(name).sub(lambda match: f"{match[1]}{term}{match[2]}", text)


def _values_line(name: str) -> re.Pattern[str]:
    return re.compile(rf"^(\s*VALUES \?{re.escape(name)} \{{ ).*?( \}}[^\n]*)$", re.MULTILINE)


def _term(question: str, parameter: Parameter, value: str) -> str:
    """Return a value as a SPARQL term, safe to stand in a query."""
    name = f"{question}: parameter {parameter.name}"
    value = value.strip()
    if value == "":
        return "UNDEF"
    if parameter.kind == "integer":
        if not re.fullmatch(r"[0-9]{1,12}", value, re.ASCII):
            raise InputError(f"{name}: {value!r} is not a whole number")
        return value
    if parameter.kind == "text":
        return str(ox.Literal(value))
    if parameter.of is not None and "://" not in value:
        value = terms.entity(parameter.of, value)
    try:
        node = ox.NamedNode(value)
    except ValueError as error:
        raise InputError(f"{name}: {value!r} is neither an id nor an IRI") from error
    # pyoxigraph lets some characters through that end an IRI in a query
    if re.search(r"[\x00-\x20<>\"{}|^`\\]", node.value):
        raise InputError(f"{name}: {value!r} holds characters that no IRI has")
    return str(node)


class Catalogue(dict[str, Question]):
    """Question id -> question, in order of their ids; the headline question first."""

    def get_question(self, name: str) -> Question:
        """Return a question.

        :raises InputError: naming the questions that there are
        """
        if name not in self:
            raise InputError(f"no question is called {name!r}; there are: {', '.join(self)}")
        return self[name]


HEADLINE = "delayed-disclosure"
_NOTE = ".note.rq"


def load(folder: Path | None = None) -> Catalogue:
    """Return the questions of a folder (by default those of the package).

    :raises CrisisgovError: for a file without a correct header, naming file and field
    """
    home = folder or Path(str(files("crisisgov") / "queries"))
    found = {}
    for path in sorted(home.glob("*.rq")):
        if not path.name.endswith(_NOTE):
            question = read(path)
            found[question.id] = question
    if not found:
        raise CrisisgovError(f"{home} holds no questions")
    first = [found.pop(HEADLINE)] if HEADLINE in found else []
    return Catalogue((q.id, q) for q in [*first, *found.values()])


def read(path: Path) -> Question:
    """Return the question of one file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = "\n".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#+"))
    sparql = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
    try:
        data: Any = yaml.safe_load(header)
        note = path.with_name(path.stem + _NOTE)
        note_query = note.read_text(encoding="utf-8") if note.exists() else None
        question = Question(id=path.stem, sparql=sparql, note_query=note_query, **(data or {}))
    except yaml.YAMLError as error:
        raise CrisisgovError(f"{path.name}: the header is not YAML: {error}") from error
    except (ValidationError, TypeError) as error:
        raise CrisisgovError(f"{path.name}: header: {error}") from error
    names = [column.name for column in question.columns]
    wanted = [] if question.compares is None else [question.compares, *DENOMINATORS]
    missing = [name for name in wanted if name not in names]
    if missing:
        raise CrisisgovError(
            f"{path.name}: header: it compares {question.compares} and has no column "
            f"{', '.join(missing)}; who is compared needs denominators"
        )
    for parameter in question.parameters:
        if _values_line(parameter.name).search(sparql) is None:
            raise CrisisgovError(
                f"{path.name}: parameter {parameter.name} has no line "
                f"VALUES ?{parameter.name} {{ ... }}"
            )
    return question


def quads() -> list[ox.Quad]:
    """Return the questions as SHACL SPARQL executables, so that they can be queried, too.

    Source of the terms: SHACL Advanced Features (``sh:SPARQLSelectExecutable`` as used
    by the SIB's collection of SPARQL examples).
    """
    return list(_quads(load()))


def _quads(catalogue: Catalogue) -> Iterator[ox.Quad]:
    shacl = "http://www.w3.org/ns/shacl#"
    out = QuadWriter()
    for question in catalogue.values():
        node = out.subject(terms.entity("question", question.id), terms.graph("questions"))
        node.type_iri(shacl + "SPARQLExecutable")
        node.type_iri(shacl + "SPARQLSelectExecutable")
        node.labels({"en": question.summary})
        node.foreign(terms.RDFS + "comment", ox.Literal(question.description, language="en"))
        node.foreign(shacl + "select", ox.Literal(question.sparql))
        for tag in question.tags:
            node.foreign(terms.SCHEMA + "keywords", ox.Literal(tag))
    yield from out.quads
