"""Records to quads: every field arrives, every triple has one home, every date has a zone."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest
from pydantic import BaseModel

from crisisgov.errors import RecordErrors
from crisisgov.loaders.graph.convert import records_to_quads
from crisisgov.loaders.records.model import actors, crises, norms, places, sources
from crisisgov.loaders.records.model.base import Citation, Identifiers, Period
from crisisgov.loaders.records.read import load
from crisisgov.ontology import terms
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


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Kind of entity -> the local names of all properties that are stated of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in everything(tmp_path_factory.mktemp("all") / "seeds"):
        assert isinstance(quad.subject, ox.NamedNode), "no blank nodes"
        kind = quad.subject.value.removeprefix(terms.BASE).split("/")[0]
        found[kind].add(quad.predicate.value.replace("#", "/").rsplit("/", 1)[-1])
    return found


@pytest.mark.parametrize("kind", PROPERTIES)
def test_every_field_of_a_record_has_a_property(kind: str) -> None:
    record, table = PROPERTIES[kind]
    own = {name for name in COMMON if name in record.model_fields}
    assert set(table) | own == set(record.model_fields)


@pytest.mark.parametrize("kind", PROPERTIES)
def test_every_field_that_is_given_arrives_in_the_graph(
    kind: str, stated: dict[str, set[str]]
) -> None:
    record, table = PROPERTIES[kind]
    common = {name: text for name, text in COMMON.items() if name in record.model_fields}
    missing = {
        field: name
        for field, names in {**common, **table}.items()
        for name in names.split()
        if name not in stated[kind]
    }
    assert missing == {}


def test_parts_of_records_have_no_fields_beyond_those_in_the_table() -> None:
    assert set(norms.Trigger.model_fields) == {
        "kinds", "role", "stances", "certainty", "date_kinds", "events",
    }  # fmt: skip
    assert set(norms.Act.model_fields) == {
        "kinds", "stances", "measures", "response_level", "date_kinds",
    }  # fmt: skip
    assert set(norms.Scope.model_fields) == {"hazards", "crises", "condition", "period"}
    assert set(norms.Profile.model_fields) == {
        "kinds", "functions", "levels", "jurisdiction", "actors",
    }  # fmt: skip
    assert set(crises.KnowledgeDetails.model_fields) == {"basis", "certainty"}
    assert set(crises.WarningDetails.model_fields) == {"capacity", "first_hand", "treatment"}
    assert set(Identifiers.model_fields) == {"wikidata", "geonames", "glide", "eli"}
    assert set(Period.model_fields) == {"begin", "end"}


def test_the_bounds_of_an_event_without_a_known_zone_hold_every_zone_in_question(
    tmp_path: Path,
) -> None:
    # about 3 January, 60 s either way, in Urumqi (UTC+6; also the actor's), Shanghai (+8) or UTC:
    # 3 Jan 00:00 in Shanghai = 1577980800, a minute before; 3 Jan 23:59:59 UTC = 1578095999, after
    found = {
        quad.predicate.value.removeprefix(terms.CG): quad.object.value  # type: ignore[union-attr]
        for quad in everything(tmp_path / "seeds")
        if quad.subject == ox.NamedNode(terms.entity("event", "full"))
    }
    assert found["earliestEpoch"] == str(1_577_980_800 - 60)
    assert found["latestEpoch"] == str(1_578_095_999 + 60)


def test_a_claim_about_a_date_is_read_in_the_zones_of_its_event(tmp_path: Path) -> None:
    found = {
        quad.predicate.value.removeprefix(terms.CG): quad.object.value  # type: ignore[union-attr]
        for quad in everything(tmp_path / "seeds")
        if quad.subject == ox.NamedNode(terms.entity("claim", "when"))
    }
    assert found["claimsEarliestEpoch"] == str(1_577_980_800 + 86_400)
    assert found["claimsLatestEpoch"] == str(1_578_095_999 + 86_400)


def test_every_triple_of_the_curated_records_has_one_home(checkout: Path) -> None:
    homes: dict[ox.Triple, set[str]] = defaultdict(set)
    quads = records_to_quads(load(checkout / "seeds"))
    for quad in quads:
        homes[quad.triple].add(str(quad.graph_name))
    assert quads
    assert {triple for triple, graphs in homes.items() if len(graphs) > 1} == set()


def test_the_same_records_give_the_same_quads_in_the_same_order(tmp_path: Path) -> None:
    one, two = everything(tmp_path / "a"), everything(tmp_path / "b")
    assert list(map(str, one)) == list(map(str, two))


def problems(folder: Path, files: dict[str, str]) -> list[str]:
    with pytest.raises(RecordErrors) as caught:
        records_to_quads(load(write_seeds(folder, files)))
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("polarity", "status", "failure"),
    [
        ("found", "final", True),
        ("found", "under-appeal", True),
        ("found", "overturned", False),
        ("found", "withdrawn", False),
        ("not-found", "final", False),
    ],
)
def test_an_asserted_finding_is_a_failure_while_it_stands(
    tmp_path: Path, polarity: str, status: str, failure: bool
) -> None:
    section = f"""\
asserted_findings:
  - {{id: one, label: {{en: One}}, by: state, bearer: city, failure_type: [delayed-disclosure],
     polarity: {polarity}, status: {status}, date: "2020", says: S, checked: read,
     citations: [{{source: paper}}]}}
"""
    files = {"crises/events.yaml": crisis_file(section)}
    quads = records_to_quads(load(write_seeds(tmp_path / "seeds", files)))
    node, kind = ox.NamedNode(terms.entity("finding", "one")), ox.NamedNode(terms.CG + "Failure")
    assert any(q.subject == node and q.object == kind for q in quads) is failure
    has_type = any(
        q.subject == node and q.predicate.value == terms.CG + "failureType" for q in quads
    )
    assert has_type is failure


NOWHERE = "places:\n  - {id: ZZ, label: {en: Nowhere}, level: national}\n"
SOMETHING = """\
events:
  - {id: it, kind: [detection], label: {en: It}, summary: S, place: PLACE,
     date: "DATE",
     actor: [city], checked: read, citations: [{source: paper}]}
"""


def test_a_place_without_a_zone_is_an_error_that_names_the_file_and_the_line(
    tmp_path: Path,
) -> None:
    found = problems(
        tmp_path / "seeds",
        {
            "places/zz.yaml": NOWHERE,
            "crises/events.yaml": crisis_file(
                SOMETHING.replace("PLACE", "ZZ").replace("DATE", "2020-01-01")
            ),
        },
    )
    said = "neither place ZZ nor a larger one has a `time_zone`; add one"
    assert any(
        line.startswith("crises/events.yaml:4: events.0.date: ") and said in line for line in found
    )
    assert any(line.startswith("places/zz.yaml:2: ") and said in line for line in found)


def test_a_date_that_is_only_about_needs_a_margin_and_says_where(tmp_path: Path) -> None:
    found = problems(
        tmp_path / "seeds",
        {
            "crises/events.yaml": crisis_file(
                SOMETHING.replace("PLACE", "CN").replace("DATE", "2020-01-03~")
            )
        },
    )
    assert len(found) == 1
    assert found[0].startswith("crises/events.yaml:4: ")
    assert "margin" in found[0]
