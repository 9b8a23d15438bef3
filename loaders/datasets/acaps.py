"""ACAPS government measures: a row is an event, the introduction of a measure or its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial

from crisisgov.loaders.datasets import days, emit, names, text
from crisisgov.loaders.datasets.context import Context, Known
from crisisgov.loaders.datasets.gazetteer import Place
from crisisgov.loaders.datasets.ledger import FileLedger
from crisisgov.loaders.datasets.rows import Table, files
from crisisgov.loaders.datasets.sheets import sheets
from crisisgov.ontology.terms import class_name

NAME = "acaps"
SOURCE = "acaps-dataset"
SUFFIXES = (".xlsx", ".csv", ".csv.gz")
REQUIRED = ("ID", "ISO", "LOG_TYPE", "MEASURE", "DATE_IMPLEMENTED", "ENTRY_DATE")
PANDEMIC = "2019-12-01"

_ID = re.compile(r"\d{1,9}")
_DAY = re.compile(r"(\d\d)/(\d\d)/(20\d\d)")
_SHEET = "Dataset"
_LONGEST_PLACE = 60


class _Unusable(ValueError):
    """Why a row cannot be turned into an event."""


def load(context: Context) -> Iterator[None]:
    """Load every file of the set; yield after each row so that text can leave."""
    loader = _Loader(context)
    for name, path in files(context.path, SUFFIXES):
        ledger = context.ledger.file(name)
        if not name.endswith(".xlsx"):
            table = Table(path, name, ledger, partial(context.tick, NAME, path))
            for row in table.rows(REQUIRED):
                values = {head: row.values[n] for head, n in table.columns.items()}
                loader.row(values, f"{name}, line {row.line}", row.line, ledger)
                yield
            continue
        before = ledger.rows()
        for sheet, rows in sheets(path, ledger):
            if sheet != _SHEET:
                continue
            heads = next(rows, [])
            missing = [head for head in REQUIRED if head not in heads]
            for number, cells in enumerate(rows, 2):
                if missing:
                    ledger.reject(number, f"the header lacks {', '.join(missing)}", ",".join(cells))
                elif any(cells):
                    values = dict(zip(heads, cells, strict=False))
                    loader.row(values, f"{name}, sheet {sheet}, row {number}", number, ledger)
                yield
        if ledger.rows() == before:
            ledger.reject(1, f"no sheet {_SHEET!r} with rows")


@cache
def _measures() -> dict[str, dict[str, str]]:
    return {row["measure"]: row for row in names.table("acaps_measures.csv")}


class _Loader:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.ids: dict[str, Known] = context.others.setdefault(NAME, {})
        self.contents: dict[int, str] = {}

    def row(self, values: dict[str, str], locator: str, line: int, ledger: FileLedger) -> None:
        """State the event of a row and the row as a record of it."""
        id_ = values["ID"].strip()
        if not _ID.fullmatch(id_):
            ledger.reject(line, f"ID {id_[:20]!r} is no number", ",".join(values.values()))
            return
        if id_ in self.ids:
            ledger.duplicate()
            return
        content = {
            head: value for head, value in values.items() if head not in ("ID", "ENTRY_DATE")
        }
        key = hash(tuple(sorted(content.items())))
        first = self.contents.get(key)
        try:
            event = self._event(id_, values) if first is None else None
        except (_Unusable, days.DayError) as error:
            ledger.reject(line, str(error), ",".join(values.values()))
            return
        category = values.get("CATEGORY", "").strip()
        measure = values["MEASURE"].strip()
        record = {
            "locator": f"{locator}, ID {id_}",
            "category": self.context.emit.category(
                names.slug(measure) or "none", f"{category}: {measure}"
            ),
            "urls": emit.links(values.get("LINK", "") + " " + values.get("Alternative source", "")),
        }
        if event is None:
            assert first is not None
            self.ids[id_] = self.ids[first]
            node = text.iri("event", f"acaps-{first}")
            self.context.emit.record(
                id_,
                node,
                duplicate_of=self.context.emit.record_iri(first),
                **record,  # type: ignore[arg-type]
            )
            ledger.duplicate()
            return
        self.contents[key] = id_
        day = "" if "/" in event.day else event.day
        self.ids[id_] = Known(event.id, day, _phase(values))
        node = self.context.emit.event(event)
        self.context.ledger.tally.events += 1
        for flag in event.flags:
            ledger.note(flag)
        self.context.emit.record(id_, node, **record)  # type: ignore[arg-type]
        ledger.record()

    def _event(self, id_: str, values: dict[str, str]) -> emit.Event:
        gazetteer, flags = self.context.gazetteer, list[str]()
        country = gazetteer.country(values["ISO"].strip()) or gazetteer.country(
            values.get("COUNTRY", "")
        )
        if country is None:
            raise _Unusable(f"unknown country {values['ISO'][:20]!r}")
        place, named = self._place(country, values.get("ADMIN_LEVEL_NAME", "").strip(), flags)
        start, last = _dates(values, flags)
        when = start if start == last else f"{start}/{last}"
        phase = _phase(values)
        about = _measures().get(values["MEASURE"].strip())
        en, zh = (
            (about["en"], about["zh"])
            if about
            else (values["MEASURE"][:80] or "Measure", "防疫措施")
        )
        kind = class_name(about["kind"] if about else "protective-measure")
        if phase == "end":
            kind = "Reversal"
        more = [f'{text.predicate("phase")}"{phase}"']
        if kind == "Disclosure":
            more.append(text.predicate("audience") + text.concept("audience", "public"))
        if values.get("COMMENTS"):
            more.append(text.predicate("sourceText") + text.plain(values["COMMENTS"]))
        if named:
            more.append(text.predicate("placeText") + text.plain(named))
        here = _shown(named, place, flags)
        suffix = " (end)" if phase == "end" else ""
        label_zh = place.event_zh(zh, when, phase)
        window = days.span(start, last, place.zones)
        return emit.Event(
            f"{NAME}-{id_}",
            (kind,),
            f"{en}, {here}, {when}{suffix}",
            label_zh,
            f"{en} in {here}: {phase} {'between ' if '/' in when else 'on '}"
            f"{when.replace('/', ' and ')}.",
            self.context.pandemic(place, window[0]),
            place,
            when,
            window,
            # with a part of the country named, which government acted is not told
            actors=(gazetteer.government(country),) if not named and place is country else (),
            measures=tuple(about["measures"].split()) if about else (),
            flags=tuple(flags),
            more=tuple(more),
        )

    def _place(self, country: Place, named: str, flags: list[str]) -> tuple[Place, str]:
        if not named:
            return country, ""
        found = self.context.gazetteer.province(country, named)
        if found is not None:
            return found, ""
        several = any(mark in f" {named} " for mark in (",", ";", " and ", "&", "/"))
        flags.append("several-places" if several else "place-unresolved")
        return country, named


def _shown(named: str, place: Place, flags: list[str]) -> str:
    """Return the place for a label: what a row names may be a list of all provinces."""
    if not named:
        return place.label
    if "several-places" in flags or len(named) > _LONGEST_PLACE:
        return f"parts of {place.label}"
    return f"{named} ({place.label})"


def _phase(values: dict[str, str]) -> str:
    return "end" if values["LOG_TYPE"].strip().casefold().startswith("phase-out") else "start"


def _dates(values: dict[str, str], flags: list[str]) -> tuple[str, str]:
    """Return the first and last day possible.

    :raises _Unusable: when no date is given at all
    """
    start = _iso(values["DATE_IMPLEMENTED"])
    if start:
        return start, start
    entered = _iso(values["ENTRY_DATE"])
    if not entered:
        raise _Unusable("neither DATE_IMPLEMENTED nor ENTRY_DATE is given")
    flags.append("entry-day-as-date")
    return PANDEMIC, entered


def _iso(cell: str) -> str:
    """Return a day as ISO writes it; the set's own form is DD/MM/YYYY."""
    found = _DAY.fullmatch(cell.strip())
    return f"{found[3]}-{found[2]}-{found[1]}" if found else cell.strip()
