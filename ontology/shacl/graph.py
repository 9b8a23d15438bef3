"""A shapes graph in memory: its triples by subject and predicate, its lists, its classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from crisisgov.errors import InputError

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Node = ox.NamedNode | ox.BlankNode

TYPE = ox.NamedNode(RDF + "type")
FIRST = ox.NamedNode(RDF + "first")
REST = ox.NamedNode(RDF + "rest")
NIL = ox.NamedNode(RDF + "nil")
SUBCLASS = ox.NamedNode(RDFS + "subClassOf")


def sh(name: str) -> ox.NamedNode:
    """Return the term of that name in the SHACL namespace."""
    return ox.NamedNode(SH + name)


def show(term: Term) -> str:
    """Return a term as people write it: without the SHACL, RDF and XSD namespaces."""
    if not isinstance(term, ox.NamedNode):
        return str(term)
    for namespace, prefix in ((SH, "sh:"), (RDF, "rdf:"), (RDFS, "rdfs:"), (XSD, "xsd:")):
        if term.value.startswith(namespace):
            return prefix + term.value.removeprefix(namespace)
    return str(term)


class ShapesError(InputError):
    """A shapes graph cannot be compiled; the message names the shape and the construct."""

    def __init__(self, shape: Term, construct: str, reason: str) -> None:
        self.shape = shape
        self.construct = construct
        super().__init__(f"shape {show(shape)}: {construct}: {reason}")


class ShapesGraph:
    """The triples of a shapes graph."""

    def __init__(self, triples: Iterable[ox.Triple | ox.Quad]) -> None:
        self._by_subject: dict[Term, dict[ox.NamedNode, list[Term]]] = {}
        self._subjects: dict[ox.NamedNode, list[Node]] = defaultdict(list)
        for triple in triples:
            assert isinstance(triple.subject, Node)
            objects = self._by_subject.setdefault(triple.subject, {})
            values = objects.setdefault(triple.predicate, [])
            if triple.object not in values:
                values.append(triple.object)
                self._subjects[triple.predicate].append(triple.subject)

    def objects(self, node: Term, predicate: ox.NamedNode) -> list[Term]:
        """Return the values of a predicate, in the order in which they were read."""
        return self._by_subject.get(node, {}).get(predicate, [])

    def predicates(self, node: Term) -> Iterable[ox.NamedNode]:
        """Return the predicates that a node has."""
        return self._by_subject.get(node, {}).keys()

    def subjects(self, predicate: ox.NamedNode) -> list[Node]:
        """Return the nodes that have a predicate, each once."""
        return list(dict.fromkeys(self._subjects.get(predicate, [])))

    def instances(self, name: ox.NamedNode) -> list[Node]:
        """Return the nodes whose type is a class or a subclass of it in this graph."""
        classes = {name}
        todo = [name]
        below: dict[Term, list[Node]] = defaultdict(list)
        for node in self.subjects(SUBCLASS):
            for parent in self.objects(node, SUBCLASS):
                below[parent].append(node)
        while todo:
            for child in below[todo.pop()]:
                if isinstance(child, ox.NamedNode) and child not in classes:
                    classes.add(child)
                    todo.append(child)
        return [
            node for node in self.subjects(TYPE) if not classes.isdisjoint(self.objects(node, TYPE))
        ]

    def items(self, shape: Term, construct: str, head: Term) -> tuple[Term, ...]:
        """Return the members of a list.

        :raises ShapesError: when ``head`` is no well-formed list
        """
        items: list[Term] = []
        seen: set[Term] = set()
        while head != NIL:
            first, rest = self.objects(head, FIRST), self.objects(head, REST)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                raise ShapesError(shape, construct, "its value is not one well-formed list")
            seen.add(head)
            items.append(first[0])
            head = rest[0]
        return tuple(items)
