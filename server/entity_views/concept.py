"""The pages of concepts and their schemes, of places, and of matters."""

from __future__ import annotations

from typing import Any

from crisisgov.ontology.terms import SKOS
from crisisgov.server.entity_views.described import Entity
from crisisgov.server.entity_views.listings import findings
from crisisgov.server.entity_views.reader import Reader, Value, node, with_prefixes
from crisisgov.server.entity_views.timelines import MANY, timeline

_EXAMPLES = 100  # entities shown of those that use a concept


def context(reader: Reader, concept: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a concept or of a scheme shows."""
    this = node(concept.iri)
    if SKOS + "ConceptScheme" in concept.many("type"):
        return {
            "members": reader.listed("members", lambda: _members(reader, this)) or [],
        }
    return {
        "members": None,
        "narrower": reader.column(
            "narrower concepts",
            f"SELECT ?concept WHERE {{ ?concept skos:broader {this} }} ORDER BY ?concept",
        ),
        **(reader.listed("usage", lambda: _use(reader, this)) or {}),
        "examples": _EXAMPLES,
    }


def _members(reader: Reader, this: str) -> list[dict[str, Value]]:
    return reader.bindings(
        f"""SELECT ?concept ?definition ?notation ?broader WHERE {{
          ?concept skos:inScheme {this} .
          OPTIONAL {{ ?concept skos:definition ?definition
                      FILTER(LANG(?definition) = "en") }}
          OPTIONAL {{ ?concept skos:notation ?notation }}
          OPTIONAL {{ ?concept skos:broader ?broader }}
        }} ORDER BY ?notation ?concept"""
    )


def _use(reader: Reader, this: str) -> dict[str, Any]:
    """Return how often a concept stands where, and some of those that use it, no findings."""
    usage = reader.rows(
        f"""SELECT ?property (COUNT(?user) AS ?n) WHERE {{ ?user ?property {this}
          FILTER(?property != skos:broader) }} GROUP BY ?property ORDER BY DESC(?n) ?property"""
    )
    users = f"""SELECT DISTINCT ?user WHERE {{ ?user ?property {this}
      FILTER NOT EXISTS {{ ?user a cg:Finding }} FILTER(?property != skos:broader) }}"""
    # Of many, whichever the engine finds first: to put them in order, it has to find all.
    order = "" if sum(int(row["n"]) for row in usage) > MANY else " ORDER BY ?user"
    found = [row["user"] for row in reader.rows(f"{users}{order} LIMIT {_EXAMPLES}")]
    return {"usage": usage, "users": sorted(found), "all_users": with_prefixes(users)}


def matter_context(reader: Reader, matter: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a matter shows: every government's findings in it."""
    this = node(matter.iri)
    return {
        "findings": findings(reader, f"?finding cg:matter {this} .", asked.page, asked.verdict),
    }


def place_context(reader: Reader, place: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a place shows."""
    this = node(place.iri)
    return {
        "contains": reader.column(
            "places in it",
            f"SELECT ?part WHERE {{ ?part cg:within {this} }} ORDER BY ?part",
        ),
        "actors": reader.column(
            "actors",
            f"SELECT ?actor WHERE {{ ?actor cg:jurisdiction {this} }} ORDER BY ?actor",
        ),
        "matters": reader.column(
            "matters",
            f"SELECT ?matter WHERE {{ ?matter a cg:Matter ; cg:about {this} }} ORDER BY ?matter",
        ),
        "timeline": timeline(reader, f"?event cg:place {this} .", asked.page, mixed=True),
    }
