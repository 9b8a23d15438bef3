"""The command that fills another store: publish."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from crisisgov.errors import UsageError
from crisisgov.server import publishing
from crisisgov.server.cli import local

PASSWORD = "CRISISGOV_PUBLISH_PASSWORD"


@click.command()
@click.option("--endpoint", required=True, help="URL of the store's SPARQL endpoint.")
@click.option(
    "--graph-store",
    default=None,
    help="URL of its Graph Store Protocol [default for Virtuoso: /sparql-graph-crud-auth].",
)
@click.option(
    "--user",
    default="",
    help=f"Who may write there; the password is read from {PASSWORD}, or asked for.",
)
@local.data_option
def publish(endpoint: str, graph_store: str | None, user: str, data: Path | None) -> None:
    """Load the current version into a remote store, for serve --endpoint.

    Replaces what the store holds of this project, graph by graph, and compares
    the counts of every graph afterwards.
    """
    versions = local.versions(data)
    local.ready(versions)
    held = versions.hold_current()
    if held is None:
        raise UsageError("nothing is built; run crisisgov build first")
    password = os.environ.get(PASSWORD, "")
    if user and not password:
        password = click.prompt(f"Password of {user}", hide_input=True, err=True)
    started = time.monotonic()
    with held as version, local.console.status("publishing") as status:
        url = graph_store or publishing.find_graph_store(endpoint)
        store = publishing.GraphStore(endpoint, url, user, password)
        done = publishing.publish(version, store, status.update)
    for graph in done.removed:
        local.console.print(f"removed <{graph}>, which this version has not")
    if done.foreign:
        local.console.print(
            f"note: the store holds {len(done.foreign)} other graph(s), which queries see, too: "
            + ", ".join(f"<{graph}>" for graph in done.foreign[:5])
        )
    local.console.print(
        f"published {done.version}: {done.quads} quads in {done.graphs} graphs, "
        f"counts compared, in {time.monotonic() - started:.0f} s"
    )
