"""The open data sets from raw files to a version, beside the plain stack and the bare load.

``python -m benchmarks.bulk``. The files lie in the folder that the environment variable
CRISISGOV_DATASETS names; without it the part is left out. Every build, load and slice is a process
of its own, so that its highest memory is its own. The plain stack gets the triples that our
mapping has made (it is not charged for reading the raw files) and only the hierarchy of the
vocabulary, both to its advantage; rdflib holds them, owlrl reasons, pySHACL validates. It is run
on growing slices of events and its time for the whole is a straight line through the last two.
From ours that of the records alone is taken off, which it is not given. Ours uses all cores,
so time on the clock and of the processor are both compared.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from crisisgov.loaders.datasets.registry import DATA_SETS, PLACES
from crisisgov.loaders.versions import VersionStore

VARIABLE = "CRISISGOV_DATASETS"
SLICES = (100, 200, 400)
SIZES = (1_000, 10_000, 100_000, 1_000_000)
TARGET_PLAIN, TARGET_MEMORY, TARGET_BARE, TARGET_SLOPE = 20.0, 0.5, 5.0, 1.1
_COUNTRY = "coronanet_release_China.csv.gz"

_BARE = """import sys, pyoxigraph as ox
store = ox.Store(sys.argv[2])
with open(sys.argv[1], 'rb') as file:
    store.bulk_load(file, ox.RdfFormat.N_QUADS)
store.flush()
"""
_PLAIN = """import sys, rdflib, owlrl, pyshacl
from rdflib import OWL, RDFS
from crisisgov.ontology import validation, vocabulary
data, quads = rdflib.Graph(), rdflib.Dataset()
quads.parse(sys.argv[1], format='nquads')
for s, p, o, _ in quads.quads((None, None, None, None)):
    data.add((s, p, o))
for p in (RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf):
    for triple in vocabulary.read('crisisgov.ttl').triples((None, p, None)):
        data.add(triple)
owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(data)
shapes = rdflib.Graph().parse(vocabulary.path('shapes.ttl'), format='turtle')
pyshacl.validate(data, shacl_graph=shapes, advanced=True)
"""


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and of the processor, and the highest memory in bytes."""

    seconds: float
    processor: float
    peak: int
    status: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:8.1f} s ({self.processor:.1f} s of the processor), "
            f"peak {self.peak / 1024**2:,.0f} MiB"
        )


