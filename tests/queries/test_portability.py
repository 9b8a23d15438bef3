"""Question files keep to what all engines answer alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.portability import problems

FILES = sorted((Path(__file__).resolve().parents[2] / "queries").glob("*.rq"))
PREFIXES = """PREFIX cg: <https://w3id.org/crisisgov/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_question_is_portable(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ASK { ?s ?p ?o }", "ASK"),
        ("SELECT ?s { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT ?h { ?s cg:limitSeconds ?l BIND(?l / 3600 AS ?h) }", "division"),
        ("SELECT ?h { ?s cg:limitSeconds ?l BIND(?l * 2 / (3600) AS ?h) }", "division"),
        ("SELECT (EXISTS { ?s cg:actor ?a } AS ?e) { ?s a cg:Event }", "EXISTS"),
        ("SELECT ?s { ?s a cg:Event FILTER(1 = 1 && EXISTS { ?s cg:actor ?a }) }", "EXISTS"),
        (
            "SELECT ?s ?b { ?s cg:earliestEpoch ?a "
            "OPTIONAL { ?o cg:inReactionTo ?s ; cg:latestEpoch ?b FILTER(?b < ?a) } }",
            "?a of outside",
        ),
        ("SELECT ?s ?x { ?s cg:level ?a BIND(IF(?a = 1, ?s, ?none) AS ?x) }", "?none"),
        ("SELECT ?s ?missing { ?s cg:level ?a }", "?missing"),
        ("SELECT ?s { ?s cg:within+ ?o }", "no bound end"),
        ("SELECT ?s { ?s cg:place/cg:within* ?o }", "no bound end"),
    ],
)
def test_what_engines_answer_differently_is_found(query: str, said: str) -> None:
    assert any(said in problem for problem in problems(PREFIXES + query))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?h { ?s cg:limitSeconds ?l BIND(?l / xsd:decimal(3600) AS ?h) }",
        "SELECT ?s { ?s a cg:Event FILTER NOT EXISTS { ?s cg:actor ?a } }",
        "SELECT ?s { ?s cg:within+ <http://x/cn> }",
        "SELECT ?s { ?s cg:within+ ?o . ?o cg:level ?l }",
        "SELECT ?s { VALUES ?s { UNDEF } ?s cg:level ?a OPTIONAL { ?s cg:place ?p } }",
    ],
)
def test_what_engines_answer_alike_is_left_alone(query: str) -> None:
    assert problems(PREFIXES + query) == []
