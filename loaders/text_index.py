"""The text index of a version: names and summaries of every entity, in all languages.

An SQLite file with FTS5 (``text.sqlite`` in the version's folder), written with the
version and never changed. Texts are cut into words here and not by SQLite: its
``trigram`` finds nothing for a name of two characters such as 武汉, its ``unicode61``
takes a Chinese sentence for one word. What is asked passes through the same
:func:`words`, so nothing in it is read as FTS5's own syntax.
"""

from __future__ import annotations

import re
import sqlite3
import time
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from crisisgov.ontology import terms

FILE = "text.sqlite"
"""Name of the index in the folder of a version."""

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_NAMES = (
    _RDFS + "label",
    _SKOS + "prefLabel",
    _SKOS + "altLabel",
    terms.DCTERMS + "title",
)
_TEXTS = (
    terms.CG + "summary",
    _SKOS + "definition",
    _RDFS + "comment",
    terms.DCTERMS + "description",
)
_ROLES = {f"<{iri}>".encode(): role for role, iris in enumerate((_NAMES, _TEXTS)) for iri in iris}
_SUBJECT = re.compile(rb"<" + re.escape(terms.BASE.encode()) + rb"([a-z][a-z-]*)((?:[/#][^>]*)?)>")
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

# Scripts written without blanks between words (Han, Kana, Thai, Lao, Khmer, Burmese), and Hangul,
# whose particles hang on to the words.
_PAIRED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf"
    r"\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
_WORD = re.compile(rf"([{_PAIRED}]+)|[^\W_{_PAIRED}]+")
# For texts that hold a mark of their own in the middle of words, not only accents.
_MARKED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff]")

_NAME_WEIGHT, _TEXT_WEIGHT = 10.0, 1.0
_STEPS = 20_000  # of SQLite's machine, between two looks at the clock


class SearchTooLong(Exception):
    """The search did not end in its time."""


@dataclass(frozen=True)
class Found:
    """What a search found: the best entities first, and how many there are of each kind."""

    iris: list[str]
    kinds: dict[str, int]


def write(nquads: Path, index: Path) -> int:
    """Index the file ``nquads`` into the new file ``index``; return the number of entities.

    Entities are gathered in the file itself, not in memory. It is complete and
    closed when this returns; having the disk take it in is up to the caller.
    """
    with closing(sqlite3.connect(index, isolation_level=None)) as database:
        # A version that is not whole is thrown away: no journal is needed.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        database.execute("CREATE TABLE piece (kind TEXT, rest TEXT, role INTEGER, text TEXT)")
        database.executemany("INSERT INTO piece VALUES (?, ?, ?, ?)", _pieces(nquads))
        database.execute(
            "CREATE TABLE entity (id INTEGER PRIMARY KEY, kind TEXT, rest TEXT, name TEXT)"
        )
        # Contentless: the words themselves are not kept a second time.
        database.execute(
            "CREATE VIRTUAL TABLE words USING fts5(names, texts, content='', prefix='2 3', "
            "tokenize='unicode61 remove_diacritics 0')"
        )
        number = 0
        rows = database.cursor().execute(
            "SELECT kind, rest, role, text FROM piece ORDER BY kind, rest, role, text"
        )
        for number, (kind, rest, names, texts) in enumerate(_entities(rows), 1):
            exact = "\n".join(("", *sorted({" ".join(words(name)) for name in names}), ""))
            database.execute("INSERT INTO entity VALUES (?, ?, ?, ?)", (number, kind, rest, exact))
            database.execute(
                "INSERT INTO words (rowid, names, texts) VALUES (?, ?, ?)",
                (number, _indexed(names), _indexed(texts)),
            )
        database.execute("DROP TABLE piece")
        database.execute("INSERT INTO words (words) VALUES ('optimize')")
        database.execute("COMMIT")
        database.execute("VACUUM")
    return number


