"""Pages of everything that needs no page of its own: all that is stated, and what points here."""

from __future__ import annotations

from typing import Any

from crisisgov.ontology.terms import CG
from crisisgov.server.entity_views.described import Entity
from crisisgov.server.entity_views.listings import citations
from crisisgov.server.entity_views.reader import Reader, Row, Value, node
from crisisgov.server.entity_views.timelines import MANY

_SHOWN = 50  # entities shown for each property that points here
_SHOWN_OF_GRAPH = 200  # subjects of a named graph


def statements(entity: Entity) -> list[tuple[str, list[Value]]]:
    """Return (property, values), in the order of the properties."""
    return sorted(entity.statements.items())


def terms_of_use(reader: Reader, entity: Entity) -> list[Row]:
    """Return the graphs with terms of their own in which something is stated of an entity.

    These are the ones of data sets and of what was derived from them.
    """
    return reader.rows(
        f"""SELECT DISTINCT ?graph ?status ?licence ?rights WHERE {{
          GRAPH ?graph {{ {node(entity.iri)} a ?type }} ?graph cg:licenceStatus ?status .
          OPTIONAL {{ ?graph dcterms:license ?licence }}
          OPTIONAL {{ ?graph dcterms:rights ?rights }} }} ORDER BY ?graph"""
    )


def context(reader: Reader, entity: Entity, asked: Any) -> dict[str, Any]:
    """Return what a general page shows."""
    this = node(entity.iri)
    pointing, totals = reader.listed("pointing", lambda: _pointing(reader, this)) or ({}, {})
    reader.meet(CG + name for name in entity.statements if ":" not in name)
    return {
        "citations": citations(reader, f"{this} cg:citation ?citation ."),
        "pointing": pointing,
        "totals": totals,
        "vocabulary": CG,
    }


def _pointing(reader: Reader, this: str) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Return some entities that point here, and the number of all, by property."""
    totals = {
        row["property"]: int(row["n"])
        for row in reader.rows(
            f"SELECT ?property (COUNT(?s) AS ?n) WHERE {{ ?s ?property {this} }} GROUP BY ?property"
        )
    }
    pointing = {
        name: sorted(
            row["s"]
            for row in reader.rows(f"SELECT ?s WHERE {{ ?s {node(name)} {this} }} LIMIT {_SHOWN}")
        )
        for name in sorted(totals)
    }
    return pointing, totals


def graph_context(reader: Reader, graph: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a named graph shows."""
    this = node(graph.iri)
    total = reader.listed("total", lambda: _size(reader, this))
    # Of many, whichever the engine finds first: to put them in order, it has to find all.
    order = "ORDER BY ?s" if total is not None and total <= MANY else ""
    subjects = f"""SELECT DISTINCT ?s WHERE {{ GRAPH {this} {{ ?s a ?type }} }}
      {order} LIMIT {_SHOWN_OF_GRAPH}"""
    return {
        "total": total,
        "subjects": reader.listed(
            "subjects", lambda: sorted(row["s"] for row in reader.rows(subjects))
        )
        or [],
        "shown": _SHOWN_OF_GRAPH,
    }


def _size(reader: Reader, this: str) -> int:
    """Return how many statements a graph has."""
    return reader.count(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {this} {{ ?s ?p ?o }} }}")
