"""The W3C's own tests of SHACL Core (98).

``CRISISGOV_SHACL_TESTS=FOLDER make test PYTEST_ARGS=tests/ontology/shacl`` runs them
against a clone of w3c/data-shapes. Where they are missing, they are named among the
tests that were not run; ``test_cases.py`` checks each construct everywhere.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox
import pytest

from crisisgov.ontology import shacl
from tests.ontology.shacl import compare, suite
from tests.ontology.shacl.compare import Line
from tests.ontology.shacl.suite import Case

FOLDER = suite.folder(Path(__file__).resolve().parents[3])
CASES = [pytest.param(case, id=case.name) for case in (suite.cases(FOLDER) if FOLDER else ())]

REFUSED = {
    "property-datatype-ill-formed": "the store keeps a value of xsd:byte as one of xsd:integer",
}
"""Tests whose shapes are refused, and with which words: the store has no such datatype."""

PYSHACL_FAILS = {
    "property-datatype-001": "rdflib reads 2011-01-01 as a dateTime",
    "property-or-datatypes-001": "rdflib turns the text none of a boolean into false",
    "property-uniqueLang-002": "pySHACL takes 1 for true",
}
"""Tests that pySHACL does not pass, and why."""


def test_the_suite_has_all_tests(not_run: Callable[[str], NoReturn]) -> None:
    if FOLDER is None:
        not_run("needs the tests of w3c/data-shapes; CRISISGOV_SHACL_TESTS names their folder")
    assert len(CASES) == 98


@pytest.mark.parametrize("case", CASES)
def test_of_the_w3c_passes(case: Case) -> None:
    shapes, store = suite.triples(case.shapes), ox.Store()
    store.extend(ox.Quad(*triple) for triple in suite.triples(case.data))
    if case.name in REFUSED:
        with pytest.raises(shacl.ShapesError, match=REFUSED[case.name]):
            shacl.compile_shapes(shapes)
        return
    report = shacl.validate(store, shacl.compile_shapes(shapes))
    assert _as_asked(compare.lines(report), case) == case.expected
    assert report.conforms == (not case.expected)


@pytest.mark.parametrize("case", CASES)
def test_pyshacl_passes_the_same_but_for_those_named(case: Case) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = compare.second_opinion(suite.triples(case.data), suite.triples(case.shapes))
    passes = _as_asked(answer, case) == case.expected
    assert passes == (case.name not in PYSHACL_FAILS)


def _as_asked(lines: Counter[Line], case: Case) -> Counter[Line]:
    """Leave out the messages where the test names none: their words are free."""
    if any(line.message for line in case.expected):
        return lines
    found: Counter[Line] = Counter()
    for line, count in lines.items():
        found[line._replace(message="")] += count
    return found
