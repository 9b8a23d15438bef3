"""What follows: HermiT and the set-at-a-time rules say the same, on small graphs and the real."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from functools import cache

import pyoxigraph as ox
import pytest
from rdflib import Graph

from crisisgov.errors import CrisisgovError
from crisisgov.ontology import reasoning, terms, vocabulary
from crisisgov.ontology.owl_checks import reasoner, triples

SERVED = ("crisisgov.ttl", "alignments.ttl")
HOME = ox.NamedNode(terms.inferred_graph("test"))

PREFIXES = """
    @prefix cg: <https://w3id.org/crisisgov/ontology#> .
    @prefix ex: <https://example.org/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix level: <https://w3id.org/crisisgov/concept/level/> .
    @prefix stance: <https://w3id.org/crisisgov/concept/stance/> .
    @prefix treatment: <https://w3id.org/crisisgov/concept/treatment/> .
"""

Types = Mapping[str, Set[str]]
Pairs = Mapping[str, Set[tuple[str, str]]]


def turtle(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)]


vocabulary_quads = cache(vocabulary.quads)


def materialised(data: list[ox.Triple]) -> ox.Store:
    store = ox.Store()
    store.extend(vocabulary_quads())
    graph = ox.NamedNode(terms.graph("test"))
    store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in data)
    reasoning.materialise(store, HOME.value)
    return store


def types(store: ox.Store) -> dict[str, set[str]]:
    """The classes of the vocabulary of every thing that is not part of the vocabulary."""
    found = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(terms.RDF_TYPE), None, None):
        assert isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
        if quad.object.value.startswith(terms.CG):
            found[quad.subject.value].add(quad.object.value)
    return dict(found)


def relations(store: ox.Store) -> dict[str, set[tuple[str, str]]]:
    """The pairs of things that each relation of the vocabulary holds between."""
    found = defaultdict(set)
    for quad in store:
        name, value = quad.predicate.value, quad.object
        if name.startswith(terms.CG) and isinstance(value, ox.NamedNode):
            assert isinstance(quad.subject, ox.NamedNode)
            found[name].add((quad.subject.value, value.value))
    return dict(found)


def type_differences(hermit: Types, rules: Types) -> list[str]:
    """In words, the individuals for which the two differ, and in which classes."""
    lines = []
    for individual in sorted(hermit.keys() | rules.keys()):
        one, other = hermit.get(individual, set()), rules.get(individual, set())
        lines += [f"{individual}: only HermiT: {name}" for name in sorted(one - other)]
        lines += [f"{individual}: only the rules: {name}" for name in sorted(other - one)]
    return lines


def relation_differences(hermit: Pairs, rules: Pairs) -> list[str]:
    """In words, the statements in which the two differ."""
    lines = []
    for name in sorted(hermit.keys() | rules.keys()):
        one, other = hermit.get(name, set()), rules.get(name, set())
        lines += [f"{s} {name} {o}: only HermiT" for s, o in sorted(one - other)]
        lines += [f"{s} {name} {o}: only the rules" for s, o in sorted(other - one)]
    return lines


# --- the defined classes ---------------------------------------------------------------

HOLDS = [
    (
        "a sanction for it makes a warning punished",
        "ex:x a cg:Warning . ex:s a cg:Sanction ; cg:sanctionedFor ex:x .",
        {"PunishedWarning", "Warning", "Event"},
    ),
    (
        "the same stated from the warning's side",
        "ex:x a cg:Warning ; cg:ledToSanction ex:s . ex:s a cg:Sanction .",
        {"PunishedWarning", "Warning", "Event"},
    ),
    (
        "a later sanction of its author does not",
        """ex:x a cg:Warning ; cg:actor ex:li . ex:li a cg:Person .
           ex:s a cg:Sanction ; cg:target ex:li ; cg:inReactionTo ex:x .""",
        {"Warning", "Event"},
    ),
    (
        "a sanction for something else does not",
        """ex:x a cg:Warning ; cg:actor ex:li . ex:other a cg:Disclosure ; cg:actor ex:li .
           ex:s a cg:Sanction ; cg:target ex:li ; cg:sanctionedFor ex:other .""",
        {"Warning", "Event"},
    ),
    (
        "what is no sanction does not punish",
        "ex:x a cg:Warning . ex:s a cg:Reward ; cg:sanctionedFor ex:x .",
        {"Warning", "Event"},
    ),
    (
        "a sanctioned report is no punished warning",
        "ex:x a cg:Report . ex:s a cg:Sanction ; cg:sanctionedFor ex:x .",
        {"Report", "Event"},
    ),
    (
        "an authority's act that shows it right vindicates a warning",
        """ex:x a cg:Warning . ex:a a cg:Inquiry ; cg:confirms ex:x ; cg:actor ex:court .
           ex:court a cg:Body .""",
        {"VindicatedWarning", "Warning", "Event"},
    ),
    (
        "so does a government's",
        """ex:x a cg:Warning . ex:a a cg:Reversal ; cg:confirms ex:x . ex:city cg:actedIn ex:a ;
           a cg:Government .""",
        {"VindicatedWarning", "Warning", "Event"},
    ),
    (
        "a newspaper's does not",
        """ex:x a cg:Warning . ex:a a cg:Disclosure ; cg:confirms ex:x ; cg:actor ex:paper .
           ex:paper a cg:Medium .""",
        {"Warning", "Event"},
    ),
    (
        "an act by nobody known does not",
        "ex:x a cg:Warning . ex:a a cg:Reversal ; cg:confirms ex:x .",
        {"Warning", "Event"},
    ),
    (
        "a confirmed report is no vindicated warning",
        """ex:x a cg:Report . ex:a a cg:Inquiry ; cg:confirms ex:x ; cg:actor ex:court .
           ex:court a cg:Body .""",
        {"Report", "Event"},
    ),
    (
        "an ignored warning is rebuffed",
        "ex:x a cg:Warning ; cg:treatment treatment:ignored .",
        {"RebuffedWarning", "Warning", "Event"},
    ),
    (
        "one whose author was rebuked is rebuffed",
        "ex:x a cg:Warning ; cg:treatment treatment:rebuked , treatment:vindicated .",
        {"RebuffedWarning", "Warning", "Event"},
    ),
    (
        "a heeded or rewarded one is not",
        "ex:x a cg:Warning ; cg:treatment treatment:heeded , treatment:rewarded .",
        {"Warning", "Event"},
    ),
    (
        "an item that denies makes a denial",
        "ex:x a cg:Disclosure ; cg:conveys ex:i . ex:i cg:stance stance:denies .",
        {"Denial", "Disclosure", "Event"},
    ),
    (
        "also where only the item names the act, and beside an item that affirms",
        """ex:x a cg:Report ; cg:conveys ex:j . ex:j a cg:ContentItem ; cg:stance stance:affirms .
           ex:i a cg:ContentItem ; cg:stance stance:denies ; cg:conveyedBy ex:x .""",
        {"Denial", "Report", "Event"},
    ),
    (
        "none found so far is no denial, nor is making light of it",
        """ex:x a cg:Disclosure ; cg:conveys ex:i , ex:j .
           ex:i a cg:ContentItem ; cg:stance stance:none-found .
           ex:j a cg:ContentItem ; cg:stance stance:minimises .""",
        {"Disclosure", "Event"},
    ),
    (
        "another's denial is not one's own",
        """ex:x a cg:Disclosure . ex:y a cg:Disclosure ; cg:contradicts ex:x ; cg:conveys ex:i .
           ex:i a cg:ContentItem ; cg:stance stance:denies .""",
        {"Disclosure", "Event"},
    ),
    (
        "a government of the first level below the state is local",
        "ex:x a cg:Government ; cg:level level:first-subnational .",
        {"LocalGovernment", "Government", "PublicAuthority", "Actor"},
    ),
    (
        "so is one of the fourth",
        "ex:x a cg:Government ; cg:level level:fourth-subnational .",
        {"LocalGovernment", "Government", "PublicAuthority", "Actor"},
    ),
    (
        "a national one is not",
        "ex:x a cg:Government ; cg:level level:national .",
        {"Government", "PublicAuthority", "Actor"},
    ),
    (
        "nor is a city's health commission",
        "ex:x a cg:Body ; cg:level level:second-subnational .",
        {"Body", "PublicAuthority", "Actor"},
    ),
    (
        "a person who warned is a whistle-blower",
        "ex:x a cg:Person . ex:w a cg:Warning , cg:Report ; cg:actor ex:x .",
        {"Whistleblower", "Person", "Actor"},
    ),
    (
        "a person who received a warning is not",
        "ex:x a cg:Person . ex:w a cg:Warning ; cg:recipient ex:x .",
        {"Person", "Actor"},
    ),
    (
        "a person who only reported is not",
        "ex:x a cg:Person . ex:w a cg:Report ; cg:actor ex:x .",
        {"Person", "Actor"},
    ),
    (
        "a body that warned is not",
        "ex:x a cg:Body . ex:w a cg:Warning ; cg:actor ex:x .",
        {"Body", "PublicAuthority", "Actor"},
    ),
]


@pytest.mark.parametrize(("graph", "expected"), [h[1:] for h in HOLDS], ids=[h[0] for h in HOLDS])
def test_a_thing_has_exactly_the_types_that_follow(graph: str, expected: set[str]) -> None:
    by_rules = types(materialised(turtle(graph)))
    assert by_rules["https://example.org/x"] == {terms.CG + name for name in expected}


def test_hermit_says_the_same_of_all_these_graphs() -> None:
    # one run for all: each graph has its own things
    data = []
    for number, (_, graph, _) in enumerate(HOLDS):
        data += turtle(f"@prefix ex: <https://example.org/{number}/> .\n{graph}")
    by_rules = types(materialised(data))
    assert len(by_rules) > 2 * len(HOLDS)
    with reasoner(triples(*SERVED) + data) as hermit:
        by_hermit = hermit.types()
    for number, (claim, _, expected) in enumerate(HOLDS):
        found = by_hermit[f"https://example.org/{number}/x"]
        assert found == {terms.CG + name for name in expected}, claim
    assert type_differences(by_hermit, by_rules) == []


def test_inverses_transitive_and_wider_relations_follow() -> None:
    data = turtle(
        """
        ex:market cg:within ex:district . ex:district cg:within ex:city .
        ex:city cg:within ex:province .
        ex:notice cg:actor ex:commission . ex:item cg:conveyedBy ex:notice .
        ex:finding cg:trigger ex:notice ; cg:contraryAct ex:order .
        """
    )
    found = relations(materialised(data))
    ex = "https://example.org/"
    expected = {
        "within": "market district, market city, market province, district city,"
        " district province, city province",
        "actor": "notice commission",
        "actedIn": "commission notice",
        "conveyedBy": "item notice",
        "conveys": "notice item",
        "trigger": "finding notice",
        "contraryAct": "finding order",
        "evidence": "finding notice, finding order",
    }
    assert found == {
        terms.CG + name: {(ex + s, ex + o) for s, o in (p.split() for p in pairs.split(", "))}
        for name, pairs in expected.items()
    }
    with reasoner(triples(*SERVED) + data) as hermit:
        assert relation_differences(hermit.relations(), found) == []


def test_what_belongs_to_a_crisis_is_not_thereby_an_event_of_it() -> None:
    data = turtle("ex:finding a cg:Finding ; cg:crisis ex:crisis . ex:crisis a cg:Crisis .")
    assert types(materialised(data)) == {
        "https://example.org/finding": {terms.CG + "Finding"},
        "https://example.org/crisis": {terms.CG + "Crisis"},
    }


# --- the materialisation ------------------------------------------------------------------


def test_a_conclusion_that_is_stated_already_is_not_repeated() -> None:
    data = turtle("ex:x a cg:Warning , cg:Event . ex:y a cg:Warning .")
    store = materialised(data)
    event = ox.NamedNode(terms.CG + "Event")
    new = list(store.quads_for_pattern(None, None, None, HOME))
    assert [(str(q.subject), q.object) for q in new] == [("<https://example.org/y>", event)]
    assert reasoning.materialise(store, HOME.value) == 0


UNKNOWN = {
    "equivalent classes": "cg:Event owl:equivalentClass cg:Crisis .",
    "a union": "[] a owl:Class ; owl:unionOf ( cg:Event cg:Crisis ) ; rdfs:subClassOf cg:Actor .",
    "all values from": """[] a owl:Restriction ; owl:onProperty cg:actor ;
        owl:allValuesFrom cg:Person ; rdfs:subClassOf cg:Event .""",
    "a restriction above": """cg:Event rdfs:subClassOf [ a owl:Restriction ;
        owl:onProperty cg:actor ; owl:hasValue <https://example.org/x> ] .""",
    "an intersection above": """cg:Event rdfs:subClassOf [ a owl:Class ;
        owl:intersectionOf ( cg:Crisis cg:Actor ) ] .""",
    "a domain": "cg:actor rdfs:domain cg:Event .",
    "a range of things": "cg:actor rdfs:range cg:Actor .",
    "a symmetric relation": "cg:contradicts a owl:SymmetricProperty .",
    "a functional relation": "cg:bearer a owl:FunctionalProperty .",
    "a chain": "cg:target owl:propertyChainAxiom ( cg:inReactionTo cg:actor ) .",
    "a key": "cg:Norm owl:hasKey ( cg:code ) .",
    "sameness": "<https://example.org/x> owl:sameAs <https://example.org/y> .",
    "an inverse without a name": """[] a owl:Restriction ;
        owl:onProperty [ owl:inverseOf cg:actor ] ; owl:someValuesFrom cg:Warning ;
        rdfs:subClassOf cg:Person .""",
}


