"""Instruments and norms to quads."""

from __future__ import annotations

from functools import partial

from crisisgov.loaders.graph.actors import write_period
from crisisgov.loaders.graph.context import Context
from crisisgov.loaders.records.model import Act, Norm, NormFile, Profile, Recipient, Trigger
from crisisgov.loaders.records.read import RecordFile
from crisisgov.ontology import terms
from crisisgov.ontology.calendars import CalendarError, calendar
from crisisgov.ontology.quads import Subject

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}


def write(context: Context, file: RecordFile, graph: str) -> None:
    """State the instruments and norms of a file."""
    assert isinstance(file.content, NormFile)
    for number, instrument in enumerate(file.content.instruments):
        node = context.out.subject(terms.entity("instrument", instrument.id), graph)
        node.type("Instrument")
        node.labels(instrument.title.by_language())
        node.text("number", instrument.number)
        if instrument.issued_by is not None:
            node.link("issuedBy", terms.entity("actor", instrument.issued_by))
        if instrument.jurisdiction is not None:
            node.link("jurisdiction", terms.entity("place", instrument.jurisdiction))
        path = ("instruments", number, "in_force")
        write_period(context, file, path, node, instrument.in_force, instrument.jurisdiction)
        node.link(
            "inResponseTo", [terms.entity("crisis", name) for name in instrument.in_response_to]
        )
        context.identifiers(node, instrument.identifiers)
        context.citations(node, "instrument", instrument.id, instrument.citations, graph)
    for number, norm in enumerate(file.content.norms):
        _norm(context, file, number, norm, graph)


def _norm(context: Context, file: RecordFile, number: int, norm: Norm, graph: str) -> None:
    node = context.out.subject(terms.entity("norm", norm.id), graph)
    node.type(terms.class_name(norm.type.value))
    node.labels(norm.label.by_language())
    node.text("recordFile", file.name)
    node.text("code", norm.code)
    node.text("article", norm.article)
    node.text("says", norm.says)
    node.link("instrument", terms.entity("instrument", norm.instrument))
    node.link("checked", terms.concept("check", norm.checked))
    node.link("force", terms.concept("force", norm.force))
    node.link("responsibility", terms.concept("responsibility", norm.responsibility))
    node.link("normTopic", [terms.concept("topic", name) for name in norm.topics])
    _bearer(node, norm.bearer)
    if norm.recipient is not None:
        _recipient(node, norm.recipient)
    if norm.trigger is not None:
        _trigger(node, norm.trigger)
    _act(node, norm.act)
    if norm.clock is not None:
        node.text("clock", norm.clock.value)
    if norm.limit is not None:
        _time(node, norm.limit, "limit")
    if norm.limit is not None and norm.limit.endswith("working-days"):
        _calendar(context, file, number, node, norm)
    if norm.extension is not None:
        _time(node, norm.extension, "extension")
        node.text("extensionText", norm.extension)
    node.text("limitText", norm.limit_words or norm.limit)
    if norm.imputation is not None:
        node.text("imputationRule", norm.imputation.rule)
        node.link("imputedByRule", terms.entity("norm", norm.imputation.norm or norm.id))
    if norm.before_trigger:
        node.boolean("beforeTrigger", True)
    if norm.exclusive:
        node.boolean("exclusive", True)
    node.link("delegates", [terms.entity("norm", name) for name in norm.delegates])
    if norm.failure_type is not None:
        node.link("failureType", terms.concept("failure-type", norm.failure_type))
    node.link(
        "implementsRemedy", [terms.concept("remedy", name) for name in norm.implements_remedy]
    )
    node.link("scopeHazard", [terms.concept("hazard", name) for name in norm.scope.hazards])
    node.link("scopeCrisis", [terms.entity("crisis", name) for name in norm.scope.crises])
    node.text("scopeCondition", norm.scope.condition)
    place = context.index.get("instrument", norm.instrument).jurisdiction
    _scope_period(context, file, number, node, norm, place)
    write_period(context, file, ("norms", number, "validity"), node, norm.validity, place)
    context.citations(node, "norm", norm.id, norm.citations, graph)


