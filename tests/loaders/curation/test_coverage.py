"""``crisisgov coverage``: counts worked out by hand on a small folder of records."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisgov.loaders.curation.coverage import Coverage, coverage
from crisisgov.loaders.records.read import load
from tests.loaders.records.small_seeds import FILES, Seeds

SOURCES = """\
  - {id: paper, title: {en: Report}, publisher: A Paper, kind: notice, language: zh, standing: weak}
  - {id: reprint, title: {en: Reprint}, publisher: Another Paper, kind: notice, language: zh,
     standing: weak, copies: whc-notice}
  - {id: again, title: {en: Again}, publisher: wuhan  health Commission, kind: notice, language: zh,
     standing: official}
"""
EVENT = """\
  - id: {id}
    kind: [{kind}]
    label: {{en: One}}
    summary: One.
    date: "2020-01-01"
    checked: {checked}
    citations: [{citations}]
"""
CLAIM = """\
  - {{id: {id}, about: wuhan-notice-2019-12-31, property: date, date: "{date}",
     authority: {authority}, checked: read, citations: [{{source: paper}}]}}
"""


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    seeds = Seeds(tmp_path)
    for name, content in FILES.items():
        seeds.write(name, content)
    seeds.write("sources/sources.yaml", FILES["sources/sources.yaml"] + SOURCES)
    return seeds


def measured(seeds: Seeds, more: str) -> Coverage:
    seeds.write("crises/wuhan.yaml", FILES["crises/wuhan.yaml"] + more)
    (one,) = coverage(load(seeds.folder))
    return one


def event(name: str, *sources: str, kind: str = "coordination", checked: str = "read") -> str:
    cited = ", ".join(f"{{source: {source}}}" for source in sources)
    return EVENT.format(id=name, kind=kind, checked=checked, citations=cited)


def test_a_reprint_and_the_same_publisher_are_not_independent_and_another_paper_is(
    seeds: Seeds,
) -> None:
    one = measured(
        seeds,
        event("a", "whc-notice", "reprint")  # the reprint carries the notice's own text
        + event("b", "whc-notice", "again")  # one publisher, written in two ways
        + event("c", "whc-notice", "paper")
        + event("d", "reprint", "paper"),
    )
    assert (one.events, one.sources, one.two_independent) == (5, 9, 2)


def test_shares_of_checks_and_what_is_missing_are_counted(seeds: Seeds) -> None:
    one = measured(
        seeds,
        event("a", "paper", checked="unverified") + event("b", "paper", kind="inquiry"),
    )
    row = one.as_row()
    assert (row["read"], row["secondary"], row["unverified"]) == (0.67, 0.0, 0.33)
    assert one.milestones["disclosure"] == 1
    assert one.milestones["inquiry"] == 1
    assert "disclosure" not in one.missing
    assert {"warning", "first knowledge", "harm", "finding of an inquiry or court"} <= set(
        one.missing
    )


def test_it_takes_two_authorities_that_say_different_things_to_make_a_dispute(seeds: Seeds) -> None:
    def claims(*said: tuple[str, str]) -> str:
        rows = [
            CLAIM.format(id=f"claim-{number}", authority=who, date=date)
            for number, (who, date) in enumerate(said)
        ]
        return "claims:\n" + "".join(rows)

    cdc, commission = "wuhan-cdc", "wuhan-health-commission"
    assert measured(seeds, claims((cdc, "2019-12-31"), (commission, "2019-12-30"))).disputes == 1
    assert measured(seeds, claims((cdc, "2019-12-31"), (commission, "2019-12-31"))).disputes == 0
    assert measured(seeds, claims((cdc, "2019-12-31"), (cdc, "2019-12-30"))).disputes == 0


def test_a_crisis_that_only_holds_others_lacks_nothing(seeds: Seeds) -> None:
    seeds.spoil(
        "crises/wuhan.yaml", "  place: CN-HB-wuhan\n", "  place: CN-HB-wuhan\n  part_of: all\n"
    )
    seeds.write(
        "crises/all.yaml",
        "crisis: {id: all, label: {en: All}, summary: All., hazard: [infectious-disease], place: CN,\n"
        '  period: {begin: "2019"}, citations: [{source: whc-notice}]}\n',
    )
    whole, part = coverage(load(seeds.folder))
    assert (whole.crisis, whole.missing) == ("all", [])
    assert part.missing
