"""A second evaluator, slow and simple, written from the text of the design.

It knows one government with its bodies and one matter, lays out every combination
of claims and, for each, every second of the first trigger and the first answer. It
shares no code with the evaluation that it checks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crisisgov.ontology.evaluation.facts import Claim, Event, Facts, Norm
from tests.support.facts import CDC, DEPARTMENT, GOVERNMENT, PARTY, PLACE

READINGS = ("favourable", "preferred", "unfavourable")
SEVERITY = (
    ("no-data", "not-applicable"),
    ("preemptive",),
    ("on-time", "answered"),
    ("pending",),
    ("possibly-late",),
    ("definitely-late",),
    ("no-response",),
)
CONTRAVENTION = (("", "none-recorded"), ("possibly-contravened",), ("contravened",))
NEVER = 1 << 60

KNOWS = {
    "law": {
        "favourable": {GOVERNMENT},
        "preferred": {GOVERNMENT},
        "unfavourable": {GOVERNMENT, DEPARTMENT, CDC, PARTY},
    },
    "headline": {
        "favourable": {GOVERNMENT, DEPARTMENT},
        "preferred": {GOVERNMENT, DEPARTMENT, CDC},
        "unfavourable": {GOVERNMENT, DEPARTMENT, CDC, PARTY},
    },
}
"""Whose knowledge counts: under law the bearer's own, in the headline that of its own bodies."""

ACTS = {GOVERNMENT, DEPARTMENT, CDC}
"""Whose acts are the government's in every reading."""


@dataclass(frozen=True)
class Verdict:
    """What can be compared with the real evaluation."""

    timeliness: str
    contravention: str = ""
    shortest: int | None = None
    longest: int | None = None
    contrary: frozenset[str] = frozenset()

    def badness(self) -> tuple[int, int, int, int]:
        return (
            next(n for n, names in enumerate(SEVERITY) if self.timeliness in names),
            next(n for n, names in enumerate(CONTRAVENTION) if self.contravention in names),
            self.shortest or 0,
            self.longest or 0,
        )


def worlds(
    events: list[Event], claims: dict[str, list[Claim]], reading: str
) -> Iterator[list[Event]]:
    """Yield the events of every combination of claims that a reading allows."""
    every = []
    for event in events:
        live = claims.get(event.iri, [])
        dates = [(None, False)] + [(c.span, c.weak) for c in live if c.property == "date"]
        doers = [(None, False)] + [(c.entity, c.weak) for c in live if c.property == "actor"]
        gone = [c.weak for c in live if c.property == "occurred"]
        forms: list[tuple[Event | None, bool, bool]] = []
        for (span, weak_date), (who, weak_doer) in itertools.product(dates, doers):
            changed = with_claims(event, span, who)
            as_recorded = span is None and who is None
            weak = event.weak if as_recorded else weak_date or weak_doer
            forms.append((changed, weak, as_recorded and not event.alleged))
        forms += [(None, weak, False) for weak in gone]
        if event.alleged:
            forms.append((None, False, True))  # what is only alleged did not happen
        if reading == "preferred":
            forms = [form for form in forms if form[2]]
        elif reading == "unfavourable":
            forms = [form for form in forms if form[2] or not form[1]]
        every.append(forms)
    for chosen in itertools.product(*every):
        yield [form[0] for form in chosen if form[0] is not None]


def with_claims(event: Event, span: object, who: str | None) -> Event:
    changed = event if span is None else replace(event, span=span)  # type: ignore[arg-type]
    return changed if who is None else replace(changed, actors=frozenset({who}))


def says(event: Event, *stances: str) -> bool:
    return any(
        one.stance in stances
        and one.about == PLACE
        and (
            one.topic == "existence"
            # to affirm that it passes between people is to affirm that it exists
            or (one.topic == "transmission" and one.stance == "affirms")
        )
        for one in event.items
    )


def is_knowledge(event: Event, bodies: set[str], reading: str) -> bool:
    if "Knowledge" not in event.kinds or event.weak or not says(event, "affirms", "hedges"):
        return False
    if event.basis == "addressee-list" and reading != "unfavourable":
        return False
    return bool(bodies & event.actors)


def is_disclosure(event: Event, *stances: str) -> bool:
    return (
        "Disclosure" in event.kinds
        and "public" in event.audience
        and bool(ACTS & event.actors)
        and says(event, *stances)
    )


def firsts(events: list[Event]) -> set[int]:
    """Every second at which the first of the events can have happened."""
    return {
        min(chosen)
        for chosen in itertools.product(*(range(e.span.first, e.span.last + 1) for e in events))
    }


def of_dates(known: list[Event], told: list[Event], limit: int | None, until: int | None, as_of: int,
             *, headline: bool) -> Verdict:  # fmt: skip
    if not known:
        return Verdict("no-data")
    starts = firsts(known)
    if not told:
        allowed = limit or 0
        if until is not None and all(until > t + allowed for t in starts):
            return Verdict("no-response", "", min(max(0, until - t) for t in starts), NEVER)
        if headline:
            if until is None:
                return Verdict("no-data")
            return Verdict("no-data", "", min(max(0, until - t) for t in starts), NEVER)
        return Verdict("pending" if all(t + allowed >= as_of for t in starts) else "no-data")
    pairs = list(itertools.product(starts, firsts(told)))
    delays = [max(0, r - t) for t, r in pairs]
    if all(r < t for t, r in pairs):
        word = "preemptive"
    elif limit is None:
        word = "answered"
    elif all(r > t + limit for t, r in pairs):
        word = "definitely-late"
    elif all(r <= t + limit for t, r in pairs):
        word = "on-time"
    else:
        word = "possibly-late"
    return Verdict(word, "", min(delays), max(delays))


