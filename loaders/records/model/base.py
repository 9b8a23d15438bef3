"""What all records share: strictness, labels, identifiers, citations, dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from crisisgov.ontology.dates import EdtfError, parse


@dataclass(frozen=True)
class Ref:
    """Marks a field that names another record of the given kind."""

    kind: str


@dataclass(frozen=True)
class Concept:
    """Marks a field whose value is a concept of the given scheme."""

    scheme: str


class Record(BaseModel):
    """Base of every record: unknown fields are refused, text is trimmed, nothing changes later."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )


def _is_edtf(text: str) -> str:
    try:
        parse(text)
    except EdtfError as error:
        raise ValueError(str(error)) from error
    return text


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""Lower-case words joined by single hyphens; minted once, never reused."""

Text = Annotated[str, StringConstraints(min_length=1)]
Edtf = Annotated[str, AfterValidator(_is_edtf)]
"""A date in the EDTF profile of :mod:`crisisgov.ontology.dates`."""

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"{}|\\^`]+$")]
"""An http or https address without characters that an IRI may not hold."""

Check = Annotated[str, Concept("check")]


class Label(Record):
    """A name in several languages; English always, Chinese for everything Chinese."""

    en: Text
    zh: Text | None = None
    ja: Text | None = None
    ko: Text | None = None
    fr: Text | None = None
    de: Text | None = None
    it: Text | None = None
    es: Text | None = None
    pt: Text | None = None
    fa: Text | None = None
    ar: Text | None = None
    ru: Text | None = None
    uk: Text | None = None

    def by_language(self) -> dict[str, str]:
        """Return language tag -> text for the languages given."""
        return {tag: text for tag, text in self.model_dump().items() if text is not None}


class Citation(Record):
    """Where a statement was read, and what is said there in our own words."""

    source: Annotated[str, Ref("source")]
    """Id of the source that really says it."""
    locator: Text | None = None
    """Where in the source: paragraph, page, article, time mark."""
    says: Text | None = None
    """What the source says there, in our own words (never a copied sentence)."""
    supports: list[Text] = []
    """Names of the fields of the record that this passage supports; empty means all."""
    accessed: Edtf | None = None
    """When it was read."""
    archive_url: Url | None = None
    """Address of an archived copy of the passage."""


class Period(Record):
    """From when until when, both within the period; a missing end means open."""

    begin: Edtf | None = None
    end: Edtf | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.begin and self.end and parse(self.end).latest < parse(self.begin).earliest:
            raise ValueError(f"end {self.end} lies before begin {self.begin}; swap or correct them")
        return self


class Identifiers(Record):
    """Ids of the same thing in other graphs."""

    wikidata: Annotated[str, StringConstraints(pattern=r"^Q[1-9]\d*$")] | None = None
    geonames: Annotated[str, StringConstraints(pattern=r"^[1-9]\d*$")] | None = None
    glide: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-\d{4}-\d{6}-[A-Z]{3}$")] | None = (
        None
    )
    eli: Url | None = None


Level = Annotated[str, Concept("level")]
Function = Annotated[str, Concept("function")]
Topic = Annotated[str, Concept("topic")]
Responsibility = Annotated[str, Concept("responsibility")]
Citations = Annotated[list[Citation], Field(min_length=1)]
