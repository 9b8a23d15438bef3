"""Which benchmarks of the records bound the time from a first case to a first act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from crisisgov.loaders.milestones.earliest import (
    FIRST_EMERGENCY,
    FIRST_INFORMATION,
    OWN_ACT,
)
from crisisgov.loaders.milestones.results import Milestone
from crisisgov.ontology import terms

# Only these: their acts are what a milestone is, and a case that was told is by then known
# to an authority, from where their clocks run. A first case is later than a first knowledge
# of the matter, so that the verdict can only be too mild.
_APPLIES = {
    "target-717-communicate": (FIRST_INFORMATION,),
    "target-717-coordinate": (FIRST_EMERGENCY, "first-measure/command-body"),
}
_LIMITS = """SELECT ?norm ?limit WHERE {
  ?norm a cg:Benchmark ; cg:limitSeconds ?limit .
}"""


@dataclass(frozen=True)
class Limit:
    """A benchmark by its id; ``seconds`` from the first case to the act."""

    norm: str
    seconds: int
    kinds: tuple[str, ...]

    def applies(self, one: Milestone) -> bool:
        """Whether it bounds a milestone: a government's own act, with a first case before."""
        return one.basis == OWN_ACT and one.kind in self.kinds and one.lag is not None


def limits(store: ox.Store) -> Iterator[Limit]:
    """Yield the benchmarks that the records have and that a milestone can be held against."""
    query = terms.prefix_lines(("cg",)) + _LIMITS
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    for row in solutions:
        norm, limit = row["norm"], row["limit"]
        assert isinstance(norm, ox.NamedNode) and isinstance(limit, ox.Literal)
        name = norm.value.removeprefix(terms.entity("norm", ""))
        if name in _APPLIES:
            yield Limit(name, int(limit.value), _APPLIES[name])


def verdict(one: Milestone, limit: Limit) -> str:
    """Return the timeliness of a milestone by the bounds of its lag.

    Late when even the smallest lag is larger than the limit; on time when even the largest is
    not; preemptive when the act certainly came before the case.
    """
    assert one.lag is not None
    low, high = one.lag
    if high < 0:
        return "preemptive"
    if high <= limit.seconds:
        return "on-time"
    return "definitely-late" if low > limit.seconds else "possibly-late"
