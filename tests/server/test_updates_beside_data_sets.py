"""Writes into a graph that also holds data sets: these stay, and the whole has to conform."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from crisisgov.loaders import build
from crisisgov.loaders.contributions import Journal
from crisisgov.loaders.datasets import run
from crisisgov.loaders.version_files import Version
from crisisgov.loaders.versions import VersionStore
from crisisgov.ontology.terms import BASE, CG
from crisisgov.server.updates import curated
from crisisgov.server.updates.errors import InvalidChange
from crisisgov.server.updates.job import Job
from tests.loaders.datasets.small_sets import coronanet_row, write_csv
from tests.loaders.datasets.test_build import PANDEMIC
from tests.support.graphs import BASE as SEEDS
from tests.support.graphs import write_seeds

EVENT = f"<{BASE}event/coronanet-R_000000000000001>"
CONTRIB = f"{BASE}graph/contrib/a"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a few records and two measures of CoronaNet."""
    folder = tmp_path_factory.mktemp("beside")
    chinese = {n: text.replace("label: {en", "label: {zh: 名, en") for n, text in SEEDS.items()}
    seeds = write_seeds(folder / "seeds", {**chinese, "crises/covid-19.yaml": PANDEMIC})
    rows = [
        coronanet_row(f"R_{n:015d}NA", policy_id=str(n), description=f"Rule {n}.") for n in (1, 2)
    ]
    sets = run.Selection({"coronanet": write_csv(folder / "coronanet.csv", rows)})
    build.build(seeds, VersionStore(folder / "data"), data_sets=sets)
    return folder / "data"


def current(data: Path) -> Version:
    version = VersionStore(data).current()
    assert version is not None
    return version


def write(data: Path, operation: str) -> None:
    curated.write(data, Job("update", operation), memory_mb=256, seconds=60)


def test_an_accepted_write_leaves_the_data_sets_and_can_be_taken_back(data: Path) -> None:
    before = current(data)
    see = f"{EVENT} <http://www.w3.org/2000/01/rdf-schema#seeAlso> <http://example.org/a>"
    write(data, f"INSERT DATA {{ GRAPH <{CONTRIB}> {{ {see} }} }}")
    written = current(data)
    store = ox.Store.read_only(str(written.store_path))
    text = ox.parse(path=str(written.quads_path), format=ox.RdfFormat.N_QUADS)
    assert set(store) == set(text)
    assert written.counts["quads"] == before.counts["quads"] + 1
    assert written.counts["event"] == before.counts["event"]
    write(data, f"DELETE DATA {{ GRAPH <{CONTRIB}> {{ {see} }} }}")
    assert current(data).quads_path.read_bytes() == before.quads_path.read_bytes()


def test_a_write_that_makes_an_event_of_a_data_set_invalid_is_refused_with_the_report(
    data: Path,
) -> None:
    before = current(data)
    second = f'{EVENT} <{CG}summary> "A second summary."'
    with pytest.raises(InvalidChange, match="An event needs one `summary` in our own words"):
        write(data, f"INSERT DATA {{ GRAPH <{CONTRIB}> {{ {second} }} }}")
    assert current(data) == before
    assert Journal(data).quads() == set()
