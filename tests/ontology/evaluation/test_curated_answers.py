"""The headline question on the curated records, against arithmetic done by hand.

All times below are Beijing time, as the records give them; days run from 00:00:00
to 23:59:59. Only knowledge that counts in the preferred reading is used: that a
patient was isolated does not, a report of the centre for disease control does.
"""

from __future__ import annotations

import pytest

from crisisgov.ontology.evaluation.findings import Finding
from crisisgov.ontology.evaluation.spans import Span, Timeliness
from tests.support.graphs import Judged

pytestmark = pytest.mark.curated


def length(days: int, hours: int = 0, minutes: int = 0, seconds: int = 0) -> int:
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def headline(curated: Judged, bearer: str, crisis: str, topic: str, about: str) -> Finding:
    return curated.findings[f"yardstick-prompt-disclosure.{bearer}.{crisis}.{topic}.{about}.public"]


def test_wuhan_told_of_the_outbreak_within_four_to_five_days(curated: Judged) -> None:
    # K: Wuhan CDC investigates on 27 December. D: notice of 31 December, 13:38:00-59.
    # 31 Dec 13:38:00 - 27 Dec 23:59:59 = 3 d 13 h 38 min 1 s
    # 31 Dec 13:38:59 - 27 Dec 00:00:00 = 4 d 13 h 38 min 59 s
    finding = headline(curated, "wuhan-government", "covid-19-wuhan", "existence", "CN-HB-wuhan")
    assert finding.preferred.delay == Span(length(3, 13, 38, 1), length(4, 13, 38, 59))
    assert finding.preferred.timeliness is Timeliness.definitely_late  # of 24 h, not of any law
    # the power of a city to publish is disputed: counted from it, the delay may be nothing
    assert finding.power_status == "disputed"
    assert finding.with_power == Span(0, length(4, 13, 38, 59))
    # the mayor's own words of 27 January 2020 call the disclosure late
    assert "found" in finding.reasons
    # without the CDC's knowledge, from the hospital's report of 29 December, 13:00 or later:
    # 31 Dec 13:38:00 - 29 Dec 23:59:59 and 31 Dec 13:38:59 - 29 Dec 13:00:00
    assert finding.favourable.delay == Span(length(1, 13, 38, 1), length(2, 0, 38, 59))


def test_what_wuhan_knew_of_transmission_is_undated_and_none_found_is_no_disclosure(
    curated: Judged,
) -> None:
    finding = headline(curated, "wuhan-government", "covid-19-wuhan", "transmission", "CN-HB-wuhan")
    assert finding.preferred.trigger is None
    assert finding.preferred.timeliness is Timeliness.no_data
    assert finding.preferred.contrary == ()
    said = {event.iri.rsplit("/")[-1] for event in finding.said_instead}
    assert "wuhan-notice-2019-12-31" in said
    if finding.preferred.response is not None:
        # not before the national expert group spoke, 20 January 16:52 (08:52 UTC, 1579510320)
        assert finding.preferred.response.first > 1_579_510_320


def test_the_centre_told_of_transmission_when_its_expert_group_spoke(curated: Judged) -> None:
    # D: 20 January, 16:52:00 to 18:21:59. The yardstick runs from K, whichever records give it:
    # the report of a Shanghai centre on 5 January,
    # 20 Jan 16:52:00 - 5 Jan 23:59:59 = 14 d 16 h 52 min 1 s, 20 Jan 18:21:59 - 5 Jan 00:00:00
    finding = headline(curated, "state-council", "covid-19-wuhan", "transmission", "CN-HB-wuhan")
    assert finding.preferred.response == Span(1_579_510_320, 1_579_515_719)
    assert finding.preferred.delay == Span(length(14, 16, 52, 1), length(15, 18, 21, 59))
    assert finding.power_status == "held"


def test_what_hubei_held_was_made_public_by_wuhan_within_two_days(curated: Judged) -> None:
    # K: the hospital's report of 29 December, 13:00:00 to 23:59:59; first public: Wuhan's notice
    finding = headline(curated, "hubei-government", "covid-19-wuhan", "existence", "CN-HB-wuhan")
    assert finding.until_public == Span(length(1, 13, 38, 1), length(2, 0, 38, 59))
    first = [event.iri.rsplit("/")[-1] for event in finding.first_public]
    assert first == ["wuhan-notice-2019-12-31"]


@pytest.mark.parametrize(
    ("province", "place", "expected", "verdict"),
    [
        # Tianjin: test between 19 and 21 January; announced on the 21st, 18:00:00 to 18:59:59:
        # at least nothing, at most 21 Jan 18:59:59 - 19 Jan 00:00:00
        ("tianjin", "CN-TJ", Span(0, length(2, 18, 59, 59)), Timeliness.possibly_late),
        # Hunan: confirmed on 21 January; announced from then to 22 January 00:36:59
        ("hunan", "CN-HN", Span(0, length(1, 0, 36, 59)), Timeliness.possibly_late),
        # Guangdong: test between 11 and 18 January; announced on the 20th:
        # 20 Jan 00:00:00 - 18 Jan 23:59:59 and 20 Jan 23:59:59 - 11 Jan 00:00:00
        (
            "guangdong",
            "CN-GD",
            Span(length(1, 0, 0, 1), length(9, 23, 59, 59)),
            Timeliness.definitely_late,
        ),
    ],
)
def test_a_first_case_is_counted_from_the_test_to_the_announcement(
    curated: Judged, province: str, place: str, expected: Span, verdict: Timeliness
) -> None:
    finding = headline(curated, f"{province}-government", "covid-19-china", "existence", place)
    assert finding.preferred.delay == expected
    assert finding.preferred.timeliness is verdict
    assert finding.power_status == "delegated"


def test_no_law_is_called_broken_where_the_record_only_lacks_an_earlier_act(
    curated: Judged,
) -> None:
    wrong = [
        key
        for key, finding in curated.findings.items()
        if finding.failure
        and finding.norm.before_trigger
        and finding.preferred.search_until is None
    ]
    assert wrong == []


def test_every_failure_is_certain_by_the_text_of_a_binding_norm_that_was_read(
    curated: Judged,
) -> None:
    for finding in curated.findings.values():
        if finding.failure:
            assert finding.norm.read and finding.norm.standing != "benchmark"
            worst = finding.preferred.timeliness in (
                Timeliness.definitely_late,
                Timeliness.no_response,
            )
            assert worst or finding.preferred.contravention == "contravened"


def test_the_readings_bracket_the_preferred_one_in_every_curated_finding(curated: Judged) -> None:
    from crisisgov.ontology.evaluation.obligations import badness

    assert curated.findings
    for one in curated.findings.values():
        assert badness(one.favourable) <= badness(one.preferred) <= badness(one.unfavourable)


def test_two_evaluations_of_the_curated_records_give_the_same_bytes(curated: Judged) -> None:
    from crisisgov.ontology.evaluation.run import evaluate

    again = evaluate(curated.store)[1]
    assert "\n".join(map(str, again)).encode() == "\n".join(map(str, curated.quads)).encode()
