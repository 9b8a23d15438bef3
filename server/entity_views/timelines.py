"""Events in order of time, in pages.

A hub has a hundred thousand events, of which a page shows two hundred. To look each of them up
and to sort them by date and IRI takes most of a minute. So hubs are read in another way: first
only how many events begin in each second (sets that are joined as wholes, nothing looked up,
nothing sorted), then the events of those seconds that the page covers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from crisisgov.server.entity_views.reader import Reader, Row, batches, tail
from crisisgov.server.entity_views.wording import When

PAGE = 200  # rows
# From so many on, reading every date of the graph is cheaper than looking up that of each event.
MANY = 5_000

# Classes that every event has or that only group others: they say nothing in a list.
_PLAIN = ("Event", "Actor", "Finding", "ComputedFinding")

# Sub-selects that share only a variable: engines read each once and join them as sets.
_EVENTS = "{ SELECT ?event WHERE { ?event a cg:Event } }"
_BEGINNINGS = "{ SELECT ?event ?first WHERE { ?event cg:earliestEpoch ?first } }"


@dataclass
class EventLine:
    """One line of a timeline."""

    iri: str
    when: When
    kinds: list[str] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """A page of a timeline: ``total`` events in all, ``page`` counts from 1."""

    lines: list[EventLine]
    total: int
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def timeline(
    reader: Reader, pattern: str, page: int = 1, *, mixed: bool = False, name: str = "timeline"
) -> Timeline:
    """Return one page of the events that ``pattern`` binds to ``?event``, in order of time.

    The pattern may bind ``?role``, a text that says how the event comes in. With
    ``mixed`` it binds other things as well, and those that are no events are left out.
    ``name`` is that of the list, should it be too dear.
    """
    found = reader.listed(name, lambda: _timeline(reader, pattern, page, mixed=mixed))
    return found or Timeline([], 0)


def _timeline(reader: Reader, pattern: str, page: int, *, mixed: bool) -> Timeline:
    found = reader.count(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    if found > MANY:
        total, events = _of_many(reader, pattern, page, mixed=mixed)
    else:
        total, events = _of_few(reader, pattern, page, mixed=mixed) if found else (0, [])
    return Timeline(_lines(reader, pattern, events), total, page)


def _of_few(reader: Reader, pattern: str, page: int, *, mixed: bool) -> tuple[int, list[str]]:
    """Return how many events there are, and those of a page: each is looked up and sorted."""
    pattern = f"{pattern} ?event a cg:Event ." if mixed else pattern
    total = reader.count(f"SELECT (COUNT(DISTINCT ?event) AS ?n) WHERE {{ {pattern} }}")
    rows = reader.rows(
        f"""SELECT DISTINCT ?event ?first WHERE {{
          {pattern}
          OPTIONAL {{ ?event cg:earliestEpoch ?begin }} OPTIONAL {{ ?event cg:latestEpoch ?end }}
          BIND(COALESCE(?begin, ?end) AS ?first)
        }} ORDER BY ?first ?event LIMIT {PAGE} OFFSET {PAGE * (page - 1)}"""
    )
    return total, [row["event"] for row in rows]


def _of_many(reader: Reader, pattern: str, page: int, *, mixed: bool) -> tuple[int, list[str]]:
    """Return the same for a hub: counted by second, then only the seconds of the page read."""
    hub = f"{{ SELECT DISTINCT ?event WHERE {{ {pattern} }} }}"
    counted = Counter(
        {
            int(row["first"]): int(row["n"])
            for row in reader.rows(
                f"""SELECT ?first (COUNT(*) AS ?n) WHERE {{ {_BEGINNINGS}
                  {_EVENTS if mixed else ""} {hub} }} GROUP BY ?first"""
            )
        }
    )
    undated, open_ended = _without_beginning(reader, hub)
    counted.update(open_ended.values())
    skip = PAGE * (page - 1)
    # Events without any date come first, as they do in the order of SPARQL.
    start, before = 0, len(undated)
    seconds: list[int] = []
    for second in sorted(counted):
        if before + counted[second] > skip and before < skip + PAGE:
            start = start if seconds else before
            seconds.append(second)
        before += counted[second]
    events = undated[skip : skip + PAGE]
    if seconds:
        dated = _in_seconds(reader, pattern, seconds, open_ended, mixed=mixed)
        events += dated[max(0, skip - start) :]
    return before, events[:PAGE]


def _without_beginning(reader: Reader, hub: str) -> tuple[list[str], dict[str, int]]:
    """Return the events of a hub without any date, and the last second of those with an end only.

    They are few: a date without a beginning is one such as "by 3 March".
    """
    rows = reader.rows(
        f"""SELECT ?event ?first WHERE {{
          {{ SELECT ?event WHERE {{
            ?event a cg:Event MINUS {{ ?event cg:earliestEpoch ?begin }} }} }}
          {hub} OPTIONAL {{ ?event cg:latestEpoch ?first }} }}"""
    )
    undated = sorted(row["event"] for row in rows if "first" not in row)
    return undated, {row["event"]: int(row["first"]) for row in rows if "first" in row}


def _in_seconds(
    reader: Reader,
    pattern: str,
    seconds: list[int],
    open_ended: Mapping[str, int],
    *,
    mixed: bool,
) -> list[str]:
    """Return the events of ``pattern`` that begin in one of ``seconds``, in order."""
    rows = reader.rows(
        f"""SELECT ?event ?first WHERE {{ VALUES ?first {{ {" ".join(map(str, seconds))} }}
          ?event cg:earliestEpoch ?first }}"""
    )
    first = {row["event"]: int(row["first"]) for row in rows}
    # What else begins in these seconds anywhere in the graph is sorted out by looking at each.
    condition = f"{pattern} ?event a cg:Event ." if mixed else pattern
    found = {
        row["event"]
        for batch in batches(list(first))
        for row in reader.rows(
            f"SELECT DISTINCT ?event WHERE {{ VALUES ?event {{ {' '.join(batch)} }} {condition} }}"
        )
    }
    within = {event: second for event, second in open_ended.items() if second in set(seconds)}
    first.update(within)
    return sorted(found | within.keys(), key=lambda event: (first[event], event))


def _lines(reader: Reader, pattern: str, events: list[str]) -> list[EventLine]:
    if not events:
        return []
    lines = {event: EventLine(event, When()) for event in events}
    values = f"VALUES ?event {{ {' '.join(f'<{iri}>' for iri in lines)} }}"
    for row in reader.rows(
        f"""SELECT ?event ?edtf ?earliest ?latest WHERE {{ {values}
          OPTIONAL {{ ?event cg:edtf ?edtf }} OPTIONAL {{ ?event cg:earliest ?earliest }}
          OPTIONAL {{ ?event cg:latest ?latest }} }}"""
    ):
        lines[row["event"]].when = when(row)
    if "?role" in pattern:
        for row in reader.rows(f"SELECT DISTINCT ?event ?role WHERE {{ {values} {pattern} }}"):
            if row.get("role"):
                lines[row["event"]].roles.append(row["role"])
    for row in reader.rows(
        f"SELECT ?event ?actor WHERE {{ {values} ?event cg:actor ?actor }} ORDER BY ?actor"
    ):
        lines[row["event"]].actors.append(row["actor"])
    for iri, classes in kinds(reader, list(lines)).items():
        lines[iri].kinds = classes
    return list(lines.values())


def kinds(reader: Reader, iris: list[str]) -> dict[str, list[str]]:
    """Return the classes of each entity that have no subclass among its other classes."""
    values = " ".join(f"<{iri}>" for iri in iris)
    rows = reader.rows(
        f"""SELECT ?s ?type WHERE {{ VALUES ?s {{ {values} }} ?s a ?type
          FILTER NOT EXISTS {{
            ?s a ?sub . ?sub rdfs:subClassOf ?type . FILTER(?sub != ?type) }} }} ORDER BY ?type"""
    )
    found: dict[str, list[str]] = {iri: [] for iri in iris}
    for row in rows:
        if tail(row["type"]) not in _PLAIN:
            found[row["s"]].append(row["type"])
    return found


def when(row: Row, prefix: str = "") -> When:
    """Return the date in the columns ``edtf``, ``earliest`` and ``latest`` of a row."""
    return When(
        row.get(f"{prefix}edtf", ""),
        row.get(f"{prefix}earliest", ""),
        row.get(f"{prefix}latest", ""),
    )
