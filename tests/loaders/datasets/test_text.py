"""Text that is written as N-Quads is read back as it was."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from crisisgov.loaders.datasets import emit, text

CONTROLS = "".join(chr(code) for code in range(32) if code not in (9, 10, 13))


def read_back(literal: str) -> ox.Literal:
    line = f"<http://x/s> <http://x/p> {literal}{text.tail('http://x/g')}"
    (quad,) = ox.parse(line.encode(), ox.RdfFormat.N_QUADS)
    assert isinstance(quad.object, ox.Literal)
    return quad.object


@given(st.text(st.characters(exclude_characters=CONTROLS, exclude_categories=["Cs"])))
def test_a_text_is_read_back_as_it_was(value: str) -> None:
    assert read_back(text.plain(value)).value == value
    tagged = read_back(text.lang(value, "zh"))
    assert (tagged.value, tagged.language) == (value, "zh")


def test_controls_become_blanks() -> None:
    assert read_back(text.plain("a\x00b\x1bc\td")).value == "a b c\td"


@given(st.text())
def test_an_id_becomes_one_valid_iri(name: str) -> None:
    name = name.encode("utf-8", "replace").decode()
    line = f"{text.entity('record', name)} <http://x/p> <http://x/o>{text.tail('http://x/g')}"
    assert len(list(ox.parse(line.encode(), ox.RdfFormat.N_QUADS))) == 1


def test_addresses_are_taken_out_of_a_field_once_each() -> None:
    field = "https://a.example/1 ; NA ; http://b.example/x;https://a.example/1, see (https://c.example/y)."
    assert list(emit.links(field)) == [
        "https://a.example/1",
        "http://b.example/x",
        "https://c.example/y).",
    ]
