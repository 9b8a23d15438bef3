"""``/questions``: the catalogued questions, and each with its answer as a page or as data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request
from markupsafe import Markup, escape

from crisisgov.errors import CrisisgovError, InputError
from crisisgov.ontology.terms import BASE, entity
from crisisgov.queries import catalogue as question_files
from crisisgov.queries.catalogue import Catalogue, Column, Parameter, Question
from crisisgov.server.engine import formats
from crisisgov.server.engine.api import QueryResult
from crisisgov.server.engine.formats import HTML, ResultFormats
from crisisgov.server.entity_views.links import Linker, href, root
from crisisgov.server.entity_views.reader import Reader, Row, text_literal
from crisisgov.server.negotiation import Accept, result_formats
from crisisgov.server.services import services
from crisisgov.server.site import unchanged, with_validators

blueprint = Blueprint("questions", __name__)

ROWS_SHOWN = 1000
_CHOICES = 400
_FORMAT_NAMES = ("format", "output", "results")
_NO_GRAPHS: tuple[str, ...] = (formats.TURTLE,)


@cache
def _packaged() -> Catalogue:
    return question_files.load()


def questions() -> Catalogue:
    """Return the catalogue of this application."""
    return services().catalogue or _packaged()


@dataclass(frozen=True)
class Field:
    """A parameter in the form: its value now, and what may be chosen, if that is known."""

    parameter: Parameter
    value: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class Block:
    """Rows that belong together; ``name`` is empty where a question has no blocks."""

    name: str
    anchor: str
    rows: list[list[Markup]]


@blueprint.get("/questions")
def listing() -> Response:
    """Show all questions."""
    same = unchanged(HTML)
    if same is not None:
        return same
    body = render_template("questions.html", questions=list(questions().values()))
    return with_validators(Response(body, mimetype=HTML), HTML)


@blueprint.get("/questions/<name>")
def question(name: str) -> Response:
    """Answer one question, with the parameters in the URL."""
    if name not in questions():
        there = ", ".join(questions())
        abort(404, description=f"No question is called “{name}”. There are: {there}.")
    asked = questions()[name]
    names = [value for key in _FORMAT_NAMES for value in request.args.getlist(key)]
    accept = Accept.parse(request.headers.get("Accept", ""))
    wanted, as_page = result_formats(accept, names)
    media_type = HTML if as_page else (wanted.solutions or (formats.JSON,))[0]
    same = unchanged(media_type)
    if same is not None:
        return same
    values = _values()
    if as_page:
        return _page(asked, values)
    result = _run(asked.bind(values), ResultFormats(wanted.solutions, _NO_GRAPHS))
    suffix = formats.FILE_SUFFIXES[result.media_type]
    return with_validators(
        Response(
            () if request.method == "HEAD" else result.chunks(),
            headers={
                "Content-Type": formats.with_charset(result.media_type),
                "Content-Length": str(result.size),
                "Content-Disposition": f'inline; filename="{asked.id}.{suffix}"',
            },
        ),
        media_type,
    )


def _values() -> dict[str, str]:
    """Return the parameters in the URL; a field left empty keeps its default."""
    return {
        key: value
        for key, value in request.args.items()
        if key not in _FORMAT_NAMES and value.strip()
    }


def _run(query: str, accept: ResultFormats) -> QueryResult:
    return services().engine.run(
        query, accept=accept, deadline_s=services().settings.query_seconds, lane="pages"
    )


def _page(asked: Question, values: Mapping[str, str]) -> Response:
    reader = Reader()
    error: CrisisgovError | None = None
    blocks: list[Block] = []
    columns: list[Column] = []
    note: list[tuple[str, str, str]] = []
    query, total = asked.sparql, 0
    try:
        query = asked.bind(values)
        note = _note(asked.bind_note(values))
        columns, blocks, total = _answer(reader, asked, query)
    except InputError as wrong:
        error = wrong
    body = render_template(
        "question.html",
        question=asked,
        fields=[_field(reader, one, values) for one in asked.parameters],
        note=note,
        columns=columns,
        blocks=blocks,
        total=total,
        rows_shown=ROWS_SHOWN,
        query=query,
        error=error,
        words=_words,
        url_query=lambda name: _url(asked, values, name),
    )
    return with_validators(Response(body, error.status if error else 200, mimetype=HTML), HTML)


def _answer(
    reader: Reader, asked: Question, query: str
) -> tuple[list[Column], list[Block], int]:
    """Return the columns that the page shows, the rows by block, and how many rows there are."""
    result = _run(query, ResultFormats((formats.JSON,), _NO_GRAPHS))
    bindings = json.loads(result.read())["results"]["bindings"]
    rows: list[Row] = [{k: term["value"] for k, term in row.items()} for row in bindings]
    shown = rows[:ROWS_SHOWN]
    names = {column.name for column in asked.columns}
    # A label stands in the cell of what it labels.
    columns = [
        column
        for column in asked.columns
        if column.name != asked.blocks
        and not (column.name.endswith("Label") and column.name.removesuffix("Label") in names)
    ]
    iris = [column.name for column in columns if column.kind == "iri"]
    reader.meet(row[name] for row in shown for name in iris if name in row)
    reader.fetch_names()
    linker = Linker(reader.names)
    grouped: dict[str, list[list[Markup]]] = {}
    for row in shown:
        block = row.get(asked.blocks, "") if asked.blocks else ""
        grouped.setdefault(block, []).append([_cell(linker, one, row) for one in columns])
    blocks = [
        Block(name, re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "answer", found)
        for name, found in grouped.items()
    ]
    return columns, blocks, len(rows)


def _cell(linker: Linker, column: Column, row: Row) -> Markup:
    value = row.get(column.name, "")
    label = row.get(f"{column.name}Label", "")
    if not value:
        return escape(label)
    if column.kind == "iri":
        if value.startswith(f"{BASE}finding/"):
            return Markup('<a href="{}">why</a>').format(href(value))
        if label and href(value):
            return Markup('<a href="{}">{}</a>').format(href(value), label)
        return linker.link(value)
    if column.name == "sources":
        return _sources(value.split())
    return escape(value)


def _sources(ids: list[str]) -> Markup:
    """Return ids of sources as links, folded away when there are many."""
    links = Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(href(entity("source", one)), one) for one in ids
    )
    if len(ids) <= 1:
        return links
    return Markup("<details><summary>{} sources</summary>{}</details>").format(len(ids), links)


def _note(query: str | None) -> list[tuple[str, str, str]]:
    """Return the one row of the note as (words, value, share of the first number)."""
    if query is None:
        return []
    result = _run(query, ResultFormats((formats.JSON,), _NO_GRAPHS))
    document = json.loads(result.read())
    row = next(iter(document["results"]["bindings"]), {})
    found = [(name, row[name]["value"]) for name in document["head"]["vars"] if name in row]
    whole = found[0][1] if found else ""
    return [(_words(name), value, _share(value, whole)) for name, value in found]


def _words(name: str) -> str:
    """Return a variable's name as words: ``withKnownKnowledge`` -> "with known knowledge"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def _url(asked: Question, values: Mapping[str, str], name: str) -> str:
    """Return the address of the same answer in another format."""
    query = urlencode({**values, "format": name})
    return f"{root()}/questions/{asked.id}?{query}"


