"""Places, sources and concept schemes to quads."""

from __future__ import annotations

from functools import partial

import pyoxigraph as ox

from crisisgov.loaders.graph.context import Context
from crisisgov.loaders.records.model import ConceptFile, PlaceFile, SourceFile
from crisisgov.loaders.records.read import RecordFile
from crisisgov.ontology import terms


def write_places(context: Context, file: RecordFile, graph: str) -> None:
    """State the places of a file."""
    assert isinstance(file.content, PlaceFile)
    for number, place in enumerate(file.content.places):
        node = context.out.subject(terms.entity("place", place.id), graph)
        node.type("Place")
        node.labels(place.label.by_language())
        node.foreign(terms.SKOS + "notation", ox.Literal(place.id))
        node.link("level", terms.concept("level", place.level))
        if place.within is not None:
            node.link("within", terms.entity("place", place.within))
        node.integer("population", place.population)
        context.identifiers(node, place.identifiers)
        zone = context.bound(file, ("places", number, "time_zone"), partial(context.zone, place.id))
        node.text("timeZone", zone.key if zone is not None else None)


def write_sources(context: Context, file: RecordFile, graph: str) -> None:
    """State the sources of a file."""
    assert isinstance(file.content, SourceFile)
    for source in file.content.sources:
        node = context.out.subject(terms.entity("source", source.id), graph)
        node.type("Source")
        node.labels(source.title.by_language())
        node.text("author", source.author)
        node.text("publisher", source.publisher)
        if source.publisher_actor is not None:
            node.link("publisherActor", terms.entity("actor", source.publisher_actor))
        if source.date is not None:
            node.foreign(terms.DCTERMS + "issued", ox.Literal(source.date))
        node.link("sourceKind", terms.concept("source-kind", source.kind))
        node.link("standing", terms.concept("standing", source.standing))
        node.foreign(terms.DCTERMS + "language", ox.Literal(source.language))
        node.text("url", source.url)
        node.text("archiveUrl", source.archive_url)
        if source.copies is not None:
            node.link("copies", terms.entity("source", source.copies))
        node.text("note", source.note)


def write_concepts(context: Context, file: RecordFile, graph: str) -> None:
    """State the concept schemes of a file in SKOS."""
    assert isinstance(file.content, ConceptFile)
    skos, in_scheme = terms.SKOS, terms.SKOS + "inScheme"
    for scheme in file.content.all_schemes():
        home = context.out.subject(f"{terms.BASE}concept/{scheme.id}", graph)
        home.type_iri(skos + "ConceptScheme")
        home.labels(scheme.label.by_language(), concept=True)
        home.foreign(skos + "definition", ox.Literal(scheme.definition, language="en"))
        context.citations(home, "concept", scheme.id, scheme.citations, graph)
        for concept in scheme.concepts:
            node = context.out.subject(terms.concept(scheme.id, concept.id), graph)
            node.type_iri(skos + "Concept")
            node.foreign(in_scheme, home.node)
            node.labels(concept.label.by_language(), concept=True)
            node.foreign(skos + "definition", ox.Literal(concept.definition, language="en"))
            node.foreign(skos + "example", ox.Literal(concept.example, language="en"))
            for notation in concept.notation:
                node.foreign(skos + "notation", ox.Literal(notation))
            if concept.broader is not None:
                broader = terms.concept(scheme.id, concept.broader)
                node.foreign(skos + "broader", ox.NamedNode(broader))
            if concept.responsibility is not None:
                node.link("responsibility", terms.concept("responsibility", concept.responsibility))
            for answer in concept.answers:
                where = "cause" if answer in context.index.concepts["cause"] else "responsibility"
                node.link("answers", terms.concept(where, answer))
