"""Every record by kind and id, where it stands, and what has an id twice.

Ids are taken from the plain data, so that they are known of records that are wrong
elsewhere, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crisisgov.errors import Problem
from crisisgov.loaders.records.files import RecordFile, Records
from crisisgov.loaders.records.messages import shown
from crisisgov.loaders.records.model import CrisisFile
from crisisgov.loaders.records.yaml_source import Path_

COLLECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "actors": (("actors", "actor"), ("posts", "post"), ("tenures", "tenure")),
    "places": (("places", "place"),),
    "sources": (("sources", "source"),),
    "norms": (("instruments", "instrument"), ("norms", "norm")),
    "crises": (
        ("events", "event"),
        ("claims", "claim"),
        ("searches", "search"),
        ("asserted_findings", "asserted finding"),
        ("justifications", "justification"),
        ("norm_gaps", "norm gap"),
    ),
}
"""Folder -> (section of a file, kind of the records in it)."""

FOLDERS = {kind: folder for folder, pairs in COLLECTIONS.items() for _, kind in pairs} | {
    "crisis": "crises"
}
"""Kind of record -> the folder in which it is kept."""


@dataclass(frozen=True)
class Place_:
    """Where a record stands."""

    file: RecordFile
    path: Path_

    def __str__(self) -> str:
        return f"{self.file.name}:{self.file.document.line((*self.path, 'id'))}"


@dataclass
class Index:
    """Every record by kind and id, and every concept by scheme."""

    records: dict[str, dict[str, tuple[Any, Place_]]]
    concepts: dict[str, dict[str, Any]]

    def get(self, kind: str, name: str) -> Any:
        """Return the record of that kind and id; KeyError when there is none."""
        return self.records[kind][name][0]


def walk_records(file: RecordFile) -> Iterator[tuple[str, Any, Path_]]:
    """Yield kind, record and path of every right record with an id in a file (concepts apart)."""
    for section, kind in COLLECTIONS.get(file.kind, ()):
        for number, record in enumerate(getattr(file.content, section)):
            if record is not None:
                yield kind, record, (section, number)
    if isinstance(file.content, CrisisFile) and file.content.crisis is not None:
        yield "crisis", file.content.crisis, ("crisis",)


def ids_of_file(file: RecordFile) -> Iterator[tuple[str, str, Path_]]:
    """Yield kind, id and path of everything in a file that has an id; concepts as ``SCHEME``."""
    data = file.document.data if isinstance(file.document.data, dict) else {}
    for section, kind in COLLECTIONS.get(file.kind, ()):
        yield from _ids_of(kind, data.get(section), (section,))
    if file.kind == "crises":
        yield from _ids_of("crisis", [data.get("crisis")], ())
    if file.kind == "concepts":
        yield from _ids_of("scheme", [data.get("scheme")], ())
        yield from _ids_of("scheme", data.get("schemes"), ("schemes",))
        for scheme, concepts, path in concept_lists(data):
            yield from _ids_of(f"concept of {scheme}", concepts, path)


def _ids_of(kind: str, entries: Any, path: Path_) -> Iterator[tuple[str, str, Path_]]:
    """Yield what has an id in a list; an empty path: the list is one record in its own field."""
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield kind, entry["id"].strip(), (*path, number) if path else (kind,)


def concept_lists(data: dict[str, Any]) -> Iterator[tuple[str, Any, Path_]]:
    """Yield the id of each scheme in a concept file, its list of concepts and the list's path."""
    if isinstance(data.get("scheme"), dict):
        yield str(data["scheme"].get("id")), data.get("concepts"), ("concepts",)
    schemes = data.get("schemes")
    for number, scheme in enumerate(schemes if isinstance(schemes, list) else ()):
        if isinstance(scheme, dict):
            yield str(scheme.get("id")), scheme.get("concepts"), ("schemes", number, "concepts")


def index(records: Records) -> tuple[Index, list[Problem]]:
    """Return the index of all records and the problems of ids given twice."""
    found: dict[str, dict[str, tuple[Any, Place_]]] = {kind: {} for kind in FOLDERS}
    concepts: dict[str, dict[str, Any]] = {}
    for file in records.files:
        for kind, record, path in walk_records(file):
            found[kind].setdefault(record.id, (record, Place_(file, path)))
    for file in records.of_kind("concepts"):
        for scheme in _right_schemes(file):
            concepts.setdefault(scheme.id, {concept.id: concept for concept in scheme.concepts})
    return Index(found, concepts), _problems_of_ids(records)


def _right_schemes(file: RecordFile) -> list[Any]:
    """Return the schemes of a concept file that is right as a whole, else none."""
    content: Any = file.content
    if content.scheme is None and not content.schemes:
        return []
    wrong = None in content.concepts or None in content.schemes
    return [] if wrong else list(content.all_schemes())


def _problems_of_ids(records: Records) -> list[Problem]:
    first: dict[tuple[str, str], Place_] = {}
    problems = []
    for file in records.files:
        for kind, name, path in ids_of_file(file):
            place = Place_(file, path)
            other = first.setdefault((kind, name), place)
            if other is not place:
                message = (
                    f"{kind} {name!r} is already in {other}; remove one, or give it its own id"
                )
                problems.append(at(file, (*path, "id"), message))
    return problems


def at(file: RecordFile, path: Path_, message: str) -> Problem:
    """Return a problem at a path of a file."""
    return Problem(file.name, file.document.line(path), shown(path), message)
