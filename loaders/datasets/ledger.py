"""What became of every row: counts that add up to the input, and the rejects file."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from crisisgov.errors import InputError

_LONGEST = 200  # characters of a row that the rejects file shows
_MOST_REASONS = 1000  # reasons name values, so that there can be one for each row


class StrictReject(InputError):
    """With ``--strict``: the first row that cannot be used ends the build."""


class _Writer(Protocol):
    def writerow(self, row: list[object], /) -> object: ...


class Rejects:
    """The rejects file: file, line, reason and the beginning of each row that was left out.

    It is written beside its place and put there by :meth:`keep`; nothing is left of it
    when a build fails or is stopped. ``reasons`` counts rows by data set and reason.
    """

    def __init__(self, path: Path | None, *, strict: bool = False) -> None:
        self.path = path
        self.strict = strict
        self.count = 0
        self.reasons: Counter[tuple[str, str]] = Counter()
        self._part = None if path is None else path.with_name(path.name + ".part")
        self._file: IO[str] | None = None
        self._writer: _Writer | None = None

    def add(self, dataset: str, file: str, line: int, reason: str, text: str = "") -> None:
        """Note one row.

        :raises StrictReject: when nothing may be left out
        """
        self.count += 1
        if (dataset, reason) in self.reasons or len(self.reasons) < _MOST_REASONS:
            self.reasons[dataset, reason] += 1
        if self.strict:
            raise StrictReject(
                f"{dataset}: {file}, line {line}: {reason}; correct the file, or build without "
                "--strict to load what can be loaded"
            )
        if self._part is None:
            return
        if self._writer is None:
            self._part.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["dataset", "file", "line", "reason", "row"])
        shown = text.strip().encode("utf-8", "backslashreplace").decode()[:_LONGEST]
        self._writer.writerow([dataset, file, line, reason, shown])

    def keep(self) -> Path | None:
        """Put the file in its place and return where; None when nothing was rejected."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)  # that of an earlier build says nothing of this one
        if self._file is None or self._part is None or self.path is None:
            return None
        self._file.close()
        self._part.replace(self.path)
        return self.path

    def discard(self) -> None:
        """Leave nothing behind."""
        if self._file is not None:
            self._file.close()
        if self._part is not None:
            self._part.unlink(missing_ok=True)


@dataclass
class Tally:
    """Counts of one data set; ``rows = records + duplicates + rejected`` at any time.

    A record is a row that documents an event or, in a series, one that was read for it:
    most days of a series bring no change.
    """

    name: str
    rows: int = 0
    records: int = 0
    duplicates: int = 0
    rejected: int = 0
    events: int = 0
    linked: int = 0
    """Records that document a curated event or one of another set."""
    quads: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    """How often each quality flag or other remark was given."""
    files: dict[str, Counter[str]] = field(default_factory=dict)
    """The same three outcomes for each file."""

    def balanced(self) -> bool:
        """Whether every row has exactly one outcome."""
        return self.rows == self.records + self.duplicates + self.rejected

    def summary(self) -> dict[str, int]:
        """Return the counts by name."""
        return {
            "rows": self.rows,
            "records": self.records,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "events": self.events,
            "linked": self.linked,
            "quads": self.quads,
        }


class Ledger:
    """Notes the outcome of each row of one data set."""

    def __init__(self, name: str, rejects: Rejects) -> None:
        self.tally = Tally(name)
        self._rejects = rejects

    def file(self, name: str) -> FileLedger:
        """Return the ledger of one file."""
        return FileLedger(self.tally, self._rejects, name)


class FileLedger:
    """Notes the outcome of each row of one file."""

    def __init__(self, tally: Tally, rejects: Rejects, name: str) -> None:
        self.name = name
        self._tally = tally
        self._rejects = rejects
        self._counts = tally.files.setdefault(name, Counter())

    def record(self, *, linked: bool = False) -> None:
        """Note that a row documents an event."""
        self._tally.rows += 1
        self._tally.records += 1
        self._tally.linked += linked
        self._counts["records"] += 1

    def duplicate(self) -> None:
        """Note that a row repeats one that was read before."""
        self._tally.rows += 1
        self._tally.duplicates += 1
        self._counts["duplicates"] += 1

    def reject(self, line: int, reason: str, text: str = "") -> None:
        """Note that a row cannot be used, and why.

        :raises StrictReject: when nothing may be left out
        """
        self._tally.rows += 1
        self._tally.rejected += 1
        self._counts["rejected"] += 1
        self._rejects.add(self._tally.name, self.name, line, reason, text)

    def rows(self) -> int:
        """Return how many rows of the file have an outcome."""
        return self._counts.total()

    def note(self, what: str) -> None:
        """Count a quality flag or another remark."""
        self._tally.notes[what] += 1


Tick = Callable[[str, int, int, int], None]
"""Called now and then with data set, rows read, bytes read and bytes in all."""
