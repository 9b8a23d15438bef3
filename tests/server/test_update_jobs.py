"""A write as a job that runs apart: the dataset that it names, and the graphs it may change."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from crisisgov.loaders.versions import VersionStore
from crisisgov.ontology.terms import BASE
from crisisgov.server.engine.errors import QueryError, QuerySyntaxError
from crisisgov.server.updates import apply, child, dataset
from crisisgov.server.updates.errors import ForeignGraph, UnreadableData
from crisisgov.server.updates.job import Job, Part
from tests.server.writing import CITY, CONTRIB, SEE, insert, quad


@pytest.fixture(scope="session")
def served(small: Path) -> list[ox.Quad]:
    """The quads of the small data folder."""
    current = VersionStore(small).current()
    assert current is not None
    return list(ox.parse(path=str(current.quads_path), format=ox.RdfFormat.N_QUADS))


# The dataset that a request names


def readable(text: str) -> bool:
    try:
        ox.Store().update(text, base_iri=BASE)
    except SyntaxError:
        return False
    except RuntimeError:
        return True
    return True


def test_using_clauses_go_where_the_parser_takes_them() -> None:
    text = (
        "# where\nINSERT DATA { <s> <p> 'where' } ;\n"
        "insert { <where> ?p 1 }where { SELECT ?p WHERE { ?s ?p '''\nwhere''' } }"
    )
    changed = dataset.with_dataset(text, ["http://x/d"], ["http://x/n"], readable)
    clause = " USING <http://x/d> USING NAMED <http://x/n> "
    assert changed == text.replace("}where", "}" + clause + "where")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("WITH <g> DELETE {} INSERT {} WHERE {}", "WITH"),
        ("INSERT {} USING <g> WHERE {}", "USING"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE WHERE"),
        ("INSERT {} WHERE {} ; deletewhere { ?s ?p ?o }", "DELETE WHERE"),
    ],
)
def test_an_update_with_a_dataset_of_its_own_is_a_conflict(text: str, says: str) -> None:
    with pytest.raises(QuerySyntaxError, match=says):
        dataset.with_dataset(text, ["http://x/d"], [], readable)


def test_words_in_strings_and_names_are_no_conflict() -> None:
    text = "INSERT { <using> <with> 'USING <g>' } WHERE { <with> <using> ?o } # WITH <g>"
    changed = dataset.with_dataset(text, ["http://x/d"], [], readable)
    assert changed.replace(" USING <http://x/d> ", "") == text


# What runs apart


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (insert(BASE + "graph/actors", "x"), "graph/actors>"),
        (f"INSERT DATA {{ {CITY} {SEE} <http://x/> }}", "the default graph"),
        (f"DROP GRAPH <{BASE}graph/actors>", "graph/actors>"),
        ("CREATE GRAPH <http://x/empty>", "<http://x/empty>"),
        (insert(CONTRIB + "../vocab", "x"), "contrib/../vocab>"),
        (f"DELETE WHERE {{ GRAPH ?g {{ {CITY} ?p ?o }} }}", "graph/actors>"),
        (f"{insert(CONTRIB + 'a', 'x')}; {insert(BASE + 'graph/meta', 'x')}", "graph/meta>"),
    ],
)
def test_a_change_that_touches_another_graph_is_refused_and_names_it(
    served: list[ox.Quad], text: str, named: str
) -> None:
    store = ox.Store()
    store.extend(served)
    with pytest.raises(ForeignGraph) as raised:
        apply.apply(store, Job("update", text), anywhere=False)
    assert named in raised.value.detail


def test_the_store_is_only_changed_in_graphs_of_contributions() -> None:
    store = ox.Store()
    store.add(quad("x", BASE + "graph/actors"))
    done = apply.apply(store, Job("update", insert(CONTRIB + "a", "y")), anywhere=False)
    assert done.quads == [quad("y")]
    with pytest.raises(ForeignGraph, match="actors"):
        apply.apply(store, Job("update", "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"), anywhere=False)


def test_a_change_needs_no_memory_for_what_it_leaves_alone(tmp_path: Path) -> None:
    subject, predicate = f"<{BASE}event/{{number}}>", f"<{BASE}ontology#{'of' * 20}>"
    with (tmp_path / "graph.nq").open("w") as graph:
        for number in range(100_000):
            line = f'{subject.format(number=number)} {predicate} "{number}" <{BASE}graph/events> .'
            graph.write(f"{line}\n")
    existed, changed = child.run_apart(
        Job("update", insert(CONTRIB + "a", "y")),
        graph=tmp_path / "graph.nq",
        contributions=tmp_path,
        memory_mb=32,  # 16 MiB beside the working copy
        seconds=60,
    )
    assert not existed
    assert list(ox.parse(changed, format=ox.RdfFormat.N_QUADS)) == [quad("y")]


def test_without_a_wall_what_might_fetch_is_refused_by_its_letters() -> None:
    for text in ("LOAD <http://x/>", "INSERT {} WHERE { service <http://x/> {} }"):
        with pytest.raises(QueryError, match="fetch"):
            apply.apply(ox.Store(), Job("update", text), anywhere=True, walled=False)


def test_wrong_turtle_is_answered_with_its_line() -> None:
    job = Job("put", graph=CONTRIB + "a", parts=(Part("text/turtle", b"<a> <b>\n  oops ."),))
    with pytest.raises(UnreadableData) as raised:
        apply.apply(ox.Store(), job, anywhere=False)
    assert raised.value.line == 2
