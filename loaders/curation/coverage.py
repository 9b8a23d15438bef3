"""What the record holds of each crisis and what it lacks, for those who mend it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from crisisgov.loaders.curation.independence import independent_publishers
from crisisgov.loaders.records.index import Index, index
from crisisgov.loaders.records.model import CrisisFile, Event
from crisisgov.loaders.records.read import Records
from crisisgov.ontology.evaluation.facts import Event as JudgedEvent
from crisisgov.ontology.evaluation.findings import Finding


def _of_kind(*kinds: str) -> Callable[[Event], bool]:
    return lambda event: bool(set(kinds) & {kind.value for kind in event.kind})


MILESTONES: dict[str, Callable[[Event], bool]] = {
    "first knowledge": _of_kind("detection", "knowledge", "assessment"),
    "warning": _of_kind("warning"),
    "report upward": _of_kind("report"),
    "notification": _of_kind("notification"),
    "disclosure": _of_kind("disclosure"),
    "protective order": _of_kind("protective-measure", "emergency-level-change"),
    "inquiry": _of_kind("inquiry"),
    "sanction": _of_kind("sanction", "resignation"),
    "recommendation": _of_kind("recommendation"),
    "implementation": _of_kind("implementation"),
}
"""What the course of a crisis holds as a rule -> whether an event is that."""


@dataclass(frozen=True)
class CoarseDate:
    """An event whose date is known less exactly than the limit that it is tested against."""

    event: str
    norm: str
    """Code of the norm with the shortest such limit."""
    limit_seconds: int
    width_seconds: int
    """How far apart the first and the last second are at which it can have happened."""


@dataclass
class Coverage:
    """What is recorded of one crisis."""

    crisis: str
    events: int = 0
    sources: int = 0
    """Citations of sources, each source once for an event."""
    two_independent: int = 0
    """Events that rest on two independent sources or more."""
    checked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Check -> events."""
    disputes: int = 0
    """Events with claims of two or more authorities on the same property."""
    milestones: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MILESTONES, 0))
    asserted_findings: int = 0
    norm_gaps: int = 0
    harm: int = 0
    identifiers: int = 0
    coarse: list[CoarseDate] = field(default_factory=list)
    has_parts: bool = False
    """Whether other crises are part of it: then its events may all stand there."""

    @property
    def missing(self) -> list[str]:
        """Return the milestones of which nothing is recorded, and other gaps, in words."""
        if self.has_parts and not self.events:
            return []
        lacking = [name for name, count in self.milestones.items() if not count]
        others = {
            "harm": self.harm,
            "finding of an inquiry or court": self.asserted_findings,
            "identifier in another graph": self.identifiers,
        }
        return lacking + [name for name, count in others.items() if not count]

    def as_row(self) -> dict[str, Any]:
        """Return plain values for a table, CSV or JSON; shares are from 0 to 1."""
        share = (lambda count: round(count / self.events, 2)) if self.events else (lambda _: None)
        return {
            "crisis": self.crisis,
            "events": self.events,
            "sourcesPerEvent": round(self.sources / self.events, 2) if self.events else None,
            "twoIndependent": share(self.two_independent),
            "read": share(self.checked["read"]),
            "secondary": share(self.checked["secondary"]),
            "unverified": share(self.checked["unverified"]),
            "disputes": self.disputes,
            "assertedFindings": self.asserted_findings,
            "normGaps": self.norm_gaps,
            "coarseDates": len(self.coarse),
            "missing": self.missing,
        }


def coverage(records: Records, findings: Iterable[Finding] = ()) -> list[Coverage]:
    """Return what is recorded of each crisis, by its id; coarse dates from the findings given."""
    found, _ = index(records)
    result = {name: Coverage(name) for name in sorted(found.records["crisis"])}
    for file in records.of_kind("crises"):
        content = file.content
        assert isinstance(content, CrisisFile)
        one = result[content.crisis_of_file()]
        for event in content.events:
            _count(found, one, event)
        one.asserted_findings += len(content.asserted_findings)
        one.norm_gaps += len(content.norm_gaps)
        if content.crisis is not None:
            one.harm += len(content.crisis.harm)
            if content.crisis.part_of is not None:
                result[content.crisis.part_of].has_parts = True
            one.identifiers += len(content.crisis.identifiers.model_dump(exclude_none=True))
    for name in disputed_events(found):
        _, place = found.records["event"][name]
        crisis = place.file.content
        assert isinstance(crisis, CrisisFile)
        result[crisis.crisis_of_file()].disputes += 1
    for crisis_id, dates in _coarse(findings).items():
        result[crisis_id].coarse = dates
    return list(result.values())


def _count(found: Index, one: Coverage, event: Event) -> None:
    one.events += 1
    one.sources += len({citation.source for citation in event.citations})
    one.two_independent += len(independent_publishers(found, event.citations)) > 1
    one.checked[event.checked] += 1
    for name, holds in MILESTONES.items():
        one.milestones[name] += holds(event)


def disputed_events(found: Index) -> list[str]:
    """Return the events about which authorities differ: two or more live claims on the same
    property, by different authorities, that do not say the same."""
    said: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for claim, _ in found.records["claim"].values():
        if claim.status in ("live", "rejected"):
            value = str(claim.date or claim.entity or claim.literal)
            said[claim.about, claim.property.value].add((claim.authority, value))
    return sorted(
        {
            event
            for (event, _), readings in said.items()
            if len({who for who, _ in readings}) > 1 and len({what for _, what in readings}) > 1
        }
    )


def _coarse(findings: Iterable[Finding]) -> dict[str, list[CoarseDate]]:
    """Return by crisis the events that are dated less exactly than the shortest limit on them."""
    shortest: dict[str, tuple[int, CoarseDate, str]] = {}
    for finding in findings:
        limit = finding.norm.limit
        outcome = finding.preferred
        if limit is None or outcome.delay is None:
            continue  # nothing was measured against a number of hours or days
        # the first of each decides; the others are evidence
        for event in (*outcome.triggers[:1], *outcome.responses[:1]):
            width = event.span.last - event.span.first
            if width > limit and limit < shortest.get(event.iri, (limit + 1,))[0]:
                date = CoarseDate(_tail(event), finding.norm.code, limit, width)
                shortest[event.iri] = (limit, date, event.crisis.rsplit("/", 1)[-1])
    result: defaultdict[str, list[CoarseDate]] = defaultdict(list)
    for _, date, crisis in sorted(shortest.values(), key=lambda entry: entry[1].event):
        result[crisis].append(date)
    return result


def _tail(event: JudgedEvent) -> str:
    return event.iri.rsplit("/", 1)[-1]
