"""What the graph states of one entity: all of it, or of a hub some of each property."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisgov.server.entity_views.reader import Name, Reader, Value, natural, node, short


@dataclass(frozen=True)
class Entity:
    """What the graph states of one IRI; names of our own vocabulary come without a prefix.

    ``totals`` has the properties of which ``statements`` holds only some values, with
    the number of all.
    """

    iri: str
    statements: dict[str, list[Value]]
    totals: dict[str, int] = field(default_factory=dict)

    def many(self, name: str) -> list[str]:
        """Return the values of a property, in a fixed order."""
        return [value.text for value in self.statements.get(name, [])]

    def one(self, name: str) -> str:
        """Return the first value of a property, empty without any."""
        return next(iter(self.many(name)), "")

    def texts(self, name: str, language: str) -> list[str]:
        """Return the texts of a property in one language."""
        return [v.text for v in self.statements.get(name, []) if v.language == language]

    @property
    def label(self) -> Name:
        """The labels."""
        english = [*self.texts("rdfs:label", "en"), *self.texts("rdfs:label", "")]
        return Name("".join(english[:1]), "".join(self.texts("rdfs:label", "zh")[:1]))


# Inverse statements of which hubs have thousands: pages count and page them instead.
_LONG = ("judgedIn", "hasFinding", "hasCitation", "actedIn", "received")
STATEMENTS = 2_000
"""So many statements are read at once; of an entity with more, some of each property."""
VALUES_SHOWN = 60
"""Values of one property that a page shows."""


def describe(reader: Reader, iri: str) -> Entity:
    """Return what is stated of ``iri``; without any statement it is unknown."""
    this = node(iri)
    long = ", ".join(f"cg:{name}" for name in _LONG)
    pattern = f"{this} ?p ?o FILTER(?p NOT IN ({long}))"
    rows = reader.bindings(f"SELECT ?p ?o WHERE {{ {pattern} }} LIMIT {STATEMENTS + 1}")
    totals: dict[str, int] = {}
    if len(rows) > STATEMENTS:
        rows, totals = _some_of_each(reader, this, pattern)
    statements: dict[str, list[Value]] = {}
    for row in rows:
        statements.setdefault(short(row["p"].text), []).append(row["o"])
    for values in statements.values():
        values.sort(key=lambda value: natural(value.text))
    return Entity(iri, statements, totals)


def _some_of_each(
    reader: Reader, this: str, pattern: str
) -> tuple[list[dict[str, Value]], dict[str, int]]:
    """Return statements of every property, and how many there are where these are not all."""
    found: list[dict[str, Value]] = []
    totals: dict[str, int] = {}
    for row in reader.rows(
        f"SELECT ?p (COUNT(?o) AS ?n) WHERE {{ {pattern} }} GROUP BY ?p ORDER BY ?p"
    ):
        # As many as a page names, and some more for pages that have a use for them.
        most = 4 * VALUES_SHOWN
        values = reader.bindings(f"SELECT ?o WHERE {{ {this} {node(row['p'])} ?o }} LIMIT {most}")
        found += [{"p": Value(row["p"], is_iri=True), **value} for value in values]
        if int(row["n"]) > most:
            totals[short(row["p"])] = int(row["n"])
    return found, totals
