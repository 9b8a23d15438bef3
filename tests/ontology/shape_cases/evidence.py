"""Broken sources, citations, claims and searches."""

from __future__ import annotations

from tests.ontology.shape_cases.breaks import LATE, NOBODY, WRONG, ZONELESS, br

BREAKS = [
    # sources
    br("source/s1", "cg:publisher", says="A source needs one `publisher`"),
    br("source/s1", "cg:publisherActor", NOBODY, says="`publisher_actor` is one actor"),
    br("source/s1", "cg:sourceKind", says="list of source kinds"),
    br("source/s1", "cg:standing", WRONG, says="official, of-record or weak"),
    br("source/s1", "dcterms:language", '"Chinese"', says="one `language` as a tag"),
    br("source/s1", "dcterms:issued", '"2020"', '"2021"', says="one `date` of publication at most"),
    br("source/s1", "cg:url", '"news.example"', says="begins with http:// or https://"),
    br("source/s1", "cg:archiveUrl", '"ftp://x"', says="`archive_url` is one address"),
    br("source/s2", "cg:copies", NOBODY, says="`copies` is one source"),
    br("source/s1", "cg:copies", "b:source\\/s2", says="copies one that is a copy itself"),
    # citations
    br("citation/event/told", "cg:source", says="names exactly one source"),
    br("citation/event/told", "cg:source", NOBODY, says="names exactly one source"),
    br(
        "event/asked",
        "cg:citation",
        "<https://w3id.org/crisisgov/citation/event/told>",
        says="A citation supports exactly one record",
        at="citation/event/told",
    ),
    br(
        "citation/event/told",
        "cg:locator",
        '"a"',
        '"b"',
        says="`locator` of a citation is one text",
    ),
    br("citation/event/told", "cg:says", "1", says="`says` of a citation is one text"),
    br("citation/event/told", "cg:supports", "1", says="`supports` of a citation names fields"),
    br(
        "citation/event/told",
        "cg:accessed",
        '"a"',
        '"b"',
        says="`accessed` of a citation is one date",
    ),
    br("citation/event/told", "cg:archiveUrl", '"x"', says="`archive_url` is one address"),
    # claims
    br("claim/k", "cg:claimAbout", NOBODY, says="about exactly one event"),
    br("claim/k", "cg:claimedProperty", WRONG, says="A claim speaks of one `property`"),
    br("claim/k", "cg:authority", says="never the curator"),
    br("claim/k", "cg:claimStatus", says="A claim has one `status`"),
    br("claim/k", "cg:claimStatus", "c:claim-status\\/rejected", says="Give `status_why`"),
    br(
        "claim/k",
        "cg:claimedProperty",
        "c:claimed-property\\/actor",
        says="value that fits its property",
    ),
    br("claim/k", "cg:claimsLiteral", '"true"', says="value that fits its property"),
    br("claim/k", "cg:claimsLiteral", '"a"', '"b"', says="`literal` of a claim is one text"),
    br("claim/k", "cg:claimsEntity", NOBODY, says="`entity` of a claim is one actor"),
    br("claim/k", "cg:claimsEarliest", LATE, says="earliest second that a claim allows"),
    br("claim/k", "cg:claimsLatest", ZONELESS, says="latest second that a claim allows"),
    br(
        "claim/k",
        "cg:claimsEarliestEpoch",
        "1999999999",
        says="earliest second since 1970 of a claim",
    ),
    br("claim/k", "cg:claimsLatestEpoch", '"x"', says="latest second since 1970 of a claim"),
    # searches
    br("search/s", "cg:searchedBearer", says="Whose act was searched for?"),
    br("search/s", "cg:actKind", '"Silence"', says="Which act was searched for?"),
    br("search/s", "cg:searcher", says="Who searched?"),
    br("search/s", "cg:searched", says="What was searched?"),
    br("search/s", "cg:accessed", says="When was it searched?"),
    br("search/s", "cg:coveredUntil", says="Until when would it have shown the act?"),
    br("search/s", "cg:coveredUntilEpoch", says="without its seconds since 1970"),
]
