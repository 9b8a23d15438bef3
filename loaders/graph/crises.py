"""Crises, events, claims, search records and asserted findings to quads."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import partial

import pyoxigraph as ox

from crisisgov.loaders.graph.actors import write_period
from crisisgov.loaders.graph.context import Context
from crisisgov.loaders.records.model import (
    AssertedFinding,
    Claim,
    Crisis,
    CrisisFile,
    Event,
    SearchRecord,
)
from crisisgov.loaders.records.read import RecordFile
from crisisgov.ontology import terms
from crisisgov.ontology.dates import Bounds, bounds
from crisisgov.ontology.quads import Subject


def write(context: Context, file: RecordFile, graph: str) -> None:
    """State everything in a crisis file; asserted findings have a graph of their own."""
    assert isinstance(file.content, CrisisFile)
    crisis: Crisis = context.index.get("crisis", file.content.crisis_of_file())
    if file.content.crisis is not None:
        _crisis(context, file, crisis, graph)
    for number, event in enumerate(file.content.events):
        _EventWriter(context, file, number, event, crisis, graph).write()
    for number, claim in enumerate(file.content.claims):
        _claim(context, file, number, claim, crisis, graph)
    for number, search in enumerate(file.content.searches):
        _search(context, file, number, search, crisis, graph)
    for number, finding in enumerate(file.content.asserted_findings):
        _asserted(context, file, number, finding, crisis)


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


def _zones(context: Context, event: Event, crisis: Crisis) -> list[tzinfo]:
    """Return the zones in which an event's dates, and claims about them, may be meant.

    Normally that of the place; where the source leaves it open, every zone in
    question: that of the place, those of the actors' jurisdictions, and UTC.
    """
    zones: list[tzinfo] = [context.zone(event.place or crisis.place)]
    if event.zone_basis == "unknown":
        for name in [*event.actor, *event.recipient]:
            jurisdiction = context.index.get("actor", name).jurisdiction
            if jurisdiction is not None:
                zones.append(context.zone(jurisdiction))
        zones.append(UTC)
    return zones


def _event_bounds(
    context: Context, text: str, event: Event, crisis: Crisis, margin_seconds: int | None
) -> Bounds:
    return context.hull(text, _zones(context, event, crisis), margin_seconds)


class _EventWriter:
    """States one event; an object only so that its parts need not pass ten values around."""

    def __init__(
        self,
        context: Context,
        file: RecordFile,
        number: int,
        event: Event,
        crisis: Crisis,
        graph: str,
    ) -> None:
        self.context, self.file, self.number = context, file, number
        self.event, self.crisis, self.graph = event, crisis, graph
        self.node = context.out.subject(terms.entity("event", event.id), graph)

    def write(self) -> None:
        event, node = self.event, self.node
        node.type(*(terms.class_name(kind.value) for kind in event.kind))
        if event.alleged:
            node.type("AllegedEvent")
        node.labels(event.label.by_language())
        node.text("summary", event.summary)
        node.text("recordFile", self.file.name)
        node.link("crisis", terms.entity("crisis", self.crisis.id))
        self._dates()
        self._parties()
        self._details()
        self._items()
        self.context.citations(node, "event", event.id, event.citations, self.graph)

    def _dates(self) -> None:
        event, node = self.event, self.node
        node.edtf("edtf", event.date)
        node.edtf("endEdtf", event.end)
        node.text("zoneBasis", event.zone_basis)
        node.integer("marginSeconds", event.margin_seconds)
        for field, text, first, last, epoch in (
            ("date", event.date, "earliest", "latest", True),
            ("end", event.end, "endEarliest", "endLatest", True),
            ("published", event.published, "publishedEarliest", "publishedLatest", False),
            ("effective", event.effective, "effectiveEarliest", "effectiveLatest", False),
        ):
            if text is None:
                continue
            margin = event.margin_seconds if field == "date" else None
            found = self.context.bound(
                self.file,
                ("events", self.number, field),
                partial(_event_bounds, self.context, text, event, self.crisis, margin),
            )
            if found is not None:
                node.bounds(first, last, found, epoch=epoch)

    def _parties(self) -> None:
        event, node = self.event, self.node
        for name, actors in (
            ("actor", event.actor),
            ("onBehalfOf", event.on_behalf_of),
            ("recipient", event.recipient),
            ("target", event.target),
        ):
            node.link(name, [terms.entity("actor", actor) for actor in actors])
        if event.in_post is not None:
            node.link("inPost", terms.entity("post", event.in_post))
        node.link("audience", [terms.concept("audience", name) for name in event.audience])
        node.link("channel", [terms.concept("channel", name) for name in event.channel])
        node.link("place", terms.entity("place", event.place or self.crisis.place))

    def _details(self) -> None:
        event, node = self.event, self.node
        if event.knowledge is not None:
            node.link("knowledgeBasis", terms.concept("knowledge-basis", event.knowledge.basis))
            node.link("certainty", terms.concept("certainty", event.knowledge.certainty))
        if event.warning is not None:
            node.text("capacity", event.warning.capacity)
            node.boolean("firstHand", event.warning.first_hand)
            node.link("treatment", [terms.concept("treatment", t) for t in event.warning.treatment])
        if event.date_kind is not None:
            node.link("dateKind", terms.concept("date-kind", event.date_kind))
        node.link("measureType", [terms.concept("measure-type", name) for name in event.measure])
        node.integer("responseLevel", event.response_level)
        node.text("outcome", event.outcome)
        for name, ids in (("serves", event.serves), ("breaches", event.breaches)):
            node.link(name, [terms.concept("responsibility", one) for one in ids])
        for name, events in (
            ("inReactionTo", event.in_reaction_to),
            ("sanctionedFor", event.sanctioned_for),
            ("corrects", event.corrects),
            ("contradicts", event.contradicts),
            ("confirms", event.confirms),
            ("reverses", event.reverses),
        ):
            node.link(name, [terms.entity("event", one) for one in events])
        if event.follows_claim is not None:
            node.link("followsClaim", terms.entity("claim", event.follows_claim))
        node.text("followsWhy", event.follows_why)
        node.link("checked", terms.concept("check", event.checked))

    def _items(self) -> None:
        for number, item in enumerate(self.event.conveys, 1):
            iri = terms.entity("item", f"{self.event.id}/{number}")
            node = self.context.out.subject(iri, self.graph)
            node.type("ContentItem")
            self.node.link("conveys", iri)
            node.link("topic", terms.concept("topic", item.topic))
            node.link("stance", terms.concept("stance", item.stance))
            node.link("about", terms.entity("place", item.about or self.crisis.place))
            if item.certainty is not None:
                node.link("certainty", terms.concept("certainty", item.certainty))
            node.decimal("value", item.value)
            node.text("unit", item.unit)
            node.edtf("edtf", item.as_of)


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
            partial(_event_bounds, context, text, event, crisis, event.margin_seconds),
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
    # what was overturned or withdrawn stays as a finding, but no longer counts as a failure
    if finding.polarity == "found" and finding.status not in ("overturned", "withdrawn"):
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
