"""The curated records as a graph, made once for all tests of this folder."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from crisisgov.loaders.build import assemble, seeds_folder
from crisisgov.loaders.graph.convert import records_to_quads
from crisisgov.loaders.records.read import load


@pytest.fixture(scope="session")
def asserted() -> list[ox.Quad]:
    """What the curated records state, before anything is derived."""
    return records_to_quads(load(seeds_folder()))


@pytest.fixture(scope="session")
def built() -> ox.Store:
    """The finished graph of the curated records, as a build publishes it."""
    return assemble(seeds_folder()).store
