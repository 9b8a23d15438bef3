"""Questions over milestones and messages, on facts made up so that answers can be worked out."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from crisisgov.ontology import terms
from crisisgov.queries import catalogue

FACTS = """
@prefix cg: <https://w3id.org/crisisgov/ontology#> .
@prefix b: <https://w3id.org/crisisgov/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix l: <https://w3id.org/crisisgov/concept/level/> .
@prefix k: <https://w3id.org/crisisgov/concept/milestone-kind/> .
@prefix f: <https://w3id.org/crisisgov/concept/function/> .
b:place\\/CN skos:notation "CN" .
b:place\\/CN-A cg:within b:place\\/CN ; skos:notation "CN-A" .
b:place\\/CN-B cg:within b:place\\/CN ; skos:notation "CN-B" .
b:crisis\\/covid-19-china rdfs:label "The crisis"@en .
b:actor\\/a a cg:Government , cg:PublicAuthority ; cg:level l:first-subnational ; rdfs:label "A"@en ;
    cg:jurisdiction b:place\\/CN-A ; cg:function f:general-government .
b:actor\\/b a cg:Government , cg:PublicAuthority ; cg:level l:first-subnational ; rdfs:label "B"@en ;
    cg:jurisdiction b:place\\/CN-B ; cg:function f:general-government .
b:actor\\/n a cg:Government , cg:PublicAuthority ; cg:level l:national ; rdfs:label "N"@en ;
    cg:jurisdiction b:place\\/CN ; cg:function f:general-government .
b:milestone\\/1 a cg:Milestone ; cg:milestoneKind k:first-case ; cg:place b:place\\/CN-A ;
    cg:crisis b:crisis\\/covid-19-china ; cg:latest "2020-01-21T15:59:59Z"^^xsd:dateTime .
b:milestone\\/2 a cg:Milestone ; cg:milestoneKind k:first-emergency ; cg:ofGovernment b:actor\\/a ;
    cg:place b:place\\/CN-A ; cg:crisis b:crisis\\/covid-19-china ;
    cg:minLagSeconds 86401 ; cg:maxLagSeconds 259199 .
b:assessment\\/2 a cg:MilestoneAssessment ; cg:assesses b:milestone\\/2 ; cg:againstNorm b:norm\\/t ;
    cg:timeliness <https://w3id.org/crisisgov/concept/timeliness/definitely-late> .
b:norm\\/t cg:responsibility <https://w3id.org/crisisgov/concept/responsibility/overall-coordination> .
<https://w3id.org/crisisgov/concept/responsibility/overall-coordination>
    skos:prefLabel "Overall coordination"@en ; skos:notation "R2" .
b:finding\\/1 a cg:ComputedFinding ; cg:crisis b:crisis\\/covid-19-china ; cg:bearer b:actor\\/a ;
    cg:responsibility <https://w3id.org/crisisgov/concept/responsibility/overall-coordination> ;
    cg:timeliness <https://w3id.org/crisisgov/concept/timeliness/on-time> ;
    cg:evaluability <https://w3id.org/crisisgov/concept/evaluability/evaluated> .
b:event\\/note a cg:Event , cg:Notification ; cg:crisis b:crisis\\/covid-19-china ;
    cg:actor b:actor\\/n ; cg:recipient b:actor\\/a , b:actor\\/b ;
    cg:earliest "2020-01-10T00:00:00Z"^^xsd:dateTime ; cg:earliestEpoch 1578614400 ; cg:latestEpoch 1578700799 .
b:event\\/word a cg:Event , cg:Disclosure ; cg:crisis b:crisis\\/covid-19-china ; cg:actor b:actor\\/a ;
    cg:earliestEpoch 1578873600 ; cg:latestEpoch 1578959999 .
b:event\\/doubt a cg:Event , cg:Disclosure ; cg:crisis b:crisis\\/covid-19-china ; cg:actor b:actor\\/b ;
    cg:earliestEpoch 1578614400 ; cg:latestEpoch 1578700799 ; cg:suspectDate true .
"""
Rows = list[dict[str, str]]


def ask(question: str, **values: str) -> Rows:
    store, home = ox.Store(), ox.NamedNode(terms.graph("facts"))
    for quad in ox.parse(FACTS, format=ox.RdfFormat.TURTLE):
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, home))
    found = store.query(catalogue.load()[question].bind(values), use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{n: row[n].value for n in names if row[n] is not None} for row in found]


def test_sister_governments_stand_side_by_side_with_and_without_a_record() -> None:
    a, b = ask("sister-governments")
    # 86,401 s = 1.00001 d and 259,199 s = 2.99999 d, to a tenth of a day
    assert (a["governmentLabel"], float(a["minDaysToEmergency"]), float(a["maxDaysToEmergency"])) == (
        "A", 1.0, 3.0,
    )  # fmt: skip
    assert (a["evaluated"], a["noData"]) == ("1", "0")
    assert b["governmentLabel"] == "B" and "minDaysToEmergency" not in b and "firstCase" not in b


def test_only_national_governments_are_compared_as_countries() -> None:
    assert [row["governmentLabel"] for row in ask("countries-by-lag", crisis="covid-19-china")] == [
        "N"
    ]


def test_of_two_that_were_told_the_one_without_a_sure_word_kept_silent_on_this_record() -> None:
    rows = {row["toldLabel"]: row for row in ask("told-and-silent")}
    # told on 10 January, some second of it; word on 13 January: 2.00001 to 3.99999 days
    assert rows["A"]["status"] == "told the public"
    assert (float(rows["A"]["minDays"]), float(rows["A"]["maxDays"])) == (2.0, 4.0)
    assert rows["A"]["others"] == "1"
    # B's only word has a date in doubt
    assert rows["B"]["status"] == "kept silent, on this record"


def test_late_milestones_stand_beside_findings_and_are_not_added_to_them() -> None:
    (row,) = ask("late-responsibilities")
    counts = ("met", "late", "open", "evaluated", "milestonesLate", "milestonesJudged")
    assert [row[name] for name in counts] == ["1", "0", "0", "1", "1", "1"]
    assert (row["countryCode"], row["notation"]) == ("CN", "R2")


def test_silence_names_the_steps_that_are_not_on_record() -> None:
    rows = {row["governmentLabel"]: row for row in ask("silence")}
    assert rows["A"]["missing"] == "first word to the public"
    assert rows["B"]["missing"] == "first case; first word to the public; first emergency"
    assert (rows["B"]["acts"], rows["B"]["inDoubt"]) == ("1", "1")


@pytest.mark.parametrize(
    "question",
    ["sister-governments", "countries-by-lag", "told-and-silent", "late-responsibilities"],
)
def test_who_is_compared_has_denominators(question: str) -> None:
    assert catalogue.load()[question].compares is not None
