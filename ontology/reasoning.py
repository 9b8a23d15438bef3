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


_TYPES = {
    OWL.Ontology,
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.Restriction,
    OWL.TransitiveProperty,
    OWL.AllDisjointClasses,
}
"""Kinds of OWL things of which the rules take care, or from which nothing new follows."""

_PREDICATES = {
    *(RDF.type, RDF.first, RDF.rest),
    *(RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy),
    *(RDFS.subClassOf, RDFS.subPropertyOf, RDFS.range),
    *(OWL.inverseOf, OWL.intersectionOf, OWL.onProperty, OWL.hasValue, OWL.someValuesFrom),
    *(OWL.members, OWL.disjointWith, OWL.versionInfo, OWL.deprecated),
}
"""The same for the predicates of RDF, RDFS and OWL."""

_LANGUAGE = (str(RDF), str(RDFS), str(OWL))


def rules(graph: Graph) -> list[Rule]:
    """Return the rules of a vocabulary.

    :raises CrisisgovError: for an axiom of a kind that has no rule
    """
    _require_known(graph)
    return [*_class_rules(graph), *_property_rules(graph)]


def _require_known(graph: Graph) -> None:
    for subject, predicate, value in sorted(graph):
        if predicate == RDF.type and str(value).startswith(_LANGUAGE) and value not in _TYPES:
            raise _no_rule(value, subject)
        if str(predicate).startswith(_LANGUAGE) and predicate not in _PREDICATES:
            raise _no_rule(predicate, subject)
        # the range of literals says how they are written; any other would give types
        if predicate == RDFS.range and (subject, RDF.type, OWL.DatatypeProperty) not in graph:
            raise _no_rule(predicate, subject)
        above = predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
        if above and not isinstance(value, URIRef):
            raise _no_rule("a super-class or super-property without a name", subject)
        if predicate == OWL.inverseOf and not isinstance(subject, URIRef):
            raise _no_rule("an inverse without a name", value)


def _no_rule(kind: object, subject: Node) -> CrisisgovError:
    of = "an anonymous class" if isinstance(subject, BNode) else str(subject)
    return CrisisgovError(
        f"ontology: there is no rule for {kind} (of {of}); add one or drop the axiom"
    )


def _own(node: Node) -> bool:
    return isinstance(node, URIRef) and str(node).startswith(terms.CG)


def _class_rules(graph: Graph) -> Iterator[Rule]:
    for sub, _, sup in sorted(graph.triples((None, RDFS.subClassOf, None))):
        if _own(sup):
            yield Rule(f"?x a {sup.n3()}", _Expressions(graph).pattern(sub, "x"))


def _property_rules(graph: Graph) -> Iterator[Rule]:
    for sub, _, sup in sorted(graph.triples((None, RDFS.subPropertyOf, None))):
        if _own(sup):
            yield Rule(f"?x {sup.n3()} ?y", f"?x {sub.n3()} ?y")
    for one, _, other in sorted(graph.triples((None, OWL.inverseOf, None))):
        yield Rule(f"?y {other.n3()} ?x", f"?x {one.n3()} ?y")
        yield Rule(f"?x {one.n3()} ?y", f"?y {other.n3()} ?x")
    for prop in sorted(graph.subjects(RDF.type, OWL.TransitiveProperty), key=str):
        yield Rule(f"?x {prop.n3()} ?z", f"?x {prop.n3()} ?y . ?y {prop.n3()} ?z")


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
        kinds = ", ".join(sorted(str(p) for p in graph.predicates(expression)))
        raise _no_rule(f"a class expression with {kinds}", expression)


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
