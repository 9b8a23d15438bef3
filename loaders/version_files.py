"""One version on disk: reading it, holding it while it is read, having the disk take it in."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from crisisgov.errors import CrisisgovError

FORMAT = 1
"""Number of this layout; a version with another number has to be built again."""


class VersionError(CrisisgovError):
    """The data folder cannot be written or read, or holds what it should not."""


class BuildLocked(VersionError):
    """Another build is at work in the same data folder."""


@dataclass(frozen=True)
class Version:
    """One published version. ``created`` is UTC; ``as_of`` is the date duties are judged at."""

    id: str
    path: Path
    created: datetime
    digest: str
    format: int
    counts: Mapping[str, int]
    as_of: str | None
    meta: Mapping[str, Any]

    @property
    def store_path(self) -> Path:
        """Folder for ``pyoxigraph.Store.read_only``."""
        return self.path / "store"

    @property
    def quads_path(self) -> Path:
        """The version as N-Quads."""
        return self.path / "graph.nq"


class Hold:
    """Keeps a version on disk while it is read; freed by ``close`` or the end of the process."""

    def __init__(self, version: Version, lock: IO[bytes]) -> None:
        self.version = version
        self._lock = lock

    def close(self) -> None:
        """Let the version be removed."""
        self._lock.close()

    def __enter__(self) -> Version:
        return self.version

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_version(path: Path) -> Version:
    """Read the version in the folder ``path``.

    :raises VersionError: when there is none, or it cannot be understood.
    """
    try:
        meta = json.loads((path / "meta.json").read_text(encoding="utf-8"))
        return Version(
            id=path.name,
            path=path,
            created=datetime.fromisoformat(meta["created"]),
            digest=meta["digest"],
            format=meta["format"],
            counts=meta["counts"],
            as_of=meta.get("as_of"),
            meta=meta,
        )
    except OSError as error:
        raise cannot("read", path, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise VersionError(
            f"{path / 'meta.json'} does not describe a version ({error}); "
            "remove the folder and build again"
        ) from error


def is_held(path: Path) -> bool:
    """Tell whether anybody reads the version in the folder ``path``."""
    try:
        with (path / "reader.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def sync_tree(folder: Path) -> None:
    """Have the disk take in everything under ``folder``."""
    for directory, _folders, files in os.walk(folder):
        for name in files:
            sync(Path(directory) / name)
        sync(Path(directory))


def sync(path: Path) -> None:
    """Have the disk take in one file or the entries of one folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def cannot(verb: str, path: Path, error: OSError) -> VersionError:
    """Say in a :class:`VersionError` what could not be done to ``path`` and why."""
    reason = error.strerror or str(error)
    return VersionError(
        f"cannot {verb} {error.filename or path}: {reason}; CRISISGOV_DATA or --data "
        "chooses another data folder"
    )
