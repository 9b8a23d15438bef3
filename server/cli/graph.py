"""Commands on the graph as a whole: build, serve."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
from pathlib import Path

import click

from crisisgov.errors import UsageError
from crisisgov.loaders import build as builder
from crisisgov.server import run
from crisisgov.server.cli import bulk, local
from crisisgov.server.engine.remote_http import check_url
from crisisgov.server.settings import Settings

seeds_option = click.option(
    "--seeds",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="Folder of curated records [default: those of the package].",
)


@click.command()
@local.data_option
@seeds_option
@bulk.with_option
@bulk.strict_option
@bulk.rejects_option
def build(
    data: Path | None,
    seeds: Path | None,
    data_sets: dict[str, Path],
    strict: bool,
    rejects: Path | None,
) -> None:
    """Build a new version of the graph from the records and publish it.

    Data sets are read from files that you have: --with coronanet=FOLDER. Rows that cannot
    be used are listed in a file; the exit status is then 4.
    """
    version = local.run_build(
        local.versions(data),
        seeds or builder.seeds_folder(),
        data_sets,
        strict=strict,
        rejects=rejects,
    )
    if local.rejected(version):
        sys.exit(bulk.BUILT_WITH_REJECTS)


@click.command()
@local.data_option
@click.option(
    "--host", default=None, help="Address to listen on [default: CRISISGOV_HOST or 127.0.0.1]."
)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="[default: PORT or 8000]")
@click.option(
    "--no-build", is_flag=True, help="Serve what is built, even if the records have changed."
)
@click.option(
    "--scratch",
    is_flag=True,
    help="Serve an empty graph in which anybody on this machine may write anything; "
    "it is thrown away at the end.",
)
@click.option(
    "--endpoint",
    default=None,
    help="Answer from this SPARQL endpoint, which crisisgov publish has filled "
    "[default: CRISISGOV_ENDPOINT, else the data folder].",
)
def serve(
    data: Path | None,
    host: str | None,
    port: int | None,
    no_build: bool,
    scratch: bool,
    endpoint: str | None,
) -> None:
    """Serve the SPARQL endpoint and the pages; builds first when needed."""
    if endpoint is not None and (data is not None or scratch):
        raise UsageError("--endpoint serves a remote store: leave out --data and --scratch")
    settings = Settings.from_env(os.environ)
    given = {"data": data, "host": host, "port": port, "endpoint": endpoint}
    changes = {name: value for name, value in given.items() if value is not None}
    if ("host" in changes or "port" in changes) and not os.environ.get("PUBLIC_BASE_URL"):
        changes["public_base_url"] = ""  # made anew of host and port
    settings = dataclasses.replace(settings, **changes)  # type: ignore[arg-type]
    if scratch:
        if data is not None or no_build:
            raise UsageError("--scratch starts with nothing: leave out --data and --no-build")
        local.console.print(f"serving a scratch graph on {settings.public_base_url}")
        run.serve_scratch(settings)
        return
    if settings.endpoint:
        check_url(settings.endpoint)
        local.console.print(f"serving {settings.endpoint} on {settings.public_base_url}")
        run.serve(settings)
        return
    store, seeds = local.versions(settings.data), builder.seeds_folder()
    current = store.current()
    if no_build and current is None:
        raise UsageError(f"{settings.data}: nothing is built here; leave out --no-build")
    if not no_build and (current is None or builder.is_stale(current, seeds)):
        local.run_build(store, seeds)
        # A build leaves some 300 MB with its process; so the server begins in a new one.
        again = [argument for argument in sys.orig_argv if argument != "--"]
        with contextlib.suppress(OSError):  # the program was exchanged meanwhile: go on as it is
            os.execv(sys.executable, [*again, "--no-build"])
    local.console.print(f"serving on {settings.public_base_url} (stop with Ctrl-C)")
    run.serve(settings)
