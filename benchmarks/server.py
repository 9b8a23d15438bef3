"""The server beside oxigraph's own and rdflib-endpoint: one run, one store, loopback only.

``python -m benchmarks.server [--peers] [--large] [--data DIR]``
"""

from __future__ import annotations

import argparse
import contextlib
import re
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import machine, peers
from benchmarks.load import Connection, get, latency, throughput
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
ROUNDS = 3
SECONDS = 1.5  # of each measurement in each round
COPIES = 9  # of the graph, for the large one: three million quads


Request = Callable[[int], bytes]


def run(*, data: Path | None = None, with_peers: bool = True, large: bool = True) -> None:
    """Measure and print; about three minutes with all."""
    with contextlib.ExitStack() as stack:
        if data is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            print("building the graph of the curated records ...", flush=True)
            build(seeds_folder(), VersionStore(data), lambda _message: None)
        version = VersionStore(data).current()
        if version is None:
            raise SystemExit(f"{data}: nothing is built here; run crisisgov build first")
        nquads = version.store_path.parent / "graph.nq"
        servers = [stack.enter_context(peers.crisisgov(data))]
        if with_peers:
            try:
                programs = peers.install()
                servers.append(stack.enter_context(peers.oxigraph(programs, version.store_path)))
                servers.append(stack.enter_context(peers.rdflib_endpoint(programs, nquads)))
            except (RuntimeError, OSError) as error:
                print(f"not all peers could be had, so they are left out: {error}")
        print(f"graph {version.id}: {version.counts.get('quads', 0):,} quads; ratios are ours to")
        print(
            "theirs, in speed: above 1 ours is faster; medians of", ROUNDS, "interleaved rounds\n"
        )
        _compare("repeated, tiny, 8 clients", servers, TINY, clients=8, fresh=False)
        _compare("repeated, 20 rows in order, 8 clients", servers, REPEATED, clients=8, fresh=False)
        _compare("tiny first-time, 1 client", servers, TINY, clients=0, fresh=True)
        for name, query in LARGER.items():
            _compare(f"first-time: {name}, 1 client", servers, query, clients=0, fresh=True)
        for name, query in LARGER.items():
            _compare(f"first-time: {name}, 4 clients", servers, query, clients=4, fresh=True)
        used = {one.name: machine.proportional_bytes(one.pids()) for one in servers}
        print("memory of the whole service:", _memory(used), flush=True)
        if large:
            _large(nquads)


def _compare(
    title: str, servers: list[peers.Running], query: str, *, clients: int, fresh: bool
) -> None:
    """Print a line: answers per second with ``clients`` at once, or, with none, the median time."""
    found: dict[str, list[float]] = {one.name: [] for one in servers}
    for round_ in range(ROUNDS):
        for one in servers:
            request = _requests(one, query, f"{title} {round_}" if fresh else None)
            if one.name == "rdflib-endpoint" and round_:
                continue  # it takes seconds for what others do in milliseconds
            if clients:
                found[one.name].append(throughput(one.port, request, clients, SECONDS))
            else:
                found[one.name].append(latency(one.port, request, SECONDS))
    medians = {name: statistics.median(values) for name, values in found.items()}
    ours = medians.pop("crisisgov")

    def unit(value: float) -> str:
        return f"{value:,.0f}/s" if clients else f"{value * 1000:.2f} ms"

    line = f"{title:45} crisisgov {unit(ours):>10}"
    for name, theirs in medians.items():
        ratio = ours / theirs if clients else theirs / ours
        line += f"   {name} {unit(theirs):>10} = {ratio:.2f}x"
    print(line, flush=True)


def _requests(server: peers.Running, query: str, fresh: str | None) -> Request:
    """Return what is sent as request number n; a fresh one has never been asked before."""
    if fresh is None:
        same = get(server.path, query)
        return lambda _number: same
    return lambda number: get(server.path, f"{query} # {fresh} {number}")


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
