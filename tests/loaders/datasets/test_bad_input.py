"""Bad input: what can be loaded is loaded, the rest is listed with its reason, counts add up."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisgov.errors import UsageError
from crisisgov.loaders.datasets import run
from crisisgov.loaders.datasets.ledger import Rejects, StrictReject
from tests.loaders.datasets.small_sets import (
    CORONANET,
    Loaded,
    coronanet_row,
    load,
    world,
    write_csv,
)


def rows(count: int) -> list[dict[str, str]]:
    return [
        coronanet_row(f"R_{n:015d}NA", policy_id=str(n), description=f"Measure number {n}.")
        for n in range(1, count + 1)
    ]


def text_of(count: int, tmp: Path) -> bytes:
    return write_csv(tmp / "clean.csv", rows(count)).read_bytes()


def outcome(found: Loaded) -> tuple[int, int, int, int]:
    tally = found.tallies["coronanet"]
    assert tally.balanced()
    assert tally.rejected == len(found.rejects)
    return tally.rows, tally.records, tally.duplicates, tally.rejected


def load_bytes(data: bytes, tmp: Path, name: str = "release.csv") -> Loaded:
    (tmp / "in").mkdir(exist_ok=True)
    (tmp / "in" / name).write_bytes(data)
    return load(tmp, coronanet=tmp / "in")


def test_a_torn_gzip_gives_the_rows_before_the_tear(tmp_path: Path) -> None:
    packed = gzip.compress(text_of(2000, tmp_path), mtime=0)
    found = load_bytes(packed[: len(packed) // 2], tmp_path, "release.csv.gz")
    count, records, _, rejected = outcome(found)
    assert 0 < records < 2000
    assert (count, rejected) == (records + 1, 1)
    assert "torn" in found.rejects[0]["reason"]
    assert int(found.rejects[0]["line"]) > records


def test_a_gzip_torn_in_its_head_gives_nothing_and_says_why(tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "good.csv", rows(1))
    found = load_bytes(gzip.compress(text_of(9, tmp_path))[:5], tmp_path, "torn.csv.gz")
    assert outcome(found) == (2, 1, 0, 1)
    assert found.rejects[0]["file"] == "torn.csv.gz"


def test_a_file_that_is_only_named_gz_is_read(tmp_path: Path) -> None:
    assert outcome(load_bytes(text_of(3, tmp_path), tmp_path, "release.csv.gz")) == (3, 3, 0, 0)


def test_a_changed_header_rejects_every_row_and_names_what_is_missing(tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "good.csv", rows(2))
    changed = text_of(4, tmp_path).replace(b"date_start", b"begins", 1)
    found = load_bytes(changed, tmp_path, "later.csv")
    assert outcome(found) == (6, 2, 0, 4)
    assert {row["reason"].split(" (")[0] for row in found.rejects} == {
        "the header lacks date_start"
    }


def test_more_columns_and_another_order_do_no_harm(tmp_path: Path) -> None:
    columns = ["new_one", *reversed(CORONANET)]
    write_csv(tmp_path / "in" / "a.csv", rows(3), columns)
    assert outcome(load(tmp_path, coronanet=tmp_path / "in")) == (3, 3, 0, 0)


def test_bytes_that_are_no_utf_8_cost_their_rows_only(tmp_path: Path) -> None:
    data = text_of(4, tmp_path).replace(b"number 3", "número 3".encode("cp1252"))
    found = load_bytes(data, tmp_path)
    assert outcome(found) == (4, 3, 0, 1)
    assert (found.rejects[0]["line"], found.rejects[0]["reason"]) == (
        "4",
        "bytes that are no UTF-8",
    )
    assert "n\\udcfamero" in found.rejects[0]["row"]


def test_a_file_in_another_encoding_is_rejected_as_a_whole(tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "good.csv", rows(1))
    wide = text_of(3, tmp_path).decode().encode("utf-16")
    found = load_bytes(wide, tmp_path, "wide.csv")
    _, records, _, rejected = outcome(found)
    assert (records, rejected) == (1, 3)
    assert all("not encoded in UTF-8" in row["reason"] for row in found.rejects)


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    assert outcome(load_bytes(b"\xef\xbb\xbf" + text_of(2, tmp_path), tmp_path)) == (2, 2, 0, 0)


@pytest.mark.parametrize("day", ["2020-02-30", "2020-13-01", "23/01/2020", "0202-01-23", "soon"])
def test_a_day_that_does_not_exist_is_rejected(tmp_path: Path, day: str) -> None:
    bad = [
        *rows(2),
        coronanet_row("R_900000000000000NA", date_start=day, date_announced="", description="On May 5"),
    ]  # fmt: skip
    found = load(tmp_path, coronanet=write_csv(tmp_path / "a.csv", bad))
    assert outcome(found) == (3, 2, 0, 1)
    assert repr(day) in found.rejects[0]["reason"]


def test_a_row_without_an_id_is_rejected(tmp_path: Path) -> None:
    found = load(
        tmp_path, coronanet=write_csv(tmp_path / "a.csv", [*rows(1), coronanet_row("<script>")])
    )
    assert outcome(found) == (2, 1, 0, 1)


def test_an_unclosed_quote_costs_one_row(tmp_path: Path) -> None:
    lines = text_of(6, tmp_path).splitlines(keepends=True)
    lines[2] = lines[2].replace(b"Measure number 2.", b'"Measure number 2.')
    found = load_bytes(b"".join(lines), tmp_path)
    assert outcome(found) == (6, 5, 0, 1)
    assert found.rejects[0]["line"] == "3"


def test_rows_with_too_few_or_too_many_fields_are_rejected(tmp_path: Path) -> None:
    lines = text_of(4, tmp_path).splitlines(keepends=True)
    lines[1] = lines[1].replace(b",", b"", 1)
    lines[3] = lines[3].replace(b"Measure", b"Measure, that is", 1)
    found = load_bytes(b"".join(lines), tmp_path)
    assert outcome(found) == (4, 2, 0, 2)
    assert [row["reason"] for row in found.rejects] == [
        "23 fields instead of 24",
        "25 fields instead of 24",
    ]


def test_five_in_a_hundred_broken_rows_leave_ninety_five(tmp_path: Path) -> None:
    bad = rows(400)
    for number in range(0, 400, 100):
        bad[number]["date_start"] = "2020-02-31"
        bad[number + 1]["country"], bad[number + 1]["ISO_A2"] = "Nowhere", ""
        bad[number + 2]["record_id"] = ""
    data = write_csv(tmp_path / "b.csv", bad).read_bytes()
    for number in (4, 104, 204, 304):
        data = data.replace(b"Measure number %d." % (number + 1), b"\xff\xfe", 1)
        data = data.replace(b"Measure number %d." % (number + 2), b"a,b", 1)
    found = load_bytes(data, tmp_path)
    assert outcome(found) == (400, 380, 0, 20)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "good.csv", rows(1))
    found = load_bytes(b"", tmp_path, "empty.csv")
    assert outcome(found) == (2, 1, 0, 1)
    assert "there is no header" in found.rejects[0]["reason"]


def test_a_set_of_which_nothing_can_be_used_is_listed_and_the_others_are_loaded(
    tmp_path: Path,
) -> None:
    days = [{"date": "2020-01-23", "country": "日本", "countryCode": "JP", "confirmed": "5"}]
    heads = "date country countryCode province provinceCode city cityCode confirmed".split()
    cases = write_csv(tmp_path / "cases.csv", days, heads)
    path = tmp_path / "changed.csv"
    path.write_bytes(text_of(3, tmp_path).replace(b"record_id", b"id"))
    found = load(tmp_path, coronanet=path, cases=cases)
    assert outcome(found) == (3, 0, 0, 3)
    assert found.tallies["cases"].events == 1


def test_the_rejects_file_shows_the_row_that_is_meant(tmp_path: Path) -> None:
    bad = [
        *rows(1),
        coronanet_row("R_7NA", country="Nowhere", ISO_A2="", description="Lost."),
        coronanet_row("no id", description="Without."),
    ]
    columns = ["policy_id", *(name for name in CORONANET if name != "policy_id")]
    found = load(tmp_path, coronanet=write_csv(tmp_path / "a.csv", bad, columns))
    shown = {row["line"]: (row["reason"], row["row"]) for row in found.rejects}
    assert shown["3"][1].startswith("R_7NA,") and "Lost." in shown["3"][1]
    assert shown["4"][0] == "record_id 'no id' is no id" and "Without." in shown["4"][1]


def test_strict_stops_at_the_first_such_row(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", [*rows(2), coronanet_row("R_9NA", country="Nowhere", ISO_A2="")]
    )
    rejects = Rejects(tmp_path / "rejects.csv", strict=True)
    loading = run.Loading(run.Selection({"coronanet": path}, rejects), world())
    with pytest.raises(StrictReject, match=r"coronanet: a.csv, line 4: unknown country 'Nowhere'"):
        list(loading.chunks())


@pytest.mark.parametrize(
    ("paths", "says"),
    [
        (
            {"corona": "."},
            "no such data set; there are acaps, oxcgrt, cases, who_don, coronanet, places",
        ),
        ({"coronanet": "missing"}, "there is no such file or folder"),
        ({"coronanet": "."}, "no file that ends in .csv, .csv.gz is here"),
        ({"places": "."}, r"none of ne_"),
    ],
)
def test_a_wrong_name_or_path_is_told_with_what_would_be_right(
    tmp_path: Path, paths: dict[str, str], says: str
) -> None:
    selection = run.Selection({name: tmp_path / path for name, path in paths.items()})
    with pytest.raises(UsageError, match=says):
        selection.check()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_garbled_the_counts_add_up_and_the_quads_are_right(
    tmp_path: Path, data: st.DataObject
) -> None:
    clean = text_of(6, tmp_path)
    header = clean.index(b"\n") + 1
    garbled = bytearray(clean)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(header, len(garbled) - 1))
        garbled[at] = data.draw(st.sampled_from(b'",\n\r\x00\xff\\;aZ9-'))
    rejects = Rejects(None)
    path = tmp_path / "garbled.csv"
    path.write_bytes(bytes(garbled))
    loading = run.Loading(run.Selection({"coronanet": path}, rejects), world())
    text = b"".join(loading.chunks())
    (tally,) = loading.tallies
    assert tally.balanced()
    assert tally.rejected == rejects.count
    quads = list(ox.parse(text, ox.RdfFormat.N_QUADS))
    assert len(quads) == loading.quads
