"""Reading the facts of the evaluation from a store by SPARQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox

from crisisgov.errors import InputError
from crisisgov.ontology import terms
from crisisgov.ontology.evaluation import facts as f
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span
from crisisgov.ontology.relative import Shift

_PREFIXES = terms.prefix_lines(("cg", "rdfs", "skos"))

Values = dict[str, list[str]]


def _select(store: ox.Store, query: str) -> Iterator[tuple[str | None, ...]]:
    """Yield rows as plain strings, None where unbound."""
    solutions = store.query(_PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    count = len(solutions.variables)
    for row in solutions:
        cells = (row[i] for i in range(count))
        yield tuple(None if cell is None else cell.value for cell in cells)


def _pairs(rows: Iterator[tuple[str | None, ...]]) -> dict[str, str]:
    return {one: other for one, other in rows if one is not None and other is not None}


def _properties(store: ox.Store, subject_class: str) -> dict[str, Values]:
    """Return subject -> property name -> values, for all instances of a class."""
    found: dict[str, Values] = defaultdict(lambda: defaultdict(list))
    query = f"""SELECT ?s ?p ?o WHERE {{
        ?s a cg:{subject_class} ; ?p ?o . FILTER(STRSTARTS(STR(?p), "{terms.CG}")) }}"""
    for subject, predicate, value in _select(store, query):
        assert subject and predicate and value is not None
        found[subject][predicate.removeprefix(terms.CG)].append(value)
    return found


def _classes(store: ox.Store, subject_class: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    query = f"SELECT ?s ?c WHERE {{ ?s a cg:{subject_class} , ?c }}"
    for subject, name in _select(store, query):
        assert subject and name
        if name.startswith(terms.CG):
            found[subject].add(name.removeprefix(terms.CG))
    return found


def _labels(store: ox.Store, subject_class: str) -> dict[str, str]:
    query = f"""SELECT ?s ?l WHERE {{ ?s a cg:{subject_class} ; rdfs:label ?l .
        FILTER(LANGMATCHES(LANG(?l), "en")) }}"""
    return {s: label for s, label in _select(store, query) if s and label}


def _one(values: Values, name: str) -> str | None:
    """Return the single value of a property; of several the least, so that runs agree."""
    return min(values[name]) if values.get(name) else None


def _ids(values: Values, name: str) -> frozenset[str]:
    return frozenset(f.tail(value) for value in values.get(name, ()))


def _id(values: Values, name: str) -> str | None:
    value = _one(values, name)
    return f.tail(value) if value else None


def _all(values: Values, name: str) -> frozenset[str]:
    return frozenset(values.get(name, ()))


def _int(values: Values, name: str) -> int | None:
    value = _one(values, name)
    return int(value) if value is not None else None


def _span(values: Values, first: str, last: str) -> Span:
    low, high = _int(values, first), _int(values, last)
    return Span(PAST if low is None else low, FUTURE if high is None else high)


def load(store: ox.Store) -> f.Facts:
    """Return the facts of a graph whose types are materialised up to ``cg:Event`` and so on.

    ``as_of``, the moment up to which duties are judged, is the end of the latest
    search record, else of the latest event: an input of the graph, never the clock.
    """
    result = f.Facts()
    result.labels = {**_labels(store, "Crisis"), **_labels(store, "Place")}
    result.within = _places(store)
    result.hazards = _hazards(store)
    result.sources = _sources(store)
    result.actors = _actors(store)
    cited = _cited(store)
    result.events = _events(store, cited, result.sources)
    result.claims = _claims(store, cited, result.sources)
    follows = _select(store, "SELECT ?e ?c WHERE { ?e cg:followsClaim ?c }")
    result.follows = {event: claim for event, claim in follows if event and claim}
    result.norms = _norms(store)
    result.searches = _searches(store)
    result.asserted = _asserted(store)
    result.tenures = _tenures(store)
    result.justifications = _justifications(store)
    zones = _select(store, "SELECT ?p ?z WHERE { ?p a cg:Place ; cg:timeZone ?z }")
    result.zones = {place: zone for place, zone in zones if place and zone}
    moments = [search.until for search in result.searches] or [
        event.span.last for event in result.events.values() if event.span.last < FUTURE
    ]
    result.as_of = max(moments, default=0)
    return result


def _places(store: ox.Store) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for (place,) in _select(store, "SELECT ?p WHERE { ?p a cg:Place }"):
        assert place
        found[place].add(place)
    for place, larger in _select(store, "SELECT ?p ?l WHERE { ?p cg:within ?l }"):
        assert place and larger
        found[place].add(larger)
    return {place: frozenset(names) for place, names in found.items()}


def _hazards(store: ox.Store) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    query = "SELECT ?c ?h WHERE { ?c cg:hazard ?own . ?own skos:broader* ?h }"
    for crisis, hazard in _select(store, query):
        assert crisis and hazard
        found[crisis].add(f.tail(hazard))
    return {crisis: frozenset(names) for crisis, names in found.items()}


def _sources(store: ox.Store) -> dict[str, f.Source]:
    labels = _labels(store, "Source")
    return {
        iri: f.Source(iri, labels.get(iri, iri), _id(v, "standing") or "weak", _one(v, "copies"))
        for iri, v in _properties(store, "Source").items()
    }


def _cited(store: ox.Store) -> dict[str, tuple[str, ...]]:
    """Return what is cited -> its sources, in order."""
    found: dict[str, set[str]] = defaultdict(set)
    for subject, source in _select(store, "SELECT ?s ?o WHERE { ?s cg:citation/cg:source ?o }"):
        assert subject and source
        found[subject].add(source)
    return {subject: tuple(sorted(names)) for subject, names in found.items()}


def _weak(names: tuple[str, ...], sources: dict[str, f.Source]) -> bool:
    return all(sources[name].standing == "weak" for name in names if name in sources)


def _events(
    store: ox.Store, cited: dict[str, tuple[str, ...]], sources: dict[str, f.Source]
) -> dict[str, f.Event]:
    labels, classes = _labels(store, "Event"), _classes(store, "Event")
    items: dict[str, list[f.Item]] = defaultdict(list)
    for iri, v in sorted(_properties(store, "ContentItem").items()):
        item = f.Item(
            _id(v, "topic") or "",
            _id(v, "stance") or "",
            _one(v, "about") or "",
            _id(v, "certainty"),
        )
        items[iri].append(item)
    held_in = dict(_post_bodies(store))
    written = _pairs(_select(store, "SELECT ?e ?d WHERE { ?e cg:edtf ?d ; cg:crisis ?c }"))
    result = {}
    for iri, v in _properties(store, "Event").items():
        post = _one(v, "inPost")
        # an act in a post counts as an act of the body in which the post stands
        own = {held_in[post]} if post in held_in else set()
        names = cited.get(iri, ())
        result[iri] = f.Event(
            iri=iri,
            label=labels.get(iri, iri),
            kinds=frozenset(classes[iri]),
            crisis=_one(v, "crisis") or "",
            span=_span(v, "earliestEpoch", "latestEpoch"),
            date_text=written.get(iri) or "",
            actors=_all(v, "actor") | own,
            on_behalf_of=_all(v, "onBehalfOf"),
            recipients=_all(v, "recipient"),
            targets=_all(v, "target"),
            audience=_ids(v, "audience"),
            items=tuple(one for name in sorted(v.get("conveys", ())) for one in items[name]),
            date_kind=_id(v, "dateKind"),
            measures=_ids(v, "measureType"),
            response_level=_int(v, "responseLevel"),
            basis=_id(v, "knowledgeBasis"),
            certainty=_id(v, "certainty"),
            outcome=_one(v, "outcome"),
            place=_one(v, "place") or "",
            breaches=_ids(v, "breaches"),
            alleged="AllegedEvent" in classes[iri],
            sources=names,
            weak=_weak(names, sources),
            extends=_all(v, "extends"),
            hangs_on=(_link(v),) if "countsFrom" in v else (),
        )
    return {iri: _hung(event, result) for iri, event in result.items()}


def _link(v: Values) -> f.Link:
    """Return from what an event counts; the anchor's span is filled in by :func:`_hung`."""
    shift = Shift(_int(v, "offsetSeconds"), _int(v, "offsetDays"), _one(v, "offsetZone") or "UTC")
    return f.Link(_one(v, "countsFrom") or "", Span(0, 0), shift)


