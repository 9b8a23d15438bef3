"""Each shape refuses what it is there to refuse, and says what would be right.

A small graph written by hand conforms; every row of the table breaks one thing in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef

from crisisgov.errors import InputError
from crisisgov.ontology import terms, validation, vocabulary

SHAPES = vocabulary.read("shapes.ttl")

PREFIXES = """
@prefix cg: <https://w3id.org/crisisgov/ontology#> .
@prefix b: <https://w3id.org/crisisgov/> .
@prefix c: <https://w3id.org/crisisgov/concept/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

CONCEPTS = {
    "audience": "public internal affected-public",
    "cause": "blocked-information",
    "certainty": "suspected confirmed",
    "channel": "web-notice",
    "check": "read unverified",
    "claim-status": "live rejected",
    "claimed-property": "date actor content",
    "contravention": "contravened none-recorded",
    "date-kind": "announced",
    "failure-type": "delayed-disclosure",
    "finding-status": "final",
    "force": "binding yardstick",
    "function": "general-government health",
    "hazard": "infectious-disease",
    "knowledge-basis": "own-document",
    "level": "national first-subnational",
    "measure-type": "market-closure",
    "norm-standing": "binding-quantified benchmark",
    "polarity": "found not-found",
    "power-status": "held",
    "quality-flag": "left-censored",
    "reason": "found withheld",
    "remedy": "safety-net-thinking",
    "responsibility": "information",
    "source-kind": "notice",
    "stance": "affirms denies",
    "standing": "official weak",
    "timeliness": "no-data definitely-late on-time not-applicable",
    "evaluability": "evaluated not-evaluable no-data",
    "topic": "existence transmission",
    "treatment": "punished",
}


def _named(kind: str, label: str, rest: str = "") -> str:
    return f'a {kind} ; rdfs:label "{label}"@en , "名"@zh {rest}'


def _scheme(name: str, members: str) -> str:
    texts = 'skos:definition "What it is."@en'
    text = (
        f"c:{name} {_named('skos:ConceptScheme', name)} ;"
        f' skos:prefLabel "{name}"@en , "名"@zh ; {texts} .\n'
    )
    for member in members.split():
        text += (
            f"<{terms.concept(name, member)}> {_named('skos:Concept', member)} ; "
            f'skos:prefLabel "{member}"@en , "名"@zh ; {texts} ; skos:example "One."@en ;'
            f" skos:inScheme c:{name} .\n"
        )
    return text


MOMENT = """cg:earliest "2020-01-01T00:00:00Z"^^xsd:dateTime ; cg:earliestEpoch 1577836800 ;
    cg:latest "2020-01-01T23:59:59Z"^^xsd:dateTime ; cg:latestEpoch 1577923199 ;
    cg:edtf "2020-01-01"^^edtf:EDTF"""

PERIOD = """cg:validFrom "2003-01-01T00:00:00Z"^^xsd:dateTime ; cg:validFromEpoch 1041379200 ;
    cg:validUntil "2023-01-01T00:00:00Z"^^xsd:dateTime ; cg:validUntilEpoch 1672531200"""


def _cited(name: str) -> str:
    return f"cg:citation <{terms.BASE}citation/{name}>"


def _citation(name: str) -> str:
    return (
        f"<{terms.BASE}citation/{name}> a cg:Citation ; cg:source b:source\\/s1 ;"
        ' cg:says "It says so." ; cg:supports "date" ; cg:locator "1" ; cg:accessed "2026-11-22" ;'
        ' cg:archiveUrl "https://archive.example/1" .\n'
    )


def _event(name: str, kind: str, rest: str = "") -> str:
    return f"""b:event\\/{name} {_named(kind, name)} ; cg:summary "What happened." ; {MOMENT} ;
    cg:recordFile "crises/outbreak.yaml" ; cg:crisis b:crisis\\/o ; cg:place b:place\\/CN ;
    cg:zoneBasis "place" ; cg:checked c:check\\/read ; {_cited("event/" + name)} {rest} .
{_citation("event/" + name)}"""


def _norm(name: str, kind: str, force: str, rest: str = "") -> str:
    return f"""b:norm\\/{name} {_named(kind, name)} ; cg:code "{name}" ; cg:article "1" ;
    cg:says "In our own words." ; cg:instrument b:instrument\\/law ; cg:checked c:check\\/read ;
    cg:force c:force\\/{force} ; cg:responsibility c:responsibility\\/information ;
    cg:normTopic c:topic\\/existence ; cg:actKind "Disclosure" ; cg:actStance c:stance\\/affirms ;
    cg:bearerKind "government" ; {PERIOD} ; {_cited("norm/" + name)} {rest} .
{_citation("norm/" + name)}"""


CLOCKED = """; cg:triggerRole "actor" ; cg:triggerKind "Knowledge" ;
    cg:triggerStance c:stance\\/affirms ;
    cg:triggerCertainty c:certainty\\/suspected ; cg:clock "knowledge" ; cg:limitSeconds 86400 ;
    cg:limitText "24 hours" ; cg:failureType c:failure-type\\/delayed-disclosure"""

JUDGED = """cg:bearer b:actor\\/gov ; cg:crisis b:crisis\\/o ; cg:about b:place\\/CN ;
    cg:topic c:topic\\/existence"""


def _finding(name: str, kind: str, norm: str, standing: str, verdict: str, rest: str = "") -> str:
    return f"""b:finding\\/{name} a {kind} ; rdfs:label "{name}"@en ; {JUDGED} ;
    cg:norm b:norm\\/{norm} ; cg:matter b:matter\\/m ; cg:generatedBy b:run\\/r ;
    cg:responsibility c:responsibility\\/information ;
    cg:normStanding c:norm-standing\\/{standing} ;
    cg:timeliness c:timeliness\\/{verdict} ; cg:timelinessFavourable c:timeliness\\/{verdict} ;
    cg:timelinessUnfavourable c:timeliness\\/{verdict} ; cg:robust true ; cg:provisional false ;
    cg:evaluability c:evaluability\\/{"no-data" if verdict == "no-data" else "evaluated"} ;
    cg:explanation "Step by step." ; cg:sourceCount 1 {rest} .
"""


DELAY = "; cg:minDelaySeconds 90000 ; cg:maxDelaySeconds 180000"

