"""Walking data by the form it should have, whether or not it has it.

The forms (:data:`crisisgov.loaders.records.model.FILE_FORMS`) are pydantic
models; these functions follow their annotations through plain data, so that
references are found in a record that is wrong elsewhere, too.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from crisisgov.loaders.records.model import Concept, Ref
from crisisgov.loaders.records.yaml_source import Path_

Mark = Ref | Concept


def unwrapped(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return an annotation without ``Annotated`` and ``| None``, and the marks that it carried."""
    marks: tuple[Any, ...] = ()
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *inner = get_args(annotation)
            marks = (*marks, *inner)
        elif get_origin(annotation) in (Union, types.UnionType):
            kept = [one for one in get_args(annotation) if one is not type(None)]
            if len(kept) != 1:
                return annotation, marks
            annotation = kept[0]
        else:
            return annotation, marks


def model_of(annotation: Any) -> type[BaseModel] | None:
    """Return the record form that an annotation stands for, if it is one."""
    bare, _ = unwrapped(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def item_of(annotation: Any) -> Any | None:
    """Return what a list annotation says of its items; None where it is no list."""
    bare, _ = unwrapped(annotation)
    return get_args(bare)[0] if get_origin(bare) is list else None


def form_at(form: type[BaseModel], path: Path_) -> type[BaseModel] | None:
    """Return the form of the record at a path below a file of the given form."""
    current: Any = form
    for step in path:
        if isinstance(step, int):
            current = item_of(current)
        else:
            model = model_of(current)
            field = model.model_fields.get(step) if model else None
            current = field.annotation if field else None
    return model_of(current)


def marked_values(
    annotation: Any, value: Any, path: Path_ = (), marks: tuple[Any, ...] = ()
) -> Iterator[tuple[Mark, str, Path_]]:
    """Yield every text that should name a record or a concept: its mark, itself, its path."""
    bare, inner = unwrapped(annotation)
    marks = (*marks, *inner)
    if isinstance(value, dict) and (model := model_of(bare)):
        for name, field in model.model_fields.items():
            if name in value:
                below = (*path, name)
                yield from marked_values(
                    field.annotation, value[name], below, tuple(field.metadata)
                )
    elif isinstance(value, list) and (item := item_of(bare)):
        for number, one in enumerate(value):
            yield from marked_values(item, one, (*path, number))
    elif isinstance(value, str):
        yield from (
            (mark, value.strip(), path) for mark in marks if isinstance(mark, Ref | Concept)
        )


def without_unknown_fields(annotation: Any, value: Any) -> Any:
    """Return data without the fields that its form does not have."""
    if isinstance(value, dict) and (model := model_of(annotation)):
        return {
            name: without_unknown_fields(model.model_fields[name].annotation, inner)
            for name, inner in value.items()
            if name in model.model_fields
        }
    if isinstance(value, list) and (item := item_of(annotation)):
        return [without_unknown_fields(item, one) for one in value]
    return value
