"""``crisisgov diff``: what changed in a graph, entity by entity."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisgov.errors import InputError
from crisisgov.loaders.curation.difference import differences, lines_of_file

BASE = "https://w3id.org/crisisgov/"


def line(entity: str, predicate: str, value: str) -> bytes:
    return f"<{BASE}{entity}> <{predicate}> {value} <{BASE}graph/g> .\n".encode()


LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DATE = f"{BASE}ontology#earliest"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
OLD = [
    line("event/a", DATE, '"2020-01-01T00:00:00Z"'),
    line("event/a", LABEL, '"A"@en'),
    line("event/gone", LABEL, '"Gone"@en'),
]
NEW = [
    line("event/a", DATE, '"2020-01-02T00:00:00Z"'),
    line("event/a", LABEL, '"A"@en'),
    line("event/new", TYPE, f"<{BASE}ontology#Warning>"),
]


def test_a_changed_a_new_and_a_vanished_entity_are_told_apart_with_their_statements() -> None:
    found = differences(lambda: OLD, lambda: NEW)
    assert [(one.entity, one.status, one.removed, one.added) for one in found] == [
        (
            "event/a",
            "changed",
            ['cg:earliest "2020-01-01T00:00:00Z"'],
            ['cg:earliest "2020-01-02T00:00:00Z"'],
        ),
        ("event/gone", "gone", ['rdfs:label "Gone"@en'], []),
        ("event/new", "new", [], ["a cg:Warning"]),
    ]


def test_the_order_of_the_lines_makes_no_difference(tmp_path: Path) -> None:
    (tmp_path / "old.nq").write_bytes(b"".join(OLD))
    (tmp_path / "new.nq").write_bytes(b"".join(reversed(OLD)))
    sides = [lines_of_file(tmp_path / name) for name in ("old.nq", "new.nq")]
    assert differences(*sides) == []


def test_what_is_no_quad_is_named() -> None:
    with pytest.raises(InputError, match="not a line of N-Quads"):
        differences(lambda: OLD, lambda: [*OLD, b"<a> nonsense\n"])


@given(st.sets(st.sampled_from([*OLD, *NEW])), st.sets(st.sampled_from([*OLD, *NEW])))
def test_what_is_removed_and_added_leads_from_the_old_graph_to_the_new_one(
    old: set[bytes], new: set[bytes]
) -> None:
    found = differences(lambda: old, lambda: new)
    assert sum(len(one.removed) for one in found) == len(old - new)
    assert sum(len(one.added) for one in found) == len(new - old)
