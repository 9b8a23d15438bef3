"""Case counts by day: the first case and the hundredth of each place become events.

Daily counts are no events and are not stated. To 9 January 2020 the series of Hubei is one
of onsets that were found out later; from then on it is that of the health commissions.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from crisisgov.loaders.datasets import days, emit, names, text
from crisisgov.loaders.datasets.context import Context
from crisisgov.loaders.datasets.gazetteer import Place
from crisisgov.loaders.datasets.ledger import FileLedger
from crisisgov.loaders.datasets.rows import Table, files

NAME = "cases"
SOURCE = "cases-dataset"
SUFFIXES = (".csv", ".csv.gz")
REQUIRED = ("date", "country", "countryCode", "province", "provinceCode", "city", "confirmed")
FIRST_REPORT = "2020-01-10"
"""Before this day the counts are onsets found out later, not reports."""

MILESTONES = (1, 100)


class _Unusable(ValueError):
    """Why a row cannot be used."""


def load(context: Context) -> Iterator[None]:
    """Load every file of the set; yield after each row so that text can leave."""
    loader = _Loader(context)
    for name, path in files(context.path, SUFFIXES):
        ledger = context.ledger.file(name)
        table = Table(path, name, ledger, partial(context.tick, NAME, path))
        for row in table.rows(REQUIRED):
            values = {head: row.values[n].strip() for head, n in table.columns.items()}
            try:
                loader.row(values, f"{name}, line {row.line}", ledger)
            except (_Unusable, days.DayError) as error:
                ledger.reject(row.line, str(error), ",".join(row.values))
            yield


class _Loader:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.provinces = {row["gb"]: row["code"] for row in names.table("china_gb.csv")}
        self.cities = {
            place.zh: id_
            for id_, place in context.curated.places.items()
            if place.zh and id_[:2] == "CN"
        }
        self.seen: set[tuple[str, str]] = set()
        self.days: set[tuple[str, str]] = set()

    def row(self, values: dict[str, str], locator: str, ledger: FileLedger) -> None:
        """Take in the count of a place on a day; state a milestone that it reaches."""
        day = values["date"]
        days.window(day, ())
        count = values["confirmed"]
        if not count.isdigit():
            raise _Unusable(f"confirmed {count[:20]!r} is no whole number")
        where = self._place(values)
        series = "/".join(values[name] for name in ("country", "province", "city"))
        if (day, series) in self.days:
            ledger.duplicate()
            return
        self.days.add((day, series))
        if where is not None:
            for milestone in MILESTONES:
                reported = "found" if day < FIRST_REPORT else "reported"
                key = (where.id, f"{reported}-{milestone}")
                if int(count) >= milestone and key not in self.seen:
                    self.seen.add(key)
                    self._event(where, day, int(count), milestone, locator, ledger)
        else:
            ledger.note("count of a place that has no code")
        ledger.record()

    def _place(self, values: dict[str, str]) -> Place | None:
        """Return the place of a row; None for a city, district or ship without a code.

        :raises _Unusable: for a country that is not known
        """
        gazetteer = self.context.gazetteer
        if values["city"]:
            code = self.cities.get(values["city"], "")
            return gazetteer.place(code) if code else None
        if values["province"]:
            gb = values["provinceCode"][:2]
            return gazetteer.place(self.provinces[gb]) if gb in self.provinces else None
        code = values["countryCode"]
        return gazetteer.country(code) if code else None

    def _event(
        self, place: Place, day: str, count: int, milestone: int, locator: str, ledger: FileLedger
    ) -> None:
        late = day < FIRST_REPORT
        kind = "onset" if late else "report"
        id_ = f"{NAME}-{place.id.casefold()}-{milestone}-{kind}"
        what = "First case" if milestone == 1 else f"{milestone} cases"
        item = text.iri("item", f"{id_}/1")
        flags = ("onset-found-later",) if late else ()
        about = "by later found onset" if late else "reported"
        label_zh = None
        if place.labelled_zh:
            zh = "首例" if milestone == 1 else f"{milestone}例"
            label_zh = (
                f"{place.label_zh or place.label}:{zh}确诊({'追溯发病' if late else '通报'},{day})"
            )
        more = [
            text.predicate("dateKind") + text.concept("date-kind", "onset" if late else "announced")
        ]
        if not late:
            more += [
                text.predicate("audience") + text.concept("audience", "public"),
                text.predicate("conveys") + item,
            ]
        window = days.window(day, place.zones)
        event = emit.Event(
            id_,
            ("HazardOccurrence",) if late else ("Disclosure",),
            f"{what} of COVID-19 in {place.label}, {about}, {day}",
            label_zh,
            f"{what} of COVID-19 in {place.label}: the count, {about}, is {count} on {day}.",
            self.context.pandemic(place, window[0]),
            place,
            day,
            window,
            flags=flags,
            more=tuple(more),
        )
        node = self.context.emit.event(event)
        if not late:
            self.context.emit.add(
                item + text.TYPE + text.cls("ContentItem"),
                item + text.predicate("topic") + text.concept("topic", "case-count"),
                item + text.predicate("stance") + text.concept("stance", "affirms"),
                item + text.predicate("about") + text.iri("place", place.id),
                item + text.predicate("certainty") + text.concept("certainty", "confirmed"),
                item + text.predicate("value") + text.decimal(count),
                item + text.predicate("unit") + text.plain("cases"),
            )
            self.context.emit.infer(f"{item}{text.predicate('conveyedBy')}{node}")
        self.context.ledger.tally.events += 1
        for flag in flags:
            ledger.note(flag)
        self.context.emit.record(f"{place.id.casefold()}-{milestone}-{kind}", node, locator)
