"""Which graphs may be passed on: those of data sets say so themselves."""

from __future__ import annotations

import pyoxigraph as ox

from crisisgov.loaders.datasets.registry import OPEN
from crisisgov.ontology import terms

_GRAPHS = terms.graph("")


def withheld(store: ox.Store) -> dict[str, str]:
    """Return the graphs of data sets that are not open, with what is known of their terms.

    What follows from the statements of a set lies in a graph of its own, and stays with it.
    """
    status = ox.NamedNode(terms.CG + "licenceStatus")
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, status, None, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            if quad.object.value != OPEN:
                graph = quad.subject.value
                found[graph] = quad.object.value
                inferred = terms.inferred_graph(graph.removeprefix(_GRAPHS))
                found[inferred] = quad.object.value
    return found