ASSERTED = "".join(
    (
        *(_scheme(name, members) for name, members in CONCEPTS.items()),
        f"""
b:place\\/CN {_named("cg:Place", "China")} ; skos:notation "CN" ; cg:level c:level\\/national ;
    cg:population 1400000000 .
b:place\\/CN-HB {_named("cg:Place", "Hubei")} ; skos:notation "CN-HB" ; cg:within b:place\\/CN ;
    cg:level c:level\\/first-subnational .
b:source\\/s1 {_named("cg:Source", "Notice")} ; cg:publisher "P" ; dcterms:language "zh" ;
    cg:sourceKind c:source-kind\\/notice ; cg:standing c:standing\\/official ;
    cg:url "https://news.example/1" ; dcterms:issued "2020-01-01" .
b:source\\/s2 {_named("cg:Source", "Reprint")} ; cg:publisher "P" ; dcterms:language "zh" ;
    cg:sourceKind c:source-kind\\/notice ; cg:standing c:standing\\/weak ; cg:copies b:source\\/s1 .
b:actor\\/gov {_named("cg:Government", "Government")} ; cg:level c:level\\/first-subnational ;
    cg:function c:function\\/general-government ; cg:jurisdiction b:place\\/CN-HB ; {PERIOD} .
b:actor\\/health {_named("cg:Body", "Health")} ; cg:function c:function\\/health ;
    cg:departmentOf b:actor\\/gov ; cg:reportsTo b:actor\\/gov .
b:actor\\/doctor {_named("cg:Person", "Doctor")} .
b:post\\/mayor {_named("cg:Post", "Mayor")} ; cg:postIn b:actor\\/gov .
b:tenure\\/t {_named("cg:Tenure", "Term")} ; cg:tenureOf b:actor\\/doctor ; {PERIOD} ;
    cg:tenurePost b:post\\/mayor ; cg:checked c:check\\/read ; {_cited("tenure/t")} .
b:justification\\/j a cg:Justification ; rdfs:label "Reply"@en ; cg:crisis b:crisis\\/o ;
    cg:topic c:topic\\/existence ; cg:about b:place\\/CN ; cg:says "It had no leave." ;
    cg:checked c:check\\/read ; cg:saidBy b:actor\\/doctor ; cg:bearer b:actor\\/gov ;
    cg:recordFile "crises/outbreak.yaml" ; dcterms:issued "2020-01-27" ;
    {_cited("justification/j")} .
b:norm-gap\\/g {_named("cg:NormGap", "Gap")} ; cg:crisis b:crisis\\/o ; {PERIOD} ;
    cg:topic c:topic\\/existence ; cg:about b:place\\/CN ; cg:says "Nothing demanded a notice." ;
    cg:checked c:check\\/read ; cg:bearer b:actor\\/gov ; cg:actKind "Notification" ;
    cg:recordFile "crises/outbreak.yaml" ; {_cited("norm-gap/g")} .
b:crisis\\/o {_named("cg:Crisis", "Outbreak")} ; cg:summary "An outbreak." ; {PERIOD} ;
    cg:hazard c:hazard\\/infectious-disease ; cg:place b:place\\/CN ; cg:hasHarm b:harm\\/h ;
    {_cited("crisis/o")} .
b:harm\\/h a cg:Harm ; cg:harmKind "deaths" ; cg:atLeast 1 ; cg:atMost 2 ; cg:place b:place\\/CN ;
    cg:harmAsOf "2020-04-16"^^edtf:EDTF ; cg:checked c:check\\/read ; {_cited("harm/h")} .
b:item\\/i a cg:ContentItem ; cg:topic c:topic\\/existence ; cg:stance c:stance\\/affirms ;
    cg:about b:place\\/CN ; cg:certainty c:certainty\\/suspected ; cg:value 27.0 ; cg:unit "cases" .
b:claim\\/k a cg:Claim ; cg:claimAbout b:event\\/knew ; cg:authority b:actor\\/health ;
    cg:claimedProperty c:claimed-property\\/date ; cg:claimStatus c:claim-status\\/live ;
    cg:claimsEarliest "2020-01-01T00:00:00Z"^^xsd:dateTime ; cg:claimsEarliestEpoch 1577836800 ;
    cg:claimsLatest "2020-01-01T23:59:59Z"^^xsd:dateTime ; cg:claimsLatestEpoch 1577923199 ;
    cg:checked c:check\\/read ; {_cited("claim/k")} .
b:search\\/s a cg:SearchRecord ; cg:searchedBearer b:actor\\/gov ; cg:crisis b:crisis\\/o ;
    cg:topic c:topic\\/existence ; cg:about b:place\\/CN ; cg:actKind "Disclosure" ;
    cg:searcher "curator" ; cg:searched "its own site" ; cg:accessed "2026-11-22" ;
    cg:coveredUntil "2020-01-20T00:00:00Z"^^xsd:dateTime ; cg:coveredUntilEpoch 1579478400 .
b:instrument\\/law {_named("cg:Instrument", "Law")} ; cg:issuedBy b:actor\\/gov ; {PERIOD} ;
    cg:jurisdiction b:place\\/CN ; cg:inResponseTo b:crisis\\/o ; {_cited("instrument/law")} .
b:finding\\/inquiry {_named("cg:AssertedFinding , cg:Failure", "Inquiry")} ; {JUDGED} ;
    cg:failureType c:failure-type\\/delayed-disclosure ; cg:polarity c:polarity\\/found ;
    cg:assertedBy b:actor\\/health ; cg:findingStatus c:finding-status\\/final ;
    cg:says "It was late." ;
    dcterms:issued "2020-03-19" ; cg:evidence b:event\\/told ; cg:checked c:check\\/read ;
    cg:cause c:cause\\/blocked-information ; cg:remedy c:remedy\\/safety-net-thinking ;
    cg:recordFile "crises/outbreak.yaml" ; {_cited("finding/inquiry")} .
""",
        *(
            _citation(name)
            for name in (
                "tenure/t",
                "crisis/o",
                "harm/h",
                "claim/k",
                "instrument/law",
                "finding/inquiry",
            )
        ),
        _event(
            "knew",
            "cg:Knowledge",
            """; cg:actor b:actor\\/health ; cg:knowledgeBasis c:knowledge-basis\\/own-document ;
    cg:certainty c:certainty\\/suspected ; cg:conveys b:item\\/i ; cg:followsClaim b:claim\\/k ;
    cg:followsWhy "It is the only one." """,
        ),
        _event(
            "warned",
            "cg:Warning",
            """; cg:actor b:actor\\/doctor ; cg:capacity "doctor" ; cg:firstHand true ;
    cg:treatment c:treatment\\/punished""",
        ),
        _event("reported", "cg:Report", "; cg:actor b:actor\\/health ; cg:recipient b:actor\\/gov"),
        _event("asked", "cg:Authorisation", '; cg:outcome "asked"'),
        _event("level", "cg:EmergencyLevelChange", "; cg:actor b:actor\\/gov ; cg:responseLevel 1"),
        _event(
            "told",
            "cg:Disclosure",
            """; cg:audience c:audience\\/public ; cg:channel c:channel\\/web-notice ;
    cg:actor b:actor\\/gov ; cg:inPost b:post\\/mayor ; cg:serves c:responsibility\\/information ;
    cg:inReactionTo b:event\\/warned ; cg:dateKind c:date-kind\\/announced""",
        ),
        _norm("duty", "cg:Duty", "binding", CLOCKED),
        _norm("yardstick", "cg:Benchmark", "yardstick", CLOCKED),
        _norm("power", "cg:Power", "binding", "; cg:exclusive true"),
        _norm("passed-on", "cg:Delegation", "binding", "; cg:delegates b:norm\\/power"),
        _norm(
            "forbidden",
            "cg:Prohibition",
            "binding",
            "; cg:failureType c:failure-type\\/delayed-disclosure",
        ),
        _event(
            "later",
            "cg:Coordination",
            '; cg:countsFrom b:event\\/told ; cg:offsetDays 2 ; cg:offsetText "2 days"',
        ),
        _citation("justification/j"),
        _citation("norm-gap/g"),
        """
b:event\\/told cg:citation b:record\\/r , b:record\\/again ; cg:phase "start" ; cg:policyId "7" ;
    cg:qualityFlag c:quality-flag\\/left-censored ; cg:suspectDate true .
b:event\\/later cg:phase "change" ; cg:continues b:event\\/told ; cg:sourceText "Said." .
b:category\\/c a cg:Category ; rdfs:label "Quarantine"@en ; cg:source b:source\\/s1 .
b:record\\/r a cg:Record ; cg:documents b:event\\/told ; cg:source b:source\\/s1 ;
    cg:locator "line 2" ; cg:category b:category\\/c .
b:record\\/again a cg:Record ; cg:documents b:event\\/told ; cg:source b:source\\/s1 ;
    cg:locator "line 3" ; cg:duplicateOf b:record\\/r .
b:datafile\\/f a cg:DataFile ; rdfs:label "f.csv"@en ; cg:source b:source\\/s1 ;
    cg:rowsRecorded 1 ; cg:rowsDuplicate 1 ; cg:rowsRejected 0 ;
    cg:sha256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" .
b:flagcount\\/n a cg:FlagCount ; cg:source b:source\\/s1 ; cg:eventCount 1 ;
    cg:qualityFlag c:quality-flag\\/left-censored .
""",
    )
)