def _hung(event: f.Event, events: dict[str, f.Event]) -> f.Event:
    """Return an event with everything from which its date counts, up to one with its own date."""
    links, current = [], event
    while current.hangs_on and current.hangs_on[0].anchor in events:
        (link,) = current.hangs_on
        current = events[link.anchor]
        links.append(replace(link, span=current.span))
        if len(links) > len(events):
            raise InputError(f"{event.iri}: its date counts from itself; give it a `date`")
    return replace(event, hangs_on=tuple(links))


def _post_bodies(store: ox.Store) -> Iterator[tuple[str, str]]:
    for post, body in _select(store, "SELECT ?p ?b WHERE { ?p cg:postIn ?b }"):
        assert post and body
        yield post, body


def _claims(
    store: ox.Store, cited: dict[str, tuple[str, ...]], sources: dict[str, f.Source]
) -> dict[str, list[f.Claim]]:
    result: dict[str, list[f.Claim]] = defaultdict(list)
    for iri, v in sorted(_properties(store, "Claim").items()):
        if _id(v, "claimStatus") != "live":
            continue
        dated = "claimsEarliestEpoch" in v or "claimsLatestEpoch" in v
        claim = f.Claim(
            iri=iri,
            event=_one(v, "claimAbout") or "",
            property=_id(v, "claimedProperty") or "",
            authority=_one(v, "authority") or "",
            span=_span(v, "claimsEarliestEpoch", "claimsLatestEpoch") if dated else None,
            entity=_one(v, "claimsEntity"),
            literal=_one(v, "claimsLiteral"),
            weak=_weak(cited.get(iri, ()), sources),
        )
        result[claim.event].append(claim)
    return result


