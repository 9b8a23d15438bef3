"""Reading rows and properties of a store as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from crisisgov.ontology import terms
from crisisgov.ontology.evaluation.facts import tail
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span

_PREFIXES = terms.prefix_lines(("cg", "rdfs", "skos"))

Values = dict[str, list[str]]


def select(store: ox.Store, query: str) -> Iterator[tuple[str | None, ...]]:
    """Yield rows as plain strings, None where unbound."""
    solutions = store.query(_PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    count = len(solutions.variables)
    for row in solutions:
        cells = (row[i] for i in range(count))
        yield tuple(None if cell is None else cell.value for cell in cells)


def pairs(rows: Iterator[tuple[str | None, ...]]) -> dict[str, str]:
    """Return rows of two as a mapping, without those that are not whole."""
    return {one: other for one, other in rows if one is not None and other is not None}


def properties(store: ox.Store, subject_class: str) -> dict[str, Values]:
    """Return subject -> property name -> values, for all instances of a class."""
    found: dict[str, Values] = defaultdict(lambda: defaultdict(list))
    query = f"""SELECT ?s ?p ?o WHERE {{
        ?s a cg:{subject_class} ; ?p ?o . FILTER(STRSTARTS(STR(?p), "{terms.CG}")) }}"""
    for subject, predicate, value in select(store, query):
        assert subject and predicate and value is not None
        found[subject][predicate.removeprefix(terms.CG)].append(value)
    return found


def classes(store: ox.Store, subject_class: str) -> dict[str, set[str]]:
    """Return subject -> names of its classes, for all instances of a class."""
    found: dict[str, set[str]] = defaultdict(set)
    query = f"SELECT ?s ?c WHERE {{ ?s a cg:{subject_class} , ?c }}"
    for subject, name in select(store, query):
        assert subject and name
        if name.startswith(terms.CG):
            found[subject].add(name.removeprefix(terms.CG))
    return found


def labels(store: ox.Store, subject_class: str) -> dict[str, str]:
    """Return subject -> English label, for all instances of a class."""
    query = f"""SELECT ?s ?l WHERE {{ ?s a cg:{subject_class} ; rdfs:label ?l .
        FILTER(LANGMATCHES(LANG(?l), "en")) }}"""
    return {s: label for s, label in select(store, query) if s and label}


def one(values: Values, name: str) -> str | None:
    """Return the single value of a property; of several the least, so that runs agree."""
    return min(values[name]) if values.get(name) else None


def ids(values: Values, name: str) -> frozenset[str]:
    """Return the ids of the entities that are values of a property."""
    return frozenset(tail(value) for value in values.get(name, ()))


def id_(values: Values, name: str) -> str | None:
    """Return the id of the entity that is the single value of a property."""
    value = one(values, name)
    return tail(value) if value else None


def every(values: Values, name: str) -> frozenset[str]:
    """Return all values of a property."""
    return frozenset(values.get(name, ()))


def integer(values: Values, name: str) -> int | None:
    """Return the single value of a property as a number."""
    value = one(values, name)
    return int(value) if value is not None else None


def span(values: Values, first: str, last: str) -> Span:
    """Return the span between two properties; open where one is missing."""
    low, high = integer(values, first), integer(values, last)
    return Span(PAST if low is None else low, FUTURE if high is None else high)


def properties_of(store: ox.Store, subject: str) -> Values:
    """Return property name -> values of one subject."""
    found: Values = defaultdict(list)
    for quad in store.quads_for_pattern(ox.NamedNode(subject), None, None, None):
        if quad.predicate.value.startswith(terms.CG):
            name = quad.predicate.value.removeprefix(terms.CG)
            found[name].append(quad.object.value)  # type: ignore[union-attr]
    return found
