"""CoronaNet: rows that tell of an event of another row, of the records or of another set."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loaders.datasets.coronanet_rows import EVENT, LEVEL, LoadRows
from tests.loaders.datasets.small_sets import coronanet_row, load, write_csv, write_xlsx


def test_rows_that_repeat_another_under_a_new_id_document_its_event(loaded: LoadRows) -> None:
    twice = loaded(coronanet_row(), coronanet_row("R_000000000000009NA", policy_id="7"))
    assert twice.events() == [f"event/{EVENT}"]
    assert twice.ask("SELECT ?r ?d { ?r cg:duplicateOf ?d }") == [
        ("record/coronanet-R_000000000000009NA", "record/coronanet-R_000000000000001NA")
    ]
    assert twice.tallies["coronanet"].duplicates == 1


def test_rows_of_a_curated_event_document_it_and_repeat_nothing(loaded: LoadRows) -> None:
    linked = loaded(
        coronanet_row(
            "R_3flQ1OUFeHxxx9ENA", type="Declaration of Emergency", date_start="2020-01-24"
        )
    )
    assert linked.ask("SELECT ?e ?r { ?e cg:citation ?r }") == [
        ("event/hubei-level1-2020-01-24", "record/coronanet-R_3flQ1OUFeHxxx9ENA")
    ]
    assert (linked.tallies["coronanet"].events, linked.tallies["coronanet"].linked) == (0, 1)


def test_a_link_to_an_event_that_the_records_lack_is_not_followed(loaded: LoadRows) -> None:
    # the link table knows Zhejiang's event; this small world does not
    assert loaded(coronanet_row("R_3NIiPuEVN0puCErNA")).events() == [
        "event/coronanet-R_3NIiPuEVN0puCEr"
    ]


def test_rows_taken_from_another_set_point_to_its_event(tmp_path: Path) -> None:
    acaps = write_xlsx(
        tmp_path / "acaps.xlsx",
        {
            "Dataset": [
                [
                    "ID",
                    "ISO",
                    "LOG_TYPE",
                    "CATEGORY",
                    "MEASURE",
                    "COMMENTS",
                    "DATE_IMPLEMENTED",
                    "ENTRY_DATE",
                ],
                [
                    77,
                    "PER",
                    "Introduction",
                    "Lockdown",
                    "Curfews",
                    "Stay in.",
                    "2020-03-16",
                    "2020-03-20",
                ],
            ]
        },
    )
    rows = [
        coronanet_row(
            country="Peru",
            ISO_A2="PE",
            province="",
            date_start="2020-03-18",
            collab="ACAPS",
            collab_id="ACAPS_77",
        ),
        coronanet_row(
            "R_000000000000002NA", collab="ACAPS", collab_id="ACAPS_78", description="Other."
        ),
    ]
    both = load(tmp_path, acaps=acaps, coronanet=write_csv(tmp_path / "c.csv", rows))
    assert both.ask("SELECT ?e ?r { ?e cg:citation ?r }") == [
        ("event/acaps-77", "record/acaps-77"),
        ("event/acaps-77", "record/coronanet-R_000000000000001NA"),
        ("event/coronanet-R_000000000000002", "record/coronanet-R_000000000000002NA"),
    ]


def test_a_chain_goes_on_from_a_curated_event_and_ends_it(loaded: LoadRows) -> None:
    end = coronanet_row(
        "R_000000000000008NA",
        entry_type="update",
        update_type="End of Policy",
        type="Declaration of Emergency",
        policy_id="9",
        date_start="2020-05-02",
        date_announced="2020-05-02",
    )
    found = loaded(coronanet_row("R_3flQ1OUFeHxxx9ENA", **LEVEL), end)
    pair = ("event/coronanet-R_000000000000008", "event/hubei-level1-2020-01-24")
    assert found.ask("SELECT ?a ?b { ?a cg:continues ?b }") == [pair]
    assert found.ask("SELECT ?a ?b { ?a cg:reverses ?b . ?b cg:reversedBy ?a }") == [pair]


@pytest.mark.parametrize(
    ("values", "event"),
    [
        ({"collab_id": "ACAPS_77"}, "event/acaps-77"),
        ({"collab_id": "ACAPS_77_1"}, "event/acaps-77"),
        ({"collab_id": "CDC_ITF_3; ACAPS_77"}, "event/acaps-77"),
        ({"collab_id": "ACAPS_78"}, "event/acaps-77"),  # repeats row 77
        # an id that was kept from the row with which a policy began
        ({"collab_id": "ACAPS_77", "date_start": "2020-06-16", "date_announced": ""}, EVENT),
        (
            {"collab_id": "ACAPS_77", "entry_type": "update", "update_type": "End of Policy"},
            EVENT,
        ),
    ],
)
def test_a_row_taken_over_is_that_event_only_on_its_day_and_not_when_it_ends_it(
    tmp_path: Path, values: dict[str, str], event: str
) -> None:
    heads = ["ID", "ISO", "LOG_TYPE", "CATEGORY", "MEASURE", "COMMENTS", "DATE_IMPLEMENTED"]
    row = ["PER", "Introduction", "Lockdown", "Curfews", "Stay in.", "2020-03-16"]
    rows = [
        dict(zip([*heads, "ENTRY_DATE"], [id_, *row, "2020-03-20"], strict=True))
        for id_ in ("77", "78")
    ]
    acaps = write_csv(tmp_path / "acaps.csv", rows, [*heads, "ENTRY_DATE"])
    given = {"date_start": "2020-03-17", **values}
    mine = coronanet_row(country="Peru", ISO_A2="PE", province="", **given)
    both = load(tmp_path, acaps=acaps, coronanet=write_csv(tmp_path / "c.csv", [mine]))
    expected = event if event.startswith("event/") else f"event/{event}"
    assert both.ask(
        "SELECT ?e { ?r cg:documents ?e . FILTER(CONTAINS(STR(?r), 'coronanet')) }"
    ) == [(expected,)]
