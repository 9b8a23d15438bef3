"""The crosswalk: its table, and what is said of each category."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisgov.errors import InputError
from crisisgov.loaders.crosswalk import statements, table
from crisisgov.loaders.datasets import names

HEAD = ",".join(table.COLUMNS)


def test_every_indicator_of_oxcgrt_and_every_measure_of_acaps_has_a_rule() -> None:
    crosswalk = table.read()
    for row in names.table("oxcgrt_indicators.csv"):
        assert crosswalk.rule("oxcgrt", f"{row['indicator']} {row['en']}") is not None
    begins = [rule.category.partition(": ")[0] for rule in crosswalk.rules]
    assert {"Lockdown", "Social distancing", "Movement restrictions"} <= set(begins)


def test_every_type_of_coronanet_has_a_rule() -> None:
    crosswalk = table.read()
    missing = [
        row["type"]
        for row in names.table("coronanet_types.csv")
        if crosswalk.rule("coronanet", row["type"]) is None
    ]
    assert missing == []


@pytest.mark.parametrize(
    "label",
    [
        "Lockdown",
        "Curfew",
        "Quarantine: Self-Quarantine (i.e. quarantine at home)",
        "Restrictions of Mass Gatherings",
        "Closure and Regulation of Schools",
        "Restriction and Regulation of Businesses: Bars",
        "Social Distancing: Wearing Masks in all indoor spaces",
        "External Border Restrictions: Total border crossing ban",
    ],
)
def test_a_restriction_is_no_use_of_regularities(label: str) -> None:
    rule = table.read().rule("coronanet", label)
    assert rule is not None
    assert rule.responsibility in ("overall-coordination", table.UNASSIGNED)


@pytest.mark.parametrize(
    ("label", "responsibility"),
    [
        ("Health Testing", "loss-reduction"),
        ("Health Monitoring: Who a person has come into contact with over time", "loss-reduction"),
        ("Health Resources: Test Kits,Hospitals", "loss-reduction"),
        ("Health Resources: Hospitals", "overall-coordination"),
        ("Public Awareness Measures", "information"),
        ("Declaration of Emergency", "overall-coordination"),
        ("Other Policy Not Listed Above: Closed markets", "unassigned"),
    ],
)
def test_the_longest_beginning_that_fits_decides(label: str, responsibility: str) -> None:
    rule = table.read().rule("coronanet", label)
    assert rule is not None and rule.responsibility == responsibility


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n", "the header must be"),
        (f"{HEAD}\n", "no rules below the header"),
        (f"{HEAD}\nx,y\n", "t:2: 2 fields instead of 6"),
        (f"{HEAD}\nx,y,rules,high,other,why\n", "responsibility 'rules' is none of"),
        (f"{HEAD}\nx,y,information,sure,other,why\n", "confidence 'sure' is none of"),
        (f"{HEAD}\nx,y,information,high,other,\n", "a decision needs a reason"),
        (f"{HEAD}\n" + 2 * "x,y,information,high,other,z\n", "t:3: 'y' has a rule already"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_line_and_reason(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        table.parse(text, "t", "me")


def test_a_table_of_the_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f"# mine\n{HEAD}\nacaps,Lockdown,source-governance,low,distancing,my reading\n")
    mine = table.read(path)
    rule = mine.rule("acaps", "Lockdown: Full lockdown")
    assert rule is not None and rule.responsibility == "source-governance"
    assert mine.rule("acaps", "Social distancing") is None
    assert mine.author == "the user's file mine.csv"
    assert mine.version != table.read().version


def test_each_category_is_mapped_once_with_confidence_and_reason() -> None:
    said = "".join(
        statements.lines(
            table.read(),
            {"acaps-x": "Lockdown: Full lockdown", "acaps-y": "Unheard of"},
            {"acaps-x": "acaps", "acaps-y": "acaps"},
            {"acaps": "unclear"},
        )
    )
    assert said.count("#CategoryMapping> <") == 2
    assert said.count("#confidence> ") == said.count("#mappingReason> ") == 2
    assert said.count("#unassigned> ") == 1  # the one without a rule, with that as its reason
    # it lies apart and goes nowhere where the set's own rows do not go
    assert said.count("/graph/derived/crosswalk/acaps> .") == said.count("mapping/acaps") + 1
    assert "/graph/derived/crosswalk/acaps> <" in said and '"unclear"' in said
    assert "No rule of the crosswalk fits" in said
