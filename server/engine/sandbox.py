"""What keeps a query worker inside its bounds: memory, file size, no network.

The wall against federation is the kernel's. pyoxigraph contacts a SERVICE while
it evaluates, other SPARQL parsers read some queries differently from it, and it
resolves names itself: so no check of the text is a boundary, but a process that
may not call ``socket()`` reaches nobody.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import socket
import struct
from pathlib import Path

_MIB = 1024 * 1024
_ENDED_FIRST = 500  # of -1000 (never) to 1000 (always)
# A deeply nested query overflows this and ends the worker, whatever the shell's limit is.
STACK = 8 * _MIB

_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1
_RET_ALLOW = 0x7FFF0000
_RET_ERRNO_EACCES = 0x00050000 | 13
_LOAD_WORD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_OFFSET_NUMBER, _OFFSET_ARCH = 0, 4  # in struct seccomp_data

# machine: (AUDIT_ARCH, number of seccomp(2), numbers refused: socket(2), io_uring_setup(2))
_SYSCALLS: dict[str, tuple[int, int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, 317, (41, 425)),
    "aarch64": (0xC00000B7, 277, (198, 425)),
}


def limit_files_and_cores(ceiling: int) -> None:
    """Let this process write no file longer than ``ceiling`` bytes, and leave no core."""
    _lower(resource.RLIMIT_FSIZE, ceiling)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_STACK, STACK)


def be_ended_first() -> None:
    """Have the kernel end this process before the server when a container's memory runs out."""
    with contextlib.suppress(OSError):  # another system, or already higher
        Path("/proc/self/oom_score_adj").write_text(str(_ENDED_FIRST), encoding="ascii")


def limit_memory(megabytes: int) -> int:
    """Bound the data of this process and return the bound in bytes.

    RLIMIT_DATA, not RLIMIT_AS: address space is reserved in large pieces that
    are never used, and bounding it ended innocent queries. An open store's own
    share grows with the machine's cores (thread stacks); at least half of the
    budget is left above it.
    """
    bound = max(megabytes * _MIB, _data_in_use() + megabytes * _MIB // 2)
    _lower(resource.RLIMIT_DATA, bound)
    return bound


class Room:
    """Tells when this process has little left for the next query.

    An allocator keeps part of what a large query needed, and the store's caches grow.
    ``bound`` is that of :func:`limit_memory` (bytes), ``megabytes`` what it was given;
    three eighths of these are what a query may count on, of the half that was left when
    the store had been opened.
    """

    def __init__(self, bound: int, megabytes: int) -> None:
        self._most = bound - megabytes * _MIB * 3 // 8
        try:
            self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # another system
            self._statm = -1

    def is_short(self) -> bool:
        """Tell whether another process had better take over; never where nobody says."""
        if self._statm < 0:
            return False
        pages = int(os.pread(self._statm, 200, 0).split()[5])  # data and stack
        return pages * resource.getpagesize() > self._most


def refuse_network() -> bool:
    """Refuse ``socket()`` in every thread of this process, for good.

    Returns False where that cannot be had (not Linux, another processor, or a
    container that forbids it); then the caller has to refuse the queries.
    """
    known = _SYSCALLS.get(platform.machine())
    if platform.system() != "Linux" or known is None or struct.calcsize("P") != 8:
        return False
    arch, seccomp_number, refused = known
    program = _filter(arch, refused)
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    libc = ctypes.CDLL(None, use_errno=True)
    prog = Program(len(program) // 8, ctypes.addressof(buffer))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    result = libc.syscall(
        ctypes.c_long(seccomp_number),
        ctypes.c_long(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_long(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(prog),
    )
    return result == 0 and _network_is_refused()


def _filter(arch: int, refused: tuple[int, ...]) -> bytes:
    """Return a classic BPF program; a call under another architecture's numbers is refused."""
    count = len(refused)

    def step(code: int, jump_true: int, jump_false: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, jump_true, jump_false, value)

    lines = [
        step(_LOAD_WORD, 0, 0, _OFFSET_ARCH),
        step(_JUMP_EQUAL, 0, count + 2, arch),
        step(_LOAD_WORD, 0, 0, _OFFSET_NUMBER),
        *(step(_JUMP_EQUAL, count - index, 0, number) for index, number in enumerate(refused)),
        step(_RETURN, 0, 0, _RET_ALLOW),
        step(_RETURN, 0, 0, _RET_ERRNO_EACCES),
    ]
    return b"".join(lines)


def _network_is_refused() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    except PermissionError:
        return True
    return False


def _data_in_use() -> int:
    """Bytes that RLIMIT_DATA would count now; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{os.getpid()}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _lower(what: int, value: int) -> None:
    _soft, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(what, (value, value))
