"""The page of an actor: its place in the hierarchy, its acts, how it was judged."""

from __future__ import annotations

from typing import Any

from crisisgov.server.entity_views.described import Entity
from crisisgov.server.entity_views.listings import findings
from crisisgov.server.entity_views.reader import Reader, node
from crisisgov.server.entity_views.timelines import timeline
from crisisgov.server.entity_views.wording import validity

_HIERARCHY = (
    ("departmentOf", "Department of"),
    ("reportsTo", "Reports to"),
    ("actsFor", "Acts for"),
    ("hasDepartment", "Departments"),
    ("superiorOf", "Subordinate bodies"),
)
_ROLES = (
    ("actor", "acted"),
    ("onBehalfOf", "acted for it"),
    ("recipient", "was told"),
    ("target", "was addressed"),
)


def context(reader: Reader, actor: Entity, asked: Any) -> dict[str, Any]:
    """Return what the page of an actor shows."""
    this = node(actor.iri)
    pattern = " UNION ".join(
        f'{{ ?event cg:{name} {this} BIND("{words}" AS ?role) }}' for name, words in _ROLES
    )
    return {
        "hierarchy": [(words, actor.many(name)) for name, words in _HIERARCHY if actor.many(name)],
        "posts": reader.table(
            "posts",
            f"""SELECT DISTINCT ?post ?tenure ?holder ?from ?until WHERE {{
              {{ ?post cg:postIn {this} OPTIONAL {{ ?tenure cg:tenurePost ?post ;
                   cg:tenureOf ?holder }} }}
              UNION {{ ?tenure cg:tenureOf {this} ; cg:tenurePost ?post }}
              OPTIONAL {{ ?tenure cg:validFrom ?from }} OPTIONAL {{ ?tenure cg:validUntil ?until }}
            }} ORDER BY ?post ?from""",
        ),
        "validity": validity,
        "valid": validity(actor.one("validFrom"), actor.one("validUntil")),
        "timeline": timeline(reader, pattern, 1 if asked.verdict else asked.page),
        "findings": findings(
            reader,
            f"?finding cg:bearer {this} .",
            asked.page if asked.verdict else 1,
            asked.verdict,
        ),
    }
