"""SKOS concept schemes."""

from __future__ import annotations

from pydantic import model_validator

from crisisgov.loaders.records.model.base import Citation, Id, Label, Record, Text


class ConceptRecord(Record):
    """One concept of a closed list."""

    id: Id
    notation: list[Text] = []
    label: Label
    definition: Text
    example: Text
    broader: Id | None = None
    """Id of a broader concept of the same scheme."""
    responsibility: Id | None = None
    """For a failure type: the responsibility that it falls short of."""
    answers: list[Id] = []
    """For a remedy: ids of the responsibilities and causes that it answers."""


class SchemeHeader(Record):
    """What a scheme is."""

    id: Id
    label: Label
    definition: Text
    citations: list[Citation] = []


class SchemeRecord(SchemeHeader):
    """A scheme with its concepts."""

    concepts: list[ConceptRecord]


class ConceptFile(Record):
    """A file in ``seeds/concepts``: one ``scheme`` with ``concepts``, or several ``schemes``."""

    scheme: SchemeHeader | None = None
    concepts: list[ConceptRecord] = []
    schemes: list[SchemeRecord] = []

    @model_validator(mode="after")
    def _one_way(self) -> ConceptFile:
        if (self.scheme is None) == (not self.schemes):
            raise ValueError("give either `scheme` with `concepts`, or `schemes`")
        return self

    def all_schemes(self) -> list[SchemeRecord]:
        """Return the schemes of the file in one form."""
        if self.scheme is None:
            return self.schemes
        header = self.scheme.model_dump(exclude={"citations"})
        return [
            SchemeRecord(**header, citations=self.scheme.citations, concepts=self.concepts),
        ]
