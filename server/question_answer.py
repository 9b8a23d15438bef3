"""An answer laid out for people: columns that belong together, rows by block, links."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from crisisgov.ontology.terms import BASE, entity
from crisisgov.queries.catalogue import Column, Question
from crisisgov.server.engine import formats
from crisisgov.server.engine.api import QueryResult
from crisisgov.server.engine.errors import ResultTooLarge
from crisisgov.server.engine.formats import ResultFormats
from crisisgov.server.entity_views.links import Linker, href
from crisisgov.server.entity_views.reader import Reader, Row
from crisisgov.server.services import services

ROWS_SHOWN = 1000
_BYTES_SHOWN = 20_000_000
NO_GRAPHS: tuple[str, ...] = (formats.TURTLE,)


@dataclass(frozen=True)
class Block:
    """Rows that belong together; ``name`` is empty where a question has no blocks."""

    name: str
    anchor: str
    rows: list[list[Markup]]


def run(query: str, accept: ResultFormats) -> QueryResult:
    """Ask the graph in the lane of the pages."""
    return services().engine.run(
        query, accept=accept, deadline_s=services().settings.query_seconds, lane="pages"
    )


def answer_rows(query: str) -> list[Row]:
    """Return the rows of an answer.

    :raises ResultTooLarge: when there are too many for a page.
    """
    result = run(query, ResultFormats((formats.JSON,), NO_GRAPHS))
    if result.size > _BYTES_SHOWN:
        result.close()
        raise ResultTooLarge(
            "The answer is too long for a page.", hint="Narrow it, or download it as CSV."
        )
    bindings = json.loads(result.read())["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


def laid_out(reader: Reader, asked: Question, rows: list[Row]) -> tuple[list[Column], list[Block]]:
    """Return the columns that the page shows, and the rows by block."""
    shown = rows[:ROWS_SHOWN]
    columns = _shown(asked, rows)
    iris = [column.name for column in columns if column.kind == "iri"]
    reader.meet(row[name] for row in shown for name in iris if name in row)
    reader.fetch_names()
    linker = Linker(reader.names)
    grouped: dict[str, list[list[Markup]]] = {}
    for row in shown:
        block = row.get(asked.blocks, "") if asked.blocks else ""
        grouped.setdefault(block, []).append(
            [_cell(linker, one, row, bounds=_has_bounds(asked, one)) for one in columns]
        )
    blocks = [
        Block(name, "block-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"), found)
        for name, found in grouped.items()
    ]
    return columns, blocks


def _shown(asked: Question, rows: list[Row]) -> list[Column]:
    """Return the columns that get a place on the page, the way to the finding first.

    A label stands in the cell of what it labels, a largest value beside its
    smallest; the column of the blocks is their heading, empty ones say nothing.
    """
    names = {column.name for column in asked.columns}
    shown = [
        column
        for column in asked.columns
        if column.name != asked.blocks
        and any(row.get(column.name) for row in rows)
        and not (column.name.endswith("Label") and column.name.removesuffix("Label") in names)
        and not (column.name.startswith("max") and f"min{column.name[3:]}" in names)
    ]
    shown = [one for one in shown if one not in common_columns(asked, rows)]
    order = [column.name.removesuffix("Label") for column in asked.columns]
    return sorted(
        shown,
        key=lambda one: (
            -1 if one.name == "finding" else order.index(one.name.removesuffix("Label"))
        ),
    )


def common_columns(asked: Question, rows: list[Row]) -> list[Column]:
    """Return the columns of text that say the same in every row: the page says it once."""
    if len(rows) < 2:
        return []
    names = {f"{column.name}Label" for column in asked.columns}
    return [
        column
        for column in asked.columns
        if column.kind == "text"
        and column.name not in names
        and column.name != asked.blocks
        and rows[0].get(column.name)
        and len({row.get(column.name) for row in rows}) == 1
    ]


def _cell(linker: Linker, column: Column, row: Row, *, bounds: bool) -> Markup:
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
    if bounds and column.name.startswith("min"):
        last = row.get(f"max{column.name[3:]}", "")
        if not last:
            return escape(f"at least {value}")
        return escape(value if last == value else f"{value} to {last}")
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


def note_of(query: str | None) -> list[tuple[str, str, str]]:
    """Return the one row of the note as (words, value, share of the first number)."""
    if query is None:
        return []
    result = run(query, ResultFormats((formats.JSON,), NO_GRAPHS))
    document = json.loads(result.read())
    rows: list[dict[str, dict[str, str]]] = document["results"]["bindings"]
    row = rows[0] if rows else {}
    found = [(name, row[name]["value"]) for name in document["head"]["vars"] if name in row]
    return [
        (words_of(name), value, _share(value, found[0][1]) if number else "")
        for number, (name, value) in enumerate(found)
    ]


def words_of(name: str) -> str:
    """Return a variable's name as words: ``withKnownKnowledge`` -> "with known knowledge"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def _has_bounds(asked: Question, column: Column) -> bool:
    """Tell whether the column is the smallest value of a pair, ``minX`` and ``maxX``."""
    last = f"max{column.name[3:]}"
    return column.name.startswith("min") and any(last == one.name for one in asked.columns)


def heading_of(asked: Question, column: Column) -> str:
    """Return the heading of a column: bounds stand together in one."""
    name = column.name[3:] if _has_bounds(asked, column) else column.name
    return words_of(name.removesuffix("Label")).capitalize()


def _share(value: str, whole: str) -> str:
    if not (value.isdigit() and whole.isdigit()) or int(whole) == 0:
        return ""
    return f"{100 * int(value) / int(whole):.0f} %"