COMPUTED = "".join(
    (
        f"""
b:run\\/r {_named("cg:EvaluationRun", "Run")} ; cg:rulesetVersion "1" ;
    cg:asOf "2020-04-17T15:59:59Z"^^xsd:dateTime .
b:matter\\/m a cg:Matter ; rdfs:label "Existence"@en ; cg:crisis b:crisis\\/o ;
    cg:topic c:topic\\/existence ; cg:about b:place\\/CN .
b:step\\/one a cg:Step ; cg:stepNumber 1 ; cg:stepText "Clock start." .
b:crosswalk\\/1 {_named("cg:Crosswalk", "Crosswalk")} ; cg:author "A" ; cg:crosswalkVersion "1" .
b:mapping\\/m a cg:CategoryMapping ; cg:mapsCategory b:category\\/c ;
    cg:inCrosswalk b:crosswalk\\/1 ; cg:confidence "low" ; cg:mappingReason "R"@en ;
    cg:responsibility c:responsibility\\/information ; cg:phsmReason "None"@en .
b:milestone\\/m {_named("cg:Milestone", "First case")} ; cg:crisis b:crisis\\/o ;
    cg:place b:place\\/CN ; cg:milestoneKind c:topic\\/existence ; cg:milestoneBasis "own-act" ;
    cg:ofGovernment b:actor\\/gov ; cg:earliestEpoch 1 ; cg:latestEpoch 2 ;
    cg:rests b:event\\/told .
b:assessment\\/a a cg:MilestoneAssessment ; cg:assesses b:milestone\\/m ;
    cg:againstNorm b:norm\\/yardstick ; cg:timeliness c:timeliness\\/on-time ;
    cg:minDelaySeconds 0 ; cg:maxDelaySeconds 5 .
""",
        _finding("blank", "cg:ComputedFinding", "duty", "binding-quantified", "no-data"),
        _finding(
            "late",
            "cg:ComputedFinding , cg:Failure",
            "duty",
            "binding-quantified",
            "definitely-late",
            f"""{DELAY} ; cg:failureType c:failure-type\\/delayed-disclosure ;
    cg:trigger b:event\\/knew ; cg:response b:event\\/told ; cg:heardFrom b:source\\/s1 ;
    cg:clockEarliestEpoch 1 ; cg:clockLatestEpoch 2 ; cg:answerEarliestEpoch 3 ;
    cg:answerLatestEpoch 4 ; cg:step b:step\\/one""",
        ),
        _finding(
            "broken",
            "cg:ComputedFinding , cg:Failure",
            "forbidden",
            "binding-quantified",
            "not-applicable",
            """; cg:contravention c:contravention\\/contravened ; cg:contraryAct b:event\\/told ;
    cg:failureType c:failure-type\\/delayed-disclosure""",
        ),
        _finding(
            "headline",
            "cg:DisclosureFinding",
            "yardstick",
            "benchmark",
            "definitely-late",
            f"""{DELAY} ; cg:powerStatus c:power-status\\/held ; cg:contraryAct b:event\\/told ;
    cg:reason c:reason\\/withheld , c:reason\\/found ; cg:supportedBy b:finding\\/inquiry ;
    cg:minDelayWithPowerSeconds 0 ; cg:maxDelayWithPowerSeconds 1 ; cg:firstPublic b:event\\/told ;
    cg:peerMedianDays 1.5 ; cg:peerCount 5""",
        ),
    )
)


def store_of(asserted: str, computed: str = "") -> ox.Store:
    """Return a store with the vocabulary and the given Turtle, in the graphs of a build."""
    store = ox.Store()
    store.extend(vocabulary.quads())
    for text, home in ((asserted, "record/outbreak"), (computed, "findings/computed")):
        store.load(
            (PREFIXES + text).encode(),
            format=ox.RdfFormat.TURTLE,
            to_graph=ox.NamedNode(terms.graph(home)),
        )
    return store


def set_value(store: ox.Store, node: str, name: str, *values: str) -> None:
    """Replace the values of a property; without values the property is left out."""
    subject = ox.NamedNode(terms.BASE + node)
    text = f"<{subject.value}> {name} 0 ."
    (triple,) = ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
    old = list(store.quads_for_pattern(subject, triple.predicate, None, None))
    home = old[0].graph_name if old else ox.NamedNode(terms.graph("record/outbreak"))
    for quad in old:
        store.remove(quad)
    for value in values:
        text = f"<{subject.value}> {name} {value} ."
        for new in ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE):
            store.add(ox.Quad(new.subject, new.predicate, new.object, home))


@dataclass(frozen=True)
class Break:
    """One thing broken: node, property, what it becomes (nothing: left out), what is answered."""

    node: str
    name: str
    values: tuple[str, ...]
    message: str
    at: str = ""
    """The node that is reported, where it is another one than the broken one."""

    def __str__(self) -> str:
        return f"{self.node} {self.name} = {' , '.join(self.values) or 'none'}"


def br(node: str, name: str, *values: str, says: str, at: str = "") -> Break:
    return Break(node, name, values, says, at or node)


EN = ('"Name"@en', '"名"@zh')
LATE = '"2021-01-01T00:00:00Z"^^xsd:dateTime'
ZONELESS = '"2020-01-01T00:00:00"^^xsd:dateTime'
WRONG = "c:stance\\/denies"
NOBODY = "b:actor\\/nobody"

