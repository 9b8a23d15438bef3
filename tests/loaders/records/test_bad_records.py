"""Every kind of bad record is listed as ``file:line: field: what is wrong and what is right``.

Line numbers were counted by hand in small_seeds.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crisisgov.errors import InputError
from crisisgov.loaders.records.messages import PATTERN_WORDS
from crisisgov.loaders.records.model import FILE_FORMS
from crisisgov.loaders.records.read import load
from tests.loaders.records.small_seeds import Seeds

CRISIS, ACTORS = "crises/wuhan.yaml", "actors/actors.yaml"


def test_right_records_have_no_problems(seeds: Seeds) -> None:
    assert seeds.problems() == []
    assert len(load(seeds.folder).files) == 5


@pytest.mark.parametrize(
    ("file", "right", "wrong", "message"),
    [
        pytest.param(
            CRISIS,
            "    audience: [public]",
            "    audiense: [public]\n    audience: [public]",
            "crises/wuhan.yaml:16: events.0.audiense: is no field of this record; "
            "did you mean audience?",
            id="wrong field",
        ),
        pytest.param(
            ACTORS,
            "{id: wuhan-cdc, kind: body,",
            "{id: wuhan-cdc, kind: body, zeta: 1,",
            "actors/actors.yaml:2: actors.0.zeta: is no field of this record; its fields are id, "
            "kind, label, function, level, native_level, jurisdiction, part_of, reports_to, "
            "acts_for, existed, succeeds, identifiers, note",
            id="wrong field unlike any",
        ),
        pytest.param(
            CRISIS,
            "    summary: The commission tells the public of 27 cases.\n",
            "",
            "crises/wuhan.yaml:10: events.0.summary: is missing; it is required "
            "(What happened, in our own words)",
            id="missing field",
        ),
        pytest.param(
            CRISIS,
            "    summary: The commission tells the public of 27 cases.\n",
            "    summary:\n",
            "crises/wuhan.yaml:13: events.0.summary: is empty; give it a value; it is required "
            "(What happened, in our own words)",
            id="empty field",
        ),
        pytest.param(
            CRISIS,
            "actor: [wuhan-health-commission]",
            "actor: [wuhan-health-comission]",
            "crises/wuhan.yaml:15: events.0.actor.0: no actor has the id "
            "'wuhan-health-comission'; did you mean wuhan-health-commission?",
            id="unknown actor",
        ),
        pytest.param(
            CRISIS,
            "{source: whc-notice, supports",
            "{source: who-report, supports",
            "crises/wuhan.yaml:22: events.0.citations.0.source: no source has the id "
            "'who-report'; there are whc-notice",
            id="unknown source",
        ),
        pytest.param(
            CRISIS,
            "place: CN-HB-wuhan",
            "place: FR",
            "crises/wuhan.yaml:6: crisis.place: no place has the id 'FR'; "
            "there are CN, CN-HB-wuhan",
            id="unknown place",
        ),
        pytest.param(
            CRISIS,
            "stance: none-found",
            "stance: none_found",
            "crises/wuhan.yaml:19: events.0.conveys.1.stance: no concept of stance has the id "
            "'none_found'; did you mean none-found?",
            id="unknown concept",
        ),
        pytest.param(
            CRISIS,
            'date: "2019-12-31"',
            'date: "2019-11-31"',
            "crises/wuhan.yaml:14: events.0.date: '2019-11-31' does not exist: "
            "day 31 is not between 01 and 30",
            id="impossible date",
        ),
        pytest.param(
            CRISIS,
            'date: "2019-12-31"',
            "date: 31 Dec 2019",
            "crises/wuhan.yaml:14: events.0.date: '31 Dec 2019' is not a date that is understood "
            "here; expected a form such as 2019, 2019-12, 2019-12-31, 2019-12-31T13:38+08:00, "
            "2019-12-2X, 2019-12-30/2020-01-02, [2019-12-30,2020-01-02] or 2020-01-03?",
            id="date in another form",
        ),
        pytest.param(
            CRISIS,
            'date: "2019-12-31"',
            'date: "2019-12-31"\n    end: "2019-12-30"',
            "crises/wuhan.yaml:15: events.0.end: end 2019-12-30 lies before date 2019-12-31; "
            "an event ends at or after its date",
            id="end before start",
        ),
        pytest.param(
            CRISIS,
            'end: "2020-04"}',
            'end: "2019-04"}',
            "crises/wuhan.yaml:7: crisis.period.end: end 2019-04 lies before begin 2019-12; "
            "swap or correct them",
            id="period that ends before it begins",
        ),
        pytest.param(
            ACTORS,
            "actors:\n",
            "actors:\n  - {id: wuhan-cdc, kind: body, label: {en: Twice}}\n",
            "actors/actors.yaml:3: actors.1.id: actor 'wuhan-cdc' is already in "
            "actors/actors.yaml:2; remove one, or give it its own id",
            id="duplicate id",
        ),
        pytest.param(
            ACTORS,
            "id: wuhan-cdc,",
            "id: Wuhan CDC,",
            "actors/actors.yaml:2: actors.0.id: 'Wuhan CDC' is not an id: lower-case letters a-z "
            "and digits in words joined by single hyphens, as in wuhan-notice-2019-12-31",
            id="id in another form",
        ),
        pytest.param(
            CRISIS,
            "kind: [disclosure]",
            "kind: [disclosur]",
            "crises/wuhan.yaml:11: events.0.kind.0: 'disclosur' is not in the list; "
            "did you mean disclosure?",
            id="unknown kind",
        ),
        pytest.param(
            CRISIS,
            "audience: [public]",
            "audience: public",
            "crises/wuhan.yaml:16: events.0.audience: must be a list; begin each entry with `- ` "
            "or write [a, b], not 'public'",
            id="one where many are meant",
        ),
        pytest.param(
            CRISIS,
            "    label: {en: First public notice}",
            "    label: First public notice",
            "crises/wuhan.yaml:12: events.0.label: must be a record with fields "
            "(`name: value`), not 'First public notice'",
            id="text where a record is meant",
        ),
        pytest.param(
            CRISIS,
            "stance: affirms}",
            "stance: affirms, value: many}",
            "crises/wuhan.yaml:18: events.0.conveys.0.value: must be a number such as 27 or 1.5, "
            "without thousands separators, not 'many'",
            id="words where a number is meant",
        ),
        pytest.param(
            CRISIS,
            "    checked: read\n",
            "    response_level: 9\n    checked: read\n",
            "crises/wuhan.yaml:20: events.0.response_level: must be at most 5, not 9",
            id="number out of range",
        ),
        pytest.param(
            CRISIS,
            "supports: [date, conveys]",
            "supports: [date, convey]",
            "crises/wuhan.yaml:22: events.0.citations.0.supports.1: 'convey' is no field of this "
            "record; did you mean conveys?",
            id="support of an unknown field",
        ),
        pytest.param(
            CRISIS,
            "    label: {en: First public notice}",
            "    label: {en: First public notice}\n    label: {en: Notice}",
            "crises/wuhan.yaml:13: events.0.label: given twice (first in line 12); keep one",
            id="field given twice",
        ),
        pytest.param(
            CRISIS,
            "    audience: [public]\n",
            "",
            "crises/wuhan.yaml:10: events.0: a disclosure needs `audience` public or "
            "affected-public",
            id="rule between fields",
        ),
        pytest.param(
            "places/places.yaml",
            "within: CN,",
            "within: CN-HB-wuhan,",
            "places/places.yaml:3: places.1.within: CN-HB-wuhan -> CN-HB-wuhan goes in a circle",
            id="part of itself",
        ),
    ],
)
def test_a_wrong_record_is_named_with_what_would_be_right(
    file: str, right: str, wrong: str, message: str, seeds: Seeds
) -> None:
    seeds.spoil(file, right, wrong)

    assert seeds.problems() == [message]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            "crisis_id: covid-19-wuhan\nevents:\n\t- id: x\n",
            "3: a tab in the indentation; write spaces instead",
            id="tab in the indentation",
        ),
        pytest.param(
            "crisis_id:\tcovid-19-wuhan\n",
            "1: a tab in column 11; write spaces instead",
            id="tab between words",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan\nevents: []\n# Wuhan 武汉\n".encode("gb18030"),
            "3: byte 0xce is not UTF-8; save the file in UTF-8",
            id="wrong encoding",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan # 武\n# 汉\n# 市\n".encode("gb18030"),
            "1: byte 0xce is not UTF-8 (and so in 2 more lines); save the file in UTF-8",
            id="wrong encoding in many lines",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan\n".encode("utf-16"),
            "1: the file is in UTF-16; save it in UTF-8",
            id="UTF-16",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan\nevents:\n  - id: x\n    summary: so: what\n",
            "4: not valid YAML: mapping values are not allowed in this context in column 16; "
            "text that holds a colon and a space needs quotes around it; otherwise compare the "
            "indentation with the line before",
            id="colon in text",
        ),
        pytest.param(
            'crisis_id: "covid-19-wuhan\nevents: []\n',
            "1: not valid YAML: found unexpected end of stream in column 12; "
            "close the quotation mark",
            id="quotation mark not closed",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan\nevents: [\n",
            "3: not valid YAML: did not find expected node content in column 1",
            id="bracket not closed",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan\n  events: []\n",
            "2: not valid YAML: mapping values are not allowed in this context in column 9; "
            "text that holds a colon and a space needs quotes around it; otherwise compare the "
            "indentation with the line before",
            id="wrong indentation",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan\n---\nevents: []\n",
            "2: not valid YAML: found another document in column 1, in what began in line 1; "
            "a file holds one document; remove the line ---",
            id="two documents",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan\nevents: &all []\nclaims: *all\n",
            "3: claims: repeats another place by & and *; write the value out",
            id="alias",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan\nevents: &all [*all]\n",
            "2: events.0: repeats another place by & and *; write the value out",
            id="alias of itself",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan\n? [a]\n: b\n",
            "2: a list or record cannot be the name of a field; write `name: value`",
            id="list as a field's name",
        ),
        pytest.param(
            "crisis_id: covid-19-wuhan # \x01\n",
            "1: holds a control character that text cannot have (0x01); remove it",
            id="control character",
        ),
        pytest.param(
            "# nothing yet\n", "1: the file is empty; it must hold at least one record", id="empty"
        ),
        pytest.param(
            "- covid-19-wuhan\n",
            "1: must be a record with fields (`name: value`), not a list",
            id="list at the top",
        ),
    ],
)
def test_a_file_that_is_no_right_yaml_is_named_with_its_line(
    content: str | bytes, message: str, seeds: Seeds
) -> None:
    seeds.write("crises/new.yaml", content)

    assert seeds.problems() == [f"crises/new.yaml:{message}"]


def test_all_problems_of_all_files_are_listed_together(seeds: Seeds) -> None:
    seeds.spoil(CRISIS, 'date: "2019-12-31"', 'date: "2019-12-31"\n    end: "2019-12-30"')
    seeds.spoil(CRISIS, "    audience: [public]", "    audiense: []\n    audience: [public]")
    seeds.spoil(CRISIS, "actor: [wuhan-health-commission]", "actor: [nobody-here]")
    seeds.spoil(CRISIS, "{source: whc-notice, supports", "{source: whc-notes, supports")
    seeds.spoil(CRISIS, 'begin: "2019-12"', 'begin: "2019-13"')
    seeds.spoil(ACTORS, "id: wuhan-health-commission", "id: wuhan-cdc")
    seeds.write("crises/tab.yaml", "crisis_id:\n\tcovid-19-wuhan\n")
    seeds.write("sources/broken.yaml", "sources:\n  - id: a: b\n")
    seeds.write("norms/latin.yaml", "norms: [] # na\xefve\n".encode("latin-1"))

    found = [line.split(": ")[:2] for line in seeds.problems()]

    assert found == [
        ["actors/actors.yaml:3", "actors.1.id"],
        ["crises/tab.yaml:2", "a tab in the indentation; write spaces instead"],
        ["crises/wuhan.yaml:7", "crisis.period.begin"],
        ["crises/wuhan.yaml:15", "events.0.end"],
        ["crises/wuhan.yaml:16", "events.0.actor.0"],
        ["crises/wuhan.yaml:17", "events.0.audiense"],
        ["crises/wuhan.yaml:24", "events.0.citations.0.source"],
        ["norms/latin.yaml:1", "byte 0xef is not UTF-8; save the file in UTF-8"],
        ["sources/broken.yaml:2", "not valid YAML"],
    ]


def test_a_broken_file_does_not_make_its_records_unknown(seeds: Seeds) -> None:
    seeds.spoil(ACTORS, "label: {en: Wuhan CDC}", "label: {en: Wuhan CDC")

    (problem,) = seeds.problems()

    assert problem.startswith("actors/actors.yaml:3: not valid YAML: did not find expected ','")


def test_a_wrong_record_is_still_known_to_those_that_refer_to_it(seeds: Seeds) -> None:
    seeds.spoil(ACTORS, "label: {en: Health commission}", "label: {zh: 卫健委}")

    assert seeds.problems() == [
        "actors/actors.yaml:3: actors.1.label.en: is missing; it is required"
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("crises/new.yml", "records are kept in .yaml files; rename it"),
        ("crises/new.json", "records are kept in .yaml files; rename it"),
        (
            "new.yaml",
            "lies in no folder of records (actors, concepts, crises, norms, places, sources)",
        ),
        (
            "peoples/new.yaml",
            "lies in no folder of records (actors, concepts, crises, norms, places, sources)",
        ),
    ],
)
def test_a_file_in_a_wrong_place_does_not_vanish(name: str, message: str, seeds: Seeds) -> None:
    seeds.write(name, "crisis_id: covid-19-wuhan\n")

    assert seeds.problems() == [f"{name}:1: {message}"]


def test_notes_schemas_and_hidden_files_are_no_records(seeds: Seeds) -> None:
    for name in ("README.md", "LICENSE", "crises/README.md", "schema/a.json", "crises/.a.swp"):
        seeds.write(name, "no record")

    assert seeds.problems() == []


def test_a_file_that_cannot_be_read_is_a_problem_of_that_file(seeds: Seeds) -> None:
    (seeds.folder / "crises/gone.yaml").symlink_to(seeds.folder / "nowhere")

    assert seeds.problems() == ["crises/gone.yaml:1: cannot be read: No such file or directory"]


def test_a_folder_that_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder of records"):
        load(tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds no records"):
        load(tmp_path)


def test_an_event_that_follows_a_claim_agrees_with_it(seeds: Seeds) -> None:
    seeds.spoil(
        CRISIS,
        "    checked: read\n",
        "    follows_claim: notice-date\n    follows_why: It bears the date.\n    checked: read\n",
    )
    claim = """claims:
  - id: notice-date
    about: {about}
    property: date
    date: "{date}"
    authority: wuhan-health-commission
    status: {status}
    status_why: See the notice.
    checked: read
    citations: [{{source: whc-notice}}]
"""
    text = (seeds.folder / CRISIS).read_text(encoding="utf-8")

    def with_claim(about: str, date: str, status: str) -> list[str]:
        seeds.write(CRISIS, text + claim.format(about=about, date=date, status=status))
        return seeds.problems()

    event = "wuhan-notice-2019-12-31"
    assert with_claim(event, "2019-12-31", "live") == []
    assert with_claim(event, "2019-12-30", "live") == [
        "crises/wuhan.yaml:14: events.0.date: '2019-12-31' is not the date of claim 'notice-date' "
        "('2019-12-30')"
    ]
    assert with_claim(event, "2019-12-31", "rejected") == [
        "crises/wuhan.yaml:20: events.0.follows_claim: claim 'notice-date' is rejected; "
        "an event follows a live claim"
    ]


def test_every_pattern_of_a_field_is_explained_in_words() -> None:
    def patterns(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
            return own.union(*map(patterns, node.values()))
        return set().union(*map(patterns, node)) if isinstance(node, list) else set()

    found = set().union(*(patterns(form.model_json_schema()) for form in FILE_FORMS.values()))

    assert found == set(PATTERN_WORDS)
