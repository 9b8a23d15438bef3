"""The whole derivation, as a stage through which the quads of a build pass on their way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from crisisgov.loaders.crosswalk import statements as crosswalk_statements
from crisisgov.loaders.crosswalk import table
from crisisgov.loaders.datasets import curated, oxcgrt
from crisisgov.loaders.datasets.gazetteer import Gazetteer
from crisisgov.loaders.milestones import benchmarks, reading, series, statements
from crisisgov.loaders.milestones.earliest import (
    FIRST_CASE,
    IN_FORCE,
    PEAK,
    REPORTED,
    Collector,
    Earliest,
)
from crisisgov.loaders.milestones.results import Milestone, milestones

_CHUNK = 10_000


@dataclass
class Derivation:
    """What is derived from the quads that pass through :meth:`passing`.

    ``crosswalk`` is a table of the user's, None for this project's; ``status`` the licence
    status of each data set; ``index_series`` the folder of OxCGRT, None without.
    """

    store: ox.Store
    status: Mapping[str, str]
    crosswalk: Path | None = None
    index_series: Path | None = None
    quads: int = 0
    milestones: list[Milestone] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._crosswalk = table.read(self.crosswalk)
        self._collector = Collector(self._crosswalk)

    def passing(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield N-Quads text as it is, in pieces of whole lines, and read it.

        Takes time in proportion to the text, and keeps some 200 bytes of each event.
        """
        for batch in reading.batches(pieces):
            self._collector.take(reading.statements(batch))
            yield batch

    def lines(self) -> Iterator[bytes]:
        """Yield what was derived, when everything has passed: crosswalk and milestones."""
        collector, world = self._collector, self._collector.world
        collector.end()
        files: dict[str, tuple[Path, int]] = {}
        peaks = list(self._from_series(files))
        self.milestones = [*milestones(collector), *peaks]
        limits = list(benchmarks.limits(self.store))
        every = statements.lines(self.milestones, limits, self.status)
        mapped = (
            crosswalk_statements.lines(self._crosswalk, world.categories, world.homes, self.status)
            if world.categories
            else iter(())
        )
        waiting: list[str] = []
        for source in (mapped, every, statements.files(files, oxcgrt.NAME, oxcgrt.SOURCE)):
            for line in source:
                waiting.append(line)
                self.quads += 1
                if len(waiting) >= _CHUNK:
                    yield "".join(waiting).encode()
                    waiting = []
        yield "".join(waiting).encode()

    def _from_series(self, files: dict[str, tuple[Path, int]]) -> Iterator[Milestone]:
        """Add first cases of the index series to what was collected; yield the peaks.

        Only for places of which there are events: every other place is not in the graph.
        """
        if self.index_series is None:
            return
        known = curated.read(self.store)
        for one in series.read(self.index_series, Gazetteer(known)):
            place = f"place/{one.place.id}"
            crisis = known.pandemic(chinese=one.place.chinese, first=one.window[0])
            if place not in self._collector.places or crisis not in known.crises:
                continue
            files[one.file] = one.path, one.rows
            first, last, *_ = one.window
            file, home = f"datafile/{oxcgrt.NAME}/{one.file}", f"data/{oxcgrt.NAME}"
            if isinstance(one, series.FirstCase):
                self._collector.add(crisis, place, REPORTED, FIRST_CASE, first, last, file, home)
                continue
            for each in self._collector.world.crises_of(crisis):
                when = Earliest(first, file, home, last, file, home)
                yield Milestone(each, place, IN_FORCE, PEAK, when, value=one.value)
