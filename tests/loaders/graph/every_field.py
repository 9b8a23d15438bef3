"""Records in which every field has a value, and the properties that each field becomes."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from pydantic import BaseModel

from crisisgov.loaders.graph.convert import records_to_quads
from crisisgov.loaders.records.model import actors, crises, norms, places, sources
from crisisgov.loaders.records.model.base import Citation
from crisisgov.loaders.records.read import load
from tests.support.graphs import crisis_file, write_seeds

CITED = 'citations: [{source: doc, locator: p. 1, says: So., supports: [citations], accessed: "2026", archive_url: "https://x.org/a"}]'

EVERYTHING = {
    "sources/more.yaml": """\
sources:
  - {id: doc, title: {en: Document}, author: A, publisher: P, publisher_actor: agency, date: "2020", kind: notice,
     language: en, url: "https://x.org", archive_url: "https://x.org/a", standing: official, copies: paper, note: N}
""",
    "places/more.yaml": """\
places:
  - {id: CN-AA, label: {en: A}, within: CN, level: first-subnational, time_zone: Asia/Urumqi, population: 7,
     identifiers: {wikidata: Q1, geonames: "1"}}
""",
    "actors/more.yaml": f"""\
actors:
  - {{id: full, kind: body, label: {{en: Full, zh: 全}}, function: health, level: national, native_level: N, jurisdiction: CN-AA,
     part_of: state, reports_to: [state], acts_for: [state], existed: {{begin: "2000", end: "2010"}}, succeeds: agency,
     identifiers: {{wikidata: Q2}}, note: N}}
  - {{id: somebody, kind: person, label: {{en: Somebody}}}}
posts:
  - {{id: head, label: {{en: Head}}, of: full}}
tenures:
  - {{id: held, person: somebody, post: head, held: {{begin: "2001", end: "2005"}}, checked: read, {CITED}}}
""",
    "norms/more.yaml": f"""\
instruments:
  - {{id: act, title: {{en: Act}}, number: "1", issued_by: state, jurisdiction: CN, in_force: {{begin: "2000", end: "2030"}},
     identifiers: {{eli: "https://x.org/eli"}}, in_response_to: [outbreak], {CITED}}}
norms:
  - id: power
    code: P
    label: {{en: Power}}
    instrument: act
    article: "1"
    type: power
    says: S
    checked: read
    force: binding
    responsibility: information
    topics: [existence]
    bearer: {{}}
    act: {{kinds: [disclosure]}}
    exclusive: true
    validity: {{}}
    {CITED}
  - id: full
    code: F
    label: {{en: Full}}
    instrument: act
    article: "2"
    type: delegation
    says: S
    checked: read
    force: binding
    responsibility: information
    topics: [existence]
    bearer: {{kinds: [body], functions: [health], levels: [national], jurisdiction: CN, actors: [full]}}
    recipient: {{relation: superior, profile: {{kinds: [government], functions: [health], levels: [national], jurisdiction: CN, actors: [state]}}}}
    trigger: {{kinds: [detection], role: any, stances: [affirms], certainty: confirmed, date_kinds: [announced], events: [full]}}
    act: {{kinds: [disclosure], stances: [affirms], measures: [plan], response_level: 1, date_kinds: [announced]}}
    clock: knowledge
    limit: "2 hours"
    limit_words: two hours
    delegates: [power]
    failure_type: delayed-disclosure
    scope: {{hazards: [infectious-disease], crises: [outbreak], condition: C, period: {{begin: "2020-01-20", end: "2020-02"}}}}
    validity: {{begin: "2003", end: "2020"}}
    implements_remedy: [REMEDY]
    {CITED}
  - id: before
    code: B
    label: {{en: Before}}
    instrument: act
    article: "3"
    type: duty
    says: S
    checked: read
    force: binding
    responsibility: forward-looking
    topics: [existence]
    bearer: {{}}
    trigger: {{kinds: [detection]}}
    act: {{kinds: [regulation]}}
    clock: occurrence
    before_trigger: true
    failure_type: forward-looking-failure
    validity: {{}}
    {CITED}
  - id: days
    code: D
    label: {{en: Days}}
    instrument: act
    article: "4"
    type: duty
    says: S
    checked: read
    force: binding
    responsibility: information
    topics: [existence]
    bearer: {{}}
    trigger: {{kinds: [request]}}
    act: {{kinds: [disclosure]}}
    clock: request
    limit: "20 working-days"
    extension: "20 working-days"
    calendar: CN
    imputation: {{rule: R, norm: power}}
    failure_type: delayed-disclosure
    validity: {{}}
    {CITED}
  - id: hours
    code: H
    label: {{en: Hours}}
    instrument: act
    article: "5"
    type: duty
    says: S
    checked: read
    force: binding
    responsibility: information
    topics: [existence]
    bearer: {{}}
    trigger: {{kinds: [request]}}
    act: {{kinds: [disclosure]}}
    clock: request
    limit: "2 hours"
    extension: "2 hours"
    failure_type: delayed-disclosure
    validity: {{}}
    {CITED}
