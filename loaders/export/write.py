"""Writing the tables from a finished store, column by column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pyoxigraph as ox

from crisisgov.errors import UsageError
from crisisgov.loaders.datasets.registry import OPEN, SHARE_ALIKE, UNCLEAR
from crisisgov.loaders.export.columns import TABLES, Column, Table, Type
from crisisgov.ontology import terms

Format = Literal["parquet", "csv"]
FORMATS: tuple[Format, ...] = ("parquet", "csv")
LICENCES = (SHARE_ALIKE, UNCLEAR)
"""What ``--include-licence`` may name; open is always written."""

CURATED = "curated"
_CURATED_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_GRAPHS = terms.graph("")
_POLARS: dict[Type, Any] = {
    "id": pl.String,
    "text": pl.String,
    "integer": pl.Int64,
    "decimal": pl.Float64,
    "timestamp": pl.Datetime("us", "UTC"),
    "boolean": pl.Boolean,
    "list": pl.String,
}


@dataclass(frozen=True)
class Written:
    """A file, its rows, and how many rows were left out by the status of their licence."""

    path: Path
    rows: int
    left_out: Mapping[str, int]


def export(
    store: ox.Store, folder: Path, format_: Format, include: Collection[str] = ()
) -> Iterator[Written]:
    """Write each table into a folder, and yield what was written.

    A file appears only when it is whole. Memory grows with the largest table.

    :param include: statuses of licences that are to be written as well
    :raises UsageError: when a file cannot be written
    """
    licences = _licences(store)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write into {folder}: {error.strerror}") from error
    for table in TABLES:
        frame = _frame(store, table, licences)
        closed = frame.filter(~pl.col("licence_status").is_in([OPEN, *include]))
        counts = closed.group_by("licence_status").len().sort("licence_status").rows()
        frame = frame.filter(pl.col("licence_status").is_in([OPEN, *include]))
        path = folder / f"{table.name}.{format_}"
        part = folder / f".{table.name}.{format_}.part"
        try:
            if format_ == "parquet":
                frame.write_parquet(part)
            else:
                frame.write_csv(part, datetime_format="%Y-%m-%dT%H:%M:%SZ")
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise UsageError(f"cannot write {path}: {error.strerror or error}") from error
        yield Written(path, frame.height, dict(counts))


def _frame(store: ox.Store, table: Table, licences: Mapping[str, tuple[str, str]]) -> pl.DataFrame:
    found: set[str] = set()
    prefix = f"{terms.BASE}{table.kind}/"
    for quad in store.quads_for_pattern(
        None, ox.NamedNode(terms.RDF_TYPE), ox.NamedNode(terms.CG + table.cls), None
    ):
        iri = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
        if iri.startswith(prefix):
            found.add(iri)
    order = sorted(found)
    ids = {iri: number for number, iri in enumerate(order)}
    homes = [CURATED] * len(order)
    data: dict[str, Any] = {}
    for column in table.columns:
        if column.type == "id":
            data[column.name] = [iri.removeprefix(prefix) for iri in order]
        elif column.property:
            data[column.name] = _values(store, column, ids, homes)
    data["data_set"] = homes
    data["licence_status"] = [licences.get(name, (OPEN, ""))[0] for name in homes]
    data["licence"] = [licences.get(name, (OPEN, ""))[1] or None for name in homes]
    schema = {column.name: _POLARS[column.type] for column in table.columns}
    frame = pl.DataFrame({name: data[name] for name in schema}, schema=schema)
    return frame.with_columns(
        pl.col(column.name).fill_null(value=column.absent)
        for column in table.columns
        if column.absent is not None
    )


def _values(store: ox.Store, column: Column, ids: Mapping[str, int], homes: list[str]) -> list[Any]:
    """Return the values of a column; the graph of the crisis says of which data set a row is."""
    found: list[Any] = [None] * len(ids)
    several: dict[int, set[str]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(column.iri()), None, None):
        subject, value = quad.subject, quad.object
        number = ids.get(subject.value) if isinstance(subject, ox.NamedNode) else None
        if number is None or not isinstance(value, ox.NamedNode | ox.Literal):
            continue
        if column.property == "crisis" and isinstance(quad.graph_name, ox.NamedNode):
            homes[number] = _data_set(quad.graph_name.value)
        if column.type == "list":
            several.setdefault(number, set()).add(_id(value.value))
        elif not column.language or getattr(value, "language", None) == column.language:
            found[number] = _typed(column.type, value.value)
    for number, values in several.items():
        found[number] = " | ".join(sorted(values))
    return found


def _id(iri: str) -> str:
    """Return the id of an entity, concept or term."""
    if iri.startswith(terms.CG):
        return iri.removeprefix(terms.CG)
    kind, _, rest = iri.removeprefix(terms.BASE).partition("/")
    return rest.partition("/")[2] if kind == "concept" else rest or iri


def _typed(type_: Type, value: str) -> Any:
    if type_ == "integer":
        return int(value)
    if type_ == "decimal":
        return float(value)
    if type_ == "boolean":
        return value in ("true", "1")
    if type_ == "timestamp":
        return datetime.fromisoformat(value)
    return value


def _data_set(graph: str) -> str:
    name = graph.removeprefix(_GRAPHS)
    for prefix in ("data/", "derived/milestones/"):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return CURATED


def _licences(store: ox.Store) -> dict[str, tuple[str, str]]:
    """Return status and address of the licence of each data set, and of the curated records."""
    found = {CURATED: (OPEN, _CURATED_LICENCE)}
    status, licence = ox.NamedNode(terms.CG + "licenceStatus"), terms.DCTERMS + "license"
    for quad in store.quads_for_pattern(None, status, None, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            name = _data_set(quad.subject.value)
            if name != CURATED and quad.subject.value.startswith(_GRAPHS + "data/"):
                address = ""
                for one in store.quads_for_pattern(quad.subject, ox.NamedNode(licence), None, None):
                    address = one.object.value if isinstance(one.object, ox.NamedNode) else ""
                found[name] = quad.object.value, address
    return found