BREAKS = [
    # crises and harm
    br("crisis/o", "rdfs:label", '"名"@zh', says="no English label: add `label: {en: ...}`"),
    br("crisis/o", "rdfs:label", '"Name"@en', says="crisis of China needs a Chinese label"),
    br("crisis/o", "rdfs:label", *EN, '"Other"@en', says="one label for each language"),
    br("crisis/o", "cg:summary", says="A crisis needs one `summary`"),
    br("crisis/o", "cg:hazard", WRONG, says="from the list of hazards"),
    br("crisis/o", "cg:place", says="happens in exactly one place"),
    br("crisis/o", "cg:citation", says="no citation: add `citations`"),
    br("crisis/o", "cg:partOfCrisis", "b:place\\/CN", says="correct `part_of`"),
    br("crisis/o", "cg:hasHarm", "b:place\\/CN", says="correct `harm`"),
    br("crisis/o", "cg:validFrom", LATE.replace("2021", "2030"), says="lies after its end"),
    br("crisis/o", "cg:validFromEpoch", "2000000000", says="lies after the end"),
    br("crisis/o", "cg:validUntil", '"2023"', says="end of the period is no date with a time zone"),
    br(
        "crisis/o",
        "cg:validUntilEpoch",
        "1672531200",
        "1672531201",
        says="given twice: correct `end`",
    ),
    br("crisis/o", "cg:hasHarm", says="A harm belongs to exactly one crisis", at="harm/h"),
    br(
        "harm/h",
        "cg:harmKind",
        '"money"',
        says="deaths, missing, cases, injured, displaced or cost-usd",
    ),
    br("harm/h", "cg:atLeast", "3", says="not above `at_most`"),
    br("harm/h", "cg:atMost", "2.5", says="`at_most` of a harm is one whole number"),
    br("harm/h", "cg:harmAsOf", says="up to which it was counted"),
    # events
    br("event/told", "cg:citation", says="An event needs at least one citation: add `citations`"),
    br("event/told", "a", "cg:Event", says="needs a kind of the closed list"),
    br("event/told", "cg:summary", '""', says="An event needs one `summary`"),
    br("event/told", "rdfs:label", '"Name"@en', says="event in China needs a Chinese label"),
    br("event/told", "rdfs:label", '"Name"', says="one without a language"),
    br("event/told", "cg:crisis", "b:crisis\\/o", "b:crisis\\/p", says="exactly one crisis"),
    br("event/told", "cg:crisis", says="exactly one crisis"),
    br("event/told", "cg:place", "b:place\\/XX", says="exactly one place"),
    br("event/told", "cg:checked", WRONG, says="read, secondary or unverified"),
    br("event/told", "cg:earliest", LATE, says="lies after the latest: correct `date`"),
    br("event/told", "cg:earliest", ZONELESS, says="no date with a time zone"),
    br("event/told", "cg:latest", '"2020-02-30T00:00:00Z"^^xsd:dateTime', says="correct `date`"),
    br(
        "event/told", "cg:earliestEpoch", "1999999999", says="lies after the latest: correct `date`"
    ),
    br("event/told", "cg:earliestEpoch", says="stands without its seconds since 1970"),
    br("event/told", "cg:latestEpoch", "1.5", says="latest second since 1970 is no whole number"),
    br("event/told", "cg:latestEpoch", says="stands without its seconds since 1970"),
    br("event/told", "cg:endEarliest", LATE, LATE.replace("21-", "22-"), says="given twice"),
    br("event/told", "cg:endLatest", '"2020"', says="correct `end`"),
    br("event/told", "cg:endEarliestEpoch", '"x"', says="correct `end`"),
    br("event/told", "cg:endLatestEpoch", "1", says="The end lies before the begin"),
    br("event/told", "cg:publishedEarliest", ZONELESS, says="correct `published`"),
    br("event/told", "cg:publishedLatest", '"x"', says="correct `published`"),
    br("event/told", "cg:effectiveEarliest", ZONELESS, says="correct `effective`"),
    br("event/told", "cg:effectiveLatest", '"x"', says="correct `effective`"),
    br("event/told", "cg:edtf", says="needs a `date` as the source gives it"),
    br("event/told", "cg:edtf", '"2020"', says="no EDTF string"),
    br("event/told", "cg:endEdtf", '"2020"', says="give one `end`"),
    br("event/told", "cg:zoneBasis", '"guess"', says="stated, place or unknown"),
    br("event/told", "cg:marginSeconds", "0", says="whole number above 0"),
    br("event/told", "cg:recordFile", '"a"', '"b"', says="stands in two files"),
    br("event/told", "cg:actor", NOBODY, says="`actor` names something that is no actor"),
    br("event/told", "cg:onBehalfOf", NOBODY, says="`on_behalf_of` names something"),
    br("event/told", "cg:recipient", NOBODY, says="`recipient` names something"),
    br("event/told", "cg:target", NOBODY, says="`target` names something"),
    br("event/told", "cg:inPost", NOBODY, says="`in_post` names no post"),
    br("event/told", "cg:audience", "c:audience\\/public", WRONG, says="list of audiences"),
    br(
        "event/told", "cg:audience", "c:audience\\/internal", says="A disclosure goes to the public"
    ),
    br("event/told", "cg:channel", WRONG, says="list of channels"),
    br("event/told", "cg:conveys", "b:place\\/CN", says="is a content item with topic and stance"),
    br("event/told", "cg:dateKind", WRONG, says="one step of a first-case chain"),
    br("event/told", "cg:measureType", WRONG, says="list of measure types"),
    br("event/told", "cg:serves", WRONG, says="`serves` is not in the list"),
    br("event/told", "cg:breaches", WRONG, says="`breaches` is not in the list"),
    br("event/told", "cg:inReactionTo", NOBODY, says="`in_reaction_to` names something"),
    br("event/told", "cg:corrects", NOBODY, says="`corrects` names something"),
    br("event/told", "cg:contradicts", NOBODY, says="`contradicts` names something"),
    br("event/told", "cg:confirms", NOBODY, says="`confirms` names something"),
    br("event/told", "cg:reverses", NOBODY, says="`reverses` names something"),
    br("event/told", "cg:sanctionedFor", NOBODY, says="`sanctioned_for` names something"),
    br("event/knew", "cg:followsClaim", NOBODY, says="`follows_claim` names no claim"),
    br("event/knew", "cg:followsClaim", says="go together: name both or neither"),
    br("event/knew", "cg:followsWhy", says="go together: name both or neither"),
    br("event/knew", "cg:followsWhy", '"a"', '"b"', says="`follows_why` is one text"),
    br("event/knew", "cg:knowledgeBasis", says="How do we know that the actor knew?"),
    br("event/knew", "cg:knowledgeBasis", WRONG, says="one of the list of bases"),
    br("event/knew", "cg:certainty", says="How sure was the knower?"),
    br("event/knew", "cg:certainty", WRONG, says="`certainty` is one of: suspected, confirmed"),
    br("event/knew", "cg:actor", says="Who came to know it?"),
    br("event/knew", "cg:conveys", says="What came to be known?"),
    br("event/warned", "cg:capacity", says="In which capacity did the warner speak?"),
    br("event/warned", "cg:firstHand", '"yes"', says="`warning.first_hand`: true or false"),
    br("event/warned", "cg:treatment", says="What became of the warning?"),
    br("event/warned", "cg:treatment", WRONG, says="list of treatments"),
    br("event/reported", "cg:recipient", says="A report goes upward to somebody"),
    br("event/asked", "cg:outcome", says="An authorisation needs `outcome`"),
    br("event/asked", "cg:outcome", '"maybe"', says="asked, granted, refused"),
    br("event/level", "cg:responseLevel", says="needs `response_level`"),
    br("event/level", "cg:responseLevel", "0", says="from 1 (the highest) to 5"),
    br("event/level", "cg:actor", says="Who changed the level?"),
    # content items
    br("item/i", "cg:topic", says="exactly one topic"),
    br("item/i", "cg:topic", WRONG, says="exactly one topic"),
    br("item/i", "cg:about", says="exactly one place"),
    br("item/i", "cg:stance", says="takes one stance"),
    br("item/i", "cg:certainty", WRONG, says="`certainty` of an item is one of"),
    br("item/i", "cg:value", '"many"', says="`value` of an item is one number"),
    br("item/i", "cg:unit", says="A `value` needs a `unit`"),
    br("item/i", "cg:unit", '"a"', '"b"', says="`unit` of an item is one text"),
    br("event/told", "cg:conveys", "b:item\\/i", says="conveyed by exactly one event", at="item/i"),
    # actors, posts, tenures
    br("actor/health", "rdfs:label", '"名"@zh', says="no English label"),
    br("actor/gov", "rdfs:label", '"Name"@en', says="jurisdiction in China needs a Chinese label"),
    br("actor/health", "a", "cg:Body", "cg:Person", says="exactly one kind"),
    br("actor/health", "cg:function", says="public authority needs `function`"),
    br("actor/health", "cg:function", WRONG, says="`function` is one of the list"),
    br("actor/gov", "cg:level", says="A government needs `level`"),
    br("actor/gov", "cg:level", WRONG, says="`level` is one of the list"),
    br("actor/gov", "cg:nativeLevel", '"a"', '"b"', says="`native_level` is one text"),
    br("actor/gov", "cg:jurisdiction", NOBODY, says="`jurisdiction` is one place"),
    br("actor/health", "cg:departmentOf", "b:place\\/CN", says="`part_of` is one actor"),
    br("actor/health", "cg:reportsTo", NOBODY, says="`reports_to` names something"),
    br("actor/health", "cg:actsFor", NOBODY, says="`acts_for` names something"),
    br("actor/health", "cg:succeeds", NOBODY, says="`succeeds` is one actor"),
    br("post/mayor", "cg:postIn", says="A post stands in exactly one body"),
    br("tenure/t", "cg:tenureOf", "b:actor\\/gov", says="exactly one person"),
    br("tenure/t", "cg:tenurePost", says="exactly one post"),
    # places
    br("place/CN-HB", "rdfs:label", '"Name"@en', says="place in China needs a Chinese label"),
    br("place/CN-HB", "skos:notation", '"Hubei"', says="ISO 3166 code"),
    br("place/CN-HB", "cg:level", says="A place needs one `level`"),
    br("place/CN-HB", "cg:within", NOBODY, says="`within` names something that is no place"),
    br(
        "place/CN-HB", "cg:within", "b:place\\/CN", "b:place\\/CN-HB", says="next larger place only"
    ),
    br("place/CN", "cg:population", "-1", says="`population` is one whole number from 0"),
    # sources, citations, claims, searches
    br("source/s1", "cg:publisher", says="A source needs one `publisher`"),
    br("source/s1", "cg:publisherActor", NOBODY, says="`publisher_actor` is one actor"),
    br("source/s1", "cg:sourceKind", says="list of source kinds"),
    br("source/s1", "cg:standing", WRONG, says="official, of-record or weak"),
    br("source/s1", "dcterms:language", '"Chinese"', says="one `language` as a tag"),
    br("source/s1", "dcterms:issued", '"2020"', '"2021"', says="one `date` of publication at most"),
    br("source/s1", "cg:url", '"news.example"', says="begins with http:// or https://"),
    br("source/s1", "cg:archiveUrl", '"ftp://x"', says="`archive_url` is one address"),
    br("source/s2", "cg:copies", NOBODY, says="`copies` is one source"),
    br("source/s1", "cg:copies", "b:source\\/s2", says="copies one that is a copy itself"),
    br("citation/event/told", "cg:source", says="names exactly one source"),
    br("citation/event/told", "cg:source", NOBODY, says="names exactly one source"),
    br(
        "event/asked",
        "cg:citation",
        "<https://w3id.org/crisisgov/citation/event/told>",
        says="A citation supports exactly one record",
        at="citation/event/told",
    ),
    br(
        "citation/event/told",
        "cg:locator",
        '"a"',
        '"b"',
        says="`locator` of a citation is one text",
    ),
    br("citation/event/told", "cg:says", "1", says="`says` of a citation is one text"),
    br("citation/event/told", "cg:supports", "1", says="`supports` of a citation names fields"),
    br(
        "citation/event/told",
        "cg:accessed",
        '"a"',
        '"b"',
        says="`accessed` of a citation is one date",
    ),
    br("citation/event/told", "cg:archiveUrl", '"x"', says="`archive_url` is one address"),
    br("claim/k", "cg:claimAbout", NOBODY, says="about exactly one event"),
    br("claim/k", "cg:claimedProperty", WRONG, says="A claim speaks of one `property`"),
    br("claim/k", "cg:authority", says="never the curator"),
    br("claim/k", "cg:claimStatus", says="A claim has one `status`"),
    br("claim/k", "cg:claimStatus", "c:claim-status\\/rejected", says="Give `status_why`"),
    br(
        "claim/k",
        "cg:claimedProperty",
        "c:claimed-property\\/actor",
        says="value that fits its property",
    ),
    br("claim/k", "cg:claimsLiteral", '"true"', says="value that fits its property"),
    br("claim/k", "cg:claimsLiteral", '"a"', '"b"', says="`literal` of a claim is one text"),
    br("claim/k", "cg:claimsEntity", NOBODY, says="`entity` of a claim is one actor"),
    br("claim/k", "cg:claimsEarliest", LATE, says="earliest second that a claim allows"),
    br("claim/k", "cg:claimsLatest", ZONELESS, says="latest second that a claim allows"),
    br(
        "claim/k",
        "cg:claimsEarliestEpoch",
        "1999999999",
        says="earliest second since 1970 of a claim",
    ),
    br("claim/k", "cg:claimsLatestEpoch", '"x"', says="latest second since 1970 of a claim"),
    br("search/s", "cg:searchedBearer", says="Whose act was searched for?"),
    br("search/s", "cg:actKind", '"Silence"', says="Which act was searched for?"),
    br("search/s", "cg:searcher", says="Who searched?"),
    br("search/s", "cg:searched", says="What was searched?"),
    br("search/s", "cg:accessed", says="When was it searched?"),
    br("search/s", "cg:coveredUntil", says="Until when would it have shown the act?"),
    br("search/s", "cg:coveredUntilEpoch", says="without its seconds since 1970"),
    # instruments and norms
    br("instrument/law", "cg:number", '"a"', '"b"', says="`number` of an instrument is one text"),
    br("instrument/law", "cg:issuedBy", NOBODY, says="`issued_by` is one actor"),
    br("instrument/law", "cg:jurisdiction", NOBODY, says="`jurisdiction` is one place"),
    br("instrument/law", "cg:inResponseTo", NOBODY, says="no crisis"),
    br("norm/duty", "a", "cg:Norm", says="A norm is of exactly one type"),
    br("norm/duty", "a", "cg:Duty", "cg:Prohibition", says="state each limb by itself"),
    br("norm/duty", "cg:code", says="A norm needs one `code`"),
    br("norm/duty", "cg:article", says="A norm needs one `article`"),
    br("norm/duty", "cg:says", says="give one `says`"),
    br("norm/duty", "cg:instrument", NOBODY, says="a limb of exactly one instrument"),
    br("norm/duty", "cg:force", says="How far does it bind?"),
    br("norm/duty", "cg:force", "c:force\\/yardstick", says="A yardstick is not law"),
    br("norm/yardstick", "cg:force", "c:force\\/binding", says="its `force` is yardstick"),
    br("norm/duty", "cg:responsibility", WRONG, says="exactly one responsibility"),
    br("norm/duty", "cg:normTopic", says="at least one of `topics`"),
    br("norm/duty", "cg:bearerKind", '"dog"', says="`bearer.kinds` names an unknown kind"),
    br("norm/duty", "cg:bearerFunction", WRONG, says="`bearer.functions` is not in the list"),
    br("norm/duty", "cg:bearerLevel", WRONG, says="`bearer.levels` is not in the list"),
    br("norm/duty", "cg:bearerPlace", NOBODY, says="`bearer.jurisdiction` is one place"),
    br("norm/duty", "cg:bearerNamed", NOBODY, says="`bearer.actors` names something"),
    br("norm/duty", "cg:recipientRelation", '"boss"', says="`recipient.relation` is one of"),
    br("norm/duty", "cg:recipientKind", '"dog"', says="`recipient.profile.kinds` names"),
    br("norm/duty", "cg:recipientFunction", WRONG, says="`recipient.profile.functions`"),
    br("norm/duty", "cg:recipientLevel", WRONG, says="`recipient.profile.levels`"),
    br("norm/duty", "cg:recipientNamed", NOBODY, says="`recipient.profile.actors`"),
    br("norm/duty", "cg:triggerKind", '"Rain"', says="`trigger.kinds` names an unknown kind"),
    br("norm/duty", "cg:triggerRole", says="What starts the clock?"),
    br("norm/duty", "cg:triggerRole", '"owner"', says="`trigger.role` is one of"),
    br("norm/duty", "cg:triggerStance", "c:topic\\/existence", says="`trigger.stances`"),
    br("norm/duty", "cg:triggerCertainty", WRONG, says="`trigger.certainty` is one of"),
    br("norm/duty", "cg:triggerDateKind", WRONG, says="`trigger.date_kinds`"),
    br("norm/duty", "cg:triggerEvent", NOBODY, says="`trigger.events` names something"),
    br("norm/duty", "cg:actKind", says="A norm needs `act.kinds`"),
    br("norm/duty", "cg:actStance", "c:topic\\/existence", says="`act.stances` is not in the list"),
    br("norm/duty", "cg:actMeasure", WRONG, says="`act.measures` is not in the list"),
    br("norm/duty", "cg:actResponseLevel", "9", says="`act.response_level` is one whole number"),
    br("norm/duty", "cg:actDateKind", WRONG, says="`act.date_kinds` is not in the list"),
    br("norm/duty", "cg:clock", says="A duty or benchmark needs `clock`"),
    br("norm/duty", "cg:clock", '"noon"', says="`clock` is one of"),
    br("norm/duty", "cg:limitSeconds", "0", says="one time above 0, e.g. 2 hours"),
    br("norm/duty", "cg:limitWorkingDays", "0", says="one time above 0, e.g. 20 working-days"),
    br("norm/duty", "cg:limitWorkingDays", "20", says="not both"),
    br("norm/duty", "cg:limitText", '"a"', '"b"', says="`limit_words` is one text"),
    br("norm/duty", "cg:beforeTrigger", '"yes"', says="`before_trigger` is true or false"),
    br(
        "norm/duty",
        "cg:beforeTrigger",
        "true",
        says="`before_trigger` and `limit` exclude each other",
    ),
    br("norm/duty", "cg:exclusive", "true", says="Only a power can be `exclusive`"),
    br("norm/duty", "cg:failureType", says="needs `failure_type`"),
    br("norm/forbidden", "cg:failureType", says="needs `failure_type`"),
    br("norm/duty", "cg:failureType", WRONG, says="`failure_type` is one of the list"),
    br("norm/duty", "cg:implementsRemedy", WRONG, says="list of remedies"),
    br("norm/duty", "cg:scopeHazard", WRONG, says="`scope.hazards` is not in the list"),
    br("norm/duty", "cg:scopeCrisis", NOBODY, says="`scope.crises` names something"),
    br("norm/duty", "cg:scopeFromEpoch", "1", "2", says="begin of `scope.period`"),
    br("norm/duty", "cg:scopeUntilEpoch", "1", "2", says="end of `scope.period`"),
    br("norm/passed-on", "cg:delegates", says="A delegation needs `delegates`"),
    br("norm/passed-on", "cg:delegates", "b:norm\\/duty", says="something that is no power"),
    # asserted findings
    br("finding/inquiry", "rdfs:label", '"名"@zh', says="no English label"),
    br("finding/inquiry", "cg:bearer", says="exactly one `bearer`"),
    br("finding/inquiry", "cg:topic", WRONG, says="`topic` of a finding is one of"),
    br("finding/inquiry", "cg:norm", NOBODY, says="`norm` of a finding is one norm"),
    br("finding/inquiry", "cg:norm", "b:norm\\/yardstick", says="cannot rest on a benchmark"),
    br("finding/inquiry", "cg:responsibility", WRONG, says="`responsibility` of a finding"),
    br("finding/inquiry", "cg:failureType", WRONG, says="list of failure types"),
    br("finding/inquiry", "cg:evidence", NOBODY, says="`evidence` names something"),
    br("finding/inquiry", "cg:assertedBy", says="Who found it?"),
    br("finding/inquiry", "cg:polarity", says="one `polarity`: found or not-found"),
    br(
        "finding/inquiry",
        "cg:polarity",
        "c:polarity\\/not-found",
        says="exactly when its `polarity` is found",
    ),
    br("finding/inquiry", "a", "cg:AssertedFinding", says="exactly when its `polarity` is found"),
    br(
        "finding/inquiry",
        "cg:findingStatus",
        "c:finding-status\\/overturned",
        says="`status` is not overturned, withdrawn or preliminary",
    ),
    br("finding/inquiry", "a", "cg:AssertedFinding", says="Only a failure has a `failure_type`"),
    br("finding/inquiry", "cg:findingStatus", WRONG, says="one `status`: final"),
    br("finding/inquiry", "dcterms:issued", says="When was it found?"),
    br("finding/inquiry", "cg:recordFile", '"a"', '"b"', says="finding stands in two files"),
    br("finding/inquiry", "cg:cause", WRONG, says="`causes` is not in the list"),
    br("finding/inquiry", "cg:remedy", WRONG, says="`remedies` is not in the list"),
    # concepts
    br("concept/topic/existence", "rdfs:label", '"Name"@en', says="no Chinese label"),
    br("concept/topic/existence", "skos:prefLabel", '"a"@en', '"b"@en', says="one preferred label"),
    br(
        "concept/topic/existence", "skos:inScheme", "c:topic", "c:stance", says="exactly one scheme"
    ),
    br("concept/topic/existence", "skos:definition", says="A concept needs a `definition`"),
    br("concept/topic/existence", "skos:example", says="A concept needs an `example`"),
    br("concept/topic/existence", "skos:broader", NOBODY, says="`broader` is one concept"),
    br(
        "concept/topic/existence", "skos:broader", WRONG, says="`broader` leads into another scheme"
    ),
    br("concept/topic/existence", "cg:responsibility", WRONG, says="`responsibility` of a concept"),
    br("concept/remedy/safety-net-thinking", "cg:answers", WRONG, says="correct `answers`"),
    br("concept/topic", "skos:definition", says="A scheme needs a `definition`"),
    # derived classes in records, and classes that nothing knows
    br(
        "event/warned",
        "a",
        "cg:Warning",
        "cg:PunishedWarning",
        says="derived from what the record says",
    ),
    br("event/told", "a", "cg:Disclosure", "cg:Denial", says="derived from what the record says"),
    br("post/mayor", "a", "cg:Pots", says="No shape looks at the class cg:Pots"),
    # replies, recommendations, relative dates, extensions
    br("justification/j", "cg:saidBy", says="Who says it?"),
    br("justification/j", "cg:bearer", says="Whose conduct is it about?"),
    br("justification/j", "cg:norm", NOBODY, says="`norm` of a justification is one norm"),
    br("justification/j", "cg:actKind", '"Saying"', says="`acts` names an unknown kind"),
    br("justification/j", "cg:saidIn", NOBODY, says="`event` of a justification is one event"),
    br("justification/j", "cg:recordFile", '"a"', '"b"', says="stands in two files"),
    br("justification/j", "dcterms:issued", says="When was it said?"),
    br("norm-gap/g", "cg:bearer", NOBODY, says="`bearer` of a norm gap names actors"),
    br("norm-gap/g", "cg:actKind", says="Which acts did no norm demand?"),
    br("norm-gap/g", "cg:closedBy", NOBODY, says="`closed_by` names something that is no norm"),
    br("norm-gap/g", "cg:recordFile", '"a"', '"b"', says="This norm gap stands in two files"),
    br("event/told", "cg:implements", "b:event\\/knew", says="Only an event of the kind"),
    br("event/told", "cg:implements", "b:event\\/knew", says="that is no recommendation"),
    br("event/told", "cg:extends", NOBODY, says="that is no norm"),
    br("event/told", "cg:extends", "b:norm\\/duty", says="that allows no `extension`"),
    br("event/later", "cg:countsFrom", NOBODY, says="`relative.to` is one event"),
    br("event/later", "cg:offsetDays", says="How far from that event?"),
    br("event/later", "cg:offsetText", says="`relative` needs one `offset`"),
    br("event/later", "cg:earliestEpoch", says="A date that counts from another event has bounds"),
    br("norm/duty", "cg:limitWorkingDays", "20", says="Whose working days?"),
    br("norm/duty", "cg:extensionSeconds", "0", says="`extension` is one time above 0"),
    br("norm/duty", "cg:imputationRule", '"a"', '"b"', says="`imputation.rule` is one text"),
    br("norm/duty", "cg:imputedByRule", NOBODY, says="`imputation.norm` is one norm"),
    # data sets
    br("event/told", "cg:phase", '"begin"', says="one of start, change, end"),
    br("event/told", "cg:policyId", "7", says="`policyId` of an event is one text"),
    br("event/later", "cg:sourceText", '"a"', '"b"', says="`sourceText` of an event is one text"),
    br("event/later", "cg:placeText", '"a"', '"b"', says="`placeText` of an event is one text"),
    br("event/later", "cg:continues", NOBODY, says="`continues` leads to the one event before"),
    br("event/told", "cg:qualityFlag", WRONG, says="not in the list of quality flags"),
    br("event/told", "cg:suspectDate", "false", says="`suspectDate` is true or not stated"),
    br("event/told", "cg:qualityFlag", says="Why is the date suspect?"),
    br("record/r", "cg:documents", NOBODY, says="A record documents exactly one event"),
    br("record/r", "cg:locator", says="Where does the row stand?"),
    br("record/r", "cg:category", NOBODY, says="filed under one category at most"),
    br("record/again", "cg:duplicateOf", NOBODY, says="the one record that this one repeats"),
    br("category/c", "cg:source", says="A category is that of exactly one data set"),
    br("datafile/f", "cg:source", says="A file is that of exactly one data set"),
    br("datafile/f", "cg:sha256", '"abc"', says="one `sha256` of 64 hexadecimal digits"),
    br("datafile/f", "cg:rowsRecorded", says="A file needs one `rowsRecorded`"),
    br("datafile/f", "cg:rowsDuplicate", "-1", says="A file needs one `rowsDuplicate`"),
    br("datafile/f", "cg:rowsRejected", '"x"', says="A file needs one `rowsRejected`"),
    br("flagcount/n", "cg:source", says="A count of flags is that of exactly one data set"),
    br("flagcount/n", "cg:qualityFlag", says="A count of flags needs one `qualityFlag`"),
    br("flagcount/n", "cg:eventCount", "-1", says="A count of flags needs one `eventCount`"),
]

