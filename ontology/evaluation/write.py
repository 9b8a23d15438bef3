"""Findings as quads; the same findings always give the same bytes."""

from __future__ import annotations

import pyoxigraph as ox

from crisisgov.ontology import terms
from crisisgov.ontology.evaluation.explain import delay_text, steps
from crisisgov.ontology.evaluation.facts import Facts, Matter
from crisisgov.ontology.evaluation.findings import Finding
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span
from crisisgov.ontology.quads import QuadWriter, Subject

RULESET = "2"
"""Version of the rules of evaluation; raise it when a verdict can change."""


def findings_to_quads(findings: list[Finding], disclosure_norm: str, facts: Facts) -> list[ox.Quad]:
    """Return the quads of all computed findings, their matters and the run, in a fixed order."""
    out = QuadWriter()
    run = out.subject(terms.entity("run", f"ruleset-{RULESET}"), terms.COMPUTED_GRAPH)
    run.type("EvaluationRun")
    run.labels({"en": f"Evaluation with ruleset {RULESET}", "zh": f"评估(规则第{RULESET}版)"})
    run.text("rulesetVersion", RULESET)
    run.moment("asOf", facts.as_of, epoch=False)
    for matter in sorted({finding.matter for finding in findings}):
        _matter(out, matter, facts)
    for finding in sorted(findings, key=lambda one: one.key):
        _finding(out, finding, facts, run, is_disclosure=finding.norm.iri == disclosure_norm)
    return out.quads


def matter_iri(matter: Matter) -> str:
    """Return the IRI of a matter."""
    return terms.entity("matter", matter.key)


def _matter(out: QuadWriter, matter: Matter, facts: Facts) -> None:
    node = out.subject(matter_iri(matter), terms.COMPUTED_GRAPH)
    node.type("Matter")
    place, crisis = facts.labels.get(matter.about, ""), facts.labels.get(matter.crisis, "")
    node.labels({"en": f"{matter.topic}, {place} ({crisis})"})
    node.link("crisis", matter.crisis)
    node.link("topic", terms.concept("topic", matter.topic))
    node.link("about", matter.about)


def _finding(
    out: QuadWriter, finding: Finding, facts: Facts, run: Subject, *, is_disclosure: bool
) -> None:
    node = out.subject(terms.entity("finding", finding.key), terms.COMPUTED_GRAPH)
    node.type("DisclosureFinding" if is_disclosure else "ComputedFinding")
    node.labels(
        {
            "en": f"{finding.norm.code}: {finding.bearer.label}, {finding.matter.topic}"
            f" at {facts.labels.get(finding.matter.about, '')}"
        }
    )
    node.link("generatedBy", run.node.value)
    node.link("norm", finding.norm.iri)
    node.link("bearer", finding.bearer.iri)
    node.link("matter", matter_iri(finding.matter))
    node.link("crisis", finding.matter.crisis)
    node.link("topic", terms.concept("topic", finding.matter.topic))
    node.link("about", finding.matter.about)
    node.link("responsibility", terms.concept("responsibility", finding.norm.responsibility))
    node.link("normStanding", terms.concept("norm-standing", finding.norm.standing))
    if finding.norm.recipient_relation is not None:
        node.text("recipientRelation", finding.norm.recipient_relation)
    if finding.failure:
        node.type("Failure")
        if finding.norm.failure_type is not None:
            node.link("failureType", terms.concept("failure-type", finding.norm.failure_type))
    node.link("evaluability", terms.concept("evaluability", finding.evaluability))
    _verdicts(node, finding)
    _beside(node, finding)
    _delays(node, finding)
    _evidence(node, finding, facts)
    for said in finding.justifications:
        out.subject(said, terms.COMPUTED_GRAPH).link("justifies", node.node.value)
    node.boolean("robust", finding.robust)
    node.boolean("provisional", finding.provisional)
    _explanation(out, node, finding, facts)


