"""What cannot be compiled is refused by the name of the shape and of the construct."""

from __future__ import annotations

import pytest

from crisisgov.errors import InputError
from crisisgov.ontology import shacl
from tests.ontology.shacl.test_cases import read

REFUSED = {
    "sh:sparql [ sh:select 'SELECT $this {}' ]": "sh:sparql: is not part of what is compiled",
    "sh:js [ ]": "sh:js: is not part of what is compiled",
    "sh:rule [ ]": "sh:rule: is not part of what is compiled",
    "sh:target [ ]": "sh:target: is not part of what is compiled",
    "sh:minCuont 1": "sh:minCuont: is not part of what is compiled",
    "sh:datatype xsd:byte": "sh:datatype: the store keeps a value of xsd:byte as one of xsd:int",
    "sh:datatype xsd:dateTimeStamp": "keeps a value of xsd:dateTimeStamp as one of xsd:dateTime",
    "sh:datatype 1": "sh:datatype: cannot be",
    "sh:datatype xsd:string , xsd:integer": "sh:datatype: has more than one value",
    "sh:class 'a'": "sh:class: cannot be",
    "sh:nodeKind sh:Nothing": "sh:nodeKind: cannot be",
    "sh:pattern '(?=a)'": r"sh:pattern: \(\?=a\) with the flags '' is not understood",
    "sh:pattern 'a' ; sh:flags 'k'": "sh:pattern: a with the flags 'k' is not understood",
    "sh:minCount 1": "sh:minCount: needs a property shape",
    "sh:qualifiedValueShape [ sh:class :L ]": "sh:qualifiedValueShape: needs a property shape",
    "sh:property [ sh:path :p ; sh:minCount -1 ]": "sh:minCount: needs a whole number from 0",
    "sh:property [ sh:path :p ; sh:maxCount 'a' ]": "sh:maxCount: needs a whole number from 0",
    "sh:property [ sh:path :p ; sh:qualifiedValueShape :L ]": "needs sh:qualifiedMinCount",
    "sh:property [ sh:class :L ]": "sh:property: .* has no sh:path",
    "sh:property [ sh:path 'a' ]": "sh:path: is no well-formed property path",
    "sh:property [ sh:path ( :p ) ]": "sh:path: a list of paths has at least two members",
    "sh:property [ sh:path [ sh:inversePath :p ; sh:oneOrMorePath :q ] ]": "sh:path: is no well",
    "sh:property [ sh:path :p , :q ]": "sh:path: has more than one value",
    "sh:deactivated 'maybe'": "sh:deactivated: needs true or false",
    "sh:severity 'bad'": "sh:severity: is an IRI",
    "sh:in ( [ :p 1 ] )": "sh:in: a blank node is the same in no other graph",
    "sh:hasValue [ :p 1 ]": "sh:hasValue: a blank node is the same in no other graph",
    "sh:in [ rdf:first 1 ]": "sh:in: its value is not one well-formed list",
    "sh:not :S": "a recursive shape: .*S> -> .*S>",
    "sh:not 5": "a shape: needs an IRI or a blank node",
    "sh:targetClass 'a'": 'sh:targetClass: "a" is not what it takes',
}


@pytest.mark.parametrize("constraint", REFUSED)
def test_what_cannot_be_compiled_is_refused_by_name(constraint: str) -> None:
    with pytest.raises(InputError, match=REFUSED[constraint]) as caught:
        shacl.compile_shapes(read(f":S a sh:NodeShape ; sh:targetClass :K ; {constraint} ."))
    assert "shape " in str(caught.value)


def test_an_own_component_is_refused() -> None:
    component = ":C a sh:ConstraintComponent ; sh:parameter [ sh:path :limit ] ."
    with pytest.raises(shacl.ShapesError, match="own components are not compiled"):
        shacl.compile_shapes(read(component))


def test_a_path_that_is_part_of_itself_is_refused() -> None:
    shape = ":S sh:targetClass :K ; sh:path _:p . _:p sh:zeroOrMorePath _:p ."
    with pytest.raises(shacl.ShapesError, match="sh:path: a path is part of itself"):
        shacl.compile_shapes(read(shape))


def test_a_shape_that_nothing_uses_is_refused_all_the_same() -> None:
    with pytest.raises(shacl.ShapesError, match="xsd:byte"):
        shacl.compile_shapes(read(":S a sh:NodeShape ; sh:datatype xsd:byte ."))


def test_what_only_describes_a_shape_is_no_matter() -> None:
    text = """:S a sh:NodeShape ; sh:targetClass :K ; :own 1 ; rdfs:label "S" ; sh:property
        [ sh:path :p ; sh:name "p" ; sh:description "P" ; sh:order 1 ; sh:group :g ;
          sh:defaultValue 1 ] ."""
    assert len(shacl.compile_shapes(read(text))) == 2
