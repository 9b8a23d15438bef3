"""Crises, claims, search records, asserted findings, replies and norm gaps to quads."""

from __future__ import annotations

from functools import partial

import pyoxigraph as ox

from crisisgov.loaders.graph.actors import write_period
from crisisgov.loaders.graph.context import Context
from crisisgov.loaders.graph.event_dates import event_bounds
from crisisgov.loaders.graph.events import EventWriter
from crisisgov.loaders.records.model import (
    AssertedFinding,
    Claim,
    Crisis,
    CrisisFile,
    Event,
    Justification,
    NormGap,
    SearchRecord,
)
from crisisgov.loaders.records.read import RecordFile
from crisisgov.ontology import terms
from crisisgov.ontology.dates import bounds
from crisisgov.ontology.quads import Subject


def write(context: Context, file: RecordFile, graph: str) -> None:
    """State everything in a crisis file; asserted findings have a graph of their own."""
    assert isinstance(file.content, CrisisFile)
    crisis: Crisis = context.index.get("crisis", file.content.crisis_of_file())
    if file.content.crisis is not None:
        _crisis(context, file, crisis, graph)
    for number, event in enumerate(file.content.events):
        EventWriter(context, file, number, event, crisis, graph).write()
    for number, claim in enumerate(file.content.claims):
        _claim(context, file, number, claim, crisis, graph)
    for number, search in enumerate(file.content.searches):
        _search(context, file, number, search, crisis, graph)
    for number, finding in enumerate(file.content.asserted_findings):
        _asserted(context, file, number, finding, crisis)
    for number, said in enumerate(file.content.justifications):
        _justification(context, file, number, said, crisis, graph)
    for number, gap in enumerate(file.content.norm_gaps):
        _norm_gap(context, file, number, gap, crisis, graph)


def _crisis(context: Context, file: RecordFile, crisis: Crisis, graph: str) -> None:
    node = context.out.subject(terms.entity("crisis", crisis.id), graph)
    node.type("Crisis")
    node.labels(crisis.label.by_language())
    node.text("summary", crisis.summary)
    node.link("hazard", [terms.concept("hazard", name) for name in crisis.hazard])
    node.link("place", terms.entity("place", crisis.place))
    if crisis.part_of is not None:
        node.link("partOfCrisis", terms.entity("crisis", crisis.part_of))
    write_period(context, file, ("crisis", "period"), node, crisis.period, crisis.place)
    context.identifiers(node, crisis.identifiers)
    context.citations(node, "crisis", crisis.id, crisis.citations, graph)
    for number, harm in enumerate(crisis.harm, 1):
        one = context.out.subject(terms.entity("harm", f"{crisis.id}/{number}"), graph)
        one.type("Harm")
        node.link("hasHarm", one.node.value)
        one.text("harmKind", harm.kind)
        one.integer("atLeast", harm.at_least)
        one.integer("atMost", harm.at_most)
        one.edtf("harmAsOf", harm.as_of)
        one.link("place", terms.entity("place", harm.place or crisis.place))
        one.link("checked", terms.concept("check", harm.checked))
        context.citations(one, "harm", f"{crisis.id}/{number}", harm.citations, graph)


def _claim(
    context: Context, file: RecordFile, number: int, claim: Claim, crisis: Crisis, graph: str
) -> None:
    node = context.out.subject(terms.entity("claim", claim.id), graph)
    node.type("Claim")
    node.link("claimAbout", terms.entity("event", claim.about))
    node.link("claimedProperty", terms.concept("claimed-property", claim.property.value))
    node.link("authority", terms.entity("actor", claim.authority))
    node.link("claimStatus", terms.concept("claim-status", claim.status))
    node.text("statusWhy", claim.status_why)
    node.link("checked", terms.concept("check", claim.checked))
    if claim.entity is not None:
        node.link("claimsEntity", terms.entity("actor", claim.entity))
    node.text("claimsLiteral", claim.literal)
    if claim.date is not None:
        event: Event = context.index.get("event", claim.about)
        text = claim.date
        node.edtf("edtf", text)
        found = context.bound(
            file,
            ("claims", number, "date"),
            partial(event_bounds, context, text, event, crisis, event.margin_seconds),
        )
        if found is not None:
            node.bounds("claimsEarliest", "claimsLatest", found)
    context.citations(node, "claim", claim.id, claim.citations, graph)


def _search(
    context: Context,
    file: RecordFile,
    number: int,
    search: SearchRecord,
    crisis: Crisis,
    graph: str,
) -> None:
    node = context.out.subject(terms.entity("search", search.id), graph)
    node.type("SearchRecord")
    node.link("searchedBearer", terms.entity("actor", search.bearer))
    node.link("crisis", terms.entity("crisis", crisis.id))
    node.link("topic", terms.concept("topic", search.topic))
    node.link("about", terms.entity("place", search.about or crisis.place))
    node.text("actKind", [terms.class_name(kind.value) for kind in search.acts])
    node.text("searcher", search.searcher)
    node.text("searched", search.searched)
    node.text("accessed", search.searched_on)
    node.text("note", search.note)
    found = context.bound(
        file,
        ("searches", number, "covered_until"),
        lambda: bounds(search.covered_until, context.zone(search.about or crisis.place)),
    )
    if found is not None:
        # a search that covers "31 January" is sure to cover only its first second onwards to
        # the day's end; the last second is what the searcher claims to have covered
        node.moment("coveredUntil", found.latest_epoch)


