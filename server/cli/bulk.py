"""Options and commands for data sets: --with, --strict, --rejects, and fetch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from crisisgov.errors import UsageError
from crisisgov.loaders.datasets import fetching
from crisisgov.loaders.datasets.registry import CROSSWALK, DATA_SETS, PLACES
from crisisgov.server.cli import local

BUILT_WITH_REJECTS = 4
"""Exit status of a build that has left out rows of data sets."""


def _named_paths(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> Any:
    """Turn NAME=PATH into a dict.

    :raises UsageError: for another form, or a name given twice
    """
    found: dict[str, Path] = {}
    for value in values:
        name, sign, path = value.partition("=")
        if not sign or not path:
            raise UsageError(
                f"--with {value}: give NAME=PATH, e.g. --with coronanet=data/coronanet"
            )
        if name in found:
            raise UsageError(f"--with {name}=...: given twice; put the files into one folder")
        found[name] = Path(path).expanduser()
    return found


with_option = click.option(
    "--with",
    "data_sets",
    multiple=True,
    metavar="NAME=PATH",
    callback=_named_paths,
    help=f"Load a data set from a file or folder; NAME is {', '.join(DATA_SETS)}; {PLACES} gives "
    f"ids of places, {CROSSWALK} (a file) the table of responsibilities.",
)
strict_option = click.option(
    "--strict", is_flag=True, help="Stop at the first row of a data set that cannot be used."
)
rejects_option = click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Where to list rows that cannot be used [default: rejects.csv in the data folder].",
)


@click.command()
@click.argument("name", type=click.Choice(sorted(fetching.OFFICIAL)))
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the file; a part that is there already is gone on with.",
)
@click.option("--url", default=None, help="Another address of the same file.")
@click.option("--sha256", default=None, help="The digest that the file must have.")
def fetch(name: str, folder: Path, url: str | None, sha256: str | None) -> None:
    """Download a data set from its official address, and check that it came whole."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=local.console, transient=True) as progress:
        task = progress.add_task(name, total=None)
        done = fetching.fetch(
            fetching.OFFICIAL[name],
            folder,
            url,
            lambda at, total: progress.update(task, completed=at, total=total),
            sha256=sha256,
        )
    local.console.print(
        f"{done.path}: {done.bytes:,} bytes, {done.rows:,} rows, sha256 {done.sha256}"
        + (f" (went on from byte {done.resumed_from:,})" if done.resumed_from else ""),
        soft_wrap=True,
    )
    local.console.print(f"next: crisisgov build --with {name}={folder}", soft_wrap=True)
