"""Reading a folder of curated records, with every problem collected.

The order of checks: syntax of each file, form of each record, then what holds
between records (:mod:`crisisgov.loaders.records.check`). All problems of all
files are reported together: what is wrong in one record hides nothing that is
wrong in another.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from crisisgov.errors import InputError, Problem, RecordErrors
from crisisgov.loaders.records import yaml_source
from crisisgov.loaders.records.check import check
from crisisgov.loaders.records.files import RecordFile, Records
from crisisgov.loaders.records.form import item_of, model_of, without_unknown_fields
from crisisgov.loaders.records.kept import KeptReads, Read
from crisisgov.loaders.records.messages import form_problem
from crisisgov.loaders.records.model import FILE_FORMS, Record

SUFFIX = ".yaml"
NOT_RECORDS = {"README.md", "LICENSE", "__init__.py", "__pycache__", "schema"}


def read_file(path: Path, name: str, kind: str) -> Read:
    """Read one file of the given kind; return what is usable of it, and its problems."""
    document, problems = yaml_source.read(path, name)
    if document is None:
        return None, problems
    form = FILE_FORMS[kind]
    try:
        content = form.model_validate(document.data)
    except ValidationError as error:
        details = [*error.errors(), *_hidden_errors(form, document.data)]
        problems += dict.fromkeys(form_problem(document, form, detail) for detail in details)
        content = _usable_part(form, document.data)
    return RecordFile(name, kind, document, content), problems


def _hidden_errors(form: type[BaseModel], data: Any) -> list[Any]:
    """Return the errors that show only when unknown fields are left out.

    Rules between fields (an end before its start) are not tried on a record that
    has an unknown field.
    """
    try:
        form.model_validate(without_unknown_fields(form, data))
    except ValidationError as error:
        return list(error.errors())
    return []


def _usable_part(form: type[Record], data: Any) -> Record:
    """Return a file's content with None for each record that is wrong."""
    content: dict[str, Any] = {}
    for name, info in form.model_fields.items():
        value = data.get(name) if isinstance(data, dict) else None
        item, model = item_of(info.annotation), model_of(info.annotation)
        record = model_of(item) if item is not None else None
        if record is not None:
            entries = value if isinstance(value, list) else []
            content[name] = [_record(record, entry) for entry in entries]
        elif model is not None:
            content[name] = _record(model, value)
        else:
            content[name] = value
    return form.model_construct(**content)


def _record(form: type[BaseModel], data: Any) -> BaseModel | None:
    try:
        return form.model_validate(data)
    except ValidationError:
        return None


def read_folder(folder: Path, kept: KeptReads | None = None) -> tuple[Records, list[Problem]]:
    """Read every record file below a seeds folder; what is ``kept`` is not read again.

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
        if path.name.startswith(".") and path.suffix not in (SUFFIX, ".yml"):
            continue  # what editors and systems leave behind
        if "/" not in name or top not in FILE_FORMS:
            known = ", ".join(sorted(FILE_FORMS))
            problems.append(Problem(name, 1, "", f"lies in no folder of records ({known})"))
        elif path.suffix != SUFFIX:
            problems.append(Problem(name, 1, "", f"records are kept in {SUFFIX} files; rename it"))
        else:
            file, found = _read_or_kept(path, name, top, kept)
            problems += found
            if file is not None:
                records.files.append(file)
            else:
                records.ids_of_broken_files |= yaml_source.ids_mentioned(path)
    if not records.files and not problems:
        raise InputError(f"{folder} holds no records")
    return records, problems


def _read_or_kept(path: Path, name: str, kind: str, kept: KeptReads | None) -> Read:
    if kept is None:
        return read_file(path, name, kind)
    try:
        raw = path.read_bytes()
    except OSError:
        return read_file(path, name, kind)
    read = kept.get(name, kind, raw)
    if read is None:
        read = read_file(path, name, kind)
        kept.put(name, kind, raw, read)
    return read


def load(folder: Path) -> Records:
    """Read and cross-check a seeds folder.

    :raises RecordErrors: with every problem of every file
    """
    records, problems = read_folder(folder)
    problems += check(records)
    if problems:
        raise RecordErrors(problems)
    return records


__all__ = ["Read", "RecordFile", "Records", "load", "read_file", "read_folder"]
