"""Materialising what follows from the vocabulary, set at a time.

Every axiom of the vocabulary becomes one or more rules, each a SPARQL query that
finds all new conclusions at once; the rules run until nothing new appears. Only
the axiom kinds in use are known; any other stops the build, so that an axiom is
never silently without effect. Domains and ranges are not used at all.

Foreign super-classes and super-properties (alignments) are not materialised:
clients that want them ask through ``rdfs:subClassOf``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crisisgov.errors import CrisisgovError
from crisisgov.ontology import terms, vocabulary

MOST_ROUNDS = 50
"""Far above what the depth of the vocabulary can need."""


@dataclass(frozen=True)
class Rule:
    """A conclusion and the pattern from which it follows."""

    conclusion: str
    pattern: str

    def query(self) -> str:
        """Return the query that finds every new conclusion."""
        return (
            f"CONSTRUCT {{ {self.conclusion} }} WHERE {{ {self.pattern} "
            f"FILTER NOT EXISTS {{ {self.conclusion} }} }}"
        )


def rules(graph: Graph) -> list[Rule]:
    """Return the rules of a vocabulary.

    :raises CrisisgovError: for an axiom of a kind that has no rule
    """
    return [*_class_rules(graph), *_property_rules(graph)]


def _own(node: Node) -> bool:
    return isinstance(node, URIRef) and str(node).startswith(terms.CG)


def _class_rules(graph: Graph) -> Iterator[Rule]:
    for sub, _, sup in sorted(graph.triples((None, RDFS.subClassOf, None))):
        if not _own(sup):
            continue
        yield Rule(f"?x a {sup.n3()}", _Expressions(graph).pattern(sub, "x"))


def _property_rules(graph: Graph) -> Iterator[Rule]:
    for sub, _, sup in sorted(graph.triples((None, RDFS.subPropertyOf, None))):
        if _own(sup):
            yield Rule(f"?x {sup.n3()} ?y", f"?x {sub.n3()} ?y")
    for one, _, other in sorted(graph.triples((None, OWL.inverseOf, None))):
        yield Rule(f"?y {other.n3()} ?x", f"?x {one.n3()} ?y")
        yield Rule(f"?x {one.n3()} ?y", f"?y {other.n3()} ?x")
    for prop in sorted(graph.subjects(RDF.type, OWL.TransitiveProperty)):
        yield Rule(f"?x {prop.n3()} ?z", f"?x {prop.n3()} ?y . ?y {prop.n3()} ?z")
    for kind in (OWL.SymmetricProperty, OWL.propertyChainAxiom, OWL.FunctionalProperty, OWL.hasKey):
        if (None, RDF.type, kind) in graph or (None, kind, None) in graph:
            raise CrisisgovError(f"ontology: there is no rule for {kind}; add one or drop the axiom")


class _Expressions:
    """Turns class expressions into graph patterns."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._count = 0

    def pattern(self, expression: Node, variable: str) -> str:
        """Return the pattern that the members of an expression match."""
        if isinstance(expression, URIRef):
            return f"?{variable} a {expression.n3()} ."
        graph = self._graph
        parts = graph.value(expression, OWL.intersectionOf)
        if parts is not None:
            return " ".join(self.pattern(part, variable) for part in Collection(graph, parts))
        prop = graph.value(expression, OWL.onProperty)
        value = graph.value(expression, OWL.hasValue)
        if prop is not None and value is not None:
            return f"?{variable} {prop.n3()} {value.n3()} ."
        filler = graph.value(expression, OWL.someValuesFrom)
        if prop is not None and filler is not None:
            self._count += 1
            inner = f"v{self._count}"
            return f"?{variable} {prop.n3()} ?{inner} . {self.pattern(filler, inner)}"
        assert isinstance(expression, BNode)
        kinds = ", ".join(str(p) for p in graph.predicates(expression))
        raise CrisisgovError(f"ontology: there is no rule for a class expression with {kinds}")


def materialise(store: ox.Store, graph_name: str) -> int:
    """Add everything that follows to a named graph of the store; return how many triples.

    A conclusion that is stated anywhere already is not repeated: every triple
    keeps exactly one home.
    """
    home = ox.NamedNode(graph_name)
    every = rules(vocabulary.read("crisisgov.ttl", "alignments.ttl"))
    total = 0
    for _ in range(MOST_ROUNDS):
        added = 0
        for rule in every:
            found = store.query(rule.query(), use_default_graph_as_union=True)
            assert isinstance(found, ox.QueryTriples)
            new = [ox.Quad(t.subject, t.predicate, t.object, home) for t in set(found)]
            store.extend(new)
            added += len(new)
        total += added
        if added == 0:
            return total
    raise CrisisgovError(f"ontology: reasoning did not come to an end in {MOST_ROUNDS} rounds")