@pytest.mark.parametrize("axiom", UNKNOWN.values(), ids=UNKNOWN)
def test_an_axiom_without_a_rule_stops(axiom: str) -> None:
    graph = vocabulary.read(*SERVED)
    assert len(reasoning.rules(graph)) > 50
    graph += Graph().parse(data=PREFIXES + axiom, format="turtle")
    with pytest.raises(CrisisgovError, match=r"ontology: there is no rule for .*\(of .*\)"):
        reasoning.rules(graph)


# --- the curated records --------------------------------------------------------------------


@pytest.mark.curated
def test_hermit_and_the_rules_agree_on_the_curated_graph(asserted: list[ox.Quad]) -> None:
    data = [quad.triple for quad in asserted]
    store = materialised(data)
    by_rules, pairs_by_rules = types(store), relations(store)
    derived = list(store.quads_for_pattern(None, None, None, HOME))
    with reasoner(triples(*SERVED) + data) as hermit:
        by_hermit, pairs_by_hermit = hermit.types(), hermit.relations()
        individuals = hermit.individuals()

    assert len(derived) > 3000
    # HermiT has seen everything of which the records state anything
    assert individuals >= {t.subject.value for t in data if isinstance(t.subject, ox.NamedNode)}
    assert len(by_rules) > 2000
    differences = type_differences(by_hermit, by_rules)
    assert differences == [], "\n".join(differences[:50])
    assert len(pairs_by_rules) > 50
    differences = relation_differences(pairs_by_hermit, pairs_by_rules)
    assert differences == [], "\n".join(differences[:50])