def _actors(store: ox.Store) -> dict[str, f.Actor]:
    labels, classes = _labels(store, "Actor"), _classes(store, "Actor")
    found = {
        iri: f.Actor(
            iri=iri,
            label=labels.get(iri, iri),
            kinds=frozenset(classes[iri]),
            function=_id(v, "function"),
            level=_id(v, "level"),
            jurisdiction=_one(v, "jurisdiction"),
            department_of=_one(v, "departmentOf"),
            reports_to=_all(v, "reportsTo"),
            acts_for=_all(v, "actsFor"),
            existed=_span(v, "validFromEpoch", "validUntilEpoch"),
            succeeds=_one(v, "succeeds"),
        )
        for iri, v in ((name, _properties_of(store, name)) for name in sorted(classes))
    }
    for one in list(found.values()):
        before = found.get(one.succeeds or "")
        # whose place is taken is there no longer, whether or not its end is recorded
        if before is not None and before.existed.first < one.existed.first <= before.existed.last:
            ended = Span(before.existed.first, one.existed.first - 1)
            if before.existed.last >= FUTURE:
                found[before.iri] = replace(before, existed=ended)
    return found


def _tenures(store: ox.Store) -> list[f.Tenure]:
    """Return the tenures with a certain core: from the latest begin to the earliest end.

    One without a known begin is left out, and so is one whose end may lie before it.
    """
    labels, bodies = _labels(store, "Tenure"), dict(_post_bodies(store))
    found = []
    for iri, v in sorted(_properties(store, "Tenure").items()):
        begin, end = _int(v, "surelyFromEpoch"), _int(v, "surelyUntilEpoch")
        open_end = end is None and "validUntilEpoch" not in v
        last = FUTURE if open_end else end
        if begin is None or last is None or last < begin:
            continue
        body = bodies.get(_one(v, "tenurePost") or "", "")
        found.append(f.Tenure(iri, labels.get(iri, iri), body, Span(begin, last)))
    return found


def _justifications(store: ox.Store) -> list[f.Justification]:
    return [
        f.Justification(
            iri=iri,
            by=_one(v, "saidBy") or "",
            bearer=_one(v, "bearer") or "",
            matter=f.Matter(_one(v, "crisis") or "", _id(v, "topic") or "", _one(v, "about") or ""),
            norm=_one(v, "norm"),
            kinds=_all(v, "actKind"),
            says=_one(v, "says") or "",
        )
        for iri, v in sorted(_properties(store, "Justification").items())
    ]


def _properties_of(store: ox.Store, subject: str) -> Values:
    found: Values = defaultdict(list)
    for quad in store.quads_for_pattern(ox.NamedNode(subject), None, None, None):
        if quad.predicate.value.startswith(terms.CG):
            name = quad.predicate.value.removeprefix(terms.CG)
            found[name].append(quad.object.value)  # type: ignore[union-attr]
    return found


