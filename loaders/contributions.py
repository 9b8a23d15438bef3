"""What was contributed over HTTP: a journal that a build reads beside the curated records.

In the data folder::

    contributions/journal      one line for each accepted write, oldest first

A line is a checksum, a space, and JSON with the quads that the write took away
and those that it added (as N-Quads). A line counts once it is on disk as a
whole: the last one of a process that was killed while writing has a wrong
checksum, is not read, and is cut off by the next write. A journal that has grown
to much more than what it leaves is replaced by one entry with just that, in one
step. Whoever writes holds the build lock of the data folder
(:meth:`crisisgov.loaders.versions.VersionStore.lock`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from crisisgov.errors import InputError, RecordErrors
from crisisgov.loaders.version_files import VersionError, cannot, sync
from crisisgov.ontology import terms

PREFIX = terms.graph("contrib/")
"""Beginning of the IRI of every graph that may be written over HTTP."""

COMPACT_BYTES = 1_000_000
"""From this length on, a journal twice as long as what it leaves is written anew."""

_CHECKSUM = 64  # hexadecimal digits


def is_contribution(graph: str) -> bool:
    """Tell whether ``graph`` is the IRI of a graph that may be written over HTTP."""
    segments = graph.removeprefix(PREFIX).split("/")
    return graph.startswith(PREFIX) and not {"", ".", ".."} & set(segments)


class Journal:
    """The journal in the data folder ``root``."""

    def __init__(self, root: Path) -> None:
        self.path = root / "contributions" / "journal"

    def quads(self) -> set[ox.Quad]:
        """Return what the accepted writes have left, all in graphs under :data:`PREFIX`.

        :raises VersionError: when the journal cannot be read or is damaged before its end
        """
        found: set[ox.Quad] = set()
        for line in self._whole_lines():
            entry = json.loads(line[_CHECKSUM + 1 :])
            found.difference_update(_parse(entry["removed"]))
            found.update(_parse(entry["added"]))
        return found

    def append(self, removed: Collection[ox.Quad], added: Collection[ox.Quad]) -> int:
        """Write one entry and return when the disk has it; the result is for :meth:`undo`.

        :raises VersionError: when it cannot be written; the journal is then as it was
        """
        line = _line(removed, added)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            kept = self._compact()
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                # Cut off what a killed process has left, then write behind the last whole line.
                os.ftruncate(descriptor, kept)
                os.lseek(descriptor, kept, os.SEEK_SET)
                _write_all(descriptor, line)
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, kept)
                raise
            finally:
                os.close(descriptor)
            sync(self.path.parent)
            sync(self.path.parent.parent)
        except OSError as error:
            raise cannot("write", self.path, error) from error
        return kept

    def undo(self, length: int) -> None:
        """Take back the entry for which :meth:`append` returned ``length``.

        :raises VersionError: when the disk does not do it
        """
        try:
            os.truncate(self.path, length)
            sync(self.path)
        except OSError as error:
            raise cannot("write", self.path, error) from error

    def _compact(self) -> int:
        """Shorten a long journal to what it leaves; return its length without half lines.

        The old file stands until the new one is on disk, whole.
        """
        length = sum(len(line) + 1 for line in self._whole_lines())
        if length < COMPACT_BYTES:
            return length
        line = _line((), self.quads())
        if len(line) * 2 > length:
            return length
        beside = self.path.with_name("journal.new")
        with beside.open("wb") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self.path)
        sync(self.path.parent)
        return len(line)

    def about(self, text: str) -> list[tuple[int, str]]:
        """Return number and time of the entries that left a statement about what ``text`` names."""
        left, found = self.quads(), []
        for number, line in enumerate(self._whole_lines(), 1):
            entry = json.loads(line[_CHECKSUM + 1 :])
            subjects = {
                quad.subject.value.removeprefix(terms.BASE)
                for quad in _parse(entry["added"])
                if quad in left and isinstance(quad.subject, ox.NamedNode)
            }
            if any(re.search(rf"{re.escape(one)}(?![\w./-]*\w)", text) for one in subjects):
                found.append((number, str(entry["at"])))
        return found

    def _whole_lines(self) -> list[bytes]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise cannot("read", self.path, error) from error
        # Behind the last newline stands nothing, or the beginning of a killed write.
        lines = content.split(b"\n")[:-1]
        for number, line in enumerate(lines, 1):
            if line[:_CHECKSUM] == _checksum(line[_CHECKSUM + 1 :]):
                continue
            if number == len(lines):
                return lines[:-1]
            raise VersionError(
                f"{self.path}: line {number} is damaged; put the file back from a backup, "
                "or remove that line to give up the write it holds"
            )
        return lines


def quads(root: Path) -> set[ox.Quad]:
    """Return the contributed quads of the data folder ``root``, empty when there are none.

    :raises VersionError: when the journal is damaged
    """
    return Journal(root).quads()


@contextlib.contextmanager
def named(root: Path) -> Iterator[None]:
    """Add to an error of the block which contributions it is about, and what to do.

    :raises InputError: the error of the block, with the entries of the journal
    """
    try:
        yield
    except RecordErrors:
        raise  # in the records alone
    except InputError as error:
        journal = Journal(root)
        entries = journal.about(str(error))
        if not entries:
            raise
        lines = "; ".join(f"line {number} (written {at})" for number, at in entries)
        raise InputError(
            f"{error}\nWhat is named there was contributed over HTTP: {journal.path}: {lines}. "
            "It was right for the records of that time. Change the records so that it is right "
            "again, or take the contribution back: copy the journal, remove these lines from it, "
            "and build again."
        ) from error


def digest(contributed: Iterable[ox.Quad]) -> str:
    """Return a digest of contributed quads; empty when there are none."""
    lines = sorted(map(str, contributed))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def _line(removed: Collection[ox.Quad], added: Collection[ox.Quad]) -> bytes:
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "removed": _write(removed),
        "added": _write(added),
    }
    text = json.dumps(entry, ensure_ascii=False).encode()
    return _checksum(text) + b" " + text + b"\n"


def _checksum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()


def _write(some: Collection[ox.Quad]) -> str:
    written = ox.serialize(some, format=ox.RdfFormat.N_QUADS)
    assert written is not None
    return "".join(sorted(written.decode().splitlines(keepends=True)))


def _parse(text: str) -> list[ox.Quad]:
    return list(ox.parse(text.encode(), ox.RdfFormat.N_QUADS))


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
