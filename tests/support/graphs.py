"""Graphs from snippets of YAML, through the real readers, the real concepts and the real rules."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from crisisgov.loaders.graph.convert import records_to_quads
from crisisgov.loaders.records.read import load as load_records
from crisisgov.ontology import reasoning, terms, vocabulary
from crisisgov.ontology.evaluation.facts import Facts
from crisisgov.ontology.evaluation.findings import Finding
from crisisgov.ontology.evaluation.load import load
from crisisgov.ontology.evaluation.run import evaluate

CONCEPTS = Path(__file__).resolve().parents[2] / "seeds" / "concepts"

BASE = {
    "sources/sources.yaml": """\
sources:
  - {id: paper, title: {en: Paper of record}, publisher: P, kind: news, language: en, standing: of-record}
  - {id: xu-ming-2021, title: {en: The founding text}, publisher: J, kind: paper, language: zh, standing: of-record}
  - {id: blog, title: {en: Blog}, publisher: B, kind: news, language: en, standing: weak}
""",
    "places/places.yaml": """\
places:
  - {id: CN, label: {en: China}, level: national, time_zone: Asia/Shanghai}
  - {id: CN-HB, label: {en: Province}, within: CN, level: first-subnational}
  - {id: CN-HB-wuhan, label: {en: City}, within: CN-HB, level: second-subnational}
  - {id: CH, label: {en: Switzerland}, level: national, time_zone: Europe/Zurich}
  - {id: JP, label: {en: Japan}, level: national, time_zone: Asia/Tokyo}
""",
    "actors/actors.yaml": """\
actors:
  - {id: city, kind: government, label: {en: City}, function: general-government, level: second-subnational, jurisdiction: CN-HB-wuhan}
  - {id: city-health, kind: body, label: {en: Health}, function: health, level: second-subnational, jurisdiction: CN-HB-wuhan, part_of: city, reports_to: [city]}
  - {id: city-cdc, kind: body, label: {en: CDC}, function: disease-control, level: second-subnational, jurisdiction: CN-HB-wuhan, part_of: city-health}
  - {id: city-hospital, kind: body, label: {en: Hospital}, function: hospital, level: second-subnational, jurisdiction: CN-HB-wuhan, part_of: city-health}
  - {id: city-party, kind: party-organ, label: {en: Party committee}, function: party-leadership, level: second-subnational, jurisdiction: CN-HB-wuhan}
  - {id: province, kind: government, label: {en: Province}, function: general-government, level: first-subnational, jurisdiction: CN-HB}
  - {id: state, kind: government, label: {en: State}, function: general-government, level: national, jurisdiction: CN}
  - {id: agency, kind: organisation, label: {en: Agency}, function: international-health, level: international}
""",
    "norms/yardstick.yaml": """\
instruments:
  - {id: own, title: {en: Own yardstick}, in_force: {}, citations: [{source: paper}]}
norms:
  - id: yardstick-prompt-disclosure
    code: Y24
    label: {en: Told within 24 hours}
    instrument: own
    article: none
    type: benchmark
    says: Not law.
    checked: read
    force: yardstick
    responsibility: information
    topics: [existence, transmission]
    bearer: {kinds: [government]}
    recipient: {relation: public}
    trigger: {kinds: [knowledge, detection, report], role: actor}
    act: {kinds: [disclosure]}
    clock: knowledge
    limit: "24 hours"
    failure_type: delayed-disclosure
    validity: {}
    citations: [{source: paper}]
""",
    "crises/outbreak.yaml": """\
crisis:
  id: outbreak
  label: {en: Outbreak}
  summary: An outbreak.
  hazard: [infectious-disease]
  place: CN-HB-wuhan
  period: {begin: "2019-12"}
  citations: [{source: paper}]
""",
}

NORM = """\
instruments:
  - {{id: law, title: {{en: Law}}, jurisdiction: CN, in_force: {{begin: "2003"}}, citations: [{{source: paper}}]}}
norms:
  - id: {id}
    code: {id}
    label: {{en: Limb}}
    instrument: law
    article: "1"
    says: In our own words.
    checked: read
    force: binding
    responsibility: information
    citations: [{{source: paper}}]
{rest}"""


def norm(name: str, rest: str) -> str:
    """Return a norm file with one binding limb that was read; ``rest`` gives its other fields."""
    return NORM.format(id=name, rest="".join(f"    {line}\n" for line in rest.strip().splitlines()))


def crisis_file(sections: str) -> str:
    """Return a file with more events, claims or searches of the crisis ``outbreak``."""
    return "crisis_id: outbreak\n" + sections


def write_seeds(folder: Path, files: dict[str, str]) -> Path:
    """Write the base records, the files given and the real concepts; return the folder."""
    for name, text in {**BASE, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(CONCEPTS, folder / "concepts")
    return folder


def store_of(seeds: Path) -> ox.Store:
    """Return the graph of a folder of records with its types materialised, before evaluation."""
    store = ox.Store()
    store.extend(records_to_quads(load_records(seeds)))
    store.extend(vocabulary.quads())
    reasoning.materialise(store, terms.inferred_graph("curated"))
    return store


@dataclass(frozen=True)
class Judged:
    """The findings of a graph by key, with what they were made from."""

    store: ox.Store
    findings: dict[str, Finding]
    quads: list[ox.Quad]
    facts: Facts

    def one(self, start: str) -> Finding:
        """Return the only finding whose key starts so."""
        (found,) = [one for key, one in self.findings.items() if key.startswith(start)]
        return found

    def none(self, start: str) -> bool:
        """Whether no finding's key starts so."""
        return not [key for key in self.findings if key.startswith(start)]


def judged(seeds: Path) -> Judged:
    """Return everything that the evaluation finds in a folder of records."""
    store = store_of(seeds)
    findings, quads = evaluate(store)
    return Judged(store, {one.key: one for one in findings}, quads, load(store))