def _explanation(out: QuadWriter, node: Subject, finding: Finding, facts: Facts) -> None:
    """State the calculation in words and as data: what went in, and each step in order.

    From the four moments and the limit a reader can redo the arithmetic by query.
    Findings without a delay or a contrary act have only the words: with nothing to
    compute, their steps would treble the graph and say nothing.
    """
    lines = steps(finding, facts)
    node.text("explanation", "\n".join(lines))
    outcome = finding.preferred
    used = {facts.follows[event.iri] for event in finding.evidence if event.iri in facts.follows}
    node.link("derivedFrom", sorted({finding.norm.iri, *used, *finding.disputes}))
    for name, span in (
        ("clock", outcome.trigger),
        ("answer", outcome.response),
        ("deadline", outcome.deadlines),
    ):
        if span is not None:
            if span.first > PAST:
                node.integer(f"{name}EarliestEpoch", span.first)
            if span.last < FUTURE:
                node.integer(f"{name}LatestEpoch", span.last)
    if outcome.delay is None and not outcome.contrary:
        return
    node.integer("limitSeconds", finding.norm.limit)
    for number, text in enumerate(lines, 1):
        step = out.subject(f"{node.node.value}/step/{number}", terms.COMPUTED_GRAPH)
        step.type("Step")
        node.link("step", step.node.value)
        step.integer("stepNumber", number)
        step.text("stepText", text)


def _verdicts(node: Subject, finding: Finding) -> None:
    for name, outcome in (
        ("timeliness", finding.preferred),
        ("timelinessFavourable", finding.favourable),
        ("timelinessUnfavourable", finding.unfavourable),
    ):
        node.link(name, terms.concept("timeliness", outcome.timeliness.value))
    if finding.preferred.contravention is not None:
        node.link("contravention", terms.concept("contravention", finding.preferred.contravention))
    if finding.power_status is not None:
        node.link("powerStatus", terms.concept("power-status", finding.power_status))
    node.link("reason", [terms.concept("reason", name) for name in finding.reasons])
    node.link("materialDispute", finding.disputes)


def _beside(node: Subject, finding: Finding) -> None:
    node.link("agreesWith", sorted(finding.agrees_with))
    node.link("disagreesWith", sorted(finding.disagrees_with))
    node.link("leavesOpen", sorted(finding.leaves_open))


def _delays(node: Subject, finding: Finding) -> None:
    for name, span in (
        ("{}DelaySeconds", finding.preferred.delay),
        ("{}DelayFavourableSeconds", finding.favourable.delay),
        ("{}DelayUnfavourableSeconds", finding.unfavourable.delay),
        ("{}DelayWithPowerSeconds", finding.with_power),
        ("{}DelayUntilPublicSeconds", finding.until_public),
        ("confirmed{}DelaySeconds", finding.confirmed),
    ):
        _delay(node, name, span)
    node.integer("documentedSilenceSeconds", finding.documented_silence)
    node.text("delayText", delay_text(finding.preferred.delay))
    node.decimal("peerMedianDays", finding.peer_median_days)
    node.integer("peerCount", finding.peer_count)


def _delay(node: Subject, name: str, span: Span | None) -> None:
    if span is None:
        return
    low, high = ("Min", "Max") if name.startswith("confirmed") else ("min", "max")
    node.integer(name.format(low), span.first)
    if span.last < FUTURE:
        node.integer(name.format(high), span.last)


def _evidence(node: Subject, finding: Finding, facts: Facts) -> None:
    outcome = finding.preferred
    node.link("trigger", sorted(event.iri for event in outcome.triggers))
    node.link("response", sorted(event.iri for event in outcome.responses))
    node.link("contraryAct", sorted(event.iri for event in outcome.contrary))
    node.link("saidInstead", sorted(event.iri for event in finding.said_instead))
    node.link("firstPublic", sorted(event.iri for event in finding.first_public))
    node.link("imputedFrom", finding.imputed_from)
    if finding.imputed_from:
        node.link("imputedByRule", finding.norm.imputed_by or finding.norm.iri)
    node.link("extendedBy", sorted(event.iri for event in outcome.extensions))
    node.link("postHolder", finding.post_holders)
    node.link("supportedBy", finding.supporting)
    node.link("powerNorm", finding.power_norms)
    sources = sorted({name for event in finding.evidence for name in event.sources})
    node.link("heardFrom", sources)
    # a reprint is no second source
    originals = {
        facts.sources[name].copies or name if name in facts.sources else name for name in sources
    }
    node.integer("sourceCount", len(originals))
