"""Skeletons: the smallest right record of a kind, with what else it may hold as comments."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from crisisgov.errors import InputError, Problem, UsageError
from crisisgov.loaders.records.model import Actor, Crisis, Event, Source
from crisisgov.loaders.records.problems import problems_of

FORMS: dict[str, tuple[str, str, type[BaseModel]]] = {
    "event": ("crises", "events", Event),
    "actor": ("actors", "actors", Actor),
    "source": ("sources", "sources", Source),
    "crisis": ("crises", "crisis", Crisis),
}
"""Kind -> folder, section of the file, form."""

FOR_KIND: dict[str, dict[str, Any]] = {
    "knowledge": {"knowledge": {"basis": "press-only", "certainty": "suspected"}},
    "emergency-level-change": {"response_level": 1},
    "authorisation": {"outcome": "asked"},
    "disclosure": {"audience": ["public"]},
}
"""Kind of event -> what it needs beyond the others, with the value that claims least; a warning
needs what only the curator knows."""


@dataclass(frozen=True)
class Skeleton:
    """A record to be written: its kind, its values, and the crisis to which an event belongs."""

    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    crisis: str | None = None


def write(skeleton: Skeleton, path: Path) -> list[str]:
    """Write a record into a record file, new or at the end of its section; return its lines.

    The file is left as it was when the record would not be right.

    :raises UsageError: when the file lies in the wrong folder, or is a crisis' own file of another
    :raises InputError: with every problem that the file would have
    """
    folder, section, _ = FORMS[skeleton.kind]
    above = [parent.name for parent in path.absolute().parents]
    if folder not in above:
        raise UsageError(f"{path}: a record of the kind {skeleton.kind} stands below {folder}/")
    root = path.absolute().parents[above.index(folder) + 1]
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if before is not None and skeleton.kind == "crisis":
        raise UsageError(f"{path} exists; a crisis begins a file of its own")
    known = _said(problems_of([root]))
    record = _record_lines(skeleton)
    after = (
        _new_file(skeleton, path, record) if before is None else _inserted(before, section, record)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(after, encoding="utf-8")
    # an id given twice may be told of the other file: look at all of them
    problems = [one for one in problems_of([root]) if not _said([one]) <= known]
    if problems:
        _restore(path, before)
        raise InputError(_refusal(problems))
    return record


def _said(problems: list[Problem]) -> set[tuple[str, str, str]]:
    """Return problems without their lines, which the new record moves."""
    return {(problem.file, problem.field, problem.message) for problem in problems}


def _refusal(problems: list[Problem]) -> str:
    listed = "\n".join(f"  {one.field}: {one.message}" for one in problems)
    return f"nothing was written, since the record would not be right:\n{listed}"


def _restore(path: Path, before: str | None) -> None:
    if before is None:
        path.unlink()
    else:
        path.write_text(before, encoding="utf-8")


def _record_lines(skeleton: Skeleton) -> list[str]:
    _, _, form = FORMS[skeleton.kind]
    lines = [
        f"{name}: {_flow(skeleton.values[name])}"
        for name in form.model_fields
        if name in skeleton.values
    ]
    others = [name for name in form.model_fields if name not in skeleton.values]
    return lines + ["# what else may stand here:"] + [_comment(form, name) for name in others]


def _comment(form: type[BaseModel], name: str) -> str:
    says = " ".join((form.model_fields[name].description or "").split())
    return f"# {name}:  {says}".rstrip()


def _flow(value: Any) -> str:
    """Return a value as YAML on one line; text is quoted where it could be misread."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if re.fullmatch(r"[a-z][a-z0-9-]*", text) else json.dumps(text, ensure_ascii=False)


def _new_file(skeleton: Skeleton, path: Path, record: list[str]) -> str:
    folder, section, _ = FORMS[skeleton.kind]
    parents = [parent.name for parent in path.absolute().parents]
    up = "../" * (parents.index(folder) + 1)
    head = [f"# yaml-language-server: $schema={up}schema/{folder}.schema.json"]
    if skeleton.kind == "crisis":
        return "\n".join([*head, "crisis:", *(f"  {line}" for line in record), ""])
    if skeleton.kind == "event":
        if skeleton.crisis is None:
            raise UsageError(f"{path} is new: say with --crisis to which crisis its events belong")
        head.append(f"crisis_id: {skeleton.crisis}")
    return "\n".join([*head, f"{section}:", *_entry(record), ""])


def _entry(record: list[str]) -> list[str]:
    first, *rest = record
    return [f"  - {first}", *(f"    {line}" for line in rest)]


def _inserted(text: str, section: str, record: list[str]) -> str:
    """Return the text of a file with an entry more at the end of a section."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise InputError(f"the file is no valid YAML; mend it first: {error}") from error
    lines = text.rstrip("\n").split("\n")
    entry = _entry(record)
    if not isinstance(node, yaml.MappingNode):
        raise InputError("the file holds no sections; mend it first")
    for key, value in node.value:
        if key.value == section and isinstance(value, yaml.SequenceNode) and value.value:
            end = _end(value.value[-1], lines)
            indent = " " * (value.value[-1].start_mark.column - 2)
            shifted = [indent + line[2:] for line in entry]
            return "\n".join([*lines[:end], *shifted, *lines[end:], ""])
    return "\n".join([*lines, f"{section}:", *entry, ""])


def _end(node: yaml.Node, lines: list[str]) -> int:
    """Return the line after a node; blank lines and comments belong to what comes next."""
    mark = node.end_mark
    end = min(mark.line + (mark.column > 0), len(lines))
    while end > node.start_mark.line + 1 and not lines[end - 1].split("#")[0].strip():
        end -= 1
    return end
