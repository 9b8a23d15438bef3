from __future__ import annotations

import pytest

from crisisgov.server.engine import formats
from crisisgov.server.engine.errors import NotAcceptable
from crisisgov.server.negotiation import Accept, result_formats


def first(header: str, *names: str) -> tuple[str, str]:
    wanted, _as_page = result_formats(Accept.parse(header), names)
    return wanted.solutions[0], wanted.graphs[0]


@pytest.mark.parametrize("header", ["", "*/*", "nonsense", "application/json;q=x, */*"])
def test_without_a_wish_it_is_json_and_turtle(header: str) -> None:
    assert first(header) == (formats.JSON, formats.TURTLE)


def test_application_json_is_json_for_rows_and_json_ld_for_graphs() -> None:
    assert first("application/json") == (formats.JSON, formats.JSONLD)


def test_parameters_other_than_q_do_not_matter() -> None:
    wanted, _page = result_formats(Accept.parse('text/csv; charset="utf-8"; q=0.5'), ())
    assert wanted.solutions == (formats.CSV,)
    assert wanted.graphs == ()


def test_the_nearest_range_decides() -> None:
    accept = Accept.parse("text/*;q=0.9, text/csv;q=0, */*;q=0.1")
    assert accept.quality("text/csv") == 0
    assert accept.quality("text/tab-separated-values") == 0.9
    assert accept.quality("application/ld+json") == 0.1


@pytest.mark.parametrize(
    ("header", "page"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("*/*", False),
        ("text/html;q=0.5, text/turtle", False),
        ("text/html;q=0, */*", False),
    ],
)
def test_only_browsers_get_pages(header: str, page: bool) -> None:
    assert result_formats(Accept.parse(header), ())[1] is page


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("json", (formats.JSON, formats.JSONLD)),
        ("xml", (formats.XML, formats.RDFXML)),
        ("TSV", (formats.TSV, formats.TURTLE)),
        ("json-ld", (formats.JSON, formats.JSONLD)),
        ("application/sparql-results xml", (formats.XML, formats.TURTLE)),
    ],
)
def test_a_name_sets_the_kind_it_fits(name: str, expected: tuple[str, str]) -> None:
    solutions, graphs = first("*/*", name)
    assert solutions == expected[0]
    if name != "TSV":
        assert graphs == expected[1]


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotAcceptable, match="csv"):
        result_formats(Accept.parse("*/*"), ("parquet",))
