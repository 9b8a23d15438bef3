"""Milestones and what benchmarks say of them, as N-Quads text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from crisisgov.loaders.datasets import text
from crisisgov.loaders.datasets.rows import file_sha256
from crisisgov.loaders.milestones.benchmarks import Limit, verdict
from crisisgov.loaders.milestones.earliest import (
    FIRST_CASE,
    FIRST_EMERGENCY,
    FIRST_INFORMATION,
    IN_FORCE,
    OWN_ACT,
    PEAK,
    REPORTED,
)
from crisisgov.loaders.milestones.results import Milestone
from crisisgov.ontology import terms
from crisisgov.ontology.quads import iso

SCHEME = "milestone-kind"
CURATED = "derived/milestones/curated"
_P = text.predicate
_BASIS = {
    OWN_ACT: "an act of the government itself",
    IN_FORCE: "what applied in the place, whoever ordered it",
    REPORTED: "what was counted and told",
}

_KINDS = {
    FIRST_CASE: ("首例通报", "The first case in a place that was told to the public."),
    FIRST_INFORMATION: ("首次公开信息", "A government's first word to the public, true or not."),
    FIRST_EMERGENCY: ("首次应急响应", "A government's first declaration or change of emergency."),
    "first-measure": ("首项措施", "The first measure of a type."),
    "first-of": ("首项履责行为", "The first act that the crosswalk assigns to a responsibility."),
    PEAK: ("严格指数峰值", "The day on which OxCGRT's stringency index was first at its highest."),
}
_RESPONSIBILITIES = {
    "forward-looking": "前瞻性责任",
    "overall-coordination": "统筹协调责任",
    "loss-reduction": "运用规律和新技术降低损失",
    "information": "公开和传递信息",
    "source-governance": "公共安全的源头治理",
}


def lines(
    found: Iterable[Milestone], limits: Iterable[Limit], status: Mapping[str, str]
) -> Iterator[str]:
    """Yield the statements on milestones; each lies in a graph that has the terms of its evidence.

    :param limits: the benchmarks that bound the time from a first case to a first act
    :param status: licence status of each data set by its name
    """
    limits = list(limits)
    homes: dict[str, str] = {}
    kinds: set[str] = set()
    for one in found:
        home = _home(one, status)
        homes[home] = status.get(home.rpartition("/")[2], "open")
        kinds.add(one.kind)
        yield from _milestone(one, text.tail(terms.graph(home)))
        for limit in limits:
            if limit.applies(one):
                yield from _assessment(one, limit, text.tail(terms.graph(home)))
    for home, known in sorted(homes.items()):
        graph = f"<{terms.graph(home)}>"
        yield f"{graph}{_P('licenceStatus')}{text.plain(known)}{text.tail(terms.graph(home))}"
    yield from _scheme(sorted(kinds))


def files(paths: Mapping[str, tuple[Path, int]], data_set: str, source: str) -> Iterator[str]:
    """Yield which files of a data set milestones rest on: series, whose rows are no events.

    :param paths: path and number of rows of each file; all of them were read
    """
    end = text.tail(terms.graph(f"derived/milestones/{data_set}"))
    for name, (path, rows) in sorted(paths.items()):
        node = text.entity("datafile", f"{data_set}/{name}")
        digest = file_sha256(path)
        yield f"{node}{text.TYPE}{text.cls('DataFile')}{end}"
        yield f"{node}{text.LABEL}{text.lang(name, 'en')}{end}"
        yield f"{node}{_P('source')}{text.entity('source', source)}{end}"
        yield f"{node}{_P('sha256')}{text.plain(digest)}{end}"
        yield f"{node}{_P('rowsRecorded')}{text.integer(rows)}{end}"
        for outcome in ("rowsDuplicate", "rowsRejected"):
            yield f"{node}{_P(outcome)}{text.integer(0)}{end}"


def iri(one: Milestone) -> str:
    """Return the IRI of a milestone in brackets."""
    return text.entity("milestone", one.id)


def _home(one: Milestone, status: Mapping[str, str]) -> str:
    """Return the graph of a milestone: with evidence of several sets, that of the strictest."""
    sets = {
        home.removeprefix("data/")
        for home in (one.when.first_home, one.when.last_home)
        if home.startswith("data/")
    }
    closed = sorted(name for name in sets if status.get(name) != "open")
    chosen = closed or sorted(sets)
    return f"derived/milestones/{chosen[0]}" if chosen else CURATED


def _milestone(one: Milestone, end: str) -> Iterator[str]:
    node, when = iri(one), one.when
    place = one.place.removeprefix("place/")
    said = f"{_words(one.kind)}, {place}, {one.crisis}"
    yield f"{node}{text.TYPE}{text.cls('Milestone')}{end}"
    yield f"{node}{text.LABEL}{text.lang(said, 'en')}{end}"
    yield f"{node}{_P('crisis')}{text.entity('crisis', one.crisis)}{end}"
    yield f"{node}{_P('place')}{text.entity('place', place)}{end}"
    yield f"{node}{_P('milestoneKind')}{_kind(one.kind)}{end}"
    yield f"{node}{_P('milestoneBasis')}{text.plain(one.basis)}{end}"
    if one.government is not None:
        yield f"{node}{_P('ofGovernment')}{text.entity('actor', one.government)}{end}"
    yield f"{node}{_P('earliest')}{text.moment(iso(when.first))}{end}"
    yield f"{node}{_P('latest')}{text.moment(iso(when.last))}{end}"
    yield f"{node}{_P('earliestEpoch')}{text.integer(when.first)}{end}"
    yield f"{node}{_P('latestEpoch')}{text.integer(when.last)}{end}"
    yield f"{node}{_P('eventCount')}{text.integer(when.events)}{end}"
    yield f"{node}{_P('suspectLeftOut')}{text.integer(one.left_out)}{end}"
    for evidence in dict.fromkeys((when.first_event, when.last_event)):
        if evidence.startswith("datafile/"):
            rest = evidence.removeprefix("datafile/")
            yield f"{node}{_P('rests')}{text.entity('datafile', rest)}{end}"
        else:
            yield f"{node}{_P('rests')}<{terms.BASE}event/{evidence}>{end}"
    if one.value is not None:
        yield f"{node}{_P('peakValue')}{text.decimal(one.value)}{end}"
    if one.lag is not None:
        yield f"{node}{_P('minLagSeconds')}{text.integer(one.lag[0])}{end}"
        yield f"{node}{_P('maxLagSeconds')}{text.integer(one.lag[1])}{end}"


def _assessment(one: Milestone, limit: Limit, end: str) -> Iterator[str]:
    node = text.entity("assessment", f"{one.id}/{limit.norm}")
    yield f"{node}{text.TYPE}{text.cls('MilestoneAssessment')}{end}"
    yield f"{node}{_P('assesses')}{iri(one)}{end}"
    yield f"{node}{_P('againstNorm')}{text.entity('norm', limit.norm)}{end}"
    yield f"{node}{_P('timeliness')}{text.concept('timeliness', verdict(one, limit))}{end}"
    assert one.lag is not None  # else no limit applies
    for name, seconds in zip(("minDelaySeconds", "maxDelaySeconds"), one.lag, strict=True):
        yield f"{node}{_P(name)}{text.integer(max(0, seconds))}{end}"


def _kind(kind: str) -> str:
    return text.concept(SCHEME, kind.replace("/", "-"))


def _words(kind: str) -> str:
    stem, _, rest = kind.partition("/")
    words = stem.replace("-", " ").capitalize()
    return f"{words}: {rest.replace('-', ' ')}" if rest else words


def _scheme(kinds: list[str]) -> Iterator[str]:
    """Yield the kinds of milestone as concepts; those of a measure or responsibility say which."""
    if not kinds:
        return
    end, skos = text.tail(terms.graph("derived/concepts")), terms.SKOS
    scheme = f"<{terms.BASE}concept/{SCHEME}>"
    yield f"{scheme}{text.TYPE}<{skos}ConceptScheme>{end}"
    yield f"{scheme}{text.LABEL}{text.lang('Kinds of milestone', 'en')}{end}"
    yield f"{scheme}{text.LABEL}{text.lang('里程碑类别', 'zh')}{end}"
    basis = "; ".join(f"{name}: {words}" for name, words in _BASIS.items())
    said = f"What a milestone is the first or highest of. Its basis says whose it is: {basis}."
    yield f"{scheme} <{skos}definition> {text.lang(said, 'en')}{end}"
    for kind in kinds:
        node = _kind(kind)
        yield f"{node}{text.TYPE}<{skos}Concept>{end}"
        yield f"{node} <{skos}inScheme> {scheme}{end}"
        stem, _, rest = kind.partition("/")
        zh, said = _KINDS[stem]
        zh = f"{zh}：{_RESPONSIBILITIES.get(rest, rest)}" if rest else zh
        for label in (text.lang(_words(kind), "en"), text.lang(zh, "zh")):
            yield f"{node}{text.LABEL}{label}{end}"
            yield f"{node} <{skos}prefLabel> {label}{end}"
        yield f"{node} <{skos}definition> {text.lang(said, 'en')}{end}"
        example = f"{_words(kind)} in Hubei in the pandemic of 2020."
        yield f"{node} <{skos}example> {text.lang(example, 'en')}{end}"
        if stem == "first-measure":
            yield f"{node}{_P('ofMeasureType')}{text.concept('measure-type', rest)}{end}"
        elif stem == "first-of":
            yield f"{node}{_P('responsibility')}{text.concept('responsibility', rest)}{end}"
