"""``crisisgov new``: what is written is right, and nothing else in the file changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crisisgov.errors import InputError, UsageError
from crisisgov.loaders.curation.skeleton import Skeleton, write
from crisisgov.loaders.records.problems import problems_of
from crisisgov.loaders.records.read import load
from tests.loaders.records.small_seeds import FILES, Seeds


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    seeds = Seeds(tmp_path / "seeds")
    for name, content in FILES.items():
        seeds.write(name, content)
    return seeds


def event(**changes: Any) -> Skeleton:
    values = {
        "id": "wuhan-notice-2020-01-05",
        "kind": ["disclosure"],
        "label": {"en": "Second notice: a colon"},
        "summary": 'It says "none found": nothing new.',
        "date": "2020-01-05",
        "audience": ["public"],
        "checked": "unverified",
        "citations": [{"source": "whc-notice", "says": "No more."}],
    }
    return Skeleton("event", {**values, **changes}, "covid-19-wuhan")


def test_an_event_comes_at_the_end_of_the_events_and_changes_no_other_line(seeds: Seeds) -> None:
    file = seeds.folder / "crises/wuhan.yaml"
    before = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    write(event(), file)
    after = file.read_text(encoding="utf-8").split("\n")
    assert after[: len(before)] == before
    assert [one.id for one in load(seeds.folder).files[2].content.events] == [  # type: ignore[attr-defined]
        "wuhan-notice-2019-12-31",
        "wuhan-notice-2020-01-05",
    ]


def test_a_section_in_the_middle_of_a_file_grows_where_it_stands(seeds: Seeds) -> None:
    file = seeds.folder / "crises/wuhan.yaml"
    claims = "\n# What is disputed\nclaims: []\n"
    file.write_text(file.read_text(encoding="utf-8") + claims, encoding="utf-8")
    write(event(), file)
    text = file.read_text(encoding="utf-8")
    assert text.endswith(claims)
    assert text.index("wuhan-notice-2020-01-05") < text.index("# What is disputed")


def test_a_new_file_names_its_schema_and_its_crisis(seeds: Seeds) -> None:
    file = seeds.folder / "crises/wuhan/later.yaml"
    write(event(), file)
    first, second, *_ = file.read_text(encoding="utf-8").split("\n")
    assert first == "# yaml-language-server: $schema=../../schema/crises.schema.json"
    assert second == "crisis_id: covid-19-wuhan"
    assert problems_of([seeds.folder]) == []


@pytest.mark.parametrize(
    ("kind", "file", "values"),
    [
        (
            "source",
            "sources/new.yaml",
            {
                "id": "xinhua-2020-01-05",
                "title": {"en": "A report"},
                "publisher": "Xinhua",
                "kind": "notice",
                "language": "zh",
                "standing": "weak",
            },
        ),
        ("actor", "actors/new.yaml", {"id": "who", "kind": "organisation", "label": {"en": "WHO"}}),
        (
            "crisis",
            "crises/flood/crisis.yaml",
            {
                "id": "flood-2021",
                "label": {"en": "Flood"},
                "summary": "A flood.",
                "hazard": ["infectious-disease"],
                "place": "CN",
                "period": {"begin": "2021-07-20"},
                "citations": [{"source": "whc-notice"}],
            },
        ),
    ],
)
def test_every_kind_of_skeleton_is_right_as_it_stands(
    seeds: Seeds, kind: str, file: str, values: dict[str, Any]
) -> None:
    write(Skeleton(kind, values), seeds.folder / file)
    assert problems_of([seeds.folder]) == []
    assert "# what else may stand here:" in (seeds.folder / file).read_text(encoding="utf-8")


def test_a_record_that_would_be_wrong_is_not_written_and_all_its_problems_are_named(
    seeds: Seeds,
) -> None:
    file = seeds.folder / "crises/wuhan.yaml"
    before = file.read_bytes()
    wrong = event(date="2020-01-99", citations=[{"source": "whc-notise"}])
    with pytest.raises(InputError) as error:
        write(wrong, file)
    assert "day 99" in str(error.value)
    assert "did you mean whc-notice?" in str(error.value)
    assert file.read_bytes() == before


def test_a_new_file_is_gone_again_when_its_record_would_be_wrong(seeds: Seeds) -> None:
    file = seeds.folder / "crises/new.yaml"
    with pytest.raises(InputError):
        write(event(id="wuhan-notice-2019-12-31"), file)
    assert not file.exists()


def test_an_event_in_the_folder_of_sources_is_refused(seeds: Seeds) -> None:
    with pytest.raises(UsageError, match="stands below crises/"):
        write(event(), seeds.folder / "sources/sources.yaml")


def test_a_new_file_of_events_needs_its_crisis(seeds: Seeds) -> None:
    with pytest.raises(UsageError, match="--crisis"):
        write(Skeleton("event", event().values), seeds.folder / "crises/new.yaml")
