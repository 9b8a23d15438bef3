"""A small seeds folder that is right, for tests to spoil."""

from __future__ import annotations

from pathlib import Path

from crisisgov.errors import RecordErrors
from crisisgov.loaders.records.read import load

CONCEPTS = {
    "level": ["national", "city"],
    "function": ["disease-control", "health"],
    "hazard": ["infectious-disease"],
    "check": ["read", "secondary", "unverified"],
    "audience": ["public"],
    "topic": ["existence", "transmission"],
    "stance": ["affirms", "none-found", "denies"],
    "source-kind": ["notice"],
    "standing": ["official", "weak"],
}

FILES = {
    "concepts/lists.yaml": "schemes:\n"
    + "".join(
        f"  - id: {scheme}\n    label: {{en: {scheme}}}\n    definition: A list.\n    concepts:\n"
        + "".join(
            f"      - {{id: {name}, label: {{en: {name}}}, definition: One., example: One.}}\n"
            for name in names
        )
        for scheme, names in CONCEPTS.items()
    ),
    "places/places.yaml": """\
places:
  - {id: CN, label: {en: China, zh: 中国}, level: national, time_zone: Asia/Shanghai}
  - {id: CN-HB-wuhan, label: {en: Wuhan}, within: CN, level: city}
""",
    "actors/actors.yaml": """\
actors:
  - {id: wuhan-cdc, kind: body, label: {en: Wuhan CDC}, function: disease-control}
  - {id: wuhan-health-commission, kind: body, label: {en: Health commission}, function: health}
""",
    "sources/sources.yaml": """\
sources:
  - id: whc-notice
    title: {en: Notice}
    publisher: Wuhan Health Commission
    kind: notice
    language: zh
    standing: official
""",
    "crises/wuhan.yaml": """\
crisis:
  id: covid-19-wuhan
  label: {en: COVID-19 in Wuhan}
  summary: The outbreak.
  hazard: [infectious-disease]
  place: CN-HB-wuhan
  period: {begin: "2019-12", end: "2020-04"}
  citations: [{source: whc-notice}]
events:
  - id: wuhan-notice-2019-12-31
    kind: [disclosure]
    label: {en: First public notice}
    summary: The commission tells the public of 27 cases.
    date: "2019-12-31"
    actor: [wuhan-health-commission]
    audience: [public]
    conveys:
      - {topic: existence, stance: affirms}
      - {topic: transmission, stance: none-found}
    checked: read
    citations:
      - {source: whc-notice, supports: [date, conveys]}
""",
}


class Seeds:
    """A folder of records on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, content: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def spoil(self, name: str, right: str, wrong: str) -> None:
        """Put ``wrong`` where ``right`` stands, which must be in one place only."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(right) == 1
        self.write(name, text.replace(right, wrong))

    def problems(self) -> list[str]:
        """What :func:`load` says is wrong, line by line; nothing where all is right."""
        try:
            load(self.folder)
        except RecordErrors as error:
            return str(error).splitlines()
        return []
