"""Places and their governments: ISO 3166 codes, zones, and one IRI for each.

A place or government of the curated records is used as it is there. Any other is stated
once, in a graph that all data sets share, when a data set first speaks of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from crisisgov.loaders.datasets import names, text
from crisisgov.loaders.datasets.curated import Curated
from crisisgov.loaders.datasets.identifiers import Identifiers
from crisisgov.ontology import terms

PLACES_GRAPH = terms.graph("data/places")
GOVERNMENTS_GRAPH = terms.graph("data/governments")

_TERMS = (
    "Codes and names after ISO 3166, through pycountry. Ids in GeoNames: GeoNames, CC BY 4.0. "
    "Ids in Wikidata: Natural Earth, public domain."
)

CHINESE_PARTS = {"HK": "HK", "MO": "MO", "TW": "TW"}
"""ISO 3166-2 has CN-HK, CN-MO, CN-TW as well; sources use the codes of ISO 3166-1."""


_PHASES_ZH = {"start": "", "change": ",调整", "end": ",结束"}


@dataclass(frozen=True)
class Place:
    """A place by its id; ``zones`` are the IANA zones in which its days are read."""

    id: str
    label: str
    label_zh: str | None
    level: str
    within: str | None
    zones: tuple[str, ...]

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2 code."""
        return self.id[:2]

    @property
    def chinese(self) -> bool:
        """Whether it lies in mainland China, whose pandemic is a crisis of its own."""
        return self.country == "CN"

    @property
    def labelled_zh(self) -> bool:
        """Whether events there have labels in Chinese, too."""
        return self.country in ("CN", *CHINESE_PARTS)

    def event_zh(self, what: str, when: str, phase: str) -> str | None:
        """Return the Chinese label of an event here, None where none is asked for."""
        if not self.labelled_zh:
            return None
        return f"{self.label_zh or self.label}:{what}({when}{_PHASES_ZH[phase]})"