FINISHED_BREAKS = [
    # derived from data sets
    br("crosswalk/1", "cg:author", says="Whose is it? A crosswalk needs one `author`"),
    br("crosswalk/1", "cg:crosswalkVersion", says="A crosswalk needs one `crosswalkVersion`"),
    br("mapping/m", "cg:mapsCategory", NOBODY, says="A mapping is about exactly one category"),
    br("mapping/m", "cg:inCrosswalk", NOBODY, says="A mapping belongs to exactly one crosswalk"),
    br("mapping/m", "cg:responsibility", WRONG, NOBODY, says="mapped to one responsibility, or"),
    br("mapping/m", "cg:confidence", '"very"', says="How sure is it?"),
    br("mapping/m", "cg:mappingReason", says="Why? A mapping needs one"),
    br("mapping/m", "cg:phsmClass", NOBODY, says="one class of WHO's list, or none"),
    br("mapping/m", "cg:phsmReason", '"a"', '"b"', says="one `phsmReason`."),
    br("mapping/m", "cg:phsmReason", says="a class of WHO's list, or a `phsmReason`"),
    br("milestone/m", "cg:crisis", NOBODY, says="A milestone is that of exactly one crisis"),
    br("milestone/m", "cg:place", NOBODY, says="A milestone is that of exactly one place"),
    br("milestone/m", "cg:milestoneKind", says="What is it the first of?"),
    br("milestone/m", "cg:milestoneBasis", '"all"', says="needs one `milestoneBasis`"),
    br("milestone/m", "cg:ofGovernment", NOBODY, says="the act of one government at most"),
    br("milestone/m", "cg:earliestEpoch", "3", says="not after its `latestEpoch`"),
    br("milestone/m", "cg:latestEpoch", says="A milestone needs one `latestEpoch`"),
    br("milestone/m", "cg:rests", says="rests on one or two things"),
    br("assessment/a", "cg:assesses", NOBODY, says="An assessment is about exactly one milestone"),
    br("assessment/a", "cg:againstNorm", NOBODY, says="applies exactly one benchmark"),
    br("assessment/a", "cg:timeliness", says="An assessment needs one verdict"),
    br("justification/j", "cg:justifies", NOBODY, says="`justifies` leads to findings"),
    br("finding/late", "cg:extendedBy", NOBODY, says="`extendedBy` leads to events"),
    br("finding/late", "cg:postHolder", NOBODY, says="`postHolder` leads to tenures"),
    br(
        "finding/late", "cg:imputedByRule", NOBODY, says="leads to the one norm that holds the rule"
    ),
    br("finding/late", "cg:imputedFrom", "b:actor\\/health", says="only where a rule says so"),
    br("finding/late", "cg:deadlineEarliestEpoch", '"x"', says="The earliest deadline is one"),
    br("finding/blank", "rdfs:label", says="A computed finding needs a label"),
    br(
        "finding/blank",
        "cg:bearer",
        "b:actor\\/gov",
        "b:actor\\/health",
        says="exactly one `bearer`",
    ),
    br("finding/blank", "cg:norm", says="it has no `norm`"),
    br(
        "finding/blank",
        "cg:norm",
        "b:norm\\/duty",
        "b:norm\\/power",
        says="is one norm of seeds/norms",
    ),
    br("finding/blank", "cg:matter", says="exactly one `matter`"),
    br("finding/blank", "cg:topic", says="exactly one topic"),
    br("finding/blank", "cg:responsibility", says="exactly one `responsibility`"),
    br("finding/blank", "cg:generatedBy", "b:place\\/CN", says="exactly one evaluation run"),
    br("finding/blank", "cg:evaluability", says="exactly one `evaluability`"),
    br("finding/late", "cg:agreesWith", NOBODY, says="`agreesWith` is an asserted finding"),
    br("finding/late", "cg:disagreesWith", NOBODY, says="`disagreesWith` is an asserted finding"),
    br("finding/late", "cg:leavesOpen", NOBODY, says="`leavesOpen` is an asserted finding"),
    br("finding/blank", "cg:timeliness", says="exactly one `timeliness`"),
    br("finding/blank", "cg:timeliness", WRONG, says="exactly one `timeliness`"),
    br("finding/blank", "cg:timelinessFavourable", says="`timelinessFavourable`"),
    br("finding/blank", "cg:timelinessUnfavourable", says="`timelinessUnfavourable`"),
    br("finding/blank", "cg:normStanding", says="exactly one `normStanding`"),
    br("finding/blank", "cg:contravention", WRONG, says="`contravention` is one of"),
    br("finding/blank", "cg:powerStatus", WRONG, says="`powerStatus` is one of"),
    br("finding/blank", "cg:robust", says="whether it is `robust`"),
    br("finding/blank", "cg:provisional", '"no"', says="whether it is `provisional`"),
    br("finding/blank", "cg:explanation", says="needs one `explanation`"),
    br("finding/blank", "cg:sourceCount", "-1", says="on how many sources it rests"),
    br(
        "finding/blank",
        "cg:failureType",
        "c:failure-type\\/delayed-disclosure",
        says="Only a failure has a `failure_type`",
    ),
    br("finding/late", "cg:trigger", NOBODY, says="A `trigger` is an event"),
    br("finding/late", "cg:response", NOBODY, says="A `response` is an event"),
    br("finding/late", "cg:contraryAct", NOBODY, says="A `contraryAct` is an event"),
    br("finding/late", "cg:imputedFrom", NOBODY, says="`imputedFrom` leads to actors"),
    br("finding/late", "cg:powerNorm", NOBODY, says="A `powerNorm` is a norm"),
    br("finding/late", "cg:materialDispute", NOBODY, says="A `materialDispute` is a claim"),
    br("finding/late", "cg:heardFrom", NOBODY, says="`heardFrom` leads to sources"),
    br(
        "finding/late",
        "cg:minDelaySeconds",
        "200000",
        says="not above the largest (`maxDelaySeconds`)",
    ),
    br("finding/late", "cg:minDelaySeconds", "-1", says="one whole number from 0"),
    br("finding/late", "cg:maxDelaySeconds", "1.5", says="(`maxDelaySeconds`) is one whole number"),
    br("finding/late", "cg:minDelaySeconds", says="The delay is always computed"),
    br("finding/late", "cg:minDelaySeconds", says="largest delay stands without the smallest"),
    br("finding/late", "cg:minDelayFavourableSeconds", "-1", says="in the favourable reading"),
    br(
        "finding/late",
        "cg:maxDelayFavourableSeconds",
        '"x"',
        says="in the favourable reading is one",
    ),
    br("finding/late", "cg:minDelayUnfavourableSeconds", "-1", says="in the unfavourable reading"),
    br(
        "finding/late",
        "cg:maxDelayUnfavourableSeconds",
        '"x"',
        says="in the unfavourable reading is one",
    ),
    br("finding/late", "a", "cg:ComputedFinding", says="not met: the finding must be a failure"),
    br(
        "finding/broken",
        "a",
        "cg:ComputedFinding",
        says="contravened: the finding must be a failure",
    ),
    br("finding/late", "cg:provisional", "true", says="A provisional finding is never a failure"),
    br(
        "finding/late",
        "cg:normStanding",
        "c:norm-standing\\/benchmark",
        says="missed benchmark is never",
    ),
    br("finding/late", "cg:norm", "b:norm\\/yardstick", says="cannot rest on a benchmark"),
    br("finding/late", "cg:failureType", says="What is the failure called?"),
    br("finding/blank", "a", "cg:ComputedFinding", "cg:Failure", says="possibly late is none"),
    br("finding/headline", "cg:powerStatus", says="Had the government the power to publish?"),
    br("finding/headline", "cg:reason", WRONG, says="found, breach, withheld, exceeds"),
    br("finding/headline", "cg:contraryAct", says="`withheld` rests on a contrary act"),
    br(
        "finding/headline",
        "cg:supportedBy",
        says="`found` rests on a final finding or an admission",
    ),
    br("finding/headline", "cg:saidInstead", NOBODY, says="`saidInstead` leads to events"),
    br("finding/headline", "cg:firstPublic", NOBODY, says="`firstPublic` leads to events"),
    br("finding/headline", "cg:minDelayWithPowerSeconds", "2", says="delay with power"),
    br("finding/headline", "cg:minDelayUntilPublicSeconds", "-1", says="delay until public"),
    br("finding/headline", "cg:documentedSilenceSeconds", "-1", says="A documented silence is one"),
    br("event/told", "cg:sanctionGround", '"a"', '"b"', says="`sanction_ground` is one text"),
    br("event/told", "cg:firstWord", '"yes"', says="`first_word` is true or left out"),
    br("event/knew", "cg:firstWord", "true", says="Only a disclosure can be the `first_word`"),
    br("finding/headline", "cg:confirmedMinDelaySeconds", "-1", says="delay from confirmation"),
    br("finding/headline", "cg:peerMedianDays", "-1.0", says="median of peers"),
    br("finding/headline", "cg:peerCount", "4", says="fewer than five peers"),
    br("finding/late", "cg:clockEarliestEpoch", "9", says="earliest start of the clock"),
    br("finding/late", "cg:answerEarliestEpoch", "9", says="earliest answer is one whole number"),
    br("finding/late", "cg:step", says="belongs to exactly one computed finding", at="step/one"),
    br("step/one", "cg:stepNumber", "0", says="needs one `stepNumber` from 1"),
    br("step/one", "cg:stepText", says="needs one `stepText`"),
    br("matter/m", "cg:topic", says="exactly one topic"),
    br("matter/m", "cg:crisis", says="exactly one crisis"),
    br("matter/m", "cg:about", says="exactly one place"),
    br("run/r", "cg:rulesetVersion", says="By which rules?"),
    br("run/r", "cg:asOf", ZONELESS, says="Up to when were duties judged?"),
    br("event/told", "a", "cg:Disclosure", says="types of this event were not materialised"),
]


