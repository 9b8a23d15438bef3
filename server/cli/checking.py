"""The command that checks records; it imports nothing beyond what reads them."""

from __future__ import annotations

import os
from pathlib import Path

import click

from crisisgov.errors import InputError
from crisisgov.loaders.records.kept import KeptReads, default_path
from crisisgov.loaders.records.problems import problems_of


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def validate(paths: tuple[Path, ...]) -> None:
    """Check record files or folders: every problem as file:line: field: what would be right.

    A file below seeds/ is checked together with all the others that it refers to; those that
    have not changed since the last time are not read again.
    """
    problems = problems_of(paths, KeptReads(default_path(os.environ)))
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise InputError(f"{len(problems)} problem(s)")
    click.echo("no problems")
