"""OxCGRT: levels of indicators by day; a change of level becomes an event.

Read are files with a row for each day (with and without notes), series with a column for
each day, and workbooks of such series. Whose measures a series counts is kept apart:
those of the government (GOV), of all governments of the place (WIDE), all that apply
there (TOTAL). The first file that covers a place, scope and indicator decides its
events; others add records to those that they have as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from crisisgov.loaders.datasets import days, emit, names, text
from crisisgov.loaders.datasets.context import Context, Known
from crisisgov.loaders.datasets.gazetteer import Place
from crisisgov.loaders.datasets.ledger import FileLedger
from crisisgov.loaders.datasets.oxcgrt_cells import (
    INDICATOR,
    Unusable,
    columns_of,
    day_of,
    has_days,
    indicators,
    iso_of,
    level_of,
    observations,
)
from crisisgov.loaders.datasets.rows import Table, files
from crisisgov.loaders.datasets.sheets import sheets

NAME = "oxcgrt"
SOURCE = "oxcgrt-dataset"
SUFFIXES = (".csv", ".csv.gz", ".xlsx")
BEFORE = "2019-12-01"
"""Stands for "at any time before the series begins"."""

_SCOPES = ("NAT_", "STATE_", "CITY_")
_ORDER = ("fullwithnotes", "compact", "national_timeseries", "timeseries", "raw")


@dataclass(frozen=True)
class _Jurisdiction:
    place: Place
    scope: str
    """NAT_TOTAL, STATE_WIDE ..."""
    named: str = ""
    """The place in the words of the set, where it has no code of its own."""

    @property
    def key(self) -> str:
        short = names.slug(self.named)
        return f"{self.place.id}.{short}" if short else self.place.id


@dataclass(slots=True)
class _Track:
    """Where a series of levels stands: the level, its last day, the event before."""

    level: float
    day: str
    node: str | None = None


@dataclass(slots=True)
class _Change:
    day: str
    since: str
    """First day on which the new level may have begun, after days without a value."""
    before: float
    after: float
    first: bool
    flag: str
    note: str
    locator: str


def load(context: Context) -> Iterator[None]:
    """Load every file of the set; yield now and then so that text can leave."""
    yield from _Loader(context).run()


class _Loader:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.emit = context.emit
        # place, scope and indicator -> the file that decides its events
        self.owners: dict[tuple[str, str, str], str] = {}
        self.tracks: dict[tuple[str, str, str, str], _Track] = {}
        self.events: dict[str, Known] = context.others.setdefault(NAME, {})
        self.national: set[tuple[str, str, str, float]] = set()
        self.file = ""
        self.ledger: FileLedger | None = None

    def run(self) -> Iterator[None]:
        for name, path in sorted(files(self.context.path, SUFFIXES), key=_generation):
            self.file = name
            self.ledger = ledger = self.context.ledger.file(name)
            tick = partial(self.context.tick, NAME, path)
            if name.endswith(".xlsx"):
                before = ledger.rows()
                for sheet, rows in sheets(path, ledger):
                    yield from self._sheet(sheet, rows, ledger)
                if ledger.rows() == before:
                    ledger.reject(1, "no sheet of a series such as c1_school_closing")
                continue
            table = Table(path, name, ledger, tick)
            series = INDICATOR.match(path.name)
            if series is not None:
                yield from self._series_file(table, series[1].upper(), ledger)
            else:
                yield from self._day_file(table, ledger)

    # --- Series: a row for each place, a column for each day -------------------------

    def _sheet(self, name: str, rows: Iterator[list[str]], ledger: FileLedger) -> Iterator[None]:
        found = INDICATOR.match(name)
        if found is None or name.endswith("_flag") or found[1].upper() not in indicators():
            return
        columns = {head: number for number, head in enumerate(next(rows, []))}
        for number, row in enumerate(rows, 2):
            self._series_row(
                columns, row, f"sheet {name}, row {number}", number, found[1].upper(), ledger
            )
            yield

    def _series_file(self, table: Table, indicator: str, ledger: FileLedger) -> Iterator[None]:
        for row in table.rows(("country_code", "country_name")):
            where = f"line {row.line}"
            self._series_row(table.columns, row.values, where, row.line, indicator, ledger)
            yield

    def _series_row(
        self,
        columns: dict[str, int],
        row: Sequence[str],
        where: str,
        line: int,
        indicator: str,
        ledger: FileLedger,
    ) -> None:
        try:
            if not has_days(columns):
                raise Unusable("the header has no column of a day such as 01Jan2020")
            at = self._jurisdiction(
                {head: row[n] for head, n in columns.items() if n < len(row) and n < 8}
            )
            observed = observations(columns, row, indicator)
        except Unusable as error:
            ledger.reject(line, str(error), ",".join(row[:5]))
            return
        used = owned = self._owned(at, indicator)
        for change in self._changes(at, indicator, observed, where):
            used |= self._change(at, indicator, change, owned)
        (ledger.record if used else ledger.duplicate)()

    # --- Files with a row for each day ---------------------------------------------

    def _day_file(self, table: Table, ledger: FileLedger) -> Iterator[None]:
        levels: dict[str, list[int]] = {}
        flags: dict[str, int] = {}
        notes: dict[str, int] = {}
        for row in table.rows(("CountryName", "CountryCode", "Jurisdiction", "Date")):
            if not levels:
                levels, flags, notes = columns_of(table.columns)
            values = {head: row.values[n] for head, n in table.columns.items() if n < 8}
            try:
                if not levels:
                    raise Unusable("the header has no indicator such as C1E_School closing")
                at = self._jurisdiction(values)
                day = day_of(values["Date"])
                used = False
                for indicator, places in levels.items():
                    level = level_of(row.values, places, indicator)
                    if level is None:
                        continue
                    flag = row.values[flags[indicator]] if indicator in flags else ""
                    note = row.values[notes[indicator]] if indicator in notes else ""
                    mine = self._owned(at, indicator)
                    change = self._step(at, indicator, day, level, flag, note, f"line {row.line}")
                    if change is not None:
                        mine |= self._change(at, indicator, change, mine)
                    used |= mine
            except Unusable as error:
                ledger.reject(row.line, str(error), ",".join(row.values[:8]))
                continue
            (ledger.record if used else ledger.duplicate)()
            yield

    # --- Levels to changes ------------------------------------------------------------

    def _owned(self, at: _Jurisdiction, indicator: str) -> bool:
        """Whether this file decides the events of a series."""
        return self.owners.setdefault((at.key, at.scope, indicator), self.file) == self.file

    def _changes(
        self, at: _Jurisdiction, indicator: str, observed: list[tuple[str, float]], where: str
    ) -> Iterator[_Change]:
        for day, level in observed:
            change = self._step(at, indicator, day, level, "", "", f"{where}, {day}")
            if change is not None:
                yield change

    def _step(
        self,
        at: _Jurisdiction,
        indicator: str,
        day: str,
        level: float,
        flag: str,
        note: str,
        where: str,
    ) -> _Change | None:
        """Take in the level of a day; return the change if there is one."""
        key = (self.file, at.key, at.scope, indicator)
        track = self.tracks.get(key)
        locator = f"{self.file}, {where}"
        if track is None:
            self.tracks[key] = _Track(level, day)
            if level <= 0:
                return None
            return _Change(day, BEFORE, 0, level, True, flag, note, locator)
        before, track.level = track.level, level
        last, track.day = track.day, day
        if level == before:
            return None
        since = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
        return _Change(day, min(since, day), before, level, False, flag, note, locator)

    def _change(self, at: _Jurisdiction, indicator: str, change: _Change, owned: bool) -> bool:
        """State the event of a change, or a record of the one known; whether it was used."""
        key = _key(at, indicator, change.day)
        node = text.iri("event", f"{NAME}-{key}")
        if key not in self.events:
            if not owned:
                assert self.ledger is not None
                self.ledger.note("change that the file read first has not")
                return False
            event = self._event(key, at, indicator, change)
            node = self.emit.event(event)
            self.context.ledger.tally.events += 1
            assert self.ledger is not None
            for flag in event.flags:
                self.ledger.note(flag)
            track = self.tracks[self.file, at.key, at.scope, indicator]
            if track.node is not None:
                self.emit.add(f"{node}{text.predicate('continues')}{track.node}")
            track.node = node
            self.events[key] = Known(event.id, change.day, _phase(change))
        label = indicators()[indicator]["en"]
        self.emit.record(
            f"{names.slug(self.file)}/{key}",
            node,
            change.locator,
            self.emit.category(indicator, f"{indicator} {label}"),
            emit.links(change.note),
            more=(text.predicate("sourceText") + text.plain(change.note),) if change.note else (),
        )
        return True

    def _event(self, key: str, at: _Jurisdiction, indicator: str, change: _Change) -> emit.Event:
        about, place = indicators()[indicator], at.place
        flags = []
        if change.first:
            flags.append("left-censored")
        national = at.scope.startswith("NAT_")
        seen = (place.country, indicator, change.day, change.after)
        if national:
            self.national.add(seen)
        elif at.scope.endswith("_TOTAL") and seen in self.national:
            flags.append("nationwide-value")
        # Only GOV says whose act it is. With WIDE a smaller government may have acted, but
        # not where the level holds in the whole of the place.
        own = at.scope.endswith("_GOV") or (at.scope.endswith("_WIDE") and change.flag[:1] == "1")
        phase = _phase(change)
        when = change.day if change.since == change.day else f"{change.since}/{change.day}"
        named = at.named or place.label
        step = f"level {change.before:g} to {change.after:g}"
        said = f"{about['en']} in {named} ({at.scope}): {step}"
        said += f", in force on {change.day}" if change.first else f" on {change.day}"
        label_zh = None
        if place.labelled_zh:
            here = f"{place.label_zh or place.label}:{about['zh']}"
            label_zh = f"{here}({change.before:g}→{change.after:g},{change.day},{at.scope})"
        more = [
            f'{text.predicate("phase")}"{phase}"',
            text.predicate("seriesScope") + text.plain(at.scope),
            text.predicate("levelBefore") + text.decimal(change.before),
            text.predicate("levelAfter") + text.decimal(change.after),
        ]
        if at.named:
            more.append(text.predicate("placeText") + text.plain(at.named))
        if change.flag[:1] == "0":
            said += "; only in a part of it"
        measures = about["measures"].split()
        if indicator == "C8" and max(change.before, change.after) == 1:
            measures = ["entry-screening"]
        window = days.span(change.since, change.day, place.zones)
        return emit.Event(
            f"{NAME}-{key}",
            ("Reversal",) if phase == "end" else ("ProtectiveMeasure",),
            f"{about['en']}, {named}, {change.day} ({step}, {at.scope})",
            label_zh,
            said + ".",
            self.context.pandemic(place, window[0]),
            place,
            when,
            window,
            actors=(self.context.gazetteer.government(place),) if own and not at.named else (),
            measures=tuple(measures),
            flags=tuple(flags),
            more=tuple(more),
        )

    def _jurisdiction(self, values: dict[str, str]) -> _Jurisdiction:
        """Return whose measures a row counts, and where.

        :raises Unusable: for an unknown country
        """
        lower = {head.casefold().replace("_", ""): value for head, value in values.items()}
        gazetteer = self.context.gazetteer
        code = lower.get("countrycode", "")
        country = gazetteer.country(code) or gazetteer.country(lower.get("countryname", ""))
        if country is None:
            raise Unusable(f"unknown country {code[:20]!r}")
        scope = (lower.get("jurisdiction") or "NAT_TOTAL").replace("_ALL", "_TOTAL")
        region, city = lower.get("regioncode", ""), lower.get("citycode", "")
        if region.startswith(_SCOPES):
            region = ""  # raw files give rows of the whole country their scope as its code
        place, named = country, ""
        if region:
            found = gazetteer.place(iso_of(region, country.id))
            if found is None:
                found = gazetteer.province(country, lower.get("regionname", ""))
            place, named = (
                (found, "") if found is not None else (country, lower.get("regionname") or region)
            )
        if city:
            name = lower.get("cityname") or city
            inside = gazetteer.city(place, name)
            place, named = (inside, "") if inside is not None else (place, name)
        return _Jurisdiction(place, scope, named)


def _phase(change: _Change) -> str:
    return "start" if change.before == 0 else "end" if change.after == 0 else "change"


def _generation(file: tuple[str, object]) -> tuple[int, str]:
    for number, part in enumerate(_ORDER):
        if part in file[0]:
            return number, file[0]
    return len(_ORDER), file[0]


def _key(at: _Jurisdiction, indicator: str, day: str) -> str:
    scope = "" if at.scope == "NAT_TOTAL" else "-" + at.scope.casefold().replace("_", "-")
    return f"{at.key}-{indicator}-{day}{scope}"
