"""Lists that several kinds of pages show: findings by verdict, citations."""

from __future__ import annotations

from dataclasses import dataclass

from crisisgov.ontology.terms import concept
from crisisgov.server.entity_views.reader import Reader, Row, natural
from crisisgov.server.entity_views.timelines import PAGE
from crisisgov.server.entity_views.verdicts import QUIET, VERDICTS, Count, Verdict, counts, verdict
from crisisgov.server.entity_views.wording import delay


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
    found = reader.listed(
        "findings", lambda: _findings(reader, pattern, page, chosen, listed=listed)
    )
    return found or Findings([], [], 0, 1, 1, chosen)


def _findings(reader: Reader, pattern: str, page: int, chosen: str, *, listed: bool) -> Findings:
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
    return reader.listed("citations", lambda: _citations(reader, pattern)) or []


def _citations(reader: Reader, pattern: str) -> list[Row]:
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
