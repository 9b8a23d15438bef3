"""The form of curated records, one module for each folder of ``seeds/``.

A field that names another record carries a :class:`~crisisgov.loaders.records.model.base.Ref`,
a field with a value from a closed list a
:class:`~crisisgov.loaders.records.model.base.Concept`; the cross-checks and the
JSON Schema are made from these marks, so a rule is written once.
"""

from crisisgov.loaders.records.model.actors import Actor, ActorFile, Post, Tenure
from crisisgov.loaders.records.model.base import Citation, Concept, Label, Record, Ref
from crisisgov.loaders.records.model.concepts import ConceptFile, ConceptRecord, SchemeRecord
from crisisgov.loaders.records.model.crises import (
    AssertedFinding,
    Claim,
    ContentItem,
    Crisis,
    CrisisFile,
    Event,
    Justification,
    NormGap,
    RelativeDate,
    SearchRecord,
    WarningDetails,
)
from crisisgov.loaders.records.model.norms import (
    Act,
    Instrument,
    Norm,
    NormFile,
    Profile,
    Recipient,
    Trigger,
)
from crisisgov.loaders.records.model.places import Place, PlaceFile
from crisisgov.loaders.records.model.sources import Source, SourceFile

FILE_FORMS: dict[str, type[Record]] = {
    "actors": ActorFile,
    "concepts": ConceptFile,
    "crises": CrisisFile,
    "norms": NormFile,
    "places": PlaceFile,
    "sources": SourceFile,
}
"""Folder of ``seeds/`` -> the form of a file in it."""

__all__ = [
    "FILE_FORMS",
    "Act",
    "Actor",
    "ActorFile",
    "AssertedFinding",
    "Citation",
    "Claim",
    "Concept",
    "ConceptFile",
    "ConceptRecord",
    "ContentItem",
    "Crisis",
    "CrisisFile",
    "Event",
    "Instrument",
    "Justification",
    "Label",
    "Norm",
    "NormFile",
    "NormGap",
    "Place",
    "PlaceFile",
    "Post",
    "Profile",
    "Recipient",
    "Record",
    "Ref",
    "RelativeDate",
    "SchemeRecord",
    "SearchRecord",
    "Source",
    "SourceFile",
    "Tenure",
    "Trigger",
    "WarningDetails",
]
