"""What was read from record files, kept from one run to the next.

Reading and checking the form of a few hundred files takes seconds; a curator who
checks one of them after each change should not wait for the others again. An
entry belongs to the bytes of a file, and everything to the code that read it.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pydantic

from crisisgov.errors import Problem
from crisisgov.loaders.records.files import RecordFile

Read = tuple[RecordFile | None, list[Problem]]


def default_path(environ: Mapping[str, str]) -> Path:
    """Return where they are kept: in the user's cache folder (XDG base directories)."""
    base = environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "crisisgov" / "records.pickle"


class KeptReads:
    """Reads by name, kind and bytes of a file.

    A file that cannot be loaded counts as empty, and one that cannot be written is
    left alone: it only saves time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._code = _digest_of_code()
        self._before = self._load()
        self._used: dict[str, Read] = {}

    def get(self, name: str, kind: str, raw: bytes) -> Read | None:
        """Return what was read from these bytes under this name, if it is kept."""
        key = _key(name, kind, raw)
        found = self._before.get(key)
        if found is not None:
            self._used[key] = found
        return found

    def put(self, name: str, kind: str, raw: bytes, read: Read) -> None:
        """Keep what was read."""
        self._used[_key(name, kind, raw)] = read

    def save(self) -> None:
        """Write what was used in this run, when that is not what was kept before."""
        if self._used.keys() == self._before.keys():
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self._path.parent, delete=False) as file:
                pickle.dump((self._code, self._used), file, protocol=pickle.HIGHEST_PROTOCOL)
            os.replace(file.name, self._path)
        except OSError:
            return

    def _load(self) -> dict[str, Read]:
        collecting = gc.isenabled()
        gc.disable()  # it would look through the growing heap again and again
        try:
            if self._path.stat().st_uid != os.getuid():
                return {}  # loading it runs what its writer wants
            code, reads = pickle.loads(self._path.read_bytes())
        except Exception:
            return {}  # cut off, or of a version whose classes are gone
        finally:
            if collecting:
                gc.enable()
        return reads if code == self._code else {}


def _key(name: str, kind: str, raw: bytes) -> str:
    return hashlib.blake2b(f"{kind}\0{name}\0".encode() + raw, digest_size=16).hexdigest()


def _digest_of_code() -> str:
    """Return a digest of all that decides what is read from given bytes."""
    package = Path(str(files("crisisgov")))
    digest = hashlib.blake2b(f"{sys.version} {pydantic.VERSION}".encode(), digest_size=16)
    for path in [
        *sorted((package / "loaders/records").rglob("*.py")),
        *sorted((package / "ontology").glob("*.py")),
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()
