"""Which memory allocator query workers use.

A query makes and drops small objects by the million, and that of the C library
is slow at it: with another one, joins take a quarter less time, other queries a
few hundredths (benchmarks/RESULTS.md). Such a library is put before the C
library by the dynamic linker, so it can only be given to a process that starts.
"""

from __future__ import annotations

import sys
from ctypes.util import find_library
from functools import lru_cache
from pathlib import Path

SYSTEM = "system"
KNOWN = ("tcmalloc_minimal", "jemalloc", "mimalloc")
"""Names of libraries that are looked for, the best first."""

_VARIABLE = "LD_PRELOAD"


@lru_cache
def library(wanted: str) -> str:
    """Return the library for ``LD_PRELOAD``, empty for the allocator of the C library.

    ``wanted`` is ``auto`` (the first of :data:`KNOWN` that is installed), ``system``
    (none), a name such as these, or a path.

    :raises ValueError: when there is no such library, or the system cannot exchange it
    """
    if wanted == SYSTEM:
        return ""
    if not sys.platform.startswith("linux"):
        if wanted == "auto":
            return ""
        raise ValueError("only Linux lets the allocator be exchanged; use auto or system")
    if wanted == "auto":
        return next(filter(None, map(find_library, KNOWN)), "")
    found = wanted if "/" in wanted and Path(wanted).is_file() else find_library(wanted)
    if not found:
        raise ValueError(
            "there is no such library; use auto, system, the path of a library or a name "
            f"such as {', '.join(KNOWN)}"
        )
    return found


def preloaded(wanted: str, given: str) -> dict[str, str]:
    """Return the variable with which a process starts with that allocator.

    ``given`` is its value now: what whoever started us preloads comes first, and
    when that is anything, ``auto`` adds nothing, as it may be an allocator, too.
    """
    if wanted == "auto" and given:
        return {}
    found = library(wanted)
    return {_VARIABLE: " ".join(filter(None, (given, found)))} if found else {}
