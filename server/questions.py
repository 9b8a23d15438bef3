"""``/questions``: the catalogued questions, and each with its answer as a page or as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request

from crisisgov.errors import CrisisgovError, InputError
from crisisgov.ontology.terms import BASE, entity
from crisisgov.queries import catalogue as question_files
from crisisgov.queries.catalogue import Catalogue, Column, Parameter, Question
from crisisgov.server.engine import formats
from crisisgov.server.engine.formats import HTML, ResultFormats
from crisisgov.server.entity_views.links import Linker, root
from crisisgov.server.entity_views.reader import Reader
from crisisgov.server.negotiation import Accept, result_formats
from crisisgov.server.question_answer import (
    NO_GRAPHS,
    ROWS_SHOWN,
    Block,
    answer_rows,
    common_columns,
    heading_of,
    laid_out,
    note_of,
    run,
    words_of,
)
from crisisgov.server.services import services
from crisisgov.server.site import unchanged, with_validators

blueprint = Blueprint("questions", __name__)

_CHOICES = 400
_FORMAT_NAMES = ("format", "output", "results")


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
    result = run(asked.bind(values), ResultFormats(wanted.solutions, NO_GRAPHS))
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


def _page(asked: Question, values: Mapping[str, str]) -> Response:
    reader = Reader()
    error: CrisisgovError | None = None
    blocks: list[Block] = []
    columns: list[Column] = []
    note: list[tuple[str, str, str]] = []
    common: list[tuple[Column, str]] = []
    query, total = asked.sparql, 0
    try:
        query = asked.bind(values)
        note = note_of(asked.bind_note(values))
        rows = answer_rows(query)
        total = len(rows)
        columns, blocks = laid_out(reader, asked, rows)
        common = [(column, rows[0][column.name]) for column in common_columns(asked, rows)]
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
        words=words_of,
        heading=lambda column: heading_of(asked, column),
        common=common,
        url_query=lambda name: _url(asked, values, name),
    )
    return with_validators(Response(body, error.status if error else 200, mimetype=HTML), HTML)


def _url(asked: Question, values: Mapping[str, str], name: str) -> str:
    """Return the address of the same answer in another format."""
    query = urlencode({**values, "format": name})
    return f"{root()}/questions/{asked.id}?{query}"


def _field(reader: Reader, parameter: Parameter, values: Mapping[str, str]) -> Field:
    value = values.get(parameter.name, parameter.default or "")
    if parameter.kind != "iri":
        return Field(parameter, value, [])
    choices = _choices(reader, parameter)
    if parameter.of is not None and value and "://" not in value:
        value = entity(parameter.of, value)
    known = {iri for iri, _label in choices}
    return Field(parameter, value, choices if not value or value in known else [])


def _members(kind: str) -> str:
    """Return the pattern that binds ?s to the entities of a kind: ``crisis``, ``concept/topic``."""
    if kind.startswith("concept/"):
        return f"?s skos:inScheme <{BASE}{kind}>"
    # The class has the name of the kind. To go through the names of everything takes a second.
    return f"?s a cg:{kind.capitalize()}"


def _choices(reader: Reader, parameter: Parameter) -> list[tuple[str, str]]:
    """Return (IRI, label) of what a parameter may be; nothing when there is too much of it."""
    if parameter.choices_query is not None:
        rows = reader.rows(parameter.choices_query)
        iris = [next(iter(row.values())) for row in rows]
    elif parameter.of is not None:
        rows = reader.rows(
            f"SELECT DISTINCT ?s WHERE {{ {_members(parameter.of)} }} LIMIT {_CHOICES + 1}"
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
