"""From shapes to queries: one query answers all checks that go over the same rows.

Two kinds of rows:

* the nodes of a focus, for what is asked of a node or of all its values together;
* the pairs of a node and a value, for what is asked of each value. They are listed from
  the triples of the path, and only of a value that fails it is asked whether its node
  is in the focus: nothing has to be sorted or joined when everything conforms.

Checks that report something else (a predicate, a language) have a query of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from crisisgov.ontology.shacl.focus import Below, Focus, Focuses, routes, union
from crisisgov.ontology.shacl.model import Constraint, Shape, Shapes, Target
from crisisgov.ontology.shacl.paths import (
    Inverse,
    Names,
    Path,
    Predicate,
    direct,
    pattern,
    starts_with_predicate,
)
from crisisgov.ontology.shacl.values import ALWAYS, Classes, Values, asks_each_value, reaches

MOST_IN_ONE: Final = 16
"""How many checks one query answers at most."""

THIS, VALUE, EXTRA = "?this", "?value", "?extra"


@dataclass(frozen=True)
class Check:
    """One constraint of one shape, as rows or as a test of rows."""

    shape: Shape
    constraint: Constraint
    fails: str
    """An expression that is true when the row violates the constraint."""
    reports: str
    """The variable that the report gives as value; empty when it gives none."""


@dataclass(frozen=True)
class Query:
    """Checks over the same rows; a row that a query yields has a flag for each check."""

    checks: tuple[Check, ...]
    ways: tuple[Focus, ...]
    rows: str
    """A pattern that binds ?this, and ?value and ?extra if it is about these."""
    names: tuple[str, ...]
    """The variables that the rows bind and that tell them apart."""
    path_first: bool
    """Whether the pattern lists its rows without being given the nodes."""
    when: Quick | None = None
    """When given and without an answer, there are no rows."""
    distinct: str = ""
    """A pattern for the values alone: they are tested before their nodes are looked for."""


@dataclass(frozen=True)
class Quick:
    """A cheap query that mostly saves a dearer one; equal keys have equal answers."""

    key: tuple[object, ...]
    sparql: str


class Plan:
    """The queries of one set of shapes over one graph."""

    def __init__(self, shapes: Shapes, classes: Classes) -> None:
        self._names = Names()
        self._values = Values(shapes, self._names, classes)
        self._focuses = Focuses(self._values, self._names, classes)
        self._shapes = shapes
        self.queries: tuple[Query, ...] = tuple(self._queries())

    def require_all(self) -> None:
        """Write every shape once, so that one that cannot be compiled is found though unused.

        :raises ShapesError: naming the first such shape
        """
        for node in self._shapes:
            self._values.conforms(node, THIS)

    def sparql(self, query: Query, focus: Focus, *, each: bool = False) -> str:
        """Return a query for the rows that violate a check, of the nodes of a focus.

        Its columns are the names of the query and a flag ``c0``, ``c1``... for each check.
        With ``each`` there is a row for every way down to a node below another one.
        """
        columns = (*query.names, *_flags(query))
        below = focus[0]
        if each and isinstance(below, Below):
            nodes, parents = self._focuses.chain(below, THIS)
            columns += parents
            body = self._of_nodes(query, nodes)
        else:
            body = self._body(query, focus)
        return f"SELECT DISTINCT {' '.join(columns)} WHERE {{ {body} }}"

    def with_ways(self, query: Query) -> str:
        """Return a query for all rows, with a flag ``w0``, ``w1``... for each way to the node."""
        ways = [f"?w{number}" for number, _ in enumerate(query.ways)]
        binds = " ".join(
            f"BIND({self._focuses.member(way, THIS)} AS {flag})"
            for way, flag in zip(query.ways, ways, strict=True)
        )
        columns = (*query.names, *_flags(query))
        rows = f"SELECT DISTINCT {' '.join(columns)} {{ {self._body(query, union(query.ways))} }}"
        return f"SELECT {' '.join((*columns, *ways))} WHERE {{ {{ {rows} }} {binds} }}"

    def _body(self, query: Query, focus: Focus) -> str:
        if not query.path_first:
            return self._of_nodes(query, self._focuses.listing(focus, THIS))
        failing, member = " || ".join(_flags(query)), self._focuses.member(focus, THIS)
        rows = f"{query.rows} {_binds(query)}"
        if query.distinct:
            values = f"{query.distinct} {_binds(query)} FILTER({failing})"
            rows = f"{{ {values} }} LATERAL {{ {query.rows} }}"
        return f"{rows} FILTER(IF({failing}, {member}, false))"

    def _of_nodes(self, query: Query, nodes: str) -> str:
        rows = f"LATERAL {{ {query.rows} }}" if query.rows else ""
        return f"{nodes} {rows} {_binds(query)} FILTER({' || '.join(_flags(query))})"

    def _queries(self) -> Iterator[Query]:
        nodes: dict[tuple[Focus, ...], list[Check]] = defaultdict(list)
        pairs: dict[tuple[tuple[Focus, ...], Path], list[Check]] = defaultdict(list)
        for node, ways in routes(self._shapes).items():
            shape = self._shapes[node]
            for one in shape.constraints:
                own = list(self._own_rows(shape, one, ways))
                yield from own
                if own:
                    continue
                check = self._check(shape, one)
                if shape.path is not None and check.reports == VALUE:
                    pairs[ways, shape.path].append(check)
                else:
                    nodes[ways].append(check)
        for ways, checks in nodes.items():
            for some in _chunks(checks):
                yield Query(some, ways, "", (THIS,), path_first=False)
        for (ways, path), checks in pairs.items():
            looking = [check for check in checks if _looks_up(check, path)]
            for some in _chunks([check for check in checks if check not in looking]):
                rows = pattern(path, THIS, VALUE, self._names)
                yield Query(some, ways, rows, (THIS, VALUE), _by_path(path, ways))
            for some in _chunks(looking):
                yield self._by_value(some, ways, path)

    def _by_value(self, checks: tuple[Check, ...], ways: tuple[Focus, ...], path: Path) -> Query:
        """Return a query that looks each value up once, however many nodes have it."""
        rows = pattern(path, THIS, VALUE, self._names)
        values = pattern(path, self._names.new(), VALUE, self._names)
        distinct = f"{{ SELECT DISTINCT {VALUE} {{ {values} }} }}"
        failing = " || ".join(check.fails for check in checks)
        # a filter alone would be tested before the values are told apart
        first = f"SELECT {VALUE} {{ {distinct} BIND({failing} AS ?c0) FILTER(?c0) }} LIMIT 1"
        key = ("fails", path, *(check.constraint for check in checks))
        by_path = _by_path(path, ways)
        return Query(checks, ways, rows, (THIS, VALUE), by_path, Quick(key, first), distinct)

    def _check(self, shape: Shape, one: Constraint) -> Check:
        if not asks_each_value(one):
            return Check(shape, one, f"(!({self._values.of_focus(shape, one, THIS)}))", "")
        value = THIS if shape.path is None else VALUE
        return Check(shape, one, f"(!({self._values.of_value(shape, one, THIS, value)}))", value)

    def _own_rows(self, shape: Shape, one: Constraint, ways: tuple[Focus, ...]) -> Iterator[Query]:
        """Yield queries whose rows are the violations of one constraint."""
        path, names = shape.path, self._names
        if one.name == "equals":
            yield from self._equals(shape, one, ways)
        elif one.name == "closed":
            node = THIS if path is None else names.new()
            rows = self._values.not_allowed(shape, one, THIS, node, EXTRA, VALUE)
            columns = tuple(dict.fromkeys((THIS, node, EXTRA, VALUE)))
            yield Query(_sole(shape, one, VALUE), ways, rows, columns, path_first=False)
        elif path is None:
            return
        elif one.name == "maxCount" and _by_path(path, ways):
            yield self._max_count(shape, one, path, ways)
        elif one.name in ("lessThan", "lessThanOrEquals"):
            rows = self._values.unordered(one, path, THIS, VALUE, EXTRA)
            sole = _sole(shape, one, VALUE)
            yield Query(sole, ways, rows, (THIS, VALUE, EXTRA), _by_path(path, ways))
        elif one.name == "uniqueLang":
            found, language = self._values.same_language(path, THIS)
            rows = f"{found} BIND({language} AS {EXTRA})"
            sole = _sole(shape, one, "")
            yield Query(sole, ways, rows, (THIS, EXTRA), _by_path(path, ways))

    def _max_count(
        self, shape: Shape, one: Constraint, path: Path, ways: tuple[Focus, ...]
    ) -> Query:
        names = self._names
        rows = f"{{ SELECT DISTINCT {THIS} {{ {pattern(path, THIS, names.new(), names)} }} }}"
        quick = None
        if one.number and _is_step(path):
            # most paths never lead to two values, and counting is cheaper than joining
            count = f"(COUNT({THIS}) AS ?all) (COUNT(DISTINCT {THIS}) AS ?nodes)"
            counted = f"SELECT {count} {{ {pattern(path, THIS, names.new(), names)} }}"
            quick = Quick(
                ("repeats", path), f"SELECT * {{ {{ {counted} }} FILTER(?all > ?nodes) }}"
            )
        fails = f"(!({self._values.of_focus(shape, one, THIS)}))"
        check = Check(shape, one, fails, "")
        return Query((check,), ways, rows, (THIS,), path_first=True, when=quick)

    def _equals(self, shape: Shape, one: Constraint, ways: tuple[Focus, ...]) -> Iterator[Query]:
        """Yield the values that the other predicate lacks, and those that only it has."""
        other = f"{THIS} {one.term} {VALUE}"
        if shape.path is None:
            missing = Check(shape, one, f"(NOT EXISTS {{ {THIS} {one.term} {THIS} }})", THIS)
            yield Query((missing,), ways, "", (THIS,), path_first=False)
            back = f"sameTerm({THIS}, {VALUE})"
        else:
            rows = pattern(shape.path, THIS, VALUE, self._names)
            missing = Check(shape, one, f"(NOT EXISTS {{ {other} }})", VALUE)
            by_path = _by_path(shape.path, ways)
            yield Query((missing,), ways, rows, (THIS, VALUE), by_path)
            back = f"EXISTS {{ {reaches(shape.path, THIS, VALUE, self._names)} }}"
        surplus = Check(shape, one, f"(!{back})", VALUE)
        yield Query((surplus,), ways, f"{other} .", (THIS, VALUE), not _only_nodes(ways))


def _flags(query: Query) -> list[str]:
    return [f"?c{number}" for number, _ in enumerate(query.checks)]


def _binds(query: Query) -> str:
    return " ".join(
        f"BIND({check.fails} AS {flag})"
        for check, flag in zip(query.checks, _flags(query), strict=True)
    )


def _sole(shape: Shape, constraint: Constraint, reports: str) -> tuple[Check]:
    """Return the check of rows that are violations already."""
    return (Check(shape, constraint, ALWAYS, reports),)


def _is_step(path: Path) -> bool:
    return isinstance(direct(path), Predicate | Inverse)


def _looks_up(check: Check, path: Path) -> bool:
    """Whether a check of a value looks for triples, and not for such of the node."""
    return _is_step(path) and "EXISTS" in check.fails and check.constraint.name != "disjoint"


def _only_nodes(ways: tuple[Focus, ...]) -> bool:
    return all(isinstance(p, Target) and p.kind == "node" for way in ways for p in way)


def _by_path(path: Path, ways: tuple[Focus, ...]) -> bool:
    return starts_with_predicate(path) and not _only_nodes(ways)


def _chunks(checks: list[Check]) -> Iterable[tuple[Check, ...]]:
    for start in range(0, len(checks), MOST_IN_ONE):
        yield tuple(checks[start : start + MOST_IN_ONE])
