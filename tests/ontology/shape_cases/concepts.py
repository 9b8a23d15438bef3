"""Broken concepts and schemes."""

from __future__ import annotations

from tests.ontology.shape_cases.breaks import NOBODY, WRONG, br

BREAKS = [
    br("concept/topic/existence", "rdfs:label", '"Name"@en', says="no Chinese label"),
    br("concept/topic/existence", "skos:prefLabel", '"a"@en', '"b"@en', says="one preferred label"),
    br(
        "concept/topic/existence", "skos:inScheme", "c:topic", "c:stance", says="exactly one scheme"
    ),
    br("concept/topic/existence", "skos:definition", says="A concept needs a `definition`"),
    br("concept/topic/existence", "skos:example", says="A concept needs an `example`"),
    br("concept/topic/existence", "skos:broader", NOBODY, says="`broader` is one concept"),
    br(
        "concept/topic/existence", "skos:broader", WRONG, says="`broader` leads into another scheme"
    ),
    br("concept/topic/existence", "cg:responsibility", WRONG, says="`responsibility` of a concept"),
    br("concept/remedy/safety-net-thinking", "cg:answers", WRONG, says="correct `answers`"),
    br("concept/topic", "skos:definition", says="A scheme needs a `definition`"),
]
