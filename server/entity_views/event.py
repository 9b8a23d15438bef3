"""The page of an event."""

from __future__ import annotations

from typing import Any

from crisisgov.server.entity_views.described import Entity
from crisisgov.server.entity_views.listings import citations, findings
from crisisgov.server.entity_views.reader import Reader, Row, natural, node
from crisisgov.server.entity_views.timelines import timeline, when
from crisisgov.server.entity_views.wording import When

# Relations to other events: property, words.
_RELATIONS = (
    ("inReactionTo", "In reaction to"),
    ("sanctionedFor", "Sanction for"),
    ("ledToSanction", "Led to the sanction"),
    ("confirms", "Confirms"),
    ("confirmedBy", "Confirmed by"),
    ("reverses", "Reverses"),
    ("reversedBy", "Reversed by"),
    ("contradicts", "Contradicts"),
)


def context(reader: Reader, event: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of an event shows."""
    this = node(event.iri)
    return {
        "when": When(event.one("edtf"), event.one("earliest"), event.one("latest")),
        "end": When(event.one("endEdtf"), event.one("endEarliest"), event.one("endLatest")),
        "published": When("", event.one("publishedEarliest"), event.one("publishedLatest")),
        "effective": When("", event.one("effectiveEarliest"), event.one("effectiveLatest")),
        "items": _items(reader, this),
        "relations": [(words, event.many(name)) for name, words in _RELATIONS if event.many(name)],
        "reactions": timeline(reader, f"?event cg:inReactionTo {this}", name="reactions"),
        "claims": reader.listed("claims", lambda: _claims(reader, this)) or [],
        "citations": citations(reader, f"{this} cg:citation ?citation ."),
        "findings": findings(
            reader,
            f"{{ ?finding cg:evidence {this} }} UNION {{ ?finding cg:supportedBy {this} }}",
            asked.page,
            asked.verdict,
        ),
    }


def _items(reader: Reader, this: str) -> list[Row]:
    rows = reader.table(
        "content items",
        f"""SELECT * WHERE {{ {this} cg:conveys ?item . ?item cg:topic ?topic ; cg:stance ?stance .
          OPTIONAL {{ ?item cg:about ?place }} OPTIONAL {{ ?item cg:certainty ?certainty }}
          OPTIONAL {{ ?item cg:value ?value }} OPTIONAL {{ ?item cg:unit ?unit }}
          OPTIONAL {{ ?item cg:edtf ?edtf }} }}""",
    )
    lines: dict[str, Row] = {}
    for row in rows:
        lines.setdefault(row["item"], row)
    return sorted(lines.values(), key=lambda row: natural(row["item"]))


def _claims(reader: Reader, this: str) -> list[dict[str, Any]]:
    rows = reader.rows(
        f"""SELECT ?claim ?property ?edtf ?earliest ?latest ?entity ?literal ?authority ?status
          ?why ?followed WHERE {{
          ?claim cg:claimAbout {this} ; cg:claimedProperty ?property .
          OPTIONAL {{ ?claim cg:edtf ?edtf }}
          OPTIONAL {{ ?claim cg:claimsEarliest ?earliest }}
          OPTIONAL {{ ?claim cg:claimsLatest ?latest }}
          OPTIONAL {{ ?claim cg:claimsEntity ?entity }}
          OPTIONAL {{ ?claim cg:claimsLiteral ?literal }}
          OPTIONAL {{ ?claim cg:authority ?authority }}
          OPTIONAL {{ ?claim cg:claimStatus ?status }} OPTIONAL {{ ?claim cg:statusWhy ?why }}
          OPTIONAL {{ {this} cg:followsClaim ?claim . BIND(true AS ?followed) }}
        }} ORDER BY ?property ?earliest ?claim"""
    )
    claims: dict[str, dict[str, Any]] = {}
    for row in rows:
        claim = claims.setdefault(
            row["claim"],
            {**row, "when": when(row), "authorities": [], "cited": []},
        )
        if row.get("authority") and row["authority"] not in claim["authorities"]:
            claim["authorities"].append(row["authority"])
    if claims:
        values = " ".join(f"<{iri}>" for iri in claims)
        pattern = f"VALUES ?claim {{ {values} }} ?claim cg:citation ?citation ."
        for row in citations(reader, pattern):
            claims[row["claim"]]["cited"].append(row)
    return list(claims.values())
