"""Comunica, a client in another language by other people, finds the endpoint and asks it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.server.conftest import Server

pytestmark = pytest.mark.comunica

CG = "https://w3id.org/crisisgov/ontology#"
BASE = "https://w3id.org/crisisgov/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

JSON = "application/sparql-results+json"

Ask = Callable[..., str]


@pytest.fixture(scope="module")
def ask(comunica: str) -> Ask:
    def run(source: str, query: str, media_type: str = JSON) -> str:
        command = [comunica, source, query, "--outputType", media_type]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.parametrize("prefix", ["sparql@", ""], ids=["told", "found out from the description"])
def test_it_selects(server: Server, ask: Ask, prefix: str) -> None:
    # Asked for apart, since Comunica 4.5.0 drops the language of a literal that it is sent.
    query = f"SELECT (STR(?l) AS ?t) (LANG(?l) AS ?n) {{ <{BASE}crisis/c1> <{LABEL}> ?l }}"
    answer = json.loads(ask(f"{prefix}http://127.0.0.1:{server.port}/sparql", query))
    rows = {(row["t"]["value"], row["n"]["value"]) for row in answer["results"]["bindings"]}
    assert rows == {("Wuhan outbreak", "en"), ("武汉疫情", "zh")}


def test_it_asks_and_constructs(server: Server, ask: Ask) -> None:
    source = f"sparql@http://127.0.0.1:{server.port}/sparql"
    assert json.loads(ask(source, f"ASK {{ ?e a <{CG}Warning> }}"))["boolean"] is True
    construct = f"CONSTRUCT {{ ?e a <{CG}Event> }} WHERE {{ ?e a <{CG}Warning> }}"
    graph = ask(source, construct, "application/n-triples")
    assert {line.split(" ")[0] for line in graph.splitlines() if line} == {
        f"<{BASE}event/e1>",
        f"<{BASE}event/e2>",
    }
