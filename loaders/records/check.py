"""What must hold between records: ids are unique, references exist, concepts are in their list.

Ids and references are taken from the plain data, so that they are checked in
records that are wrong elsewhere, too; rules about what records mean together
(:mod:`crisisgov.loaders.records.meaning`) are checked on the records that are
right in themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from crisisgov.errors import Problem
from crisisgov.loaders.records import meaning
from crisisgov.loaders.records.files import RecordFile, Records
from crisisgov.loaders.records.form import marked_values
from crisisgov.loaders.records.index import (
    FOLDERS,
    at,
    concept_lists,
    ids_of_file,
    index,
    walk_records,
)
from crisisgov.loaders.records.messages import near
from crisisgov.loaders.records.model import FILE_FORMS, Concept, Ref
from crisisgov.loaders.records.yaml_source import Path_


def references(model: BaseModel, path: Path_ = ()) -> Iterator[tuple[Ref | Concept, str, Path_]]:
    """Yield every marked value below a record, with its mark and its path."""
    yield from marked_values(type(model), model.model_dump(), path)


def check(records: Records) -> list[Problem]:
    """Return everything that is wrong between the records."""
    found, problems = index(records)
    problems += _check_references(records)
    problems += _check_supports(records)
    problems += _check_concept_links(records)
    problems += meaning.problems(found)
    return problems


def _check_references(records: Records) -> list[Problem]:
    known: defaultdict[str, set[str]] = defaultdict(set)
    for file in records.files:
        for kind, name, _ in ids_of_file(file):
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
                problems.append(at(file, path, message))
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
                        problems.append(at(file, where, message))
    return problems


def _check_concept_links(records: Records) -> list[Problem]:
    """Check what concepts say of each other: broader within a scheme, answers across."""
    problems: list[Problem] = []
    names: defaultdict[str, set[str]] = defaultdict(set)
    for file in records.of_kind("concepts"):
        for kind, name, _ in ids_of_file(file):
            names[kind].add(name)
    reach = names["concept of responsibility"] | names["concept of cause"]
    for file in records.of_kind("concepts"):
        data = file.document.data if isinstance(file.document.data, dict) else {}
        for scheme, concepts, path in concept_lists(data):
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
        yield at(file, (*path, "broader"), message)
    targets = [((*path, "responsibility"), concept.get("responsibility"))]
    targets += [((*path, "answers", n), one) for n, one in enumerate(answers or ())]
    for where, target in targets:
        if isinstance(target, str) and target not in reach:
            message = f"{target!r} is no responsibility or cause{near(target, reach)}"
            yield at(file, where, message)


__all__ = ["check", "references"]
