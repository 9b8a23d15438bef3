"""CoronaNet: its pitfalls as flags, and the day on which a policy ended."""

from __future__ import annotations

import pytest

from tests.loaders.datasets.coronanet_rows import EVENT, LoadRows
from tests.loaders.datasets.small_sets import coronanet_row


@pytest.mark.parametrize(
    ("values", "flag", "suspect"),
    [
        ({"description": "From Jan 08, 2021 people stay apart."}, "year-in-text-differs", True),
        ({"description": "From January 31, 2020 people stay apart."}, "day-in-text-differs", True),
        ({"description": "on, 24th of July, people stay apart."}, "day-in-text-differs", True),
        (
            {"date_announced": "2020-01-27", "date_start": "2020-01-11"},
            "starts-before-announcement",
            True,
        ),
        (
            {"description": "New Zealand government opens a corridor."},
            "country-in-text-differs",
            True,
        ),
        ({"date_end": "2023-12-02"}, "end-censored", False),
        ({"date_end": "2020-01-01"}, "ends-before-start", False),
        ({"date_start": "", "date_announced": "2020-01-23"}, "announcement-as-start", False),
        ({"date_start": "", "date_announced": ""}, "entry-day-as-date", True),
    ],
)
def test_a_known_pitfall_is_flagged(
    loaded: LoadRows, values: dict[str, str], flag: str, suspect: bool
) -> None:
    found = loaded(coronanet_row(**values))
    assert found.flags(EVENT) == [flag]
    assert found.one(EVENT, "suspectDate") == (["true"] if suspect else [])
    assert found.one(EVENT, "endEdtf") == []
    assert found.tallies["coronanet"].notes[flag] == 1
    counted = found.ask("SELECT ?f ?n { ?c a cg:FlagCount ; cg:qualityFlag ?f ; cg:eventCount ?n }")
    assert counted == [(f"concept/quality-flag/{flag}", "1")]


@pytest.mark.parametrize(
    "text",
    [
        "On January 20, 2020 it was said that people stay apart.",  # three days: announced before
        "People stay apart from 2020 on, as in 2019.",
        "New Zealanders stay apart.",
        "China, with New Zealand government experts, asks people to stay apart.",
        "No date at all.",
        "On February 30, 2020 nothing happened.",
        "On February 30 nothing happened.",
        "On January 20 people stay apart.",
        "Since December 1 to January 20 people stay apart.",
        "Stay apart until April 27, it is asked.",
    ],
)
def test_a_text_that_fits_is_not_flagged(loaded: LoadRows, text: str) -> None:
    assert loaded(coronanet_row(description=text)).flags(EVENT) == []


def test_the_text_of_an_update_may_begin_with_the_first_entry(loaded: LoadRows) -> None:
    row = coronanet_row(
        entry_type="update",
        update_type="Change of Policy",
        description="On January 23, 2020 people stay apart. UPDATE: longer.",
        date_start="2020-02-20",
        date_announced="2020-02-20",
    )
    assert loaded(row).flags(EVENT) == []


@pytest.mark.parametrize(
    ("values", "edtf", "flags"),
    [
        # the day of the update is the end
        ({"date_start": "2020-02-10", "date_end": "2020-02-10"}, "2020-02-10", []),
        # the row repeats the start of its policy: the end is the end
        ({"date_start": "2020-01-23", "date_end": "2020-02-10"}, "2020-02-10", []),
        # neither: some day between
        (
            {"date_start": "2020-02-01", "date_end": "2020-02-10"},
            "2020-02-01/2020-02-10",
            ["day-of-end-unclear"],
        ),
        ({"date_start": "2020-01-23"}, "2020-01-23/2020-05-01", ["day-of-end-unclear"]),
    ],
)
def test_an_end_of_policy_is_dated_by_the_day_it_ended(
    loaded: LoadRows, values: dict[str, str], edtf: str, flags: list[str]
) -> None:
    found = loaded(
        coronanet_row(),
        coronanet_row(
            "R_000000000000002NA",
            entry_type="update",
            update_type="End of Policy",
            description="It is over.",
            **{"date_announced": "2020-01-23", **values},
        ),
    )
    end = "coronanet-R_000000000000002"
    assert found.one(end, "edtf") == [edtf]
    assert found.flags(end) == flags
    assert found.ask("SELECT ?t { <https://w3id.org/crisisgov/event/" + end + "> a ?t }") == [
        ("Event",),
        ("Reversal",),
    ]
