"""Why a disclosure counts as delayed: found, withheld, or a breach of law."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from crisisgov.ontology.evaluation.facts import Event, Matter
from crisisgov.ontology.evaluation.findings import Finding
from crisisgov.ontology.evaluation.hierarchy import Hierarchy
from crisisgov.ontology.evaluation.lookup import Lookup
from crisisgov.ontology.evaluation.spans import Timeliness
from crisisgov.ontology.evaluation.variants import Reading

DISCLOSURE_FAILURES = frozenset({"delayed-disclosure", "concealment", "information-failure"})


def add_reasons(finding: Finding, own: frozenset[str], lookup: Lookup) -> None:
    """Add the reasons that depend neither on a yardstick nor on law, and what they rest on.

    ``breach`` is added later, by :func:`add_breaches`, from the findings of law.

    :param own: the bearer with its own bodies
    """
    matter = finding.matter
    found = [
        asserted.iri
        for asserted in lookup.asserted(matter)
        if asserted.bearer in own
        and (asserted.polarity, asserted.status) == ("found", "final")
        and asserted.failure_types & DISCLOSURE_FAILURES
        and (asserted.topic or "existence") == matter.topic
    ]
    if matter.about == finding.bearer.jurisdiction:
        found += [
            event.iri
            for event in lookup.admissions(matter.crisis)
            if event.actors & own
            and "information" in event.breaches
            and _admission_covers(event, matter)
        ]
    reasons = []
    if found:
        reasons.append("found")
    if finding.preferred.contrary:
        reasons.append("withheld")
    finding.reasons, finding.supporting = tuple(reasons), tuple(sorted(found))


def _admission_covers(event: Event, matter: Matter) -> bool:
    """Whether an admission is about this matter: by its items.

    One that names no topic is about telling of the hazard at all.
    """
    topics = {item.topic for item in event.items if item.topic != "conduct"}
    return matter.topic in (topics or {"existence"})


def add_breaches(
    disclosures: Iterable[Finding], findings: Iterable[Finding], hierarchy: Hierarchy
) -> None:
    """Add the reason ``breach`` where law with a number was broken in every reading.

    Binding, its text read, a number, the power held or delegated, definitely late
    in every reading: then and only then.
    """
    broken: dict[Matter, list[Finding]] = defaultdict(list)
    for finding in findings:
        if (
            finding.norm.standing == "binding-quantified"
            and "Disclosure" in finding.norm.act.kinds
            and not finding.provisional
            and finding.power_status in ("held", "delegated")
            and finding.robust
            and finding.preferred.timeliness is Timeliness.definitely_late
        ):
            broken[finding.matter].append(finding)
    for disclosure in disclosures:
        own = hierarchy.own_bodies(disclosure.bearer.iri, Reading.preferred)
        if any(finding.bearer.iri in own for finding in broken[disclosure.matter]):
            disclosure.reasons = tuple(sorted({*disclosure.reasons, "breach"}))
