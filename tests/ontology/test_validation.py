"""What a validation says of all that it found, and when it has found nothing at all."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from crisisgov.errors import InputError
from crisisgov.ontology import validation
from tests.ontology.shape_cases.breaks import NOBODY, Break, br
from tests.ontology.shape_cases.graph import ASSERTED, finished_store, set_value, store_of


def broken(one: Break, *, finished: bool) -> ox.Store:
    store = finished_store() if finished else store_of(ASSERTED)
    set_value(store, one.node, one.name, *one.values)
    return store


def test_a_violation_names_the_file_the_node_the_property_and_the_value() -> None:
    store = broken(br("event/told", "cg:actor", NOBODY, says=""), finished=False)
    with pytest.raises(InputError) as caught:
        validation.require_conformance(store, "the records", finished=False)
    assert str(caught.value).splitlines() == [
        "the records: 1 thing(s) break ontology/shapes.ttl:",
        "  crises/outbreak.yaml: event/told: actor: `actor` names something that is no actor:"
        " use an id from seeds/actors. (found: actor/nobody)",
    ]


def test_a_verdict_that_no_failure_follows_is_reported_at_the_finding() -> None:
    store = broken(br("finding/late", "cg:minDelaySeconds", says=""), finished=True)
    violations = validation.validate(store, finished=True).violations
    assert {(one.node, one.property) for one in violations} == {
        ("finding/late", "timeliness"),
        ("finding/late", "minDelaySeconds"),
    }


def test_many_violations_alike_are_counted_not_all_listed() -> None:
    one = validation.Violation("", "event/e", "actor", "", "Wrong.")
    report = validation.Report((one,) * 15, 15)
    assert report.lines() == ["event/e: actor: Wrong."] * 10 + ["... and 5 more: Wrong."]


def test_of_very_many_violations_alike_most_are_only_counted() -> None:
    store = store_of(ASSERTED)
    set_value(store, "event/told", "cg:actor", *(f"b:actor\\/nobody-{n}" for n in range(30)))
    report = validation.validate(store, finished=False, most=4)
    assert len(report.violations) == 4
    assert report.total == 30
    assert not report.conforms
    assert len(report.lines()) == 5
    assert report.lines()[-1].startswith("... and 26 more: `actor` names something that is no")


def test_a_graph_in_which_no_shape_finds_anything_is_refused() -> None:
    with pytest.raises(InputError, match="there is nothing that a shape looks at"):
        validation.require_conformance(store_of(""), "the records", finished=False)


def test_shapes_without_a_target_in_the_graph_are_refused() -> None:
    nothing = ox.NamedNode("https://x.example/a")
    empty = [ox.Triple(nothing, nothing, nothing)]
    report = validation.validate(store_of(ASSERTED), finished=False, shapes=empty)
    assert report.checked == 0
    assert any("No shape looks at the class cg:Disclosure" in line for line in report.lines())
