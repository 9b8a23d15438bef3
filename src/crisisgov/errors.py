"""Errors that crisisgov raises on purpose.

::

    CrisisgovError                 exit status 3: the system failed
    ├── UsageError                 exit status 2: wrong use of a command
    └── InputError                 exit status 1: what was given cannot be used
        ├── RecordErrors           curated records, all problems at once
        └── QueryError             a SPARQL query (HTTP status on the class)

``exit_status`` and ``status`` are read from the class when the error is
handled, so a subclass only has to name its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class CrisisgovError(Exception):
    """Base of every error that this package raises on purpose."""

    exit_status: ClassVar[int] = 3
    status: ClassVar[int] = 500


class UsageError(CrisisgovError):
    """A command or function was called in a way that it does not offer."""

    exit_status = 2
    status = 400


class InputError(CrisisgovError):
    """What the user gave cannot be used; the message says what would be right."""

    exit_status = 1
    status = 400


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place of one file.

    ``line`` counts from 1; ``field`` is the path inside the record, empty when
    the whole file is meant.
    """

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return (
            f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"
        )


class RecordErrors(InputError):
    """Every problem found in a set of curated records, sorted by file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
