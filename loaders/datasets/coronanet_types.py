"""What CoronaNet's categories mean in the vocabulary: kinds, measure types, names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from crisisgov.loaders.datasets import names
from crisisgov.ontology.terms import class_name

# "level 1", "first level", "highest level": only where the text says which
_LEVEL = re.compile(
    r"(?:level|grade)[\s-]*(?:(?P<digit>[1-4])|(?P<roman>IV|I{1,3}))\b"
    r"|\b(?P<word>first|second|third|fourth|highest)(?:-|\s)(?:level|class|grade|tier)"
    r"|\bclass[\s-]*(?P<roman2>IV|I{1,3})\b",
    re.IGNORECASE,
)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_WORD = {"first": 1, "highest": 1, "second": 2, "third": 3, "fourth": 4}


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
    """Return the level of emergency response (1 is the highest) that a text names alone.

    A text that names several levels tells of a change, and which one holds after it cannot
    be read off the words.
    """
    found = set()
    for match in _LEVEL.finditer(text):
        if match["digit"]:
            found.add(int(match["digit"]))
        elif match["word"]:
            found.add(_WORD[match["word"].lower()])
        else:
            found.add(_ROMAN[(match["roman"] or match["roman2"]).upper()])
    return next(iter(found)) if len(found) == 1 else None
