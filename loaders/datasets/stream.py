"""A version's quads: those of the curated graph, then those of the data sets as they come."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import pyoxigraph as ox

from crisisgov.loaders.datasets.registry import CROSSWALK, DATA_SETS
from crisisgov.loaders.datasets.run import Loading, Selection
from crisisgov.loaders.milestones import derive
from crisisgov.loaders.store_writer import Changes
from crisisgov.loaders.version_files import Version
from crisisgov.ontology import terms

TRIPLES = "http://rdfs.org/ns/void#triples"
_DATASET = f"{terms.BASE}dataset"
_COPY_BYTES = 1 << 20


def loaded(
    lines: Iterable[bytes],
    counts: Mapping[str, int],
    store: ox.Store,
    selection: Selection,
    meta: dict[str, Any],
) -> Iterator[bytes]:
    """Yield the lines of the curated graph ``store``, then the quads of the data sets.

    ``meta`` is completed at the end; it is read when everything is written
    (:meth:`crisisgov.loaders.versions.VersionStore.publish`).
    """
    described = selection.described()
    loading = Loading(selection, store)
    offset = length = 0
    derivation = derive.Derivation(
        store,
        {name: one.status for name, one in DATA_SETS.items()},
        selection.paths.get(CROSSWALK),
        selection.paths.get("oxcgrt"),
    )
    for line in derivation.passing(_without_count(lines)):
        offset += len(line)
        yield line
    for piece in chain(derivation.passing(loading.chunks()), derivation.lines()):
        length += len(piece)
        yield piece
    bulk = {
        "length": length,
        "quads": loading.quads + derivation.quads,
        "counts": loading.counts,
        "outcomes": {tally.name: tally.summary() for tally in loading.tallies},
        "notes": {tally.name: dict(sorted(tally.notes.items())) for tally in loading.tallies},
    }
    yield _complete(meta, counts, described, {"offset": offset, **bulk})


def kept(
    lines: Iterable[bytes], counts: Mapping[str, int], current: Version, meta: dict[str, Any]
) -> tuple[Iterator[bytes], Changes]:
    """Return the text of a new curated graph with the data sets as ``current`` has them.

    And how it differs from the text of ``current``.
    """
    bulk = current.meta.get("bulk")
    if bulk is None:
        own, total = list(lines), b""
    else:
        own = list(_without_count(lines))
        moved = {**bulk, "offset": sum(map(len, own))}
        total = _complete(meta, counts, current.meta["data_sets"], moved)
    old, new = set(_curated(current)), {*own, *filter(None, [total])}
    text = chain(own, _bulk(current), [total])
    return text, Changes(current, removed=old - new, added=new - old)


def _curated(version: Version) -> Iterator[bytes]:
    """Yield the lines of a version that are not those of its data sets."""
    bulk = version.meta.get("bulk") or {"offset": 0, "length": 0}
    with version.quads_path.open("rb") as file:
        yield from file.read(bulk["offset"]).splitlines(keepends=True)
        file.seek(bulk["length"], os.SEEK_CUR)
        yield from file


def _bulk(version: Version) -> Iterator[bytes]:
    """Yield the text of a version's data sets, in pieces."""
    bulk = version.meta.get("bulk")
    if bulk is None:
        return
    with version.quads_path.open("rb") as file:
        file.seek(bulk["offset"])
        left = bulk["length"]
        while left > 0 and (piece := file.read(min(left, _COPY_BYTES))):
            left -= len(piece)
            yield piece


def _complete(
    meta: dict[str, Any], counts: Mapping[str, int], described: Any, bulk: dict[str, Any]
) -> bytes:
    """Complete what a version says of itself; return the quad with the number of its triples."""
    total = dict(counts)
    total["triples"] += bulk["quads"]
    for name, number in bulk["counts"].items():
        total[name] = total.get(name, 0) + number
    meta.update(counts=total, data_sets=described, bulk=bulk)
    node, graph = ox.NamedNode(_DATASET), ox.NamedNode(terms.META_GRAPH)
    quad = ox.Quad(node, ox.NamedNode(TRIPLES), ox.Literal(total["triples"]), graph)
    return f"{quad} .\n".encode()


def _without_count(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Leave out the number of triples, which counts the curated graph alone."""
    mark = f"<{_DATASET}> <{TRIPLES}> ".encode()
    return (line for line in lines if not line.startswith(mark))
