"""The page of a source: what it is and what rests on it."""

from __future__ import annotations

from typing import Any

from crisisgov.server.entity_views.described import Entity
from crisisgov.server.entity_views.listings import findings
from crisisgov.server.entity_views.reader import Reader, Row, node, with_prefixes
from crisisgov.server.entity_views.timelines import MANY, PAGE


def context(reader: Reader, source: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a source shows."""
    this = node(source.iri)
    counting = f"SELECT (COUNT(?citation) AS ?n) WHERE {{ ?citation cg:source {this} }}"
    cited = reader.listed("number of citations", lambda: reader.count(counting))
    return {
        "copied_by": reader.column(
            "copies", f"SELECT ?copy WHERE {{ ?copy cg:copies {this} }} ORDER BY ?copy"
        ),
        "cited_by": reader.listed("cited", lambda: _cited_by(reader, this, cited)) or [],
        "cited": cited,
        "all_cited": with_prefixes(
            f"SELECT ?thing ?citation WHERE {{ ?citation cg:source {this} . "
            "?thing cg:citation ?citation }"
        ),
        "findings": findings(reader, f"?finding cg:heardFrom {this} .", asked.page, asked.verdict),
    }


def _cited_by(reader: Reader, this: str, cited: int | None) -> list[Row]:
    """Return what cites the source: the first, or of very many whichever come to hand."""
    some = f"?citation cg:source {this} . ?thing cg:citation ?citation ."
    if cited is None or cited > MANY:
        # To put them in order, the engine would have to find all.
        some = f"{{ SELECT ?citation ?thing WHERE {{ {some} }} LIMIT {PAGE} }}"
    return reader.rows(
        f"""SELECT ?citation ?thing ?says ?locator ?accessed WHERE {{ {some}
          OPTIONAL {{ ?citation cg:says ?says }} OPTIONAL {{ ?citation cg:locator ?locator }}
          OPTIONAL {{ ?citation cg:accessed ?accessed }}
        }} ORDER BY ?thing ?citation LIMIT {PAGE}"""
    )
