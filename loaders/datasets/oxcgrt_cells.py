"""Cells of OxCGRT's files: indicators, levels, days, codes of regions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from crisisgov.loaders.datasets import names

INDICATOR = re.compile(r"([CEH]\d)(M|E|NV|V)?_", re.IGNORECASE)
_DAY_HEAD = re.compile(r"(\d\d)([A-Z][a-z]{2})(20\d\d)")
_DAY_CELL = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_MONTHS: Sequence[str] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_VARIANTS = ("", "E", "NV", "M")
"""Which column holds the level: one for everybody, else that for people not vaccinated."""


class Unusable(ValueError):
    """Why a row cannot be used."""


@cache
def indicators() -> dict[str, dict[str, str]]:
    """Return the indicators that have levels, by their code."""
    return {row["indicator"]: row for row in names.table("oxcgrt_indicators.csv")}


@cache
def _regions() -> dict[str, str]:
    return {row["region"]: row["code"] for row in names.table("oxcgrt_regions.csv")}


def iso_of(region: str, country: str) -> str:
    """Return the ISO 3166-2 code of a region code such as CHN_HB or US_AK."""
    return _regions().get(region) or f"{country}-{region.partition('_')[2]}"


def day_of(value: str) -> str:
    """Return the day of a cell 20200101.

    :raises Unusable: for another form, or a day that does not exist
    """
    found = _DAY_CELL.fullmatch(value)
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        pass
    raise Unusable(f"Date {value[:20]!r} is no day such as 20200131")


@cache
def _head(column: str) -> str:
    """Return the day of a column 01Jan2020, empty for another column."""
    found = _DAY_HEAD.fullmatch(column)
    if found is None or found[2] not in _MONTHS:
        return ""
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02d}-{found[1]}"


def has_days(columns: Iterable[str]) -> bool:
    """Whether a series has a column for a day."""
    return any(_head(column) for column in columns)


def observations(
    columns: dict[str, int], row: Sequence[str], indicator: str
) -> list[tuple[str, float]]:
    """Return day and level where the level differs from the one before, and around gaps.

    :raises Unusable: for a cell that is no level of the indicator
    """
    found: list[tuple[str, float]] = []
    last_cell: str | None = None
    last_day = ""
    for column, number in columns.items():
        cell = row[number] if number < len(row) else ""
        if cell == last_cell or not (day := _head(column)):
            last_day = _head(column) or last_day
            continue
        if cell not in ("", "NA"):
            if found and last_cell == "":
                pass  # the level before the gap is the last one found, on its last day
            elif found and last_day > found[-1][0]:
                found.append((last_day, found[-1][1]))
            found.append((day, _number(cell, indicator)))
        elif found and last_day > found[-1][0]:
            found.append((last_day, found[-1][1]))
        last_cell, last_day = ("" if cell in ("", "NA") else cell), day
    return found


def _number(cell: str, indicator: str) -> float:
    try:
        level = float(cell)
    except ValueError:
        level = -1.0
    if not 0 <= level <= int(indicators()[indicator]["highest"]):
        raise Unusable(f"{indicator}: {cell[:20]!r} is no level of this indicator")
    return level


def level_of(values: Sequence[str], places: list[int], indicator: str) -> float | None:
    """Return the level in the first of some columns that has one.

    :raises Unusable: for a cell that is no level of the indicator
    """
    for place in places:
        if values[place] not in ("", "NA"):
            return _number(values[place], indicator)
    return None


def columns_of(
    columns: dict[str, int],
) -> tuple[dict[str, list[int]], dict[str, int], dict[str, int]]:
    """Return the columns of levels (best variant first), of flags and of notes, by indicator."""
    levels: dict[str, list[tuple[int, int]]] = {}
    flags: dict[str, int] = {}
    notes: dict[str, int] = {}
    for head, number in columns.items():
        found = INDICATOR.match(head)
        if found is None or found[1] not in indicators():
            continue
        indicator, variant = found[1], found[2] or ""
        if head.endswith("_Notes"):
            notes[indicator] = number
        elif variant in _VARIANTS and head.endswith("_Flag"):
            flags.setdefault(indicator, number)
        elif variant in _VARIANTS:
            levels.setdefault(indicator, []).append((_VARIANTS.index(variant), number))
    return {name: [n for _, n in sorted(found)] for name, found in levels.items()}, flags, notes
