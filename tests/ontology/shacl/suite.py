"""Reads the W3C's tests of SHACL Core from a clone of w3c/data-shapes.

They are not part of this repository. ``CRISISGOV_SHACL_TESTS`` names the folder
``data-shapes-test-suite/tests/core`` (or the clone); without it they are looked for
in ``../shared/conformance/data-shapes`` beside the checkout.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from crisisgov.ontology.shacl.graph import ShapesGraph, Term, sh
from tests.ontology.shacl.compare import Line, lines_of

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
BELOW = Path("data-shapes-test-suite") / "tests" / "core"


@dataclass(frozen=True)
class Case:
    """One test: what is to be validated against what, and the results that it shall have."""

    name: str
    data: Path
    shapes: Path
    expected: Counter[Line]


def folder(checkout: Path) -> Path | None:
    """Return where the tests lie, None where they are missing."""
    given = os.environ.get("CRISISGOV_SHACL_TESTS")
    root = Path(given) if given else checkout.parent / "shared" / "conformance" / "data-shapes"
    for below in (root, root / BELOW):
        if (below / "property").is_dir() and (below / "node").is_dir():
            return below
    return None


def triples(path: Path) -> list[ox.Triple]:
    """Return the triples of a file, with blank nodes as they are labelled in it."""
    base = f"http://test.example/{path.name}"
    return [quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base)]


def cases(root: Path) -> list[Case]:
    """Return every test below a folder, by name."""
    found = []
    for path in sorted(root.rglob("*.ttl")):
        graph = ShapesGraph(triples(path))
        for entry in graph.subjects(ox.NamedNode(MF + "action")):
            found.append(_case(graph, entry, path))
    return found


def _case(graph: ShapesGraph, entry: Term, path: Path) -> Case:
    (action,) = graph.objects(entry, ox.NamedNode(MF + "action"))
    (report,) = graph.objects(entry, ox.NamedNode(MF + "result"))
    expected = lines_of(graph, report)
    (conforms,) = graph.objects(report, sh("conforms"))
    assert (conforms == ox.Literal(True)) == (not expected), entry
    return Case(
        f"{path.parent.name}-{path.stem}",
        _file(graph, action, "dataGraph", path),
        _file(graph, action, "shapesGraph", path),
        expected,
    )


def _file(graph: ShapesGraph, action: Term, name: str, beside: Path) -> Path:
    (given,) = graph.objects(action, ox.NamedNode(SHT + name))
    assert isinstance(given, ox.NamedNode)
    return beside.parent / given.value.rpartition("/")[2]
