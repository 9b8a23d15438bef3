"""The page of a source: what it is and what rests on it."""

from __future__ import annotations

from typing import Any

from crisisgov.server.entity_views.listings import PAGE, findings
from crisisgov.server.entity_views.reader import Entity, Reader, node


def context(reader: Reader, source: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a source shows."""
    this = node(source.iri)
    return {
        "copied_by": [
            row["copy"]
            for row in reader.rows(
                f"SELECT ?copy WHERE {{ ?copy cg:copies {this} }} ORDER BY ?copy"
            )
        ],
        "cited_by": reader.rows(
            f"""SELECT ?citation ?thing ?says ?locator ?accessed WHERE {{
              ?citation cg:source {this} . ?thing cg:citation ?citation .
              OPTIONAL {{ ?citation cg:says ?says }} OPTIONAL {{ ?citation cg:locator ?locator }}
              OPTIONAL {{ ?citation cg:accessed ?accessed }}
            }} ORDER BY ?thing ?citation LIMIT {PAGE}"""
        ),
        "cited": reader.count(
            f"SELECT (COUNT(?citation) AS ?n) WHERE {{ ?citation cg:source {this} }}"
        ),
        "findings": findings(reader, f"?finding cg:heardFrom {this} .", asked.page, asked.verdict),
    }
