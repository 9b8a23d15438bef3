"""Events to quads."""

from __future__ import annotations

from functools import partial

from crisisgov.loaders.graph.context import Context
from crisisgov.loaders.graph.event_dates import event_bounds, recorded_window, shift_of, written
from crisisgov.loaders.records.model import Crisis, Event, RelativeDate
from crisisgov.loaders.records.read import RecordFile
from crisisgov.ontology import terms


class EventWriter:
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
        """State everything that the record says of the event."""
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
        if event.relative is not None:
            self._relative(event.relative)
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
                partial(event_bounds, self.context, text, event, self.crisis, margin),
            )
            if found is not None:
                node.bounds(first, last, found, epoch=epoch)

    def _relative(self, relative: RelativeDate) -> None:
        """State from which event it counts and how far, and the bounds that follow."""
        path = ("events", self.number, "relative")
        first_last = self.context.bound(
            self.file, path, partial(recorded_window, self.context, self.event.id)
        )
        if first_last is None:
            return
        node, zone = self.node, self.context.zone(self.event.place or self.crisis.place)
        shift = shift_of(relative, zone)
        node.link("countsFrom", terms.entity("event", relative.to))
        node.text("offsetText", relative.offset)
        node.integer("offsetSeconds", shift.seconds)
        node.integer("offsetDays", shift.days)
        if shift.days is not None:
            node.text("offsetZone", shift.zone)
        node.edtf("edtf", written(first_last, zone))
        for name, second in zip(("earliest", "latest"), first_last, strict=True):
            node.moment(name, second)

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
        node.boolean("firstWord", event.first_word or None)
        node.text("sanctionGround", event.sanction_ground)
        for name, ids in (("serves", event.serves), ("breaches", event.breaches)):
            node.link(name, [terms.concept("responsibility", one) for one in ids])
        for name, events in (
            ("inReactionTo", event.in_reaction_to),
            ("sanctionedFor", event.sanctioned_for),
            ("corrects", event.corrects),
            ("contradicts", event.contradicts),
            ("confirms", event.confirms),
            ("reverses", event.reverses),
            ("implements", event.implements),
        ):
            node.link(name, [terms.entity("event", one) for one in events])
        node.link("extends", [terms.entity("norm", name) for name in event.extends])
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
