"""When a literal has a datatype and is well-formed, as SPARQL expressions.

SHACL section 4.1.2: a value has a datatype when its literal names it and its text is
one of those that the datatype allows. A store that has turned a datatype into another
one (pyoxigraph keeps an ``xsd:byte`` as an ``xsd:integer``) cannot answer that.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import pyoxigraph as ox

from crisisgov.ontology.shacl.graph import RDF, XSD

CAST: Final = {
    *("dateTime", "date", "time", "gYear", "gYearMonth", "gMonthDay", "gDay", "gMonth"),
    *("duration", "yearMonthDuration", "dayTimeDuration"),
}
"""Datatypes whose text is well-formed exactly when a cast from it succeeds."""

SAMPLES: Final = {
    **dict.fromkeys(("byte", "short", "int", "long"), "1"),
    **dict.fromkeys(("unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong"), "1"),
    **dict.fromkeys(("nonNegativeInteger", "positiveInteger"), "1"),
    **dict.fromkeys(("nonPositiveInteger", "negativeInteger"), "-1"),
    "dateTimeStamp": "2020-01-01T00:00:00Z",
}
"""A text of each datatype of XML Schema that is part of a wider one with arithmetic."""


@cache
def kept_as(datatype: ox.NamedNode) -> ox.NamedNode:
    """Return the datatype that the store gives to a literal of this one."""
    text = SAMPLES.get(datatype.value.removeprefix(XSD))
    if text is None:
        return datatype
    node = ox.NamedNode("urn:x-sample")
    store = ox.Store()
    store.add(ox.Quad(node, node, ox.Literal(text, datatype=datatype)))
    kept = next(iter(store)).object
    assert isinstance(kept, ox.Literal)
    return kept.datatype


@cache
def understood(pattern: str, flags: str) -> bool:
    """Whether the engine knows what a regular expression means: an unknown one is an error."""
    given = f"{ox.Literal(pattern)}, {ox.Literal(flags)}"
    answer = ox.Store().query(f'SELECT (REGEX("", {given}) AS ?known) {{}}')
    assert isinstance(answer, ox.QuerySolutions)
    return next(answer)["known"] is not None


def has_datatype(var: str, datatype: ox.NamedNode) -> str:
    """Return an expression for «the value is a well-formed literal of the datatype»."""
    named = f"DATATYPE({var}) = {datatype}"
    if datatype.value == RDF + "langString":
        return f'(isLiteral({var}) && LANG({var}) != "")'
    formed = _well_formed(var, datatype.value.removeprefix(XSD))
    return f"COALESCE({named} && {formed}, false)" if formed else f"COALESCE({named}, false)"


def _well_formed(var: str, name: str) -> str:
    # isNumeric holds for every number that the engine could read; not for very long ones
    match name:
        case "integer":
            return rf'(isNumeric({var}) || REGEX(STR({var}), "^[+-]?[0-9]+$"))'
        case "decimal":
            text = r"^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)$"
            return f'(isNumeric({var}) || REGEX(STR({var}), "{text}"))'
        case "float" | "double":
            return f"isNumeric({var})"
        case "boolean":
            return f"(sameTerm({var}, true) || sameTerm({var}, false))"
        case _ if name in CAST:
            return f"isLiteral(<{XSD}{name}>(STR({var})))"
    return ""
