"""Broken actors, posts, tenures and places."""

from __future__ import annotations

from tests.ontology.shape_cases.breaks import NOBODY, WRONG, br

BREAKS = [
    # actors, posts, tenures
    br("actor/health", "rdfs:label", '"名"@zh', says="no English label"),
    br("actor/gov", "rdfs:label", '"Name"@en', says="jurisdiction in China needs a Chinese label"),
    br("actor/health", "a", "cg:Body", "cg:Person", says="exactly one kind"),
    br("actor/health", "cg:function", says="public authority needs `function`"),
    br("actor/health", "cg:function", WRONG, says="`function` is one of the list"),
    br("actor/gov", "cg:level", says="A government needs `level`"),
    br("actor/gov", "cg:level", WRONG, says="`level` is one of the list"),
    br("actor/gov", "cg:nativeLevel", '"a"', '"b"', says="`native_level` is one text"),
    br("actor/gov", "cg:jurisdiction", NOBODY, says="`jurisdiction` is one place"),
    br("actor/health", "cg:departmentOf", "b:place\\/CN", says="`part_of` is one actor"),
    br("actor/health", "cg:reportsTo", NOBODY, says="`reports_to` names something"),
    br("actor/health", "cg:actsFor", NOBODY, says="`acts_for` names something"),
    br("actor/health", "cg:succeeds", NOBODY, says="`succeeds` is one actor"),
    br("post/mayor", "cg:postIn", says="A post stands in exactly one body"),
    br("tenure/t", "cg:tenureOf", "b:actor\\/gov", says="exactly one person"),
    br("tenure/t", "cg:tenurePost", says="exactly one post"),
    # places
    br("place/CN-HB", "rdfs:label", '"Name"@en', says="place in China needs a Chinese label"),
    br("place/CN-HB", "skos:notation", '"Hubei"', says="ISO 3166 code"),
    br("place/CN-HB", "cg:level", says="A place needs one `level`"),
    br("place/CN-HB", "cg:within", NOBODY, says="`within` names something that is no place"),
    br(
        "place/CN-HB", "cg:within", "b:place\\/CN", "b:place\\/CN-HB", says="next larger place only"
    ),
    br("place/CN", "cg:population", "-1", says="`population` is one whole number from 0"),
    # a class that nothing knows
    br("post/mayor", "a", "cg:Pots", says="No shape looks at the class cg:Pots"),
]
