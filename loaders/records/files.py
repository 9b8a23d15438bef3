"""Record files as they were read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crisisgov.loaders.records.model import Record
from crisisgov.loaders.records.yaml_source import Document


@dataclass(frozen=True)
class RecordFile:
    """One file of records: where it lies, what kind it is, and its validated content.

    In a file with problems (which ``read.load`` never returns) a record that is
    wrong is None in ``content``, so that the others keep their places.
    """

    name: str
    """Path below the seeds folder, with forward slashes."""
    kind: str
    document: Document
    content: Record


@dataclass
class Records:
    """All files of a seeds folder that could be read."""

    files: list[RecordFile] = field(default_factory=list)
    ids_of_broken_files: set[str] = field(default_factory=set)
    """What looks like an id in files that are not valid YAML."""

    def of_kind(self, kind: str) -> Iterator[RecordFile]:
        """Yield the files of one folder, in order of their names."""
        return (file for file in self.files if file.kind == kind)
