"""The catalogue of questions."""

from __future__ import annotations

import pyoxigraph as ox


def quads() -> list[ox.Quad]:
    """Return the questions as quads."""
    return []
