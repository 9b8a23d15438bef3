"""The export command: the graph as RDF, or its tables as Parquet and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click
import pyoxigraph as ox

from crisisgov.errors import UsageError
from crisisgov.loaders.datasets import licences
from crisisgov.loaders.export import write
from crisisgov.server.cli import local

RDF_FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "turtle": ox.RdfFormat.TURTLE,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@click.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice([*sorted(RDF_FORMATS), *write.FORMATS]),
    default="nquads",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The file; for parquet and csv the folder of the tables.",
)
@click.option(
    "--all-licences",
    is_flag=True,
    help="Write data sets, too, whose licence is share-alike or unclear: mind their terms.",
)
@click.option(
    "--include-licence",
    "include",
    multiple=True,
    type=click.Choice(write.LICENCES),
    help="For parquet and csv: write rows of such data sets, too; may be given twice.",
)
@local.data_option
def export(
    format_: str, output: Path, all_licences: bool, include: tuple[str, ...], data: Path | None
) -> None:
    """Write the graph to a file, or events, findings and milestones as tables to a folder.

    RDF formats without graphs get the union of all graphs. Data sets that may not simply be
    passed on are left out unless asked for. docs/data-dictionary.md explains the tables.
    """
    if format_ in RDF_FORMATS:
        if include:
            raise UsageError("--include-licence is for parquet and csv; use --all-licences")
        if output.is_dir():
            raise UsageError(f"--output {output}: is a folder; {format_} is written to a file")
    elif output.exists() and not output.is_dir():
        raise UsageError(f"--output {output}: is a file; {format_} is written to a folder")
    store = local.versions(data)
    local.ready(store)
    held = store.hold_current()
    if held is None:
        raise UsageError("nothing is built; run crisisgov build first")
    with held as version:
        found = ox.Store.read_only(str(version.store_path))
        if format_ in RDF_FORMATS:
            _write_rdf(found, output, format_, all_licences)
        else:
            _write_tables(found, output, format_, write.LICENCES if all_licences else include)


def _write_rdf(found: ox.Store, output: Path, format_: str, all_licences: bool) -> None:
    chosen = RDF_FORMATS[format_]
    left_out = {} if all_licences else licences.withheld(found)
    quads = (quad for quad in found if _name(quad) not in left_out) if left_out else found
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as file:
            if chosen.supports_datasets:
                ox.serialize(quads, file, format=chosen)
            else:
                ox.serialize((quad.triple for quad in quads), file, format=chosen)
        part.replace(output)  # a file that is cut off is never left behind
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"cannot write {output}: {error.strerror}") from error
    local.console.print(f"wrote {output} ({output.stat().st_size:,} bytes, {format_})")
    for name, status in sorted(left_out.items()):
        local.console.print(
            f"left out <{name}>: its licence is {status}; --all-licences writes it, too",
            soft_wrap=True,
        )


def _name(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _write_tables(found: ox.Store, output: Path, format_: str, include: Sequence[str]) -> None:
    kind: Literal["parquet", "csv"] = "parquet" if format_ == "parquet" else "csv"
    for one in write.export(found, output, kind, tuple(include)):
        local.console.print(f"wrote {one.path} ({one.rows:,} rows)", soft_wrap=True)
        for status, rows in one.left_out.items():
            local.console.print(
                f"left out {rows:,} rows whose licence is {status}; "
                f"--include-licence {status} writes them, too",
                soft_wrap=True,
            )
