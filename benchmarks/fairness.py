"""What a client waits for a simple query while others send the worst that they can.

``python -m benchmarks.fairness [--data DIR]``: a simple first-time query alone, beside one
and beside two hostile clients, in interleaved rounds. Each hostile client keeps four
connections busy with queries that run to their deadline or die of memory. Clients are told
apart by X-Forwarded-For, as behind a proxy.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machine, peers
from benchmarks.load import Connection, get
from crisisgov.loaders.build import build, seeds_folder
from crisisgov.loaders.versions import VersionStore

PREFIX = "PREFIX cg: <https://w3id.org/crisisgov/ontology#> "
SIMPLE = PREFIX + "SELECT ?c { ?c a cg:Crisis } LIMIT 5"
WORST = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
    "SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
)
CONNECTIONS = 4  # of each hostile client
DEADLINE = "5"  # seconds
ROUNDS = 5
QUERIES = 200  # in each round
PAUSE = 0.005  # seconds between two queries of the simple client
ASKED_FOR = 2.0  # times the median alone


def run(data: Path) -> None:
    """Measure and print; about a minute."""
    settings = {"CRISISGOV_TRUSTED_PROXIES": "127.0.0.1", "CRISISGOV_QUERY_SECONDS": DEADLINE}
    found: dict[int, list[list[float]]] = {0: [], 1: [], 2: []}
    with peers.crisisgov(data, **settings) as server:
        for _round in range(ROUNDS):
            for hostile, times in found.items():
                with _attack(server, hostile):
                    times.append(_simple(server))
    alone = statistics.median(map(statistics.median, found[0]))
    print(f"a simple first-time query; medians of {ROUNDS} interleaved rounds, in ms")
    for hostile, times in found.items():
        median = statistics.median(map(statistics.median, times))
        p95 = statistics.median(sorted(one)[int(len(one) * 0.95)] for one in times)
        print(
            f"beside {hostile} hostile clients: median {median * 1000:6.2f} "
            f"({median / alone:.2f}x alone, at most {ASKED_FOR:g}x is asked for), "
            f"95th percentile {p95 * 1000:6.2f}",
            flush=True,
        )


def _simple(server: peers.Running) -> list[float]:
    connection = Connection(server.port)
    times = []
    for _number in range(QUERIES):
        request = get(server.path, f"{SIMPLE} # {time.monotonic_ns()}", "192.0.2.1")
        started = time.perf_counter()
        connection.send(request)
        connection.receive()
        times.append(time.perf_counter() - started)
        time.sleep(PAUSE)
    connection.close()
    return times


@contextlib.contextmanager
def _attack(server: peers.Running, clients: int) -> Iterator[None]:
    """Keep ``clients`` hostile clients at work; a second passes before the block begins."""
    stop = threading.Event()

    def keep_asking(client: str, queries: Iterator[str]) -> None:
        while not stop.is_set():
            connection = Connection(server.port)
            # Whatever it is answered with: an error, or the end of the connection.
            with contextlib.suppress(RuntimeError, OSError):
                text = f"{next(queries)} # {time.monotonic_ns()}"
                connection.send(get(server.path, text, client))
                connection.receive()
            connection.close()

    threads = [
        threading.Thread(
            target=keep_asking,
            args=(f"198.51.100.{client + 1}", itertools.cycle(WORST[number % 3 :] + WORST)),
        )
        for client in range(clients)
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(1.0)
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a data folder [default: built from the records]")
    data = parser.parse_args().data
    print(machine.describe(), end="\n\n")
    with tempfile.TemporaryDirectory() as folder:
        if data is None:
            data = Path(folder)
            build(seeds_folder(), VersionStore(data))
        run(data)


if __name__ == "__main__":
    main()
