"""The command line: ``crisisgov COMMAND``.

Exit status: 0 done, 1 the input cannot be used, 2 wrong usage, 3 the system
failed, 4 built with rejects, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from types import FrameType
from typing import Any

import click

from crisisgov import __version__
from crisisgov.errors import CrisisgovError

STOPPED = 130
"""Exit status after Ctrl-C, as shells have it: no fault of the input."""

COMMANDS = {
    "serve": "graph",
    "build": "graph",
    "ask": "answers",
    "query": "answers",
    "explain": "answers",
    "evaluate": "evaluate",
    "validate": "checking",
    "new": "curation",
    "coverage": "curation",
    "diff": "curation",
    "export": "export",
    "fetch": "bulk",
    "publish": "remote",
}
"""Command -> the module that holds it, in the order in which they are listed."""


class _Group(click.Group):
    """Loads a command when it is called, and turns errors raised on purpose into exit statuses.

    Checking a record needs neither the server nor the engines, whose import takes longer.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        if os.getpid() == 1:
            # The first process of a container has no default action: SIGTERM would be ignored
            # during a build, until the container is killed.
            signal.signal(signal.SIGTERM, _end)
        try:
            return super().invoke(ctx)
        except CrisisgovError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(error.exit_status)
        except BrokenPipeError:
            sys.exit(0)
        except KeyboardInterrupt:
            click.echo("stopped; what was there before is as it was", err=True)
            sys.exit(STOPPED)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="crisisgov")
def main() -> None:
    """Crisis governance as a knowledge graph: who knew what when, and what they did.

    Start with: crisisgov serve, or crisisgov ask delayed-disclosure.
    """
