"""Verdicts in words: what a finding says, in a line that can stand alone."""

from __future__ import annotations

from dataclasses import dataclass

from crisisgov.server.entity_views.reader import Row, tail


@dataclass(frozen=True)
class Verdict:
    """``id`` of the concept, ``words`` for people, ``tone``: bad, open, good or none."""

    id: str
    words: str
    tone: str
    meaning: str


_ALL = (
    Verdict("contravened", "Contravened", "bad", "A forbidden act certainly followed knowledge."),
    Verdict("definitely-late", "Late", "bad", "Late whatever the bounds of the dates allow."),
    Verdict(
        "no-response", "No response found", "bad", "A recorded search found no act in the time."
    ),
    Verdict("found", "Failure found", "bad", "Somebody with a name found a failure."),
    Verdict(
        "possibly-contravened",
        "Possibly contravened",
        "open",
        "A forbidden act that may have come before knowledge.",
    ),
    Verdict("possibly-late", "Possibly late", "open", "The bounds of the dates allow both."),
    Verdict("pending", "Pending", "open", "The time allowed had not passed."),
    Verdict("on-time", "On time", "good", "On time whatever the bounds of the dates allow."),
    Verdict("preemptive", "Done before the clock started", "good", "The act came first."),
    Verdict(
        "answered", "Done; the norm sets no number", "good", "The act was done; its delay is given."
    ),
    Verdict("not-found", "No failure found", "good", "Somebody with a name cleared the bearer."),
    Verdict(
        "none-recorded",
        "No contrary act recorded",
        "none",
        "The record holds no forbidden act; that is no proof that there was none.",
    ),
    Verdict(
        "no-data",
        "No data",
        "none",
        "A date is missing, so nothing can be said; never counted as a failure.",
    ),
    Verdict(
        "not-applicable",
        "Not applicable",
        "none",
        "The norm was not in force or did not cover the case.",
    ),
)
VERDICTS: dict[str, Verdict] = {verdict.id: verdict for verdict in _ALL}
"""By id, in the order in which pages show them."""

QUIET = ("none-recorded", "no-data", "not-applicable")
"""Verdicts that say nothing about conduct: counted, but not listed unless asked for."""

UNKNOWN = Verdict("", "No verdict", "none", "")


def verdict(iri: str) -> Verdict:
    """Return the verdict for the IRI of a concept of timeliness, contravention or polarity."""
    return VERDICTS.get(tail(iri), UNKNOWN)


@dataclass(frozen=True)
class Count:
    """How many findings have a verdict."""

    verdict: Verdict
    number: int


def counts(rows: list[Row]) -> list[Count]:
    """Return counts from rows of ``verdict`` and ``n``, in the order of the verdicts."""
    by_id: dict[str, int] = {}
    for row in rows:
        name = tail(row.get("verdict", ""))
        by_id[name] = by_id.get(name, 0) + int(row["n"])
    known = [Count(VERDICTS[name], by_id[name]) for name in VERDICTS if by_id.get(name)]
    rest = sum(number for name, number in by_id.items() if name not in VERDICTS)
    return [*known, Count(UNKNOWN, rest)] if rest else known
