"""Lists that several kinds of pages show: events in time, findings by verdict, citations."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisgov.ontology.terms import concept
from crisisgov.server.entity_views.reader import Reader, Row, natural, tail
from crisisgov.server.entity_views.verdicts import QUIET, VERDICTS, Count, Verdict, counts, verdict
from crisisgov.server.entity_views.wording import When, delay

PAGE = 200  # rows

# Classes that every event has or that only group others: they say nothing in a list.
_PLAIN = ("Event", "Actor", "Finding", "ComputedFinding")


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


def timeline(reader: Reader, pattern: str, page: int = 1) -> Timeline:
    """Return one page of the events that ``pattern`` binds to ``?event``, in order of time.

    The pattern may bind ``?role``, a text that says how the event comes in.
    """
    total = reader.count(f"SELECT (COUNT(DISTINCT ?event) AS ?n) WHERE {{ {pattern} }}")
    order = reader.rows(
        f"""SELECT DISTINCT ?event ?first WHERE {{
          {pattern}
          OPTIONAL {{ ?event cg:earliestEpoch ?begin }} OPTIONAL {{ ?event cg:latestEpoch ?end }}
          BIND(COALESCE(?begin, ?end) AS ?first)
        }} ORDER BY ?first ?event LIMIT {PAGE} OFFSET {PAGE * (page - 1)}"""
    )
    lines = {row["event"]: EventLine(row["event"], When()) for row in order}
    if not lines:
        return Timeline([], total, page)
    values = f"VALUES ?event {{ {' '.join(f'<{iri}>' for iri in lines)} }}"
    for row in reader.rows(
        f"""SELECT ?event ?edtf ?earliest ?latest WHERE {{ {values}
          OPTIONAL {{ ?event cg:edtf ?edtf }} OPTIONAL {{ ?event cg:earliest ?earliest }}
          OPTIONAL {{ ?event cg:latest ?latest }} }}"""
    ):
        lines[row["event"]].when = when(row)
    if "?role" in pattern:
        for row in reader.rows(f"SELECT DISTINCT ?event ?role WHERE {{ {pattern} }}"):
            if row["event"] in lines and row.get("role"):
                lines[row["event"]].roles.append(row["role"])
    for row in reader.rows(
        f"SELECT ?event ?actor WHERE {{ {values} ?event cg:actor ?actor }} ORDER BY ?actor"
    ):
        lines[row["event"]].actors.append(row["actor"])
    for iri, classes in kinds(reader, list(lines)).items():
        lines[iri].kinds = classes
    return Timeline(list(lines.values()), total, page)


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


@dataclass(frozen=True)
class FindingLine:
    """One line of a list of findings."""

    iri: str
    verdict: Verdict
    norm: str
    bearer: str
    about: str
    topic: str
    delay: str
    standing: str
    provisional: bool


@dataclass(frozen=True)
class Findings:
    """Findings by verdict: ``groups`` is one page, ``chosen`` the only verdict shown, if any."""

    counts: list[Count]
    groups: list[tuple[Verdict, list[FindingLine]]]
    total: int
    page: int
    pages: int
    chosen: str

    @property
    def quiet(self) -> int:
        """How many findings are counted but not listed."""
        return sum(c.number for c in self.counts if c.verdict.id in QUIET)


VERDICT = """{ ?finding cg:contravention ?verdict }
  UNION { ?finding cg:timeliness ?verdict
          FILTER NOT EXISTS { ?finding cg:contravention ?forbidden } }
  UNION { ?finding cg:polarity ?verdict }"""
"""Binds ?verdict for all findings: contravened or not, else what the dates say."""

# The same for few findings that a pattern binds first: measured to be the faster form there.
_VERDICT_OF_EACH = """OPTIONAL { ?finding cg:contravention ?forbidden }
  OPTIONAL { ?finding cg:timeliness ?dates } OPTIONAL { ?finding cg:polarity ?said }
  BIND(COALESCE(?forbidden, ?said, ?dates) AS ?verdict)"""


def findings(
    reader: Reader, pattern: str, page: int = 1, chosen: str = "", *, listed: bool = True
) -> Findings:
    """Return a page of the findings that ``pattern`` binds to ``?finding``, by verdict.

    Without ``chosen`` all but the quiet ones (no data, not applicable, nothing
    recorded), which are counted; with ``listed`` false only the counts.
    """
    counted = counts(
        reader.rows(
            f"""SELECT ?verdict (COUNT(DISTINCT ?finding) AS ?n)
            WHERE {{ {pattern} {_VERDICT_OF_EACH} }} GROUP BY ?verdict"""
        )
    )
    wanted = [chosen] if chosen in VERDICTS else [name for name in VERDICTS if name not in QUIET]
    if not listed and chosen not in VERDICTS:
        wanted = []
    total = sum(count.number for count in counted if count.verdict.id in wanted)
    lines = _lines(reader, f"{pattern} {_VERDICT_OF_EACH}", wanted, page) if total else []
    groups = [
        (VERDICTS[name], found)
        for name in wanted
        if (found := [line for line in lines if line.verdict.id == name])
    ]
    return Findings(counted, groups, total, page, max(1, -(-total // PAGE)), chosen)


def _lines(reader: Reader, body: str, wanted: list[str], page: int) -> list[FindingLine]:
    iris = {name: _concept(name) for name in wanted}
    ranks = " + ".join(
        f"IF(?verdict = <{iri}>, {number}, 0)" for number, iri in enumerate(iris.values())
    )
    chosen = reader.rows(
        f"""SELECT DISTINCT ?finding ?verdict ?low ?rank WHERE {{ {body}
          FILTER(?verdict IN ({", ".join(f"<{iri}>" for iri in iris.values())}))
          OPTIONAL {{ ?finding cg:minDelaySeconds ?low }} BIND({ranks} AS ?rank)
        }} ORDER BY ?rank DESC(?low) ?finding LIMIT {PAGE} OFFSET {PAGE * (page - 1)}"""
    )
    if not chosen:
        return []
    values = " ".join(f"<{row['finding']}>" for row in chosen)
    details: dict[str, Row] = {}
    for row in reader.rows(
        f"""SELECT * WHERE {{ VALUES ?finding {{ {values} }} ?finding cg:bearer ?bearer .
          OPTIONAL {{ ?finding cg:norm ?norm }} OPTIONAL {{ ?finding cg:about ?about }}
          OPTIONAL {{ ?finding cg:topic ?topic }}
          OPTIONAL {{ ?finding cg:normStanding ?standing }}
          OPTIONAL {{ ?finding cg:maxDelaySeconds ?high }}
          OPTIONAL {{ ?finding cg:provisional ?provisional }} }}"""
    ):
        details.setdefault(row["finding"], row)
    return [
        FindingLine(
            iri=row["finding"],
            verdict=verdict(row["verdict"]),
            norm=more.get("norm", ""),
            bearer=more.get("bearer", ""),
            about=more.get("about", ""),
            topic=more.get("topic", ""),
            delay=delay(row.get("low", ""), more.get("high", "")),
            standing=more.get("standing", ""),
            provisional=more.get("provisional") == "true",
        )
        for row in chosen
        for more in [details.get(row["finding"], {})]
    ]


def _concept(name: str) -> str:
    """Return the IRI of the concept of a verdict."""
    if name in ("contravened", "possibly-contravened", "none-recorded"):
        return concept("contravention", name)
    return concept("polarity" if name in ("found", "not-found") else "timeliness", name)


def citations(reader: Reader, pattern: str) -> list[Row]:
    """Return the citations that ``pattern`` binds to ``?citation``, with their sources."""
    rows = reader.rows(
        f"""SELECT * WHERE {{ {pattern}
          ?citation cg:source ?source .
          OPTIONAL {{ ?citation cg:says ?says }} OPTIONAL {{ ?citation cg:locator ?locator }}
          OPTIONAL {{ ?citation cg:accessed ?accessed }}
          OPTIONAL {{ ?citation cg:archive ?archive }}
          OPTIONAL {{ ?source cg:standing ?standing }} OPTIONAL {{ ?source cg:url ?url }}
          OPTIONAL {{ ?source cg:publisher ?publisher }}
          OPTIONAL {{ ?source dcterms:issued ?issued }} }}"""
    )
    lines: dict[str, Row] = {}
    for row in rows:
        lines.setdefault(row["citation"], row)
    return sorted(lines.values(), key=lambda row: natural(row["citation"]))
