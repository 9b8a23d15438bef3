"""What every data set is given to work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crisisgov.errors import InputError
from crisisgov.loaders.datasets import text
from crisisgov.loaders.datasets.curated import Curated
from crisisgov.loaders.datasets.emit import Emitter
from crisisgov.loaders.datasets.gazetteer import Gazetteer, Place
from crisisgov.loaders.datasets.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Known:
    """An event of a set: its id, its day (empty when uncertain) and its phase."""

    event: str
    day: str
    phase: str


@dataclass
class Context:
    """One data set at work.

    ``others`` are the events of the sets that were loaded before, by the set and its own key.
    """

    path: Path
    emit: Emitter
    ledger: Ledger
    gazetteer: Gazetteer
    curated: Curated
    tick: Callable[[str, Path, int], None] = lambda name, path, position: None
    others: dict[str, dict[str, Known]] = field(default_factory=dict)

    def pandemic(self, place: Place, first: int) -> str:
        """Return the IRI of the crisis of COVID-19 to which an event belongs.

        :param first: first second at which it can have been
        :raises InputError: when the records have no such crisis
        """
        name = self.curated.pandemic(chinese=place.chinese, first=first)
        if name not in self.curated.crises:
            raise InputError(
                f"{self.emit.name}: the records have no crisis {name}, to which its events "
                f"belong; add seeds/crises/{name}.yaml"
            )
        return text.iri("crisis", name)
