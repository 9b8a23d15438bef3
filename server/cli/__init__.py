"""The command line: ``crisisgov COMMAND``.

Exit status: 0 done, 1 the input cannot be used, 2 wrong usage, 3 the system
failed, 4 built with rejects.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from crisisgov import __version__
from crisisgov.errors import CrisisgovError
from crisisgov.server.cli import answers, curation, evaluate, graph, remote


class _Group(click.Group):
    """Turns errors raised on purpose into their message and exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CrisisgovError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(error.exit_status)
        except BrokenPipeError:
            sys.exit(0)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="crisisgov")
def main() -> None:
    """Crisis governance as a knowledge graph: who knew what when, and what they did.

    Start with: crisisgov serve, or crisisgov ask delayed-disclosure.
    """


for command in (
    graph.serve,
    graph.build,
    answers.ask,
    answers.query,
    answers.explain,
    evaluate.evaluate,
    graph.validate,
    curation.new,
    curation.coverage,
    curation.diff,
    graph.export,
    remote.publish,
):
    main.add_command(command)
