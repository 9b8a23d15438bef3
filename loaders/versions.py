"""The versioned store: built aside, published by one rename, kept while it is read.

In a data folder::

    current -> versions/20200123T020000Z-1a2b3c4d     replaced atomically
    build.lock                                        held by the one build
    versions/
      20200123T020000Z-1a2b3c4d/
        store/        pyoxigraph's files, opened read-only by workers
        graph.nq      the same quads as text
        text.sqlite   the words of names and summaries (:mod:`.text_index`)
        meta.json     id, created, digest of the inputs, format, counts, as_of
        reader.lock   readers hold it shared; a version that is held stays
      .tmp-…          a build at work, or the remains of one that was killed

A version never changes once it is published. Whoever opens ``current`` sees the
old version or the new one, never half of either.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph

from crisisgov.loaders import store_writer, text_index
from crisisgov.loaders.version_files import (
    FORMAT,
    BuildLocked,
    Hold,
    Version,
    VersionError,
    cannot,
    is_held,
    read_version,
    sync,
    sync_tree,
)

__all__ = [
    "FORMAT",
    "KEPT",
    "BuildLocked",
    "Hold",
    "Version",
    "VersionError",
    "VersionStore",
    "default_root",
]

KEPT = 3
"""Versions kept, the current one included."""


def default_root(environ: Mapping[str, str]) -> Path:
    """Return the data folder: ``CRISISGOV_DATA``, else the user's folder for such data."""
    if chosen := environ.get("CRISISGOV_DATA"):
        return Path(chosen).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "crisisgov"
    base = environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "crisisgov"


Check = Callable[[pyoxigraph.Store], None]
"""Looks at a finished store; raises what is wrong with it."""


