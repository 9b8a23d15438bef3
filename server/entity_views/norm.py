"""The pages of a norm (one limb: duty, power or prohibition) and of the text that holds it."""

from __future__ import annotations

from typing import Any

from crisisgov.server.entity_views.described import Entity
from crisisgov.server.entity_views.listings import citations, findings
from crisisgov.server.entity_views.reader import Reader, node
from crisisgov.server.entity_views.wording import length, validity

CLOCKS = {
    "occurrence": "the event itself",
    "knowledge": "the bearer's knowledge",
    "receipt": "receipt of a report",
    "assessment": "a completed assessment",
    "request": "receipt of a request",
}
# Properties of a norm's profile: heading, then (property, words).
_PROFILE = (
    (
        "Who it binds",
        (
            ("bearerKind", "kind"),
            ("bearerFunction", "function"),
            ("bearerLevel", "level"),
            ("bearerPlace", "in"),
            ("bearerNamed", "by name"),
        ),
    ),
    (
        "What starts it",
        (
            ("triggerKind", "kind of event"),
            ("triggerEvent", "the event"),
            ("triggerRole", "bearer's part"),
            ("triggerStance", "stance"),
            ("triggerCertainty", "certainty at least"),
            ("triggerDateKind", "kind of date"),
            ("normTopic", "topic"),
        ),
    ),
    (
        "What has to be done",
        (
            ("actKind", "kind of act"),
            ("actMeasure", "measure"),
            ("actResponseLevel", "response level"),
            ("actStance", "stance"),
        ),
    ),
    (
        "Towards whom",
        (
            ("recipientRelation", "seen from the bearer"),
            ("recipientKind", "kind"),
            ("recipientFunction", "function"),
            ("recipientLevel", "level"),
            ("recipientNamed", "by name"),
        ),
    ),
    (
        "Where it holds",
        (
            ("scopeHazard", "hazard"),
            ("scopeCrisis", "crisis"),
            ("scopeCondition", "condition"),
        ),
    ),
)


def context(reader: Reader, norm: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a norm shows."""
    this = node(norm.iri)
    seconds = norm.one("limitSeconds")
    days = norm.one("limitWorkingDays")
    return {
        "valid": validity(norm.one("validFrom"), norm.one("validUntil")),
        "clock": CLOCKS.get(norm.one("clock"), norm.one("clock")),
        "limit": length(int(seconds)) if seconds else f"{days} working days" if days else "",
        "profile": [
            (heading, rows)
            for heading, names in _PROFILE
            if (rows := [(words, norm.statements[n]) for n, words in names if n in norm.statements])
        ],
        "citations": citations(reader, f"{this} cg:citation ?citation ."),
        "findings": findings(reader, f"?finding cg:norm {this} .", asked.page, asked.verdict),
    }


def instrument_context(reader: Reader, instrument: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a legal text, target or set of indicators shows."""
    this = node(instrument.iri)
    return {
        "valid": validity(instrument.one("validFrom"), instrument.one("validUntil")),
        "norms": reader.table(
            "norms",
            f"""SELECT ?norm ?code ?article ?says ?checked ?force (COUNT(?finding) AS ?n) WHERE {{
              ?norm cg:instrument {this} . OPTIONAL {{ ?norm cg:code ?code }}
              OPTIONAL {{ ?norm cg:article ?article }} OPTIONAL {{ ?norm cg:says ?says }}
              OPTIONAL {{ ?norm cg:checked ?checked }} OPTIONAL {{ ?norm cg:force ?force }}
              OPTIONAL {{ ?finding cg:norm ?norm }}
            }} GROUP BY ?norm ?code ?article ?says ?checked ?force ORDER BY ?code ?norm""",
        ),
        "citations": citations(reader, f"{this} cg:citation ?citation ."),
        "findings": findings(
            reader,
            f"?norm cg:instrument {this} . ?finding cg:norm ?norm .",
            asked.page,
            asked.verdict,
        ),
    }
