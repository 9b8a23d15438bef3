"""The command that evaluates under assumptions, without changing the graph."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from crisisgov.errors import UsageError
from crisisgov.ontology.evaluation.load import load
from crisisgov.ontology.evaluation.whatif import READINGS, assumptions, changes
from crisisgov.server.cli import local


@click.command()
@click.option(
    "--assume", "claims", multiple=True, metavar="CLAIM", help="Take this claim as right."
)
@click.option("--limit", "limits", multiple=True, metavar="NORM=PT24H", help="Another limit.")
@click.option(
    "--reading",
    type=click.Choice(list(READINGS)),
    default="preferred",
    help="Read contested evidence most or least favourably to the authority.",
)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table")
@local.data_option
def evaluate(
    claims: tuple[str, ...], limits: tuple[str, ...], reading: str, format_: str, data: Path | None
) -> None:
    """Show which findings would change under assumptions; the graph stays as it is."""
    if not claims and not limits and reading == "preferred":
        raise UsageError("assume something: --assume CLAIM, --limit NORM=PT24H or --reading least")
    store = local.versions(data)
    local.ready(store)
    held = store.hold_current()
    if held is None:
        raise UsageError("nothing is built; run crisisgov build first")
    with held as version:
        facts = load(ox.Store.read_only(str(version.store_path)))
    found = changes(facts, assumptions(claims, limits, reading, facts))
    if format_ == "json":
        rows = [dataclasses.asdict(change) for change in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("norm", "bearer", "matter", "before", "after", expand=True)
    for change in found:
        table.add_row(change.norm, change.bearer, change.matter, change.before, change.after)
    console = Console()
    console.print(table)
    console.print(f"{len(found)} finding(s) would change")
