"""The process that runs a write on a working copy in memory.

Started by :mod:`crisisgov.server.updates.child`. It reads text and data of
strangers, so it is walled in like a query worker and may die at any moment;
it changes nothing but its own memory and sends back what came out.
"""

from __future__ import annotations

import hashlib
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from crisisgov.errors import CrisisgovError
from crisisgov.loaders.contributions import PREFIX, is_contribution, quads
from crisisgov.ontology.terms import BASE
from crisisgov.server.engine import diagnosis, formats, frames, sandbox, tokens
from crisisgov.server.engine.errors import FederationOff, QueryError, QuerySyntaxError
from crisisgov.server.updates import dataset, served
from crisisgov.server.updates.errors import (
    ForeignGraph,
    NoSuchGraph,
    Precondition,
    UnreadableData,
    WriteError,
    WriteFailed,
    to_frame,
)
from crisisgov.server.updates.job import Job, Part

READERS = {
    formats.TURTLE: ox.RdfFormat.TURTLE,
    formats.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    formats.JSONLD: ox.RdfFormat.JSON_LD,
    formats.RDFXML: ox.RdfFormat.RDF_XML,
}

_Name = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


@dataclass(frozen=True)
class Applied:
    """What came out: whether the graph was there before, and the quads that may be written."""

    existed: bool
    quads: list[ox.Quad]


def apply(store: ox.Store, job: Job, *, anywhere: bool, walled: bool = True) -> Applied:
    """Run ``job`` on ``store``.

    With ``anywhere`` every graph may be written and all quads are returned;
    without it those of contributions.

    :raises QueryError: when the job cannot be done; the store is then of no more use
    """
    before = {} if anywhere else _elsewhere(store)
    existed = False
    if job.kind == "update":
        _update(store, job, walled=walled)
    else:
        existed = _operate(store, job)
    if anywhere:
        return Applied(existed, list(store))
    after = _elsewhere(store)
    touched = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if touched:
        shown = ", ".join(sorted(_shown(name) for name in touched)[:5])
        raise ForeignGraph(
            f"The change touches {shown}.",
            hint=f"Only graphs whose IRI begins with {PREFIX} can be written.",
        )
    return Applied(existed, [quad for quad in store if _is_contribution(quad.graph_name)])


def _update(store: ox.Store, job: Job, *, walled: bool) -> None:
    text = job.text
    lowered = text.lower()
    fetches = "service" in lowered or "load" in lowered
    if fetches and not walled:
        raise _fetching()
    try:
        _try(text)
        text = dataset.with_dataset(text, job.using, job.using_named, _readable)
        # SILENT would hide what the wall refuses.
        if fetches and (tokens.asks_service(text) or _loads(text)):
            raise _fetching()
        store.update(text, base_iri=BASE)
    except SyntaxError as error:
        raise _unreadable(text, error) from error
    except (OSError, RuntimeError, ValueError) as error:
        if fetches and isinstance(error, OSError):
            raise _fetching() from error
        raise WriteError(f"The update cannot be carried out: {error}.") from error


def _try(text: str) -> None:
    """Run ``text`` on an empty store, for its syntax only."""
    try:
        ox.Store().update(text, base_iri=BASE)
    except (OSError, RuntimeError, ValueError):
        return  # it was read, and could not be carried out on nothing


def _readable(text: str) -> bool:
    try:
        _try(text)
    except SyntaxError:
        return False
    return True


def _loads(text: str) -> bool:
    depth = 0
    for token in tokens.tokens(text):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0 and token.kind == "word" and token.text.lower() in ("load", "loadsilent"):
            return True
    return False


def _operate(store: ox.Store, job: Job) -> bool:
    name = ox.DefaultGraph() if job.graph is None else ox.NamedNode(job.graph)
    existed = next(store.quads_for_pattern(None, None, None, name), None) is not None
    if job.create_only and existed:
        raise Precondition(f"The graph {_shown(name)} is there already.")
    if job.kind == "delete" and not existed and job.graph is not None:
        raise NoSuchGraph(f"There is no graph {_shown(name)}.")
    new = [quad for part in job.parts for quad in _read(part, name)]
    if job.kind in ("put", "delete"):
        store.clear_graph(name)
        if isinstance(name, ox.NamedNode):
            store.remove_graph(name)
    store.extend(new)
    return existed


