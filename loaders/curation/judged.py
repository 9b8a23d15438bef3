"""Records with what follows from them: as a build has it, without validating or publishing."""

from __future__ import annotations

import pyoxigraph as ox

from crisisgov.loaders.graph.convert import records_to_quads
from crisisgov.loaders.records.read import Records
from crisisgov.ontology import reasoning, terms, vocabulary
from crisisgov.ontology.evaluation.findings import Finding
from crisisgov.ontology.evaluation.run import evaluate


def judged(records: Records) -> tuple[list[Finding], list[ox.Quad]]:
    """Return the findings that records give by themselves, and the quads of both together.

    Without contributions and data sets, and without what merely follows from the vocabulary.
    """
    stated = records_to_quads(records)
    store = ox.Store()
    store.extend(stated)
    store.extend(vocabulary.quads())
    reasoning.materialise(store, terms.inferred_graph("curated"))
    findings, computed = evaluate(store)
    return findings, [*stated, *computed]
