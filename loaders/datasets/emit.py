"""Events, records and categories as N-Quads text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crisisgov.loaders.datasets import text
from crisisgov.loaders.datasets.days import Window
from crisisgov.loaders.datasets.flags import FLAGS, SCHEME
from crisisgov.loaders.datasets.gazetteer import Gazetteer, Place
from crisisgov.ontology import terms

_P = text.predicate
_CRISIS, _PLACE, _ACTOR = _P("crisis"), _P("place"), _P("actor")
_SUMMARY, _EDTF, _END_EDTF = _P("summary"), _P("edtf"), _P("endEdtf")
_CITATION, _DOCUMENTS, _SOURCE = _P("citation"), _P("documents"), _P("source")
_LOCATOR, _CATEGORY, _URL = _P("locator"), _P("category"), _P("url")
_MEASURE, _FLAG, _DUPLICATE = _P("measureType"), _P("qualityFlag"), _P("duplicateOf")
_ZONE_BASIS = f'{_P("zoneBasis")}"place"'
_CHECKED = _P("checked") + text.concept("check", "secondary")
_SUSPECT = _P("suspectDate") + text.TRUE
_EVENT = text.TYPE + text.cls("Event")
_RECORD = text.TYPE + text.cls("Record")
_RECORD_CITATION = text.TYPE + text.cls("Citation")


@dataclass(slots=True)
class Event:
    """One event as a data set tells it; ``actors`` and ``crisis`` are IRIs in brackets."""

    id: str
    kinds: tuple[str, ...]
    label: str
    label_zh: str | None
    summary: str
    crisis: str
    place: Place
    day: str
    window: Window
    actors: tuple[str, ...] = ()
    end: str | None = None
    end_window: Window | None = None
    published: Window | None = None
    measures: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    suspect: bool = False
    more: tuple[str, ...] = field(default=())
    """Further ``predicate value`` pairs, ready for a line."""


class Emitter:
    """Collects the text of one data set; :meth:`take` hands over what there is."""

    def __init__(self, name: str, source: str, gazetteer: Gazetteer) -> None:
        self.name = name
        self.gazetteer = gazetteer
        self.quads = 0
        self._home = text.tail(terms.graph(f"data/{name}"))
        self._inferred = text.tail(terms.inferred_graph(f"data/{name}"))
        self._source = _SOURCE + text.entity("source", source)
        self._out: list[str] = []
        self._categories: dict[str, str] = {}

    def add(self, *triples: str) -> None:
        """State triples in the graph of the data set."""
        home = self._home
        self._out += [triple + home for triple in triples]

    def infer(self, *triples: str) -> None:
        """State what follows from the vocabulary, in the graph of inferences."""
        inferred = self._inferred
        self._out += [triple + inferred for triple in triples]

    def take(self) -> str:
        """Return the text collected so far, and forget it."""
        self.quads += len(self._out)
        taken = "".join(self._out)
        self._out = []
        return taken

    def waiting(self) -> int:
        """Return how many lines are collected."""
        return len(self._out)

    def event(self, event: Event) -> str:
        """State an event; its records are stated by :meth:`record`. Return its IRI."""
        node = text.iri("event", event.id)
        first, last, first_text, last_text = event.window
        said = [f"{text.TYPE}{text.cls(kind)}" for kind in event.kinds]
        said += (
            text.LABEL + text.lang(event.label, "en"),
            _SUMMARY + text.plain(event.summary),
            _CRISIS + event.crisis,
            _PLACE + self.gazetteer.use(event.place),
            _ZONE_BASIS,
            _CHECKED,
            _EDTF + text.edtf(event.day),
            _P("earliest") + text.moment(first_text),
            _P("latest") + text.moment(last_text),
            _P("earliestEpoch") + text.integer(first),
            _P("latestEpoch") + text.integer(last),
        )
        if event.label_zh is not None:
            said.append(text.LABEL + text.lang(event.label_zh, "zh"))
        if event.end is not None and event.end_window is not None:
            first, last, first_text, last_text = event.end_window
            said += (
                _END_EDTF + text.edtf(event.end),
                _P("endEarliest") + text.moment(first_text),
                _P("endLatest") + text.moment(last_text),
                _P("endEarliestEpoch") + text.integer(first),
                _P("endLatestEpoch") + text.integer(last),
            )
        if event.published is not None:
            _, _, first_text, last_text = event.published
            said += (
                _P("publishedEarliest") + text.moment(first_text),
                _P("publishedLatest") + text.moment(last_text),
            )
        said += [_ACTOR + actor for actor in event.actors]
        said += [_MEASURE + text.concept("measure-type", name) for name in event.measures]
        said += [_FLAG + text.concept(SCHEME, name) for name in event.flags]
        if event.suspect or any(FLAGS[name].suspect for name in event.flags):
            said.append(_SUSPECT)
        said += event.more
        home = self._home
        self._out += [f"{node}{one}{home}" for one in said]
        self._out.append(f"{node}{_EVENT}{self._inferred}")
        return node

    def add_kinds(self, node: str, kinds: Iterable[str], measures: Iterable[str]) -> None:
        """State further kinds and measure types of an event."""
        self.add(*(f"{node}{text.TYPE}{text.cls(kind)}" for kind in kinds))
        self.add(*(f"{node}{_MEASURE}{text.concept('measure-type', m)}" for m in measures))

    def record(
        self,
        name: str,
        event: str,
        locator: str,
        category: str | None = None,
        urls: Iterable[str] = (),
        duplicate_of: str | None = None,
        more: Iterable[str] = (),
    ) -> str:
        """State that a row documents an event (an IRI), and where the row stands."""
        node = self.record_iri(name)
        home = self._home
        out = self._out
        out.append(f"{event}{_CITATION}{node}{home}")
        out.append(f"{node}{_RECORD}{home}")
        out.append(f"{node}{_DOCUMENTS}{event}{home}")
        out.append(f"{node}{self._source}{home}")
        out.append(f"{node}{_LOCATOR}{text.plain(locator)}{home}")
        if category is not None:
            out.append(f"{node}{_CATEGORY}{category}{home}")
        for url in urls:
            out.append(f"{node}{_URL}{text.plain(url)}{home}")
        if duplicate_of is not None:
            out.append(f"{node}{_DUPLICATE}{duplicate_of}{home}")
        for one in more:
            out.append(f"{node}{one}{home}")
        out.append(f"{node}{_RECORD_CITATION}{self._inferred}")
        return node

    def record_iri(self, name: str) -> str:
        """Return the IRI of the record of a row."""
        return text.entity("record", f"{self.name}-{name}")

    def category(self, id: str, label: str) -> str:
        """Return the IRI of a category of the data set; it is stated when first asked for."""
        node = self._categories.get(id)
        if node is None:
            node = text.entity("category", f"{self.name}-{id}")
            self._categories[id] = node
            self.add(
                f"{node}{text.TYPE}{text.cls('Category')}",
                f"{node}{text.LABEL}{text.lang(label, 'en')}",
                f"{node}{self._source}",
            )
        return node


def links(value: str) -> Iterator[str]:
    """Yield the addresses in a field that separates them by blanks, semicolons or commas."""
    seen = set()
    for part in value.replace(";", " ").split():
        part = part.strip(",<>\"'()[]")
        if part.startswith(("http://", "https://")) and len(part) > 10 and part not in seen:
            seen.add(part)
            yield part
