"""A query worker: one process, one store version, one query at a time.

Started by :mod:`crisisgov.server.engine.process` as ``python -m`` with the
number of its socket. It may die at any moment (stack overflow in the parser,
memory bound, being killed at the deadline); whoever asked reads the reason from
how it ended.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass
from typing import IO, Any, cast

import pyoxigraph

from crisisgov.ontology.terms import BASE
from crisisgov.server.engine import diagnosis, formats, frames, sandbox, tokens
from crisisgov.server.engine.errors import (
    FederationOff,
    NotAcceptable,
    QueryError,
    ResultTooLarge,
    StoreFailure,
)
from crisisgov.server.engine.spool import CeilingReached, Spool, SpoolFailed

_SOLUTION_WRITERS = {
    formats.JSON: pyoxigraph.QueryResultsFormat.JSON,
    formats.XML: pyoxigraph.QueryResultsFormat.XML,
    formats.CSV: pyoxigraph.QueryResultsFormat.CSV,
    formats.TSV: pyoxigraph.QueryResultsFormat.TSV,
}
_GRAPH_WRITERS = {
    formats.TURTLE: pyoxigraph.RdfFormat.TURTLE,
    formats.NTRIPLES: pyoxigraph.RdfFormat.N_TRIPLES,
    formats.JSONLD: pyoxigraph.RdfFormat.JSON_LD,
    formats.RDFXML: pyoxigraph.RdfFormat.RDF_XML,
}
_FEDERATION = FederationOff(
    "This endpoint answers from its own graph only and does not ask others with SERVICE.",
    hint="Ask the other endpoint yourself, or run a federated query in your own client.",
)


class Worker:
    """Answers jobs over one store.

    ``walled`` says that the kernel refuses this process the network; without
    that, every query with the letters ``service`` is refused. With ``union`` the
    default graph is the union of all. Relative IRIs are resolved against the base
    of the entities: ``<event/x>`` is one.
    """

    def __init__(
        self,
        store: pyoxigraph.Store,
        *,
        walled: bool,
        prefixes: dict[str, str],
        union: bool = True,
    ) -> None:
        self.store = store
        self.union = union
        self.walled = walled
        self.prefixes = prefixes

    def answer(self, job: dict[str, Any], spool: Spool) -> dict[str, Any]:
        """Run the query of ``job``, write the result to ``spool``, return the reply's header.

        :raises QueryError: when the query has no result.
        """
        query: str = job["query"]
        mentions_service = "service" in query.lower()
        if mentions_service and not self.walled:
            raise _FEDERATION
        started = time.monotonic()
        try:
            result = self.store.query(query, base_iri=BASE, **self._dataset(job))
            if mentions_service and tokens.asks_service(query):
                raise _FEDERATION
            return self._write(result, job, spool)
        except SyntaxError as error:
            raise diagnosis.explain(query, error, time.monotonic() - started) from error
        except CeilingReached as error:
            raise _too_large(spool.ceiling) from error
        except SpoolFailed as error:
            raise StoreFailure(
                f"The result could not be stored before sending: {error}."
            ) from error
        except (OSError, RuntimeError, ValueError) as error:
            # With SERVICE in it, this is the wall (or an unbound service name).
            if mentions_service:
                raise _FEDERATION from error
            raise StoreFailure(f"The query could not be evaluated: {error}") from error

    def _write(
        self,
        result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples,
        job: dict[str, Any],
        spool: Spool,
    ) -> dict[str, Any]:
        sink = cast(IO[bytes], spool)
        if isinstance(result, pyoxigraph.QueryTriples):
            media_type = _choose(job["graphs"], formats.GRAPHS, "CONSTRUCT and DESCRIBE")
            pyoxigraph.serialize(
                result, sink, _GRAPH_WRITERS[media_type], prefixes=self._prefixes(media_type)
            )
            return {"kind": "graph", "media_type": media_type}
        kind = "ask" if isinstance(result, pyoxigraph.QueryBoolean) else "select"
        media_type = _choose(job["solutions"], formats.SOLUTIONS, "SELECT and ASK")
        result.serialize(sink, _SOLUTION_WRITERS[media_type])
        return {"kind": kind, "media_type": media_type}

    def _prefixes(self, media_type: str) -> dict[str, str] | None:
        return self.prefixes if media_type in (formats.TURTLE, formats.RDFXML) else None

    def _dataset(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments that set the dataset a query sees.

        Graphs named by the request replace everything (SPARQL 1.1 Protocol 2.1.4);
        else a FROM in the query decides; else the default graph is the union of
        all. pyoxigraph lets the union win over FROM, so it must not be asked for then.
        """
        defaults, named = job["default_graphs"], job["named_graphs"]
        if defaults or named:
            return {
                "default_graph": [pyoxigraph.NamedNode(iri) for iri in defaults],
                "named_graphs": [pyoxigraph.NamedNode(iri) for iri in named],
            }
        union = self.union and not tokens.names_dataset(job["query"])
        return {"use_default_graph_as_union": union}


