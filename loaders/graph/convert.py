"""Records to quads: which module writes which folder, into which named graph."""

from __future__ import annotations

import pyoxigraph as ox

from crisisgov.errors import RecordErrors
from crisisgov.loaders.graph import actors, crises, norms, shared
from crisisgov.loaders.graph.context import Context
from crisisgov.loaders.records.read import RecordFile, Records
from crisisgov.ontology import terms

WRITERS = {
    "actors": actors.write,
    "concepts": shared.write_concepts,
    "crises": crises.write,
    "norms": norms.write,
    "places": shared.write_places,
    "sources": shared.write_sources,
}
"""Folder of ``seeds/`` -> the function that states its records."""


def graph_of(file: RecordFile) -> str:
    """Return the named graph in which the records of a file live.

    Crisis files have one graph each; shared records one graph for each kind.
    """
    if file.kind == "crises":
        stem = file.name.removeprefix("crises/").removesuffix(".yaml")
        return terms.graph(f"record/{stem}")
    return terms.graph(file.kind)


def records_to_quads(records: Records) -> list[ox.Quad]:
    """Return the asserted quads of all records.

    :raises RecordErrors: where a date cannot be bounded; every such record is listed
    """
    context = Context(records)
    for file in records.files:
        WRITERS[file.kind](context, file, graph_of(file))
    if context.problems:
        raise RecordErrors(context.problems)
    return context.out.quads