def finished_store() -> ox.Store:
    store = store_of(ASSERTED, COMPUTED)
    for event in ("knew", "warned", "reported", "asked", "level", "told", "later"):
        node = ox.NamedNode(f"{terms.BASE}event/{event}")
        types = (ox.NamedNode(terms.RDF_TYPE), ox.NamedNode(terms.CG + "Event"))
        store.add(ox.Quad(node, *types, ox.NamedNode(terms.inferred_graph("curated"))))
    return store


def broken(one: Break, *, finished: bool) -> ox.Store:
    store = finished_store() if finished else store_of(ASSERTED)
    set_value(store, one.node, one.name, *one.values)
    return store


def test_a_minimal_correct_set_of_records_conforms() -> None:
    report = validation.validate(store_of(ASSERTED), finished=False)
    assert report.lines() == []
    assert report.checked > 80


def test_a_minimal_correct_finished_graph_conforms() -> None:
    assert validation.validate(finished_store(), finished=True).lines() == []


def answers_to(breaks: list[Break], base: list[ox.Quad], *, finished: bool) -> Answers:
    """Return what is answered to each break.

    A validation takes a third of a second, whatever the graph: so one round breaks
    one thing in each node, and the answers are told apart by the node.
    """
    rounds: list[list[Break]] = []
    for one in breaks:
        free = (
            r for r in rounds if not {one.node, one.at} & {n for o in r for n in (o.node, o.at)}
        )
        chosen = next(free, None)
        if chosen is None:
            rounds.append([one])
        else:
            chosen.append(one)
    answers = {}
    for together in rounds:
        store = ox.Store()
        store.extend(base)
        for one in together:
            set_value(store, one.node, one.name, *one.values)
        report = validation.validate(store, finished=finished)
        for one in together:
            answers[one] = [v.message for v in report.violations if v.node == one.at]
    return answers