@cache
def zones_of_countries() -> dict[str, tuple[str, ...]]:
    """Return the IANA zones of each country, from the table that comes with tzdata."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            found.setdefault(code, []).append(zone)
    found["XK"] = ["Europe/Belgrade"]
    return {code: _different(zones) for code, zones in found.items()}


def _different(zones: list[str]) -> tuple[str, ...]:
    """Leave out zones whose clocks show the same as those of another one since 1990."""
    if len(zones) == 1:
        return tuple(zones)
    by_clock: dict[tuple[object, ...], str] = {}
    moments = [datetime(year, month, 15) for year in range(1990, 2031) for month in (1, 4, 7, 10)]
    for name in zones:
        zone = ZoneInfo(name)
        by_clock.setdefault(tuple(zone.utcoffset(moment) for moment in moments), name)
    return tuple(by_clock.values())


@cache
def zones_of_subdivisions() -> dict[str, tuple[str, ...]]:
    """Return the zones of the parts of countries with several, and of countries with one law."""
    return {row["code"]: tuple(row["zones"].split()) for row in names.table("zones.csv")}


class Gazetteer:
    """Finds places and governments, and remembers which of them have to be stated."""

    def __init__(self, curated: Curated, identifiers: Identifiers | None = None) -> None:
        self._curated = curated
        self._identifiers = identifiers or Identifiers()
        self._known: dict[str, Place | None] = {}
        self._cities: dict[tuple[str, str], Place | None] = {}
        self._governments: dict[str, tuple[Place, str, str]] = {}
        self._used: dict[str, Place] = {}

    def country(self, name: str) -> Place | None:
        """Return a country by name, alpha-2 or alpha-3 code."""
        code = name if len(name) == 2 and name.isupper() else None
        return self.place(code or names.country_names().get(names.plain(name), ""))

    def place(self, code: str) -> Place | None:
        """Return the country or subdivision with an ISO 3166 code, None when there is none."""
        if code not in self._known:
            self._known[code] = self._find(code)
        return self._known[code]

    def province(self, country: Place, name: str, code: str = "") -> Place | None:
        """Return a subdivision by its name; by the code of a source where the name says nothing.

        Codes in sources are sometimes those of another country's unit of the same name,
        so that the name comes first.
        """
        found = names.province(country.id, name) if name else None
        if found is None and code[:3] == f"{country.id}-" and code in names.subdivisions():
            found = code
        return self.place(found) if found else None

    def city(self, around: Place, name: str) -> Place | None:
        """Return a city below a place; None for a list of cities, or without its Chinese name."""
        key = (around.id, name)
        if key not in self._cities:
            self._cities[key] = self._city(around, name)
        return self._cities[key]

    def use(self, place: Place) -> str:
        """Return the IRI of a place; it will be stated unless the records do so."""
        if place.id not in self._used:
            self._used[place.id] = place
            if place.within is not None:
                around = self.place(place.within)
                if around is not None:
                    self.use(around)
        return text.iri("place", place.id)

    def government(self, place: Place) -> str:
        """Return the IRI of the government of a place; it will be stated unless the records do."""
        curated = self._curated.governments.get(place.id)
        if curated is not None:
            return f"<{curated}>"
        name = f"gov-{place.id.casefold()}"
        if place.id not in self._governments:
            self.use(place)
            self._governments[place.id] = (place, name, _government_label(place))
        return text.iri("actor", name)

    def lines(self) -> Iterator[str]:
        """Yield the statements on all places and governments that were used."""
        graph, end = f"<{PLACES_GRAPH}>", text.tail(PLACES_GRAPH)
        if self._used:
            yield f"{graph} <{terms.DCTERMS}rights> {text.lang(_TERMS, 'en')}{end}"
            yield f"{graph}{text.predicate('licenceStatus')}{text.plain('open')}{end}"
        for place in self._used.values():
            if place.id not in self._curated.places:
                yield from self._place_lines(place)
        for place, name, label in self._governments.values():
            yield from self._government_lines(place, name, label)

    def _find(self, code: str) -> Place | None:
        if code[:3] == "CN-" and code[3:] in CHINESE_PARTS:
            code = code[3:]
        curated = self._curated.places.get(code)
        country = code[:2]
        if len(code) == 2:
            label = names.country_labels().get(code)
            if label is None:
                return None
            level, within = ("international" if code == "EU" else "national"), None
        elif code in names.subdivisions():
            label, parent = names.subdivisions()[code]
            level = "second-subnational" if parent else "first-subnational"
            within = parent or country
        elif curated is not None:
            # a place below ISO 3166 that the records state, so that nothing else is needed
            label, level, within = curated.en, "", None
        else:
            return None
        zones = zones_of_subdivisions().get(code) or zones_of_subdivisions().get(country)
        zones = zones or zones_of_countries().get(country, ())
        if curated is None:
            return Place(code, label, None, level, within, zones)
        zone = (curated.zone,) if curated.zone else zones
        return Place(code, curated.en, curated.zh, level, within, zone)

    def _city(self, around: Place, name: str) -> Place | None:
        short = names.slug(name)
        if not short or len(name) > 40 or any(mark in name for mark in ",;/&()"):
            return None
        code = f"{around.id}-{short}"
        curated = self._curated.places.get(code)
        if curated is not None:
            zone = (curated.zone,) if curated.zone else around.zones
            return Place(code, curated.en, curated.zh, "second-subnational", around.id, zone)
        if around.chinese or not name[0].isupper():
            return None
        level = "third-subnational" if around.level == "second-subnational" else None
        found = Place(code, name, None, level or "second-subnational", around.id, around.zones)
        self._known[code] = found
        return found

    def _place_lines(self, place: Place) -> Iterator[str]:
        node, end = text.iri("place", place.id), text.tail(PLACES_GRAPH)
        yield f"{node}{text.TYPE}{text.cls('Place')}{end}"
        yield f"{node}{text.LABEL}{text.lang(place.label, 'en')}{end}"
        if place.label_zh is not None:
            yield f"{node}{text.LABEL}{text.lang(place.label_zh, 'zh')}{end}"
        yield f"{node} <{terms.SKOS}notation> {text.plain(place.id)}{end}"
        yield f"{node}{text.predicate('level')}{text.concept('level', place.level)}{end}"
        if len(place.zones) == 1:
            yield f"{node}{text.predicate('timeZone')}{text.plain(place.zones[0])}{end}"
        for address in self._identifiers.of(place.id):
            yield f"{node} <{terms.SCHEMA}sameAs> <{address}>{end}"
        # `within` is transitive: the next place is stated, those around it follow
        around, tail = place.within, end
        while around is not None:
            yield f"{node}{text.predicate('within')}{text.iri('place', around)}{tail}"
            tail = text.tail(terms.inferred_graph("data/places"))
            larger = self.place(around)
            around = larger.within if larger is not None else None

    def _government_lines(self, place: Place, name: str, label: str) -> Iterator[str]:
        node, end = text.iri("actor", name), text.tail(GOVERNMENTS_GRAPH)
        union = place.level == "international"
        yield f"{node}{text.TYPE}{text.cls('Organisation' if union else 'Government')}{end}"
        yield f"{node}{text.LABEL}{text.lang(label, 'en')}{end}"
        if place.label_zh is not None:
            yield f"{node}{text.LABEL}{text.lang(f'{place.label_zh}政府', 'zh')}{end}"
        general = text.concept("function", "general-government")
        yield f"{node}{text.predicate('function')}{general}{end}"
        yield f"{node}{text.predicate('level')}{text.concept('level', place.level)}{end}"
        yield f"{node}{text.predicate('jurisdiction')}{text.iri('place', place.id)}{end}"
        above = ["Actor"] if union else ["PublicAuthority", "Actor"]
        if place.level not in ("national", "international"):
            above.append("LocalGovernment")
        for one in above:
            tail = text.tail(terms.inferred_graph("data/governments"))
            yield f"{node}{text.TYPE}{text.cls(one)}{tail}"


def _government_label(place: Place) -> str:
    if place.level == "international":
        return f"{place.label} (institutions)"
    return f"Government of {place.label}"
