"""What must hold between records: ids are unique, references exist, concepts are in their list.

Ids and references are taken from the plain data, so that they are checked in
records that are wrong elsewhere, too; rules about what records mean together
are checked on the records that are right in themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from crisisgov.errors import Problem
from crisisgov.loaders.records.files import RecordFile, Records
from crisisgov.loaders.records.form import marked_values
from crisisgov.loaders.records.messages import near, shown
from crisisgov.loaders.records.model import FILE_FORMS, Concept, CrisisFile, Ref
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


def _ids(file: RecordFile) -> Iterator[tuple[str, str, Path_]]:
    """Yield kind, id and path of everything in a file that has an id; concepts as ``SCHEME``."""
    data = file.document.data if isinstance(file.document.data, dict) else {}
    for section, kind in COLLECTIONS.get(file.kind, ()):
        yield from _ids_of(kind, data.get(section), (section,))
    if file.kind == "crises":
        yield from _ids_of("crisis", [data.get("crisis")], ())
    if file.kind == "concepts":
        yield from _ids_of("scheme", [data.get("scheme")], ())
        yield from _ids_of("scheme", data.get("schemes"), ("schemes",))
        for scheme, concepts, path in _concept_lists(data):
            yield from _ids_of(f"concept of {scheme}", concepts, path)


def _ids_of(kind: str, entries: Any, path: Path_) -> Iterator[tuple[str, str, Path_]]:
    """Yield what has an id in a list; an empty path: the list is one record in its own field."""
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield kind, entry["id"].strip(), (*path, number) if path else (kind,)


def _concept_lists(data: dict[str, Any]) -> Iterator[tuple[str, Any, Path_]]:
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
        for kind, name, path in _ids(file):
            place = Place_(file, path)
            other = first.setdefault((kind, name), place)
            if other is not place:
                message = (
                    f"{kind} {name!r} is already in {other}; remove one, or give it its own id"
                )
                problems.append(_at(file, (*path, "id"), message))
    return problems


def references(model: BaseModel, path: Path_ = ()) -> Iterator[tuple[Ref | Concept, str, Path_]]:
    """Yield every marked value below a record, with its mark and its path."""
    yield from marked_values(type(model), model.model_dump(), path)


def check(records: Records) -> list[Problem]:
    """Return everything that is wrong between the records."""
    found, problems = index(records)
    problems += _check_references(records)
    problems += _check_supports(records)
    problems += _check_concept_links(records)
    problems += _check_claims(found)
    problems += _check_circles(found)
    return problems


def _at(file: RecordFile, path: Path_, message: str) -> Problem:
    return Problem(file.name, file.document.line(path), shown(path), message)


def _check_references(records: Records) -> list[Problem]:
    known: defaultdict[str, set[str]] = defaultdict(set)
    for file in records.files:
        for kind, name, _ in _ids(file):
            known[kind].add(name)
    problems = []
    for file in records.files:
        for mark, value, path in marked_values(FILE_FORMS[file.kind], file.document.data):
            if isinstance(mark, Ref):
                kind, otherwise = mark.kind, f"; correct it, or add it to {FOLDERS[mark.kind]}/"
            else:
                kind, otherwise = f"concept of {mark.scheme}", "; see concepts/ for the list"
            if value not in known[kind] | records.ids_of_broken_files:
                message = f"no {kind} has the id {value!r}{near(value, known[kind], otherwise)}"
                problems.append(_at(file, path, message))
    return problems


def _check_supports(records: Records) -> list[Problem]:
    problems = []
    for file in records.files:
        for _, record, path in walk_records(file):
            fields = set(type(record).model_fields)
            for number, citation in enumerate(getattr(record, "citations", [])):
                for position, name in enumerate(citation.supports):
                    if name not in fields:
                        where = (*path, "citations", number, "supports", position)
                        message = f"{name!r} is no field of this record{near(name, fields)}"
                        problems.append(_at(file, where, message))
    return problems


def _check_concept_links(records: Records) -> list[Problem]:
    """Check what concepts say of each other: broader within a scheme, answers across."""
    problems: list[Problem] = []
    names: defaultdict[str, set[str]] = defaultdict(set)
    for file in records.of_kind("concepts"):
        for kind, name, _ in _ids(file):
            names[kind].add(name)
    reach = names["concept of responsibility"] | names["concept of cause"]
    for file in records.of_kind("concepts"):
        data = file.document.data if isinstance(file.document.data, dict) else {}
        for scheme, concepts, path in _concept_lists(data):
            own = names[f"concept of {scheme}"]
            for number, concept in enumerate(concepts if isinstance(concepts, list) else ()):
                if isinstance(concept, dict):
                    here = (*path, number)
                    problems += _concept_problems(file, scheme, concept, here, own, reach)
    return problems


def _concept_problems(
    file: RecordFile,
    scheme: str,
    concept: dict[str, Any],
    path: Path_,
    own: set[str],
    reach: set[str],
) -> Iterator[Problem]:
    broader, answers = concept.get("broader"), concept.get("answers")
    if isinstance(broader, str) and broader not in own:
        message = f"no concept of {scheme} has the id {broader!r}{near(broader, own)}"
        yield _at(file, (*path, "broader"), message)
    targets = [((*path, "responsibility"), concept.get("responsibility"))]
    targets += [((*path, "answers", n), one) for n, one in enumerate(answers or ())]
    for where, target in targets:
        if isinstance(target, str) and target not in reach:
            message = f"{target!r} is no responsibility or cause{near(target, reach)}"
            yield _at(file, where, message)


def _check_claims(found: Index) -> list[Problem]:
    problems = []
    for event, place in found.records["event"].values():
        if event.follows_claim in found.records["claim"]:
            claim = found.get("claim", event.follows_claim)
            if claim.about != event.id:
                message = f"claim {claim.id!r} is about event {claim.about!r}, not this one"
                problems.append(_at(place.file, (*place.path, "follows_claim"), message))
            elif claim.status != "live":
                message = f"claim {claim.id!r} is {claim.status}; an event follows a live claim"
                problems.append(_at(place.file, (*place.path, "follows_claim"), message))
            elif claim.property.value == "date" and claim.date != event.date:
                message = f"{event.date!r} is not the date of claim {claim.id!r} ({claim.date!r})"
                problems.append(_at(place.file, (*place.path, "date"), message))
    return problems


def _check_circles(found: Index) -> list[Problem]:
    """Return a problem for each record that is, step by step, part of itself."""
    problems = []
    for kind, field in (("actor", "part_of"), ("place", "within"), ("crisis", "part_of")):
        for name, (record, place) in found.records[kind].items():
            seen, current = [name], getattr(record, field)
            while current in found.records[kind] and current not in seen:
                seen.append(current)
                current = getattr(found.get(kind, current), field)
            if current == name:
                message = f"{' -> '.join([*seen, name])} goes in a circle"
                problems.append(_at(place.file, (*place.path, field), message))
    return problems


__all__ = ["COLLECTIONS", "Index", "Place_", "check", "index", "references", "walk_records"]
