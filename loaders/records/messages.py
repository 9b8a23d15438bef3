"""What is wrong with a record, and what would be right, in the curator's words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from crisisgov.errors import Problem
from crisisgov.loaders.records.form import form_at
from crisisgov.loaders.records.yaml_source import Document, Path_

PATTERN_WORDS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": (
        "an id: lower-case letters a-z and digits in words joined by single hyphens, "
        "as in wuhan-notice-2019-12-31"
    ),
    r"^https?://[^\s<>\"{}|\\^`]+$": (
        "an address that begins with http:// or https:// and holds no spaces, quotes or brackets <>"
    ),
    r"^Q[1-9]\d*$": "a Wikidata item, as in Q81068910",
    r"^[1-9]\d*$": "a GeoNames number, as in 1791247",
    r"^[A-Z]{2}-\d{4}-\d{6}-[A-Z]{3}$": "a GLIDE number, as in EP-2019-000185-CHN",
    r"^[a-z]{2,3}(-[A-Za-z]+)?$": "a language tag, as in zh or zh-Hant",
    r"^[A-Z]{2}(-[A-Z0-9]{1,3})?(-[a-z0-9]+)*$": (
        "an ISO 3166 code, as in CN or CN-HB, lengthened by words below that, as in CN-HB-wuhan"
    ),
    r"^[1-9]\d* (seconds|minutes|hours|days|working-days)$": (
        "a number and a unit (seconds, minutes, hours, days, working-days), as in 2 hours"
    ),
    r"^-?(0|[1-9]\d{0,4}) (seconds|minutes|hours|days)$": (
        "a number and a unit (seconds, minutes, hours, days), as in 2 days, or -2 days for earlier"
    ),
    r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$": "the ISO 3166 code of a country, as in CN",
}
"""Pattern of a field -> what it asks for."""

_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_KINDS = {
    "int_parsing": "a whole number such as 3",
    "int_type": "a whole number such as 3",
    "int_from_float": "a whole number such as 3",
    "float_parsing": "a number such as 27 or 1.5, without thousands separators",
    "float_type": "a number such as 27 or 1.5",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list; begin each entry with `- ` or write [a, b]",
    "model_type": "a record with fields (`name: value`)",
}


def shown(path: Path_) -> str:
    """Return a path as messages show it: ``events.3.date``."""
    return ".".join(str(step) for step in path)


def near(value: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the rest of a message that names what may have been meant."""
    names = sorted(known)
    close = difflib.get_close_matches(value, names, n=2)
    if close:
        return f"; did you mean {' or '.join(close)}?"
    return f"; there are {', '.join(names)}" if 0 < len(names) <= 12 else otherwise


def form_problem(document: Document, form: type[BaseModel], detail: Any) -> Problem:
    """Return the problem that pydantic found in a document (one entry of ``errors()``)."""
    path: Path_ = tuple(detail["loc"])
    message = _message(form, path, detail)
    if detail["type"] == "value_error":
        # a rule between fields: where its message begins with one of them, that is the place
        begins = re.match(r"`?([a-z_]+)", message)
        if begins and (*path, begins[1]) in document.lines:
            path = (*path, begins[1])
    return Problem(document.file, document.line(path), shown(path), message)


def _message(form: type[BaseModel], path: Path_, detail: Any) -> str:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        return "is missing; it is required" + _meaning(form, path)
    if kind == "extra_forbidden":
        record = form_at(form, path[:-1])
        fields = list(record.model_fields) if record else []
        every = f"; its fields are {', '.join(fields)}"
        return "is no field of this record" + near(str(path[-1]), fields, every)
    if kind == "value_error":
        return str(context["error"])
    if given is None or kind == "string_too_short":
        field = _field(form, path)
        right = "; it is required" if field and field.is_required() else " or remove the field"
        return f"is empty; give it a value{right}{_meaning(form, path)}"
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        return f"{given!r} is not {PATTERN_WORDS.get(pattern, f'of the form {pattern}')}"
    if kind in ("enum", "literal_error"):
        allowed = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        return f"{given!r} is not in the list" + near(
            str(given), allowed, f"; there are {', '.join(allowed)}"
        )
    if kind == "too_short":
        return "is an empty list; it needs at least one entry" + _meaning(form, path)
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return f"must be {words} {context[name]}, not {given}"
    if kind in _KINDS:
        return f"must be {_KINDS[kind]}, not {_described(given)}"
    return f"{detail['msg']} (got {given!r})"


def _described(given: Any) -> str:
    if isinstance(given, dict):
        return "a record with fields"
    return "a list" if isinstance(given, list) else repr(given)


def _field(form: type[BaseModel], path: Path_) -> FieldInfo | None:
    record = form_at(form, path[:-1])
    return record.model_fields.get(str(path[-1])) if record and path else None


def _meaning(form: type[BaseModel], path: Path_) -> str:
    field = _field(form, path)
    if field is None or not field.description:
        return ""
    return f" ({' '.join(field.description.split()).rstrip('.')})"
