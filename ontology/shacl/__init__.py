"""SHACL Core, compiled into SPARQL that goes over all nodes of a graph at once.

https://www.w3.org/TR/shacl/ says what each constraint means; :func:`compile_shapes`
reads a shapes graph and :func:`validate` returns what violates it. Whatever cannot be
compiled is refused with a :class:`ShapesError` that names the shape and the construct:
nothing is passed over in silence.
"""

from crisisgov.ontology.shacl.graph import ShapesError
from crisisgov.ontology.shacl.model import Shape, Shapes
from crisisgov.ontology.shacl.report import Report, Result
from crisisgov.ontology.shacl.run import Hierarchy, compile_shapes, validate

__all__ = [
    "Hierarchy",
    "Report",
    "Result",
    "Shape",
    "Shapes",
    "ShapesError",
    "compile_shapes",
    "validate",
]
