"""Who is compared stands beside its denominators: evaluated, not evaluable, no data."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from crisisgov.errors import CrisisgovError
from crisisgov.queries import catalogue
from crisisgov.queries.catalogue import DENOMINATORS, Question

BASE = "https://w3id.org/crisisgov/"
CG = f"{BASE}ontology#"
COMPARING = [question for question in catalogue.load().values() if question.compares]
Count = tuple[int, int, int]


def answer(store: ox.Store, query: str) -> list[dict[str, str]]:
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in solutions]


class Graph:
    """Computed findings read triple by triple, without a query."""

    def __init__(self, store: ox.Store) -> None:
        self._values: dict[str, dict[str, list[str]]] = {}
        kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        wanted = {f"{CG}{name}" for name in (
            "bearer", "crisis", "topic", "norm", "responsibility", "evaluability", "jurisdiction",
            "departmentOf", "instrument",
        )} | {kind}  # fmt: skip
        for quad in store:
            name = quad.predicate.value
            if name in wanted and isinstance(quad.object, ox.NamedNode):
                subject = quad.subject.value
                short = name.rsplit("#", 1)[-1]
                found = self._values.setdefault(subject, {}).setdefault(short, [])
                if quad.object.value not in found:
                    found.append(quad.object.value)
        self.findings = [
            iri for iri, v in self._values.items() if f"{CG}ComputedFinding" in v.get("type", ())
        ]

    def get(self, iri: str, name: str) -> str:
        return (self._values.get(iri, {}).get(name) or [""])[0]

    def is_a(self, iri: str, name: str) -> bool:
        return CG + name in self._values[iri].get("type", ())

    def count(self, findings: list[str]) -> Count:
        every = Counter(self.get(one, "evaluability").rsplit("/", 1)[-1] for one in findings)
        assert set(every) <= {"evaluated", "not-evaluable", "no-data"}
        return every["evaluated"], every["not-evaluable"], every["no-data"]


@pytest.fixture(scope="module")
def graph(built: ox.Store) -> Graph:
    return Graph(built)


def shown(row: dict[str, str]) -> Count:
    evaluated, not_evaluable, no_data = (int(row[name]) for name in DENOMINATORS)
    return evaluated, not_evaluable, no_data


def test_the_questions_that_compare_governments_are_marked() -> None:
    assert {question.id for question in COMPARING} >= {
        "delayed-disclosure", "compare-provinces", "responsibility-scorecard",
        "international-notification",
    }  # fmt: skip


def test_a_comparing_question_without_denominators_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "ranks.rq").write_text(
        "#+ summary: Who is best?\n#+ asks: all\n#+ description: Ranks.\n#+ compares: actor\n"
        "#+ columns:\n#+   - {name: actor, kind: iri, summary: Who}\n"
        "#+   - {name: evaluated, kind: number, summary: Of how many}\n"
        "SELECT ?actor ?evaluated WHERE { ?actor ?p ?evaluated }\n"
    )
    with pytest.raises(CrisisgovError, match="has no column notEvaluable, noData"):
        catalogue.load(tmp_path)


@pytest.mark.curated
@pytest.mark.parametrize("question", COMPARING, ids=lambda question: question.id)
def test_every_row_of_a_comparison_has_denominators(question: Question, built: ox.Store) -> None:
    rows = answer(built, question.bind({}))
    assert rows
    counts = [shown(row) for row in rows]
    assert sum(map(sum, counts)) > 0


@pytest.mark.curated
@pytest.mark.parametrize("values", [{}, {"crisis": "covid-19-wuhan", "topic": "transmission"}])
def test_the_headline_counts_the_matters_of_each_government(
    values: dict[str, str], built: ox.Store, graph: Graph
) -> None:
    question = catalogue.load()["delayed-disclosure"]
    rows = answer(built, question.bind(values))
    asked = [
        one
        for one in graph.findings
        if graph.is_a(one, "DisclosureFinding")
        and graph.get(one, "crisis").endswith(values.get("crisis", ""))
        and graph.get(one, "topic").endswith(values.get("topic", ""))
    ]
    assert len(rows) == len(asked)
    for row in rows:
        own = [one for one in asked if graph.get(one, "bearer") == row["government"]]
        assert shown(row) == graph.count(own)
    note = question.bind_note(values)
    assert note is not None
    (above,) = answer(built, note)
    assert shown(above) == graph.count(asked)


@pytest.mark.curated
def test_the_scorecard_counts_the_findings_on_a_government_and_its_departments(
    built: ox.Store, graph: Graph
) -> None:
    crisis = f"{BASE}crisis/covid-19-china"
    rows = answer(built, catalogue.load()["responsibility-scorecard"].bind({}))
    notations = {"R1": "forward-looking", "R2": "overall-coordination", "R3": "loss-reduction",
                 "R4": "information", "R5": "source-governance"}  # fmt: skip
    for row in rows:
        own = [
            one
            for one in graph.findings
            if graph.get(one, "crisis") == crisis
            and graph.get(one, "responsibility").endswith("/" + notations[row["notation"]])
            and row["government"]
            in (graph.get(one, "bearer"), graph.get(graph.get(one, "bearer"), "departmentOf"))
        ]
        assert shown(row) == graph.count(own)
        assert sum(shown(row)) == int(row["n"])
        done = sum(int(row[name]) for name in ("met", "late", "failed", "open"))
        assert done == int(row["evaluated"])


@pytest.mark.curated
def test_provinces_are_compared_beside_all_that_could_be_judged_of_them(
    built: ox.Store, graph: Graph
) -> None:
    crisis = f"{BASE}crisis/covid-19-china"
    rows = answer(built, catalogue.load()["compare-provinces"].bind({}))
    for row in rows:
        own = [
            one
            for one in graph.findings
            if graph.get(one, "crisis") == crisis
            and graph.get(graph.get(one, "bearer"), "jurisdiction") == row["province"]
        ]
        assert shown(row) == graph.count(own)


@pytest.mark.curated
def test_states_are_counted_under_the_regulations_as_a_whole(built: ox.Store, graph: Graph) -> None:
    rows = answer(built, catalogue.load()["international-notification"].bind({}))
    for row in rows:
        own = [
            one
            for one in graph.findings
            if graph.get(one, "bearer") == row["bearer"]
            and graph.get(graph.get(one, "norm"), "instrument").endswith("/ihr-2005")
        ]
        assert shown(row) == graph.count(own)
