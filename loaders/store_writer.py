"""Filling a new store: from N-Quads text, beside whoever makes it, or from an older store."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pyoxigraph

from crisisgov.loaders.version_files import Version, VersionError

# One bulk load of everything takes gigabytes; in chunks of some 100,000 quads it peaks at
# 250 MB and is as fast. Larger chunks were measured: 400,000 quads took longer and 750 MB.
CHUNK_BYTES = 24 << 20
_READ_BYTES = 1 << 20


class StoreWriter:
    """A new store in ``folder`` that takes N-Quads text in pieces of any length.

    Text is loaded in a thread, without Python's lock, while the caller makes more; one
    chunk is under way at a time, so that memory stays bounded. ``name`` is what an error
    calls the text. Leaving the block waits for the thread, whatever has happened.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._store = pyoxigraph.Store(str(folder))
        self._name = name
        self._thread = ThreadPoolExecutor(1, "crisisgov-store")
        self._under_way: Future[None] | None = None
        self._waiting: list[bytes] = []
        self._size = 0
        self._lines = 0

    def take(self, piece: bytes) -> None:
        """Take the next piece.

        :raises VersionError: for an earlier piece that is not N-Quads, with its lines
        """
        self._waiting.append(piece)
        self._size += len(piece)
        if self._size >= CHUNK_BYTES:
            text = b"".join(self._waiting)
            whole = text.rfind(b"\n") + 1
            self._waiting, self._size = [text[whole:]], len(text) - whole
            self._load(text[:whole])

    def finish(self) -> Future[int]:
        """Load the rest and put the store in order; the result is its number of quads.

        :raises VersionError: from here or from the result, for what is not N-Quads
        """
        self._load(b"".join(self._waiting))
        self._waiting = []
        return self._thread.submit(self._put_in_order)

    def _load(self, text: bytes) -> None:
        if self._under_way is not None:
            self._under_way.result()
        self._under_way = self._thread.submit(self._bulk_load, text)

    def _bulk_load(self, text: bytes) -> None:
        before = self._lines
        self._lines += text.count(b"\n") + (not text.endswith(b"\n"))
        try:
            self._store.bulk_load(text, pyoxigraph.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise VersionError(
                f"{self._name}: lines {before + 1} to {self._lines} "
                f"cannot be read as N-Quads: {error}"
            ) from error

    def _put_in_order(self) -> int:
        if self._under_way is not None:
            self._under_way.result()
        self._store.flush()
        self._store.optimize()
        return len(self._store)

    def __enter__(self) -> StoreWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown()
        del self._store


@dataclass(frozen=True)
class Changes:
    """How the quads of a new version differ from those of a published one, as N-Quads lines."""

    since: Version
    removed: Collection[bytes]
    added: Collection[bytes]


def succeed(folder: Path, changes: Changes) -> int:
    """Make the store in the new ``folder`` out of a published one; return its number of quads.

    Sorted tables are never changed once they are written, so both stores share them by
    hard links, as RocksDB's own checkpoints do; what differs comes into new ones.

    :raises OSError: when it cannot be written
    """
    folder.mkdir()
    for file in changes.since.store_path.iterdir():
        if file.suffix == ".sst":
            _share(file, folder / file.name)
        elif file.name != "LOCK" and not file.name.startswith("LOG"):
            shutil.copyfile(file, folder / file.name)
    store = pyoxigraph.Store(str(folder))
    for quad in _parsed(changes.removed):
        store.remove(quad)
    store.extend(_parsed(changes.added))
    store.flush()
    return len(store)


def _share(file: Path, other: Path) -> None:
    try:
        other.hardlink_to(file)
    except OSError:  # a file system without hard links
        shutil.copyfile(file, other)


def _parsed(lines: Iterable[bytes]) -> Iterator[pyoxigraph.Quad]:
    return pyoxigraph.parse(b"".join(lines), pyoxigraph.RdfFormat.N_QUADS)


def load_store(nquads: Path, folder: Path) -> int:
    """Load the file ``nquads`` into a new store in ``folder``; return its number of quads.

    :raises VersionError: when a line is not N-Quads
    """
    with StoreWriter(folder, nquads.name) as writer:
        for piece in read(nquads):
            writer.take(piece)
        return writer.finish().result()


def read(nquads: Iterable[bytes] | Path) -> Iterator[bytes]:
    """Yield N-Quads text in pieces, from a file or as it comes."""
    if not isinstance(nquads, Path):
        yield from nquads
        return
    with nquads.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            yield piece
