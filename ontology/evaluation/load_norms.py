"""Reading the norms from a store."""

from __future__ import annotations

import pyoxigraph as ox

from crisisgov.ontology import terms
from crisisgov.ontology.evaluation import facts as f
from crisisgov.ontology.evaluation import rows as r


def norms(store: ox.Store) -> dict[str, f.Norm]:
    """Return the norms of a graph, by IRI."""
    labels, classes = r.labels(store, "Norm"), r.classes(store, "Norm")
    instrument_labels = r.labels(store, "Instrument")
    query = "SELECT ?i ?p WHERE { ?i a cg:Instrument ; cg:jurisdiction ?p }"
    places = r.pairs(r.select(store, query))
    result = {}
    for iri, v in r.properties(store, "Norm").items():
        instrument = r.one(v, "instrument") or ""
        result[iri] = f.Norm(
            iri=iri,
            id=f.tail(iri),
            code=r.one(v, "code") or "",
            label=labels.get(iri, iri),
            type=min(classes[iri] - {"Norm"}),
            instrument=instrument,
            instrument_label=instrument_labels.get(instrument, instrument),
            article=r.one(v, "article") or "",
            says=r.one(v, "says") or "",
            place=places.get(instrument),
            read=r.id_(v, "checked") == "read",
            force=r.id_(v, "force") or "",
            responsibility=r.id_(v, "responsibility") or "",
            topics=r.ids(v, "normTopic"),
            bearer=_profile(v, "bearer"),
            recipient_relation=r.one(v, "recipientRelation"),
            recipient=_profile(v, "recipient"),
            trigger=_trigger(v),
            act=f.Act(
                r.every(v, "actKind"),
                r.ids(v, "actStance"),
                r.ids(v, "actMeasure"),
                r.integer(v, "actResponseLevel"),
                r.ids(v, "actDateKind"),
            ),
            clock=r.one(v, "clock"),
            limit=r.integer(v, "limitSeconds"),
            limit_text=r.one(v, "limitText"),
            working_days=r.integer(v, "limitWorkingDays"),
            before_trigger=r.one(v, "beforeTrigger") == "true",
            exclusive=r.one(v, "exclusive") == "true",
            delegates=r.every(v, "delegates"),
            failure_type=r.id_(v, "failureType"),
            scope_hazards=r.ids(v, "scopeHazard"),
            scope_crises=r.every(v, "scopeCrisis"),
            scope=r.span(v, "scopeFromEpoch", "scopeUntilEpoch"),
            validity=r.span(v, "validFromEpoch", "validUntilEpoch"),
            extension=r.integer(v, "extensionSeconds"),
            extension_days=r.integer(v, "extensionWorkingDays"),
            extension_text=r.one(v, "extensionText"),
            calendar=r.one(v, "calendar"),
            imputation=r.one(v, "imputationRule"),
            imputed_by=r.one(v, "imputedByRule"),
        )
    return result


def _profile(v: r.Values, prefix: str) -> f.Profile:
    return f.Profile(
        kinds=frozenset(terms.class_name(kind) for kind in v.get(prefix + "Kind", ())),
        functions=r.ids(v, prefix + "Function"),
        levels=r.ids(v, prefix + "Level"),
        place=r.one(v, prefix + "Place"),
        named=r.every(v, prefix + "Named"),
    )


def _trigger(v: r.Values) -> f.Trigger | None:
    if "triggerRole" not in v:
        return None
    return f.Trigger(
        kinds=r.every(v, "triggerKind"),
        role=r.one(v, "triggerRole") or "actor",
        stances=r.ids(v, "triggerStance"),
        certainty=r.id_(v, "triggerCertainty") or "suspected",
        date_kinds=r.ids(v, "triggerDateKind"),
        events=r.every(v, "triggerEvent"),
    )
