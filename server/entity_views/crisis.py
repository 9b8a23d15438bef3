"""The page of a crisis: its parts and everything that happened in it, in order of time."""

from __future__ import annotations

from typing import Any

from crisisgov.server.entity_views.listings import citations, findings, timeline
from crisisgov.server.entity_views.reader import Entity, Reader, node
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
    return {
        "valid": validity(crisis.one("validFrom"), crisis.one("validUntil")),
        "parts_of": parts,
        "harm": reader.rows(
            f"""SELECT ?harm ?kind ?low ?high ?asOf ?where WHERE {{ {this} cg:hasHarm ?harm .
              OPTIONAL {{ ?harm cg:harmKind ?kind }} OPTIONAL {{ ?harm cg:atLeast ?low }}
              OPTIONAL {{ ?harm cg:atMost ?high }} OPTIONAL {{ ?harm cg:harmAsOf ?asOf }}
              OPTIONAL {{ ?harm cg:place ?where . FILTER NOT EXISTS {{ {this} cg:place ?where }} }}
            }} ORDER BY ?kind"""
        ),
        "asserted": reader.rows(
            f"""SELECT ?finding ?by ?bearer ?polarity ?status WHERE {{
              {among} ?finding a cg:AssertedFinding ; cg:crisis ?crisis ; cg:assertedBy ?by ;
                cg:bearer ?bearer ; cg:polarity ?polarity ; cg:findingStatus ?status
            }} ORDER BY ?finding"""
        ),
        "gaps": reader.rows(
            f"""SELECT ?gap ?says WHERE {{
              {among} ?gap a cg:NormGap ; cg:crisis ?crisis ; cg:says ?says }} ORDER BY ?gap"""
        ),
        "actors": reader.count(
            f"""SELECT (COUNT(DISTINCT ?actor) AS ?n) WHERE {{
              {among} ?event cg:crisis ?crisis ; cg:actor ?actor }}"""
        ),
        "citations": citations(reader, f"{this} cg:citation ?citation ."),
        "timeline": timeline(
            reader,
            f"{among} ?event a cg:Event ; cg:crisis ?crisis .",
            1 if asked.verdict else asked.page,
        ),
        "findings": findings(
            reader,
            f"{among} ?finding a cg:Finding ; cg:crisis ?crisis .",
            asked.page if asked.verdict else 1,
            asked.verdict,
            listed=False,
        ),
    }
