"""Where a worker writes a result: memory while small, then a file without a name."""

from __future__ import annotations

import os
import tempfile

INLINE = 64 * 1024  # bytes; larger results go to a file and never through a pipe


class CeilingReached(Exception):
    """The result is longer than the ceiling."""


class SpoolFailed(Exception):
    """The temporary file could not be written; the message says why."""


class Spool:
    """A binary sink with a ceiling, as pyoxigraph's ``serialize(output=...)`` wants it.

    The file has no name in the file system, so nothing is left behind whatever
    happens to the process.

    :raises CeilingReached: from ``write``, as soon as more than ``ceiling`` bytes came.
    :raises SpoolFailed: from ``write``, when the disk of the temporary folder is full.
    """

    def __init__(self, ceiling: int) -> None:
        self.ceiling = ceiling
        self.size = 0
        self._memory = bytearray()
        self._fd: int | None = None

    def write(self, data: bytes) -> int:
        """Take ``data`` whole."""
        self.size += len(data)
        if self.size > self.ceiling:
            raise CeilingReached
        try:
            if self._fd is None:
                self._memory += data
                if len(self._memory) > INLINE:
                    self._spill()
            else:
                _write_all(self._fd, data)
        except OSError as error:
            raise SpoolFailed(error.strerror or str(error)) from error
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def inline(self) -> bytes | None:
        """Return the whole result while it is in memory, else None."""
        return bytes(self._memory) if self._fd is None else None

    def fileno(self) -> int:
        """Descriptor of the file, rewound; only valid when :meth:`inline` is None."""
        assert self._fd is not None
        os.lseek(self._fd, 0, os.SEEK_SET)
        return self._fd

    def close(self) -> None:
        """Give memory and file back."""
        self._memory = bytearray()
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _spill(self) -> None:
        with tempfile.TemporaryFile(prefix="crisisgov-result-") as file:
            self._fd = os.dup(file.fileno())
        _write_all(self._fd, bytes(self._memory))
        self._memory = bytearray()


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
