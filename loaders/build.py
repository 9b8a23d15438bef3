"""The build: from curated records and data sets to a published version.

read -> check -> quads, with what was contributed over HTTP -> SHACL on what is
asserted -> materialise -> evaluate -> SHACL on the finished graph -> one home for
every triple -> metadata -> quads of the data sets as text -> publish.
What is curated is built in memory; data sets go through as a stream
(:mod:`crisisgov.loaders.datasets`). The version appears by one atomic step at the end,
so a failed or killed build leaves the served version as it was.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from crisisgov import __version__
from crisisgov.errors import InputError, Problem, RecordErrors
from crisisgov.loaders import contributions
from crisisgov.loaders.datasets import run as datasets
from crisisgov.loaders.datasets import stream
from crisisgov.loaders.graph.convert import records_to_quads
from crisisgov.loaders.records.index import at, index
from crisisgov.loaders.records.read import Records, load
from crisisgov.loaders.version_files import Version
from crisisgov.loaders.versions import VersionStore
from crisisgov.ontology import reasoning, terms, validation, vocabulary
from crisisgov.ontology.evaluation.deadlines import NormCalendarError
from crisisgov.ontology.evaluation.run import evaluate
from crisisgov.ontology.evaluation.write import RULESET
from crisisgov.ontology.quads import QuadWriter
from crisisgov.queries import catalogue

Progress = Callable[[str], None]

_VOID = "http://rdfs.org/ns/void#"


@dataclass(frozen=True)
class Built:
    """A finished graph, not yet published; ``inputs`` is the digest without the contributions."""

    store: ox.Store
    digest: str
    inputs: str
    counts: dict[str, int]
    as_of: str


def seeds_folder() -> Path:
    """Return the folder of curated records that comes with the package."""
    return Path(str(files("crisisgov") / "seeds"))


def input_digest(seeds: Path) -> str:
    """Return a digest of everything that a build depends on: records, rules, code, version."""
    package = Path(str(files("crisisgov")))
    kinds = {".py", ".ttl", ".rq", ".csv"}
    rooms = [package / room for room in ("loaders", "ontology", "queries")]
    every = [path for room in rooms for path in room.rglob("*") if path.suffix in kinds]
    digest = hashlib.sha256(f"{__version__} {RULESET} {ox.__version__}".encode())
    # In an order that does not depend on where the records lie beside the code.
    for path in [*sorted(every), *sorted(seeds.rglob("*.yaml"))]:
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def full_digest(inputs: str, contributed: Iterable[ox.Quad]) -> str:
    """Return a digest of what :func:`input_digest` covers and of contributed quads."""
    extra = contributions.digest(contributed)
    return hashlib.sha256(f"{inputs} {extra}".encode()).hexdigest() if extra else inputs


def assemble(
    seeds: Path,
    progress: Progress = lambda text: None,
    contributed: Collection[ox.Quad] = (),
) -> Built:
    """Return the finished graph of a folder of records and of contributed quads.

    A contributed triple that the records state, too, keeps its home in these.

    :raises RecordErrors: with every problem of the records, or with the norm whose calendar
        does not hold the dates to which it is applied
    :raises InputError: for a SHACL violation or a triple in two graphs
    """
    progress("reading and checking records")
    records = load(seeds)
    store = ox.Store()
    store.extend(records_to_quads(records))
    store.extend(vocabulary.quads())
    store.extend(catalogue.quads())
    store.extend([quad for quad in contributed if not _stated(store, quad)])
    progress("validating what is asserted (SHACL)")
    validation.require_conformance(store, "the records", finished=False)
    progress("materialising what follows from the vocabulary")
    reasoning.materialise(store, terms.inferred_graph("curated"))
    progress("evaluating duties")
    try:
        findings, quads = evaluate(store)
    except NormCalendarError as error:
        raise RecordErrors([_problem_of_norm(records, error)]) from error
    store.extend(quads)
    reasoning.materialise(store, terms.inferred_graph("findings"))
    progress("validating the finished graph (SHACL)")
    validation.require_conformance(store, "the finished graph", finished=True)
    require_one_home(store)
    counts = count(store)
    counts["findings"] = len(findings)
    inputs = input_digest(seeds)
    digest = full_digest(inputs, contributed)
    store.extend(_metadata(counts, digest))
    return Built(store, digest, inputs, counts, _as_of(store))


def _problem_of_norm(records: Records, error: NormCalendarError) -> Problem:
    """Return where the norm stands whose calendar does not hold the dates it is applied to."""
    _, place = index(records)[0].records["norm"][error.norm]
    path = (*place.path, "limit")
    return at(place.file, path, error.message)


def _stated(store: ox.Store, quad: ox.Quad) -> bool:
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return next(found, None) is not None


def require_one_home(store: ox.Store) -> None:
    """Check that no triple stands in two named graphs.

    Engines with a union default graph count such a triple twice.

    :raises InputError: naming the first such triples and their graphs
    """
    homes: dict[ox.Triple, list[str]] = {}
    for quad in store:
        name = quad.graph_name
        home = name.value if isinstance(name, ox.NamedNode) else "the default graph"
        homes.setdefault(quad.triple, []).append(home)
    twice = [(triple, graphs) for triple, graphs in homes.items() if len(graphs) > 1]
    if twice:
        shown = "\n".join(f"  {triple} in {', '.join(sorted(gs))}" for triple, gs in twice[:10])
        raise InputError(f"{len(twice)} triple(s) stand in more than one graph:\n{shown}")


def count(store: ox.Store) -> dict[str, int]:
    """Return how many there are of the things that people ask about."""
    names = ("Crisis", "Event", "Actor", "Norm", "Source", "Claim", "Place", "Failure")
    counts: Counter[str] = Counter(triples=len(store))
    for name in names:
        query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{terms.CG}{name}> }}"
        solutions = store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        counts[name.lower()] = int(next(solutions)["n"].value)
    return dict(counts)


def _as_of(store: ox.Store) -> str:
    query = f"SELECT ?a WHERE {{ ?run <{terms.CG}asOf> ?a }}"
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    row = next(solutions, None)
    return str(row["a"].value) if row is not None else ""


def _metadata(counts: dict[str, int], digest: str) -> list[ox.Quad]:
    """Return what the graph says of itself (VoID and DCAT)."""
    out = QuadWriter()
    node = out.subject(f"{terms.BASE}dataset", terms.META_GRAPH)
    node.type_iri(_VOID + "Dataset")
    node.type_iri("http://www.w3.org/ns/dcat#Dataset")
    node.labels({"en": "crisisgov: crisis governance events", "zh": "crisisgov:危机治理事件"})
    node.foreign(
        terms.DCTERMS + "license", ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
    )
    node.foreign(stream.TRIPLES, ox.Literal(counts["triples"]))
    node.foreign(_VOID + "uriSpace", ox.Literal(terms.BASE))
    node.foreign(_VOID + "vocabulary", ox.NamedNode(terms.CG.rstrip("#")))
    node.foreign("http://www.w3.org/ns/dcat#version", ox.Literal(f"{__version__}+{digest[:12]}"))
    return out.quads


def n_quads(store: ox.Store) -> Iterable[bytes]:
    """Yield the quads as sorted N-Quads lines: the same graph always gives the same bytes."""
    dump = store.dump(format=ox.RdfFormat.N_QUADS)
    assert dump is not None  # without a file to write to, the text is returned
    return sorted(dump.splitlines(keepends=True))


def build(
    seeds: Path,
    versions: VersionStore,
    progress: Progress = lambda text: None,
    data_sets: datasets.Selection | None = None,
) -> Version:
    """Build and publish a version, of the records alone or with data sets.

    :raises RecordErrors: with every problem of the records
    :raises InputError: for a SHACL violation, a triple in two graphs, or a row of a data set
        that cannot be used when none may be left out
    :raises UsageError: for an unknown data set or a path without files for it
    :raises VersionError: when the data folder cannot be written or another build is at work
    """
    selection = data_sets or datasets.Selection()
    selection.check()
    with versions.lock():
        try:
            with contributions.named(versions.root):
                built = assemble(seeds, progress, contributions.quads(versions.root))
            progress("writing and publishing the version")
            version = publish(built, seeds, versions, selection)
        except BaseException:
            selection.rejects.discard()
            raise
        selection.rejects.keep()
    return version


def publish(
    built: Built,
    seeds: Path,
    versions: VersionStore,
    data_sets: datasets.Selection | None = None,
    accept: Callable[[], None] = lambda: None,
) -> Version:
    """Publish a finished graph that was built from the folder ``seeds``.

    With None for the data sets, those of the current version stay as they are, and its
    store is shared as far as it is the same. ``accept`` is called when nothing can be wrong
    with the graph any more, just before it is published.

    :raises InputError: for what breaks the shapes together with the data sets
    :raises VersionError: when the data folder cannot be written
    """
    meta: dict[str, Any] = {
        "counts": built.counts,
        "as_of": built.as_of,
        "program": __version__,
        "inputs": built.inputs,
        "seeds": str(seeds.resolve()),
    }
    lines: Iterable[bytes] = n_quads(built.store)
    with_sets, changes = False, None
    if data_sets is not None:
        if data_sets.paths:
            with_sets = True
            lines = stream.loaded(lines, built.counts, built.store, data_sets, meta)
    elif (current := versions.current()) is not None:
        with_sets = bool(current.meta.get("data_sets"))
        lines, changes = stream.kept(lines, built.counts, current, meta)

    def check(store: ox.Store) -> None:
        if with_sets:
            _require_conformance_of_all(store)
        accept()

    return versions.publish(built.digest, lines, meta, check, changes)


def _require_conformance_of_all(store: ox.Store) -> None:
    """Validate the whole graph; the records were by themselves, before the data sets came in."""
    validation.require_conformance(store, "the graph with its data sets", finished=True)


def is_stale(version: Version, seeds: Path) -> bool:
    """Whether records, rules, code, contributions or data sets have changed since a build."""
    contributed = contributions.quads(version.path.parents[1])
    if not datasets.unchanged(version.meta.get("data_sets", {})):
        return True
    return version.digest != full_digest(input_digest(seeds), contributed)


def remembered(version: Version) -> dict[str, Path]:
    """Return the data sets of a version whose files are still where they were."""
    described: dict[str, dict[str, str]] = version.meta.get("data_sets", {})
    paths = {name: Path(one["path"]) for name, one in described.items()}
    return {name: path for name, path in paths.items() if path.exists()}