def _read(part: Part, name: ox.NamedNode | ox.DefaultGraph) -> list[ox.Quad]:
    """Return the triples of ``part`` in the graph ``name``, whose IRI is also their base."""
    base = name.value if isinstance(name, ox.NamedNode) else BASE
    try:
        read = ox.parse(
            part.data,
            READERS[part.media_type],
            base_iri=base,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        return [ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in read]
    except SyntaxError as error:
        raise UnreadableData(
            f"The {part.media_type} that was sent cannot be read: {error.msg}.",
            line=error.lineno,
            column=error.offset,
        ) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise UnreadableData(f"The {part.media_type} cannot be read: {error}.") from error


def _is_contribution(name: _Name) -> bool:
    return isinstance(name, ox.NamedNode) and is_contribution(name.value)


def _elsewhere(store: ox.Store) -> dict[_Name, bytes]:
    """Return a digest of each graph that is not one of contributions; it tells whether it changed.

    A store in memory writes the same quads in the same order, until some are removed or
    added. Sets of the quads themselves take more memory than the process has.
    """
    names: list[_Name] = [ox.DefaultGraph(), *_graphs_elsewhere(store)]
    return {name: _digest(store, name) for name in names}


def _digest(store: ox.Store, name: _Name) -> bytes:
    sink = _Digest()
    store.dump(cast(IO[bytes], sink), ox.RdfFormat.N_TRIPLES, from_graph=name)
    return sink.digest()


class _Digest:
    """Takes what is written to it into a digest, and keeps nothing."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.digest = self._hash.digest

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return len(data)

    def flush(self) -> None:
        pass


def _graphs_elsewhere(store: ox.Store) -> set[_Name]:
    return {name for name in store.named_graphs() if not _is_contribution(name)}


def _shown(name: _Name) -> str:
    return "the default graph" if isinstance(name, ox.DefaultGraph) else f"<{name.value}>"


def _fetching() -> FederationOff:
    return FederationOff(
        "An update cannot fetch anything: LOAD and SERVICE are refused.",
        hint="Fetch the data yourself and send them.",
    )


def _unreadable(text: str, error: SyntaxError) -> QuerySyntaxError:
    line, column = diagnosis.reported_place(text, error)
    return QuerySyntaxError(
        f"The update cannot be read at or before line {line}, column {column}.",
        hint="Prefixes are declared once, before the first operation; operations are "
        "separated by semicolons.",
        line=line,
        column=column,
    )


def working_copy(graph: Path, contributions: Path | None) -> ox.Store:
    """Return the quads of the file ``graph`` in memory.

    With ``contributions``, a data folder, the contributed graphs are those of
    its journal: a process killed between journal and publication has left a
    write there that the served version does not have yet.
    """
    store = ox.Store()
    store.bulk_load(path=str(graph), format=ox.RdfFormat.N_QUADS)
    if contributions is not None:
        for name in list(store.named_graphs()):
            if _is_contribution(name):
                store.remove_graph(name)
        store.extend(quads(contributions))
    return store


def _serve(channel: socket.socket) -> None:
    settings, job = served.receive(channel)
    data = settings["contributions"]
    try:
        store = working_copy(Path(settings["graph"]), Path(data) if data else None)
    except (CrisisgovError, OSError, SyntaxError, ValueError) as error:
        frames.send(channel, to_frame(WriteFailed(f"The graph cannot be read: {error}")))
        return
    walled = sandbox.refuse_network()
    sandbox.limit_memory(settings["memory_mb"])
    frames.send(channel, {"loaded": True})
    try:
        applied = apply(store, job, anywhere=not data, walled=walled)
    except QueryError as error:
        frames.send(channel, to_frame(error))
        return
    written = ox.serialize(applied.quads, format=ox.RdfFormat.N_QUADS)
    assert written is not None
    frames.send(channel, {"existed": applied.existed}, written)


def main(descriptor: int) -> None:
    """Run the one job that comes over the socket, answer, and end."""
    channel = served.connect(descriptor)
    sandbox.be_ended_first()
    try:
        _serve(channel)
    except frames.ChannelClosed:
        return


if __name__ == "__main__":
    main(int(sys.argv[1]))
