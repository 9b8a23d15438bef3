"""What a violation says when its shape has no message of its own."""

from __future__ import annotations

import pyoxigraph as ox

from crisisgov.ontology.shacl.graph import show
from crisisgov.ontology.shacl.model import Constraint

_TEXTS = {
    "class": "The value is no instance of {term}.",
    "datatype": "The value is no well-formed literal of {term}.",
    "nodeKind": "The value is not of the kind {term}.",
    "minCount": "There are fewer than {number} values.",
    "maxCount": "There are more than {number} values.",
    "minExclusive": "The value is not greater than {term}.",
    "minInclusive": "The value is not {term} or greater.",
    "maxExclusive": "The value is not less than {term}.",
    "maxInclusive": "The value is not {term} or less.",
    "minLength": "The value has fewer than {number} characters.",
    "maxLength": "The value has more than {number} characters.",
    "pattern": "The value does not match {text}.",
    "languageIn": "The language of the value is none of: {items}.",
    "uniqueLang": "Two values are in the same language.",
    "equals": "The values are not the same as those of {term}.",
    "disjoint": "The value is one of {term}, too.",
    "lessThan": "The value is not less than that of {term}.",
    "lessThanOrEquals": "The value is greater than that of {term}.",
    "not": "The value conforms to {shapes}, which it must not.",
    "and": "The value does not conform to each of: {shapes}.",
    "or": "The value conforms to none of: {shapes}.",
    "xone": "The value does not conform to exactly one of: {shapes}.",
    "node": "The value does not conform to {shapes}.",
    "qualifiedMinCount": "Fewer than {number} values conform to {shapes}.",
    "qualifiedMaxCount": "More than {number} values conform to {shapes}.",
    "closed": "The predicate is none of those allowed: {items}.",
    "hasValue": "The value {term} is missing.",
    "in": "The value is none of: {items}.",
}


def default(constraint: Constraint) -> ox.Literal:
    """Return the message for a constraint of a shape without ``sh:message``."""
    text = _TEXTS[constraint.name].format(
        term="" if constraint.term is None else show(constraint.term),
        number=constraint.number,
        text=constraint.text,
        items=", ".join(map(show, constraint.items)),
        shapes=", ".join(map(show, constraint.shapes)),
    )
    return ox.Literal(text, language="en")
