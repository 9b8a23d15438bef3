"""What CoronaNet's categories mean in the vocabulary: kinds, measure types, names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from crisisgov.loaders.datasets import names
from crisisgov.ontology.terms import class_name

_NUMBERS = "one|two|three|four"
_ORDINALS = "first|primary|second|secondary|third|tertiary|fourth|highest|top"
# "level 1", "level three", "first level", "highest level": only where the text says which
_LEVEL = re.compile(
    rf"(?:level|grade)[\s-]*(?:(?P<digit>[1-4])|(?P<roman>IV|I{{1,3}})|(?P<number>{_NUMBERS}))\b"
    rf"|\b(?P<word>{_ORDINALS})(?:-|\s)(?:level|class|grade|tier)"
    r"|\bclass[\s-]*(?P<roman2>IV|I{1,3})\b",
    re.IGNORECASE,
)
_ARRIVES = re.compile(r"(?<!reference )\b(?:to|into)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)
_BY_AREA = re.compile(r"\brisk\b", re.IGNORECASE)
_LOWERS = re.compile(r"\b(?:lower|downgrad|reduc|downward|lift|cancel)", re.IGNORECASE)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_WORD = {
    **{"one": 1, "first": 1, "primary": 1, "highest": 1, "top": 1},
    **{"two": 2, "second": 2, "secondary": 2},
    **{"three": 3, "third": 3, "tertiary": 3},
    **{"four": 4, "fourth": 4},
}


@dataclass(frozen=True)
class Meaning:
    """Kinds and measure types of one category, and the type's names."""

    kinds: tuple[str, ...]
    measures: tuple[str, ...]
    en: str
    zh: str


@cache
def _types() -> dict[str, dict[str, str]]:
    found = {}
    for row in names.table("coronanet_types.csv"):
        found[row["type"]] = row
        for old in filter(None, row["old"].split("|")):
            found[old] = row
    return found


@cache
def meaning(type_: str, sub: str) -> Meaning:
    """Return what a type and a sub-category mean; an unknown type is a protective measure."""
    row = _types().get(type_)
    if row is None:
        short = type_ or "Measure"
        return Meaning((class_name("protective-measure"),), (), short[:80], "防疫措施")
    kinds = [class_name(row["kind"])]
    measures = row["measures"].split()
    for one in names.table("coronanet_subtypes.csv"):
        if one["type"] == row["type"] and sub.startswith(one["begins"]):
            if one["kind"]:
                kinds = [class_name(one["kind"])]
            measures += [m for m in one["measures"].split() if m not in measures]
    return Meaning(tuple(kinds), tuple(measures), row["en"], row["zh"])


def name(type_: str) -> str:
    """Return the name that a type has in the newest codebook."""
    row = _types().get(type_)
    return row["type"] if row is not None else type_


def known(type_: str) -> bool:
    """Tell whether a type stands in the table."""
    return type_ in _types()


def response_level(text: str) -> int | None:
    """Return the level of emergency response (1 is the highest) that a text says was reached.

    That is the last one to which a change leads; without such a change the only level that
    is named. None where the text names several, or goes on to speak of a lower one that
    it does not name.
    """
    levels = [(_level(match), match) for match in _LEVEL.finditer(text)]
    reached = [one for one in levels if _ARRIVES.search(text[: one[1].start()])]
    if not reached:
        named = {level for level, _ in levels}
        return named.pop() if len(named) == 1 and not _LOWERS.search(text) else None
    if len({level for level, _ in reached}) > 1 and _BY_AREA.search(text):
        return None  # one level here and another there
    level, match = reached[-1]
    return None if _LOWERS.search(text[match.end() :]) else level


def _level(match: re.Match[str]) -> int:
    if match["digit"]:
        return int(match["digit"])
    if roman := match["roman"] or match["roman2"]:
        return _ROMAN[roman.upper()]
    return _WORD[(match["word"] or match["number"]).lower()]
