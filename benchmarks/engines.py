"""The embedded engine and Virtuoso side by side: loading, and every catalogued question.

``python -m benchmarks.engines`` builds a version unless ``--data`` names one, starts a
Virtuoso of its own on loopback, publishes to it, asks both engines each question
(first asked once, then the median of ``--rounds``), and prints a table of ratios.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from crisisgov.loaders.build import build, seeds_folder
from crisisgov.loaders.store_writer import load_store
from crisisgov.loaders.version_files import Version
from crisisgov.loaders.versions import VersionStore
from crisisgov.queries import catalogue
from crisisgov.server import publishing
from crisisgov.server.engine.api import QueryEngine
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.engine.remote import RemoteEngine
from tests.support import virtuoso

SECONDS = 120.0

PREFIX = "PREFIX cg: <https://w3id.org/crisisgov/ontology#> "
SCANS = {
    "triples of each property": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "findings and mean delay by norm and verdict": "SELECT ?norm ?verdict (COUNT(*) AS ?n) "
    "(AVG(?delay) AS ?mean) { ?f cg:norm ?norm ; cg:timeliness ?verdict ; cg:bearer ?b "
    "OPTIONAL { ?f cg:minDelaySeconds ?delay } } GROUP BY ?norm ?verdict",
    "pairs of findings of two bearers that share a response": "SELECT (COUNT(*) AS ?n) "
    "{ ?f cg:response ?e ; cg:bearer ?a . ?g cg:response ?e ; cg:bearer ?b FILTER(?a != ?b) }",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="folder with a built version")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    program = shutil.which("virtuoso-t")
    if program is None:
        sys.exit("virtuoso-t is not installed (Debian: virtuoso-opensource-7-bin)")
    with tempfile.TemporaryDirectory(prefix="crisisgov-bench-") as name:
        folder = Path(name)
        versions = VersionStore(arguments.data or folder / "data")
        version = versions.current() or build(seeds_folder(), versions)
        (folder / "virtuoso").mkdir()
        with virtuoso.running(program, folder / "virtuoso") as second:
            print(f"{version.counts['quads']:,} quads, {os.cpu_count()} cores\n")
            _loading(version, second, folder)
            with engines(versions, second) as (embedded, remote):
                _questions(embedded, remote, arguments.rounds)
                _scans(embedded, remote, arguments.rounds)


def _loading(version: Version, second: virtuoso.Virtuoso, folder: Path) -> None:
    started = time.perf_counter()
    load_store(version.quads_path, folder / "store")
    own = time.perf_counter() - started
    store = publishing.GraphStore(
        second.endpoint, second.graph_store, virtuoso.USER, virtuoso.PASSWORD
    )
    started = time.perf_counter()
    publishing.publish(version, store)
    other = time.perf_counter() - started
    print("| loading | embedded (s) | Virtuoso (s) | Virtuoso / embedded |\n|---|--:|--:|--:|")
    print(f"| all quads | {own:.1f} | {other:.1f} | {other / own:.1f} |\n")


@contextlib.contextmanager
def engines(
    versions: VersionStore, second: virtuoso.Virtuoso
) -> Iterator[tuple[EmbeddedEngine, RemoteEngine]]:
    with (
        contextlib.closing(EmbeddedEngine(EngineOptions(), versions)) as embedded,
        contextlib.closing(RemoteEngine(second.endpoint, EngineOptions())) as remote,
    ):
        until = time.monotonic() + 60
        while (embedded.version is None or remote.version is None) and time.monotonic() < until:
            time.sleep(0.05)
        yield embedded, remote


def _questions(embedded: QueryEngine, remote: QueryEngine, rounds: int) -> None:
    print("Milliseconds, first time and median of the next ones, through both engines' own code.\n")
    print("| question | embedded first | again | Virtuoso first | again | ratio of again |")
    print("|---|--:|--:|--:|--:|--:|")
    ratios = []
    for question in catalogue.load().values():
        query = question.bind({})
        own, other = _times(embedded, query, rounds), _times(remote, query, rounds)
        ratios.append(other[1] / own[1])
        print(
            f"| {question.id} | {own[0]:.0f} | {own[1]:.0f} | {other[0]:.0f} | {other[1]:.0f} "
            f"| {ratios[-1]:.2f} |"
        )
    print(f"\nMedian of the ratios: {statistics.median(ratios):.2f}")


def _scans(embedded: QueryEngine, remote: QueryEngine, rounds: int) -> None:
    print("\nQueries that read much of the graph; milliseconds, median.\n")
    print("| query | embedded | Virtuoso | Virtuoso / embedded |\n|---|--:|--:|--:|")
    for name, query in SCANS.items():
        own, other = (_times(engine, PREFIX + query, rounds)[1] for engine in (embedded, remote))
        print(f"| {name} | {own:.0f} | {other:.0f} | {other / own:.2f} |")


def _times(engine: QueryEngine, query: str, rounds: int) -> tuple[float, float]:
    found = []
    for _round in range(rounds + 1):
        started = time.perf_counter()
        engine.run(query, deadline_s=SECONDS, lane="pages").close()
        found.append(1000 * (time.perf_counter() - started))
    return found[0], statistics.median(found[1:])


if __name__ == "__main__":
    main()
