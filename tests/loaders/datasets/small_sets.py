"""A curated world of a few things, and small files in the forms of the data sets."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import pyoxigraph as ox

from crisisgov.loaders.datasets import run
from crisisgov.loaders.datasets.ledger import Rejects, Tally
from crisisgov.ontology import terms

WORLD = """
@prefix cg: <https://w3id.org/crisisgov/ontology#> .
@prefix b: <https://w3id.org/crisisgov/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
b:crisis\\/covid-19 a cg:Crisis .
b:crisis\\/covid-19-china a cg:Crisis .
b:place\\/CN a cg:Place ; skos:notation "CN" ; rdfs:label "China"@en , "中国"@zh ;
    cg:timeZone "Asia/Shanghai" ; cg:level <https://w3id.org/crisisgov/concept/level/national> .
b:place\\/CN-HB a cg:Place ; skos:notation "CN-HB" ; rdfs:label "Hubei"@en , "湖北省"@zh ;
    cg:timeZone "Asia/Shanghai" ;
    cg:level <https://w3id.org/crisisgov/concept/level/first-subnational> .
b:place\\/CN-HB-wuhan a cg:Place ; skos:notation "CN-HB-wuhan" ; rdfs:label "Wuhan"@en , "武汉市"@zh ;
    cg:timeZone "Asia/Shanghai" ;
    cg:level <https://w3id.org/crisisgov/concept/level/second-subnational> .
b:actor\\/china a cg:Government , cg:Actor ; cg:jurisdiction b:place\\/CN ;
    cg:function <https://w3id.org/crisisgov/concept/function/general-government> ;
    cg:level <https://w3id.org/crisisgov/concept/level/national> .
b:actor\\/hubei-government a cg:Government , cg:Actor ; cg:jurisdiction b:place\\/CN-HB ;
    cg:function <https://w3id.org/crisisgov/concept/function/general-government> ;
    cg:level <https://w3id.org/crisisgov/concept/level/first-subnational> .
b:actor\\/who a cg:Organisation , cg:Actor .
b:event\\/hubei-level1-2020-01-24 a cg:EmergencyLevelChange , cg:Event .
"""

CORONANET = (
    "record_id policy_id entry_type update_type description date_announced date_start date_end "
    "date_end_spec country ISO_A3 ISO_A2 init_country_level province ISO_L2 city type type_sub_cat "
    "target_country link collab collab_id date_updated recorded_date"
).split()

PREFIXES = terms.prefix_lines()


def world() -> ox.Store:
    store, home = ox.Store(), ox.NamedNode(terms.graph("places"))
    for quad in ox.parse(WORLD, format=ox.RdfFormat.TURTLE):
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, home))
    return store


@dataclass
class Loaded:
    """What a load has given."""

    store: ox.Store
    tallies: dict[str, Tally]
    rejects: list[dict[str, str]]
    text: bytes
    loading: run.Loading = field(repr=False)

    def ask(self, query: str) -> list[tuple[str, ...]]:
        """Return the rows of a query over all graphs, sorted; unbound values as empty text."""
        found = self.store.query(PREFIXES + query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        rows = [tuple("" if v is None else _short(v) for v in solution) for solution in found]
        return sorted(rows)

    def one(self, event: str, name: str) -> list[str]:
        """Return the values of a property of an event."""
        return [
            row[0] for row in self.ask(f"SELECT ?v {{ <{terms.BASE}event/{event}> cg:{name} ?v }}")
        ]

    def flags(self, event: str) -> list[str]:
        """Return the quality flags of an event, without their scheme."""
        return [
            value.removeprefix("concept/quality-flag/") for value in self.one(event, "qualityFlag")
        ]

    def events(self) -> list[str]:
        """Return the events of data sets."""
        return [row[0] for row in self.ask("SELECT DISTINCT ?e { ?e a cg:Event ; cg:citation ?c }")]


def _short(value: object) -> str:
    assert isinstance(value, ox.NamedNode | ox.Literal)
    return value.value.removeprefix(terms.CG).removeprefix(terms.BASE)


def load(tmp: Path, store: ox.Store | None = None, **paths: Path) -> Loaded:
    """Load data sets over a curated world."""
    store = store if store is not None else world()
    rejects = Rejects(tmp / "rejects.csv")
    selection = run.Selection(dict(paths), rejects)
    selection.check()
    loading = run.Loading(selection, store)
    try:
        text = b"".join(loading.chunks())
    except BaseException:
        rejects.discard()
        raise
    store.bulk_load(text, ox.RdfFormat.N_QUADS)
    listed = rejects.keep()
    rows = []
    if listed is not None:
        rows = list(csv.DictReader(io.StringIO(listed.read_text(encoding="utf-8"), newline="")))
    return Loaded(store, {tally.name: tally for tally in loading.tallies}, rows, text, loading)


def coronanet_row(record_id: str = "R_000000000000001NA", **values: str) -> dict[str, str]:
    """Return a row of a measure of Hubei; ``values`` change it."""
    row = {
        "record_id": record_id,
        "policy_id": "1",
        "entry_type": "new_entry",
        "description": "The province asks people who arrive to stay apart for two weeks.",
        "date_announced": "2020-01-23",
        "date_start": "2020-01-23",
        "country": "China",
        "ISO_A3": "CHN",
        "ISO_A2": "CN",
        "init_country_level": "Provincial",
        "province": "Hubei",
        "ISO_L2": "CN-HB",
        "type": "Quarantine",
        "link": "https://hubei.example/notice",
        "recorded_date": "2020-05-01T10:00:00Z",
    }
    assert set(values) <= {*CORONANET, "category", "event_description"}, values
    return {**row, **values}


def write_csv(
    path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str] = CORONANET
) -> Path:
    """Write rows as CSV, packed when the name ends in .gz; return the path."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    data = out.getvalue().encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write a workbook with numbers and texts, the least that a reader asks for."""
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/'
            f'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{parts}</Types>',
        )
        book.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r0" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
            '"http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f"<sheets>{names}</sheets></workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{links}</Relationships>",
        )
        for number, rows in enumerate(sheets.values(), 1):
            body = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
            book.writestr(
                f"xl/worksheets/sheet{number}.xml",
                '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                f"<sheetData>{body}</sheetData></worksheet>",
            )
    return path


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
