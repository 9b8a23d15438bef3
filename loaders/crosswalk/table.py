"""The table of the crosswalk: rules by the beginning of a category's label."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from crisisgov.errors import InputError

COLUMNS = ("data_set", "category", "responsibility", "confidence", "who_phsm", "reason")
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

PHSM = {
    "individual": ("Individual measures", "个人防护措施", "Wearing a mask."),
    "environmental": ("Environmental measures", "环境措施", "Disinfecting a market."),
    "surveillance": ("Surveillance and response measures", "监测与应对措施", "Tracing contacts."),
    "distancing": (
        "Social and physical distancing measures",
        "社会与身体距离措施",
        "Closing schools.",
    ),
    "travel": ("International travel measures", "国际旅行措施", "Screening arrivals."),
    "drug-based": ("Drug-based measures", "药物措施", "Treatment with a medicine."),
    "biological": ("Biological measures", "生物制品措施", "Vaccination."),
    "scaling-up": ("Other measures: scaling up", "其他：扩大能力", "Building a hospital."),
    "communication": (
        "Other measures: communications and engagement",
        "其他：宣传与动员",
        "A public campaign.",
    ),
    "legal": (
        "Other measures: legal and policy regulations",
        "其他：法律与政策",
        "Declaring an emergency.",
    ),
    "financial": ("Other measures: financial packages", "其他：财政措施", "Relief for households."),
    "other": ("Other measures not elsewhere classified", "其他未分类措施", "A rule of trade."),
}
"""Classes of WHO's tracker of public health and social measures (2020), by our ids.

Each with its name in English and Chinese, and an example.
"""


@dataclass(frozen=True)
class Rule:
    """What is said of every category whose label begins with ``category``."""

    data_set: str
    category: str
    responsibility: str
    confidence: str
    who_phsm: str
    reason: str


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
        text = (files("crisisgov") / "loaders" / "crosswalk" / "crosswalk.csv").read_text("utf-8")
        return parse(text, "crosswalk.csv", PROJECT)
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
    if tuple(header) != COLUMNS:
        raise InputError(f"{name}: the header must be {','.join(COLUMNS)}, not {','.join(header)}")
    rules: dict[tuple[str, str], Rule] = {}
    problems = []
    for (number, _), row in zip(numbered[1:], rows, strict=False):
        if len(row) != len(COLUMNS):
            problems.append(f"{name}:{number}: {len(row)} fields instead of {len(COLUMNS)}")
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
        ("who_phsm", rule.who_phsm, tuple(PHSM)),
    ):
        if value not in known:
            found.append(f"{column} {value!r} is none of {', '.join(known)}")
    if not rule.category or not rule.data_set:
        found.append("data_set and category must not be empty")
    if not rule.reason:
        found.append("a decision needs a reason")
    return found
