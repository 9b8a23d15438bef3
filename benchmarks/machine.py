"""What it was measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def describe() -> str:
    """Return processor, memory, system and versions, in two lines."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in _lines("/proc/cpuinfo")
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = next((int(s.split()[1]) for s in _lines("/proc/meminfo") if "MemTotal" in s), 0)
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "granian", "flask"))
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} x {processor}, {memory / 1024**2:.0f} GiB, "
        f"{platform.system()} {platform.release()}, load before the run {load:.1f}\n"
        f"Python {platform.python_version()}, {libraries}"
    )


def proportional_bytes(pids: list[int]) -> int:
    """Return the memory of processes; what they share is counted once (PSS)."""
    total = 0
    for pid in pids:
        for line in _lines(f"/proc/{pid}/smaps_rollup"):
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


def processor_seconds(pids: list[int]) -> float:
    """Return the processor time that processes have used, as it is counted: in 1/100 s."""
    ticks = 0
    for pid in pids:
        for line in _lines(f"/proc/{pid}/stat"):
            fields = line.rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