def _choose(accepted: list[str], offered: tuple[str, ...], what: str) -> str:
    for media_type in accepted:
        if media_type in offered:
            return media_type
    raise NotAcceptable(
        f"Results of {what} cannot be sent in any of the formats asked for.",
        hint=f"Offered are {', '.join(offered)}.",
    )


def _too_large(ceiling: int) -> ResultTooLarge:
    return ResultTooLarge(
        f"The result is longer than {ceiling / 1_000_000:g} MB, the most that is sent.",
        hint="Add LIMIT (and ORDER BY and OFFSET for the next rows), ask for fewer columns, "
        "or write the whole graph to a file with crisisgov export.",
    )


def serve(
    channel: socket.socket, worker: Worker, ready: dict[str, Any], room: sandbox.Room
) -> None:
    """Say ``ready``, then answer jobs until the web process hangs up.

    Jobs run in a thread of their own, whose number the web process is told: it can
    let the thread stand back behind others, which cannot be undone without
    privileges. Such a thread ends with its job, and another one takes over.
    """
    threading.stack_size(sandbox.STACK)
    reply: _Reply | None = _Reply(ready)

    def run() -> None:
        nonlocal reply
        assert reply is not None
        reply.header["thread"] = threading.get_native_id()
        try:
            reply = _serve_in_turn(channel, worker, reply, room)
        except frames.ChannelClosed:
            reply = None

    while reply is not None:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join()


@dataclass
class _Reply:
    """What is sent for one job; ``spool`` holds the result, if there is one."""

    header: dict[str, Any]
    spool: Spool | None = None

    def send(self, channel: socket.socket) -> None:
        if self.spool is None:
            frames.send(channel, self.header)
            return
        with contextlib.closing(self.spool):
            payload = self.spool.inline()
            if payload is None:
                frames.send(channel, self.header, fd=self.spool.fileno())
            else:
                frames.send(channel, self.header, payload)


def _serve_in_turn(
    channel: socket.socket, worker: Worker, reply: _Reply, room: sandbox.Room
) -> _Reply:
    """Send ``reply`` and answer jobs until this thread stands back; return what is still to send.

    :raises frames.ChannelClosed: when the web process hangs up
    """
    while True:
        reply.send(channel)
        job, _payload, _fd = frames.receive(channel)
        spool = Spool(job["ceiling"])
        try:
            header = worker.answer(job, spool)
            reply = _Reply({**header, "size": spool.size}, spool)
        except QueryError as error:
            spool.close()
            reply = _Reply(_error(error))
        if room.is_short():
            reply.header["grown"] = True  # and is replaced: the next query is to have as much
        if _stands_back():
            return reply


def _stands_back() -> bool:
    if not hasattr(os, "sched_getscheduler"):
        return False
    return os.sched_getscheduler(0) == os.SCHED_IDLE


def _error(error: QueryError) -> dict[str, Any]:
    return {
        "error": error.kind,
        "detail": error.detail,
        "hint": error.hint,
        "line": error.line,
        "column": error.column,
    }


def main(descriptor: int) -> None:
    """Open the store that the first frame names, wall the process in, and serve."""
    # Ctrl-C in a terminal reaches the whole group; the web process decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = socket.socket(fileno=descriptor)
    threading.Thread(target=frames.end_with_peer, args=(channel,), daemon=True).start()
    sandbox.be_ended_first()
    try:
        settings, _payload, _fd = frames.receive(channel)
        sandbox.limit_files_and_cores(settings["ceiling"] + 1024 * 1024)
        try:
            store = pyoxigraph.Store.read_only(settings["store"])
        except (OSError, ValueError) as error:
            frames.send(channel, {"failed": f"cannot open the store: {error}"})
            return
        bound = sandbox.limit_memory(settings["memory_mb"])
        worker = Worker(
            store,
            walled=sandbox.refuse_network(),
            prefixes=settings["prefixes"],
            union=settings["union"],
        )
        room = sandbox.Room(bound, settings["memory_mb"])
        ready = {"ready": True, "walled": worker.walled, "memory": bound}
        serve(channel, worker, ready, room)
    except frames.ChannelClosed:
        return


if __name__ == "__main__":
    main(int(sys.argv[1]))
