"""What a constraint asks of one value, as SPARQL expressions that are never an error.

``ok`` expressions are true when the value conforms. They are used for the value
nodes of a shape, and inside one another for the shapes that a constraint names:
there nothing is reported, it only counts whether a node conforms to the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyoxigraph as ox

from crisisgov.ontology.shacl import literals
from crisisgov.ontology.shacl.graph import Node, ShapesError, Term, show
from crisisgov.ontology.shacl.model import Constraint, Shape, Shapes
from crisisgov.ontology.shacl.paths import Names, Path, Predicate, pattern

KINDS: Final = {
    "IRI": "isIRI({0})",
    "BlankNode": "isBlank({0})",
    "Literal": "isLiteral({0})",
    "BlankNodeOrIRI": "(isBlank({0}) || isIRI({0}))",
    "BlankNodeOrLiteral": "(isBlank({0}) || isLiteral({0}))",
    "IRIOrLiteral": "(isIRI({0}) || isLiteral({0}))",
}
COMPARISONS: Final = {
    "minExclusive": ">",
    "minInclusive": ">=",
    "maxExclusive": "<",
    "maxInclusive": "<=",
    "lessThan": "<",
    "lessThanOrEquals": "<=",
}
PAIRWISE: Final = 2
"""Up to so many different values are told apart by joins; more are counted."""

NEVER: Final = "false"
ALWAYS: Final = "true"

Classes = Callable[[ox.NamedNode], Iterable[ox.NamedNode]]
"""Returns a class and its subclasses in the data."""


def literal(text: str) -> str:
    """Return a string as SPARQL writes it."""
    return str(ox.Literal(text))


def reaches(path: Path, start: str, end: str, names: Names) -> str:
    """Return a pattern for «the path leads from one to the other», both being known."""
    if isinstance(path, Predicate):
        return f"{start} {path.iri} {end} ."
    found = names.new()
    return f"{pattern(path, start, found, names)} FILTER(sameTerm({found}, {end}))"


class Values:
    """Writes the expressions of one set of shapes over one graph."""

    def __init__(self, shapes: Shapes, names: Names, classes: Classes) -> None:
        self._shapes = shapes
        self._names = names
        self._classes = classes

    def instance(self, var: str, name: ox.NamedNode) -> str:
        """Return an expression for «the value is an instance of the class»."""
        return self.instance_of_any(var, self._classes(name))

    def instance_of_any(self, var: str, names: Iterable[ox.NamedNode]) -> str:
        """Return an expression for «one of these classes is stated as a type of the value»."""
        classes = sorted(map(str, names))
        type_of = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        if len(classes) == 1:
            return f"EXISTS {{ {var} {type_of} {classes[0]} }}"
        kind = self._names.new()
        return f"EXISTS {{ {var} {type_of} {kind} FILTER({kind} IN ({', '.join(classes)})) }}"

    def conforms(self, node: Node, var: str) -> str:
        """Return an expression for «the value conforms to the shape»."""
        shape = self._shapes[node]
        if shape.deactivated:
            return ALWAYS
        if shape.path is None:
            return self._all(self._ok(shape, one, var, var) for one in shape.constraints) + (
                "".join(f" && {self.conforms(one, var)}" for one in shape.properties)
            )
        return self._property(shape, shape.path, var)

    def _all(self, parts: Iterable[str]) -> str:
        return " && ".join(parts) or ALWAYS

    def _property(self, shape: Shape, path: Path, var: str) -> str:
        """Return the expression for a property shape: all that it asks of all its values."""
        parts = [
            self.of_focus(shape, one, var) for one in shape.constraints if not asks_each_value(one)
        ]
        value = self._names.new()
        each = [self._ok(shape, c, var, value) for c in shape.constraints if asks_each_value(c)]
        each += [f"({self.conforms(one, value)})" for one in shape.properties]
        if each:
            found = pattern(path, var, value, self._names)
            parts.append(f"NOT EXISTS {{ {found} FILTER(!({self._all(each)})) }}")
        return f"({self._all(parts)})"

    def _ok(self, shape: Shape, constraint: Constraint, focus: str, value: str) -> str:
        if asks_each_value(constraint):
            return self.of_value(shape, constraint, focus, value)
        return self.of_focus(shape, constraint, focus)

    def of_value(self, shape: Shape, constraint: Constraint, focus: str, value: str) -> str:
        """Return the expression for a constraint that each value meets or not."""
        term = constraint.term
        match constraint.name:
            case "class" if isinstance(term, ox.NamedNode):
                return self.instance(value, term)
            case "datatype" if isinstance(term, ox.NamedNode):
                kept = literals.kept_as(term)
                if kept != term:
                    reason = f"the store keeps a value of {show(term)} as one of {show(kept)}"
                    raise ShapesError(shape.node, "sh:datatype", reason)
                return literals.has_datatype(value, term)
            case "nodeKind" if term is not None and show(term).removeprefix("sh:") in KINDS:
                return KINDS[show(term).removeprefix("sh:")].format(value)
            case "minExclusive" | "minInclusive" | "maxExclusive" | "maxInclusive":
                return f"COALESCE({value} {COMPARISONS[constraint.name]} {term}, false)"
            case "minLength" | "maxLength":
                sign = ">=" if constraint.name == "minLength" else "<="
                return f"COALESCE(STRLEN(STR({value})) {sign} {constraint.number}, false)"
            case "pattern":
                return f"COALESCE({self._matches(shape, constraint, value)}, false)"
            case "languageIn":
                ranges = [literal(i.value) for i in constraint.items if isinstance(i, ox.Literal)]
                tests = " || ".join(f"langMatches(LANG({value}), {one})" for one in ranges)
                return f"COALESCE({tests or NEVER}, false)"
            case "in":
                return self.one_of(value, constraint.items)
            case "disjoint":
                return f"NOT EXISTS {{ {focus} {term} {value} }}"
            case "not":
                return f"(!({self.conforms(constraint.shapes[0], value)}))"
            case "node":
                return f"({self.conforms(constraint.shapes[0], value)})"
            case "and" | "or" | "xone":
                return self._logical(constraint, value)
        raise ShapesError(shape.node, f"sh:{constraint.name}", f"cannot be {term}")

    def _matches(self, shape: Shape, constraint: Constraint, value: str) -> str:
        if not literals.understood(constraint.text, constraint.flags):
            reason = f"{constraint.text} with the flags '{constraint.flags}' is not understood"
            raise ShapesError(shape.node, "sh:pattern", reason)
        flags = f", {literal(constraint.flags)}" if constraint.flags else ""
        return f"REGEX(STR({value}), {literal(constraint.text)}{flags})"

    def _logical(self, constraint: Constraint, value: str) -> str:
        parts = [f"({self.conforms(one, value)})" for one in constraint.shapes]
        if constraint.name == "and":
            return f"({self._all(parts)})"
        if constraint.name == "or":
            return f"({' || '.join(parts) or NEVER})"
        return f"(({' + '.join(f'IF({part}, 1, 0)' for part in parts) or '0'}) = 1)"

    def one_of(self, value: str, items: Iterable[Term]) -> str:
        """Return an expression for «the value is one of these very terms»."""
        iris = [str(item) for item in items if isinstance(item, ox.NamedNode)]
        # of literals `=` compares the values, where SHACL asks for the same term
        parts = [f"sameTerm({value}, {i})" for i in items if not isinstance(i, ox.NamedNode)]
        if iris:
            parts.insert(0, f"{value} IN ({', '.join(iris)})")
        return f"({' || '.join(parts) or NEVER})"

    def of_focus(self, shape: Shape, constraint: Constraint, focus: str) -> str:
        """Return the expression for a constraint on all values together, or on none."""
        term, path = constraint.term, shape.path
        match constraint.name:
            case "hasValue":
                if path is None:
                    return f"sameTerm({focus}, {term})"
                return f"EXISTS {{ {reaches(path, focus, str(term), self._names)} }}"
            case "equals":
                return self._equals(shape, str(term), focus)
            case "closed":
                name, value = self._names.new(), self._names.new()
                node = focus if path is None else self._names.new()
                found = self.not_allowed(shape, constraint, focus, node, name, value)
                return f"NOT EXISTS {{ {found} }}"
        if path is None:
            raise ShapesError(shape.node, f"sh:{constraint.name}", "needs a property shape")
        match constraint.name:
            case "minCount":
                return self.at_least(constraint.number, path, focus)
            case "maxCount":
                return f"(!({self.at_least(constraint.number + 1, path, focus)}))"
            case "qualifiedMinCount":
                return self.at_least(constraint.number, path, focus, constraint)
            case "qualifiedMaxCount":
                return f"(!({self.at_least(constraint.number + 1, path, focus, constraint)}))"
            case "lessThan" | "lessThanOrEquals":
                value, other = self._names.new(), self._names.new()
                found = self.unordered(constraint, path, focus, value, other)
                return f"NOT EXISTS {{ {found} }}"
            case "uniqueLang":
                return f"NOT EXISTS {{ {self.same_language(path, focus)[0]} }}"
        raise ShapesError(shape.node, f"sh:{constraint.name}", "is not compiled")

    def _equals(self, shape: Shape, other: str, focus: str) -> str:
        value = self._names.new()
        if shape.path is None:
            only = f"NOT EXISTS {{ {focus} {other} {value} FILTER(!sameTerm({focus}, {value})) }}"
            return f"(EXISTS {{ {focus} {other} {focus} }} && {only})"
        back = reaches(shape.path, focus, value, self._names)
        left = f"{pattern(shape.path, focus, value, self._names)}"
        return (
            f"(NOT EXISTS {{ {left} FILTER(NOT EXISTS {{ {focus} {other} {value} }}) }} && "
            f"NOT EXISTS {{ {focus} {other} {value} FILTER(NOT EXISTS {{ {back} }}) }})"
        )

    def at_least(
        self, number: int, path: Path, focus: str, qualified: Constraint | None = None
    ) -> str:
        """Return an expression for «so many values are reached», of a qualified shape if any."""
        if number == 0:
            return ALWAYS
        if number <= PAIRWISE:
            variables = [self._names.new() for _ in range(number)]
            found = " ".join(self._counted(path, focus, one, qualified) for one in variables)
            differ = f" FILTER(!sameTerm({', '.join(variables)}))" if number > 1 else ""
            return f"EXISTS {{ {found}{differ} }}"
        value = self._names.new()
        found = self._counted(path, focus, value, qualified)
        return (
            f"EXISTS {{ SELECT {focus} {{ {found} }} GROUP BY {focus}"
            f" HAVING(COUNT(DISTINCT {value}) >= {number}) }}"
        )

    def _counted(self, path: Path, focus: str, value: str, qualified: Constraint | None) -> str:
        found = pattern(path, focus, value, self._names)
        if qualified is None:
            return found
        tests = [f"({self.conforms(one, value)})" for one in qualified.shapes]
        tests += [f"!({self.conforms(one, value)})" for one in qualified.siblings]
        return f"{found} FILTER({' && '.join(tests)})"

    def not_allowed(
        self, shape: Shape, constraint: Constraint, focus: str, node: str, name: str, value: str
    ) -> str:
        """Return a pattern for a triple of a value node that a closed shape does not allow."""
        allowed = ", ".join(map(str, constraint.items))
        triple = f"{node} {name} {value} ."
        if allowed:
            triple += f" FILTER({name} NOT IN ({allowed}))"
        if shape.path is None:
            return triple
        return f"{pattern(shape.path, focus, node, self._names)} LATERAL {{ {triple} }}"

    def unordered(
        self, constraint: Constraint, path: Path, focus: str, value: str, other: str
    ) -> str:
        """Return a pattern for a value that is not below an ``other`` of the other predicate."""
        found = pattern(path, focus, value, self._names)
        sign = COMPARISONS[constraint.name]
        test = f"FILTER(!COALESCE({value} {sign} {other}, false))"
        return f"{found} LATERAL {{ {focus} {constraint.term} {other} }} {test}"

    def same_language(self, path: Path, focus: str) -> tuple[str, str]:
        """Return a pattern for two values in one language, and an expression for the language."""
        one, two = self._names.new(), self._names.new()
        first = pattern(path, focus, one, self._names)
        second = pattern(path, focus, two, self._names)
        test = (
            f'LANG({one}) != "" && LCASE(LANG({one})) = LCASE(LANG({two}))'
            f" && !sameTerm({one}, {two})"
        )
        return f"{first} LATERAL {{ {second} }} FILTER({test})", f"LCASE(LANG({one}))"


def asks_each_value(constraint: Constraint) -> bool:
    """Whether a constraint is about each value by itself."""
    return constraint.name not in {
        *("minCount", "maxCount", "uniqueLang", "hasValue", "equals", "closed"),
        *("lessThan", "lessThanOrEquals", "qualifiedMinCount", "qualifiedMaxCount"),
    }
