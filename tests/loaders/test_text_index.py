"""The text index: what finds what, in which order, and that nothing asked is taken for syntax."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisgov.loaders import text_index
from crisisgov.loaders.versions import VersionStore

BASE = "https://w3id.org/crisisgov/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SUMMARY = BASE + "ontology#summary"


def line(entity: str, predicate: str, text: str) -> str:
    return f"<{BASE}{entity}> <{predicate}> {text} <{BASE}graph/g> .\n"


GRAPH = "".join(
    (
        line("place/wuhan", LABEL, '"Wuhan"@en'),
        line("place/wuhan", LABEL, '"武汉市"@zh'),
        line("actor/wuhan-government", LABEL, '"Government of Wuhan"@en'),
        line("actor/wuhan-government", LABEL, '"武汉市人民政府"@zh'),
        line("event/seal", LABEL, '"The city is sealed off"@en'),
        line("event/seal", SUMMARY, '"Buses out of Wuhan \\"stop\\"; caf\\u00E9s close."@en'),
        line("event/quake", LABEL, '"Terremoto dell\'Aquila"@it'),
        line("event/quake", SUMMARY, '"Ein Beben in den Abruzzen; Stra\\u00DFen zerstört"@de'),
        line("finding/late", LABEL, '"Wuhan"@en'),
        line("event/japan", LABEL, '"東京でマスクが不足"@ja'),
        line("event/mention", LABEL, '"武汉, 汉口"'),
        line("ontology#Warning", LABEL, '"Warning"@en'),
        f'<http://elsewhere.org/x> <{LABEL}> "Wuhan"@en <{BASE}graph/g> .\n',
        f"<{BASE}event/seal> <{BASE}ontology#place> <{BASE}place/wuhan> <{BASE}graph/g> .\n",
    )
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    version = VersionStore(tmp_path_factory.mktemp("data")).publish("text", [GRAPH.encode()], {})
    return version.path / text_index.FILE


def search(index: Path, text: str, kind: str = "") -> list[str]:
    found = text_index.search(index, text, kind=kind, limit=50, seconds=5)
    return [iri.removeprefix(BASE) for iri in found.iris]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("武汉", {"place/wuhan", "actor/wuhan-government", "event/mention"}),
        ("汉", {"place/wuhan", "actor/wuhan-government", "event/mention"}),
        ("口", {"event/mention"}),
        ("武汉市", {"place/wuhan", "actor/wuhan-government"}),
        ("人民政府", {"actor/wuhan-government"}),
        # the characters of one text, but not side by side
        ("武口", set()),
        ("汉武", set()),
        ("武汉 政府", {"actor/wuhan-government"}),
        ("Wuhan", {"place/wuhan", "actor/wuhan-government", "event/seal", "finding/late"}),
        ("wuh", {"place/wuhan", "actor/wuhan-government", "event/seal", "finding/late"}),
        ("ＷＵＨＡＮ gov", {"actor/wuhan-government"}),
        ("uhan", set()),
        ("cafe", {"event/seal"}),
        ("CAFÉS", {"event/seal"}),
        ("strasse", {"event/quake"}),
        ("strassen zerstort", {"event/quake"}),
        ("straßen", {"event/quake"}),
        ("l'aquila", set()),
        ("dell'aquila", {"event/quake"}),
        ("マスク", {"event/japan"}),
        ("東京", {"event/japan"}),
        ("warn", {"ontology#Warning"}),
        ("stop", {"event/seal"}),
        ("", set()),
        ("!? *", set()),
    ],
)
def test_what_is_asked_finds(index: Path, asked: str, found: set[str]) -> None:
    assert set(search(index, asked)) == found


def test_what_is_called_so_comes_first_and_findings_last(index: Path) -> None:
    found = search(index, "wuhan")
    assert found[0] == "place/wuhan"
    assert found[-1] == "finding/late"
    # A name says more of an entity than its summary does.
    assert found[1:3] == ["actor/wuhan-government", "event/seal"]


def test_a_kind_keeps_to_itself_and_all_are_counted(index: Path) -> None:
    assert search(index, "wuhan", "event") == ["event/seal"]
    found = text_index.search(index, "wuhan", kind="event", limit=1, seconds=5)
    assert found.kinds == {"actor": 1, "event": 1, "finding": 1, "place": 1}


@pytest.mark.parametrize(
    "asked",
    [
        '"',
        'wuhan"',
        '" OR names : *',
        "names:wuhan",
        "wuhan NOT sealed",
        "NEAR(wuhan sealed, 2)",
        "^wuhan",
        "wuhan*",
        "{names texts}: wuhan",
        "wuhan') OR 1=1 --",
        "-wuhan",
        "a" * 5_000,
        "\x00wuhan",
        "\ud800",
    ],
)
def test_nothing_asked_is_taken_for_syntax(index: Path, asked: str) -> None:
    found = search(index, asked)
    words = text_index.words(asked)
    assert found == search(index, " ".join(words))


def test_words_of_the_query_language_are_words(index: Path) -> None:
    # Were OR understood, this would find Wuhan.
    assert search(index, "nowhere OR wuhan") == []
    assert search(index, "AND") == []


@given(st.text(max_size=60))
def test_any_text_can_be_asked(index: Path, text: str) -> None:
    search(index, text)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    # What is indexed and what is asked may each have been folded before.
    once = text_index.words(text)
    assert text_index.words(" ".join(once)) == once


def test_a_search_without_end_is_ended(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_index, "_STEPS", 1)
    with pytest.raises(text_index.SearchTooLong):
        text_index.search(index, "wuhan", limit=5, seconds=0)


def test_the_index_is_only_read_and_may_lie_where_nobody_can_write(index: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in index.parent.iterdir()}
    search(index, "wuhan")
    assert {path.name: path.stat().st_mtime_ns for path in index.parent.iterdir()} == before
