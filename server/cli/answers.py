"""Commands that answer: ask, query, explain."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from crisisgov.errors import InputError, UsageError
from crisisgov.ontology import terms
from crisisgov.queries import catalogue
from crisisgov.queries.catalogue import Column, Question
from crisisgov.server.cli import local
from crisisgov.server.engine import formats
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.formats import ResultFormats

RESULT_FORMATS = {
    "json": formats.JSON,
    "xml": formats.XML,
    "csv": formats.CSV,
    "tsv": formats.TSV,
    "turtle": formats.TURTLE,
    "ntriples": formats.NTRIPLES,
    "jsonld": formats.JSONLD,
    "rdfxml": formats.RDFXML,
}

Rows = list[dict[str, str]]

LEAST_COLUMN_WIDTH = 12
"""Narrower columns break words; then rows are printed below each other."""


@click.command()
@click.argument("question", required=False)
@click.option("--format", "format_", type=click.Choice(["table", "csv", "json"]), default="table")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="May be repeated.")
@local.data_option
def ask(question: str | None, format_: str, params: tuple[str, ...], data: Path | None) -> None:
    """Answer a catalogued QUESTION; without one, list the questions."""
    known = catalogue.load()
    if question is None:
        for one in known.values():
            click.echo(f"{one.id:27}{one.summary}")
        return
    chosen = known.get_question(question)
    values = _parameters(params)
    bound = chosen.bind(values)
    note = chosen.bind_note({k: v for k, v in values.items() if k != "yardstickHours"})
    with local.engine(data) as engine:
        rows = select(engine, bound)
        notes = select(engine, note) if note is not None else []
    if format_ == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif format_ == "csv":
        _print_csv(chosen, rows)
    else:
        _print_table(chosen, rows, notes)


def _parameters(pairs: tuple[str, ...]) -> dict[str, str]:
    values = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"--param {pair}: write NAME=VALUE")
        values[name] = value
    return values


def select(engine: EmbeddedEngine, text: str) -> Rows:
    """Return the rows of a SELECT query, each with the cells that are bound."""
    result = engine.run(
        text, accept=ResultFormats((formats.JSON,), ()), deadline_s=local.QUERY_SECONDS
    )
    document: dict[str, Any] = json.loads(result.read())
    return [
        {name: str(cell["value"]) for name, cell in row.items()}
        for row in document["results"]["bindings"]
    ]


def _print_csv(question: Question, rows: Rows) -> None:
    writer = csv.DictWriter(sys.stdout, [column.name for column in question.columns])
    writer.writeheader()
    writer.writerows(rows)


def _print_table(question: Question, rows: Rows, notes: Rows) -> None:
    console = Console()
    console.print(f"[bold]{question.summary}[/bold]\n{question.description}\n")
    for note in notes:
        console.print("; ".join(f"{name}: {value}" for name, value in note.items()) + "\n")
    blocks = _blocks(question, rows)
    if len(blocks) > 1:
        counted = ", ".join(f"{name}: {len(members)}" for name, members in blocks.items())
        console.print(f"{counted}\n")
    # IRIs are for machines (csv, json); the table shows what people read
    shown = [c for c in question.columns if c.in_tables and c.name != question.blocks]
    for name, members in blocks.items():
        if console.width < LEAST_COLUMN_WIDTH * len(shown):
            _print_rows(console, name, shown, members)
        else:
            _print_block(console, name, shown, members)
    if not rows:
        console.print("no rows")
    console.print(f"{len(rows)} rows. Columns:")
    for column in shown:
        console.print(f"  {column.name}: {column.summary}")


def _print_block(console: Console, name: str, shown: list[Column], rows: Rows) -> None:
    table = Table(title=name or None, title_justify="left", expand=True)
    for column in shown:
        right = column.kind == "number"
        table.add_column(column.name, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(row.get(column.name, "") for column in shown))
    console.print(table)


def _print_rows(console: Console, name: str, shown: list[Column], rows: Rows) -> None:
    """Print rows below each other, for a terminal too narrow for a table."""
    if name:
        console.print(f"[bold]{name}[/bold]")
    for row in rows:
        cells = [(c.name, row[c.name]) for c in shown if row.get(c.name)]
        for number, (column, value) in enumerate(cells):
            lead = "- " if number == 0 else "  "
            console.print(f"{lead}{column}: {value}", highlight=False, markup=False)


def _blocks(question: Question, rows: Rows) -> dict[str, Rows]:
    blocks: dict[str, Rows] = {}
    for row in rows:
        blocks.setdefault(row.get(question.blocks or "", ""), []).append(row)
    return blocks


@click.command()
@click.argument("file")
@click.option("--format", "format_", type=click.Choice(sorted(RESULT_FORMATS)), default=None)
@local.data_option
def query(file: str, format_: str | None, data: Path | None) -> None:
    """Run the SPARQL query in FILE (- for standard input) on the local graph."""
    text = local.read_text(file)
    wanted = RESULT_FORMATS.get(format_ or "")
    accept = ResultFormats(
        (wanted,) if wanted in formats.SOLUTIONS else (formats.CSV,),
        (wanted,) if wanted in formats.GRAPHS else (formats.TURTLE,),
    )
    with local.engine(data) as engine:
        result = engine.run(text, accept=accept, deadline_s=local.QUERY_SECONDS)
        for piece in result.chunks():
            sys.stdout.buffer.write(piece)


@click.command()
@click.argument("finding")
@local.data_option
def explain(finding: str, data: Path | None) -> None:
    """Print how a FINDING (its id or IRI) was reached, step by step, with its evidence."""
    iri = finding if "://" in finding else terms.entity("finding", finding)
    try:
        node = str(ox.NamedNode(iri))
    except ValueError as error:
        raise InputError(f"{finding!r} is neither the id nor the IRI of a finding") from error
    with local.engine(data) as engine:
        rows = select(engine, _prefixed(_EXPLAIN, "FINDING", node))
        if not rows:
            raise InputError(_no_finding(engine, finding))
        evidence = select(engine, _prefixed(_EVIDENCE, "FINDING", node))
    console = Console()
    console.print(f"[bold]{rows[0]['label']}[/bold]\n{iri}\n")
    for number, step in enumerate(rows[0]["explanation"].splitlines(), 1):
        console.print(f"{number:3}. {step}", highlight=False)
    console.print("\nEvidence, in order of time:")
    last = ""
    cited: set[str] = set()
    for row in evidence:
        if row["event"] != last:
            last = row["event"]
            parts = ", ".join(sorted({r["part"] for r in evidence if r["event"] == last}))
            console.print(f"\n  {row['date']}  {row['label']}  \\[{parts}]", highlight=False)
            cited = set()
        key = row.get("title", "") + row.get("says", "")
        if key not in cited:
            cited.add(key)
            console.print(_citation(row), highlight=False)


def _citation(row: dict[str, str]) -> str:
    text = f"      {row['title']} ({row['publisher']}, {row['standing']})"
    if "locator" in row:
        text += f", {row['locator']}"
    if "says" in row:
        text += f": {row['says']}"
    if "url" in row:
        text += f" <{row['url']}>"
    return text.replace("[", "\\[")


def _no_finding(engine: EmbeddedEngine, text: str) -> str:
    """Say that there is no such finding, and name some that are like it."""
    part = str(ox.Literal(text.rsplit("/", 1)[-1].split(".")[0].lower()))
    rows = select(engine, _prefixed(_LIKE, "PART", part))
    near = "".join(f"\n  {row['id']}" for row in rows)
    hint = f"; some whose id contains its beginning:{near}" if near else ""
    return (
        f"no finding is called {text!r}; "
        f"crisisgov ask delayed-disclosure --format csv lists ids{hint}"
    )


def _prefixed(query: str, placeholder: str, term: str) -> str:
    """Return a query of this module with its prefixes and a term in its place."""
    return terms.prefix_lines() + query.replace(placeholder, term)


_EXPLAIN = """SELECT ?label ?explanation WHERE {
  FINDING rdfs:label ?label . FILTER(LANG(?label) = "en")
  OPTIONAL { FINDING cg:explanation ?computed } OPTIONAL { FINDING cg:says ?asserted }
  BIND(COALESCE(?computed, ?asserted) AS ?explanation) FILTER(BOUND(?explanation)) }"""

_EVIDENCE = """SELECT ?event ?part ?label ?date ?title ?publisher ?standing ?locator ?says ?url
WHERE {
  VALUES (?p ?part) { (cg:trigger "starts the clock") (cg:response "answers")
                      (cg:contraryAct "contrary act") (cg:saidInstead "said instead")
                      (cg:firstPublic "first public word") }
  FINDING ?p ?event .
  ?event rdfs:label ?label ; cg:edtf ?date ; cg:citation ?citation ; cg:earliest ?first .
  FILTER(LANG(?label) = "en")
  ?citation cg:source ?source . ?source rdfs:label ?title ; cg:publisher ?publisher ;
    cg:standing/skos:prefLabel ?standing . FILTER(LANG(?title) = "en" && LANG(?standing) = "en")
  OPTIONAL { ?citation cg:locator ?locator } OPTIONAL { ?citation cg:says ?says }
  OPTIONAL { ?source cg:url ?url }
} ORDER BY ?first ?event ?citation"""

_LIKE = """SELECT ?id WHERE {
  ?f a cg:Finding .
  BIND(REPLACE(STR(?f), "^.*/", "") AS ?id) FILTER(CONTAINS(LCASE(?id), PART))
} ORDER BY ?id LIMIT 5"""
