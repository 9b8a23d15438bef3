"""What the curated records already have: data sets point to it and never state it again."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyoxigraph as ox

from crisisgov.ontology import terms

_PREFIX = terms.prefix_lines(("cg", "rdfs", "skos"))

_PLACES = """SELECT ?id ?zone (MAX(?e) AS ?en) (MAX(?z) AS ?zh) WHERE {
  ?p a cg:Place ; skos:notation ?id .
  OPTIONAL { ?p cg:timeZone ?zone }
  OPTIONAL { ?p rdfs:label ?e FILTER(LANG(?e) = "en") }
  OPTIONAL { ?p rdfs:label ?z FILTER(LANG(?z) = "zh") } } GROUP BY ?id ?zone"""

# A government as a whole, of just this place: no department of another, not a lower level
# that has the same jurisdiction for want of a place of its own.
_GOVERNMENTS = """SELECT ?place (MIN(STR(?g)) AS ?one) WHERE {
  ?g a cg:Government ; cg:jurisdiction ?p ; cg:level ?level ;
     cg:function <https://w3id.org/crisisgov/concept/function/general-government> .
  ?p skos:notation ?place ; cg:level ?level .
  FILTER NOT EXISTS { ?g cg:departmentOf ?whole }
  FILTER NOT EXISTS { ?g cg:validUntilEpoch ?gone FILTER(?gone < 1577836800) } } GROUP BY ?place"""


PANDEMIC, CHINA = "covid-19", "covid-19-china"
"""Crises of the records to which the trackers' events belong."""


@dataclass(frozen=True)
class CuratedPlace:
    """Labels and zone of a place of the records."""

    en: str
    zh: str | None
    zone: str | None


@dataclass
class Curated:
    """Places by id, governments by the id of their place, ids of events, crises and actors."""

    places: dict[str, CuratedPlace] = field(default_factory=dict)
    governments: dict[str, str] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    crises: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    ends: dict[str, int] = field(default_factory=dict)
    """Last second of a crisis that has an end, by its id."""

    def pandemic(self, *, chinese: bool, first: int) -> str:
        """Return the id of the crisis of COVID-19 to which something belongs.

        That of China is its first wave: what came after the end of that is the pandemic's.

        :param first: first second at which it can have been
        """
        if chinese and CHINA in self.crises and first <= self.ends.get(CHINA, first):
            return CHINA
        return PANDEMIC


def read(store: ox.Store) -> Curated:
    """Return what a finished curated graph has."""
    found = Curated()
    for row in _rows(store, _PLACES):
        zh, zone = row["zh"], row["zone"]
        found.places[_text(row["id"])] = CuratedPlace(
            _text(row["en"]),
            _text(zh) if zh is not None else None,
            _text(zone) if zone is not None else None,
        )
    for row in _rows(store, _GOVERNMENTS):
        found.governments[_text(row["place"])] = _text(row["one"])
    for name, ids in (
        ("Event", found.events),
        ("Crisis", found.crises),
        ("Actor", found.actors),
        ("Source", found.sources),
    ):
        for row in _rows(store, f"SELECT DISTINCT ?x WHERE {{ ?x a cg:{name} }}"):
            ids.add(_text(row["x"]).removeprefix(terms.BASE).partition("/")[2])
    for row in _rows(store, "SELECT ?x ?end WHERE { ?x a cg:Crisis ; cg:validUntilEpoch ?end }"):
        found.ends[_text(row["x"]).removeprefix(terms.BASE).partition("/")[2]] = int(
            _text(row["end"])
        )
    return found


def _rows(store: ox.Store, query: str) -> ox.QuerySolutions:
    solutions = store.query(_PREFIX + query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def _text(term: object) -> str:
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value
