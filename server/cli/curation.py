"""Commands for curators: new, coverage, diff."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from crisisgov.errors import InputError, UsageError
from crisisgov.loaders import build
from crisisgov.loaders.curation import coverage as covering
from crisisgov.loaders.curation import skeleton
from crisisgov.loaders.curation.difference import (
    EntityDifference,
    Lines,
    differences,
    lines_of_file,
    lines_of_quads,
)
from crisisgov.loaders.curation.judged import judged
from crisisgov.loaders.records.model.crises import EventKind
from crisisgov.loaders.records.problems import root_of
from crisisgov.loaders.records.read import load
from crisisgov.loaders.versions import VersionStore
from crisisgov.server.cli import local
from crisisgov.server.cli.graph import seeds_option

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group()
def new() -> None:
    """Write the skeleton of a record into FILE: right as it stands, the rest as comments.

    FILE is made when it does not exist; otherwise the record comes at the end of its section.
    What the record needs is asked for where no option gives it.
    """


def _written(record: skeleton.Skeleton, file: Path) -> None:
    skeleton.write(record, file)
    click.echo(f"wrote {record.kind} {record.values['id']} to {file}")


def _citation(source: str, says: str) -> list[dict[str, Any]]:
    return [{"source": source, "says": says, "accessed": datetime.now(UTC).date().isoformat()}]


@new.command("event")
@file_argument
@click.option("--id", "id_", prompt="id (who or where, what, date)", help="Id, minted once.")
@click.option(
    "--kind",
    prompt=True,
    multiple=True,
    type=click.Choice([kind.value for kind in EventKind]),
    help="What kind of event; may be given several times.",
)
@click.option("--label", prompt="label in English", help="Name of the event.")
@click.option("--summary", prompt="summary in your own words", help="What happened.")
@click.option("--date", prompt="date (EDTF, e.g. 2020-01-23T02:00+08:00)", help="When.")
@click.option("--actor", multiple=True, help="Who acted or knew; may be given several times.")
@click.option("--source", prompt="id of the source", help="Where you read it.")
@click.option("--says", prompt="what the source says, in your own words", help="Not a copy.")
@click.option("--checked", default="unverified", show_default=True, help="read, secondary, ...")
@click.option("--crisis", default=None, help="Crisis of a file that is new.")
def new_event(
    file: Path, id_: str, kind: tuple[str, ...], crisis: str | None, **given: Any
) -> None:
    """Write the skeleton of an event."""
    values: dict[str, Any] = {
        "id": id_,
        "kind": list(kind),
        "label": {"en": given["label"]},
        "summary": given["summary"],
        "date": given["date"],
        "checked": given["checked"],
        "citations": _citation(given["source"], given["says"]),
    }
    if given["actor"]:
        values["actor"] = list(given["actor"])
    for name in kind:
        values.update(skeleton.FOR_KIND.get(name, {}))
    if "warning" in kind:
        values["warning"] = {
            "capacity": click.prompt("in which capacity the warner spoke"),
            "first_hand": click.confirm("did the warner see the facts"),
            "treatment": [
                click.prompt("what became of it (heeded, ignored, rebuked, punished ...)")
            ],
        }
    _written(skeleton.Skeleton("event", values, crisis), file)


@new.command("actor")
@file_argument
@click.option("--id", "id_", prompt="id", help="Id, minted once.")
@click.option("--kind", prompt=True, help="government, body, person, ...")
@click.option("--label", prompt="label in English", help="Name.")
@click.option("--function", default=None, help="What it is there for, e.g. health.")
@click.option("--jurisdiction", default=None, help="Place it is responsible for.")
def new_actor(file: Path, id_: str, kind: str, label: str, **given: str | None) -> None:
    """Write the skeleton of an actor."""
    values: dict[str, Any] = {"id": id_, "kind": kind, "label": {"en": label}}
    values |= {name: value for name, value in given.items() if value is not None}
    _written(skeleton.Skeleton("actor", values), file)


@new.command("source")
@file_argument
@click.option("--id", "id_", prompt="id (publisher, subject, date)", help="Id, minted once.")
@click.option("--title", prompt="title in English", help="Title; may be your translation.")
@click.option("--publisher", prompt=True, help="Who published it.")
@click.option("--url", default=None, help="Where it was read.")
@click.option("--date", default=None, help="When it was published.")
@click.option("--kind", default="news", show_default=True, help="notice, inquiry-report, news, ...")
@click.option("--language", default="en", show_default=True, help="Of the text.")
@click.option("--standing", default="weak", show_default=True, help="official, of-record or weak.")
def new_source(file: Path, id_: str, title: str, **given: str | None) -> None:
    """Write the skeleton of a source."""
    values: dict[str, Any] = {"id": id_, "title": {"en": title}}
    values |= {name: value for name, value in given.items() if value is not None}
    _written(skeleton.Skeleton("source", values), file)


@new.command("crisis")
@file_argument
@click.option("--id", "id_", prompt="id", help="Id, minted once.")
@click.option("--label", prompt="label in English", help="Name.")
@click.option("--summary", prompt="summary in your own words", help="What it was.")
@click.option("--hazard", prompt=True, multiple=True, help="Kind of hazard; may be repeated.")
@click.option("--place", prompt="place (ISO 3166)", help="Place meant where events name none.")
@click.option("--begin", prompt="begin (EDTF)", help="When it began.")
@click.option("--end", default=None, help="When it ended.")
@click.option("--source", prompt="id of a source", help="Where you read it.")
@click.option("--says", prompt="what the source says, in your own words", help="Not a copy.")
def new_crisis(file: Path, id_: str, hazard: tuple[str, ...], **given: str | None) -> None:
    """Write the skeleton of a crisis: a file of its own."""
    period = {side: given[side] for side in ("begin", "end") if given[side] is not None}
    values: dict[str, Any] = {
        "id": id_,
        "label": {"en": given["label"]},
        "summary": given["summary"],
        "hazard": list(hazard),
        "place": given["place"],
        "period": period,
        "citations": _citation(str(given["source"]), str(given["says"])),
    }
    _written(skeleton.Skeleton("crisis", values), file)


@click.command()
@click.argument("crises", nargs=-1)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
@seeds_option
def coverage(crises: tuple[str, ...], format_: str, seeds: Path | None) -> None:
    """Say of each crisis (or of CRISES) what is recorded and what is missing.

    Sources for each event, shares checked and resting on two independent sources, disputes,
    milestones without a record, and dates that are coarser than the limit they are tested
    against.
    """
    records = load(seeds or build.seeds_folder())
    with local.console.status("evaluating, to find dates that are too coarse"):
        every = covering.coverage(records, judged(records)[0])
    known = [one.crisis for one in every]
    if unknown := set(crises) - set(known):
        raise UsageError(f"no crisis {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    chosen = [one for one in every if not crises or one.crisis in crises]
    rows = [one.as_row() for one in chosen]
    if format_ == "json":
        dates = {one.crisis: [vars(date) for date in one.coarse] for one in chosen}
        whole = [{**row, "coarse": dates[row["crisis"]]} for row in rows]
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    elif format_ == "csv":
        click.echo(_csv(rows), nl=False)
    else:
        _show_coverage(rows, chosen if crises else ())


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "missing": "; ".join(row["missing"])} for row in rows)
    return out.getvalue()


def _show_coverage(rows: list[dict[str, Any]], detailed: Sequence[covering.Coverage]) -> None:
    heads = ("events", "sources", "two+", "read", "unver.", "disputes", "coarse")
    names = ("events", "sourcesPerEvent", "twoIndependent", "read", "unverified", "disputes")
    table = Table("crisis", *heads, box=SIMPLE)
    for row in rows:
        cells = [row[name] for name in (*names, "coarseDates")]
        table.add_row(row["crisis"], *("" if cell is None else str(cell) for cell in cells))
    Console().print(table)
    for row in rows:
        if row["missing"]:
            click.echo(f"{row['crisis']} has no {', no '.join(row['missing'])}")
    for one in detailed:
        for date in one.coarse:
            click.echo(
                f"{date.event}: dated to within {_span(date.width_seconds)}, "
                f"tested against {_span(date.limit_seconds)} ({date.norm})"
            )


def _span(seconds: int) -> str:
    hours = seconds / 3600
    if hours > 24 * 366 * 1000:
        return "an open interval"
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.1f} days"


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new_", metavar="NEW", type=click.Path(path_type=Path))
@local.data_option
def diff(old: Path, new_: Path, data: Path | None) -> None:
    """Show what differs between two graphs, entity by entity.

    OLD and NEW are both folders of records (compared with the findings they give), or each
    an N-Quads file or a built version: its id, or `current`.
    """
    folders = [path.is_dir() and _holds_records(path) for path in (old, new_)]
    if folders[0] != folders[1]:
        raise UsageError(
            "a folder of records can only be compared with another one; "
            "run crisisgov build and compare versions instead"
        )
    store = local.versions(data)
    sides = [
        lines_of_quads(judged(load(path))[1]) if folders[0] else _version(path, store)
        for path in (old, new_)
    ]
    found = differences(*sides)
    for one in found:
        _show(one)
    if not found:
        click.echo("no difference")


def _show(one: EntityDifference) -> None:
    click.echo(f"{one.entity}" + ("" if one.status == "changed" else f"  ({one.status})"))
    for statement in one.removed:
        click.secho(f"  - {statement}", fg="red")
    for statement in one.added:
        click.secho(f"  + {statement}", fg="green")


def _holds_records(path: Path) -> bool:
    try:
        return root_of(path.resolve()) == path.resolve()
    except InputError:
        return False


def _version(name: Path, store: VersionStore) -> Lines:
    if name.is_file():
        return lines_of_file(name)
    held = {version.id: version for version in store.all()}
    chosen = store.current() if str(name) == "current" else held.get(str(name))
    if chosen is None:
        known = ", ".join(held) or "none is built"
        raise UsageError(f"{name}: no N-Quads file, folder of records or version (held: {known})")
    return lines_of_file(chosen.quads_path)
