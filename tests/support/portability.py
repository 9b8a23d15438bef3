"""What question files may not use, because engines answer it differently.

Each rule was found by asking Virtuoso and the embedded engine the same; see
docs/scaling.md. Checked on rdflib's parse tree, which also shows that a third
parser reads the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyparsing import ParseResults
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, URIRef, Variable

DECIMAL = URIRef("http://www.w3.org/2001/XMLSchema#decimal")


def problems(query: str) -> list[str]:
    """Return what in ``query`` is not portable; empty when all is well."""
    tree: Any = parseQuery(query)  # untyped: pyparsing's results
    rules = (_forms, _division, _exists, _outer_filters, _unbound)
    found = [message for rule in rules for message in rule(tree[1])]
    # The translation changes the tree; it comes last.
    return found + list(_open_paths(translateQuery(tree).algebra))


def _walk(node: Any) -> Iterator[CompValue]:
    """Yield every component of the parse tree, the outer ones first."""
    if isinstance(node, CompValue):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list | tuple | set | ParseResults):
        for value in node:
            yield from _walk(value)


def _child(node: Any, name: str) -> Any:
    """Return a part of a component, None if it has none; rdflib's get() returns the name then."""
    return node[name] if isinstance(node, CompValue) and name in node else None


def _variables(node: Any) -> Iterator[Variable]:
    if isinstance(node, Variable):
        yield node
    elif isinstance(node, CompValue):
        for value in node.values():
            yield from _variables(value)
    elif isinstance(node, list | tuple | set | ParseResults):
        for value in node:
            yield from _variables(value)


def _forms(tree: CompValue) -> Iterator[str]:
    if tree.name == "AskQuery":
        yield "ASK, which Virtuoso answers with a table"
    if any(node.name == "ServiceGraphPattern" for node in _walk(tree)):
        yield "SERVICE, which no engine here follows"


def _division(tree: CompValue) -> Iterator[str]:
    for node in _walk(tree):
        if node.name != "MultiplicativeExpression" or not node.op:
            continue
        for sign, operand in zip(node.op, node.other, strict=True):
            inner = operand
            # A single operand stands in wrappers of the grammar's own.
            while isinstance(inner, CompValue) and inner.name != "Function" and "expr" in inner:
                inner = inner.expr
            if sign == "/" and not _is_decimal(inner):
                yield "a division whose divisor is not xsd:decimal(...): Virtuoso cuts the rest off"


def _is_decimal(node: Any) -> bool:
    name = _child(node, "iri")
    if isinstance(name, CompValue):
        return bool((name.prefix, name.localname) == ("xsd", "decimal"))
    return bool(name == DECIMAL)


def _exists(tree: CompValue) -> Iterator[str]:
    alone = {id(node.expr) for node in _walk(tree) if node.name == "Filter"}
    for node in _walk(tree):
        if node.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS") and id(node) not in alone:
            yield "EXISTS inside an expression, which Virtuoso answers with a number"


def _outer_filters(tree: CompValue) -> Iterator[str]:
    for node in _walk(tree):
        if node.name != "OptionalGraphPattern":
            continue
        bound = _bound(node)
        for part in _child(node.graph, "part") or ():
            if part.name == "Filter":
                for name in sorted(set(_variables(part)) - bound):
                    yield f"FILTER inside OPTIONAL on ?{name} of outside: Virtuoso finds nothing"


def _unbound(tree: CompValue) -> Iterator[str]:
    """Name variables that nothing binds: used for “no value”, they drop rows in Virtuoso."""
    for name in sorted(set(_variables(tree)) - _bound(tree)):
        yield f"?{name}, which nothing binds"


def _bound(tree: CompValue) -> set[Variable]:
    """Return the variables that get a value somewhere in ``tree``."""
    bound: set[Variable] = set()
    for node in _walk(tree):
        if node.name == "TriplesBlock":
            bound.update(_variables(node.triples))
        elif node.name in ("InlineData", "GraphGraphPattern"):
            bound.update(_variables([_child(node, "var"), _child(node, "term")]))
        elif node.name == "Bind" or "evar" in node:
            bound.update(_variables([_child(node, "var"), _child(node, "evar")]))
    return bound


def _open_paths(algebra: CompValue) -> Iterator[str]:
    for node in _walk(algebra):
        if node.name != "BGP":
            continue
        for triple in node.triples:
            subject, predicate, object_ = triple
            others = {end for other in node.triples if other is not triple for end in other}
            bound = [end for end in (subject, object_) if _is_fixed(end) or end in others]
            if _repeats(predicate) and not bound:
                yield "a path with * or + and no bound end, which Virtuoso refuses"


def _is_fixed(end: Any) -> bool:
    return isinstance(end, Identifier) and not isinstance(end, Variable)


def _repeats(path: Any) -> bool:
    if isinstance(path, MulPath):
        return True
    if isinstance(path, SequencePath | AlternativePath):
        return any(map(_repeats, path.args))
    return isinstance(path, InvPath) and _repeats(path.arg)
