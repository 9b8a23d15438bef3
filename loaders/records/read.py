"""Reading a folder of curated records, with every problem collected.

The order of checks: syntax of each file, form of each record, then what holds
between records (:mod:`crisisgov.loaders.records.check`). All problems of all
files are reported together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crisisgov.errors import InputError, Problem, RecordErrors
from crisisgov.loaders.records import yaml_source
from crisisgov.loaders.records.model import FILE_FORMS, Record

SUFFIX = ".yaml"
NOT_RECORDS = {"README.md", "__init__.py", "__pycache__", "schema"}


@dataclass(frozen=True)
class RecordFile:
    """One file of records: where it lies, what kind it is, and its validated content."""

    name: str
    """Path below the seeds folder, with forward slashes."""
    kind: str
    document: yaml_source.Document
    content: Record


@dataclass
class Records:
    """All files of a seeds folder that could be read."""

    files: list[RecordFile] = field(default_factory=list)

    def of_kind(self, kind: str) -> Iterator[RecordFile]:
        """Yield the files of one folder, in order of their names."""
        return (file for file in self.files if file.kind == kind)


def read_file(path: Path, name: str, kind: str) -> tuple[RecordFile | None, list[Problem]]:
    """Read one file of the given kind; return it (if usable) and its problems."""
    document, problems = yaml_source.read(path, name)
    if document is None:
        return None, problems
    form = FILE_FORMS[kind]
    try:
        content = form.model_validate(document.data)
    except ValidationError as error:
        problems += [_problem(document, detail) for detail in error.errors()]
        return None, problems
    return RecordFile(name, kind, document, content), problems


def _problem(document: yaml_source.Document, detail: Any) -> Problem:
    # pydantic puts the names of union members into `loc`; they are no keys of the file
    path: list[str | int] = []
    for step in detail["loc"]:
        if (*path, step) in document.lines or detail["type"] in ("missing", "extra_forbidden"):
            path.append(step)
    shown = ".".join(str(step) for step in path)
    return Problem(document.file, document.line(tuple(path)), shown, _message(detail))


def _message(detail: Any) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return "is missing; it is required"
    if kind == "extra_forbidden":
        return "is no field of this record; see seeds/README.md for the fields there are"
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        return f"{detail['input']!r} does not have the form {context['pattern']}"
    if kind in ("enum", "literal_error"):
        return f"{detail['input']!r} is none of {context['expected']}"
    if kind == "model_type":
        return "must be a record with fields, not a single value or a list"
    if kind == "list_type":
        return "must be a list; begin each entry with `- ` or write [a, b]"
    return f"{detail['msg']} (got {detail['input']!r})"


def read_folder(folder: Path) -> tuple[Records, list[Problem]]:
    """Read every record file below a seeds folder.

    :raises InputError: if the folder does not exist or holds no record at all
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder of records")
    records, problems = Records(), []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        top = name.split("/")[0]
        if path.is_dir() or top in NOT_RECORDS or path.name in NOT_RECORDS:
            continue
        if "/" not in name or top not in FILE_FORMS:
            known = ", ".join(sorted(FILE_FORMS))
            problems.append(Problem(name, 1, "", f"lies in no folder of records ({known})"))
        elif path.suffix != SUFFIX:
            problems.append(Problem(name, 1, "", f"records are kept in {SUFFIX} files; rename it"))
        else:
            file, found = read_file(path, name, top)
            problems += found
            if file is not None:
                records.files.append(file)
    if not records.files and not problems:
        raise InputError(f"{folder} holds no records")
    return records, problems


def load(folder: Path) -> Records:
    """Read and cross-check a seeds folder.

    :raises RecordErrors: with every problem of every file
    """
    from crisisgov.loaders.records.check import check  # noqa: PLC0415  (check imports this module)

    records, problems = read_folder(folder)
    problems += check(records)
    if problems:
        raise RecordErrors(problems)
    return records
