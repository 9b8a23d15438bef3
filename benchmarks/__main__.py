"""All benchmarks, one after the other: ``python -m benchmarks``, at most half an hour.

Each part is a process of its own with a limit of time: one that fails, runs too long or
lacks a program is named, and the others go on. ``--only server`` runs one part.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine
from crisisgov.loaders.build import build, seeds_folder
from crisisgov.loaders.versions import VersionStore

_END_SECONDS = 20.0  # for a part that is told to end to stop its servers


@dataclass(frozen=True)
class Part:
    """One module of this package; ``needs`` is a program without which it is left out."""

    name: str
    seconds: float
    on_graph: bool = True
    needs: str = ""
    arguments: tuple[str, ...] = ()


PARTS = (
    Part("evaluation", 240, on_graph=False),
    Part("shacl", 420, on_graph=False),
    Part("server", 720, arguments=("--peers", "--large")),
    Part("fairness", 180),
    Part("engines", 300, needs="virtuoso-t"),
)


def main() -> int:
    """Run the parts that are asked for; return 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-peers", action="store_true", help="install and measure no peers")
    parser.add_argument("--only", choices=[part.name for part in PARTS], help="one part only")
    parser.add_argument("--data", type=Path, help="a data folder [default: built from the records]")
    arguments = parser.parse_args()
    print(machine.describe(), end="\n\n", flush=True)
    chosen = [part for part in PARTS if arguments.only in (None, part.name)]
    failed = []
    with tempfile.TemporaryDirectory(prefix="crisisgov-bench-") as folder:
        data: Path = arguments.data or Path(folder)
        if arguments.data is None and any(part.on_graph for part in chosen):
            print("building the graph of the curated records ...", flush=True)
            started = time.perf_counter()
            build(seeds_folder(), VersionStore(data))
            print(f"built in {time.perf_counter() - started:.0f} s\n", flush=True)
        for part in chosen:
            print(f"== {part.name}", flush=True)
            outcome = _run(part, data, no_peers=arguments.no_peers)
            if outcome:
                print(f"{part.name}: {outcome}", flush=True)
                failed.append(part.name)
            print(flush=True)
    if failed:
        print(f"not complete: {', '.join(failed)}")
    return 1 if failed else 0


def _run(part: Part, data: Path, *, no_peers: bool) -> str:
    """Run one part; return what went wrong, or nothing."""
    if importlib.util.find_spec(f"benchmarks.{part.name}") is None:
        return ""
    if part.needs and shutil.which(part.needs) is None:
        print(f"left out: {part.needs} is not installed")
        return ""
    command = [sys.executable, "-m", f"benchmarks.{part.name}"]
    command += [text for text in part.arguments if not (no_peers and text == "--peers")]
    command += ["--data", str(data)] if part.on_graph else []
    with subprocess.Popen(command) as process:
        try:
            status = process.wait(part.seconds)
        except subprocess.TimeoutExpired:
            # As Ctrl-C does: so that it ends the servers that it has started.
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            return f"ended after {part.seconds:.0f} seconds"
    return f"ended with status {status}" if status else ""


if __name__ == "__main__":
    sys.exit(main())
