"""What a write is: one update, or one operation on one graph, as it travels between processes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["update", "put", "post", "delete"]


@dataclass(frozen=True)
class Part:
    """RDF sent by a client, in one of :data:`crisisgov.server.engine.formats.GRAPHS`."""

    media_type: str
    data: bytes


@dataclass(frozen=True)
class Job:
    """One write.

    ``text`` and the ``using`` graphs belong to an update; ``graph`` (None for
    the default graph) and ``parts`` to the other kinds. ``create_only`` asks
    that the graph is not there yet; ``version``, when given, that the served
    version is still that one.
    """

    kind: Kind
    text: str = ""
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    graph: str | None = None
    parts: tuple[Part, ...] = field(default=())
    create_only: bool = False
    version: str = ""

    def to_frame(self) -> tuple[dict[str, Any], bytes]:
        """Return the header and the payload of a frame."""
        header = asdict(self)
        header["parts"] = [(part.media_type, len(part.data)) for part in self.parts]
        return header, b"".join(part.data for part in self.parts)

    @classmethod
    def from_frame(cls, header: dict[str, Any], payload: bytes) -> Job:
        """Read what :meth:`to_frame` wrote."""
        parts, start = [], 0
        for media_type, size in header["parts"]:
            parts.append(Part(media_type, payload[start : start + size]))
            start += size
        values = {**header, "parts": tuple(parts)}
        for name in ("using", "using_named"):
            values[name] = tuple(values[name])
        return cls(**values)


@dataclass(frozen=True)
class Written:
    """What came of a write: the version that has it, and whether the graph was there before."""

    version: str
    existed: bool