def measured(command: Sequence[str], log: Path) -> Cost:
    """Run a program to its end; what it says goes to a file."""
    started = time.perf_counter()
    with log.open("wb") as file:
        actions = [(os.POSIX_SPAWN_DUP2, file.fileno(), 1), (os.POSIX_SPAWN_DUP2, file.fileno(), 2)]
        pid = os.posix_spawn(command[0], list(command), os.environ, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
    return Cost(
        time.perf_counter() - started,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * 1024,
        os.waitstatus_to_exitcode(status),
    )


def build(data: Path, paths: Mapping[str, Path], seeds: Path | None) -> Cost:
    """Build a version with data sets, as the command line does."""
    command = [sys.executable, "-m", "crisisgov.server.cli", "build", "--data", str(data)]
    command += ["--seeds", str(seeds)] if seeds else []
    for name, path in paths.items():
        command += ["--with", f"{name}={path}"]
    cost = measured(command, data.with_suffix(".log"))
    if cost.status not in (0, 4):
        tail = data.with_suffix(".log").read_text(errors="replace")[-2000:]
        raise SystemExit(f"the build ended with status {cost.status}:\n{tail}")
    return cost


def run(folder: Path, seeds: Path | None, sizes: Sequence[int]) -> None:
    """Measure and print."""
    names = [*DATA_SETS, PLACES]
    paths = {name: folder / name for name in names if (folder / name).is_dir()}
    with tempfile.TemporaryDirectory(prefix="crisisgov-bulk-") as made:
        work = Path(made)
        print(f"from raw files to a version: {', '.join(paths)}", flush=True)
        alone = build(work / "alone", {}, seeds)
        print(f"  records alone     {alone}", flush=True)
        whole = build(work / "whole", paths, seeds)
        version = VersionStore(work / "whole").current()
        assert version is not None
        bulk = json.loads((version.path / "meta.json").read_text())["bulk"]
        events, quads = sum(bulk["counts"].values()), bulk["quads"]
        print(f"  with data sets    {whole}; {events:,} events, {quads:,} quads", flush=True)
        _bare(version.quads_path, work, whole)
        _plain(version.quads_path, work, events, whole, alone)
        _growth(folder, work, seeds, sizes, alone)


def _bare(quads: Path, work: Path, whole: Cost) -> None:
    bare = measured(
        [sys.executable, "-c", _BARE, str(quads), str(work / "bare")], work / "bare.log"
    )
    if bare.status:
        raise SystemExit(f"the bare load failed: {(work / 'bare.log').read_text()[-1000:]}")
    print(f"  bare bulk load    {bare}", flush=True)
    ratio = whole.seconds / bare.seconds
    by_processor = whole.processor / bare.processor
    print(
        f"    build : bare load = {ratio:.1f} (of the processor {by_processor:.1f}; "
        f"target at most {TARGET_BARE:.0f}): {_verdict(ratio <= TARGET_BARE)}",
        flush=True,
    )


def _plain(quads: Path, work: Path, events: int, whole: Cost, alone: Cost) -> None:
    print("the plain stack (rdflib, owlrl, pySHACL) on slices", flush=True)
    points: list[tuple[int, Cost]] = []
    for size in SLICES:
        part = work / f"slice-{size}.nq"
        with part.open("wb") as file:
            file.writelines(slice_of(quads, size))
        cost = measured([sys.executable, "-c", _PLAIN, str(part)], work / "plain.log")
        if cost.status:
            raise SystemExit(f"the plain stack failed: {(work / 'plain.log').read_text()[-1000:]}")
        points.append((size, cost))
        print(f"  {size:>6,} events     {cost}", flush=True)
    (n0, before), (n1, last) = points[-2:]

    def for_all(small: float, large: float) -> float:
        return large + (large - small) / (n1 - n0) * (events - n1)

    seconds = for_all(before.seconds, last.seconds)
    processor = for_all(before.processor, last.processor)
    memory = for_all(before.peak, last.peak)
    ratio = seconds / (whole.seconds - alone.seconds)
    by_processor = processor / (whole.processor - alone.processor)
    share = whole.peak / memory
    print(
        f"  {events:,} events, extrapolated: {seconds:,.0f} s ({processor:,.0f} s of the "
        f"processor), {memory / 1024**2:,.0f} MiB"
    )
    print(
        f"    plain stack : ours = {ratio:.0f} (of the processor {by_processor:.0f}; target at "
        f"least {TARGET_PLAIN:.0f}): {_verdict(ratio >= TARGET_PLAIN)}; ours takes {share:.2f} of "
        f"its memory (target at most {TARGET_MEMORY}): {_verdict(share <= TARGET_MEMORY)}",
        flush=True,
    )


def slice_of(quads: Path, events: int) -> Iterator[bytes]:
    """Yield the lines of the first so many events of CoronaNet and of their records."""
    seen: set[bytes] = set()
    mark = b"/graph/data/coronanet>"
    begin = b"<https://w3id.org/crisisgov/event/"
    with quads.open("rb") as file:
        for line in file:
            if mark not in line:
                continue
            if line.startswith(begin):
                seen.add(line.partition(b">")[0])
                if len(seen) > events:
                    return
            yield line


def _growth(
    folder: Path, work: Path, seeds: Path | None, sizes: Sequence[int], alone: Cost
) -> None:
    source = next((folder / "coronanet").rglob(_COUNTRY), None)
    if source is None or not sizes:
        return
    print(f"growth: the rows of {_COUNTRY} replicated under other ids, less the records alone")
    points = []
    for size in sizes:
        data = work / f"rows-{size}"
        data.mkdir()
        with (data / "coronanet_replicated.csv").open("w", encoding="utf-8", newline="") as file:
            replicate(source, file, size)
        cost = build(work / f"grown-{size}", {"coronanet": data}, seeds)
        seconds = max(cost.processor - alone.processor, 0.01)
        points.append((math.log(size), math.log(seconds)))
        print(
            f"  {size:>9,} events  {seconds:8.1f} s of the processor, "
            f"{seconds / size * 1e6:,.0f} us each, peak {cost.peak / 1024**2:,.0f} MiB",
            flush=True,
        )
    # The smallest is mostly start and noise: the slope is that of the larger ones.
    chosen = points[1:] if len(points) > 2 else points
    if len(chosen) > 1:
        slope = (chosen[-1][1] - chosen[0][1]) / (chosen[-1][0] - chosen[0][0])
        verdict = _verdict(slope <= TARGET_SLOPE)
        print(f"  log-log slope {slope:.2f} (target {TARGET_SLOPE}): {verdict}")


def replicate(source: Path, file: TextIO, events: int) -> None:
    """Write the rows of a file of CoronaNet until there are so many events, under other ids."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    bases = {row["record_id"][:17] for row in rows}
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    written, number = 0, 0
    while written < events:
        chosen = set(sorted(bases)[: events - written])
        for row in rows:
            base = row["record_id"][:17]
            if base in chosen:
                copy = dict(row)
                copy["record_id"] = f"{base[:12]}{number:05d}{row['record_id'][17:]}"
                copy["policy_id"] = f"{row['policy_id']}{number:05d}"
                copy["description"] = f"{row['description']} [copy {number}]"
                copy["collab_id"] = "NA" if "collab_id" in copy else ""
                writer.writerow({name: copy[name] for name in rows[0]})
        written += len(chosen)
        number += 1


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=Path, help="a folder of records [default: the package's]")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), help="for the growth")
    arguments = parser.parse_args()
    folder = os.environ.get(VARIABLE)
    if not folder:
        print(f"left out: set {VARIABLE} to a folder with the data sets")
        return
    run(Path(folder), arguments.seeds, arguments.sizes)


if __name__ == "__main__":
    main()
