"""Links and names in pages: IRIs keep the base, links stay on this site."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from markupsafe import Markup, escape

from crisisgov.ontology.terms import BASE
from crisisgov.server.entity_views.reader import Name, short, tail
from crisisgov.server.services import services

_LONGEST_ADDRESS = 8_000  # characters; servers refuse longer request lines


def root() -> str:
    """Return the path under which the site lies: empty, or such as ``/crises``.

    Links are written with the path of PUBLIC_BASE_URL only, so that they hold
    whatever name or port a visitor came by.
    """
    return urlsplit(services().settings.public_base_url).path.rstrip("/")


def href(iri: str) -> str:
    """Return where a link to ``iri`` goes; empty when it is nothing that a browser should open."""
    if iri.startswith(BASE):
        return f"{root()}/{iri[len(BASE) :]}"
    return iri if iri.startswith(("https://", "http://")) else ""


def query_url(query: str) -> str:
    """Return where a query is asked; only the editor itself for one too long for an address."""
    address = f"{root()}/sparql?{urlencode({'query': query})}"
    return address if len(address) < _LONGEST_ADDRESS else f"{root()}/sparql"


def fallback_name(iri: str) -> str:
    """Return something to call an entity without a label."""
    if not iri.startswith(BASE):
        return short(iri)
    kind, _slash, name = iri[len(BASE) :].partition("/")
    if kind in ("citation", "item"):
        # citation/event/ID/2 -> citation 2 of ID
        whole, _slash, number = name.rpartition("/")
        return f"{kind} {number} of {tail(whole).replace('-', ' ')}"
    return name.replace("-", " ") or kind


class Linker:
    """Writes links with the names of one page."""

    def __init__(self, names: dict[str, Name]) -> None:
        self._names = names

    def name(self, iri: str) -> Name:
        """Return the name of ``iri``; English where it has a label, else made of its id."""
        name = self._names.get(iri, Name())
        return name if name.en else Name(name.zh or fallback_name(iri), name.zh)

    def text(self, iri: str) -> str:
        """Return the English name of ``iri``."""
        return self.name(iri).en

    def link(self, iri: str, *, zh: bool = False) -> Markup:
        """Return a link to ``iri`` with its English name, and its Chinese one if wanted."""
        name, target = self.name(iri), href(iri)
        shown = escape(name.en)
        if target:
            shown = Markup('<a href="{}">{}</a>').format(target, shown)
        if zh and name.zh and name.zh != name.en:
            shown += Markup(' <span lang="zh" class="zh">{}</span>').format(name.zh)
        return shown

    def links(self, iris: list[str], *, zh: bool = False) -> Markup:
        """Return links to several entities, separated by commas."""
        return Markup(", ").join(self.link(iri, zh=zh) for iri in iris)