def test_a_disagreement_is_named_in_both_directions() -> None:
    li, event = "https://example.org/li", "https://example.org/event"
    assert type_differences({li: {"A", "B"}}, {li: {"A"}, event: {"C"}}) == [
        f"{event}: only the rules: C",
        f"{li}: only HermiT: B",
    ]
    assert relation_differences({"actor": {(event, li)}}, {"actor": {(li, event)}}) == [
        f"{event} actor {li}: only HermiT",
        f"{li} actor {event}: only the rules",
    ]


EXPECTED = {
    # `sanctioned_for` of the police notice of 1 January, the reprimand of 3 January and
    # the hospital's rebuke of 2 January; the sanction of 19 March is for the reprimand
    "PunishedWarning": {
        "event/wuhan-eight-messages-2019-12-31",
        "event/li-wenliang-warning-2019-12-30",
        "event/ai-fen-warning-2019-12-30",
    },
    # `confirms` of the supreme court's article, the merit award of 6 February, the
    # inquiry's result, the police's withdrawal and the pathogen's announcement
    "VindicatedWarning": {
        "event/wuhan-eight-messages-2019-12-31",
        "event/li-wenliang-warning-2019-12-30",
        "event/zhang-jixian-report-2019-12-27",
    },
    # `treatment` with rebuked; none is marked as ignored
    "RebuffedWarning": {
        "event/wuhan-eight-messages-2019-12-31",
        "event/li-wenliang-warning-2019-12-30",
        "event/ai-fen-warning-2019-12-30",
    },
    # the other warners are groups, or unknown
    "Whistleblower": {"actor/li-wenliang", "actor/ai-fen", "actor/zhang-jixian"},
}
"""Read from seeds/crises/covid-19-wuhan/ by hand."""