def search(index: Path, text: str, *, kind: str = "", limit: int, seconds: float) -> Found:
    """Return at most ``limit`` entities that have every word of ``text`` in their names or texts.

    A word matches every word that begins with it; a run of Chinese characters
    where it stands as it is. An entity that is called exactly so comes first,
    findings last (there are thousands, and they are reached from what they are
    about), between them crises first, then what has the words in its name, more
    often, in shorter texts. ``kind`` is the first part of an entity's path, empty
    for all.

    :raises SearchTooLong: after ``seconds``
    """
    asked = words(text)
    if not asked:
        return Found([], {})
    expression = " AND ".join(map(_expression, asked))
    until = time.monotonic() + seconds
    # Immutable: a published version is, and may lie where nobody can write.
    with closing(sqlite3.connect(f"{index.absolute().as_uri()}?immutable=1", uri=True)) as database:
        database.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
        try:
            kinds = dict(
                database.execute(
                    "SELECT kind, COUNT(*) FROM words JOIN entity ON entity.id = words.rowid "
                    "WHERE words MATCH ? GROUP BY kind ORDER BY kind",
                    (expression,),
                )
            )
            rows = database.execute(
                "SELECT entity.kind, rest FROM words JOIN entity ON entity.id = words.rowid "
                "WHERE words MATCH :asked AND (:kind = '' OR entity.kind = :kind) "
                "ORDER BY entity.kind = 'finding', INSTR(name, :exact) = 0, "
                "entity.kind = 'matter', "
                "bm25(words, :heavy, :light) * IIF(entity.kind = 'crisis', 2, 1), "
                "LENGTH(rest), entity.kind, rest LIMIT :limit",
                {
                    "asked": expression,
                    "kind": kind,
                    "exact": f"\n{' '.join(asked)}\n",
                    "heavy": _NAME_WEIGHT,
                    "light": _TEXT_WEIGHT,
                    "limit": limit,
                },
            ).fetchall()
        except sqlite3.OperationalError as error:
            if str(error) == "interrupted":
                raise SearchTooLong from error
            raise
    return Found([f"{terms.BASE}{first}{rest}" for first, rest in rows], kinds)


def words(text: str) -> list[str]:
    """Return the words of ``text`` as they are compared: without case, accents and width.

    A run of characters that are written without blanks is one word.
    """
    return [found[0] for found in _WORD.finditer(_folded(text))]


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFD", folded)
    # In Thai, Burmese or Kana a mark is part of the letter, and of the range that _WORD takes.
    bare = (c for c in decomposed if not unicodedata.combining(c) or _MARKED.match(c))
    return unicodedata.normalize("NFC", "".join(bare))


def _indexed(texts: list[str]) -> str:
    """Return the words of ``texts`` with blanks between them; runs as overlapping pairs.

    The last character of a run stands alone, too: so every single one is the
    beginning of a word, and no phrase of pairs reaches into the next run.
    """
    return " ".join(
        part for text in texts for word in words(text) for part in _parts(word, with_last=True)
    )


def _parts(word: str, *, with_last: bool) -> list[str]:
    if _is_run(word):
        pairs = [word[at : at + 2] for at in range(len(word) - 1)]
        return [*pairs, word[-1]] if with_last or not pairs else pairs
    return [word]


def _expression(word: str) -> str:
    """Return what FTS5 is asked for one word; only letters and digits stand between the quotes."""
    phrase = '"' + " ".join(_parts(word, with_last=False)) + '"'
    return f"{phrase}*" if len(word) == 1 or not _is_run(word) else phrase


def _is_run(word: str) -> bool:
    found = _WORD.match(word)
    return found is not None and found[1] is not None


def _pieces(nquads: Path) -> Iterator[tuple[str, str, int, str]]:
    with nquads.open("rb") as file:
        for line in file:
            parts = line.split(None, 2)
            role = _ROLES.get(parts[1]) if len(parts) == 3 else None
            if role is None:
                continue
            entity, literal = _SUBJECT.fullmatch(parts[0]), _STRING.match(parts[2])
            if entity is not None and literal is not None:
                kind, name = entity.groups()
                yield kind.decode(), name.decode(), role, _unescaped(literal[1].decode())


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16))
    return _ESCAPED.get(found[3], found[3])


def _entities(
    rows: Iterator[tuple[str, str, int, str]],
) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Yield kind, rest of the IRI, names and texts of each entity of the ordered ``rows``."""
    current: tuple[str, str] | None = None
    gathered: tuple[list[str], list[str]] = ([], [])
    for kind, rest, role, text in rows:
        if (kind, rest) != current:
            if current is not None:
                yield (*current, *gathered)
            current, gathered = (kind, rest), ([], [])
        if text not in gathered[role]:  # a label is often a prefLabel as well
            gathered[role].append(text)
    if current is not None:
        yield (*current, *gathered)
