"""Places of CoronaNet's rows, and the governments that acted."""

from __future__ import annotations

from dataclasses import dataclass

from crisisgov.loaders.datasets import names
from crisisgov.loaders.datasets.coronanet_rows import Unusable, codes_of
from crisisgov.loaders.datasets.gazetteer import Gazetteer, Place

CITY_PROVINCES = frozenset(
    "CN-BJ CN-SH CN-TJ CN-CQ DE-BE DE-HH AT-9 RU-MOW RU-SPE KR-11 US-DC MX-CMX".split()
)
"""Cities that are subdivisions of the first level: one government, one place."""

_LEVELS = {
    "Yes, it is at the province/state level": "Provincial",
    "No, it is at the national level": "National",
}

_SPLIT = ","


@dataclass(slots=True)
class Where:
    """Place and actors (IRIs) of a row; ``codes`` are the countries that its text may name."""

    place: Place
    actors: tuple[str, ...]
    flags: list[str]
    codes: list[str]
    named: str


class Places:
    """Finds the place of a row and the governments that acted."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def find(self, values: dict[str, str]) -> Where:
        """Return the place of an event and the governments that acted.

        :raises Unusable: when no country can be told
        """
        gazetteer = self.gazetteer
        name = values["country"]
        country = gazetteer.country(name)
        level = values.get("init_country_level", "")
        level = _LEVELS.get(level, level)
        if country is None and name == "Northern Cyprus":
            # no ISO code: its area has that of Cyprus, whose government did not act
            cyprus = gazetteer.place("CY")
            assert cyprus is not None
            return Where(cyprus, (), ["place-unresolved"], ["CY"], name)
        if country is None and name == "Sardinia":
            sardinia = gazetteer.place("IT-88")
            assert sardinia is not None
            return Where(sardinia, (gazetteer.government(sardinia),), [], ["IT"], "")
        if country is None and "," in name:
            return self._joint(values)
        if country is None:
            iso = values.get("ISO_A2", "")
            country = gazetteer.place(iso) if len(iso) == 2 else None
        if country is None:
            raise Unusable(f"unknown country {name[:60]!r}")
        return self._below(country, level, values)

    def _below(self, country: Place, level: str, values: dict[str, str]) -> Where:
        gazetteer, flags = self.gazetteer, list[str]()
        province, city = values.get("province", ""), values.get("city", "")
        place, named = country, ""
        codes = [country.id, *codes_of(values.get("target_country", ""))]
        if province:
            found = gazetteer.province(country, province, values.get("ISO_L2", ""))
            if found is None:
                flags.append("several-places" if _SPLIT in province else "place-unresolved")
                named = province
            else:
                place = found
                codes.append(found.country)
        if place.id in CITY_PROVINCES and names.core(city) in ("", names.core(province)):
            level, city = "Provincial", ""
        if level == "National":
            return Where(country, (gazetteer.government(country),), flags, codes, named)
        if level == "Provincial":
            whole = place is not country
            return Where(
                place, (gazetteer.government(place),) if whole else (), flags, codes, named
            )
        if not city:
            # a government below the province of which only the province is told
            return Where(place, (), flags, codes, named)
        found = gazetteer.city(place, city)
        if found is None:
            flags.append("several-places" if _SPLIT in city else "place-unresolved")
            return Where(place, (), flags, codes, f"{named}, {city}" if named else city)
        acted = (gazetteer.government(found),) if level == "Municipal" else ()
        return Where(found, acted, flags, codes, named)

    def _joint(self, values: dict[str, str]) -> Where:
        gazetteer = self.gazetteer
        parts = [part.strip() for part in values["country"].split(_SPLIT)]
        found = [place for part in parts if (place := gazetteer.country(part)) is not None]
        if not found:
            raise Unusable(f"unknown countries {values['country'][:60]!r}")
        actors = tuple(dict.fromkeys(gazetteer.government(place) for place in found))
        codes = [place.id for place in found] + codes_of(values.get("target_country", ""))
        unknown = len(found) < len(parts)
        flags = ["several-places"] + (["place-unresolved"] if unknown else [])
        return Where(found[0], actors, flags, codes, values["country"])
