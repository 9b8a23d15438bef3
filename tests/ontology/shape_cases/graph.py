"""A small graph, written by hand, that conforms to the shapes."""

from __future__ import annotations

import pyoxigraph as ox

from crisisgov.ontology import terms, vocabulary

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


def finished_store() -> ox.Store:
    store = store_of(ASSERTED, COMPUTED)
    for event in ("knew", "warned", "reported", "asked", "level", "told", "later"):
        node = ox.NamedNode(f"{terms.BASE}event/{event}")
        types = (ox.NamedNode(terms.RDF_TYPE), ox.NamedNode(terms.CG + "Event"))
        store.add(ox.Quad(node, *types, ox.NamedNode(terms.inferred_graph("curated"))))
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
