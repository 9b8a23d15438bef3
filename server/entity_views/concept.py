"""The pages of concepts and their schemes, of places, and of matters."""

from __future__ import annotations

from typing import Any

from crisisgov.ontology.terms import SKOS
from crisisgov.server.entity_views.listings import findings, timeline
from crisisgov.server.entity_views.reader import Entity, Reader, node

_EXAMPLES = 100  # entities shown of those that use a concept


def context(reader: Reader, concept: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a concept or of a scheme shows."""
    this = node(concept.iri)
    if SKOS + "ConceptScheme" in concept.many("type"):
        return {
            "members": reader.bindings(
                f"""SELECT ?concept ?definition ?notation ?broader WHERE {{
                  ?concept skos:inScheme {this} .
                  OPTIONAL {{ ?concept skos:definition ?definition
                              FILTER(LANG(?definition) = "en") }}
                  OPTIONAL {{ ?concept skos:notation ?notation }}
                  OPTIONAL {{ ?concept skos:broader ?broader }}
                }} ORDER BY ?notation ?concept"""
            ),
        }
    return {
        "members": None,
        "narrower": [
            row["concept"]
            for row in reader.rows(
                f"SELECT ?concept WHERE {{ ?concept skos:broader {this} }} ORDER BY ?concept"
            )
        ],
        "usage": reader.rows(
            f"""SELECT ?property (COUNT(?user) AS ?n) WHERE {{ ?user ?property {this}
              FILTER(?property != skos:broader) }} GROUP BY ?property ORDER BY DESC(?n) ?property"""
        ),
        "users": [
            row["user"]
            for row in reader.rows(
                f"""SELECT DISTINCT ?user WHERE {{ ?user ?property {this}
              FILTER NOT EXISTS {{ ?user a cg:Finding }}
              FILTER(?property != skos:broader) }} ORDER BY ?user LIMIT {_EXAMPLES}"""
            )
        ],
        "examples": _EXAMPLES,
    }


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
        "contains": [
            row["part"]
            for row in reader.rows(
                f"SELECT ?part WHERE {{ ?part cg:within {this} }} ORDER BY ?part"
            )
        ],
        "actors": [
            row["actor"]
            for row in reader.rows(
                f"SELECT ?actor WHERE {{ ?actor cg:jurisdiction {this} }} ORDER BY ?actor"
            )
        ],
        "matters": [
            row["matter"]
            for row in reader.rows(
                f"SELECT ?matter WHERE {{ ?matter a cg:Matter ; cg:about {this} }} ORDER BY ?matter"
            )
        ],
        "timeline": timeline(reader, f"?event a cg:Event ; cg:place {this} .", asked.page),
    }
