"""Reading the facts of the evaluation from a store by SPARQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox

from crisisgov.errors import InputError
from crisisgov.ontology.evaluation import facts as f
from crisisgov.ontology.evaluation import rows as r
from crisisgov.ontology.evaluation.load_norms import norms
from crisisgov.ontology.evaluation.spans import FUTURE, Span
from crisisgov.ontology.relative import Shift


def load(store: ox.Store) -> f.Facts:
    """Return the facts of a graph whose types are materialised up to ``cg:Event`` and so on.

    ``as_of``, the moment up to which duties are judged, is the end of the latest event or
    search record: an input of the graph, never the clock.
    """
    result = f.Facts()
    result.labels = {**r.labels(store, "Crisis"), **r.labels(store, "Place")}
    result.within = _places(store)
    result.hazards = _hazards(store)
    result.sources = _sources(store)
    result.actors = _actors(store)
    cited = _cited(store)
    result.events = _events(store, cited, result.sources)
    result.claims = _claims(store, cited, result.sources)
    result.follows = r.pairs(r.select(store, "SELECT ?e ?c WHERE { ?e cg:followsClaim ?c }"))
    result.norms = norms(store)
    result.searches = _searches(store)
    result.asserted = _asserted(store)
    result.tenures = _tenures(store)
    result.justifications = _justifications(store)
    places = r.select(store, "SELECT ?c ?p WHERE { ?c a cg:Crisis ; cg:place ?p }")
    result.crisis_places = r.pairs(places)
    parts = r.select(store, "SELECT ?c ?w WHERE { ?c cg:partOfCrisis ?w }")
    result.part_of = r.pairs(parts)
    result.zones = r.pairs(r.select(store, "SELECT ?p ?z WHERE { ?p a cg:Place ; cg:timeZone ?z }"))
    moments = [search.until for search in result.searches] + [
        event.span.last for event in result.events.values() if event.span.last < FUTURE
    ]
    result.as_of = max(moments, default=0)
    return result


def _places(store: ox.Store) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for (place,) in r.select(store, "SELECT ?p WHERE { ?p a cg:Place }"):
        assert place
        found[place].add(place)
    for place, larger in r.select(store, "SELECT ?p ?l WHERE { ?p cg:within ?l }"):
        assert place and larger
        found[place].add(larger)
    return {place: frozenset(names) for place, names in found.items()}


def _hazards(store: ox.Store) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    query = "SELECT ?c ?h WHERE { ?c cg:hazard ?own . ?own skos:broader* ?h }"
    for crisis, hazard in r.select(store, query):
        assert crisis and hazard
        found[crisis].add(f.tail(hazard))
    return {crisis: frozenset(names) for crisis, names in found.items()}


def _sources(store: ox.Store) -> dict[str, f.Source]:
    labels = r.labels(store, "Source")
    return {
        iri: f.Source(iri, labels.get(iri, iri), r.id_(v, "standing") or "weak", r.one(v, "copies"))
        for iri, v in r.properties(store, "Source").items()
    }


def _cited(store: ox.Store) -> dict[str, tuple[str, ...]]:
    """Return what is cited -> its sources, in order."""
    found: dict[str, set[str]] = defaultdict(set)
    for subject, source in r.select(store, "SELECT ?s ?o WHERE { ?s cg:citation/cg:source ?o }"):
        assert subject and source
        found[subject].add(source)
    return {subject: tuple(sorted(names)) for subject, names in found.items()}


def _weak(names: tuple[str, ...], sources: dict[str, f.Source]) -> bool:
    return all(sources[name].standing == "weak" for name in names if name in sources)


def _events(
    store: ox.Store, cited: dict[str, tuple[str, ...]], sources: dict[str, f.Source]
) -> dict[str, f.Event]:
    labels, classes = r.labels(store, "Event"), r.classes(store, "Event")
    items: dict[str, list[f.Item]] = defaultdict(list)
    for iri, v in sorted(r.properties(store, "ContentItem").items()):
        item = f.Item(
            r.id_(v, "topic") or "",
            r.id_(v, "stance") or "",
            r.one(v, "about") or "",
            r.id_(v, "certainty"),
        )
        items[iri].append(item)
    held_in = dict(_post_bodies(store))
    written = r.pairs(r.select(store, "SELECT ?e ?d WHERE { ?e cg:edtf ?d ; cg:crisis ?c }"))
    result = {}
    for iri, v in r.properties(store, "Event").items():
        post = r.one(v, "inPost")
        # an act in a post counts as an act of the body in which the post stands
        own = {held_in[post]} if post in held_in else set()
        names = cited.get(iri, ())
        result[iri] = f.Event(
            iri=iri,
            label=labels.get(iri, iri),
            kinds=frozenset(classes[iri]),
            crisis=r.one(v, "crisis") or "",
            span=r.span(v, "earliestEpoch", "latestEpoch"),
            date_text=written.get(iri) or "",
            actors=r.every(v, "actor") | own,
            on_behalf_of=r.every(v, "onBehalfOf"),
            recipients=r.every(v, "recipient"),
            targets=r.every(v, "target"),
            audience=r.ids(v, "audience"),
            items=tuple(one for name in sorted(v.get("conveys", ())) for one in items[name]),
            date_kind=r.id_(v, "dateKind"),
            measures=r.ids(v, "measureType"),
            response_level=r.integer(v, "responseLevel"),
            basis=r.id_(v, "knowledgeBasis"),
            certainty=r.id_(v, "certainty"),
            outcome=r.one(v, "outcome"),
            place=r.one(v, "place") or "",
            breaches=r.ids(v, "breaches"),
            alleged="AllegedEvent" in classes[iri],
            sources=names,
            weak=_weak(names, sources),
            extends=r.every(v, "extends"),
            first_word=r.one(v, "firstWord") == "true",
            hangs_on=(_link(v),) if "countsFrom" in v else (),
        )
    return {iri: _hung(event, result) for iri, event in result.items()}


def _link(v: r.Values) -> f.Link:
    """Return from what an event counts; the anchor's span is filled in by :func:`_hung`."""
    shift = Shift(
        r.integer(v, "offsetSeconds"), r.integer(v, "offsetDays"), r.one(v, "offsetZone") or "UTC"
    )
    return f.Link(r.one(v, "countsFrom") or "", Span(0, 0), shift)


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
    for post, body in r.select(store, "SELECT ?p ?b WHERE { ?p cg:postIn ?b }"):
        assert post and body
        yield post, body


