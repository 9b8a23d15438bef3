"""What a report says: severity, messages, named graphs, and how many of how many."""

from __future__ import annotations

import pyoxigraph as ox

from crisisgov.ontology import shacl
from crisisgov.ontology.shacl.graph import sh
from tests.ontology.shacl.test_cases import BASE, read, store_of


def named(name: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + name)


def quad(triple: ox.Triple, graph: str) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, named(graph))


def validate(shapes: str, data: str, most: int = 1000) -> shacl.Report:
    return shacl.validate(store_of(data), shacl.compile_shapes(read(shapes)), most=most)


def test_a_result_has_the_severity_and_the_messages_of_its_shape() -> None:
    report = validate(
        ':S sh:targetNode :a ; sh:class :K ; sh:severity sh:Info ; sh:message "No."@en , "Nein."@de .',
        "",
    )
    (result,) = report.results
    assert result.severity == sh("Info")
    assert {message.value for message in result.messages} == {"No.", "Nein."}
    assert result.shape == named("S")
    assert not report.conforms


def test_without_a_message_a_result_says_what_is_asked() -> None:
    report = validate(":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:minCount 2 ] .", "")
    assert [m.value for r in report.results for m in r.messages] == [
        "There are fewer than 2 values."
    ]


def test_a_graph_without_violations_conforms() -> None:
    report = validate(":S sh:targetClass :K ; sh:class :K .", ":a a :K .")
    assert report == shacl.Report((), 0, {})
    assert report.conforms


def test_of_many_violations_the_first_are_listed_and_all_are_counted() -> None:
    data = "\n".join(f":n{number:04} a :K ." for number in range(2500))
    shapes = ":S sh:targetClass :K ; sh:class :L ; sh:property [ sh:path :p ; sh:minCount 1 ] ."
    report = validate(shapes, data, most=10)
    assert report.total == 5000
    assert sorted(report.counts.values()) == [2500, 2500]
    listed = [str(result.focus) for result in report.results]
    assert listed == sorted([f"<{BASE}n{number:04}>" for number in range(10)] * 2)


def test_a_triple_in_two_named_graphs_is_one_value() -> None:
    store = ox.Store()
    for graph in ("g", "h"):
        for triple in read(":a a :K ; :p 1 ."):
            store.add(quad(triple, graph))
    shapes = read(
        ":S sh:targetClass :K ; sh:property [ sh:path :p ; sh:maxCount 1 ; sh:in ( 2 ) ] ."
    )
    (result,) = shacl.validate(store, shacl.compile_shapes(shapes)).results
    assert result.component == sh("InConstraintComponent")


def test_a_class_is_found_through_a_hierarchy_in_another_graph() -> None:
    store = store_of(":a a :L .")
    store.add(quad(read(":L rdfs:subClassOf :K .")[0], "vocabulary"))
    shapes = read(":S sh:targetClass :K ; sh:nodeKind sh:Literal .")
    assert len(shacl.validate(store, shacl.compile_shapes(shapes)).results) == 1


def test_a_hierarchy_that_runs_in_a_circle_ends() -> None:
    report = validate(
        ":S sh:targetClass :K ; sh:class :L .",
        ":a a :K . :K rdfs:subClassOf :L . :L rdfs:subClassOf :K .",
    )
    assert report.conforms
