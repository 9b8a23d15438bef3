"""Records to quads: every field of every kind of record arrives in the graph."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox
import pytest

from crisisgov.loaders.records.model import crises, norms
from crisisgov.loaders.records.model.base import Identifiers, Period
from crisisgov.ontology import terms
from tests.loaders.graph.every_field import COMMON, PROPERTIES, everything


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Kind of entity -> the local names of all properties that are stated of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in everything(tmp_path_factory.mktemp("all") / "seeds"):
        assert isinstance(quad.subject, ox.NamedNode), "no blank nodes"
        kind = quad.subject.value.removeprefix(terms.BASE).split("/")[0]
        found[kind].add(quad.predicate.value.replace("#", "/").rsplit("/", 1)[-1])
    return found


@pytest.mark.parametrize("kind", PROPERTIES)
def test_every_field_of_a_record_has_a_property(kind: str) -> None:
    record, table = PROPERTIES[kind]
    own = {name for name in COMMON if name in record.model_fields}
    assert set(table) | own == set(record.model_fields)


@pytest.mark.parametrize("kind", PROPERTIES)
def test_every_field_that_is_given_arrives_in_the_graph(
    kind: str, stated: dict[str, set[str]]
) -> None:
    record, table = PROPERTIES[kind]
    common = {name: text for name, text in COMMON.items() if name in record.model_fields}
    missing = {
        field: name
        for field, names in {**common, **table}.items()
        for name in names.split()
        if name not in stated[kind]
    }
    assert missing == {}


def test_parts_of_records_have_no_fields_beyond_those_in_the_table() -> None:
    assert set(norms.Trigger.model_fields) == {
        "kinds", "role", "stances", "certainty", "date_kinds", "events",
    }  # fmt: skip
    assert set(norms.Act.model_fields) == {
        "kinds", "stances", "measures", "response_level", "date_kinds",
    }  # fmt: skip
    assert set(norms.Scope.model_fields) == {"hazards", "crises", "condition", "period"}
    assert set(norms.Profile.model_fields) == {
        "kinds", "functions", "levels", "jurisdiction", "actors",
    }  # fmt: skip
    assert set(crises.KnowledgeDetails.model_fields) == {"basis", "certainty"}
    assert set(crises.WarningDetails.model_fields) == {"capacity", "first_hand", "treatment"}
    assert set(Identifiers.model_fields) == {"wikidata", "geonames", "glide", "eli"}
    assert set(Period.model_fields) == {"begin", "end"}