""",
    "crises/full.yaml": f"""\
crisis:
  id: full
  label: {{en: Full}}
  summary: S
  hazard: [infectious-disease]
  place: CN
  period: {{begin: "2019", end: "2020"}}
  part_of: outbreak
  harm: [{{kind: deaths, at_least: 1, at_most: 2, as_of: "2020", place: CN-AA, checked: read, {CITED}}}]
  identifiers: {{glide: EP-2020-000012-CHN}}
  {CITED}
""",
    "crises/events.yaml": crisis_file(f"""\
events:
  - id: full
    kind: [knowledge, warning, disclosure, implementation]
    label: {{en: Full}}
    summary: S
    date: "2020-01-03~"
    end: "2020-01-05"
    published: "2020-01-06"
    effective: "2020-01-07"
    zone_basis: unknown
    margin_seconds: 60
    actor: [full]
    on_behalf_of: [state]
    in_post: head
    recipient: [city]
    target: [city]
    audience: [public]
    channel: [web-notice]
    place: CN-AA
    conveys: [{{topic: existence, stance: affirms, about: CN-AA, certainty: confirmed, value: 2.5, unit: cases, as_of: "2020-01-03"}}]
    knowledge: {{basis: inquiry, certainty: suspected}}
    warning: {{capacity: doctor, first_hand: true, treatment: [heeded]}}
    date_kind: announced
    measure: [plan]
    response_level: 1
    outcome: granted
    serves: [information]
    breaches: [information]
    in_reaction_to: [other]
    sanctioned_for: [other]
    sanction_ground: G
    first_word: true
    corrects: [other]
    contradicts: [other]
    confirms: [other]
    reverses: [other]
    implements: [advice]
    extends: [hours, days]
    follows_claim: who
    follows_why: W
    checked: read
    {CITED}
  - {{id: other, kind: [warning], label: {{en: Other}}, summary: S, date: "2020-01-02", actor: [city], alleged: true, checked: read,
     warning: {{capacity: doctor, first_hand: true, treatment: [heeded]}}, {CITED}}}
  - {{id: advice, kind: [recommendation], label: {{en: Advice}}, summary: S, relative: {{to: other, offset: "1 days"}}, actor: [city], checked: read, {CITED}}}
  - {{id: second, kind: [recommendation], label: {{en: Second}}, summary: S, relative: {{to: advice, offset: "1 days", exact: true}}, actor: [city], checked: read, {CITED}}}
claims:
  - {{id: who, about: full, property: actor, entity: full, authority: state, checked: read, {CITED}}}
  - {{id: when, about: full, property: date, date: "2020-01-04", authority: state, status: superseded, status_why: W, checked: read, {CITED}}}
  - {{id: that, about: other, property: occurred, literal: "true", authority: state, checked: read, {CITED}}}
searches:
  - {{id: full, bearer: city, topic: existence, about: CN-AA, acts: [disclosure], searcher: W, searched: [The site], covered_until: "2020-02", searched_on: "2021", note: N}}
