"""Reading YAML so that every value knows its line, and nothing is guessed.

All scalars stay text (``NO`` is not False, ``0123`` is not 83, dates are not
date objects); the record forms convert what they declare. Duplicate keys, tabs,
wrong encodings and broken syntax are problems with a line number.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from crisisgov.errors import Problem

Path_ = tuple[str | int, ...]

_HINTS = {
    "mapping values are not allowed": (
        "text that holds a colon and a space needs quotes around it; "
        "otherwise compare the indentation with the line before"
    ),
    "did not find expected key": (
        "compare the indentation with the lines before, and close every quotation mark "
        "(inside '...' write '' for an apostrophe)"
    ),
    "did not find expected ','": "close the bracket, or put quotes around text with , : [ ] { }",
    "cannot start any token": "text that begins with @ ` % or a tab needs quotes around it",
    "found unexpected end of stream": "close the quotation mark",
    "could not find expected ':'": "a field is written `name: value`",
    "found another document": "a file holds one document; remove the line ---",
    "undefined alias": "text that begins with * needs quotes around it",
    "unknown escape character": "in \"...\" write \\\\ for a backslash, or use '...'",
}
"""Part of what the YAML parser says -> what to do about it."""


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
    A file that is wrong only in its encoding, or in tabs between words, is still
    read, so that what else is wrong in it is found in the same round.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, [Problem(name, 1, "", f"cannot be read: {error.strerror}")]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None, [Problem(name, 1, "", "the file is in UTF-16; save it in UTF-8")]
    problems = _encoding_problems(raw, name)
    text = raw.decode("utf-8-sig", errors="replace")
    tabs, in_indentation = _tab_problems(text, name)
    problems += tabs
    if in_indentation:
        return None, problems
    try:
        node = yaml.compose(text.replace("\t", " "), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        return None, [*problems, _syntax_problem(error, name)]
    except yaml.reader.ReaderError as error:
        character = "control character" if isinstance(error.character, int) else "character"
        line = text[: error.position].count("\n") + 1
        message = f"holds a {character} that text cannot have ({error.character:#04x}); remove it"
        return None, [*problems, Problem(name, line, "", message)]
    if node is None:
        return None, [
            *problems,
            Problem(name, 1, "", "the file is empty; it must hold at least one record"),
        ]
    reader = _Reader(name)
    data = reader.value(node, ())
    problems += reader.problems
    return (None if reader.repeats else Document(name, data, reader.lines)), problems


def _encoding_problems(raw: bytes, name: str) -> list[Problem]:
    """Return a problem for the first line that is not UTF-8, saying how many there are."""
    wrong = []
    for number, line in enumerate(raw.split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            wrong.append((number, line[error.start]))
    if not wrong:
        return []
    first, byte = wrong[0]
    more = f" (and so in {len(wrong) - 1} more lines)" if len(wrong) > 1 else ""
    return [
        Problem(name, first, "", f"byte {byte:#04x} is not UTF-8{more}; save the file in UTF-8")
    ]


def _tab_problems(text: str, name: str) -> tuple[list[Problem], bool]:
    """Return a problem for each line with a tab, and whether one is in the indentation."""
    problems, in_indentation = [], False
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            leading = "\t" in line[: len(line) - len(line.lstrip())]
            in_indentation |= leading
            where = "in the indentation" if leading else f"in column {line.index(chr(9)) + 1}"
            problems.append(Problem(name, number, "", f"a tab {where}; write spaces instead"))
    return problems, in_indentation


def _syntax_problem(error: yaml.MarkedYAMLError, name: str) -> Problem:
    what = error.problem or "cannot be read"
    mark, context = error.problem_mark or error.context_mark, error.context_mark
    if "end of stream" in what and context is not None:
        mark = context  # where the quotation began says more than the end of the file
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    elsewhere = context is not None and context.line + 1 != line
    begun = f", in what began in line {context.line + 1}" if context and elsewhere else ""
    hint = next((f"; {right}" for part, right in _HINTS.items() if part in what), "")
    message = f"not valid YAML: {what.removeprefix('but ')} in column {column}{begun}{hint}"
    return Problem(name, line, "", message)


def ids_mentioned(path: Path) -> set[str]:
    """Return what looks like an id in a file that is not valid YAML.

    References to these records are not called unknown: they will be there when
    the file is mended.
    """
    try:
        text = path.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return set()
    return set(re.findall(r"\bid:\s*[\"']?([A-Za-z0-9-]+)", text))


class _Reader:
    """Turns a node tree into plain data and remembers lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []
        self.seen: set[yaml.Node] = set()
        self.repeats = False

    def value(self, node: yaml.Node, path: Path_) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node in self.seen:
            shown = ".".join(str(step) for step in path)
            message = "repeats another place by & and *; write the value out"
            self.problems.append(Problem(self.name, self.lines[path], shown, message))
            self.repeats = True
            return None
        self.seen.add(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)  # there are three kinds of nodes
        plain = not node.style
        if node.value == "" or (plain and node.value in ("null", "Null", "NULL", "~")):
            return None
        return node.value

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                message = "a list or record cannot be the name of a field; write `name: value`"
                self.problems.append(Problem(self.name, line, "", message))
                continue
            key = str(key_node.value)
            if key in result:
                first = self.lines[(*path, key)]
                shown = ".".join(str(step) for step in (*path, key))
                message = f"given twice (first in line {first}); keep one"
                self.problems.append(Problem(self.name, line, shown, message))
                continue
            self.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key))
        return result
