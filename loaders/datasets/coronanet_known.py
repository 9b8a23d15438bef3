"""Rows of CoronaNet whose event is stated already: by another set, or by a later release."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from crisisgov.loaders.datasets import checks, emit, text
from crisisgov.loaders.datasets.context import Context, Known
from crisisgov.loaders.datasets.coronanet_rows import oxcgrt_key, phase_of

_ACAPS = re.compile(r"ACAPS[_-](\d+)(?:_\d+)?")

Policies = Mapping[str, list[tuple[str, str, str, str]]]
"""Start, day of entry, base and phase of the events of each policy."""


def taken_over(values: dict[str, str], context: Context) -> tuple[str, str]:
    """Return the event of another set that a row was taken over from, and why one is not meant.

    Rows often keep the id of the row that they began with and tell of another day, or of the
    end of what it began. Those are other events: an end is never the beginning that the
    other set has, and the days differ by no more than :data:`checks.FAR_DAYS`.
    """
    refused = ""
    ended = phase_of(values) == "end"
    for known in _named(values.get("collab_id", ""), context.others):
        if ended and known.phase == "start":
            refused = "other set's row of the beginning of what ends here"
        elif not _near(known.day, values):
            refused = "other set's row of another day"
        else:
            return text.iri("event", known.event), ""
    return "", refused


def _named(given: str, others: Mapping[str, Mapping[str, Known]]) -> Iterator[Known]:
    acaps, oxcgrt = others.get("acaps", {}), others.get("oxcgrt", {})
    for part in re.split(r"[,;]", given):
        name = part.strip()
        if (found := _ACAPS.fullmatch(name)) and (known := acaps.get(found[1])):
            yield known
        elif name.startswith("OXCGRT_") and (known := oxcgrt.get(oxcgrt_key(name[7:]))):
            yield known


def _near(day: str, values: dict[str, str]) -> bool:
    """Whether a day is near one of a row; an unknown day is near all."""
    if not day:
        return True
    columns = ["date_start", "date_announced"]
    if phase_of(values) == "end":
        columns.append("date_end")  # some give the day of the end there
    for column in columns:
        try:
            apart = date.fromisoformat(values.get(column, "")) - date.fromisoformat(day)
        except ValueError:
            continue
        if abs(apart.days) <= checks.FAR_DAYS:
            return True
    return False


@dataclass(frozen=True)
class Act:
    """What an act of a government is told by: the same in both releases."""

    place: str
    actors: tuple[str, ...]
    start: str
    type: str
    phase: str


class Later:
    """Events of later releases, in which rows of the early one are looked for.

    Only those: two rows of the early release with the same government, day and type are two
    measures as a rule.
    """

    def __init__(self) -> None:
        self._acts: dict[int, list[tuple[str, frozenset[int]]]] = {}

    def remember(self, act: Act, link: str, event: str) -> None:
        """Keep the event of an act, with what its row links to."""
        found = self._acts.setdefault(hash(act), [])
        urls = frozenset(map(hash, emit.links(link)))
        found.append((event, urls))

    def find(self, act: Act, link: str) -> str | None:
        """Return the one event of an act; of several the one that has a link of the row."""
        found = self._acts.get(hash(act), [])
        events = {event for event, _ in found}
        if len(events) > 1:
            urls = set(map(hash, emit.links(link)))
            events = {event for event, has in found if not urls.isdisjoint(has)}
        return next(iter(events)) if len(events) == 1 else None


def of_policy(values: dict[str, str], policies: Policies, events: Mapping[str, str]) -> str | None:
    """Return the event of a later release that a row of the early one tells of by its policy.

    The one of the same day, else the beginning of the policy when the row is one.
    """
    known = [one for one in policies.get(values["policy_id"], ()) if one[2].startswith("R_")]
    same = [one for one in known if one[0] == values.get("date_start")]
    if not same and phase_of(values) == "start":
        same = [one for one in known if one[3] == "start"]
    return events[min(same)[2]] if same else None
