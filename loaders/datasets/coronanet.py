"""CoronaNet: rows of measures to one event for each base id.

A ``record_id`` is a base of 17 characters and a suffix for the sub-category; all rows of
a base share text and dates, so that a base is an event and its rows are records of it.
All forms of the files are read: those of countries (40 to 67 columns), the bulk file, the
EU-27 extract, the early release of April 2020 with ids of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby, pairwise

from crisisgov.loaders.datasets import coronanet_types, days, emit, links, text
from crisisgov.loaders.datasets.context import Context
from crisisgov.loaders.datasets.coronanet_known import Act, Later, of_policy, taken_over
from crisisgov.loaders.datasets.coronanet_places import Places, Where
from crisisgov.loaders.datasets.coronanet_rows import (
    COLUMNS,
    Entry,
    Unusable,
    category_of,
    dates_of,
    day_of_end,
    end_of,
    generation,
    meaning_of,
    phase_of,
    read_entry,
    summary,
    text_flags,
)
from crisisgov.loaders.datasets.ledger import FileLedger
from crisisgov.loaders.datasets.rows import Table, files

NAME = "coronanet"
SOURCE = "coronanet-dataset"
REQUIRED = (
    "record_id",
    "policy_id",
    "entry_type",
    "date_announced",
    "date_start",
    "country",
    "type",
)


def load(context: Context) -> Iterator[None]:
    """Load every file of the set; yield after each event so that text can leave."""
    yield from _Loader(context).run()


class _Loader:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.emit = context.emit
        self.places = Places(context.gazetteer)
        self.curated = links.reviewed(NAME, context.curated.events)
        # base -> IRI of the event that its rows document
        self.events: dict[str, str] = {}
        self.said: dict[str, set[str]] = {}
        self.rows: set[str] = set()
        self.categories: dict[tuple[str, str], str] = {}
        self.contents: dict[int, tuple[str, str]] = {}
        # base that repeats another one -> record of that one
        self.repeats: dict[str, str] = {}
        self.later = Later()
        self.policies: dict[str, list[tuple[str, str, str, str]]] = {}

    def run(self) -> Iterator[None]:
        for name, path in sorted(files(self.context.path), key=generation):
            ledger = self.context.ledger.file(name)
            tick = partial(self.context.tick, NAME, path)
            table = Table(path, name, ledger, tick)
            entries = self._entries(table, ledger)
            for base, group in groupby(entries, key=lambda entry: entry.base):
                self._group(base, list(group), name, ledger)
                yield
        self._chains()

    def _entries(self, table: Table, ledger: FileLedger) -> Iterator[Entry]:
        places: list[tuple[str, int]] = []
        for row in table.rows(REQUIRED):
            if not places:
                places = [(c, table.columns[c]) for c in COLUMNS if c in table.columns]
            entry = read_entry(row, places)
            if entry is None:
                given = row.values[table.columns["record_id"]][:30]
                ledger.reject(row.line, f"record_id {given!r} is no id", ",".join(row.values))
            elif entry.record_id in self.rows:
                ledger.duplicate()
            else:
                yield entry

    def _group(self, base: str, group: list[Entry], file: str, ledger: FileLedger) -> None:
        """State the event of some rows of one base, and each row as a record of it."""
        unique: list[Entry] = []
        for entry in group:
            if entry.record_id in self.rows:
                ledger.duplicate()
            else:
                self.rows.add(entry.record_id)
                unique.append(entry)
        if not unique:
            return
        event = self.events.get(base)
        linked = False
        if event is None:
            try:
                event, linked = self._event(base, unique, ledger)
            except Unusable as error:
                for entry in unique:
                    ledger.reject(entry.line, str(error), ",".join(entry.values.values()))
                return
        else:
            self._more(base, event, unique)
        for entry in unique:
            self._record(entry, event, file)
            if base in self.repeats:
                ledger.duplicate()
            else:
                ledger.record(linked=linked)

    def _event(self, base: str, group: list[Entry], ledger: FileLedger) -> tuple[str, bool]:
        """Return the event of a base, and whether it is one that others have stated."""
        first = group[0].values
        found = self._known_elsewhere(base, first, ledger)
        if found:
            self.events[base] = found
            self._remember_elsewhere(base, first, found)
            return found, True
        early = not base.startswith("R_")
        if early and (counterpart := of_policy(first, self.policies, self.events)) is not None:
            return self._early(base, counterpart, ledger)
        said = first.get("description") or first.get("event_description", "")
        where = self.places.find(first)
        start, announced, flags = dates_of(first)
        flags += where.flags
        act, link = _act(first, where, start), first.get("link", "")
        if early and (counterpart := self.later.find(act, link)) is not None:
            return self._early(base, counterpart, ledger)
        key = hash((where.place.id, where.named, said, start, act.type, act.phase))
        if said and key in self.contents:
            self.events[base], self.repeats[base] = self.contents[key]
            ledger.note("same text, place, date and type as another base")
            return self.events[base], False
        event = self._build(base, group, said, where, start, announced, flags)
        for flag in event.flags:
            ledger.note(flag)
        node = self.emit.event(event)
        if not early:
            self.later.remember(act, link, node)
        self.context.ledger.tally.events += 1
        self.events[base] = node
        if said:
            self.contents[key] = (node, group[0].record_id)
        self.said[base] = {*event.kinds, *event.measures}
        self._in_policy(base, first, start)
        return node, False

    def _early(self, base: str, found: str, ledger: FileLedger) -> tuple[str, bool]:
        """Note that rows of the early release tell of an event that a later one has."""
        self.events[base] = found
        ledger.note("base of the early release that a later one has")
        return found, False

    def _in_policy(self, base: str, first: dict[str, str], start: str) -> None:
        self.policies.setdefault(first["policy_id"], []).append(
            (start, first.get("recorded_date", ""), base, phase_of(first))
        )

    def _remember_elsewhere(self, base: str, first: dict[str, str], found: str) -> None:
        try:
            where, (start, _, _) = self.places.find(first), dates_of(first)
        except Unusable:
            return
        self._in_policy(base, first, start)
        self.later.remember(_act(first, where, start), first.get("link", ""), found)

    def _known_elsewhere(self, base: str, first: dict[str, str], ledger: FileLedger) -> str:
        """Return the event that the records or another data set have for these rows."""
        if base in self.curated:
            return text.iri("event", self.curated[base])
        found, refused = taken_over(first, self.context)
        if refused:
            ledger.note(refused)
        return found

    def _build(
        self,
        base: str,
        group: list[Entry],
        said: str,
        where: Where,
        start: str,
        announced: str,
        flags: list[str],
    ) -> emit.Event:
        first, place = group[0].values, where.place
        meanings = [meaning_of(entry.values) for entry in group]
        phase = phase_of(first)
        kinds = list(dict.fromkeys(kind for one in meanings for kind in one.kinds))
        measures = list(dict.fromkeys(m for one in meanings for m in one.measures))
        level = None
        if place.chinese and where.actors and first["type"] == "Declaration of Emergency":
            # 1 is the highest in China; elsewhere levels are counted in other ways. The text
            # of an update begins with that of the entry before it.
            level = coronanet_types.response_level(said.rpartition("UPDATE")[2] or said)
        more = [f'{text.predicate("phase")}"{phase}"']
        if phase == "end":
            kinds, level = ["Reversal"], None
        if level is not None:
            kinds = ["EmergencyLevelChange", *(k for k in kinds if k != "Regulation")]
            more.append(text.predicate("responseLevel") + text.integer(level))
        if "Disclosure" in kinds:
            more.append(text.predicate("audience") + text.concept("audience", "public"))
        if said:
            more.append(text.predicate("sourceText") + text.plain(said))
        if where.named:
            more.append(text.predicate("placeText") + text.plain(where.named))
        more.append(text.predicate("policyId") + text.plain(first["policy_id"]))
        end = end_of(first, start, flags)
        flags += text_flags(said, (start, announced, end), where.codes, phase)
        known = {entry[0] for entry in self.policies.get(first["policy_id"], ())}
        if phase == "end" and "/" not in start:
            start, last = day_of_end(first, start, end, known, flags)
            end = ""
        else:
            start, _, last = start.partition("/")
            last = last or start
        try:
            window = days.span(start, last, place.zones)
            published = days.window(announced, place.zones) if announced else None
            end_window = days.window(end, place.zones) if end else None
        except days.DayError as error:
            raise Unusable(str(error)) from error
        what, what_zh = meanings[0].en, meanings[0].zh
        if level is not None:
            # the category has the same name for the highest level and for a return to a low one
            what, what_zh = f"Emergency response level {level}", f"应急响应级别为{level}级"
        when = start if start == last else f"{start}/{last}"
        named = f"{what}, {place.label}, {when}"
        if phase != "start":
            named += f" ({phase})"
        label_zh = place.event_zh(what_zh, when, phase)
        return emit.Event(
            f"coronanet-{base}",
            tuple(kinds),
            named,
            label_zh,
            summary(what, group, place.label, when, announced, end, phase),
            self.context.pandemic(place, window[0]),
            place,
            when,
            window,
            actors=where.actors,
            end=end or None,
            end_window=end_window,
            published=published,
            measures=tuple(measures),
            flags=tuple(dict.fromkeys(flags)),
            more=tuple(more),
        )

    def _more(self, base: str, event: str, group: list[Entry]) -> None:
        """State kinds and measure types that later rows of a base add to its own event."""
        said = self.said.get(base)
        if said is None:
            return
        for entry in group:
            one = meaning_of(entry.values)
            if "Reversal" not in said:
                kinds = [k for k in one.kinds if k not in said and k == "ProtectiveMeasure"]
                measures = [m for m in one.measures if m not in said]
                said.update(kinds, measures)
                self.emit.add_kinds(event, kinds, measures)

    def _record(self, entry: Entry, event: str, file: str) -> None:
        values = entry.values
        type_, sub = values["type"], values.get("type_sub_cat", "")
        category = self.categories.get((type_, sub))
        if category is None:
            category = self.categories[type_, sub] = self.emit.category(*category_of(type_, sub))
        self.emit.record(
            entry.record_id,
            event,
            f"{file}, line {entry.line}, record_id {entry.record_id}",
            category,
            emit.links(values.get("link", "")),
            self.emit.record_iri(self.repeats[entry.base]) if entry.base in self.repeats else None,
        )

    def _chains(self) -> None:
        """Link each event of a policy to the one before it; an end withdraws what it ends.

        The one before may be an event that others have stated; of such an event nothing is said.
        """
        continues, reverses = text.predicate("continues"), text.predicate("reverses")
        reversed_by = text.predicate("reversedBy")
        for entries in self.policies.values():
            entries.sort()
            for before, after in pairwise(entries):
                one, two = self.events[before[2]], self.events[after[2]]
                if after[2] not in self.said or one == two:
                    continue
                self.emit.add(f"{two}{continues}{one}")
                if after[3] == "end":
                    self.emit.add(f"{two}{reverses}{one}")
                    self.emit.infer(f"{one}{reversed_by}{two}")


def _act(first: dict[str, str], where: Where, start: str) -> Act:
    type_ = coronanet_types.name(first["type"])
    return Act(where.place.id, where.actors, start, type_, phase_of(first))
