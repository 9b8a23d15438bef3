"""CoronaNet: every form of its files is read, and what the early release repeats is found."""

from __future__ import annotations

from pathlib import Path

from tests.loaders.datasets.coronanet_rows import EVENT, LEVEL
from tests.loaders.datasets.small_sets import CORONANET, coronanet_row, load, write_csv

EARLY = [
    ("event_description" if name == "description" else name)
    for name in CORONANET
    if name not in ("ISO_L2", "update_type")
]


def early_row(record_id: str, **values: str) -> dict[str, str]:
    row = coronanet_row(record_id, **values)
    row["event_description"] = row.pop("description")
    del row["ISO_L2"]
    return row


def documented(tmp_path: Path, later: list[dict[str, str]], *early: dict[str, str]) -> list[str]:
    """Return the event of each row of the early release."""
    folder = tmp_path / "in"
    write_csv(folder / "coronanet_release_China.csv", later)
    write_csv(folder / "coronanet_release_v0.3_2020-04-19.csv", early, EARLY)
    every = load(tmp_path, coronanet=folder)
    found = every.ask(
        "SELECT ?r ?e { ?r cg:documents ?e . FILTER(!CONTAINS(STR(?r), '-R_')) }",
    )
    return [event for _, event in found]


def test_every_form_of_the_files_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    oldest = [
        name
        for name in CORONANET
        if name not in ("date_end_spec", "collab", "collab_id", "update_type")
    ]
    write_csv(folder / "country" / "coronanet_release_Peru.csv.gz", [coronanet_row()])
    write_csv(
        folder / "country" / "coronanet_release_Spain.csv",
        [
            {
                k: v
                for k, v in coronanet_row(
                    "R_000000000000002NA", country="Spain", ISO_A2="ES", province=""
                ).items()
                if k in oldest
            }
        ],
        oldest,
    )
    extract = [*CORONANET, "category"]
    write_csv(
        folder / "coronanet_periscope.csv.gz",
        [
            coronanet_row("R_000000000000001Zz", category="Quarantine", type="At home"),
            coronanet_row(
                "R_000000000000003NA",
                category="Domestic Travel",
                type="Trains stop",
                country="Germany",
                ISO_A2="DE",
                province="Bavaria",
                ISO_L2="",
            ),
        ],
        extract,
    )
    rows = [
        early_row("1001", policy_id="1", entry_type="new_entry"),  # a later release has the policy
        early_row(
            "1002",
            policy_id="44",
            country="Peru",
            ISO_A2="PE",
            province="NA",
            city="NA",
            date_end="NA",
            init_country_level="No, it is at the national level",
        ),
        early_row(
            "1003", policy_id="45", date_start="2020-01-23", type="Quarantine"
        ),  # as the first
    ]
    write_csv(folder / "coronanet_release_v0.3_2020-04-19.csv.gz", rows, EARLY)
    every = load(tmp_path, coronanet=folder)
    assert every.rejects == []
    assert every.ask("SELECT ?r ?e { ?r cg:documents ?e }") == [
        ("record/coronanet-1001", f"event/{EVENT}"),
        ("record/coronanet-1002", "event/coronanet-1002"),
        ("record/coronanet-1003", f"event/{EVENT}"),
        ("record/coronanet-R_000000000000001NA", f"event/{EVENT}"),
        ("record/coronanet-R_000000000000001Zz", f"event/{EVENT}"),
        ("record/coronanet-R_000000000000002NA", "event/coronanet-R_000000000000002"),
        ("record/coronanet-R_000000000000003NA", "event/coronanet-R_000000000000003"),
    ]
    assert every.one("coronanet-1002", "actor") == ["actor/gov-pe"]
    assert every.one("coronanet-R_000000000000003", "measureType") == [
        "concept/measure-type/movement-restriction"
    ]