class VersionStore:
    """The versions in one data folder, ``root``; the folder is made when first written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.versions = root / "versions"
        self._locked_by: int | None = None

    def current(self) -> Version | None:
        """Return the published version, None before the first.

        :raises VersionError: when ``current`` points to something that is not a version.
        """
        link = self.root / "current"
        try:
            target = os.readlink(link)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise cannot("read", link, error) from error
        return read_version(self.root / target)

    def hold_current(self) -> Hold | None:
        """Return the published version, held so that no build removes it; None if there is none."""
        # Between reading the link and locking, builds may replace and remove it;
        # more than a few times in a row means that something else is wrong.
        for _attempt in range(5):
            version = self.current()
            if version is None:
                return None
            with contextlib.suppress(FileNotFoundError):
                lock = (version.path / "reader.lock").open("rb")
                fcntl.flock(lock, fcntl.LOCK_SH)
                if (version.path / "meta.json").exists():
                    return Hold(version, lock)
                lock.close()
        raise VersionError(f"{self.root}: the current version is removed each time it is opened")

    def all(self) -> list[Version]:
        """Return every version, oldest first."""
        if not self.versions.is_dir():
            return []
        names = sorted(p.name for p in self.versions.iterdir() if not p.name.startswith("."))
        return [read_version(self.versions / name) for name in names]

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only build in this folder until the block ends, or the process does.

        :raises BuildLocked: at once, naming the process that builds.
        """
        try:
            self.versions.mkdir(parents=True, exist_ok=True)
            file = (self.root / "build.lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise cannot("write", self.root, error) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.seek(0)
                holder = file.read().strip() or "an unknown process"
                raise BuildLocked(
                    f"{self.root}: another build is at work ({holder}); "
                    "wait for it to end, or end it, and build again"
                ) from error
            file.seek(0)
            file.truncate()
            file.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n")
            file.flush()
            self._locked_by = threading.get_ident()
            try:
                yield
            finally:
                self._locked_by = None
                file.truncate(0)

    def publish(
        self,
        digest: str,
        nquads: Iterable[bytes] | Path,
        meta: Mapping[str, Any],
        check: Check | None = None,
        changes: store_writer.Changes | None = None,
    ) -> Version:
        """Write a new version and make it the current one.

        ``digest`` tells the inputs apart; ``nquads`` is N-Quads text, as a file
        or in pieces of any length; ``meta`` is added to ``meta.json``
        (``counts`` and ``as_of`` are read back into :class:`Version`). ``check`` looks at the
        finished store and raises what keeps it from being published. With ``changes``, which
        must lead from an older version to the same quads, the store is made of the older
        one's. Takes the build lock unless the caller has it.

        :raises BuildLocked: when another build is at work.
        :raises VersionError: on a full disk, missing permission or broken N-Quads;
            what was current stays so.
        """
        if self._locked_by != threading.get_ident():
            with self.lock():
                return self.publish(digest, nquads, meta, check, changes)
        try:
            self._remove_remains()
            work = Path(tempfile.mkdtemp(prefix=".tmp-", dir=self.versions))
            try:
                self._write(work, digest, nquads, meta, changes)
                if check is not None:
                    check(pyoxigraph.Store.read_only(str(work / "store")))
                version = self._put_in_place(work)
            finally:
                shutil.rmtree(work, ignore_errors=True)
            self._switch(version)
            self._remove_old(version)
        except OSError as error:
            raise cannot("write", self.root, error) from error
        except sqlite3.Error as error:
            raise VersionError(
                f"cannot write the text index in {self.root}: {error}; is the disk full?"
            ) from error
        return version

    def _write(
        self,
        work: Path,
        digest: str,
        nquads: Iterable[bytes] | Path,
        meta: Mapping[str, Any],
        changes: store_writer.Changes | None,
    ) -> None:
        work.chmod(0o755)  # mkdtemp makes it private; a server may be another user
        pieces = store_writer.read(nquads)
        if changes is None:
            quads = self._load(work, pieces)
        else:
            with (work / "graph.nq").open("wb") as file:
                file.writelines(pieces)
            quads = store_writer.succeed(work / "store", changes)
            text_index.write(work / "graph.nq", work / text_index.FILE)
        created = datetime.now(UTC)
        document = {
            **meta,
            "created": created.isoformat(),
            "digest": digest,
            "format": FORMAT,
            "counts": {**meta.get("counts", {}), "quads": quads},
        }
        (work / "meta.json").write_text(
            json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n",
            encoding="utf-8",
        )
        (work / "reader.lock").touch()

    def _load(self, work: Path, pieces: Iterable[bytes]) -> int:
        """Write the quads as text, as a store and into the text index; return their number."""
        with store_writer.StoreWriter(work / "store", "graph.nq") as store:
            with (work / "graph.nq").open("wb") as file:
                for piece in pieces:
                    file.write(piece)
                    store.take(piece)
            finished = store.finish()
            text_index.write(work / "graph.nq", work / text_index.FILE)
            return finished.result()

    def _put_in_place(self, work: Path) -> Version:
        meta = json.loads((work / "meta.json").read_text(encoding="utf-8"))
        created = datetime.fromisoformat(meta["created"])
        name = f"{created:%Y%m%dT%H%M%S}{created.microsecond // 1000:03d}Z-{meta['digest'][:8]}"
        final = self.versions / name
        sync_tree(work)
        work.rename(final)
        sync(self.versions)
        return read_version(final)

    def _switch(self, version: Version) -> None:
        """Point ``current`` to ``version`` in one step."""
        beside = self.root / f".current-{os.getpid()}"
        beside.unlink(missing_ok=True)
        beside.symlink_to(Path("versions") / version.id, target_is_directory=True)
        os.replace(beside, self.root / "current")
        sync(self.root)

    def _remove_remains(self) -> None:
        """Remove what killed builds left; nobody else builds while we hold the lock."""
        for path in self.versions.glob(".tmp-*"):
            shutil.rmtree(path, ignore_errors=True)
        for path in self.root.glob(".current-*"):
            path.unlink(missing_ok=True)

    def _remove_old(self, current: Version) -> None:
        names = sorted(p.name for p in self.versions.iterdir() if not p.name.startswith("."))
        for name in names[:-KEPT]:
            path = self.versions / name
            if name != current.id and not is_held(path):
                # Out of sight first, so that a half-removed version is never seen.
                gone = self.versions / f".tmp-old-{name}"
                path.rename(gone)
                shutil.rmtree(gone, ignore_errors=True)
