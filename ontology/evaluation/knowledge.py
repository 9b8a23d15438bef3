"""What shows that somebody held a matter, and which orders only limit who may publish."""

from __future__ import annotations

from crisisgov.ontology.evaluation.facts import Event, Matter
from crisisgov.ontology.evaluation.matching import speaks_of
from crisisgov.ontology.evaluation.variants import Reading

KNOWING_KINDS = frozenset(
    {"Knowledge", "Detection", "Report", "Assessment", "Warning", "Notification", "Request"}
)
"""Kinds that show what an actor held. A disclosure is left out: that a body announced a thing
shows only that it knew it by then, and counting it would make every delay zero."""

HOLDING_STANCES = frozenset({"affirms", "hedges"})


def shows_knowledge(
    event: Event,
    matter: Matter,
    bodies: frozenset[str],
    reading: Reading,
    certainty: str = "suspected",
) -> bool:
    """Whether an act or receipt shows that one of the bodies held the matter.

    Two things count only in the least favourable reading: an addressee list alone,
    and that a patient fell ill or was isolated, which shows what a hospital held
    and not yet what an authority held. What rests on weak sources alone never counts:
    it could only worsen a verdict.
    """
    if event.crisis != matter.crisis or not KNOWING_KINDS & event.kinds or event.weak:
        return False
    thin = event.basis == "addressee-list" or event.date_kind in ("onset", "isolated")
    if thin and reading is not Reading.unfavourable:
        return False
    if speaks_of(event, matter, HOLDING_STANCES, certainty) is None:
        return False
    return bool(bodies & (event.actors | event.recipients | event.on_behalf_of))


def limits_publication(event: Event) -> bool:
    """Whether a suppression is an order on who may publish, and not on what is reported."""
    return "Suppression" in event.kinds and "publication-control" in event.measures
