"""Walking data by the form it should have, whether or not it has it.

The forms (:data:`crisisgov.loaders.records.model.FILE_FORMS`) are pydantic
models; these functions follow their annotations through plain data, so that
references are found in a record that is wrong elsewhere, too.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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


@dataclass(frozen=True)
class _Slot:
    """What an annotation says of a value, as far as marks are in it: followed once, used often."""

    marks: tuple[Mark, ...]
    """For a text."""
    fields: dict[str, _Slot]
    """For a record."""
    item: _Slot | None
    """For a list."""


def _slot(annotation: Any, marks: tuple[Any, ...] = ()) -> _Slot | None:
    """Return the slot of an annotation; None where nothing below it is marked."""
    bare, inner = unwrapped(annotation)
    here = tuple(mark for mark in (*marks, *inner) if isinstance(mark, Ref | Concept))
    model, item = model_of(bare), item_of(bare)
    fields = _fields(model) if model is not None else {}
    inside = _slot(item) if item is not None else None
    return _Slot(here, fields, inside) if here or fields or inside else None


@cache
def _fields(model: type[BaseModel]) -> dict[str, _Slot]:
    slots = {
        name: _slot(field.annotation, tuple(field.metadata))
        for name, field in model.model_fields.items()
    }
    return {name: slot for name, slot in slots.items() if slot is not None}


def marked_values(
    form: type[BaseModel], value: Any, path: Path_ = ()
) -> Iterator[tuple[Mark, str, Path_]]:
    """Yield every text that should name a record or a concept: its mark, itself, its path."""
    slot = _slot(form)
    if slot is not None:
        yield from _marked(slot, value, path)


def _marked(slot: _Slot, value: Any, path: Path_) -> Iterator[tuple[Mark, str, Path_]]:
    if isinstance(value, str):
        for mark in slot.marks:
            yield mark, value.strip(), path
    elif isinstance(value, dict):
        for name, below in slot.fields.items():
            if name in value:
                yield from _marked(below, value[name], (*path, name))
    elif isinstance(value, list) and slot.item is not None:
        for number, one in enumerate(value):
            yield from _marked(slot.item, one, (*path, number))


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
