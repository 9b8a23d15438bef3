"""One thing broken in the small graph, and values that break things."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Break:
    """One thing broken: node, property, what it becomes (nothing: left out), what is answered."""

    node: str
    name: str
    values: tuple[str, ...]
    message: str
    at: str = ""
    """The node that is reported, where it is another one than the broken one."""

    def __str__(self) -> str:
        return f"{self.node} {self.name} = {' , '.join(self.values) or 'none'}"


def br(node: str, name: str, *values: str, says: str, at: str = "") -> Break:
    return Break(node, name, values, says, at or node)


EN = ('"Name"@en', '"名"@zh')
LATE = '"2021-01-01T00:00:00Z"^^xsd:dateTime'
ZONELESS = '"2020-01-01T00:00:00"^^xsd:dateTime'
WRONG = "c:stance\\/denies"
NOBODY = "b:actor\\/nobody"
