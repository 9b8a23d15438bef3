"""A lexer for SPARQL, good enough to point at a place and to know a keyword.

It is no security boundary and decides nothing about what a query may do: it
finds token borders for :mod:`crisisgov.server.engine.diagnosis` and sees
whether a query names its own dataset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Order matters: long strings before short ones, IRIs before "<", names before words.
# A comment ends at a carriage return as well as at a newline (SPARQL 1.1, 19.4).
_TOKEN = re.compile(
    r"""
    (?P<space>   [ \t\r\n]+ | \#[^\r\n]* )
  | (?P<string>  \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
               | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
  | (?P<iri>     <[^<>"{}|^`\s]*> )
  | (?P<variable>[?$]\w+ )
  | (?P<name>    (?:\w[\w.\-]*)?:(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\.)* )
  | (?P<number>  (?:\d+\.\d*|\.?\d+)(?:[eE][+-]?\d+)? )
  | (?P<word>    @?\w[\w\-]* )
  | (?P<symbol>  && | \|\| | != | <= | >= | \^\^ | . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """One token: its kind (a group name of the pattern), text, and offsets in the query."""

    kind: str
    text: str
    start: int
    end: int


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of ``query`` without space and comments."""
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "symbol"
        if kind != "space":
            yield Token(kind, match.group(), match.start(), match.end())


def names_dataset(query: str) -> bool:
    """Tell whether ``query`` has a FROM clause of its own.

    A dataset clause stands outside every brace; there the bare word can be
    nothing else.
    """
    if "from" not in query.lower():
        return False
    depth = 0
    for token in tokens(query):
        if token.text == "{":
            depth += 1
        elif token.text == "}":
            depth -= 1
        elif token.kind == "word" and depth == 0 and token.text.lower() in ("from", "fromnamed"):
            return True
    return False


def asks_service(query: str) -> bool:
    """Tell whether SERVICE stands in ``query`` as a keyword of its own.

    Only for a clear answer where SILENT would hide the refusal. What really
    keeps a query off the network is the sandbox.
    """
    if "service" not in query.lower():
        return False
    return any(
        token.kind == "word" and token.text.lower() in ("service", "servicesilent")
        for token in tokens(query)
    )
