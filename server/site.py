"""What all pages share: the format asked for, validators, paging, the way to other pages."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from flask import Flask, Response, request

from crisisgov.server.engine import formats
from crisisgov.server.engine.errors import NotAcceptable
from crisisgov.server.engine.formats import GRAPHS, HTML
from crisisgov.server.entity_views.links import href, query_url, root
from crisisgov.server.entity_views.reader import short
from crisisgov.server.negotiation import Accept
from crisisgov.server.services import services

SUFFIXES = {
    "html": HTML,
    "ttl": formats.TURTLE,
    "jsonld": formats.JSONLD,
    "nt": formats.NTRIPLES,
    "rdf": formats.RDFXML,
}
"""Suffix of a path -> format; the order in which pages offer them."""

_OFFERED = (HTML, *GRAPHS)


def chosen_format(suffix_format: str = "") -> str:
    """Return the media type to answer with: by suffix, else by the Accept header.

    :raises NotAcceptable: when none of those offered is wanted.
    """
    if suffix_format:
        return suffix_format
    wanted = Accept.parse(request.headers.get("Accept", "")).order(_OFFERED)
    if not wanted:
        raise NotAcceptable(
            "None of the formats asked for is offered.",
            hint=f"Offered are {', '.join(_OFFERED)}.",
        )
    return wanted[0]


def page_number() -> int:
    """Return the page of a list that is asked for, from 1; anything else counts as 1."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10_000 else 1


def etag(media_type: str) -> str | None:
    """Name the answer by what it depends on: version of graph and code, address, format."""
    version = services().engine.version
    if version is None:
        return None
    parts = (version, _code(), root(), request.full_path, media_type)
    return f"{version}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:12]}"


def unchanged(media_type: str) -> Response | None:
    """Return 304 when the client holds this very answer already."""
    tag = etag(media_type)
    if tag is None or not request.if_none_match.contains_weak(tag):
        return None
    return with_validators(Response(status=304), media_type)


def with_validators(response: Response, media_type: str) -> Response:
    """Add the headers by which caches tell answers apart; errors are not kept."""
    response.headers["Vary"] = "Accept"
    tag = etag(media_type)
    if response.status_code >= 400 or tag is None:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(tag)
    return response


def register(app: Flask) -> None:
    """Give templates what every page needs."""
    app.jinja_env.globals.update(
        href=href, root=root, short=short, query_url=query_url, suffixes=SUFFIXES
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


@cache
def _code() -> str:
    """Return a digest of the code and templates that make the pages."""
    digest = hashlib.sha256()
    for file in sorted(_walk(files("crisisgov") / "server"), key=lambda one: one.name):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _walk(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _walk(entry)
        elif entry.name.endswith((".py", ".html")):
            found.append(entry)
    return found
