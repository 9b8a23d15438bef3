"""The problems of chosen files or folders, checked together with what they refer to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crisisgov.errors import InputError, Problem
from crisisgov.loaders.records.check import check
from crisisgov.loaders.records.kept import KeptReads
from crisisgov.loaders.records.model import FILE_FORMS
from crisisgov.loaders.records.read import read_folder


def problems_of(paths: Iterable[Path], kept: KeptReads | None = None) -> list[Problem]:
    """Return the problems of record files or folders, sorted by file and line.

    A file is read with all the records of the folder of records in which it lies,
    so that its references can be resolved; only its own problems are returned.
    With ``kept``, files that have not changed since an earlier run are not read again.

    :raises InputError: for a path that lies in no folder of records
    """
    found: set[Problem] = set()
    for path in paths:
        root = root_of(path.resolve())
        part = path.resolve().relative_to(root).as_posix()
        records, problems = read_folder(root, kept)
        problems += check(records)
        for problem in problems:
            if part in (".", problem.file) or problem.file.startswith(part + "/"):
                shown = (
                    path if part in (".", problem.file) else path / problem.file[len(part) + 1 :]
                )
                file = str(path / problem.file) if part == "." else str(shown)
                found.add(Problem(file, problem.line, problem.field, problem.message))
    if kept is not None:
        kept.save()
    return sorted(found)


def root_of(path: Path) -> Path:
    """Return the folder of records around (or at) a path.

    :raises InputError: when there is none
    """
    if path.is_dir() and any((path / kind).is_dir() for kind in FILE_FORMS):
        return path
    for folder in (path, *path.parents):
        if folder.name in FILE_FORMS:
            return folder.parent
    kinds = ", ".join(sorted(FILE_FORMS))
    raise InputError(f"{path} lies in no folder of records; records stand in folders named {kinds}")
