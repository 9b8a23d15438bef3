"""On how many independent sources a record rests."""

from __future__ import annotations

from collections.abc import Iterable

from crisisgov.loaders.records.index import Index
from crisisgov.loaders.records.model import Source
from crisisgov.loaders.records.model.base import Citation


def original(index: Index, source: Source) -> Source:
    """Return the source whose text this one repeats, step by step; itself where it copies none."""
    seen = {source.id}
    while source.copies is not None and source.copies not in seen:
        seen.add(source.copies)
        source = index.get("source", source.copies)
    return source


def independent_publishers(index: Index, citations: Iterable[Citation]) -> set[str]:
    """Return the publishers of the originals cited: two sources are independent when their
    publishers differ and neither repeats the other's text."""
    originals = (original(index, index.get("source", one.source)) for one in citations)
    return {" ".join(source.publisher.casefold().split()) for source in originals}


def only_weak(index: Index, citations: Iterable[Citation]) -> bool:
    """Whether everything cited has the standing `weak`."""
    return all(index.get("source", one.source).standing == "weak" for one in citations)
