"""Which kinds of entities have pages, and what their pages show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crisisgov.server.entity_views import (
    actor,
    concept,
    crisis,
    event,
    finding,
    norm,
    other,
    source,
)
from crisisgov.server.entity_views.described import Entity
from crisisgov.server.entity_views.reader import Reader
from crisisgov.server.entity_views.timelines import kinds

Context = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a visitor chose on the page itself: page of a list (from 1), one verdict."""

    page: int = 1
    verdict: str = ""


@dataclass(frozen=True)
class View:
    """How one kind is shown: its name for people, its template, what the template needs."""

    title: str
    template: str
    context: Callable[[Reader, Entity, Any], Context]


VIEWS: dict[str, View] = {
    "actor": View("Actor", "entity/actor.html", actor.context),
    "assessment": View("Milestone against a benchmark", "entity/other.html", other.context),
    "category": View("Category of a data set", "entity/other.html", other.context),
    "citation": View("Citation", "entity/other.html", other.context),
    "claim": View("Claim", "entity/other.html", other.context),
    "concept": View("Concept", "entity/concept.html", concept.context),
    "crisis": View("Crisis", "entity/crisis.html", crisis.context),
    "crosswalk": View("Crosswalk", "entity/other.html", other.context),
    "datafile": View("File of a data set", "entity/other.html", other.context),
    "dataset": View("Data set", "entity/other.html", other.context),
    "event": View("Event", "entity/event.html", event.context),
    "flagcount": View("Count of a quality flag", "entity/other.html", other.context),
    "finding": View("Finding", "entity/finding.html", finding.context),
    "graph": View("Named graph", "entity/graph.html", other.graph_context),
    "harm": View("Harm", "entity/other.html", other.context),
    "instrument": View("Instrument", "entity/instrument.html", norm.instrument_context),
    "item": View("Content item", "entity/other.html", other.context),
    "justification": View("Reply", "entity/other.html", other.context),
    "mapping": View("Mapping of a category", "entity/other.html", other.context),
    "matter": View("Matter", "entity/matter.html", concept.matter_context),
    "milestone": View("Milestone", "entity/other.html", other.context),
    "norm": View("Norm", "entity/norm.html", norm.context),
    "norm-gap": View("Norm gap", "entity/other.html", other.context),
    "ontology": View("Ontology", "entity/other.html", other.context),
    "place": View("Place", "entity/place.html", concept.place_context),
    "post": View("Post", "entity/other.html", other.context),
    "question": View("Question", "entity/question.html", other.context),
    "record": View("Row of a data set", "entity/other.html", other.context),
    "run": View("Evaluation", "entity/other.html", other.context),
    "search": View("Search record", "entity/other.html", other.context),
    "source": View("Source", "entity/source.html", source.context),
    "tenure": View("Tenure", "entity/other.html", other.context),
}
"""By the first part of the path."""


def context(view: View, reader: Reader, entity: Entity, asked: Asked) -> Context:
    """Return everything that the template of an entity's page needs, names fetched."""
    found: Context = {
        "kinds": kinds(reader, [entity.iri])[entity.iri],
        "terms": other.terms_of_use(reader, entity),
    }
    found.update(view.context(reader, entity, asked))
    found.setdefault("statements", other.statements(entity))
    reader.fetch_names()
    return found
