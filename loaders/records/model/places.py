"""Places: countries, provinces, cities."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from crisisgov.loaders.records.model.base import Identifiers, Label, Level, Record, Ref, Text

PlaceId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?(-[a-z0-9]+)*$")]
"""ISO 3166 code (``CN``, ``CN-HB``), lengthened by words below that (``CN-HB-wuhan``)."""


class Place(Record):
    """An area of the world; its id is its ISO 3166 code where there is one."""

    id: PlaceId
    label: Label
    within: Annotated[str, Ref("place")] | None = None
    """The next larger place."""
    level: Level
    time_zone: Text | None = None
    """IANA zone; taken from the larger place when absent."""
    population: int | None = None
    identifiers: Identifiers = Identifiers()


class PlaceFile(Record):
    """A file in ``seeds/places``."""

    places: list[Place]
