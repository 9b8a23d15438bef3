"""Whether a norm, and the condition of its scope, held at some time."""

from __future__ import annotations

from crisisgov.ontology.evaluation.facts import Norm
from crisisgov.ontology.evaluation.spans import Span


def may_be_in_force(norm: Norm, moment: Span) -> bool:
    """Whether the norm and the condition of its scope held in some second of a span."""
    return all(
        period.first <= moment.last and moment.first <= period.last
        for period in (norm.validity, norm.scope)
    )


def surely_in_force(norm: Norm, moment: Span) -> bool:
    """Whether the norm and the condition of its scope held in every second of a span."""
    return all(
        period.first <= moment.first and moment.last <= period.last
        for period in (norm.validity, norm.scope)
    )
