"""First cases and peaks from the index series of OxCGRT, which are no events.

The files hold a row for each place and a column for each day. They stay out of the graph
(daily values are no events); only what is first or highest in them becomes a milestone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from crisisgov.loaders.datasets import days
from crisisgov.loaders.datasets.gazetteer import Gazetteer, Place
from crisisgov.loaders.datasets.oxcgrt_cells import iso_of

_CASES, _STRINGENCY = "confirmed_cases", "stringencyindex"


@dataclass(frozen=True)
class Peak:
    """The highest value of a place's series, and the bounds of the day it was first reached.

    ``rows`` is how many rows the file has.
    """

    place: Place
    value: float
    window: days.Window
    file: str
    path: Path
    rows: int


@dataclass(frozen=True)
class FirstCase:
    """The first day of a place's series with a case, after a day without."""

    place: Place
    window: days.Window
    file: str
    path: Path
    rows: int


def read(folder: Path, gazetteer: Gazetteer) -> Iterator[Peak | FirstCase]:
    """Yield what the series of a folder say; files of another form are passed over.

    A series that begins with a case, or at its peak, says only that it came before: it
    yields nothing. Of several files that have a place's peak the first by name counts.
    """
    peaks: set[str] = set()
    for path in sorted(folder.rglob("*.csv*")) if folder.is_dir() else [folder]:
        name = path.name.casefold().replace("stringency_index", "stringencyindex")
        if _CASES in name:
            yield from _first_cases(path, folder, gazetteer)
        elif _STRINGENCY in name:
            for peak in _peaks(path, folder, gazetteer):
                if peak.place.id not in peaks:
                    peaks.add(peak.place.id)
                    yield peak


def _table(path: Path) -> tuple[pl.DataFrame, list[str]] | None:
    """Return the table with the day columns named as ISO days, in order; None for other forms."""
    try:
        frame = pl.read_csv(path, infer_schema=False, null_values=["", "NA"])
    except (pl.exceptions.PolarsError, OSError):
        return None
    frame = frame.rename({column: column.casefold().replace("_", "") for column in frame.columns})
    dated = {}
    for column in frame.columns:
        try:
            dated[column] = datetime.strptime(column, "%d%b%Y").date().isoformat()
        except ValueError:
            continue
    if not dated or "countrycode" not in frame.columns:
        return None
    each = sorted(dated.values())
    return frame.rename(dated).with_columns(pl.col(each).cast(pl.Float64, strict=False)), each


def _rows(path: Path, gazetteer: Gazetteer) -> Iterator[tuple[Place, list[tuple[str, float]], int]]:
    """Yield the place and the known values of each row, and how many rows there are."""
    found = _table(path)
    if found is None:
        return
    frame, each = found
    for row in frame.iter_rows(named=True):
        place = gazetteer.country(row["countrycode"] or "")
        if place is not None and row.get("citycode"):
            continue  # its own codes; the events name the city, this series is left out
        if place is not None and row.get("regioncode"):
            place = gazetteer.place(iso_of(row["regioncode"], place.id))
        if place is not None:
            values = [(day, row[day]) for day in each if row[day] is not None]
            yield place, values, frame.height


def _first_cases(path: Path, folder: Path, gazetteer: Gazetteer) -> Iterator[FirstCase]:
    name = path.relative_to(folder).as_posix() if folder.is_dir() else path.name
    for place, values, rows in _rows(path, gazetteer):
        number = next((n for n, (_, value) in enumerate(values) if value > 0), None)
        if number:
            yield FirstCase(place, days.window(values[number][0], place.zones), name, path, rows)


def _peaks(path: Path, folder: Path, gazetteer: Gazetteer) -> Iterator[Peak]:
    name = path.relative_to(folder).as_posix() if folder.is_dir() else path.name
    for place, values, rows in _rows(path, gazetteer):
        highest = max((value for _, value in values), default=0.0)
        number = next((n for n, (_, value) in enumerate(values) if value == highest), 0)
        if number:
            window = days.window(values[number][0], place.zones)
            yield Peak(place, highest, window, name, path, rows)
