"""What the conversion of every kind of record shares: zones, citations, problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyoxigraph as ox

from crisisgov.errors import Problem
from crisisgov.loaders.records.index import Index, index
from crisisgov.loaders.records.model.base import Citation, Identifiers
from crisisgov.loaders.records.model.places import Place
from crisisgov.loaders.records.read import RecordFile, Records
from crisisgov.ontology import terms
from crisisgov.ontology.dates import Bounds, EdtfError, bounds
from crisisgov.ontology.quads import QuadWriter, Subject

T = TypeVar("T")


class Context:
    """What the conversion of a record needs to know beyond the record itself."""

    def __init__(self, records: Records) -> None:
        self.index: Index = index(records)[0]
        self.out = QuadWriter()
        self.problems: list[Problem] = []

    def zone(self, place: str) -> ZoneInfo:
        """Return the time zone of a place, taken from a larger place where it has none.

        :raises EdtfError: when neither it nor a place around it names a zone
        """
        current: str | None = place
        while current is not None:
            record: Place = self.index.get("place", current)
            if record.time_zone is not None:
                try:
                    return ZoneInfo(record.time_zone)
                except (ZoneInfoNotFoundError, ValueError) as error:
                    raise EdtfError(
                        f"place {current} has no IANA zone {record.time_zone!r}"
                    ) from error
            current = record.within
        raise EdtfError(f"neither place {place} nor a larger one has a `time_zone`; add one")

    def zone_or_utc(self, place: str | None) -> tzinfo:
        """Return the time zone of a place, or UTC when no place is meant."""
        return UTC if place is None else self.zone(place)

    def bounds_at(self, text: str, place: str | None) -> Bounds:
        """Return the bounds of a date in the zone of a place (UTC without one).

        :raises EdtfError: for a date without bounds, or a place without a zone
        """
        return bounds(text, self.zone_or_utc(place))

    def hull(self, text: str, zones: Sequence[tzinfo], margin_seconds: int | None = None) -> Bounds:
        """Return the bounds of a date that may be meant in any of several zones."""
        each = [bounds(text, zone, margin_seconds) for zone in zones]
        first = each[0]
        return Bounds(
            min(one.earliest for one in each),
            max(one.latest for one in each),
            first.precision,
            first.zone_stated,
            first.uncertain,
            first.approximate,
            first.members,
        )

    def citations(
        self, of: Subject, kind: str, name: str, items: list[Citation], graph: str
    ) -> None:
        """State the citations of a record; each is a node of its own."""
        for number, citation in enumerate(items, 1):
            node = self.out.subject(terms.entity("citation", f"{kind}/{name}/{number}"), graph)
            node.type("Citation")
            of.link("citation", node.node.value)
            node.link("source", terms.entity("source", citation.source))
            node.text("locator", citation.locator)
            node.text("says", citation.says)
            node.text("supports", citation.supports)
            node.text("accessed", citation.accessed)
            node.text("archiveUrl", citation.archive_url)

    def identifiers(self, of: Subject, identifiers: Identifiers) -> None:
        """State the ids of the same thing in other graphs, as links (never as owl:sameAs)."""
        same_as = ox.NamedNode(terms.SCHEMA + "sameAs")
        if identifiers.wikidata:
            of.add(same_as, ox.NamedNode(terms.WIKIDATA + identifiers.wikidata))
        if identifiers.geonames:
            of.add(same_as, ox.NamedNode(f"{terms.GEONAMES}{identifiers.geonames}/"))
        if identifiers.eli:
            of.add(same_as, ox.NamedNode(identifiers.eli))
        if identifiers.glide:
            of.foreign(terms.DCTERMS + "identifier", ox.Literal(f"GLIDE:{identifiers.glide}"))

    def bound(
        self, file: RecordFile, path: tuple[str | int, ...], compute: Callable[[], T]
    ) -> T | None:
        """Return what `compute` gives; note a problem at that path when a date has no bounds."""
        try:
            return compute()
        except EdtfError as error:
            self.problem(file, path, str(error))
            return None

    def problem(self, file: RecordFile, path: tuple[str | int, ...], message: str) -> None:
        """Note that a record cannot be turned into statements."""
        shown = ".".join(str(step) for step in path)
        self.problems.append(Problem(file.name, file.document.line(path), shown, message))