def test_a_record_that_stands_in_two_files_counts_once(tmp_path: Path) -> None:
    for name in ("coronanet_release_Niger.csv", "coronanet_release_Nigeria.csv"):
        write_csv(
            tmp_path / "in" / name, [coronanet_row(country="Nigeria", ISO_A2="NG", province="")]
        )
    both = load(tmp_path, coronanet=tmp_path / "in")
    tally = both.tallies["coronanet"]
    assert (tally.rows, tally.records, tally.duplicates, tally.rejected) == (2, 1, 1, 0)
    assert both.one(EVENT, "place") == ["place/NG"]
    assert both.ask("SELECT ?l ?n { ?f a cg:DataFile ; rdfs:label ?l ; cg:rowsDuplicate ?n }") == [
        ("coronanet_release_Niger.csv", "0"),
        ("coronanet_release_Nigeria.csv", "1"),
    ]


def test_lists_of_codes_beside_the_data_are_not_read(tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "a.csv", [coronanet_row()])
    write_csv(tmp_path / "in" / "country_region_clean.csv", [{"a": "1"}], ["a"])
    assert load(tmp_path, coronanet=tmp_path / "in").tallies["coronanet"].rows == 1


def test_an_early_row_of_a_curated_event_is_found_by_its_policy(tmp_path: Path) -> None:
    # its day was corrected later
    early = early_row("9", **{**LEVEL, "date_start": "2020-01-23"})
    curated = coronanet_row("R_3flQ1OUFeHxxx9ENA", **LEVEL)
    assert documented(tmp_path, [curated], early) == ["event/hubei-level1-2020-01-24"]


def test_an_early_row_of_a_curated_event_is_not_confused_by_the_end_of_it(tmp_path: Path) -> None:
    ended = coronanet_row(
        "R_000000000000008NA",
        **{**LEVEL, "entry_type": "update", "update_type": "End of Policy", "date_end": "2020-05-02"},
    )  # fmt: skip
    curated = coronanet_row("R_3flQ1OUFeHxxx9ENA", **LEVEL)
    early = early_row("77", **{**LEVEL, "policy_id": "77"})
    assert documented(tmp_path, [curated, ended], early) == ["event/hubei-level1-2020-01-24"]


def test_of_several_later_events_an_early_row_tells_of_that_with_its_link(tmp_path: Path) -> None:
    later = [
        coronanet_row(f"R_00000000000000{n}NA", policy_id=str(n), description=f"Later {n}.",
                      link=f"https://hubei.example/{n} ; NA")
        for n in (1, 2)
    ]  # fmt: skip
    one = early_row("1001", policy_id="71", description="Early.", link="https://hubei.example/2")
    none = early_row("1002", policy_id="72", description="Another.", link="https://other.example")
    assert documented(tmp_path, later, one, none) == [
        "event/coronanet-R_000000000000002",
        "event/coronanet-1002",
    ]


def test_two_measures_of_a_day_in_the_early_release_are_two_events(tmp_path: Path) -> None:
    pair = [early_row(id_, policy_id=id_, description=id_) for id_ in ("1001", "1002")]
    other = [coronanet_row(country="Peru", ISO_A2="PE", province="")]
    assert documented(tmp_path, other, *pair) == ["event/coronanet-1001", "event/coronanet-1002"]


def test_an_early_row_with_the_same_text_and_the_old_name_of_the_type_is_no_second_event(
    tmp_path: Path,
) -> None:
    new = [
        coronanet_row(f"R_00000000000000{n}NA", policy_id=str(n), description=f"Bars {n}.",
                      type="Restriction and Regulation of Businesses")
        for n in (1, 2)
    ]  # fmt: skip
    old = early_row(
        "1001", policy_id="71", description="Bars 2.", type="Restriction of Non-Essential Businesses",
        link="https://other.example",
    )  # fmt: skip
    assert documented(tmp_path, new, old) == ["event/coronanet-R_000000000000002"]
