"""Sources: documents in which something was read."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from crisisgov.loaders.records.model.base import Concept, Edtf, Id, Label, Record, Ref, Text, Url


class Source(Record):
    """A document, with what is needed to find it and to judge how far it carries."""

    id: Id
    title: Label
    """Its title; ``en`` may be our translation."""
    author: Text | None = None
    publisher: Text
    publisher_actor: Annotated[str, Ref("actor")] | None = None
    """The actor in this graph that published it, if there is one."""
    date: Edtf | None = None
    """When it was published."""
    kind: Annotated[str, Concept("source-kind")]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]+)?$")]
    url: Url | None = None
    """Where it was read."""
    archive_url: Url | None = None
    standing: Annotated[str, Concept("standing")]
    copies: Annotated[str, Ref("source")] | None = None
    """The source whose text this one repeats: the two are not independent."""
    note: Text | None = None


class SourceFile(Record):
    """A file in ``seeds/sources``."""

    sources: list[Source]