def _asserted(
    context: Context, file: RecordFile, number: int, finding: AssertedFinding, crisis: Crisis
) -> None:
    graph = terms.ASSERTED_GRAPH
    node = context.out.subject(terms.entity("finding", finding.id), graph)
    node.type("AssertedFinding")
    # what was set aside, withdrawn or only a first view is kept, but counts as no failure
    set_aside = finding.status in ("overturned", "withdrawn", "preliminary")
    if finding.polarity == "found" and not set_aside:
        node.type("Failure")
        node.link("failureType", [terms.concept("failure-type", t) for t in finding.failure_type])
    node.labels(finding.label.by_language())
    node.text("says", finding.says)
    node.text("recordFile", file.name)
    node.link("assertedBy", terms.entity("actor", finding.by))
    node.link("bearer", terms.entity("actor", finding.bearer))
    node.link("crisis", terms.entity("crisis", crisis.id))
    if finding.topic is not None:
        node.link("topic", terms.concept("topic", finding.topic))
    node.link("about", terms.entity("place", finding.about or crisis.place))
    if finding.norm is not None:
        node.link("norm", terms.entity("norm", finding.norm))
    node.link("responsibility", _responsibilities(context, finding))
    node.link("polarity", terms.concept("polarity", finding.polarity))
    node.link("findingStatus", terms.concept("finding-status", finding.status))
    node.link("cause", [terms.concept("cause", name) for name in finding.causes])
    node.link("remedy", [terms.concept("remedy", name) for name in finding.remedies])
    node.link("evidence", [terms.entity("event", name) for name in finding.evidence])
    node.link("checked", terms.concept("check", finding.checked))
    _finding_date(context, file, number, finding, node, crisis)
    context.citations(node, "finding", finding.id, finding.citations, graph)


def _responsibilities(context: Context, finding: AssertedFinding) -> list[str]:
    types = context.index.concepts["failure-type"]
    names = {types[one].responsibility for one in finding.failure_type}
    return sorted(terms.concept("responsibility", name) for name in names if name)


def _finding_date(
    context: Context,
    file: RecordFile,
    number: int,
    finding: AssertedFinding,
    node: Subject,
    crisis: Crisis,
) -> None:
    node.foreign(terms.DCTERMS + "issued", ox.Literal(finding.date))
    context.bound(
        file,
        ("asserted_findings", number, "date"),
        lambda: bounds(finding.date, context.zone(crisis.place)),
    )


def _justification(
    context: Context,
    file: RecordFile,
    number: int,
    said: Justification,
    crisis: Crisis,
    graph: str,
) -> None:
    """State what an authority says for itself; to which findings it speaks is computed."""
    node = context.out.subject(terms.entity("justification", said.id), graph)
    node.type("Justification")
    bearer = context.index.get("actor", said.bearer)
    node.labels({"en": f"Reply of {bearer.label.en}: {said.topic}"})
    node.text("says", said.says)
    node.text("recordFile", file.name)
    node.link("saidBy", terms.entity("actor", said.by))
    node.link("bearer", terms.entity("actor", said.bearer))
    node.link("crisis", terms.entity("crisis", crisis.id))
    node.link("topic", terms.concept("topic", said.topic))
    node.link("about", terms.entity("place", said.about or crisis.place))
    if said.norm is not None:
        node.link("norm", terms.entity("norm", said.norm))
    node.text("actKind", [terms.class_name(kind.value) for kind in said.acts])
    if said.event is not None:
        node.link("saidIn", terms.entity("event", said.event))
    node.link("checked", terms.concept("check", said.checked))
    node.foreign(terms.DCTERMS + "issued", ox.Literal(said.date))
    context.bound(
        file,
        ("justifications", number, "date"),
        lambda: bounds(said.date, context.zone(crisis.place)),
    )
    context.citations(node, "justification", said.id, said.citations, graph)


def _norm_gap(
    context: Context, file: RecordFile, number: int, gap: NormGap, crisis: Crisis, graph: str
) -> None:
    """State that nothing in force demanded an act; it starts no clock and makes no finding."""
    node = context.out.subject(terms.entity("norm-gap", gap.id), graph)
    node.type("NormGap")
    node.labels(gap.label.by_language())
    node.text("says", gap.says)
    node.text("recordFile", file.name)
    node.link("crisis", terms.entity("crisis", crisis.id))
    node.link("topic", terms.concept("topic", gap.topic))
    about = gap.about or crisis.place
    node.link("about", terms.entity("place", about))
    node.link("bearer", [terms.entity("actor", name) for name in gap.bearer])
    node.text("actKind", [terms.class_name(kind.value) for kind in gap.acts])
    node.link("closedBy", [terms.entity("norm", name) for name in gap.closed_by])
    node.link("checked", terms.concept("check", gap.checked))
    write_period(context, file, ("norm_gaps", number, "period"), node, gap.period, about)
    context.citations(node, "norm-gap", gap.id, gap.citations, graph)