def duty(events: list[Event], norm: Norm, facts: Facts, reading: str) -> Verdict:
    # what departments know is the government's only where a rule says so
    knows = KNOWS["law" if norm.imputation is None else "headline"][reading]
    known = [e for e in events if is_knowledge(e, knows, reading)]
    told = [e for e in events if is_disclosure(e, "affirms")]
    until = max((one.until for one in facts.searches), default=None)
    if known and not any(norm.validity.first <= t <= norm.validity.last for t in firsts(known)):
        return Verdict("not-applicable")
    found = of_dates(known, told, norm.limit, until, facts.as_of, headline=False)
    surely = (
        all(norm.validity.first <= t <= norm.validity.last for t in firsts(known))
        if known
        else True
    )
    if surely or found.timeliness not in ("definitely-late", "no-response"):
        return found
    if found.timeliness == "no-response":
        return of_dates(known, told, norm.limit, None, facts.as_of, headline=False)
    return Verdict("possibly-late", "", found.shortest, found.longest)


def with_more_time(
    starts: set[int], answers: set[int], given: set[int], limit: int, more: int
) -> str:
    """Judge a duty whose time is drawn out by an act that came before it had run out."""
    outcomes = set()
    for t, r, e in itertools.product(starts, answers, given):
        due = t + limit + (more if e <= t + limit else 0)
        outcomes.add("preemptive" if r < t else "on-time" if r <= due else "definitely-late")
    if outcomes == {"on-time", "preemptive"}:
        return "on-time"
    return outcomes.pop() if len(outcomes) == 1 else "possibly-late"


def prohibition(events: list[Event], reading: str) -> Verdict:
    known = [e for e in events if is_knowledge(e, KNOWS["law"][reading], reading)]
    if not known:
        return Verdict("no-data")
    verdict, acts = "none-recorded", frozenset[str]()
    certain, possible = set(), set()
    for act in events:
        speaks = {one.stance for one in act.items if one.topic == "existence"}
        forbidden = ("Suppression" in act.kinds and speaks) or (
            act.kinds & {"Disclosure", "Suppression"} and speaks & {"denies", "minimises"}
        )
        if not forbidden or act.weak or GOVERNMENT not in act.actors:
            continue
        after = [t < s for t in firsts(known) for s in range(act.span.first, act.span.last + 1)]
        limits_publishing = "publication-control" in act.measures and "Suppression" in act.kinds
        if limits_publishing and reading == "favourable":
            continue
        if all(after) and not (limits_publishing and reading == "preferred"):
            certain.add(act.iri)
        elif any(t <= s for t in firsts(known) for s in range(act.span.first, act.span.last + 1)):
            possible.add(act.iri)
    if certain:
        verdict, acts = "contravened", frozenset(certain)
    elif possible:
        verdict, acts = "possibly-contravened", frozenset(possible)
    return Verdict("not-applicable", verdict, contrary=acts)


def headline(events: list[Event], limit: int, facts: Facts, reading: str) -> Verdict:
    stances = ("affirms", "hedges") if reading == "favourable" else ("affirms",)
    known = [e for e in events if is_knowledge(e, KNOWS["headline"][reading], reading)]
    told = [e for e in events if is_disclosure(e, *stances)]
    until = max((one.until for one in facts.searches), default=None)
    found = of_dates(known, told, limit, until, facts.as_of, headline=True)
    if found.shortest is None:
        return found
    contrary = set()
    for act in events:
        if act.weak or not act.actors & ACTS:
            continue
        against = "public" in act.audience and (
            says(act, "none-found", "minimises", "denies") and not says(act, "affirms")
        )
        suppresses = "Suppression" in act.kinds and any(i.topic == "existence" for i in act.items)
        if "Suppression" in act.kinds:
            against = suppresses
            # who may publish is not what is true: held against a body only in the hardest reading
            if "publication-control" in act.measures and reading != "unfavourable":
                continue
        after = act.span.first > max(firsts(known))
        before = not told or act.span.last < min(firsts(told))
        if against and after and before:
            contrary.add(act.iri)
    return Verdict(found.timeliness, "", found.shortest, found.longest, frozenset(contrary))


def imputed(events: list[Event]) -> set[str]:
    """Return the bodies whose knowledge counts in the preferred reading beside the government's."""
    known = [e for e in events if is_knowledge(e, KNOWS["headline"]["preferred"], "preferred")]
    return {who for e in known if GOVERNMENT not in e.actors for who in e.actors} - {GOVERNMENT}


def judge(facts: Facts, norm: Norm, *, question: str) -> dict[str, Verdict]:
    """Return the verdict of each reading; the readings bracket the preferred one."""
    result = {}
    for reading in READINGS:
        found = []
        for events in worlds(list(facts.events.values()), facts.claims, reading):
            if question == "duty":
                found.append(duty(events, norm, facts, reading))
            elif question == "prohibition":
                found.append(prohibition(events, reading))
            else:
                assert norm.limit is not None
                found.append(headline(events, norm.limit, facts, reading))
        pick = max if reading == "unfavourable" else min
        result[reading] = pick(found, key=Verdict.badness)
    result["favourable"] = min(result["favourable"], result["preferred"], key=Verdict.badness)
    result["unfavourable"] = max(result["unfavourable"], result["preferred"], key=Verdict.badness)
    return result
