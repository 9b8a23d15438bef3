"""The curated records built once per test run, and an application over them."""

from __future__ import annotations

import atexit
import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flask import Flask

from crisisgov.loaders.build import build, seeds_folder
from crisisgov.loaders.versions import VersionStore
from crisisgov.ontology.terms import PREFIXES
from crisisgov.server.app import create_app
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.options import EngineOptions
from crisisgov.server.settings import Settings

READY_SECONDS = 30.0


@cache
def built_data() -> Path:
    """A data folder with one version, built from seeds/; gone when the run ends."""
    root = Path(tempfile.mkdtemp(prefix="crisisgov-test-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    build(seeds_folder(), VersionStore(root), lambda _message: None)
    return root


@contextlib.contextmanager
def application(data: Path, public_base_url: str = "http://127.0.0.1:8000") -> Iterator[Flask]:
    """The real application over a real engine with the version in ``data``."""
    options = EngineOptions(workers=1, page_workers=2)
    engine = EmbeddedEngine(options, VersionStore(data), PREFIXES)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not engine.status().workers and time.monotonic() < deadline:
            time.sleep(0.02)
        assert engine.status().workers, engine.status().error
        yield create_app(Settings(data=data, public_base_url=public_base_url), engine)
    finally:
        engine.close()
