"""Disclosure findings beside those of comparable governments."""

from __future__ import annotations

import statistics
from collections import defaultdict

from crisisgov.ontology.evaluation.findings import Finding

PEERS_NEEDED = 5
"""A median of fewer governments would say more about who was chosen than about conduct."""

Group = tuple[str, str, str | None]


def _group(finding: Finding) -> Group | None:
    """Return crisis, topic and level; None for a matter outside the bearer's own place as such."""
    if finding.matter.about != finding.bearer.jurisdiction:
        return None
    return finding.matter.crisis, finding.matter.topic, finding.bearer.level


def without_lone_blanks(findings: list[Finding]) -> list[Finding]:
    """Leave out findings without any date, except beside peers that have one.

    "No data" says something only where a government of the same level has data on
    its own matter of the same kind.
    """

    def dated(finding: Finding) -> bool:
        outcome = finding.preferred
        return outcome.trigger is not None or outcome.response is not None

    alive = {_group(finding) for finding in findings if dated(finding)} - {None}
    return [
        finding
        for finding in findings
        if dated(finding) or finding.said_instead or _group(finding) in alive
    ]


def add_peer_medians(findings: list[Finding]) -> None:
    """Add the median of the smallest delays of comparable governments, in days.

    Comparable: same crisis, topic and level, each in the matter of its own
    jurisdiction, with K and D both known; at least five of them.
    """
    groups: dict[Group, list[Finding]] = defaultdict(list)
    for finding in findings:
        key = _group(finding)
        if key is not None:
            groups[key].append(finding)
    for group in groups.values():
        known = [
            finding.preferred.delay.first / 86_400
            for finding in group
            if finding.preferred.delay is not None and finding.preferred.response is not None
        ]
        if len(known) >= PEERS_NEEDED:
            for finding in group:
                finding.peer_median_days = round(statistics.median(known), 2)
                finding.peer_count = len(known)
