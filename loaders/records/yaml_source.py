"""Reading YAML so that every value knows its line, and nothing is guessed.

All scalars stay text (``NO`` is not False, ``0123`` is not 83, dates are not
date objects); the record forms convert what they declare. Duplicate keys, tabs,
wrong encodings and broken syntax are problems with a line number.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from crisisgov.errors import Problem

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A parsed file: plain data, and the line (from 1) of every path inside it."""

    file: str
    data: Any
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """Return the line of a path, or of the nearest thing around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(path: Path, name: str) -> tuple[Document | None, list[Problem]]:
    """Read one file; ``name`` is how messages call it.

    Returns the document (None when nothing could be made of it) and the problems.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = f"byte {raw[error.start]:#04x} is not UTF-8; save the file in UTF-8"
        return None, [Problem(name, line, "", message)]
    problems = [
        Problem(name, number, "", "a tab in the indentation; YAML wants spaces")
        for number, line in enumerate(text.split("\n"), 1)
        if "\t" in line[: len(line) - len(line.lstrip())]
    ]
    if problems:
        return None, problems
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = " ".join(part for part in (error.context, error.problem) if part)
        return None, [Problem(name, line, "", f"not valid YAML: {what}")]
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        return None, [Problem(name, line, "", f"not valid YAML: {error.reason}")]
    if node is None:
        return None, [Problem(name, 1, "", "the file is empty; it must hold at least one record")]
    reader = _Reader(name)
    data = reader.value(node, ())
    return Document(name, data, reader.lines), reader.problems


class _Reader:
    """Turns a node tree into plain data and remembers lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: yaml.Node, path: Path_) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        if node.value == "" or (node.style is None and node.value in ("null", "~")):
            return None
        return node.value

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in result:
                first = self.lines[(*path, key)]
                self.problems.append(
                    Problem(self.name, line, key, f"given twice (first in line {first}); keep one")
                )
                continue
            self.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key))
        return result
