"""WHO Disease Outbreak News: outbreaks by disease, country and year, and the notices.

A row of the list of outbreaks is a crisis of its own (COVID-19 is one that the records
have). A row of the list of notices - id, date, link - is an act by which WHO told the
public; the outbreaks name their notices, so that its place and crisis come from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from crisisgov.loaders.datasets import days, emit, names, text
from crisisgov.loaders.datasets.context import Context
from crisisgov.loaders.datasets.gazetteer import Place
from crisisgov.loaders.datasets.ledger import FileLedger
from crisisgov.loaders.datasets.rows import Table, files

NAME = "who_don"
SOURCE = "who-don-dataset"
SUFFIXES = (".csv", ".csv.gz")
WHO = "who"
"""Id of WHO among the curated actors."""

_OUTBREAKS = ("Country", "iso2", "Year", "Disease", "DONs")
_NOTICES = ("id", "date", "link")
_NOTICE = re.compile(r"DON\d{1,6}")
_COVID = "COVID-19"


@dataclass(frozen=True)
class _Outbreak:
    crisis: str
    place: Place
    disease: str


class _Unusable(ValueError):
    """Why a row cannot be used."""


def load(context: Context) -> Iterator[None]:
    """Load the outbreaks, then the notices; yield after each row so that text can leave."""
    loader = _Loader(context)
    found = files(context.path, SUFFIXES)
    # outbreaks first: they say what the notices are about
    for name, path in sorted(found, key=lambda file: ("outbreak" not in file[0].lower(), file[0])):
        ledger = context.ledger.file(name)
        outbreaks = "outbreak" in name.lower()
        table = Table(path, name, ledger, partial(context.tick, NAME, path))
        for row in table.rows(_OUTBREAKS if outbreaks else _NOTICES):
            values = {head: row.values[n].strip() for head, n in table.columns.items()}
            use = loader.outbreak if outbreaks else loader.notice
            try:
                use(values, f"{name}, line {row.line}", ledger)
            except (_Unusable, days.DayError) as error:
                ledger.reject(row.line, str(error), ",".join(row.values[:4]))
            yield


@cache
def _chinese() -> dict[str, str]:
    return {row["disease"]: row["zh"] for row in names.table("diseases_zh.csv")}


class _Loader:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.about: dict[str, list[_Outbreak]] = {}
        self.crises: set[str] = set()
        self.notices: set[str] = set()

    def outbreak(self, values: dict[str, str], locator: str, ledger: FileLedger) -> None:
        """State the crisis of an outbreak; that of COVID-19 is in the records."""
        gazetteer = self.context.gazetteer
        place = gazetteer.country(values["iso2"]) or gazetteer.country(values["Country"])
        if place is None:
            raise _Unusable(f"unknown country {values['Country'][:40]!r}")
        disease, year = values["Disease"], values["Year"]
        if not disease or not re.fullmatch(r"(19|20)\d\d", year):
            raise _Unusable(f"disease {disease[:30]!r} or year {year[:10]!r} is missing or wrong")
        if disease == _COVID:
            crisis = self.context.pandemic(place, days.window(f"{year}-01-01", place.zones)[0])
            ledger.record(linked=True)
        else:
            name = f"outbreak-{place.id.casefold()}-{year}-{names.slug(disease)[:60].rstrip('-')}"
            crisis = text.iri("crisis", name)
            if name in self.crises:
                ledger.duplicate()
            else:
                self.crises.add(name)
                self._crisis(name, place, disease, year, locator)
                ledger.record()
        found = _Outbreak(crisis, place, disease)
        for notice in _NOTICE.findall(values["DONs"]):
            self.about.setdefault(notice, []).append(found)

    def _crisis(self, name: str, place: Place, disease: str, year: str, locator: str) -> None:
        node = text.iri("crisis", name)
        label = f"{disease}, {place.label}, {year}"
        first, last = (
            days.window(f"{year}-01-01", place.zones),
            days.window(f"{year}-12-31", place.zones),
        )
        cited = text.entity("citation", f"{NAME}/{name}")
        said = [
            text.TYPE + text.cls("Crisis"),
            text.LABEL + text.lang(label, "en"),
            text.predicate("summary")
            + text.plain(f"An outbreak of {disease} in {place.label} of which WHO told in {year}."),
            text.predicate("hazard") + text.concept("hazard", "infectious-disease"),
            text.predicate("place") + self.context.gazetteer.use(place),
            text.predicate("validFrom") + text.moment(first[2]),
            text.predicate("validFromEpoch") + text.integer(first[0]),
            text.predicate("validUntil") + text.moment(last[3]),
            text.predicate("validUntilEpoch") + text.integer(last[1]),
            text.predicate("citation") + cited,
        ]
        if place.labelled_zh:
            zh = f"{place.label_zh or place.label}{_chinese().get(disease, disease)}疫情({year})"
            said.append(text.LABEL + text.lang(zh, "zh"))
        self.context.emit.add(*(node + one for one in said))
        self.context.emit.add(
            cited + text.TYPE + text.cls("Citation"),
            cited + text.predicate("source") + text.entity("source", SOURCE),
            cited + text.predicate("locator") + text.plain(locator),
        )

    def notice(self, values: dict[str, str], locator: str, ledger: FileLedger) -> None:
        """State that WHO told the public of an outbreak."""
        id_ = values["id"]
        if not _NOTICE.fullmatch(id_):
            raise _Unusable(f"id {id_[:20]!r} is not of the form DON2948")
        if id_ in self.notices:
            ledger.duplicate()
            return
        about = self.about.get(id_)
        if not about:
            raise _Unusable(
                "no outbreak names this notice: its country and disease are unknown (load the list "
                "of outbreaks with it)"
            )
        first = min(about, key=lambda one: (one.disease != _COVID, one.crisis))
        flags = ["several-places"] if len({one.place for one in about}) > 1 else []
        place, day = first.place, values["date"][:10]
        diseases = ", ".join(dict.fromkeys(one.disease for one in about))[:200]
        known = {one.place.label for one in about}
        where = place.label if len(known) == 1 else f"{place.label} and {len(known) - 1} others"
        label_zh = None
        if place.labelled_zh:
            zh = _chinese().get(first.disease, first.disease)
            label_zh = f"世卫组织疫情通报:{place.label_zh or place.label},{zh}({day})"
        who = WHO in self.context.curated.actors
        event = emit.Event(
            f"{NAME}-{id_.casefold()}",
            ("Disclosure",),
            f"WHO on {diseases} in {where}, {day}",
            label_zh,
            f"A notice of WHO tells the public of {diseases} in {where}.",
            first.crisis,
            place,
            day,
            # the date is that of WHO's site, in Geneva
            days.window(day, ("Europe/Zurich",)),
            actors=(text.iri("actor", WHO),) if who else (),
            flags=tuple(flags),
            more=(text.predicate("audience") + text.concept("audience", "public"),),
        )
        self.notices.add(id_)
        node = self.context.emit.event(event)
        self.context.ledger.tally.events += 1
        for flag in flags:
            ledger.note(flag)
        self.context.emit.record(
            id_.casefold(), node, f"{locator}, {id_}", None, emit.links(values["link"])
        )
        ledger.record()