def _claims(
    store: ox.Store, cited: dict[str, tuple[str, ...]], sources: dict[str, f.Source]
) -> dict[str, list[f.Claim]]:
    result: dict[str, list[f.Claim]] = defaultdict(list)
    for iri, v in sorted(r.properties(store, "Claim").items()):
        if r.id_(v, "claimStatus") != "live":
            continue
        dated = "claimsEarliestEpoch" in v or "claimsLatestEpoch" in v
        claim = f.Claim(
            iri=iri,
            event=r.one(v, "claimAbout") or "",
            property=r.id_(v, "claimedProperty") or "",
            authority=r.one(v, "authority") or "",
            span=r.span(v, "claimsEarliestEpoch", "claimsLatestEpoch") if dated else None,
            entity=r.one(v, "claimsEntity"),
            literal=r.one(v, "claimsLiteral"),
            weak=_weak(cited.get(iri, ()), sources),
        )
        result[claim.event].append(claim)
    return result


def _actors(store: ox.Store) -> dict[str, f.Actor]:
    labels, classes = r.labels(store, "Actor"), r.classes(store, "Actor")
    found = {
        iri: f.Actor(
            iri=iri,
            label=labels.get(iri, iri),
            kinds=frozenset(classes[iri]),
            function=r.id_(v, "function"),
            level=r.id_(v, "level"),
            jurisdiction=r.one(v, "jurisdiction"),
            department_of=r.one(v, "departmentOf"),
            reports_to=r.every(v, "reportsTo"),
            acts_for=r.every(v, "actsFor"),
            existed=r.span(v, "validFromEpoch", "validUntilEpoch"),
            succeeds=r.one(v, "succeeds"),
        )
        for iri, v in ((name, r.properties_of(store, name)) for name in sorted(classes))
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
    labels, bodies = r.labels(store, "Tenure"), dict(_post_bodies(store))
    found = []
    for iri, v in sorted(r.properties(store, "Tenure").items()):
        begin, end = r.integer(v, "surelyFromEpoch"), r.integer(v, "surelyUntilEpoch")
        open_end = end is None and "validUntilEpoch" not in v
        last = FUTURE if open_end else end
        if begin is None or last is None or last < begin:
            continue
        body = bodies.get(r.one(v, "tenurePost") or "", "")
        found.append(f.Tenure(iri, labels.get(iri, iri), body, Span(begin, last)))
    return found


def _justifications(store: ox.Store) -> list[f.Justification]:
    return [
        f.Justification(
            iri=iri,
            by=r.one(v, "saidBy") or "",
            bearer=r.one(v, "bearer") or "",
            matter=f.Matter(
                r.one(v, "crisis") or "", r.id_(v, "topic") or "", r.one(v, "about") or ""
            ),
            norm=r.one(v, "norm"),
            kinds=r.every(v, "actKind"),
            says=r.one(v, "says") or "",
        )
        for iri, v in sorted(r.properties(store, "Justification").items())
    ]


def _searches(store: ox.Store) -> list[f.Search]:
    return [
        f.Search(
            iri=iri,
            bearer=r.one(v, "searchedBearer") or "",
            crisis=r.one(v, "crisis") or "",
            topic=r.id_(v, "topic") or "",
            about=r.one(v, "about") or "",
            kinds=r.every(v, "actKind"),
            until=r.integer(v, "coveredUntilEpoch") or 0,
        )
        for iri, v in sorted(r.properties(store, "SearchRecord").items())
    ]


def _asserted(store: ox.Store) -> list[f.Asserted]:
    labels = r.labels(store, "AssertedFinding")
    return [
        f.Asserted(
            iri=iri,
            label=labels.get(iri, iri),
            bearer=r.one(v, "bearer") or "",
            crisis=r.one(v, "crisis") or "",
            topic=r.id_(v, "topic"),
            norm=r.one(v, "norm"),
            responsibilities=r.ids(v, "responsibility"),
            about=r.one(v, "about") or "",
            failure_types=r.ids(v, "failureType"),
            polarity=r.id_(v, "polarity") or "",
            status=r.id_(v, "findingStatus") or "",
        )
        for iri, v in sorted(r.properties(store, "AssertedFinding").items())
    ]
