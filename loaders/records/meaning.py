"""What records mean together: claims that events follow, circles, extensions, implementations.

Called by :mod:`crisisgov.loaders.records.check` on the records that are right in themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from crisisgov.errors import Problem
from crisisgov.loaders.records.index import Index, at
from crisisgov.loaders.records.model.crises import EventKind


def problems(found: Index) -> Iterator[Problem]:
    """Yield everything that records say of each other and that cannot be so."""
    yield from _claims(found)
    yield from _circles(found)
    yield from _relative_circles(found)
    yield from _extensions(found)
    yield from _implementations(found)


def _claims(found: Index) -> Iterator[Problem]:
    for event, place in found.records["event"].values():
        if event.follows_claim in found.records["claim"]:
            claim = found.get("claim", event.follows_claim)
            if claim.about != event.id:
                message = f"claim {claim.id!r} is about event {claim.about!r}, not this one"
                yield at(place.file, (*place.path, "follows_claim"), message)
            elif claim.status != "live":
                message = f"claim {claim.id!r} is {claim.status}; an event follows a live claim"
                yield at(place.file, (*place.path, "follows_claim"), message)
            elif claim.property.value == "date" and claim.date != event.date:
                field = "relative" if event.date is None else "date"
                message = f"{event.date!r} is not the date of claim {claim.id!r} ({claim.date!r})"
                yield at(place.file, (*place.path, field), message)


def _circles(found: Index) -> Iterator[Problem]:
    """Yield a problem for each record that is, step by step, part of itself or follows itself."""
    for kind, field in (
        ("actor", "part_of"),
        ("actor", "succeeds"),
        ("place", "within"),
        ("crisis", "part_of"),
    ):
        for name, (record, place) in found.records[kind].items():
            seen, current = [name], getattr(record, field)
            while current in found.records[kind] and current not in seen:
                seen.append(current)
                current = getattr(found.get(kind, current), field)
            if current == name:
                message = f"{' -> '.join([*seen, name])} goes in a circle"
                yield at(place.file, (*place.path, field), message)


def _relative_circles(found: Index) -> Iterator[Problem]:
    """Yield a problem for each event whose date counts, step by step, from itself."""

    def counts_from(name: str) -> str | None:
        event = found.records["event"][name][0] if name in found.records["event"] else None
        return event.relative.to if event is not None and event.relative is not None else None

    for name, (_, place) in found.records["event"].items():
        seen, current = [name], counts_from(name)
        while current is not None and current not in seen:
            seen.append(current)
            current = counts_from(current)
        if current == name:
            message = (
                f"{' -> '.join([*seen, name])} goes in a circle; "
                "give one of these events a `date` of its own"
            )
            yield at(place.file, (*place.path, "relative", "to"), message)


def _extensions(found: Index) -> Iterator[Problem]:
    for event, place in found.records["event"].values():
        for number, name in enumerate(event.extends):
            if name in found.records["norm"] and found.get("norm", name).extension is None:
                message = f"norm {name!r} allows no `extension`; add it there, or drop this"
                yield at(place.file, (*place.path, "extends", number), message)


def _implementations(found: Index) -> Iterator[Problem]:
    for event, place in found.records["event"].values():
        for number, name in enumerate(event.implements):
            if name not in found.records["event"]:
                continue
            if EventKind.recommendation not in found.get("event", name).kind:
                message = f"event {name!r} is no recommendation; only such are implemented"
                yield at(place.file, (*place.path, "implements", number), message)
