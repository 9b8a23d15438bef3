"""Each calculation in words, step by step, so that a reader can redo it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crisisgov.ontology.evaluation.facts import Event, Facts
from crisisgov.ontology.evaluation.findings import Finding, Outcome
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span, Timeliness, delay

DAY = 86_400

VERDICT_WORDS = {
    Timeliness.definitely_late: "definitely late",
    Timeliness.on_time: "definitely on time",
    Timeliness.possibly_late: "possibly late",
    Timeliness.preemptive: "done before the clock started",
    Timeliness.answered: "done; the norm sets no number",
    Timeliness.no_response: "no response found in what was searched",
    Timeliness.pending: "pending: the time allowed had not passed",
    Timeliness.no_data: "no data",
    Timeliness.not_applicable: "not applicable",
}

CLOCK_WORDS = {
    "occurrence": "the event itself",
    "knowledge": "knowledge",
    "receipt": "receipt of a report",
    "assessment": "a completed assessment",
    "request": "receipt of a request",
}


def moment(seconds: int) -> str:
    """Return seconds since 1970 as a moment in UTC that people can read."""
    if seconds >= FUTURE:
        return "open"
    if seconds <= PAST:
        return "any earlier time"
    shown = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return shown.strftime("%Y-%m-%d %H:%M:%S UTC")


def duration(seconds: int) -> str:
    """Return a length of time in the unit that suits it."""
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 2 * 3_600:
        return f"{seconds / 60:.0f} min"
    if seconds < 2 * DAY:
        return f"{seconds / 3_600:.1f} h"
    return f"{seconds / DAY:.1f} days"


def delay_text(span: Span | None) -> str | None:
    """Return a delay as "1.0 to 3.0 days", None when there is none."""
    if span is None:
        return None
    if span.last >= FUTURE:
        return f"at least {span.first / DAY:.1f} days, open"
    return f"{span.first / DAY:.1f} to {span.last / DAY:.1f} days"


def steps(finding: Finding, facts: Facts) -> list[str]:
    """Return the steps of the calculation of one finding."""
    norm, outcome = finding.norm, finding.preferred
    lines = [
        f"Norm: {norm.code}, {norm.instrument_label}, article {norm.article}. {norm.says}",
        f"Bearer: {finding.bearer.label}.",
        f"Matter: {finding.matter.topic} at {facts.labels.get(finding.matter.about, '')}"
        f" in {facts.labels.get(finding.matter.crisis, '')}.",
    ]
    if finding.provisional:
        lines.append("The text of this norm was not read: the verdict is provisional, no breach.")
    if norm.standing == "benchmark":
        lines.append("This is a yardstick, not law.")
    if outcome.contravention is not None:
        lines += _prohibition(outcome)
    else:
        lines += _dates(finding, outcome)
    if finding.power_status is not None:
        lines.append(f"Power to tell the public: {finding.power_status}." + _power(finding, facts))
    if finding.said_instead:
        lines.append(
            "Said or done instead: " + "; ".join(_event(e) for e in finding.said_instead) + "."
        )
    lines += _imputation(finding, facts)
    lines += _in_office(finding, facts)
    lines += [
        f"The authority's own reply, by {facts.actors[said.by].label}: {said.says}"
        for said in facts.justifications
        if said.iri in finding.justifications
    ]
    lines += _readings(finding)
    return lines


def _imputation(finding: Finding, facts: Facts) -> list[str]:
    if not finding.imputed_from:
        return []
    names = ", ".join(facts.actors[name].label for name in finding.imputed_from)
    norm = finding.norm
    by = facts.norms[norm.imputed_by].code if norm.imputed_by in facts.norms else norm.code
    rule = norm.imputation or "by its definition, what a government's own bodies know counts as its"
    return [f"Knowledge is counted as the bearer's from: {names}. Rule ({by}): {rule}"]


def _in_office(finding: Finding, facts: Facts) -> list[str]:
    held = [one.label for one in facts.tenures if one.iri in finding.post_holders]
    if not held:
        return []
    return [f"In office when the clock started: {'; '.join(held)}. No blame follows from that."]


def _dates(finding: Finding, outcome: Outcome) -> list[str]:
    norm = finding.norm
    lines = []
    clock = CLOCK_WORDS.get(norm.clock or "", norm.clock or "")
    if outcome.trigger is None:
        lines.append(f"Clock start ({clock}): nothing recorded. Without it no verdict is possible.")
    else:
        first = min(outcome.triggers, key=lambda e: (e.span.first, e.iri), default=None)
        named = f", by {_event(first)}" if first is not None else ""
        lines.append(f"Clock start ({clock}): {_span(outcome.trigger)}{named}.")
        if len(outcome.triggers) > 1:
            lines.append(f"{len(outcome.triggers) - 1} later event(s) could also have started it.")
    if outcome.response is not None:
        first = min(outcome.responses, key=lambda e: (e.span.first, e.iri))
        lines.append(f"Answer: {_span(outcome.response)}, by {_event(first)}.")
    elif outcome.search_until is not None:
        lines.append(f"Answer: none found in a search that covers {moment(outcome.search_until)}.")
    else:
        lines.append("Answer: none recorded, and no search record: silence is not counted.")
    lines += _arithmetic(finding, outcome)
    return lines


def _arithmetic(finding: Finding, outcome: Outcome) -> list[str]:
    norm = finding.norm
    t, r, lines = outcome.trigger, outcome.response, []
    if norm.limit is not None:
        lines.append(
            f"Time allowed: {duration(norm.limit)} ({norm.limit_text or norm.limit} ).".replace(
                " )", ")"
            )
        )
    elif norm.working_days is not None:
        lines.append(
            f"Time allowed: {norm.working_days} working days of the calendar {norm.calendar}"
            f" ({norm.limit_text}), the day of the clock start not counted."
        )
    elif norm.before_trigger:
        lines.append("The act had to be done before the clock started.")
        if outcome.timeliness is Timeliness.no_data and r is not None:
            lines.append("A later act does not show that there was none before: not counted.")
    elif norm.limit_text:
        lines.append(f"Time allowed: no number ({norm.limit_text}).")
    else:
        lines.append("Time allowed: no number.")
    for event in outcome.extensions:
        lines.append(f"The time allowed is drawn out by {norm.extension_text}: {_event(event)}.")
    if outcome.deadlines is not None and (outcome.extensions or norm.working_days is not None):
        lines.append(f"So it was due by the end of: {_span(outcome.deadlines)}.")
    if outcome.delay is not None and t is not None and r is not None and _relative(finding):
        lines.append(
            f"Delay: {delay_text(outcome.delay)}, from how far the sources say that the events "
            "lie apart; the bounds of each alone would allow more."
        )
    elif outcome.delay is not None and t is not None and r is not None:
        lines.append(
            f"Delay: from max(0, {moment(r.first)} - {moment(t.last)}) to "
            f"{moment(r.last)} - {moment(t.first)} = {delay_text(outcome.delay)}."
        )
    elif outcome.delay is not None:
        lines.append(f"Delay: {delay_text(outcome.delay)}.")
    if finding.with_power is not None:
        lines.append(
            f"Delay from when it both knew and had the power: {delay_text(finding.with_power)}."
        )
    if finding.until_public is not None:
        first = min(finding.first_public, key=lambda e: (e.span.first, e.iri))
        lines.append(
            f"Delay until any authority told the public, by {_event(first)}: "
            f"{delay_text(finding.until_public)}."
        )
    if finding.with_power is not None and finding.with_power.first > 0:
        lines.append(_silence(finding))
    if finding.confirmed is not None:
        lines.append(f"Delay from confirmed knowledge: {delay_text(finding.confirmed)}.")
    lines.append(f"Verdict of the dates: {VERDICT_WORDS[outcome.timeliness]}.")
    return lines


def _silence(finding: Finding) -> str:
    documented = finding.documented_silence
    if documented is None:
        return (
            "That the public was told nothing earlier is documented by no source and no search: "
            "the earliest word on record need not have been the first."
        )
    return (
        f"That the public was told nothing earlier is documented for the first "
        f"{delay_text(Span(documented, documented))} after it knew and could speak."
    )


def _relative(finding: Finding) -> bool:
    """Whether the delay is narrower than the bounds of its ends."""
    one = finding.preferred
    assert one.trigger is not None and one.response is not None
    return one.delay != delay(one.trigger, one.response)


def _prohibition(outcome: Outcome) -> list[str]:
    lines = []
    if outcome.trigger is not None:
        lines.append(f"Known since: {_span(outcome.trigger)}.")
    for event in outcome.contrary:
        lines.append(f"Forbidden act: {_event(event)}, {_span(event.span)}.")
    words = {
        "contravened": "contravened: the act certainly follows knowledge",
        "possibly-contravened": "possibly contravened: the dates allow the act before knowledge, "
        "or it limits only what may be published",
        "none-recorded": "no contrary act recorded after knowledge",
    }
    lines.append(f"Verdict: {words[outcome.contravention or 'none-recorded']}.")
    return lines


def _power(finding: Finding, facts: Facts) -> str:
    named = ", ".join(facts.norms[name].code for name in finding.power_norms)
    return f" Decided by: {named}." if named else ""


def _readings(finding: Finding) -> list[str]:
    def words(outcome: Outcome) -> str:
        verdict = outcome.contravention or VERDICT_WORDS[outcome.timeliness]
        text = delay_text(outcome.delay)
        return f"{verdict} ({text})" if text else verdict

    lines = [
        f"Reading most favourable to the bearer: {words(finding.favourable)}; "
        f"least favourable: {words(finding.unfavourable)}."
    ]
    if finding.robust:
        lines.append("The verdict is the same in every reading.")
    elif finding.disputes:
        lines.append(f"{len(finding.disputes)} claim(s) would change the verdict.")
    else:
        lines.append("The readings differ by whose knowledge and which statements count.")
    return lines


def _event(event: Event) -> str:
    return f"{event.label} ({event.date_text})"


def _span(span: Span) -> str:
    if span.first == span.last:
        return moment(span.first)
    return f"between {moment(span.first)} and {moment(span.last)}"
