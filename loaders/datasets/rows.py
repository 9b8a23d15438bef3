"""Reading CSV files row by row, packed or not, whatever state they are in."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from crisisgov.loaders.datasets.ledger import FileLedger

csv.field_size_limit(1_000_000)
TICK_ROWS = 500


@dataclass
class Row:
    """One row: the line on which it ends, and its values by column."""

    line: int
    values: list[str]


class Table:
    """The rows of one CSV file.

    A row that cannot be read is rejected in the ledger and the reading goes on behind it:
    bytes that are no UTF-8, a wrong number of fields, a quote that is never closed (each
    line that it swallowed is looked at by itself), the torn end of a packed file.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        ledger: FileLedger,
        tick: Callable[[int], None] = lambda position: None,
    ) -> None:
        self.path = path
        self.name = name
        self._ledger = ledger
        self._tick = tick
        self.columns: dict[str, int] = {}
        self._torn: str | None = None

    def rows(self, required: Sequence[str]) -> Iterator[Row]:
        """Yield the rows that can be read.

        When a required column is missing, every row is rejected and none is yielded.
        """
        with self.path.open("rb") as raw, _decoded(raw) as decoded:
            self._raw_position = raw.tell
            reader = _Reader(self._lines(decoded))
            header = reader.next()
            if header is None:
                self._ledger.reject(1, self._torn or "the file is empty: there is no header")
                return
            names = [name.strip() for name in header.values]
            self.columns = {name: number for number, name in enumerate(names)}
            missing = [name for name in required if name not in self.columns]
            problem = _header_problem(missing, names)
            yield from self._rows(reader, len(names), problem)
        if self._torn is not None:
            self._ledger.reject(reader.line + 1, self._torn)

    def _rows(self, reader: _Reader, width: int, problem: str | None) -> Iterator[Row]:
        read = 0
        while (found := reader.next()) is not None:
            read += 1
            if read % TICK_ROWS == 0:
                self._tick(self._position())
            if not "".join(found.values).strip("\x00"):
                continue  # an empty line is no row
            wrong = problem or found.wrong or _text_problem(found.values, width)
            if wrong is None:
                yield Row(reader.line, found.values)
            elif self._torn is not None and reader.ended():
                # half a row at the torn end: the file itself is noted, once
                return
            else:
                yield from self._salvage(found, wrong, width, reader.line, problem)

    def _salvage(
        self, found: _Found, wrong: str, width: int, line: int, problem: str | None
    ) -> Iterator[Row]:
        """Reject a broken row; yield the good rows that an unclosed quote has swallowed."""
        swallowed = found.lines
        first = line - len(swallowed) + 1
        self._ledger.reject(first, wrong, swallowed[0])
        if problem is not None or len(swallowed) == 1:
            return
        for number, text in enumerate(swallowed[1:], first + 1):
            values = _parsed(text)
            if len(values) == width and _text_problem(values, width) is None:
                yield Row(number, values)
            elif len(values) > 1:
                self._ledger.reject(number, "swallowed by the unclosed quote of a row above", text)

    def _position(self) -> int:
        return self._raw_position() if self._raw_position is not None else 0

    _raw_position: Callable[[], int] | None = None

    def _lines(self, decoded: IO[str]) -> Iterator[str]:
        try:
            yield from decoded
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self._torn = f"the packed file is torn here ({error}): what follows cannot be read"


def _decoded(raw: IO[bytes]) -> io.TextIOWrapper:
    """Return the text of a file, packed or not; bytes that are no UTF-8 become surrogates."""
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="\n")


@dataclass
class _Found:
    values: list[str]
    lines: list[str]
    wrong: str | None = None


class _Reader:
    """csv.reader that keeps the lines of the row at hand and survives what it cannot parse."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._source = lines
        self._kept: list[str] = []
        self._over = False
        self.line = 0
        self._csv = csv.reader(self._feed())

    def _feed(self) -> Iterator[str]:
        for text in self._source:
            self.line += 1
            self._kept.append(text)
            yield text
        self._over = True

    def ended(self) -> bool:
        """Whether the last line was read."""
        return self._over

    def next(self) -> _Found | None:
        """Return the next row, None at the end."""
        self._kept = []
        try:
            return _Found(next(self._csv), self._kept)
        except StopIteration:
            return None
        except csv.Error as error:
            found = _Found([""], self._kept or [""], f"no CSV: {error}")
            self._csv = csv.reader(self._feed())
            return found


def _header_problem(missing: list[str], names: list[str]) -> str | None:
    if not missing:
        return None
    seen = ", ".join(names[:5]).encode("ascii", "replace").decode()
    return (
        f"the header lacks {', '.join(missing)} (it begins with {seen}): "
        "another form of the file, or not encoded in UTF-8"
    )


def _text_problem(values: list[str], width: int) -> str | None:
    if len(values) != width:
        return f"{len(values)} fields instead of {width}"
    joined = "".join(values)
    if not joined.isascii() and not _is_text(joined):
        return "bytes that are no UTF-8"
    return None


def _parsed(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return [line, ""]  # no row, and not empty


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


COMPANIONS = re.compile(
    r"\.|country_region_clean|ChinaAreaCode|CountryCode|OxCGRT_timeseries_|confirmed_"
    r"|[ceh]\d_flag|(stringency|containment_health|government_response|economic_support)_index"
)
"""Files beside those of a set that hold no rows of events: codes, index series, flags."""


def files(path: Path, suffixes: tuple[str, ...] = (".csv", ".csv.gz")) -> list[tuple[str, Path]]:
    """Return name and path of the data files of a folder (or of the one file), in name order.

    Names are relative to the folder. Parts of downloads, hidden files and
    :data:`COMPANIONS` are left out.
    """
    if path.is_file():
        return [(path.name, path)]
    found = [
        one
        for one in path.rglob("*")
        if one.is_file() and one.name.endswith(suffixes) and not COMPANIONS.match(one.name)
    ]
    return sorted((one.relative_to(path).as_posix(), one) for one in found)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
