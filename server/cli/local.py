"""What the commands share: where the data lies, and asking the current version."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from crisisgov.errors import CrisisgovError, InputError
from crisisgov.loaders import build
from crisisgov.loaders.datasets.ledger import Rejects
from crisisgov.loaders.datasets.run import Selection
from crisisgov.loaders.version_files import Version
from crisisgov.loaders.versions import VersionStore, default_root
from crisisgov.ontology.terms import PREFIXES
from crisisgov.server.cli.progress import BuildProgress
from crisisgov.server.engine.embedded import EmbeddedEngine
from crisisgov.server.engine.options import EngineOptions

F = TypeVar("F", bound=Callable[..., Any])
QUERY_SECONDS = 120.0
OPEN_SECONDS = 30.0
_REASONS_SHOWN = 3

console = Console(stderr=True)


def data_option(command: F) -> F:
    """Add ``--data``: the folder in which versions are kept."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help="Folder of the built versions [default: CRISISGOV_DATA, else a user data folder].",
    )(command)


def versions(data: Path | None) -> VersionStore:
    """Return the versions in a folder, or in the default one."""
    return VersionStore(data or default_root(os.environ))


def run_build(
    store: VersionStore,
    seeds: Path,
    data_sets: Mapping[str, Path] | None = None,
    *,
    strict: bool = False,
    rejects: Path | None = None,
) -> Version:
    """Build, showing each step; with data sets their rows, rate and time left.

    :param data_sets: path by name; None for those of the current version
    :param rejects: where rows that cannot be used are listed [default: in the data folder]
    """
    started = time.monotonic()
    if data_sets is None:
        current = store.current()
        data_sets = build.remembered(current) if current is not None else {}
        _say_what_is_gone(current, data_sets)
    listed = Rejects(rejects or store.root / "rejects.csv", strict=strict)
    with BuildProgress(console) as progress:
        selection = Selection(dict(data_sets), listed, progress.tick)
        version = build.build(seeds, store, progress.step, selection)
    counts = version.counts
    _report_data_sets(version, listed)
    console.print(
        f"built {version.id}: {counts.get('event', 0)} events, {counts.get('norm', 0)} norms, "
        f"{counts.get('findings', 0)} findings, {counts.get('quads', 0)} quads "
        f"in {time.monotonic() - started:.0f} s"
    )
    return version


def _say_what_is_gone(current: Version | None, data_sets: Mapping[str, Path]) -> None:
    described = current.meta.get("data_sets", {}) if current is not None else {}
    for name, one in described.items():
        if name not in data_sets:
            console.print(
                f"note: the files of {name} are no longer in {one['path']}: it is left out",
                soft_wrap=True,
            )


def _report_data_sets(version: Version, rejects: Rejects) -> None:
    """Say what became of the rows of each data set."""
    bulk = version.meta.get("bulk", {})
    for name, counts in bulk.get("outcomes", {}).items():
        console.print(
            f"{name}: {counts['rows']:,} rows = {counts['records']:,} recorded "
            f"+ {counts['duplicates']:,} duplicate + {counts['rejected']:,} rejected; "
            f"{counts['events']:,} events, {counts['linked']:,} rows of events known elsewhere, "
            f"{counts['quads']:,} quads",
            soft_wrap=True,
        )
        for note, number in bulk["notes"][name].items():
            console.print(f"  {number:>8,}  {note}", soft_wrap=True)
        for reason, number in _reasons(name, rejects):
            console.print(f"  {number:>8,}  rejected: {reason}", soft_wrap=True, markup=False)
    if rejects.count:
        console.print(f"{rejects.count:,} rows are listed in {rejects.path}", soft_wrap=True)


def _reasons(name: str, rejects: Rejects) -> list[tuple[str, int]]:
    """Return the reasons that most rows of a data set were rejected for, with how many."""
    mine = Counter({why: n for (of, why), n in rejects.reasons.items() if of == name})
    return mine.most_common(_REASONS_SHOWN)


def rejected(version: Version) -> int:
    """Return how many rows of data sets a build has left out."""
    outcomes = version.meta.get("bulk", {}).get("outcomes", {})
    return sum(counts["rejected"] for counts in outcomes.values())


def ready(store: VersionStore) -> None:
    """Build if nothing is built yet; say so if the records have changed since."""
    current = store.current()
    seeds = build.seeds_folder()
    if current is None:
        console.print("nothing is built yet: building first")
        run_build(store, seeds)
    elif build.is_stale(current, seeds):
        console.print(
            "note: records, rules or code have changed since this version was built; "
            "run crisisgov build to see it"
        )


@contextlib.contextmanager
def engine(data: Path | None) -> Iterator[EmbeddedEngine]:
    """Give an engine over the current version, with one worker."""
    store = versions(data)
    ready(store)
    options = EngineOptions(workers=4, page_workers=1, memory_mb=2048)
    with contextlib.closing(EmbeddedEngine(options, store, PREFIXES)) as opened:
        _wait_until_open(opened)
        yield opened


def _wait_until_open(opened: EmbeddedEngine) -> None:
    """Wait for the first worker; an engine opens its graph in the background.

    :raises CrisisgovError: when it is not open after :data:`OPEN_SECONDS`
    """
    until = time.monotonic() + OPEN_SECONDS
    while opened.version is None:
        if time.monotonic() > until:
            reason = opened.status().error or "no worker came up"
            raise CrisisgovError(f"the graph could not be opened: {reason}")
        time.sleep(0.01)


def read_text(path: str) -> str:
    """Return the text of a file, or of standard input for ``-``.

    :raises InputError: when it cannot be read
    """
    if path == "-":
        return sys.stdin.read()
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path}: {error.strerror}; give a file with a SPARQL query, or -"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start})") from error
