"""What all tests share: programs that a test may need, and the order of the run.

A test marked ``browser``, ``virtuoso``, ``comunica`` or ``r`` needs a program that pip cannot install.
Where it is missing the test does not run and is named at the end of the run;
with ``CI`` set, or with ``--require-programs``, it fails instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox
import pytest
from hypothesis import settings

from crisisgov.loaders.build import seeds_folder
from crisisgov.loaders.graph.convert import records_to_quads
from crisisgov.loaders.records.read import load
from crisisgov.loaders.versions import VersionStore

CHECKOUT = Path(__file__).resolve().parent.parent

PROGRAMS = {
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "virtuoso": ("virtuoso-t",),
    "comunica": ("comunica-sparql",),
    "r": ("Rscript",),
}
"""Marker -> names of the program that its tests need; the first found is taken."""

IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")

NOT_RUN = pytest.StashKey[list[str]]()

# The machine may be busy: no deadline. In CI the same examples every time.
settings.register_profile("crisisgov", deadline=None, derandomize=IN_CI, print_blob=True)
settings.load_profile("crisisgov")


def program(marker: str) -> str | None:
    """Return the path of the program that tests with this marker need, if it is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS[marker])), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-programs",
        action="store_true",
        default=IN_CI,
        help="a test whose program (chromium, virtuoso-t, ...) is missing fails (the default in CI)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[NOT_RUN] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of the curated records last: they say most when the code is known to work."""
    items.sort(key=lambda item: item.get_closest_marker("curated") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, names in PROGRAMS.items():
        if item.get_closest_marker(marker) is None or program(marker) is not None:
            continue
        needs = f"needs {' or '.join(names)}, which is not installed"
        if item.config.getoption("--require-programs"):
            pytest.fail(needs, pytrace=False)
        item.config.stash[NOT_RUN].append(f"{item.nodeid}: {needs}")
        pytest.skip(needs)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    not_run = terminalreporter.config.stash[NOT_RUN]
    if not_run:
        terminalreporter.section("not run", yellow=True)
        for line in not_run:
            terminalreporter.line(line)


@pytest.fixture
def not_run(request: pytest.FixtureRequest) -> Callable[[str], NoReturn]:
    """Give up a test for a reason that is named at the end of the run."""

    def give_up(reason: str) -> NoReturn:
        request.config.stash[NOT_RUN].append(f"{request.node.nodeid}: {reason}")
        pytest.skip(reason)

    return give_up


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The top folder of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; for tests marked ``browser``."""
    found = program("browser")
    assert found is not None, "mark the test with pytest.mark.browser"
    return found


@pytest.fixture(scope="session")
def virtuoso() -> str:
    """Path of the Virtuoso server; for tests marked ``virtuoso``."""
    found = program("virtuoso")
    assert found is not None, "mark the test with pytest.mark.virtuoso"
    return found


@pytest.fixture(scope="session")
def comunica() -> str:
    """Path of Comunica's command; for tests marked ``comunica``."""
    found = program("comunica")
    assert found is not None, "mark the test with pytest.mark.comunica"
    return found


@pytest.fixture(scope="session")
def asserted() -> list[ox.Quad]:
    """What the curated records state, before anything is derived."""
    return records_to_quads(load(seeds_folder()))


@pytest.fixture(scope="session")
def built() -> ox.Store:
    """The finished graph of the curated records, as a build published it; read-only."""
    # imported here: a copy of this file elsewhere has no tests/support beside it
    from tests.support.built_site import built_data

    version = VersionStore(built_data()).current()
    assert version is not None
    return ox.Store.read_only(str(version.store_path))
