"""The JSON Schemas accept what the build accepts, and complete what the lists hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crisisgov.errors import InputError
from crisisgov.loaders.records.model import FILE_FORMS, SchemeRecord
from crisisgov.loaders.records.read import load
from crisisgov.loaders.records.schema import date_schema, schemas, texts
from crisisgov.ontology.dates import EdtfError, parse

SCHEMES = (
    "audience cause certainty channel check date-kind failure-type force function hazard "
    "knowledge-basis level measure-type remedy responsibility source-kind stance standing topic "
    "treatment"
).split()


class EditorLoader(yaml.SafeLoader):
    """YAML as editors read it: numbers, true, false and null, but no dates (YAML 1.2, core)."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in pairs if not tag.endswith((":timestamp", ":bool"))]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"]
)


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, Any]]:
    def scheme(name: str) -> SchemeRecord:
        concept = {"label": {"en": "A"}, "definition": f"What {name} means.", "example": "A."}
        return SchemeRecord.model_validate(
            {
                "id": name,
                "label": {"en": name},
                "definition": f"The list {name}.",
                "concepts": [{"id": f"{name}-one", **concept}, {"id": "read", **concept}],
            }
        )

    return schemas({name: scheme(name) for name in SCHEMES})


def errors(schema: dict[str, Any], text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema)
    return [error.json_path for error in validator.iter_errors(yaml.load(text, EditorLoader))]


def test_there_is_a_right_schema_for_every_folder(made: dict[str, dict[str, Any]]) -> None:
    assert set(made) == set(FILE_FORMS)
    for kind, schema in made.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$id"].endswith(f"/{kind}.schema.json")


def test_a_closed_list_is_offered_with_its_meanings(made: dict[str, dict[str, Any]]) -> None:
    schema = made["crises"]
    item = schema["$defs"]["ContentItem"]["properties"]

    assert item["stance"] == {"$ref": "#/$defs/concept-stance"}
    assert schema["$defs"]["concept-stance"] == {
        "description": "The list stance.",
        "enum": ["stance-one", "read"],
        "enumDescriptions": ["What stance means.", "What stance means."],
    }
    assert schema["$defs"]["Event"]["properties"]["serves"]["items"] == {
        "$ref": "#/$defs/concept-responsibility"
    }


def test_fields_are_described_by_their_docstrings(made: dict[str, dict[str, Any]]) -> None:
    event = made["crises"]["$defs"]["Event"]

    assert event["properties"]["summary"]["description"] == "What happened, in our own words."
    assert event["properties"]["actor"]["items"] == {"$ref": "#/$defs/id-of-actor"}
    assert made["crises"]["$defs"]["id-of-actor"]["description"] == "The id of an actor in actors/."
    assert "checked" in event["required"]
    assert "end" not in event["required"]


def test_a_list_that_no_concept_file_defines_is_named() -> None:
    with pytest.raises(InputError, match=r"has no scheme .* which records refer to"):
        schemas({})


SOURCE = """\
sources:
  - {{id: a, title: {{en: A}}, publisher: {publisher}, kind: read, language: zh, standing: read,
     date: {date}, author: {author}}}
"""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "2020"),
        ("date", "2020-01-23"),
        ("date", "'2020-01-23T02:00+08:00'"),
        ("date", "'[2020-01-01, 2020-01-03]'"),
        ("date", "../2020-01"),
        ("date", "null"),
        ("publisher", "35"),
        ("publisher", "1.10"),
        ("author", "true"),
        ("author", "NO"),
    ],
)
def test_what_the_build_reads_as_text_is_accepted_unquoted(
    field: str, value: str, made: dict[str, dict[str, Any]]
) -> None:
    values = {"publisher": "WHO", "date": "2020-01", "author": "A", field: value}

    assert errors(made["sources"], SOURCE.format(**values)) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "31.12.2019"),
        ("date", "2020-1-3"),
        ("date", "2020-01-03/"),
        ("publisher", "null"),
        ("publisher", "[a]"),
        ("author", "{a: b}"),
    ],
)
def test_what_the_build_refuses_is_refused(
    field: str, value: str, made: dict[str, dict[str, Any]]
) -> None:
    values = {"publisher": "WHO", "date": "2020-01", "author": "A", field: value}

    assert errors(made["sources"], SOURCE.format(**values)) == [f"$.sources[0].{field}"]


def test_unknown_fields_and_concepts_are_refused(made: dict[str, dict[str, Any]]) -> None:
    text = SOURCE.format(publisher="WHO", date="2020", author="A")

    assert errors(made["sources"], text.replace("author", "autor")) == ["$.sources[0]"]
    assert errors(made["sources"], text.replace("kind: read", "kind: red")) == ["$.sources[0].kind"]


@given(st.text("0123456789X-T:/[],.?~%Z+ ", max_size=24))
def test_the_pattern_of_dates_refuses_nothing_that_the_build_accepts(text: str) -> None:
    try:
        parse(text)
    except EdtfError:
        return

    jsonschema.validate(text, date_schema())


def curated(checkout: Path) -> Iterator[tuple[str, Path]]:
    for kind in FILE_FORMS:
        yield from ((kind, path) for path in sorted((checkout / "seeds" / kind).rglob("*.yaml")))


@pytest.mark.curated
def test_the_schemas_in_seeds_are_what_the_forms_and_lists_say(checkout: Path) -> None:
    made = dict(texts(checkout / "seeds"))
    old = [
        path.name
        for path, text in made.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]

    assert sorted((checkout / "seeds/schema").iterdir()) == sorted(made)
    assert old == [], "run make schema"


@pytest.mark.curated
def test_every_curated_file_fits_its_schema(checkout: Path) -> None:
    wrong, read = [], 0
    for kind, path in curated(checkout):
        schema = json.loads((checkout / f"seeds/schema/{kind}.schema.json").read_text("utf-8"))
        found = errors(schema, path.read_text(encoding="utf-8"))
        wrong += [f"{path.relative_to(checkout)}: {where}" for where in found]
        read += 1

    assert read > 10
    assert wrong == []


@pytest.mark.curated
def test_every_curated_file_names_its_schema_in_its_first_line(checkout: Path) -> None:
    wrong = []
    for kind, path in curated(checkout):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        schema = checkout / f"seeds/schema/{kind}.schema.json"
        if named is None or (path.parent / named[1]).resolve() != schema.resolve():
            wrong.append(path.relative_to(checkout).as_posix())

    assert wrong == []


@pytest.mark.curated
def test_every_curated_record_is_right(checkout: Path) -> None:
    assert len(load(checkout / "seeds").files) > 10
