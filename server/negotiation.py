"""Which format a client gets: the Accept header, and ``?format=`` for those who cannot send one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crisisgov.server.engine import formats
from crisisgov.server.engine.errors import NotAcceptable
from crisisgov.server.engine.formats import ResultFormats
from crisisgov.server.wsgi import Remembered

_ALIASES: dict[str, tuple[str, ...]] = {
    formats.JSON: ("application/json",),
    formats.XML: ("application/xml", "text/xml"),
    formats.TSV: ("text/tsv",),
    formats.TURTLE: ("application/turtle", "application/x-turtle", "text/n3", "text/rdf+n3"),
    formats.NTRIPLES: ("text/ntriples",),
    formats.JSONLD: ("application/json",),
    formats.RDFXML: ("application/xml", "text/xml"),
    formats.HTML: ("application/xhtml+xml",),
}

# Name -> format of solutions, format of graphs. The names are those that
# SPARQLWrapper, rdflib, YASGUI and the older endpoints use.
_NAMES: dict[str, tuple[str | None, str | None]] = {
    "json": (formats.JSON, formats.JSONLD),
    "xml": (formats.XML, formats.RDFXML),
    "srj": (formats.JSON, None),
    "srx": (formats.XML, None),
    "csv": (formats.CSV, None),
    "tsv": (formats.TSV, None),
    "turtle": (None, formats.TURTLE),
    "ttl": (None, formats.TURTLE),
    "n3": (None, formats.TURTLE),
    "ntriples": (None, formats.NTRIPLES),
    "n-triples": (None, formats.NTRIPLES),
    "nt": (None, formats.NTRIPLES),
    "json-ld": (None, formats.JSONLD),
    "jsonld": (None, formats.JSONLD),
    "rdf": (None, formats.RDFXML),
    "rdf+xml": (None, formats.RDFXML),
    "rdfxml": (None, formats.RDFXML),
}
_HTML_NAMES = frozenset(("html", "table", formats.HTML))


@dataclass(frozen=True)
class Accept:
    """A parsed Accept header: (type, subtype, quality) of each range, as sent."""

    ranges: tuple[tuple[str, str, float], ...]

    @classmethod
    def parse(cls, header: str) -> Accept:
        """Read ``header``; a range that cannot be read is left out, no header takes all.

        Parameters other than ``q`` are not looked at: a client that adds a
        charset or a profile gets the format all the same.
        """
        return cls(_ranges(header))

    def quality(self, media_type: str) -> float:
        """Return how much ``media_type`` is wanted, 0 for not at all; the nearest range decides."""
        exact = self.exact(media_type)
        if exact is not None:
            return exact
        kind = media_type.split("/")[0]
        for wanted in ((kind, "*"), ("*", "*")):
            found = [quality for *names, quality in self.ranges if tuple(names) == wanted]
            if found:
                return max(found)
        return 0.0

    def exact(self, media_type: str) -> float | None:
        """Return the quality of ``media_type`` or one of its aliases, None when not named."""
        for name in (media_type, *_ALIASES.get(media_type, ())):
            found = [quality for a, b, quality in self.ranges if f"{a}/{b}" == name]
            if found:
                return max(found)
        return None

    def order(self, offered: Sequence[str]) -> tuple[str, ...]:
        """Return the offered types that are wanted, best first; ours decides between equals."""
        wanted = [(self.quality(media_type), media_type) for media_type in offered]
        ordered = sorted(wanted, key=lambda item: -item[0])
        return tuple(media_type for quality, media_type in ordered if quality > 0)

    def prefers_html(self) -> bool:
        """Tell whether this is a browser: HTML is named, and nothing of ours more wanted.

        Wildcards do not count: programs send them.
        """
        html = self.exact(formats.HTML)
        if not html:
            return False
        others = [self.exact(m) or 0.0 for m in (*formats.SOLUTIONS, *formats.GRAPHS)]
        return html >= max(others)


@Remembered
def _ranges(header: str) -> tuple[tuple[str, str, float], ...]:
    found = []
    for part in header.split(","):
        pieces = [piece.strip() for piece in part.split(";")]
        matched = re.fullmatch(r"([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)", pieces[0])
        if matched is None:
            continue
        quality = _quality(pieces[1:])
        if quality is not None:
            found.append((matched[1].lower(), matched[2].lower(), quality))
    return tuple(found) or (("*", "*", 1.0),)


def result_formats(accept: Accept, names: Sequence[str]) -> tuple[ResultFormats, bool]:
    """Return the formats a query's result may have, and whether to show it as a page.

    ``names`` are the values of ``format``, ``output`` and ``results``; the
    first that says anything wins over the header. A name that fits only one
    kind of result (``csv``) leaves the other kind to the header.

    :raises NotAcceptable: when a name is unknown, or nothing that is offered is wanted.
    """
    solutions = accept.order(formats.SOLUTIONS)
    graphs = accept.order(formats.GRAPHS)
    name = next((name.strip().lower() for name in names if name.strip()), None)
    if name in _HTML_NAMES or (name is None and accept.prefers_html()):
        return ResultFormats((formats.JSON,), (formats.TURTLE,)), True
    if name is not None:
        solution, graph = _named(name)
        solutions = (solution,) if solution else solutions or formats.SOLUTIONS
        graphs = (graph,) if graph else graphs or formats.GRAPHS
    if not solutions and not graphs:
        raise NotAcceptable(
            "None of the formats asked for is offered.",
            hint=f"Offered are {', '.join((*formats.SOLUTIONS, *formats.GRAPHS))}.",
        )
    return ResultFormats(solutions, graphs), False


def _named(name: str) -> tuple[str | None, str | None]:
    if name in _NAMES:
        return _NAMES[name]
    # A "+" of a media type that was not escaped in the URL arrives as a blank.
    media_type = name.replace(" ", "+")
    if media_type in formats.SOLUTIONS:
        return media_type, None
    if media_type in formats.GRAPHS:
        return None, media_type
    raise NotAcceptable(
        f"There is no format called “{name}”.",
        hint=f"Use one of {', '.join(sorted(_NAMES))}, or a media type.",
    )


def _quality(parameters: Sequence[str]) -> float | None:
    """Return the ``q`` among ``parameters``, 1 without one, None when it is no number."""
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return None
    return 1.0
