"""JSON Schemas of the record files, so that editors complete and check fields while one types.

``python -m crisisgov.loaders.records.schema`` writes ``schema/*.schema.json`` in the
seeds folder anew: the fields and their meaning from the record forms, the closed
lists from ``concepts/``.

A schema sees what an editor's YAML parser yields, while the build reads every value
as text. So a field of text accepts an unquoted number or ``true`` as well (``article:
35``), an unquoted year is a date, and a number in quotes is not a number. Rules
between fields and records are not in the schemas: ``crisisgov validate`` checks
everything.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from crisisgov.errors import CrisisgovError, InputError, RecordErrors
from crisisgov.loaders.records.form import item_of, model_of, unwrapped
from crisisgov.loaders.records.index import FOLDERS
from crisisgov.loaders.records.model import FILE_FORMS, Concept, Ref, SchemeRecord
from crisisgov.loaders.records.model.base import Edtf
from crisisgov.loaders.records.read import SUFFIX, read_file
from crisisgov.ontology import dates

BASE = "https://w3id.org/crisisgov/schema/"
"""Where the schemas are published."""

_EDTF_MARK = Edtf.__metadata__[0]  # type: ignore[attr-defined]  # of Annotated

Schemes = Mapping[str, SchemeRecord]
Json = dict[str, Any]


class _Plain(GenerateJsonSchema):
    """Without a title for each field: it would only repeat the field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return that no field gets a title."""
        return False


def read_schemes(folder: Path) -> dict[str, SchemeRecord]:
    """Read the concept schemes of a seeds folder, by id.

    :raises RecordErrors: if a concept file is not right
    :raises InputError: if there is none
    """
    schemes, problems = {}, []
    for path in sorted((folder / "concepts").rglob(f"*{SUFFIX}")):
        file, found = read_file(path, path.relative_to(folder).as_posix(), "concepts")
        problems += found
        if file is not None and not found:
            content: Any = file.content
            schemes.update({scheme.id: scheme for scheme in content.all_schemes()})
    if problems:
        raise RecordErrors(problems)
    if not schemes:
        raise InputError(f"{folder / 'concepts'} holds no concept schemes")
    return schemes


def schemas(schemes: Schemes) -> dict[str, Json]:
    """Return the schema of each kind of file, by the folder in which such files lie.

    :raises InputError: if a field takes its values from a scheme that is not there
    """
    return {kind: _schema(kind, form, schemes) for kind, form in FILE_FORMS.items()}


def _schema(kind: str, form: type[BaseModel], schemes: Schemes) -> Json:
    made = form.model_json_schema(schema_generator=_Plain)
    definitions = made.setdefault("$defs", {})
    shared: Json = {}
    for model in _models(form):
        own = made if model is form else definitions[model.__name__]
        for name, field in model.model_fields.items():
            node = own["properties"][name]
            _refine(node, field.annotation, tuple(field.metadata), shared, schemes)
    definitions.update(shared)
    made["$defs"] = dict(sorted(definitions.items()))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}{kind}.schema.json",
        "$comment": "Written by python -m crisisgov.loaders.records.schema; do not edit.",
        **_one_line_descriptions(made),
    }


def _models(
    form: type[BaseModel], seen: set[type[BaseModel]] | None = None
) -> list[type[BaseModel]]:
    """Return a form and every form inside it, each once."""
    seen = set() if seen is None else seen
    if form in seen:
        return []
    seen.add(form)
    result = [form]
    for field in form.model_fields.values():
        inner = model_of(item_of(field.annotation) or field.annotation)
        result += _models(inner, seen) if inner else []
    return result


def _refine(
    node: Json, annotation: Any, marks: tuple[Any, ...], shared: Json, schemes: Schemes
) -> None:
    """Tell a field's schema what pydantic does not know: closed lists, ids, dates, YAML's types."""
    for option in node.get("anyOf", ()):
        _refine(option, annotation, marks, shared, schemes)
    bare, inner = unwrapped(annotation)
    marks = (*marks, *inner)
    if node.get("type") == "array":
        _refine(node["items"], item_of(bare), (), shared, schemes)
    elif node.get("type") == "string" and "enum" not in node:
        special = next(filter(None, (_definition(mark, schemes) for mark in marks)), None)
        if special is not None:
            name, definition = special
            shared[name] = definition
            del node["type"]
            node["$ref"] = f"#/$defs/{name}"
        elif "pattern" not in node:
            node["type"] = ["string", "number", "boolean"]
        else:
            if re.search(node["pattern"], "12"):
                node["type"] = ["string", "number"]
            # ECMA's regular expressions know no escaped quotation mark
            node["pattern"] = node["pattern"].replace('\\"', '"')


def _definition(mark: Any, schemes: Schemes) -> tuple[str, Json] | None:
    """Return the name and schema of what a mark stands for."""
    if isinstance(mark, Concept):
        if mark.scheme not in schemes:
            raise InputError(f"concepts/ has no scheme {mark.scheme!r}, which records refer to")
        scheme = schemes[mark.scheme]
        return f"concept-{scheme.id}", {
            "description": scheme.definition,
            "enum": [concept.id for concept in scheme.concepts],
            "enumDescriptions": [concept.definition for concept in scheme.concepts],
        }
    if isinstance(mark, Ref):
        name = mark.kind.replace(" ", "-")
        text = (
            f"The id of {'an' if name[0] in 'aeiou' else 'a'} {mark.kind} in {FOLDERS[mark.kind]}/."
        )
        return f"id-of-{name}", {"description": text, "type": "string"}
    return ("date", date_schema()) if mark == _EDTF_MARK else None


def date_schema() -> Json:
    """Return the schema of a date: its form, not whether there is such a day."""
    single = re.sub(r"\?P<\w+>|\s+", "", dates.FORM.pattern).replace(r"\d", "[0-9]")
    side = rf"({single}|\.\.)"
    return {
        "description": "A date, its parts, an interval or one of several, in the EDTF profile of "
        "ontology/dates.py. Write no more than the source gives.",
        "type": ["string", "integer"],
        "pattern": rf"^\s*({single}|{side}/{side}|\[\s*{single}(\s*,\s*{single})+\s*\])\s*$",
        "examples": [
            "2019-12-31",
            "2020-01-23T02:00+08:00",
            "2020-01-15/2020-01-17",
            "[2019-12-29,2019-12-30]",
            "2019-12",
            "2019-12-2X",
            "2020-01-03?",
        ],
    }


def _one_line_descriptions(node: Any) -> Any:
    """Return a schema whose descriptions are plain lines, not text from a docstring."""
    if isinstance(node, list):
        return [_one_line_descriptions(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    return {
        key: " ".join(value.replace("``", "`").split())
        if key == "description" and isinstance(value, str)
        else _one_line_descriptions(value)
        for key, value in node.items()
    }


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of each schema that belongs into a seeds folder."""
    for kind, schema in schemas(read_schemes(folder)).items():
        path = folder / "schema" / f"{kind}.schema.json"
        yield path, json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the schemas of a seeds folder (the package's own, or the one named) anew."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else str(files("crisisgov") / "seeds"))
    try:
        for path, text in list(texts(folder)):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path)
    except CrisisgovError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
