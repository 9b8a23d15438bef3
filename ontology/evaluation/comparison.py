"""What somebody asserted beside what is computed: agreement, disagreement, or left open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from crisisgov.ontology.evaluation.facts import Asserted
from crisisgov.ontology.evaluation.findings import Finding
from crisisgov.ontology.evaluation.spans import Timeliness

STANDING = frozenset({"final", "under-appeal", "opinion"})
"""Statuses of asserted findings that still say something; overturned and withdrawn ones do not."""

_FAILED = frozenset({Timeliness.definitely_late, Timeliness.no_response})
_MET = frozenset({Timeliness.on_time, Timeliness.preemptive})


def compare(findings: Iterable[Finding], asserted: Iterable[Asserted]) -> None:
    """Set on each computed finding the asserted ones that it agrees with, or not, or leaves open.

    They are of the same when bearer, crisis and place are, and topic, norm and
    responsibility where the asserted one names them. A computed finding without a verdict
    is beside nothing. Open: possibly late or contravened, done under a norm without a
    number, or no contrary act on record; these neither confirm nor refute.
    """
    known: dict[tuple[str, str, str], list[Asserted]] = defaultdict(list)
    for one in asserted:
        if one.status in STANDING:
            known[one.bearer, one.crisis, one.about].append(one)
    for finding in findings:
        matter = finding.matter
        beside = known.get((finding.bearer.iri, matter.crisis, matter.about), ())
        same = [one for one in beside if _is_same(one, finding)]
        if not same or finding.evaluability != "evaluated":
            continue
        failed = _has_failed(finding)
        found = tuple(one.iri for one in same if (one.polarity == "found"))
        cleared = tuple(one.iri for one in same if (one.polarity != "found"))
        if failed is None:
            finding.leaves_open = (*found, *cleared)
        else:
            finding.agrees_with = found if failed else cleared
            finding.disagrees_with = cleared if failed else found


def _is_same(one: Asserted, finding: Finding) -> bool:
    return (
        one.topic in (None, finding.matter.topic)
        and one.norm in (None, finding.norm.iri)
        and (not one.responsibilities or finding.norm.responsibility in one.responsibilities)
    )


def _has_failed(finding: Finding) -> bool | None:
    """Return whether the norm was certainly not met, certainly met, or neither (None)."""
    outcome = finding.preferred
    if outcome.contravention is not None:
        return True if outcome.contravention == "contravened" else None
    if outcome.timeliness in _FAILED:
        return True
    return False if outcome.timeliness in _MET else None
