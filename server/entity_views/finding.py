"""The page of a finding: verdict first, then why, then how it was reckoned."""

from __future__ import annotations

from typing import Any

from crisisgov.server.entity_views.described import Entity
from crisisgov.server.entity_views.listings import citations
from crisisgov.server.entity_views.reader import Reader, Row, node, tail
from crisisgov.server.entity_views.timelines import EventLine, timeline
from crisisgov.server.entity_views.verdicts import Verdict, verdict
from crisisgov.server.entity_views.wording import delay, length, validity

# Delays beside the main one: property stem, words.
_DELAYS = (
    ("{}DelayWithPowerSeconds", "from when it both knew and had the power to publish"),
    ("{}DelayUntilPublicSeconds", "until any authority told the public"),
    ("confirmed{}DelaySeconds", "from confirmed, not only suspected, knowledge"),
)
_ROLES = (
    ("trigger", "starts the clock"),
    ("response", "answers"),
    ("contraryAct", "contrary act"),
    ("saidInstead", "said or done instead"),
    ("firstPublic", "first public word of any authority"),
    ("evidence", ""),
)


def context(reader: Reader, finding: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of a finding shows."""
    this = node(finding.iri)
    asserted = bool(finding.many("assertedBy"))
    evidence = _evidence(reader, this)
    return {
        "asserted": asserted,
        "verdict": _verdict(finding),
        "delayed": "DisclosureFinding" in {tail(iri) for iri in finding.many("type")}
        and bool(finding.many("reason")),
        "delay": delay(finding.one("minDelaySeconds"), finding.one("maxDelaySeconds")),
        "norm": _norm(reader, finding),
        "readings": _readings(finding),
        "delays": [
            (words, text)
            for stem, words in _DELAYS
            if (text := delay(finding.one(_stem(stem, "min")), finding.one(_stem(stem, "max"))))
        ],
        "steps": finding.one("explanation").split("\n") if finding.one("explanation") else [],
        "evidence": evidence,
        "first_trigger": _first(evidence, "starts the clock"),
        "first_response": _first(evidence, "answers"),
        "disputes": _disputes(reader, this),
        "sources": _sources(reader, this),
        "citations": citations(reader, f"{this} cg:citation ?citation ."),
        "reasons": _reasons(reader, this),
        "causes": finding.many("cause"),
        "remedies": finding.many("remedy"),
    }


def _stem(stem: str, side: str) -> str:
    return stem.format(side.capitalize() if stem.startswith("confirmed") else side)


def _verdict(finding: Entity, suffix: str = "") -> Verdict:
    if finding.one("polarity"):
        return verdict(finding.one("polarity"))
    if finding.one("contravention") and not suffix:
        return verdict(finding.one("contravention"))
    return verdict(finding.one(f"timeliness{suffix}"))


def _readings(finding: Entity) -> list[tuple[str, Verdict, str]]:
    """Return (reading, verdict, delay) for the readings of which the graph states a verdict."""
    if finding.one("contravention"):
        return []
    return [
        (
            words,
            _verdict(finding, suffix),
            delay(finding.one(f"minDelay{suffix}Seconds"), finding.one(f"maxDelay{suffix}Seconds")),
        )
        for suffix, words in (
            ("Favourable", "most favourable to the bearer"),
            ("", "followed here"),
            ("Unfavourable", "least favourable to the bearer"),
        )
        if finding.one(f"timeliness{suffix}")
    ]


def _norm(reader: Reader, finding: Entity) -> Row | None:
    if not finding.one("norm"):
        return None
    rows = reader.rows(
        f"""SELECT * WHERE {{ BIND({node(finding.one("norm"))} AS ?norm) ?norm cg:says ?says .
          OPTIONAL {{ ?norm cg:code ?code }} OPTIONAL {{ ?norm cg:article ?article }}
          OPTIONAL {{ ?norm cg:limitText ?limit }} OPTIONAL {{ ?norm cg:limitSeconds ?seconds }}
          OPTIONAL {{ ?norm cg:instrument ?instrument }} OPTIONAL {{ ?norm cg:checked ?checked }}
          OPTIONAL {{ ?norm cg:validFrom ?from }} OPTIONAL {{ ?norm cg:validUntil ?until }} }}"""
    )
    if not rows:
        return None
    row = dict(rows[0])
    row["valid"] = validity(row.get("from", ""), row.get("until", ""))
    row["allowed"] = length(int(row["seconds"])) if row.get("seconds") else row.get("limit", "")
    return row


def _reasons(reader: Reader, this: str) -> list[Row]:
    return reader.table(
        "reasons",
        f"""SELECT ?reason ?meaning WHERE {{ {this} cg:reason ?reason .
          OPTIONAL {{ ?reason skos:definition ?meaning FILTER(LANG(?meaning) = "en") }}
        }} ORDER BY ?reason""",
    )


def _evidence(reader: Reader, this: str) -> list[EventLine]:
    pattern = " UNION ".join(
        f"{{ {this} cg:{name} ?event" + (f' BIND("{words}" AS ?role)' if words else "") + " }"
        for name, words in _ROLES
    )
    return timeline(reader, pattern, name="evidence").lines


def _first(evidence: list[EventLine], role: str) -> EventLine | None:
    return next((line for line in evidence if role in line.roles), None)


def _disputes(reader: Reader, this: str) -> list[Row]:
    return reader.table(
        "disputes",
        f"""SELECT ?claim ?about ?property ?edtf ?literal ?entity ?authority WHERE {{
          {this} cg:materialDispute ?claim . ?claim cg:claimAbout ?about .
          OPTIONAL {{ ?claim cg:claimedProperty ?property }} OPTIONAL {{ ?claim cg:edtf ?edtf }}
          OPTIONAL {{ ?claim cg:claimsLiteral ?literal }}
          OPTIONAL {{ ?claim cg:claimsEntity ?entity }}
          OPTIONAL {{ ?claim cg:authority ?authority }} }} ORDER BY ?claim""",
    )


def _sources(reader: Reader, this: str) -> list[Row]:
    rows = reader.table(
        "sources of its events",
        f"""SELECT ?source ?standing ?publisher ?issued ?url WHERE {{ {this} cg:heardFrom ?source .
          OPTIONAL {{ ?source cg:standing ?standing }} OPTIONAL {{ ?source cg:url ?url }}
          OPTIONAL {{ ?source cg:publisher ?publisher }}
          OPTIONAL {{ ?source dcterms:issued ?issued }} }} ORDER BY ?issued ?source""",
    )
    return list({row["source"]: row for row in reversed(rows)}.values())[::-1]
