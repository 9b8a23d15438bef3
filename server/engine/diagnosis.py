"""From pyoxigraph's syntax error to a sentence with the right line and column.

The parser's own position is not the place of the mistake: for a keyword that
does not match it reports where the keyword *would have ended*, so a wrong
``}`` in column 24 is reported in column 25, on the next line, or at the end of
the text. The place is found by asking the parser itself: the first token after
which the text cannot be continued is the wrong one.
"""

from __future__ import annotations

import re
import time
from typing import Literal

import pyoxigraph

from crisisgov.ontology.terms import BASE
from crisisgov.server.engine.errors import QuerySyntaxError
from crisisgov.server.engine.tokens import Token, tokens

_POSITION = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
# Longer than any keyword (ENCODE_FOR_URI has 14 letters), see _can_continue.
_PADDING = 60
# Queries that take longer to parse (seconds) are not searched: some short texts
# take exponential time, and an approximate place is better than none.
_SLOW = 0.05
_UPDATES = frozenset(
    ("insert", "delete", "load", "clear", "drop", "create", "copy", "move", "add", "with")
)
_FORMS = frozenset(("select", "ask", "construct", "describe", "prefix", "base", "version"))


def explain(query: str, error: SyntaxError, seconds: float) -> QuerySyntaxError:
    """Turn the parser's ``error`` about ``query`` into one that a person can use.

    ``seconds`` is how long the parser took to find it.
    """
    message = str(error)
    found = list(tokens(query))
    if not found:
        return QuerySyntaxError(
            "The query is empty.",
            hint="Write a SELECT, ASK, CONSTRUCT or DESCRIBE query.",
            line=1,
            column=1,
        )
    reported = reported_place(query, error)
    semantic = _semantic(message)
    wrong = _first_wrong(query, found) if seconds < _SLOW else None
    if semantic is not None and (wrong is None or wrong == "end" or wrong is found[-1]):
        # Found only once the whole query was read: no single token is to blame.
        return QuerySyntaxError(semantic, line=reported[0], column=reported[1])
    if wrong is None:
        line, column = reported
        return QuerySyntaxError(
            f"The query cannot be read at or before line {line}, column {column}.",
            line=line,
            column=column,
        )
    if wrong == "end":
        line, column = _place(query, found[-1].end)
        return QuerySyntaxError(
            f"The query ends too early, in line {line}, column {column}.",
            hint="A closing bracket, a quote or the last part of a triple is missing.",
            line=line,
            column=column,
        )
    wrong = _opening(wrong, found) if "IRI parsing failed" in message else wrong
    line, column = _place(query, wrong.start)
    shown = wrong.text if len(wrong.text) <= 40 else wrong.text[:39] + "…"
    return QuerySyntaxError(
        f"Line {line}, column {column}: “{shown}” cannot stand here.",
        hint=_hint(wrong, found, message),
        line=line,
        column=column,
    )


def _opening(wrong: Token, found: list[Token]) -> Token:
    """Return the ``<`` of a broken IRI; the parser only notices at its ``>``."""
    openings = [token for token in found if token.text == "<" and token.start <= wrong.start]
    return openings[-1] if openings else wrong


def _first_wrong(query: str, found: list[Token]) -> Token | Literal["end"] | None:
    """Search for the first token that cannot stand where it stands.

    ``"end"`` when the text is right so far and stops too early.
    """
    started = time.monotonic()
    if _can_continue(query[: found[-1].end]):
        return "end"
    low, high = 0, len(found) - 1
    while low < high:
        if time.monotonic() - started > 10 * _SLOW:
            return None
        middle = (low + high) // 2
        if _can_continue(query[: found[middle].end]):
            low = middle + 1
        else:
            high = middle
    return found[low]


def _can_continue(text: str) -> bool:
    """Tell whether ``text`` could be the beginning of a query.

    After the text comes a line of blanks. A parser that is content so far reads
    them and fails behind; one that is not fails at the latest one keyword's
    length behind its last good token.
    """
    try:
        pyoxigraph.Store().query(text + "\n" + " " * _PADDING, base_iri=BASE)
    except SyntaxError as error:
        matched = _POSITION.search(str(error))
        if matched is None:
            return False
        return int(matched[1]) == text.count("\n") + 2 and int(matched[2]) > _PADDING // 2
    except (OSError, RuntimeError, ValueError):
        return True  # it parsed, and failed when evaluated on an empty store
    return True


def _semantic(message: str) -> str | None:
    """Return the parser's sentence about a rule of SPARQL that is not about the next token."""
    if "contains a variable that is unbound" in message:
        return (
            "SELECT returns a variable that is neither grouped by nor aggregated, "
            "or gives a name that is already taken."
        )
    if "SELECT * is not authorized with GROUP BY" in message:
        return "SELECT * cannot be used with GROUP BY: name the variables to return."
    return None


def _hint(wrong: Token, found: list[Token], message: str) -> str:
    first = found[0]
    if wrong is first and wrong.text.lower() in _UPDATES:
        return "This looks like an update; as a query everything is read-only."
    if wrong is first and wrong.text.lower() not in _FORMS:
        return "A query begins with PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE."
    if wrong.kind == "name" and "Prefix not found" in message:
        prefix = wrong.text.split(":", 1)[0]
        return f"The prefix “{prefix}:” is not declared: add PREFIX {prefix}: <…> at the top."
    if wrong.text in ("'", '"'):
        return "This quote is never closed."
    if wrong.text == "<":
        return "An IRI in angle brackets must not contain spaces, quotes or braces."
    if wrong.text == "}":
        return "Something is missing before this bracket, or it closes nothing."
    if wrong.text == ")":
        return "Something is missing before this bracket, or it closes nothing."
    return "Look at this place and just before it."


def _place(query: str, offset: int) -> tuple[int, int]:
    """Line and column of ``offset``, both from 1; a lone CR does not end a line."""
    before = query[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def reported_place(text: str, error: SyntaxError) -> tuple[int, int]:
    """Return the line and column that the parser's ``error`` names, not behind their line."""
    matched = _POSITION.search(str(error))
    reported = (int(matched[1]), int(matched[2])) if matched else _place(text, len(text))
    return _clip(text, *reported)


def _clip(query: str, line: int, column: int) -> tuple[int, int]:
    """The parser's position, but never behind the end of its line."""
    lines = query.split("\n")
    line = min(line, len(lines))
    return line, min(column, len(lines[line - 1]) + 1)
