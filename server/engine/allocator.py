"""Which memory allocator query workers use.

A query makes and drops small objects by the million, and that of the C library
is slow at it: with another one, joins take a quarter less time, other queries a
few hundredths (benchmarks/RESULTS.md). Such a library is put before the C
library by the dynamic linker, so it can only be given to a process that starts.
"""

from __future__ import annotations

import contextlib
import sys
from ctypes.util import find_library
from functools import lru_cache

AUTO, SYSTEM = "auto", "system"
KNOWN = ("tcmalloc_minimal", "mimalloc")
"""Names of libraries that can be used, the best first.

jemalloc is not among them: what it keeps for later counts against a worker's bound, and
queries are refused for it.
"""

_VARIABLE = "LD_PRELOAD"


@lru_cache
def library(wanted: str) -> str:
    """Return the library for ``LD_PRELOAD``, empty for the allocator of the C library.

    ``wanted`` is ``auto`` (the first of :data:`KNOWN` that is installed), ``system``
    (none) or one of them.

    :raises ValueError: when it is none of these, or not installed
    """
    if wanted not in (AUTO, SYSTEM, *KNOWN):
        raise ValueError(f"must be one of {', '.join((AUTO, SYSTEM, *KNOWN))}")
    if wanted == SYSTEM:
        return ""
    found = ""
    # Other systems have no such variable; where nothing can be looked up, nothing is found.
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            names = KNOWN if wanted == AUTO else (wanted,)
            found = next(filter(None, map(find_library, names)), "")
    if wanted != AUTO and not found:
        raise ValueError("is not installed here (on Debian: libtcmalloc-minimal4, libmimalloc2.0)")
    return found


def preloaded(wanted: str, given: str) -> dict[str, str]:
    """Return the variable with which a process starts with that allocator.

    ``given`` is its value now: what whoever started us preloads comes first, and
    when that is anything, ``auto`` adds nothing, as it may be an allocator, too.
    """
    if wanted == AUTO and given:
        return {}
    found = library(wanted)
    return {_VARIABLE: " ".join(filter(None, (given, found)))} if found else {}
