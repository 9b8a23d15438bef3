"""The server beside oxigraph's own and rdflib-endpoint: one run, one store, loopback only.

``python -m benchmarks.server [--peers] [--large] [--data DIR]``
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machine, peers
from benchmarks.load import Connection, get, repeated, repeated_by
from crisisgov.loaders.build import build, seeds_folder
from crisisgov.loaders.versions import VersionStore

PREFIX = "PREFIX cg: <https://w3id.org/crisisgov/ontology#> "
TINY = PREFIX + "SELECT ?c { ?c a cg:Crisis } LIMIT 5"
REPEATED = PREFIX + "SELECT ?e ?t { ?e a cg:Warning ; cg:earliest ?t } ORDER BY ?t LIMIT 20"
# First-time queries of more than 5 ms: an aggregate, a join with a sort, a filter on text.
LARGER = {
    "triples by property": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)",
    "findings by bearer": PREFIX
    + "SELECT ?b (COUNT(?f) AS ?n) (MAX(?d) AS ?m) { ?f a cg:Finding ; cg:bearer ?b . "
    "OPTIONAL { ?f cg:minDelaySeconds ?d } } GROUP BY ?b ORDER BY DESC(?n) LIMIT 20",
    "labels with a word": "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l "
    'FILTER(CONTAINS(LCASE(STR(?l)), "health")) } ORDER BY ?l LIMIT 50',
}
ROUNDS = 5
BATCHES = 24  # of first-time queries, one server after the other
SLOW_BATCHES = 2  # of a server that needs more than half a second for each
SLOW_SECONDS = 0.5
REPEATED_SECONDS = 3.0
COPIES = 9  # of the graph, for the large one: three million quads


def run(*, data: Path | None = None, with_peers: bool = True, large: bool = True) -> None:
    """Measure and print; about five minutes with all."""
    with contextlib.ExitStack() as stack:
        if data is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            print("building the graph of the curated records ...", flush=True)
            build(seeds_folder(), VersionStore(data), lambda _message: None)
        version = VersionStore(data).current()
        if version is None:
            raise SystemExit(f"{data}: nothing is built here; run crisisgov build first")
        nquads = version.store_path.parent / "graph.nq"
        # Behind a proxy, as it were: so that four clients are four, each with a share.
        ours = peers.crisisgov(data, CRISISGOV_TRUSTED_PROXIES="127.0.0.1")
        running = stack.enter_context(contextlib.ExitStack())
        servers = [running.enter_context(ours)]
        if with_peers:
            try:
                programs = peers.install()
            except (RuntimeError, OSError) as error:
                print(f"the peers cannot be installed, so they are left out: {error}")
            else:
                for begin, source in (
                    (peers.oxigraph, version.store_path),
                    (peers.rdflib_endpoint, nquads),
                ):
                    try:
                        servers.append(running.enter_context(begin(programs, source)))
                    except (RuntimeError, OSError) as error:
                        print(f"left out: {error}")
        print(f"graph {version.id}: {version.counts.get('quads', 0):,} quads; ratios are ours to")
        print("theirs, in speed: above 1 ours is faster; medians of", ROUNDS, "interleaved rounds;")
        print(
            f"repeated queries are counted by {repeated_by()}; first-time ones come in batches, one"
        )
        print("from each client at once, to one server after the other; cpu is processor time\n")
        _repeated("repeated, tiny, 8 clients", servers, TINY)
        _repeated("repeated, 20 rows in order, 8 clients", servers, REPEATED)
        _first_time("tiny first-time, 1 client", servers, TINY, clients=1, batches=300)
        for clients, (name, query) in itertools.product((1, 4), LARGER.items()):
            _first_time(f"{name}, {clients} clients", servers, query, clients=clients)
        used = {one.name: machine.proportional_bytes(one.pids()) for one in servers}
        print("memory of the whole service:", _memory(used), flush=True)
        running.close()
        if large:
            _large(nquads)


def _repeated(title: str, servers: list[peers.Running], query: str) -> None:
    """Print the answers per second to the same query, from eight clients."""
    found: dict[str, list[float]] = {one.name: [] for one in servers}
    for _round in range(ROUNDS):
        for one in servers:
            speed = repeated(one.port, one.path, query, 8, REPEATED_SECONDS)
            found[one.name].append(speed)
    ours = found.pop("crisisgov")
    line = f"{title:38} crisisgov {statistics.median(ours):>8,.0f}/s"
    for name, theirs in found.items():
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        line += f"   {name} {statistics.median(theirs):>8,.0f}/s = {ratio:.2f}x"
    print(line, flush=True)


def _first_time(
    title: str,
    servers: list[peers.Running],
    query: str,
    *,
    clients: int,
    batches: int = BATCHES,
) -> None:
    """Print how long a batch of queries takes that were never asked before.

    The machine is never quiet enough: so servers take turns batch by batch, the ratio is the
    median of those of neighbours, and processor time is compared, too.
    """
    times: dict[str, list[float]] = {one.name: [] for one in servers}
    # Once around all: looking at every process between requests lets caches go cold.
    before = {one.name: machine.processor_seconds(one.pids()) for one in servers}
    for batch in range(batches):
        for one in servers:
            known = times[one.name]
            if len(known) >= SLOW_BATCHES and statistics.median(known) > SLOW_SECONDS:
                continue  # it takes seconds for what others do in milliseconds
            requests = [
                get(one.path, f"{query} # {title} {batch} {client}", f"192.0.2.{client + 1}")
                for client in range(clients)
            ]
            # New ones: a slow peer's turn is longer than a server keeps an idle connection.
            connections = [Connection(one.port) for _ in range(clients)]
            started = time.perf_counter()
            for connection, request in zip(connections, requests, strict=True):
                connection.send(request)
            for connection in connections:
                connection.receive()
            times[one.name].append(time.perf_counter() - started)
            for connection in connections:
                connection.close()
    used = {one.name: machine.processor_seconds(one.pids()) - before[one.name] for one in servers}
    ours = times["crisisgov"]
    line = f"{title:38} crisisgov {statistics.median(ours) * 1000:>8.2f} ms"
    for name, theirs in times.items():
        if name == "crisisgov":
            continue
        ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=False))
        line += f"   {name} {statistics.median(theirs) * 1000:>8.2f} ms = {ratio:.2f}x"
        if len(theirs) == len(ours) and used["crisisgov"] > 1:
            line += f" (cpu {used[name] / used['crisisgov']:.2f}x)"
    print(line, flush=True)


def _large(nquads: Path) -> None:
    """Print the memory of the service on some three million quads, while it answers."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"\nbuilding {COPIES} copies of the graph as one ...", flush=True)
        pieces = _copies(nquads)
        version = VersionStore(Path(folder)).publish("large000", pieces, {})
        with peers.crisisgov(Path(folder)) as server:
            queries = [TINY, REPEATED, *LARGER.values()]
            connections = [Connection(server.port) for _ in range(2)]
            most = 0
            for round_ in range(4):
                for query in queries:
                    for number, connection in enumerate(connections):
                        connection.send(get(server.path, f"{query} # {round_} {number}"))
                    most = max(most, machine.proportional_bytes(server.pids()))
                    for connection in connections:
                        connection.receive()
            most = max(most, machine.proportional_bytes(server.pids()))
            quads = sum(1 for _line in nquads.open("rb")) * COPIES
            print(f"memory on {quads:,} quads: {_memory({version.id: most})} at its highest")


def _copies(nquads: Path) -> Iterator[bytes]:
    """Yield the quads with every entity renamed, once for each copy."""
    entity = re.compile(rb"(<https://w3id\.org/crisisgov/(?!concept|place|vocab)[a-z]+/)")
    for number in range(COPIES):
        with nquads.open("rb") as file:
            while lines := file.readlines(8_000_000):
                yield entity.sub(rb"\g<1>copy%d-" % number, b"".join(lines))


def _memory(used: dict[str, int]) -> str:
    return ", ".join(f"{name} {size / 2**20:,.0f} MiB" for name, size in used.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true", help="install the peers and measure them")
    parser.add_argument("--large", action="store_true", help="also a graph of 3 million quads")
    parser.add_argument("--data", type=Path, help="a data folder [default: built from the records]")
    arguments = parser.parse_args()
    print(machine.describe(), end="\n\n")
    run(data=arguments.data, with_peers=arguments.peers, large=arguments.large)


if __name__ == "__main__":
    main()
