"""Compiled SHACL against pySHACL on the same graphs, and how it grows.

``python -m benchmarks.shacl``. The graphs are the finished graph of the curated records
in which a part of the records and findings is left out, or stands many times under other
ids. Times are those of the processor, so that others on the machine do not
count. Both validate with ontology/shapes.ttl as it is written, pySHACL what it can in a
minute; a thousand random faults see to it that there is something to report, and both
reports are compared, with every field. ``--profile`` says where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import math
import pstats
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from crisisgov.loaders.build import assemble, seeds_folder
from crisisgov.ontology import shacl, terms, validation
from crisisgov.ontology.shacl.graph import SUBCLASS, ShapesGraph
from tests.ontology.shacl import compare
from tests.ontology.shacl.test_differential import add_faults

TARGET_RATIO = 10.0  # times as fast as pySHACL
TARGET_SLOPE = 1.1  # of the logarithms of time and size
PARTS = (0.01, 0.1, 0.3)
COPIES = (1, 4, 14)
FAULTS = 1_000
MULTIPLIED = ("event", "item", "citation", "claim", "finding")
_OWN = re.compile(rf"<{re.escape(terms.BASE)}(?:{'|'.join(MULTIPLIED)})/[^>]*")


def part(quads: Iterable[ox.Quad], share: float) -> Iterator[ox.Quad]:
    """Yield the quads without some of the findings, the same ones at every run."""
    finding = f"{terms.BASE}finding/"
    names: dict[str, int] = {}
    for quad in quads:
        subject = str(quad.subject)
        if finding not in subject:
            yield quad
        else:
            name = subject.partition(finding)[2].partition("/")[0]
            if names.setdefault(name, len(names)) % 1000 < share * 1000:
                yield quad


def multiplied(quads: Iterable[ox.Quad], copies: int) -> ox.Store:
    """Return a store in which the events and findings stand so many times."""
    lines = [f"{quad} ." for quad in quads]
    store = ox.Store()
    for number in range(copies):
        text = lines
        if number:
            text = [_OWN.sub(rf"\g<0>~{number}", line) for line in lines if _OWN.search(line)]
        store.bulk_load("\n".join(text).encode(), format=ox.RdfFormat.N_QUADS)
    return store


def run(*, profile: bool = False) -> None:
    """Measure and print: seconds of both and their ratio, then seconds and memory by size."""
    shapes = validation.for_stage(validation.read_shapes(), finished=True)
    started = time.process_time()
    compiled = shacl.compile_shapes(shapes)
    print(f"compiling {len(compiled)} shapes: {time.process_time() - started:.2f} s")
    whole = list(assemble(seeds_folder()).store)
    print(f"against pySHACL (target: {TARGET_RATIO:.0f} times as fast, the same report)")
    for share in PARTS:
        store = ox.Store()
        store.extend(part(whole, share))
        _against_pyshacl(store, shapes, compiled)
    print(f"growth (target: a slope of at most {TARGET_SLOPE}), records and findings copied")
    points: list[tuple[float, float]] = []
    for copies in COPIES:
        store = multiplied(whole, copies)
        points.append(_alone(store, compiled, profile=profile and copies == COPIES[-1]))
    (x0, y0), (x1, y1) = points[0], points[-1]
    slope = (y1 - y0) / (x1 - x0)
    print(f"  slope {slope:.2f}: {'met' if slope <= TARGET_SLOPE else 'MISSED'}", flush=True)


def _against_pyshacl(store: ox.Store, shapes: list[ox.Triple], compiled: shacl.Shapes) -> None:
    add_faults(store, FAULTS)
    data = list(compare.without_ill_formed(_records(store)))
    own = compare.with_messages(ShapesGraph(shapes))
    started = time.process_time()
    report = shacl.validate(store, compiled, most=10**6)
    ours = time.process_time() - started
    graphs = compare.to_rdflib(data), compare.to_rdflib(shapes)
    started = time.process_time()
    results = compare.run_pyshacl(*graphs)
    theirs = time.process_time() - started
    same = compare.lines(report, messages=own) == compare.lines_of_rdflib(
        results, ShapesGraph(shapes), messages=own
    )
    ratio = theirs / ours
    verdict = "met" if same and ratio >= TARGET_RATIO else "MISSED"
    print(
        f"  {len(store):>9,} quads: {ours:6.2f} s, pySHACL {theirs:7.2f} s, ratio {ratio:5.1f}; "
        f"{report.total:,} violations, reports {'the same' if same else 'DIFFER'}: {verdict}",
        flush=True,
    )


def _records(store: ox.Store) -> Iterator[ox.Quad]:
    """Yield what pySHACL is given: of the vocabulary only the hierarchy, to its advantage."""
    vocabulary = ox.NamedNode(terms.VOCAB_GRAPH)
    return (q for q in store if q.graph_name != vocabulary or q.predicate == SUBCLASS)


def _alone(
    store: ox.Store, compiled: shacl.Shapes, *, profile: bool = False
) -> tuple[float, float]:
    profiler = cProfile.Profile()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    started = time.process_time()
    if profile:
        profiler.enable()
    report = shacl.validate(store, compiled)
    profiler.disable()
    seconds = time.process_time() - started
    print(
        f"  {len(store):>9,} quads: {seconds:6.2f} s, {seconds / len(store) * 1e6:.1f} us a quad, "
        f"peak {_peak_bytes() / 1024**2:,.0f} MiB with the store, {report.total:,} violations",
        flush=True,
    )
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(15)
    return math.log(len(store)), math.log(seconds)


def _peak_bytes() -> int:
    """Return the highest memory of this process since it was last reset."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", action="store_true")
    run(profile=parser.parse_args().profile)


if __name__ == "__main__":
    main()
