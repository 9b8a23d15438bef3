"""Reviewed links: rows of data sets that document an event of the curated records."""

from __future__ import annotations

from collections.abc import Collection

from crisisgov.loaders.datasets.names import read_table


def reviewed(name: str, events: Collection[str]) -> dict[str, str]:
    """Return the curated event of each row's key, where the records have that event.

    The table ``links/NAME.csv`` has the columns key, event and why.
    """
    return {
        row["key"]: row["event"]
        for row in read_table("links", f"{name}.csv")
        if row["event"] in events
    }