def _share(value: str, whole: str) -> str:
    if value is whole or not (value.isdigit() and whole.isdigit()) or int(whole) == 0:
        return ""
    return f"{100 * int(value) / int(whole):.0f} %"


def _field(reader: Reader, parameter: Parameter, values: Mapping[str, str]) -> Field:
    value = values.get(parameter.name, parameter.default or "")
    if parameter.kind != "iri":
        return Field(parameter, value, [])
    choices = _choices(reader, parameter)
    if parameter.of is not None and value and "://" not in value:
        value = entity(parameter.of, value)
    known = {iri for iri, _label in choices}
    return Field(parameter, value, choices if not value or value in known else [])


def _choices(reader: Reader, parameter: Parameter) -> list[tuple[str, str]]:
    """Return (IRI, label) of what a parameter may be; nothing when there is too much of it."""
    if parameter.choices_query is not None:
        rows = reader.rows(parameter.choices_query)
        iris = [next(iter(row.values())) for row in rows]
    elif parameter.of is not None:
        start = text_literal(f"{BASE}{parameter.of}/")
        rows = reader.rows(
            f"""SELECT DISTINCT ?s WHERE {{ ?s rdfs:label ?label
              FILTER(STRSTARTS(STR(?s), {start})) }} LIMIT {_CHOICES + 1}"""
        )
        iris = [row["s"] for row in rows]
    else:
        return []
    if len(iris) > _CHOICES:
        return []
    reader.meet(iris)
    reader.fetch_names()
    linker = Linker(reader.names)
    return sorted(((iri, linker.text(iri)) for iri in iris), key=lambda pair: pair[1].lower())
