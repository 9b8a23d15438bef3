"""``using-graph-uri`` and ``using-named-graph-uri`` (SPARQL 1.1 Protocol, 2.2.3).

The engine takes the dataset of an update only from its text, so the graphs that
the request names are written into it as USING clauses. Where these belong is
asked of the parser itself: a place is right when the text can be read with a
USING clause there and cannot be read with nonsense there (as it could inside a
string or a comment).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from crisisgov.server.engine.errors import QuerySyntaxError

_PROBE = " USING <urn:x> "
_NONSENSE = " @@@ "
_MOST = 400
"""Places that are tried at most."""


def with_dataset(
    text: str,
    default_graphs: Sequence[str],
    named_graphs: Sequence[str],
    readable: Callable[[str], bool],
) -> str:
    """Return ``text`` with the graphs as the dataset of each of its WHERE clauses.

    ``readable`` tells whether a text is an update; ``text`` is one.

    :raises QuerySyntaxError: when the text names a dataset itself, has a DELETE
        WHERE (which cannot have one), or has too many places to look at
    """
    if not default_graphs and not named_graphs:
        return text
    clause = "".join(
        [f" USING <{iri}>" for iri in default_graphs]
        + [f" USING NAMED <{iri}>" for iri in named_graphs]
    )
    for place in _places(text, "using"):
        if _stands(text, place, _PROBE, readable):
            raise _conflict("USING", text, place)
    for place in _places(text, "with"):
        if _stands(text, place, " CLEAR ALL ; ", readable):
            raise _conflict("WITH", text, place)
    found = []
    for place in _places(text, "where"):
        if _stands(text, place, _PROBE, readable):
            found.append(place)
        elif _stands(text, place, " { } " + _PROBE, readable):
            raise _error(
                "DELETE WHERE cannot be given a dataset.",
                "Write DELETE { … } WHERE { … } with the pattern twice.",
                text,
                place,
            )
    for place in reversed(found):
        text = f"{text[:place]}{clause} {text[place:]}"
    return text


def _places(text: str, word: str) -> Iterator[int]:
    """Yield where ``word`` stands in any letters; only the parser knows which are keywords."""
    for count, match in enumerate(re.finditer(word, text, re.IGNORECASE), 1):
        if count > _MOST:
            raise _error(
                f"The update has {word.upper()} in more than {_MOST} places.",
                "Send it in parts, or write USING clauses into it.",
                text,
                match.start(),
            )
        yield match.start()


def _stands(text: str, place: int, inserted: str, readable: Callable[[str], bool]) -> bool:
    def put(words: str) -> str:
        return text[:place] + words + text[place:]

    return readable(put(inserted)) and not readable(put(_NONSENSE))


def _conflict(keyword: str, text: str, place: int) -> QuerySyntaxError:
    return _error(
        f"The update has {keyword}, and the request has using-graph-uri or using-named-graph-uri.",
        "Use one of the two.",
        text,
        place,
    )


def _error(detail: str, hint: str, text: str, place: int) -> QuerySyntaxError:
    before = text[:place]
    return QuerySyntaxError(
        detail,
        hint=hint,
        line=before.count("\n") + 1,
        column=place - (before.rfind("\n") + 1) + 1,
    )