asserted_findings:
  - {{id: full, label: {{en: Full}}, by: state, bearer: city, topic: existence, about: CN-AA, norm: full, failure_type: [delayed-disclosure],
     polarity: found, status: final, date: "2020", says: S, causes: [CAUSE], remedies: [REMEDY], evidence: [full], checked: read, {CITED}}}
justifications:
  - {{id: full, by: state, bearer: city, topic: existence, about: CN-AA, norm: full, acts: [disclosure], date: "2020", event: full, says: S, checked: read, {CITED}}}
norm_gaps:
  - {{id: full, label: {{en: Full}}, topic: existence, about: CN-AA, bearer: [city], acts: [disclosure], period: {{begin: "2019", end: "2020"}},
     closed_by: [full], says: S, checked: read, {CITED}}}
"""),
}  # fmt: skip

PROPERTIES: dict[str, tuple[type[BaseModel], dict[str, str]]] = {
    "event": (crises.Event, {
        "kind": "type", "date": "edtf earliest latest earliestEpoch latestEpoch",
        "end": "endEdtf endEarliest endLatest endEarliestEpoch endLatestEpoch",
        "published": "publishedEarliest publishedLatest",
        "effective": "effectiveEarliest effectiveLatest", "zone_basis": "zoneBasis",
        "margin_seconds": "marginSeconds", "actor": "actor", "on_behalf_of": "onBehalfOf",
        "in_post": "inPost", "recipient": "recipient", "target": "target", "audience": "audience",
        "channel": "channel", "place": "place", "conveys": "conveys",
        "knowledge": "knowledgeBasis certainty", "warning": "capacity firstHand treatment",
        "date_kind": "dateKind", "measure": "measureType", "response_level": "responseLevel",
        "outcome": "outcome", "serves": "serves", "breaches": "breaches",
        "in_reaction_to": "inReactionTo", "sanctioned_for": "sanctionedFor", "corrects": "corrects",
        "sanction_ground": "sanctionGround", "first_word": "firstWord",
        "contradicts": "contradicts", "confirms": "confirms", "reverses": "reverses",
        "implements": "implements", "extends": "extends",
        "relative": "countsFrom offsetText offsetSeconds offsetDays offsetZone",
        "alleged": "type", "follows_claim": "followsClaim", "follows_why": "followsWhy",
        "summary": "summary recordFile crisis",
    }),
    "item": (crises.ContentItem, {
        "topic": "topic", "stance": "stance", "about": "about", "certainty": "certainty",
        "value": "value", "unit": "unit", "as_of": "edtf",
    }),
    "claim": (crises.Claim, {
        "about": "claimAbout", "property": "claimedProperty",
        "date": "edtf claimsEarliest claimsLatest claimsEarliestEpoch claimsLatestEpoch",
        "entity": "claimsEntity", "literal": "claimsLiteral", "authority": "authority",
        "status": "claimStatus", "status_why": "statusWhy",
    }),
    "search": (crises.SearchRecord, {
        "bearer": "searchedBearer", "topic": "topic", "about": "about", "acts": "actKind",
        "searcher": "searcher", "searched": "searched",
        "covered_until": "coveredUntil coveredUntilEpoch", "searched_on": "accessed", "note": "note",
    }),
    "finding": (crises.AssertedFinding, {
        "by": "assertedBy", "bearer": "bearer", "topic": "topic", "about": "about", "norm": "norm",
        "failure_type": "failureType responsibility type", "polarity": "polarity",
        "status": "findingStatus", "date": "issued", "says": "says recordFile crisis",
        "causes": "cause", "remedies": "remedy", "evidence": "evidence",
    }),
    "justification": (crises.Justification, {
        "by": "saidBy", "bearer": "bearer", "topic": "topic", "about": "about", "norm": "norm",
        "acts": "actKind", "date": "issued", "event": "saidIn", "says": "says recordFile crisis",
    }),
    "norm-gap": (crises.NormGap, {
        "topic": "topic", "about": "about", "bearer": "bearer", "acts": "actKind",
        "period": "validFrom validFromEpoch validUntil validUntilEpoch", "closed_by": "closedBy",
        "says": "says recordFile crisis",
    }),
    "crisis": (crises.Crisis, {
        "summary": "summary", "hazard": "hazard", "place": "place", "period": "validFrom validUntil",
        "part_of": "partOfCrisis", "harm": "hasHarm", "identifiers": "identifier",
    }),
    "harm": (crises.Harm, {
        "kind": "harmKind", "at_least": "atLeast", "at_most": "atMost", "as_of": "harmAsOf",
        "place": "place",
    }),
    "instrument": (norms.Instrument, {
        "title": "label", "number": "number", "issued_by": "issuedBy", "jurisdiction": "jurisdiction",
        "in_force": "validFrom validFromEpoch validUntil validUntilEpoch", "identifiers": "sameAs",
        "in_response_to": "inResponseTo",
    }),
    "norm": (norms.Norm, {
        "code": "code", "instrument": "instrument", "article": "article", "type": "type",
        "says": "says", "force": "force", "responsibility": "responsibility", "topics": "normTopic",
        "bearer": "bearerKind bearerFunction bearerLevel bearerPlace bearerNamed",
        "recipient": "recipientRelation recipientKind recipientFunction recipientLevel recipientNamed",
        "trigger": "triggerKind triggerRole triggerStance triggerCertainty triggerDateKind triggerEvent",
        "act": "actKind actStance actMeasure actResponseLevel actDateKind", "clock": "clock",
        "limit": "limitSeconds limitWorkingDays", "limit_words": "limitText",
        "extension": "extensionSeconds extensionWorkingDays extensionText", "calendar": "calendar",
        "imputation": "imputationRule imputedByRule", "before_trigger": "beforeTrigger", "exclusive": "exclusive", "delegates": "delegates",
        "failure_type": "failureType",
        "scope": "scopeHazard scopeCrisis scopeCondition scopeFromEpoch scopeUntilEpoch",
        "validity": "validFrom validFromEpoch validUntil validUntilEpoch",
        "implements_remedy": "implementsRemedy",
    }),
    "actor": (actors.Actor, {
        "kind": "type", "function": "function", "level": "level", "native_level": "nativeLevel",
        "jurisdiction": "jurisdiction", "part_of": "departmentOf", "reports_to": "reportsTo",
        "acts_for": "actsFor", "existed": "validFrom validUntil", "succeeds": "succeeds",
        "identifiers": "sameAs", "note": "note",
    }),
    "post": (actors.Post, {"of": "postIn"}),
    "tenure": (actors.Tenure, {
        "person": "tenureOf", "post": "tenurePost",
        "held": "validFrom validUntil surelyFromEpoch surelyUntilEpoch",
    }),
    "place": (places.Place, {
        "within": "within", "level": "level", "population": "population", "identifiers": "sameAs",
        "time_zone": "timeZone",
    }),
    "source": (sources.Source, {
        "title": "label", "author": "author", "publisher": "publisher",
        "publisher_actor": "publisherActor", "date": "issued", "kind": "sourceKind",
        "language": "language", "url": "url", "archive_url": "archiveUrl", "standing": "standing",
        "copies": "copies", "note": "note",
    }),
    "citation": (Citation, {
        "source": "source", "locator": "locator", "says": "says", "supports": "supports",
        "accessed": "accessed", "archive_url": "archiveUrl",
    }),
}  # fmt: skip
"""Kind of entity -> its record class, and for each field the properties that it becomes."""

COMMON = {"id": "", "label": "label", "checked": "checked", "citations": "citation"}


def everything(folder: Path) -> list[ox.Quad]:
    """Return the quads of records in which every field has a value."""
    concepts = Path(__file__).resolve().parents[3] / "seeds" / "concepts"
    first = {
        name: next(
            line.split("id: ")[1].strip(" ,}").split(",")[0]
            for line in (concepts / f"{name}.yaml").read_text(encoding="utf-8").split("concepts:")[1].splitlines()
            if "id: " in line
        )
        for name in ("cause", "remedy")
    }  # fmt: skip
    files = {
        name: text.replace("CAUSE", first["cause"]).replace("REMEDY", first["remedy"])
        for name, text in EVERYTHING.items()
    }
    return records_to_quads(load(write_seeds(folder, files)))
