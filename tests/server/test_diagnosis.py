"""Where a query is wrong: line and column counted by hand, and a sentence without tokens."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisgov.ontology.terms import BASE
from crisisgov.server.engine.diagnosis import explain
from crisisgov.server.engine.errors import QuerySyntaxError


def diagnose(query: str) -> QuerySyntaxError:
    with pytest.raises(SyntaxError) as raised:
        pyoxigraph.Store().query(query, base_iri=BASE)
    return explain(query, raised.value, 0.0)


@pytest.mark.parametrize(
    ("query", "line", "column", "says"),
    [
        ("", 1, 1, "empty"),
        ("# only a comment", 1, 1, "empty"),
        ("SELEC * WHERE { }", 1, 1, "SELEC"),
        ("SELECT * WHERE { ?s ?p }", 1, 24, "}"),
        ("SELECT * WHERE {\n  ?s ?p\n}", 3, 1, "}"),
        ("SELECT * WHERE { ?s ?p ?o }}", 1, 28, "}"),
        ("SELECT * WHERE { ?s ?p ?o", 1, 26, "ends too early"),
        ("SELECT * {\n ?s ?p ?o .\n FILTER(?x = ) }", 3, 14, ")"),
        ("SELECT * {\n  ?s a ?t .\n  ?s foo:bar ?x }", 3, 6, "“foo:” is not declared"),
        ("SELECT * { ?s ?p 'abc }", 1, 18, "quote is never closed"),
        ("SELECT * { ?s ?p <http://a b> }", 1, 18, "IRI"),
        ("SELECT * { ?s <p> ?o . ?s }", 1, 27, "}"),
        ("SELECT 中 * {}", 1, 8, "中"),
        ("SELECT * { ?s ?p ?o } LIMIT x", 1, 29, "x"),
        ("INSERT DATA { }", 1, 1, "read-only"),
    ],
)
def test_the_place_and_the_reason_are_named(query: str, line: int, column: int, says: str) -> None:
    error = diagnose(query)
    assert (error.line, error.column) == (line, column)
    assert says in str(error)


@pytest.mark.parametrize("query", ["SELECT ?s { ?s ?p ?o } GROUP BY ?p", "SELECT * {} GROUP BY ?s"])
def test_a_rule_about_the_whole_query_is_said_in_words(query: str) -> None:
    error = diagnose(query)
    assert "SELECT" in error.detail
    assert "expected" not in error.detail


@given(st.text(alphabet="SELCT*{}()?sp .\n<>\"':#|^a1", max_size=60))
def test_every_error_has_a_place_inside_the_text(query: str) -> None:
    try:
        pyoxigraph.Store().query(query, base_iri=BASE)
    except SyntaxError as raised:
        error = explain(query, raised, 0.0)
        assert error.line is not None and error.column is not None
        lines = query.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
