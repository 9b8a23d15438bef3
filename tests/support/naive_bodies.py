"""Who bears a duty, and whose acts and knowledge count, judged naively over a line of bodies.

One body took the place of another at a certain second. The rules are those of the design:
what either did, knew or was told counts for both, and the finding names the one that
existed when the clock started.
"""

from __future__ import annotations

from dataclasses import dataclass

from crisisgov.ontology.evaluation.facts import Event, Tenure
from tests.support import naive


@dataclass(frozen=True)
class Line:
    """A body, its successor, and the first second of the successor."""

    old: str
    new: str
    turn: int

    @property
    def both(self) -> set[str]:
        return {self.old, self.new}

    def at(self, seconds: set[int]) -> str:
        """Return who is named for a moment of which these seconds are possible."""
        return self.old if any(second < self.turn for second in seconds) else self.new


def judge(
    line: Line, events: list[Event], limit: int, begin: set[int]
) -> tuple[str, naive.Verdict]:
    """Return who is named, and the verdict.

    :param begin: the seconds at which the crisis can have begun
    """
    known = [e for e in events if "Knowledge" in e.kinds and e.actors & line.both]
    told = [e for e in events if "Disclosure" in e.kinds and e.actors & line.both]
    verdict = naive.of_dates(known, told, limit, None, 0, headline=False)
    moment = naive.firsts(known) if known else naive.firsts(told) if told else begin
    return line.at(moment), verdict


def in_office(tenures: list[Tenure], bodies: set[str], start: set[int]) -> set[str]:
    """Return the tenures of posts in these bodies that hold in every possible second."""
    return {
        one.iri
        for one in tenures
        if one.body in bodies and all(one.held.first <= t <= one.held.last for t in start)
    }
