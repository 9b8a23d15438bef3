"""The page of a crisis: its parts and everything that happened in it, in order of time."""

from __future__ import annotations

from typing import Any

from crisisgov.server.entity_views.described import Entity
from crisisgov.server.entity_views.listings import citations, findings
from crisisgov.server.entity_views.reader import Reader, node
from crisisgov.server.entity_views.timelines import MANY, timeline
from crisisgov.server.entity_views.wording import validity


def context(reader: Reader, crisis: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a crisis shows; events and findings of its parts included."""
    this = node(crisis.iri)
    parts = [
        row["part"]
        for row in reader.rows(
            f"SELECT DISTINCT ?part WHERE {{ ?part cg:partOfCrisis+ {this} }} ORDER BY ?part"
        )
    ]
    among = f"VALUES ?crisis {{ {' '.join([this, *map(node, parts)])} }}"
    # Nearly everything can say of which crisis it is, so what is wanted of it is read as a whole.
    events = " UNION ".join(f"{{ ?event cg:crisis {node(iri)} }}" for iri in (crisis.iri, *parts))
    found = f"""{{ SELECT ?finding WHERE {{ ?finding a cg:Finding }} }}
      {{ SELECT ?finding WHERE {{ {events.replace("?event", "?finding")} }} }}"""
    happened = timeline(reader, events, 1 if asked.verdict else asked.page, mixed=True)
    return {
        "valid": validity(crisis.one("validFrom"), crisis.one("validUntil")),
        "parts_of": parts,
        "harm": reader.table(
            "harm",
            f"""SELECT ?harm ?kind ?low ?high ?asOf ?where WHERE {{ {this} cg:hasHarm ?harm .
              OPTIONAL {{ ?harm cg:harmKind ?kind }} OPTIONAL {{ ?harm cg:atLeast ?low }}
              OPTIONAL {{ ?harm cg:atMost ?high }} OPTIONAL {{ ?harm cg:harmAsOf ?asOf }}
              OPTIONAL {{ ?harm cg:place ?where . FILTER NOT EXISTS {{ {this} cg:place ?where }} }}
            }} ORDER BY ?kind""",
        ),
        "asserted": reader.table(
            "asserted findings",
            f"""SELECT ?finding ?by ?bearer ?polarity ?status WHERE {{
              {among} {{ SELECT ?finding ?crisis WHERE {{
                ?finding a cg:AssertedFinding ; cg:crisis ?crisis }} }}
              ?finding cg:assertedBy ?by ; cg:bearer ?bearer ; cg:polarity ?polarity ;
                cg:findingStatus ?status
            }} ORDER BY ?finding""",
        ),
        "gaps": reader.table(
            "norm gaps",
            f"""SELECT ?gap ?says WHERE {{
              {among} {{ SELECT ?gap ?crisis WHERE {{ ?gap a cg:NormGap ; cg:crisis ?crisis }} }}
              ?gap cg:says ?says }} ORDER BY ?gap""",
        ),
        "actors": reader.listed("actors", lambda: _actors(reader, events, happened.total)),
        "citations": citations(reader, f"{this} cg:citation ?citation ."),
        "timeline": happened,
        "findings": findings(
            reader,
            found,
            asked.page if asked.verdict else 1,
            asked.verdict,
            listed=False,
        ),
    }


def _actors(reader: Reader, events: str, number: int) -> int:
    """Return how many actors act in ``events``, of which there are about ``number``."""
    acting = "?event cg:actor ?actor"
    if number > MANY:
        # Two sets are joined then, and nothing is looked up one by one.
        acting = f"{{ SELECT ?event ?actor WHERE {{ {acting} }} }}"
    return reader.count(
        f"""SELECT (COUNT(DISTINCT ?actor) AS ?n) WHERE {{
          {{ SELECT ?event WHERE {{ {events} }} }} {acting} }}"""
    )
