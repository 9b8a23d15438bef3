"""The crosswalk as N-Quads text: one mapping for each category that the graph has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crisisgov.loaders.crosswalk.table import NONE, UNASSIGNED, Crosswalk, Phsm, phsm
from crisisgov.loaders.datasets import text
from crisisgov.ontology import terms

GRAPH = terms.graph("derived/crosswalk")
SCHEME = "who-phsm"
_NO_RULE = "No rule of the crosswalk fits this category"
_STANDING = {
    "three-copies": "Code and name read the same in three copies of the list.",
    "two-copies": "Code and name read the same in two copies of the list.",
    "one-copy": "Code and name were read in one copy of the list only.",
    "unverified": "Code and name were not read anywhere: unverified.",
}


def lines(
    crosswalk: Crosswalk,
    categories: dict[str, str],
    data_sets: dict[str, str],
    status: Mapping[str, str],
) -> Iterator[str]:
    """Yield the statements on the categories of a graph.

    :param categories: the label of each category by its id, which begins with the data set's name
    :param data_sets: the data set of each category by its id
    :param status: licence status of each data set; what is said of a set's categories lies in a
        graph of its own with the same terms
    """
    end = text.tail(GRAPH)
    yield from _scheme(end)
    whole = text.iri("crosswalk", crosswalk.version)
    yield f"{whole}{text.TYPE}{text.cls('Crosswalk')}{end}"
    yield f"{whole}{text.LABEL}{text.lang('Crosswalk to the five responsibilities', 'en')}{end}"
    yield f"{whole}{text.LABEL}{text.lang('五项责任对照表', 'zh')}{end}"
    yield f"{whole}{text.predicate('author')}{text.plain(crosswalk.author)}{end}"
    yield f"{whole}{text.predicate('crosswalkVersion')}{text.plain(crosswalk.version)}{end}"
    for data_set in sorted(set(data_sets[category] for category in categories)):
        graph = terms.graph(f"derived/crosswalk/{data_set}")
        known = text.plain(status.get(data_set, "unclear"))
        yield f"<{graph}>{text.predicate('licenceStatus')}{known}{text.tail(graph)}"
    for category, label in sorted(categories.items()):
        end = text.tail(terms.graph(f"derived/crosswalk/{data_sets[category]}"))
        rule = crosswalk.rule(data_sets[category], label)
        node = f"<{terms.BASE}mapping/{category}>"
        yield f"{node}{text.TYPE}{text.cls('CategoryMapping')}{end}"
        yield f"{node}{text.predicate('mapsCategory')}<{terms.BASE}category/{category}>{end}"
        yield f"{node}{text.predicate('inCrosswalk')}{whole}{end}"
        reason = rule.reason if rule is not None else _NO_RULE
        yield f"{node}{text.predicate('mappingReason')}{text.lang(reason, 'en')}{end}"
        confidence = rule.confidence if rule is not None else "high"
        yield f"{node}{text.predicate('confidence')}{text.plain(confidence)}{end}"
        if rule is None or rule.responsibility == UNASSIGNED:
            yield f"{node}{text.predicate('unassigned')}{text.TRUE}{end}"
        else:
            to = text.concept("responsibility", rule.responsibility)
            yield f"{node}{text.predicate('responsibility')}{to}{end}"
        if rule is not None and rule.who_phsm != NONE:
            known = text.concept(SCHEME, rule.who_phsm)
            yield f"{node}{text.predicate('phsmClass')}{known}{end}"
        why = rule.who_reason if rule is not None else _NO_RULE
        if why:
            yield f"{node}{text.predicate('phsmReason')}{text.lang(why, 'en')}{end}"


def _scheme(end: str) -> Iterator[str]:
    skos = terms.SKOS
    scheme = f"<{terms.BASE}concept/{SCHEME}>"
    yield f"{scheme}{text.TYPE}<{skos}ConceptScheme>{end}"
    yield f"{scheme}{text.LABEL}{text.lang('WHO classes of measures', 'en')}{end}"
    yield f"{scheme}{text.LABEL}{text.lang('世卫组织措施分类', 'zh')}{end}"
    said = (
        "Classes of public health and social measures of WHO's tracker of 2020 and 2021, with its "
        "codes. WHO's own glossary could not be read; the list was read in copies, and each class "
        "says in how many. Names in Chinese and examples are this project's."
    )
    yield f"{scheme} <{skos}definition> {text.lang(said, 'en')}{end}"
    for one in phsm().values():
        yield from _class(one, scheme, end)


def _class(one: Phsm, scheme: str, end: str) -> Iterator[str]:
    skos, node = terms.SKOS, text.concept(SCHEME, one.code)
    yield f"{node}{text.TYPE}<{skos}Concept>{end}"
    yield f"{node} <{skos}inScheme> {scheme}{end}"
    yield f"{node} <{skos}notation> {text.plain(one.code)}{end}"
    if one.above is not None:
        yield f"{node} <{skos}broader> {text.concept(SCHEME, one.above)}{end}"
    for label in (text.lang(one.en, "en"), text.lang(one.zh, "zh")):
        yield f"{node}{text.LABEL}{label}{end}"
        yield f"{node} <{skos}prefLabel> {label}{end}"
    meaning = (
        f"Class {one.code} of WHO's list of public health and social measures: {_path(one)}. "
        f"{_STANDING[one.checked]}"
    )
    yield f"{node} <{skos}definition> {text.lang(meaning, 'en')}{end}"
    yield f"{node} <{skos}example> {text.lang(one.example, 'en')}{end}"


def _path(one: Phsm) -> str:
    """Return the names of the classes around a class and its own, the widest first."""
    return (_path(phsm()[one.above]) + " > " if one.above is not None else "") + one.en