Answers = dict[Break, list[str]]


@pytest.fixture(scope="module")
def answers() -> Answers:
    return answers_to(BREAKS, list(store_of(ASSERTED)), finished=False)


@pytest.fixture(scope="module")
def finished_answers() -> Answers:
    return answers_to(FINISHED_BREAKS, list(finished_store()), finished=True)


@pytest.mark.parametrize("one", BREAKS, ids=str)
def test_a_broken_record_is_refused_with_what_would_be_right(one: Break, answers: Answers) -> None:
    assert any(one.message in message for message in answers[one]), answers[one]


@pytest.mark.parametrize("one", FINISHED_BREAKS, ids=str)
def test_a_broken_finding_is_refused_with_what_would_be_right(
    one: Break, finished_answers: Answers
) -> None:
    assert any(one.message in message for message in finished_answers[one]), finished_answers[one]


def test_an_event_without_any_bound_is_refused() -> None:
    store = store_of(ASSERTED)
    for name in ("cg:earliest", "cg:latest", "cg:earliestEpoch", "cg:latestEpoch"):
        set_value(store, "event/told", name)
    (violation,) = validation.validate(store, finished=False).violations
    assert violation.message.startswith("An event needs a date with at least one bound")


@pytest.mark.parametrize("kind", ["Crisis", "Event", "Actor", "Source", "Norm", "Finding"])
def test_a_record_without_an_address_is_refused(kind: str) -> None:
    store = store_of(f"[] a cg:{kind} .")
    messages = {one.message for one in validation.validate(store, finished=False).violations}
    assert any("needs an address (IRI), not a blank node" in message for message in messages)


