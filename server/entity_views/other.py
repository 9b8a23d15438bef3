"""Pages of everything that needs no page of its own: all that is stated, and what points here."""

from __future__ import annotations

from typing import Any

from crisisgov.ontology.terms import CG
from crisisgov.server.entity_views.listings import citations
from crisisgov.server.entity_views.reader import Entity, Reader, Value, node

_SHOWN = 50  # entities shown for each property that points here
_TRIPLES = 200  # of a named graph


def statements(entity: Entity) -> list[tuple[str, list[Value]]]:
    """Return (property, values), in the order of the properties."""
    return sorted(entity.statements.items())


def context(reader: Reader, entity: Entity, asked: Any) -> dict[str, Any]:
    """Return what a general page shows."""
    this = node(entity.iri)
    pointing: dict[str, list[str]] = {}
    totals: dict[str, int] = {}
    for row in reader.rows(
        f"SELECT ?property (COUNT(?s) AS ?n) WHERE {{ ?s ?property {this} }} GROUP BY ?property"
    ):
        totals[row["property"]] = int(row["n"])
    for name in sorted(totals):
        pointing[name] = [
            row["s"]
            for row in reader.rows(f"SELECT ?s WHERE {{ ?s {node(name)} {this} }} LIMIT {_SHOWN}")
        ]
        pointing[name].sort()
    reader.meet(CG + name for name in entity.statements if ":" not in name)
    return {
        "citations": citations(reader, f"{this} cg:citation ?citation ."),
        "pointing": pointing,
        "totals": totals,
        "vocabulary": CG,
    }


def graph_context(reader: Reader, graph: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a named graph shows."""
    this = node(graph.iri)
    return {
        "total": reader.count(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {this} {{ ?s ?p ?o }} }}"),
        "subjects": [
            row["s"]
            for row in reader.rows(
                f"""SELECT DISTINCT ?s WHERE {{ GRAPH {this} {{ ?s a ?type }} }}
              ORDER BY ?s LIMIT {_TRIPLES}"""
            )
        ],
        "shown": _TRIPLES,
    }
