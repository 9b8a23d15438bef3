"""Loading the chosen data sets: their quads as text, and what became of every row."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from crisisgov.errors import UsageError
from crisisgov.loaders.crosswalk import table as crosswalk
from crisisgov.loaders.datasets import curated, flags, identifiers, text
from crisisgov.loaders.datasets.context import Context, Known
from crisisgov.loaders.datasets.emit import Emitter
from crisisgov.loaders.datasets.gazetteer import Gazetteer
from crisisgov.loaders.datasets.ledger import Ledger, Rejects, Tally, Tick
from crisisgov.loaders.datasets.registry import CROSSWALK, DATA_SETS, PLACES, DataSet
from crisisgov.loaders.datasets.rows import file_sha256, files
from crisisgov.ontology import terms

_CHUNK_LINES = 10_000
_VOID = "http://rdfs.org/ns/void#"


def _silent(name: str, rows: int, done: int, total: int) -> None:
    pass


@dataclass
class Selection:
    """Which data sets to load from where, and what to do with rows that cannot be used."""

    paths: dict[str, Path] = field(default_factory=dict)
    rejects: Rejects = field(default_factory=lambda: Rejects(None))
    tick: Tick = _silent

    def check(self) -> None:
        """Check that each name is known and each path has files for it.

        :raises UsageError: naming what is wrong and what can be named
        """
        for name, path in self.paths.items():
            if name not in DATA_SETS and name not in (PLACES, CROSSWALK):
                known = ", ".join([*DATA_SETS, PLACES, CROSSWALK])
                raise UsageError(f"--with {name}=...: no such data set; there are {known}")
            if not path.exists():
                raise UsageError(f"--with {name}={path}: there is no such file or folder")
            if name in DATA_SETS and not files(path, DATA_SETS[name].suffixes):
                suffixes = ", ".join(DATA_SETS[name].suffixes)
                raise UsageError(f"--with {name}={path}: no file that ends in {suffixes} is here")
            if name == CROSSWALK:
                crosswalk.read(path)  # its errors come before the build
            if name == PLACES and not identifiers.files(path):
                raise UsageError(f"--with {name}={path}: {identifiers.MISSING}")

    def described(self) -> dict[str, dict[str, str]]:
        """Return path and digest of each data set, as a version remembers them."""
        return {
            name: {"path": str(path.resolve()), "digest": digest(name, path)}
            for name, path in sorted(self.paths.items())
        }


def digest(name: str, path: Path) -> str:
    """Return a digest of the files of a data set."""
    total = hashlib.sha256()
    for file, where in _files_of(name, path):
        total.update(f"\0{file}\0{file_sha256(where)}".encode())
    return total.hexdigest()


def unchanged(described: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether the data sets of a version are what they were; those that are gone count as such."""
    for name, one in described.items():
        path = Path(one["path"])
        if path.exists() and digest(name, path) != one["digest"]:
            return False
    return True


def _files_of(name: str, path: Path) -> list[tuple[str, Path]]:
    if name in DATA_SETS:
        return files(path, DATA_SETS[name].suffixes)
    return files(path, (".gz", ".tsv", ".geojson", ".json"))


