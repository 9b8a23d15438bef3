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

    def pandemic(self, place: Place) -> str:
        """Return the IRI of the crisis of COVID-19 to which a place belongs.

        :raises InputError: when the records have no such crisis
        """
        crises = self.curated.crises
        if place.chinese and "covid-19-china" in crises:
            return text.iri("crisis", "covid-19-china")
        if "covid-19" not in crises:
            raise InputError(
                f"{self.emit.name}: the records have no crisis covid-19, to which its events "
                "belong; add seeds/crises/covid-19.yaml"
            )
        return text.iri("crisis", "covid-19")
