"""Small random graphs and shapes, as Turtle, for the comparison with pySHACL."""

from __future__ import annotations

from hypothesis import strategies as st

PREFIXES = """
@prefix : <http://x.example/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

NODES = [":a", ":b", ":c", ":d"]
CLASSES = [":K", ":L", ":M"]
PREDICATES = [":p", ":q", ":r"]
NUMBERS = ["0", "1", "2", "1.5", "-3"]
TEXTS = ['"a"', '"ab"', '"abc"', '"a"@en', '"b"@en', '"a"@de', '"x"@en-GB']
OTHERS = ["true", '"2020-01-01T00:00:00Z"^^xsd:dateTime', '"x"^^:own', '"01.5"^^xsd:integer']

nodes = st.sampled_from(NODES)
classes = st.sampled_from(CLASSES)
predicates = st.sampled_from(PREDICATES)
literals = st.sampled_from(NUMBERS + TEXTS + OTHERS)
terms = st.one_of(nodes, literals)
few = st.integers(0, 3)


@st.composite
def triples(draw: st.DrawFn) -> str:
    """Return one line of data; most lines relate nodes."""
    match draw(st.integers(0, 9)):
        case 0 | 1 | 2:
            return f"{draw(nodes)} a {draw(classes)} ."
        case 3:
            return f"{draw(classes)} rdfs:subClassOf {draw(classes)} ."
        case 4:
            return f"{draw(nodes)} {draw(st.sampled_from([':m', ':n']))} {draw(numbers)} ."
        case 5 | 6:
            return f"{draw(nodes)} {draw(predicates)} {draw(literals)} ."
        case _:
            return f"{draw(nodes)} {draw(predicates)} {draw(nodes)} ."


data = st.lists(triples(), min_size=3, max_size=14).map("\n".join)

paths = st.recursive(
    # pySHACL drops literals on the way back of a longer path: no inverse of one here
    st.one_of(predicates, predicates.map("[ sh:inversePath {} ]".format)),
    lambda inner: st.one_of(
        inner.map("[ sh:zeroOrMorePath {} ]".format),
        inner.map("[ sh:oneOrMorePath {} ]".format),
        inner.map("[ sh:zeroOrOnePath {} ]".format),
        st.lists(inner, min_size=2, max_size=3).map(lambda p: f"( {' '.join(p)} )"),
        st.lists(inner, min_size=2, max_size=3).map(
            lambda p: f"[ sh:alternativePath ( {' '.join(p)} ) ]"
        ),
    ),
    max_leaves=4,
)

KINDS = ["IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]
DATATYPES = ["xsd:integer", "xsd:string", "xsd:boolean", "rdf:langString", ":own"]

of_values = st.one_of(
    classes.map("sh:class {}".format),
    st.sampled_from(DATATYPES).map("sh:datatype {}".format),
    st.sampled_from(KINDS).map("sh:nodeKind sh:{}".format),
    few.map("sh:minLength {}".format),
    few.map("sh:maxLength {}".format),
    st.sampled_from(['"^a"', '"b$"', '"^A" ; sh:flags "i"']).map("sh:pattern {}".format),
    st.sampled_from(['"en"', '"de" "en"', '"fr"']).map("sh:languageIn ( {} )".format),
    st.lists(terms, max_size=3).map(lambda t: f"sh:in ( {' '.join(t)} )"),
    terms.map("sh:hasValue {}".format),
    predicates.map("sh:equals {}".format),
    predicates.map("sh:disjoint {}".format),
    st.just("sh:closed true ; sh:ignoredProperties ( rdf:type :p )"),
)
of_properties = st.one_of(
    few.map("sh:minCount {}".format),
    few.map("sh:maxCount {}".format),
    st.just("sh:uniqueLang true"),
)

numbers = st.sampled_from(NUMBERS)
ORDERS = ["minInclusive", "minExclusive", "maxInclusive", "maxExclusive"]
measured = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(ORDERS), numbers).map(lambda p: f"sh:{p[0]} {p[1]}"),
        st.sampled_from(["sh:lessThan :n", "sh:lessThanOrEquals :n", "sh:minCount 2"]),
    ),
    max_size=2,
    unique_by=lambda text: text.split()[0],
).map(lambda parts: " ; ".join(["sh:path :m", *parts]))
"""A property shape that compares: only numbers stand there, as pySHACL puts values of any two
kinds in an order, where the recommendation has them violate the shape."""


@st.composite
def bodies(draw: st.DrawFn, depth: int, *, prop: bool) -> str:
    """Return what stands in a shape: constraints, at most one of each kind."""
    parts = draw(st.lists(of_values, max_size=2))
    if prop:
        parts += draw(st.lists(of_properties, max_size=2))
    if depth:
        parts += draw(st.lists(nested(depth - 1, prop=prop), max_size=2))
    once = {part.split()[0]: part for part in parts}
    return " ; ".join(once.values())


@st.composite
def shapes_inside(draw: st.DrawFn, depth: int) -> str:
    """Return a shape without a name."""
    match draw(st.integers(0, 4)):
        case 0:
            return f"[ {draw(measured)} ]"
        case 1 | 2:
            return f"[ sh:path {draw(paths)} ; {draw(bodies(depth, prop=True))} ]"
    return f"[ a sh:NodeShape ; {draw(bodies(depth, prop=False))} ]"


@st.composite
def nested(draw: st.DrawFn, depth: int, *, prop: bool) -> str:
    """Return a constraint that names other shapes."""
    kind = draw(st.sampled_from(["not", "node", "and", "or", "xone", "property", "qualified"]))
    if kind in ("and", "or", "xone"):
        members = draw(st.lists(shapes_inside(depth), min_size=1, max_size=3))
        return f"sh:{kind} ( {' '.join(members)} )"
    if kind == "property":
        inner = draw(measured)
        if draw(st.booleans()):
            inner = f"sh:path {draw(paths)} ; {draw(bodies(depth, prop=True))}"
        return f"sh:property [ {inner} ]"
    if kind == "qualified" and prop:
        bound = draw(st.sampled_from(["Min", "Max"]))
        shape = draw(shapes_inside(depth))
        return f"sh:qualifiedValueShape {shape} ; sh:qualified{bound}Count {draw(few)}"
    # a node shape: sh:node takes no other
    body = draw(bodies(depth, prop=False))
    return f"sh:{'not' if kind == 'not' else 'node'} [ a sh:NodeShape ; {body} ]"


targets = st.one_of(
    classes.map("sh:targetClass {}".format),
    classes.map("sh:targetClass {}".format),
    terms.map("sh:targetNode {}".format),
    predicates.map("sh:targetSubjectsOf {}".format),
    predicates.map("sh:targetObjectsOf {}".format),
)


@st.composite
def shapes(draw: st.DrawFn) -> str:
    """Return one or two shapes with targets."""
    text = ""
    for name in draw(st.sampled_from([[":S"], [":S", ":T"]])):
        aims = " ; ".join(draw(st.lists(targets, min_size=1, max_size=2)))
        if draw(st.booleans()):
            body = f"a sh:NodeShape ; {draw(bodies(2, prop=False))}"
        else:
            body = f"a sh:PropertyShape ; sh:path {draw(paths)} ; {draw(bodies(2, prop=True))}"
        text += f"{name} {aims} ; {body} .\n"
    return text
