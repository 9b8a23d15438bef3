"""The table of the crosswalk: rules by the beginning of a category's label."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from crisisgov.errors import InputError

COLUMNS = (
    "data_set",
    "category",
    "responsibility",
    "confidence",
    "who_phsm",
    "reason",
    "who_reason",
)
"""Columns of a table; the last may be missing where no rule has ``none`` for WHO's class."""

UNASSIGNED = "unassigned"
RESPONSIBILITIES = (
    "forward-looking",
    "overall-coordination",
    "loss-reduction",
    "information",
    "source-governance",
)
CONFIDENCE = ("high", "medium", "low")
PROJECT = "crisisgov"
"""Author of the table that comes with the package."""

NONE = "none"
"""Stands in ``who_phsm`` for "WHO's list has no class for it, or the category cannot tell"."""

TWO_OR_MORE = ("two-copies", "three-copies")
CHECKED = (*TWO_OR_MORE, "one-copy", "unverified")
"""How a class of WHO's list was checked: in how many copies of the list it reads the same."""


@dataclass(frozen=True)
class Phsm:
    """A class of WHO's list by its code (``4.1.2``); ``read_in`` names the copies."""

    code: str
    en: str
    zh: str
    example: str
    read_in: tuple[str, ...]
    checked: str

    @property
    def above(self) -> str | None:
        """Code of the class around it, None for one of the eight of the first level."""
        return self.code.rpartition(".")[0] or None


@cache
def phsm() -> dict[str, Phsm]:
    """Return WHO's classes of public health and social measures by code, as far as read."""
    lines = _own("who_phsm.csv").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {
        row["code"]: Phsm(
            row["code"],
            row["en"],
            row["zh"],
            row["example"],
            tuple(row["read_in"].split()),
            row["checked"],
        )
        for row in rows
    }


def _own(name: str) -> str:
    return (files("crisisgov") / "loaders" / "crosswalk" / name).read_text("utf-8")


@dataclass(frozen=True)
class Rule:
    """What is said of every category whose label begins with ``category``."""

    data_set: str
    category: str
    responsibility: str
    confidence: str
    who_phsm: str
    reason: str
    who_reason: str = ""


@dataclass(frozen=True)
class Crosswalk:
    """The rules of one table; ``version`` is the beginning of the digest of its text."""

    rules: tuple[Rule, ...]
    author: str
    version: str

    def rule(self, data_set: str, label: str) -> Rule | None:
        """Return the rule with the longest beginning that fits a label, None without one."""
        folded = label.casefold()
        fitting = [
            rule
            for rule in self.rules
            if rule.data_set == data_set and folded.startswith(rule.category.casefold())
        ]
        return max(fitting, key=lambda rule: len(rule.category), default=None)


def read(path: Path | None = None) -> Crosswalk:
    """Return the crosswalk of a file; by default the one of this project.

    :raises InputError: naming each line that cannot be used and what would be right
    """
    if path is None:
        return parse(_own("crosswalk.csv"), "crosswalk.csv", PROJECT)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a table in UTF-8: {error}") from error
    return parse(text, str(path), f"the user's file {path.name}")


def parse(text: str, name: str, author: str) -> Crosswalk:
    """Return the crosswalk of the text of a table; ``name`` is used in messages.

    :raises InputError: naming each line that cannot be used and what would be right
    """
    numbered = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    rows = csv.reader(line for _, line in numbered)
    header = next(rows, [])
    if tuple(header) not in (COLUMNS, COLUMNS[:-1]):
        raise InputError(f"{name}: the header must be {','.join(COLUMNS)}, not {','.join(header)}")
    rules: dict[tuple[str, str], Rule] = {}
    problems = []
    for (number, _), row in zip(numbered[1:], rows, strict=False):
        if len(row) != len(header):
            problems.append(f"{name}:{number}: {len(row)} fields instead of {len(header)}")
            continue
        # blanks at the end of a category tell "Visa rules" from "Visas"
        rule = Rule(row[0].strip(), row[1], *(value.strip() for value in row[2:]))
        problems += [f"{name}:{number}: {problem}" for problem in _problems(rule)]
        key = (rule.data_set, rule.category.casefold())
        if key in rules:
            problems.append(f"{name}:{number}: {rule.category!r} has a rule already")
        rules[key] = rule
    if problems:
        raise InputError("\n".join(problems))
    if not rules:
        raise InputError(f"{name}: has no rules below the header")
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Crosswalk(tuple(rules.values()), author, version)


def _problems(rule: Rule) -> list[str]:
    found = []
    for column, value, known in (
        ("responsibility", rule.responsibility, (*RESPONSIBILITIES, UNASSIGNED)),
        ("confidence", rule.confidence, CONFIDENCE),
    ):
        if value not in known:
            found.append(f"{column} {value!r} is none of {', '.join(known)}")
    if rule.who_phsm not in phsm() and rule.who_phsm != NONE:
        found.append(
            f"who_phsm {rule.who_phsm!r} is no code of WHO's list, such as 4.1.2, and not {NONE}"
        )
    elif rule.who_phsm == NONE and not rule.who_reason:
        found.append(f"who_phsm {NONE} needs its reason in the column who_reason")
    if not rule.category or not rule.data_set:
        found.append("data_set and category must not be empty")
    if not rule.reason:
        found.append("a decision needs a reason")
    return found