@pytest.mark.curated
def test_the_punished_vindicated_and_rebuffed_warnings_of_wuhan_are_those_of_the_records(
    asserted: list[ox.Quad],
) -> None:
    by_rules = types(materialised([quad.triple for quad in asserted]))
    wuhan = ox.NamedNode(terms.entity("crisis", "covid-19-wuhan"))
    events = {quad.subject for quad in asserted if quad.object == wuhan}
    acting = ox.NamedNode(terms.CG + "actor")
    actors = {q.object for q in asserted if q.predicate == acting and q.subject in events}
    here = {node.value for node in events | actors if isinstance(node, ox.NamedNode)}
    for name, expected in EXPECTED.items():
        members = {iri for iri in here if terms.CG + name in by_rules.get(iri, ())}
        assert members == {terms.BASE + iri for iri in expected}, name


@pytest.mark.curated
def test_all_governments_but_the_national_ones_are_local(asserted: list[ox.Quad]) -> None:
    store = materialised([quad.triple for quad in asserted])
    by_rules = types(store)
    governments = {iri for iri, classes in by_rules.items() if terms.CG + "Government" in classes}
    local = {iri for iri, classes in by_rules.items() if terms.CG + "LocalGovernment" in classes}
    assert len(local) >= 31
    levels = {
        quad.object
        for iri in governments - local
        for quad in store.quads_for_pattern(
            ox.NamedNode(iri), ox.NamedNode(terms.CG + "level"), None, None
        )
    }
    assert levels == {ox.NamedNode(terms.concept("level", "national"))}