class Loading:
    """One run over the selected data sets."""

    def __init__(self, selection: Selection, store: ox.Store) -> None:
        self.selection = selection
        self.tallies: list[Tally] = []
        self.counts: dict[str, int] = {}
        self.quads = 0
        self._curated = curated.read(store)
        self._flags: set[str] = set()
        self._done = 0
        self._rows = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the quads of every set as N-Quads text, in pieces.

        A set of which no row can be used yields what its graph says of itself: the others are
        not to suffer for it.

        :raises StrictReject: for a row that cannot be used, when none may be left out
        :raises InputError: for a file of places that cannot be read
        """
        paths = self.selection.paths
        folder = paths.get(PLACES)
        ids = identifiers.read(folder) if folder is not None else None
        gazetteer = Gazetteer(self._curated, ids)
        others: dict[str, dict[str, Known]] = {}
        for name, one in DATA_SETS.items():
            if name in paths:
                yield from self._one(one, paths[name], gazetteer, others)
        for piece in (gazetteer.lines(), flags.lines(sorted(self._flags & set(flags.FLAGS)))):
            lines = list(piece)
            self.quads += len(lines)
            yield "".join(lines).encode()

    def _one(
        self,
        one: DataSet,
        path: Path,
        gazetteer: Gazetteer,
        others: dict[str, dict[str, Known]],
    ) -> Iterator[bytes]:
        emitter = Emitter(one.name, one.source, gazetteer)
        ledger = Ledger(one.name, self.selection.rejects)
        total = sum(where.stat().st_size for _, where in files(path, one.suffixes))
        progress = _Progress(one.name, ledger.tally, total, self.selection.tick)
        context = Context(path, emitter, ledger, gazetteer, self._curated, progress.at, others)
        for _ in one.load(context):
            if emitter.waiting() >= _CHUNK_LINES:
                yield emitter.take().encode()
        self.selection.tick(one.name, ledger.tally.rows, total, total)
        tally = ledger.tally
        emitter.add(*_about_files(one, path, tally))
        tally.quads = emitter.quads + emitter.waiting()
        emitter.add(*_about(one, tally))
        yield emitter.take().encode()
        tally.quads = emitter.quads
        self.tallies.append(tally)
        self._flags |= set(tally.notes)
        self.quads += tally.quads
        self.counts["event"] = self.counts.get("event", 0) + tally.events


class _Progress:
    """Turns positions in the files of a set into ticks over all of them."""

    def __init__(self, name: str, tally: Tally, total: int, tick: Tick) -> None:
        self._name, self._tally, self._total, self._tick = name, tally, total, tick
        self._path: Path | None = None
        self._before = 0
        self._size = 0

    def at(self, name: str, path: Path, position: int) -> None:
        """Note how far the reading of a file has come."""
        if path != self._path:
            self._before += self._size
            self._path, self._size = path, path.stat().st_size
        self._tick(self._name, self._tally.rows, self._before + position, self._total)


def _about_files(one: DataSet, path: Path, tally: Tally) -> Iterator[str]:
    """Yield what is said of each file: which it was, and what became of its rows."""
    for name, where in files(path, one.suffixes):
        node = text.entity("datafile", f"{one.name}/{name}")
        counts = tally.files.get(name, Counter())
        yield f"{node}{text.TYPE}{text.cls('DataFile')}"
        yield f"{node}{text.LABEL}{text.lang(name, 'en')}"
        yield f"{node}{text.predicate('source')}{text.entity('source', one.source)}"
        yield f"{node}{text.predicate('sha256')}{text.plain(file_sha256(where))}"
        yield from _outcomes(node, counts)


def _outcomes(node: str, counts: Mapping[str, Any]) -> Iterator[str]:
    for key, name in (
        ("records", "rowsRecorded"),
        ("duplicates", "rowsDuplicate"),
        ("rejected", "rowsRejected"),
    ):
        yield f"{node}{text.predicate(name)}{text.integer(counts.get(key, 0))}"


def _about(one: DataSet, tally: Tally) -> Iterator[str]:
    """Yield what the graph of a set says of itself: whose it is, its terms, its counts."""
    source = text.entity("source", one.source)
    yield f"{source}{text.TYPE}{text.cls('Source')}"
    yield f"{source}{text.LABEL}{text.lang(one.title, 'en')}"
    yield f"{source}{text.predicate('publisher')}{text.plain(one.publisher)}"
    yield f"{source}{text.predicate('sourceKind')}{text.concept('source-kind', 'dataset')}"
    yield f"{source}{text.predicate('standing')}{text.concept('standing', one.standing)}"
    yield f"{source}{text.predicate('url')}{text.plain(one.url)}"
    yield f"{source} <{terms.DCTERMS}language> {text.plain('en')}"
    graph = f"<{terms.graph('data/' + one.name)}>"
    yield f"{graph}{text.TYPE}<{_VOID}Dataset>"
    yield f"{graph}{text.LABEL}{text.lang(one.title, 'en')}"
    yield f"{graph}{text.predicate('source')}{source}"
    yield f"{graph}{text.predicate('licenceStatus')}{text.plain(one.status)}"
    yield f"{graph} <{terms.DCTERMS}rights> {text.lang(one.terms, 'en')}"
    if one.licence is not None:
        yield f"{graph} <{terms.DCTERMS}license> <{one.licence}>"
    yield f"{graph}{text.predicate('rowsRead')}{text.integer(tally.rows)}"
    yield from _outcomes(graph, tally.summary())
    for note, count in sorted(tally.notes.items()):
        if note in flags.FLAGS:
            node = text.entity("flagcount", f"{one.name}/{note}")
            yield f"{node}{text.TYPE}{text.cls('FlagCount')}"
            yield f"{node}{text.predicate('source')}{source}"
            flag = text.concept(flags.SCHEME, note)
            yield f"{node}{text.predicate('qualityFlag')}{flag}"
            yield f"{node}{text.predicate('eventCount')}{text.integer(count)}"
