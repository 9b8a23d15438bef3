"""What if a claim were right, a limit were another, or the evidence were read otherwise?

Nothing is changed in the graph: the facts are changed in memory, everything is
evaluated again, and the findings that come out otherwise are returned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crisisgov.errors import InputError
from crisisgov.ontology import terms
from crisisgov.ontology.evaluation.explain import delay_text
from crisisgov.ontology.evaluation.facts import Claim, Event, Facts
from crisisgov.ontology.evaluation.findings import Finding, Outcome
from crisisgov.ontology.evaluation.run import findings_of
from crisisgov.ontology.evaluation.timing import rebound
from crisisgov.ontology.evaluation.variants import Reading

READINGS = {
    "most": Reading.favourable,
    "preferred": Reading.preferred,
    "least": Reading.unfavourable,
}
"""Names for people: most or least favourable to the authority."""

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)


@dataclass(frozen=True)
class Assumptions:
    """What is assumed."""

    claims: tuple[str, ...] = ()
    """IRIs of claims taken as right."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """IRI of a norm -> limit in seconds."""
    reading: Reading = Reading.preferred


@dataclass(frozen=True)
class Change:
    """A finding that comes out otherwise."""

    finding: str
    norm: str
    bearer: str
    matter: str
    before: str
    after: str


def assumptions(
    claims: Sequence[str], limits: Sequence[str], reading: str, facts: Facts
) -> Assumptions:
    """Return the assumptions that texts of a command line or a URL mean.

    :param claims: ids or IRIs of live claims
    :param limits: ``NORM=PT24H``, an id or IRI of a norm and an ISO 8601 duration
    :param reading: most, preferred or least
    :raises InputError: naming what is unknown or not understood
    """
    if reading not in READINGS:
        raise InputError(f"reading {reading!r} is none of {', '.join(READINGS)}")
    live = {claim.iri: claim for every in facts.claims.values() for claim in every}
    chosen = tuple(_known("claim", one, live) for one in claims)
    found = {}
    for text in limits:
        name, sign, duration = text.partition("=")
        if not sign:
            raise InputError(f"limit {text!r}: write NORM=DURATION, e.g. NORM=PT24H")
        found[_known("norm", name, facts.norms)] = seconds(duration)
    return Assumptions(chosen, found, READINGS[reading])


def _known(kind: str, name: str, known: Mapping[str, object]) -> str:
    iri = name if "://" in name else terms.entity(kind, name)
    if iri not in known:
        extra = " that is live" if kind == "claim" else ""
        raise InputError(f"no {kind}{extra} has the id {name!r}")
    return iri


def seconds(duration: str) -> int:
    """Return an ISO 8601 duration of days, hours, minutes and seconds, in seconds.

    :raises InputError: for another text
    """
    match = _DURATION.fullmatch(duration)
    if match is None or duration in ("P", "PT") or duration.endswith("T"):
        raise InputError(f"{duration!r} is not a duration such as PT24H, P2D or PT1H30M")
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return days * 86_400 + hours * 3_600 + minutes * 60 + rest


def assume(facts: Facts, assumed: Assumptions) -> Facts:
    """Return the facts as they would be under the assumptions."""
    events, claims = dict(facts.events), dict(facts.claims)
    for every in facts.claims.values():
        for claim in every:
            if claim.iri in assumed.claims:
                _follow(claim, events)
                # what is taken as right is no longer disputed in that respect
                claims[claim.event] = [
                    other for other in claims[claim.event] if other.property != claim.property
                ]
    norms = {
        iri: replace(norm, limit=assumed.limits[iri], working_days=None)
        if iri in assumed.limits
        else norm
        for iri, norm in facts.norms.items()
    }
    # what counts from an event moves with it
    events = {iri: rebound(event, events) for iri, event in events.items()}
    return replace(facts, events=events, claims=claims, norms=norms)


def _follow(claim: Claim, events: dict[str, Event]) -> None:
    event = events[claim.event]
    if claim.property == "date" and claim.span is not None:
        events[claim.event] = replace(event, span=claim.span, hangs_on=())
    elif claim.property in ("actor", "recipient") and claim.entity is not None:
        named = frozenset({claim.entity})
        as_actor = claim.property == "actor"
        events[claim.event] = (
            replace(event, actors=named) if as_actor else replace(event, recipients=named)
        )
    elif claim.property == "occurred" and claim.literal == "false":
        del events[claim.event]
    elif claim.property == "occurred":
        events[claim.event] = replace(event, alleged=False)
    else:
        raise InputError(
            f"claim {claim.iri} is about {claim.property}, which no verdict is computed from"
        )


def changes(facts: Facts, assumed: Assumptions) -> list[Change]:
    """Return the findings whose verdict or delay differs under the assumptions, by id."""
    before = {finding.key: finding for finding in findings_of(facts)}
    after = {finding.key: finding for finding in findings_of(assume(facts, assumed))}
    found = []
    for key in sorted(before.keys() | after.keys()):
        old = _words(before.get(key), Reading.preferred)
        new = _words(after.get(key), assumed.reading)
        if old != new:
            one = after.get(key) or before[key]
            found.append(
                Change(
                    terms.entity("finding", key),
                    one.norm.code,
                    one.bearer.label,
                    one.matter.key,
                    old,
                    new,
                )
            )
    return found


def _words(finding: Finding | None, reading: Reading) -> str:
    if finding is None:
        return "no finding"
    outcome: Outcome = {
        Reading.favourable: finding.favourable,
        Reading.preferred: finding.preferred,
        Reading.unfavourable: finding.unfavourable,
    }[reading]
    verdict = outcome.contravention or outcome.timeliness.value
    text = delay_text(outcome.delay)
    return f"{verdict} ({text})" if text else verdict
