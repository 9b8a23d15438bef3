"""A time limit for bodies: whose body has not come by then loses silent connections."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from crisisgov.server.connections import end_silent

_log = logging.getLogger(__name__)
_AGAIN_SECONDS = 1.0  # between two tries to end the same one


class BodyWatch:
    """Ends connections whose request's body does not come.

    Which connection it is cannot be told. So those of its address are ended on which
    nothing was sent for longer than a body (``body_seconds``) and an answer
    (``answer_seconds``) may take: nobody waits for anything on them. An address that is
    being answered with a token is spared: a write takes longer.
    """

    def __init__(self, body_seconds: float, answer_seconds: float) -> None:
        self._body_seconds = body_seconds
        self._silent_seconds = body_seconds + answer_seconds
        self._read: dict[object, tuple[str, float]] = {}  # address, since when
        self._answered: Counter[str] = Counter()
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="crisisgov-bodies", daemon=True).start()

    @contextmanager
    def reading(self, address: str) -> Iterator[None]:
        """Watch over the reading of a body that comes from ``address``."""
        key = object()
        with self._changed:
            self._read[key] = address, time.monotonic()
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                del self._read[key]

    @contextmanager
    def answering(self, address: str) -> Iterator[None]:
        """Spare ``address`` until the block ends."""
        with self._changed:
            self._answered[address] += 1
        try:
            yield
        finally:
            with self._changed:
                self._answered[address] -= 1
                if not self._answered[address]:
                    del self._answered[address]

    def _run(self) -> None:
        while True:
            for address in self._overdue():
                ended = end_silent(address, self._silent_seconds)
                if ended:
                    # Without the address: the log holds no personal data.
                    _log.warning("ended %d connection(s) whose request never came whole", ended)
            time.sleep(_AGAIN_SECONDS)

    def _overdue(self) -> set[str]:
        """Return addresses whose bodies are overdue; waits until a body is read at all."""
        with self._changed:
            self._changed.wait_for(lambda: self._read)
            limit = time.monotonic() - self._body_seconds
            late = {address for address, since in self._read.values() if since < limit}
            return late - self._answered.keys()
