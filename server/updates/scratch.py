"""A write into a throw-away graph: no token, no checks, any graph. For ``serve --scratch``."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

from crisisgov.loaders.version_files import BuildLocked, VersionError
from crisisgov.loaders.versions import VersionStore
from crisisgov.server.updates import child, errors, served
from crisisgov.server.updates.job import Job, Written


def write(root: Path, job: Job, *, memory_mb: int, seconds: float) -> Written:
    """Carry ``job`` out in the data folder ``root`` and publish the result.

    :raises QueryError: when it cannot be done; nothing is changed then
    """
    versions = VersionStore(root)
    try:
        with versions.lock():
            version = versions.current()
            if version is None or not version.meta.get("scratch"):
                raise errors.WriteFailed(f"{root} does not hold a scratch graph.")
            if job.version and version.id != job.version:
                raise errors.Precondition("The graph has changed since it was read.")
            existed, nquads = child.run_apart(
                job,
                graph=version.quads_path,
                contributions=None,
                memory_mb=memory_mb,
                seconds=seconds,
            )
            new = versions.publish(uuid.uuid4().hex, [nquads], {"scratch": True})
            return Written(new.id, existed)
    except BuildLocked as error:
        raise errors.WriteBusy("Another write is at work.", retry_after=1) from error
    except VersionError as error:
        raise errors.WriteFailed(str(error)) from error


def begin(root: Path) -> None:
    """Publish an empty graph in ``root``."""
    VersionStore(root).publish(uuid.uuid4().hex, [], {"scratch": True})


if __name__ == "__main__":
    served.serve(int(sys.argv[1]), write)
