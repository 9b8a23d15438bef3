"""Actors, posts and tenures to quads."""

from __future__ import annotations

from functools import partial

from crisisgov.loaders.graph.context import Context
from crisisgov.loaders.records.model import Actor, ActorFile, Tenure
from crisisgov.loaders.records.model.base import Period
from crisisgov.loaders.records.read import RecordFile
from crisisgov.ontology import terms
from crisisgov.ontology.quads import Subject


def write(context: Context, file: RecordFile, graph: str) -> None:
    """State the actors, posts and tenures of a file."""
    assert isinstance(file.content, ActorFile)
    for number, actor in enumerate(file.content.actors):
        _actor(context, file, number, actor, graph)
    for post in file.content.posts:
        node = context.out.subject(terms.entity("post", post.id), graph)
        node.type("Post")
        node.labels(post.label.by_language())
        node.link("postIn", terms.entity("actor", post.of))
    for number, tenure in enumerate(file.content.tenures):
        node = context.out.subject(terms.entity("tenure", tenure.id), graph)
        node.type("Tenure")
        post = context.index.get("post", tenure.post)
        person = context.index.get("actor", tenure.person)
        node.labels({"en": f"{person.label.en}, {post.label.en}"})
        node.link("tenureOf", terms.entity("actor", tenure.person))
        node.link("tenurePost", terms.entity("post", tenure.post))
        node.link("checked", terms.concept("check", tenure.checked))
        body: Actor = context.index.get("actor", post.of)
        write_period(
            context, file, ("tenures", number, "held"), node, tenure.held, body.jurisdiction
        )
        _surely_held(context, file, number, tenure, node, body.jurisdiction)
        context.citations(node, "tenure", tenure.id, tenure.citations, graph)


def _surely_held(
    context: Context,
    file: RecordFile,
    number: int,
    tenure: Tenure,
    node: Subject,
    place: str | None,
) -> None:
    """State between which seconds the post was certainly held; a missing end is open."""
    for side, text in (("begin", tenure.held.begin), ("end", tenure.held.end)):
        if text is None:
            continue
        path = ("tenures", number, "held", side)
        found = context.bound(file, path, partial(context.bounds_at, text, place))
        if found is None:
            continue
        if side == "begin" and not found.open_future:
            node.integer("surelyFromEpoch", found.latest_epoch)
        elif side == "end" and not found.open_past:
            node.integer("surelyUntilEpoch", found.earliest_epoch)


def _actor(context: Context, file: RecordFile, number: int, actor: Actor, graph: str) -> None:
    node = context.out.subject(terms.entity("actor", actor.id), graph)
    node.type(terms.class_name(actor.kind.value))
    node.labels(actor.label.by_language())
    if actor.function is not None:
        node.link("function", terms.concept("function", actor.function))
    if actor.level is not None:
        node.link("level", terms.concept("level", actor.level))
    node.text("nativeLevel", actor.native_level)
    if actor.jurisdiction is not None:
        node.link("jurisdiction", terms.entity("place", actor.jurisdiction))
    if actor.part_of is not None:
        node.link("departmentOf", terms.entity("actor", actor.part_of))
    node.link("reportsTo", [terms.entity("actor", name) for name in actor.reports_to])
    node.link("actsFor", [terms.entity("actor", name) for name in actor.acts_for])
    if actor.succeeds is not None:
        node.link("succeeds", terms.entity("actor", actor.succeeds))
    if actor.existed is not None:
        path = ("actors", number, "existed")
        write_period(context, file, path, node, actor.existed, actor.jurisdiction)
    node.text("note", actor.note)
    context.identifiers(node, actor.identifiers)


def write_period(
    context: Context,
    file: RecordFile,
    path: tuple[str | int, ...],
    node: Subject,
    period: Period,
    place: str | None,
) -> None:
    """State a period as validFrom and validUntil, in the zone of a place (UTC without one)."""
    for side, name in ((period.begin, "validFrom"), (period.end, "validUntil")):
        if side is None:
            continue
        found = context.bound(file, path, partial(context.bounds_at, side, place))
        if found is None:
            continue
        if (name == "validFrom" and found.open_past) or (
            name == "validUntil" and found.open_future
        ):
            continue
        # the period holds from the first second of its begin to the last second of its end
        seconds = found.earliest_epoch if name == "validFrom" else found.latest_epoch
        node.moment(name, seconds)