def test_every_message_of_the_shapes_has_a_test() -> None:
    messages = {str(message) for message in SHAPES.objects(None, SH.message)}
    tested = [
        *(one.message for one in (*BREAKS, *FINISHED_BREAKS)),
        "with at least one bound",
        "needs an address (IRI)",
    ]
    assert {m for m in messages if not any(part in m for part in tested)} == set()


def test_the_shapes_are_valid_shacl() -> None:
    pyshacl.validate(Graph(), shacl_graph=SHAPES, meta_shacl=True)


def test_a_violation_names_the_file_the_node_the_property_and_the_value() -> None:
    store = broken(br("event/told", "cg:actor", NOBODY, says=""), finished=False)
    with pytest.raises(InputError) as caught:
        validation.require_conformance(store, "the records", finished=False)
    assert str(caught.value).splitlines() == [
        "the records: 1 thing(s) break ontology/shapes.ttl:",
        "  crises/outbreak.yaml: event/told: actor: `actor` names something that is no actor:"
        " use an id from seeds/actors. (found: actor/nobody)",
    ]


def test_a_verdict_that_no_failure_follows_is_reported_at_the_finding() -> None:
    store = broken(br("finding/late", "cg:minDelaySeconds", says=""), finished=True)
    violations = validation.validate(store, finished=True).violations
    assert {(one.node, one.property) for one in violations} == {
        ("finding/late", "timeliness"),
        ("finding/late", "minDelaySeconds"),
    }


def test_many_violations_alike_are_counted_not_all_listed() -> None:
    one = validation.Violation("", "event/e", "actor", "", "Wrong.")
    report = validation.Report((one,) * 15, 15)
    assert report.lines() == ["event/e: actor: Wrong."] * 10 + ["... and 5 more: Wrong."]


def test_of_very_many_violations_alike_most_are_only_counted() -> None:
    store = store_of(ASSERTED)
    set_value(store, "event/told", "cg:actor", *(f"b:actor\\/nobody-{n}" for n in range(30)))
    report = validation.validate(store, finished=False, most=4)
    assert len(report.violations) == 4
    assert report.total == 30
    assert not report.conforms
    assert len(report.lines()) == 5
    assert report.lines()[-1].startswith("... and 26 more: `actor` names something that is no")


def test_a_graph_in_which_no_shape_finds_anything_is_refused() -> None:
    with pytest.raises(InputError, match="there is nothing that a shape looks at"):
        validation.require_conformance(store_of(""), "the records", finished=False)


def test_shapes_without_a_target_in_the_graph_are_refused() -> None:
    nothing = ox.NamedNode("https://x.example/a")
    empty = [ox.Triple(nothing, nothing, nothing)]
    report = validation.validate(store_of(ASSERTED), finished=False, shapes=empty)
    assert report.checked == 0
    assert any("No shape looks at the class cg:Disclosure" in line for line in report.lines())


@pytest.mark.curated
def test_every_class_with_instances_in_a_built_graph_has_a_shape(built: ox.Store) -> None:
    targeted = set(SHAPES.objects(None, SH.targetClass))
    hierarchy = vocabulary.read("crisisgov.ttl")
    query = "SELECT DISTINCT ?c WHERE { ?x a ?c }"
    solutions = built.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    names = {URIRef(row["c"].value) for row in solutions}
    own = {n for n in names if n.startswith(terms.CG) or n.startswith(terms.SKOS)}
    assert len(own) > 40
    unseen = {
        n for n in own if not targeted & set(hierarchy.transitive_objects(n, RDFS.subClassOf))
    }
    assert unseen == set()


def test_every_targeted_class_is_a_class_of_the_vocabulary() -> None:
    hierarchy = vocabulary.read("crisisgov.ttl")
    targeted = set(SHAPES.objects(None, SH.targetClass))
    assert {name for name in targeted if (name, RDF.type, None) not in hierarchy} == set()


def test_every_property_that_a_shape_asks_for_is_in_the_vocabulary() -> None:
    declared = set(vocabulary.read("crisisgov.ttl").subjects(RDF.type))
    named = {
        node for node in SHAPES.objects() if isinstance(node, URIRef) and node.startswith(terms.CG)
    }
    assert named - declared == set()
