"""The result of a validation: SHACL section 3.6."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyoxigraph as ox

from crisisgov.ontology.shacl.graph import Node, Term
from crisisgov.ontology.shacl.paths import Path


@dataclass(frozen=True)
class Result:
    """One violation."""

    focus: Term
    path: Path | None
    """The path of the property shape, or the predicate that a closed shape does not allow."""
    value: Term | None
    component: ox.NamedNode
    """E.g. ``sh:MinCountConstraintComponent``."""
    shape: Node
    severity: ox.NamedNode
    messages: tuple[ox.Literal, ...]
    """Those of the shape; one of our own words when it has none."""

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What results are sorted by."""
        return str(self.focus), str(self.value), str(self.shape), str(self.component)


@dataclass(frozen=True)
class Report:
    """All violations of a graph, or of many alike the first ones and how many there are."""

    results: tuple[Result, ...]
    """In a fixed order; of one constraint of one shape at most as many as were asked for."""
    total: int
    """How many violations there are, whether listed or not."""
    counts: dict[tuple[Node, ox.NamedNode], int] = field(default_factory=dict)
    """How many violations there are of each shape and component."""

    @property
    def conforms(self) -> bool:
        """Whether nothing violates a shape, of whatever severity."""
        return self.total == 0


class Collector:
    """Counts results and keeps the first ones, in memory that does not grow with their number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[Result] = []
        self.count = 0

    def add(self, result: Result) -> None:
        """Count a result; keep it if it is among the first ones so far."""
        self.count += 1
        self._kept.append(result)
        if len(self._kept) >= 2 * self._most:
            self._cut()

    def _cut(self) -> None:
        self._kept.sort(key=lambda result: result.order)
        del self._kept[self._most :]

    def results(self) -> list[Result]:
        """Return the first results, in order."""
        self._cut()
        return self._kept
