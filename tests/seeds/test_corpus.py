"""The curated records as a whole: rules of evidence that no single record can show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from crisisgov.loaders.build import seeds_folder
from crisisgov.loaders.curation.coverage import coverage, disputed_events
from crisisgov.loaders.curation.independence import independent_publishers, only_weak
from crisisgov.loaders.records.check import references
from crisisgov.loaders.records.index import Index, index, walk_records
from crisisgov.loaders.records.model import Ref
from crisisgov.loaders.records.read import Records, load
from crisisgov.ontology.dates import parse

pytestmark = pytest.mark.curated


@pytest.fixture(scope="module")
def records() -> Records:
    return load(seeds_folder())


@pytest.fixture(scope="module")
def found(records: Records) -> Index:
    return index(records)[0]


def all_of(found: Index, kind: str) -> Iterator[Any]:
    return (record for record, _ in found.records[kind].values())


def test_the_corpus_is_as_wide_as_it_is_said_to_be(found: Index) -> None:
    with_events = {one.crisis for one in coverage(load(seeds_folder())) if one.events}
    assert len(with_events) >= 28
    assert len(found.records["event"]) >= 900
    assert len(found.records["norm"]) >= 60
    assert len(disputed_events(found)) >= 40


def test_at_least_two_fifths_of_the_events_rest_on_two_independent_sources(found: Index) -> None:
    events = list(all_of(found, "event"))
    two = [one for one in events if len(independent_publishers(found, one.citations)) > 1]
    assert len(two) / len(events) >= 0.4


def test_at_most_a_twentieth_of_the_events_is_unverified(found: Index) -> None:
    checks = Counter(event.checked for event in all_of(found, "event"))
    assert checks["unverified"] / checks.total() <= 0.05


def test_every_event_says_what_each_of_its_sources_says(found: Index) -> None:
    silent = [
        event.id
        for event in all_of(found, "event")
        if not any(citation.says for citation in event.citations)
    ]
    assert silent == []


def test_nobody_is_blamed_on_weak_sources_alone(found: Index) -> None:
    blaming = [
        event
        for event in all_of(found, "event")
        if event.breaches or {"suppression", "sanction"} & {kind.value for kind in event.kind}
    ]
    blaming += [one for one in all_of(found, "asserted finding") if one.polarity == "found"]
    assert [one.id for one in blaming if only_weak(found, one.citations)] == []


def test_every_actor_and_every_source_is_used_by_some_other_record(records: Records) -> None:
    used: defaultdict[str, set[str]] = defaultdict(set)
    known: defaultdict[str, set[str]] = defaultdict(set)
    for file in records.files:
        for kind, record, _ in walk_records(file):
            known[kind].add(record.id)
            for mark, name, _ in references(record):
                if isinstance(mark, Ref) and (mark.kind, name) != (kind, record.id):
                    used[mark.kind].add(name)
        if file.kind == "concepts":
            for mark, name, _ in references(file.content):
                if isinstance(mark, Ref):
                    used[mark.kind].add(name)
    assert known["actor"] - used["actor"] == set()
    assert known["source"] - used["source"] == set()


def test_no_post_is_held_by_two_at_once(found: Index) -> None:
    """Certain overlap only: from the last moment at which a tenure may have begun to the first
    at which it may have ended. The day of a handover belongs to both."""
    terms: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for tenure in all_of(found, "tenure"):
        begin = parse(tenure.held.begin).latest if tenure.held.begin else None
        end = parse(tenure.held.end).earliest if tenure.held.end else None
        terms[tenure.post].append((begin, end, tenure.id))  # type: ignore[arg-type]
    twice = [
        (one, other)
        for held in terms.values()
        for (begin, end, one), (begin2, end2, other) in combinations(held, 2)
        if begin is not None
        and begin2 is not None
        and (end is None or begin2 < end)
        and (end2 is None or begin < end2)
    ]
    assert twice == []


def test_a_person_acts_in_a_post_only_while_holding_it(found: Index) -> None:
    held = defaultdict(set)
    for tenure in all_of(found, "tenure"):
        held[tenure.post].add(tenure.person)
    wrong = [
        event.id
        for event in all_of(found, "event")
        if event.in_post is not None and not held[event.in_post] & set(event.actor)
    ]
    assert wrong == []


def test_recommendations_of_a_dozen_inquiries_have_their_fate(found: Index) -> None:
    crises_with_fate = {
        crisis
        for event in all_of(found, "event")
        if event.implements
        for crisis in [found.records["event"][event.id][1].file.name.split("/")[1]]
    }
    assert len(crises_with_fate) >= 12
