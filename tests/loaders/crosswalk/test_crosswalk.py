"""The crosswalk: its table, and what is said of each category."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisgov.errors import InputError
from crisisgov.loaders.crosswalk import statements, table
from crisisgov.loaders.datasets import names

HEAD = ",".join(table.COLUMNS)
SHORT = ",".join(table.COLUMNS[:-1])


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
        (f"{HEAD}\nx,y\n", "t:2: 2 fields instead of 7"),
        (f"{HEAD}\nx,y,rules,high,8.5,why,\n", "responsibility 'rules' is none of"),
        (f"{HEAD}\nx,y,information,sure,8.5,why,\n", "confidence 'sure' is none of"),
        (f"{HEAD}\nx,y,information,high,8.5,,\n", "a decision needs a reason"),
        (f"{HEAD}\n" + 2 * "x,y,information,high,8.5,z,\n", "t:3: 'y' has a rule already"),
        (f"{HEAD}\nx,y,information,high,distancing,z,\n", "'distancing' is no code of WHO's list"),
        (f"{HEAD}\nx,y,information,high,none,z,\n", "who_phsm none needs its reason"),
        (f"{SHORT}\nx,y,information,high,none,z\n", "who_phsm none needs its reason"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_line_and_reason(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        table.parse(text, "t", "me")


def test_a_table_of_the_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f"# mine\n{HEAD}\nacaps,Lockdown,source-governance,low,4.5,my reading,\n")
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


def test_a_table_without_the_last_column_is_read() -> None:
    rule = table.parse(f"{SHORT}\nacaps,Lockdown,information,low,4.5,mine\n", "t", "me").rules[0]
    assert (rule.who_phsm, rule.reason, rule.who_reason) == ("4.5", "mine", "")


def test_each_class_of_who_says_where_it_was_read() -> None:
    classes = table.phsm()
    assert [code for code in classes if "." not in code] == list("12345678")
    for one in classes.values():
        assert one.above is None or one.above in classes
        assert one.en and one.zh and one.example
        assert set(one.read_in) <= {"lshtm", "mcgill", "glossary-reprint"}
        expected = ("unverified", "one-copy", "two-copies", "three-copies")[len(one.read_in)]
        assert one.checked == expected
    assert classes["4.5.2"].en == "Stay-at-home order"
    assert classes["5.7"].en == "Suspending or restricting international flights"


def test_every_rule_has_a_class_of_who_or_says_why_not() -> None:
    rules = table.read().rules
    without = [rule for rule in rules if rule.who_phsm == table.NONE]
    assert without and all(rule.who_reason for rule in without)
    assert {rule.who_phsm for rule in rules} - {table.NONE} <= set(table.phsm())


@pytest.mark.parametrize(
    ("data_set", "label", "code"),
    [
        # as in the tables by which the providers' records were coded for WHO's tracker
        ("oxcgrt", "C6 Stay-at-home rules", "4.5.2"),
        ("oxcgrt", "H3 Contact tracing", "3.2.1"),
        ("acaps", "Movement restrictions: International flights suspension", "5.7"),
        ("acaps", "Lockdown: Partial lockdown", "4.5.1"),
        ("acaps", "Social distancing: Schools closure", "4.1.2"),
        # as exact as the category is, and no more
        ("coronanet", "Quarantine: Self-Quarantine (i.e. quarantine at home)", "none"),
        ("coronanet", "Lockdown", "4.5"),
        ("coronanet", "Social Distancing: Wearing Masks in all indoor spaces", "1.4"),
    ],
)
def test_a_category_has_the_class_that_it_alone_can_tell(
    data_set: str, label: str, code: str
) -> None:
    rule = table.read().rule(data_set, label)
    assert rule is not None and rule.who_phsm == code


def test_what_has_no_class_of_who_says_why_in_the_graph() -> None:
    said = "".join(
        statements.lines(
            table.read(),
            {"coronanet-q": "Quarantine", "coronanet-c": "Curfew"},
            {"coronanet-q": "coronanet", "coronanet-c": "coronanet"},
            {"coronanet": "unclear"},
        )
    )
    assert "mapping/coronanet-c> <https://w3id.org/crisisgov/ontology#phsmClass> " in said
    assert "mapping/coronanet-q> <https://w3id.org/crisisgov/ontology#phsmClass> " not in said
    assert "mapping/coronanet-q> <https://w3id.org/crisisgov/ontology#phsmReason> " in said
    assert '> <http://www.w3.org/2004/02/skos/core#notation> "4.5.2" <' in said
    assert "Domestic travel > Stay-at-home order. Code and name read the same in two copies" in said
