"""What must hold between records: ids are unique, references exist, concepts are in their list."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from crisisgov.errors import Problem
from crisisgov.loaders.records.model import (
    ActorFile,
    Concept,
    ConceptFile,
    CrisisFile,
    Event,
    NormFile,
    PlaceFile,
    Ref,
    SourceFile,
)
from crisisgov.loaders.records.read import RecordFile, Records
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


@dataclass(frozen=True)
class Place_:
    """Where a record stands."""

    file: RecordFile
    path: Path_


@dataclass
class Index:
    """Every record by kind and id, and every concept by scheme."""

    records: dict[str, dict[str, tuple[Any, Place_]]]
    concepts: dict[str, dict[str, Any]]

    def get(self, kind: str, name: str) -> Any:
        """Return the record of that kind and id; KeyError when there is none."""
        return self.records[kind][name][0]


def walk_records(file: RecordFile) -> Iterator[tuple[str, Any, Path_]]:
    """Yield kind, record and path of every record with an id in a file (concepts apart)."""
    for section, kind in COLLECTIONS.get(file.kind, ()):
        for number, record in enumerate(getattr(file.content, section)):
            yield kind, record, (section, number)
    if isinstance(file.content, CrisisFile) and file.content.crisis is not None:
        yield "crisis", file.content.crisis, ("crisis",)


def index(records: Records) -> tuple[Index, list[Problem]]:
    """Return the index of all records and the problems of ids given twice."""
    found: dict[str, dict[str, tuple[Any, Place_]]] = {
        kind: {} for pairs in COLLECTIONS.values() for _, kind in pairs
    }
    found["crisis"] = {}
    concepts: dict[str, dict[str, Any]] = {}
    problems = []
    for file in records.files:
        if isinstance(file.content, ConceptFile):
            for scheme in file.content.all_schemes():
                if scheme.id in concepts:
                    problems.append(
                        Problem(file.name, 1, scheme.id, "scheme is defined twice; keep one")
                    )
                concepts[scheme.id] = {concept.id: concept for concept in scheme.concepts}
                if len(concepts[scheme.id]) != len(scheme.concepts):
                    problems.append(Problem(file.name, 1, scheme.id, "holds an id twice"))
        for kind, record, path in walk_records(file):
            line = file.document.line((*path, "id"))
            if record.id in found[kind]:
                other = found[kind][record.id][1]
                first = f"{other.file.name}:{other.file.document.line((*other.path, 'id'))}"
                problems.append(
                    Problem(file.name, line, "id", f"{kind} {record.id!r} is already in {first}")
                )
            else:
                found[kind][record.id] = (record, Place_(file, path))
    return Index(found, concepts), problems


def references(model: BaseModel, path: Path_ = ()) -> Iterator[tuple[Ref | Concept, str, Path_]]:
    """Yield every marked value below a record, with its mark and its path."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        marks = [*info.metadata, *_marks_inside(info.annotation)]
        mark = next((m for m in marks if isinstance(m, Ref | Concept)), None)
        yield from _values(value, (*path, name), mark)


def _marks_inside(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _marks_inside(inner)


def _values(
    value: Any, path: Path_, mark: Ref | Concept | None
) -> Iterator[tuple[Ref | Concept, str, Path_]]:
    if isinstance(value, BaseModel):
        yield from references(value, path)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _values(item, (*path, number), mark)
    elif isinstance(value, str) and mark is not None:
        yield mark, value, path


def check(records: Records) -> list[Problem]:
    """Return everything that is wrong between the records."""
    found, problems = index(records)
    for file in records.files:
        for mark, value, path in references(file.content):
            known = (
                found.records.get(mark.kind, {})
                if isinstance(mark, Ref)
                else found.concepts.get(mark.scheme, {})
            )
            if value not in known:
                what = mark.kind if isinstance(mark, Ref) else f"concept of {mark.scheme}"
                problems.append(_at(file, path, f"no {what} has the id {value!r}{_near(value, known)}"))
    problems += _check_supports(records)
    problems += _check_concept_links(records, found)
    problems += _check_claims(found)
    problems += _check_circles(found)
    return problems


def _at(file: RecordFile, path: Path_, message: str) -> Problem:
    shown = ".".join(str(step) for step in path)
    return Problem(file.name, file.document.line(path), shown, message)


def _near(value: str, known: Any) -> str:
    close = difflib.get_close_matches(value, list(known), n=2)
    if close:
        return f"; did you mean {' or '.join(close)}?"
    return f"; there are {', '.join(sorted(known))}" if 0 < len(known) <= 12 else ""


def _check_supports(records: Records) -> list[Problem]:
    problems = []
    for file in records.files:
        for _, record, path in walk_records(file):
            fields = set(type(record).model_fields)
            for number, citation in enumerate(getattr(record, "citations", [])):
                for position, name in enumerate(citation.supports):
                    if name not in fields:
                        where = (*path, "citations", number, "supports", position)
                        message = f"{name!r} is no field of this record{_near(name, fields)}"
                        problems.append(_at(file, where, message))
    return problems


def _check_concept_links(records: Records, found: Index) -> list[Problem]:
    problems = []
    for file in records.of_kind("concepts"):
        assert isinstance(file.content, ConceptFile)
        for scheme in file.content.all_schemes():
            own = found.concepts[scheme.id]
            reach = {**found.concepts.get("responsibility", {}), **found.concepts.get("cause", {})}
            for concept in scheme.concepts:
                if concept.broader is not None and concept.broader not in own:
                    message = f"broader {concept.broader!r} is not in scheme {scheme.id}"
                    problems.append(Problem(file.name, 1, concept.id, message))
                for target in [*concept.answers, *filter(None, [concept.responsibility])]:
                    if target not in reach:
                        message = f"{target!r} is no responsibility or cause{_near(target, reach)}"
                        problems.append(Problem(file.name, 1, concept.id, message))
    return problems


def _check_claims(found: Index) -> list[Problem]:
    problems = []
    for event, place in found.records["event"].values():
        assert isinstance(event, Event)
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


__all__ = ["ActorFile", "Index", "NormFile", "PlaceFile", "SourceFile", "check", "index", "references"]