def _time(node: Subject, text: str, name: str) -> None:
    amount, unit = text.split(" ")
    if unit == "working-days":
        node.integer(f"{name}WorkingDays", int(amount))
    else:
        node.integer(f"{name}Seconds", int(amount) * SECONDS[unit])


def _calendar(context: Context, file: RecordFile, number: int, node: Subject, norm: Norm) -> None:
    """State whose working days are counted: those named, else those of the instrument's country."""
    place = context.index.get("instrument", norm.instrument).jurisdiction
    code = norm.calendar or (place.split("-")[0] if place is not None else None)
    path = ("norms", number, "calendar" if norm.calendar else "limit")
    if code is None:
        message = (
            f"{norm.limit}: whose? The instrument has no `jurisdiction`; give `calendar`, e.g. CN"
        )
        context.problem(file, path, message)
        return
    try:
        calendar(code)
    except CalendarError as error:
        context.problem(file, path, str(error))
    node.text("calendar", code)


def _bearer(node: Subject, profile: Profile) -> None:
    node.text("bearerKind", [kind.value for kind in profile.kinds])
    node.link("bearerFunction", [terms.concept("function", name) for name in profile.functions])
    node.link("bearerLevel", [terms.concept("level", name) for name in profile.levels])
    if profile.jurisdiction is not None:
        node.link("bearerPlace", terms.entity("place", profile.jurisdiction))
    node.link("bearerNamed", [terms.entity("actor", name) for name in profile.actors])


def _recipient(node: Subject, recipient: Recipient) -> None:
    node.text("recipientRelation", recipient.relation)
    profile = recipient.profile or Profile()
    node.text("recipientKind", [kind.value for kind in profile.kinds])
    node.link("recipientFunction", [terms.concept("function", name) for name in profile.functions])
    node.link("recipientLevel", [terms.concept("level", name) for name in profile.levels])
    if profile.jurisdiction is not None:
        node.link("recipientPlace", terms.entity("place", profile.jurisdiction))
    node.link("recipientNamed", [terms.entity("actor", name) for name in profile.actors])


def _trigger(node: Subject, trigger: Trigger) -> None:
    node.text("triggerKind", [terms.class_name(kind.value) for kind in trigger.kinds])
    node.text("triggerRole", trigger.role)
    node.link("triggerStance", [terms.concept("stance", name) for name in trigger.stances])
    node.link("triggerCertainty", terms.concept("certainty", trigger.certainty))
    node.link("triggerDateKind", [terms.concept("date-kind", name) for name in trigger.date_kinds])
    node.link("triggerEvent", [terms.entity("event", name) for name in trigger.events])


def _act(node: Subject, act: Act) -> None:
    node.text("actKind", [terms.class_name(kind.value) for kind in act.kinds])
    node.link("actStance", [terms.concept("stance", name) for name in act.stances])
    node.link("actMeasure", [terms.concept("measure-type", name) for name in act.measures])
    node.integer("actResponseLevel", act.response_level)
    node.link("actDateKind", [terms.concept("date-kind", name) for name in act.date_kinds])


def _scope_period(
    context: Context, file: RecordFile, number: int, node: Subject, norm: Norm, place: str | None
) -> None:
    period = norm.scope.period
    if period is None:
        return
    path = ("norms", number, "scope", "period")
    for side, name in ((period.begin, "scopeFromEpoch"), (period.end, "scopeUntilEpoch")):
        if side is None:
            continue
        found = context.bound(file, path, partial(context.bounds_at, side, place))
        if found is not None:
            first = name == "scopeFromEpoch"
            node.integer(name, found.earliest_epoch if first else found.latest_epoch)