def _norms(store: ox.Store) -> dict[str, f.Norm]:
    labels, classes = _labels(store, "Norm"), _classes(store, "Norm")
    instrument_labels = _labels(store, "Instrument")
    query = "SELECT ?i ?p WHERE { ?i a cg:Instrument ; cg:jurisdiction ?p }"
    places = _pairs(_select(store, query))
    result = {}
    for iri, v in _properties(store, "Norm").items():
        instrument = _one(v, "instrument") or ""
        result[iri] = f.Norm(
            iri=iri,
            id=f.tail(iri),
            code=_one(v, "code") or "",
            label=labels.get(iri, iri),
            type=min(classes[iri] - {"Norm"}),
            instrument=instrument,
            instrument_label=instrument_labels.get(instrument, instrument),
            article=_one(v, "article") or "",
            says=_one(v, "says") or "",
            place=places.get(instrument),
            read=_id(v, "checked") == "read",
            force=_id(v, "force") or "",
            responsibility=_id(v, "responsibility") or "",
            topics=_ids(v, "normTopic"),
            bearer=_profile(v, "bearer"),
            recipient_relation=_one(v, "recipientRelation"),
            recipient=_profile(v, "recipient"),
            trigger=_trigger(v),
            act=f.Act(
                _all(v, "actKind"),
                _ids(v, "actStance"),
                _ids(v, "actMeasure"),
                _int(v, "actResponseLevel"),
                _ids(v, "actDateKind"),
            ),
            clock=_one(v, "clock"),
            limit=_int(v, "limitSeconds"),
            limit_text=_one(v, "limitText"),
            working_days=_int(v, "limitWorkingDays"),
            before_trigger=_one(v, "beforeTrigger") == "true",
            exclusive=_one(v, "exclusive") == "true",
            delegates=_all(v, "delegates"),
            failure_type=_id(v, "failureType"),
            scope_hazards=_ids(v, "scopeHazard"),
            scope_crises=_all(v, "scopeCrisis"),
            scope=_span(v, "scopeFromEpoch", "scopeUntilEpoch"),
            validity=_span(v, "validFromEpoch", "validUntilEpoch"),
            extension=_int(v, "extensionSeconds"),
            extension_days=_int(v, "extensionWorkingDays"),
            extension_text=_one(v, "extensionText"),
            calendar=_one(v, "calendar"),
            imputation=_one(v, "imputationRule"),
            imputed_by=_one(v, "imputedByRule"),
        )
    return result


def _profile(v: Values, prefix: str) -> f.Profile:
    return f.Profile(
        kinds=frozenset(terms.class_name(kind) for kind in v.get(prefix + "Kind", ())),
        functions=_ids(v, prefix + "Function"),
        levels=_ids(v, prefix + "Level"),
        place=_one(v, prefix + "Place"),
        named=_all(v, prefix + "Named"),
    )


def _trigger(v: Values) -> f.Trigger | None:
    if "triggerRole" not in v:
        return None
    return f.Trigger(
        kinds=_all(v, "triggerKind"),
        role=_one(v, "triggerRole") or "actor",
        stances=_ids(v, "triggerStance"),
        certainty=_id(v, "triggerCertainty") or "suspected",
        date_kinds=_ids(v, "triggerDateKind"),
        events=_all(v, "triggerEvent"),
    )


def _searches(store: ox.Store) -> list[f.Search]:
    return [
        f.Search(
            iri=iri,
            bearer=_one(v, "searchedBearer") or "",
            crisis=_one(v, "crisis") or "",
            topic=_id(v, "topic") or "",
            about=_one(v, "about") or "",
            kinds=_all(v, "actKind"),
            until=_int(v, "coveredUntilEpoch") or 0,
        )
        for iri, v in sorted(_properties(store, "SearchRecord").items())
    ]


def _asserted(store: ox.Store) -> list[f.Asserted]:
    labels = _labels(store, "AssertedFinding")
    return [
        f.Asserted(
            iri=iri,
            label=labels.get(iri, iri),
            bearer=_one(v, "bearer") or "",
            crisis=_one(v, "crisis") or "",
            topic=_id(v, "topic"),
            about=_one(v, "about") or "",
            failure_types=_ids(v, "failureType"),
            polarity=_id(v, "polarity") or "",
            status=_id(v, "findingStatus") or "",
        )
        for iri, v in sorted(_properties(store, "AssertedFinding").items())
    ]
