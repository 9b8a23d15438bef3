"""The whole evaluation: from a store to the quads of its computed findings."""

from __future__ import annotations

import pyoxigraph as ox

from crisisgov.errors import InputError
from crisisgov.ontology import terms
from crisisgov.ontology.evaluation.comparison import compare
from crisisgov.ontology.evaluation.disclosure import YARDSTICK, DisclosureEvaluator
from crisisgov.ontology.evaluation.facts import Facts, Norm
from crisisgov.ontology.evaluation.findings import Finding
from crisisgov.ontology.evaluation.load import load
from crisisgov.ontology.evaluation.obligations import Evaluator
from crisisgov.ontology.evaluation.reasons import add_breaches
from crisisgov.ontology.evaluation.write import findings_to_quads


def evaluate(store: ox.Store) -> tuple[list[Finding], list[ox.Quad]]:
    """Return all findings of a graph and their quads.

    The graph must have its types materialised (see :mod:`crisisgov.ontology.reasoning`).

    :raises InputError: when the norm of the headline question is missing
    """
    facts = load(store)
    findings = findings_of(facts)
    return findings, findings_to_quads(findings, _yardstick(facts).iri, facts)


def findings_of(facts: Facts) -> list[Finding]:
    """Return all findings of a set of facts: of every norm, and of the headline question.

    :raises InputError: when the norm of the headline question is missing
    """
    yardstick = _yardstick(facts)
    evaluator = Evaluator(facts)
    findings = [f for f in evaluator.evaluate() if f.norm.iri != yardstick.iri]
    disclosures = DisclosureEvaluator(evaluator, yardstick).evaluate()
    add_breaches(disclosures, findings, evaluator.hierarchy)
    every = [*findings, *disclosures]
    compare(every, facts.asserted)
    return every


def _yardstick(facts: Facts) -> Norm:
    found = facts.norms.get(terms.entity("norm", YARDSTICK))
    if found is None:
        raise InputError(f"seeds/norms: no norm has the id {YARDSTICK!r}; the headline needs it")
    return found
