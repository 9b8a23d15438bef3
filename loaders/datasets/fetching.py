"""Downloading a data set from its official address: go on where it stopped, check the whole."""

from __future__ import annotations

import csv
import gzip
import http.client
import io
import os
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crisisgov.errors import CrisisgovError, InputError
from crisisgov.loaders.datasets import coronanet
from crisisgov.loaders.datasets.rows import file_sha256

SECONDS = 60
_PIECE = 1 << 16
_ATTEMPTS = 5


class FetchError(CrisisgovError):
    """The file could not be fetched; what came so far is kept."""


class BadDownload(InputError):
    """What was fetched is not the file that was meant."""


@dataclass(frozen=True)
class Official:
    """An official file: its address, its name here, and what must be in it."""

    name: str
    url: str
    file: str
    columns: tuple[str, ...]
    least_rows: int
    """Fewer rows mean that the file is not whole; the set only grows."""


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched and checked; ``resumed_from`` is 0 when it came in one go."""

    path: Path
    bytes: int
    rows: int
    sha256: str
    resumed_from: int


OFFICIAL = {
    "coronanet": Official(
        "coronanet",
        "https://raw.githubusercontent.com/CoronaNetDataScience/corona_tscs/master/"
        "data/CoronaNet/data_bulk/coronanet_release.csv.gz",
        "coronanet_release.csv.gz",
        coronanet.REQUIRED,
        100_000,
    )
}
"""What can be fetched, by name."""

Progress = Callable[[int, int | None], None]


def fetch(
    official: Official,
    folder: Path,
    url: str | None = None,
    progress: Progress = lambda at, total: None,
    least_rows: int | None = None,
    sha256: str | None = None,
) -> Fetched:
    """Fetch a file into a folder, going on with the part that an earlier attempt has left.

    The part keeps the ETag of the file it belongs to: when the file has changed since, it
    is fetched anew. The file appears under its name only when it is whole and checked.

    :param sha256: the digest that the file must have, where one is known; upstream gives none
    :raises FetchError: when the address cannot be read; the part stays for the next attempt
    :raises BadDownload: when what came is not gzip, lacks columns, has too few rows or another
        digest; it is thrown away
    """
    address = url or official.url
    if not address.startswith(("https://", "http://")):
        raise InputError(f"{address}: give an address that begins with https:// or http://")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(f"cannot write {folder}: {error.strerror}; choose another --to") from error
    target = folder / official.file
    part = folder / f".{official.file}.part"
    resumed = _download(address, part, progress)
    digest = file_sha256(part)
    try:
        if sha256 is not None and digest != sha256.strip().casefold():
            raise BadDownload(
                f"{official.name}: what came has the sha256 {digest}, not {sha256}; it is thrown "
                "away: fetch again, or leave out --sha256 when upstream has a newer file"
            )
        rows = check(part, official, official.least_rows if least_rows is None else least_rows)
    except BadDownload:
        part.unlink()
        _tag(part).unlink(missing_ok=True)
        raise
    os.replace(part, target)
    _tag(part).unlink(missing_ok=True)
    return Fetched(target, target.stat().st_size, rows, digest, resumed)


def _tag(part: Path) -> Path:
    return part.with_name(part.name + ".etag")


def _download(address: str, part: Path, progress: Progress) -> int:
    """Fetch until nothing is missing; return from which byte an earlier part was gone on with."""
    resumed: int | None = None
    for attempt in range(_ATTEMPTS):
        have = part.stat().st_size if part.exists() else 0
        try:
            began, whole = _attempt(address, part, have, progress)
        except urllib.error.HTTPError as error:
            raise FetchError(
                f"{address}: the server answers {error.code} {error.reason}; see whether the "
                "address still holds (--url gives another)"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            if attempt == _ATTEMPTS - 1 or (part.stat().st_size if part.exists() else 0) == have:
                raise FetchError(
                    f"{address}: {error}; run the command again to go on from there"
                ) from error
            continue
        resumed = began if resumed is None else resumed
        if whole:
            return resumed
        if part.stat().st_size <= have:
            raise FetchError(
                f"{address}: the server hung up before anything came; run the command again to go "
                "on from there"
            )
    raise FetchError(f"{address}: the connection broke {_ATTEMPTS} times; run the command again")


def _attempt(address: str, part: Path, have: int, progress: Progress) -> tuple[int, bool]:
    """Fetch what is missing; return the byte it began at, and whether all has come."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "identity"})
    tag = _tag(part).read_text(encoding="utf-8") if _tag(part).exists() else ""
    if have and tag:
        # If-Range: the whole file instead of a piece when it is no longer the same
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", tag)
    try:
        answer = urllib.request.urlopen(request, timeout=SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == 416 and have:
            return have, True  # nothing lies behind what is here
        raise
    with answer:
        began = have if answer.status == 206 else 0
        size = answer.headers.get("Content-Length")
        total = began + int(size) if size is not None else None
        if began == 0:
            _tag(part).unlink(missing_ok=True)
            if (strong := answer.headers.get("ETag", "")) and not strong.startswith("W/"):
                _tag(part).write_text(strong, encoding="utf-8")
        at = began
        with part.open("ab" if began else "wb") as file:
            while piece := answer.read(_PIECE):
                file.write(piece)
                at += len(piece)
                progress(at, total)
    return began, total is None or at >= total


def check(path: Path, official: Official, least_rows: int) -> int:
    """Read a packed CSV file to its end; return its rows.

    :raises BadDownload: when it is torn, no gzip, lacks columns or has too few rows
    """
    csv.field_size_limit(1_000_000)
    try:
        with gzip.open(path, "rb") as raw:
            reader = csv.reader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
            header = next(reader, [])
            rows = sum(1 for row in reader if row)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadDownload(f"{official.name}: what came is torn or no gzip ({error})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadDownload(f"{official.name}: what came is no CSV in UTF-8 ({error})") from error
    missing = [column for column in official.columns if column not in header]
    if missing:
        raise BadDownload(f"{official.name}: the header lacks {', '.join(missing)}")
    if rows < least_rows:
        raise BadDownload(f"{official.name}: {rows:,} rows came; there are at least {least_rows:,}")
    return rows
