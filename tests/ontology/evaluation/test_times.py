"""Working days, extensions and relative dates, through records, graph and evaluation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from crisisgov.errors import RecordErrors
from crisisgov.loaders.build import assemble
from crisisgov.ontology.evaluation.explain import steps
from crisisgov.ontology.evaluation.spans import Span, Timeliness
from tests.support.graphs import Judged, crisis_file, judged, norm, write_seeds

Judge = Callable[..., Judged]
HOUR, DAY = 3_600, 86_400

REPLY = """
type: duty
topics: [existence]
bearer: {actors: [city]}
recipient: {relation: requester}
trigger: {kinds: [request], role: recipient}
act: {kinds: [notification], stances: [affirms, none-found]}
clock: request
limit: "20 working-days"
failure_type: delayed-notification
validity: {begin: "2019-05-15"}
"""
KEY = "reply.city.outbreak.existence.CN-HB-wuhan"


def event(name: str, kind: str, date: str, actor: str = "city", **fields: str) -> str:
    """Return an event of a crisis file that speaks of the matter."""
    extra = "".join(f"    {field}: {value}\n" for field, value in fields.items())
    conveys = "" if "conveys" in fields else "    conveys: [{topic: existence, stance: affirms}]\n"
    return (
        f"  - id: {name}\n    kind: [{kind}]\n    label: {{en: The {name}}}\n    summary: It is.\n"
        f"    {date}\n    actor: [{actor}]\n{conveys}{extra}"
        "    checked: read\n    citations: [{source: paper}]\n"
    )


def asked(answered: str, *more: str) -> str:
    return "events:\n" + "".join(
        [
            event("request", "request", 'date: "2020-01-29"', "agency", recipient="[city]"),
            event("answer", "notification", f'date: "{answered}"', recipient="[agency]"),
            *more,
        ]
    )


def local(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+08:00").timestamp())


# --- working days -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "verdict"),
    [
        # asked on 29 January, in the holiday: 3-7, 10-14, 17-21, 24-28 February are twenty
        ("2020-02-28", Timeliness.on_time),
        ("2020-02-29", Timeliness.definitely_late),
        ("2020-02-28/2020-02-29", Timeliness.possibly_late),
        ("2020-01-28", Timeliness.preemptive),
    ],
)
def test_twenty_working_days_are_counted_over_the_drawn_out_holiday(
    judge: Judge, answered: str, verdict: Timeliness
) -> None:
    finding = judge(asked(answered), norm("reply", REPLY)).one(KEY)
    assert finding.preferred.timeliness is verdict
    due = local("2020-02-28T23:59:59")
    assert finding.preferred.deadlines == Span(due, due)
    assert finding.failure == (verdict is Timeliness.definitely_late)


def test_a_start_on_one_of_two_days_gives_two_deadlines(judge: Judge) -> None:
    # 7 February is a Friday: from it the count ends on 6 March, from the 10th on the 9th
    two_days = asked("2020-03-09").replace('"2020-01-29"', '"2020-02-07/2020-02-10"')
    finding = judge(two_days, norm("reply", REPLY)).one(KEY)
    assert finding.preferred.deadlines == Span(
        local("2020-03-06T23:59:59"), local("2020-03-09T23:59:59")
    )
    assert finding.preferred.timeliness is Timeliness.possibly_late


def test_silence_under_working_days_counts_once_the_last_day_is_over(judge: Judge) -> None:
    search = """\
searches:
  - {id: s, bearer: city, topic: existence, acts: [notification], searcher: us, searched: [its site], covered_until: "DAY", searched_on: "2026-11-22"}
"""
    alone = "events:\n" + event(
        "request", "request", 'date: "2020-01-29"', "agency", recipient="[city]"
    )
    for day, verdict in (
        ("2020-02-28", Timeliness.pending),
        ("2020-02-29", Timeliness.no_response),
    ):
        finding = judge(alone + search.replace("DAY", day), norm("reply", REPLY)).one(KEY)
        assert finding.preferred.timeliness is verdict


def test_a_calendar_that_does_not_hold_the_dates_stops_the_build_at_the_norm(
    tmp_path: Path,
) -> None:
    old = REPLY.replace("2019-05-15", "1990")
    sections = asked("2002-03-01").replace("2020-01-29", "2002-02-01")
    seeds = write_seeds(
        tmp_path / "seeds",
        {"norms/law.yaml": norm("reply", old), "crises/e.yaml": crisis_file(sections)},
    )
    # the shapes ask for a Chinese name of everything Chinese
    for path in seeds.rglob("*.yaml"):
        if "concepts" not in path.parts:
            text = path.read_text(encoding="utf-8")
            named = re.sub(r"label: \{en: ([^}]*)\}", r"label: {en: \1, zh: 名}", text)
            path.write_text(named, encoding="utf-8")
    with pytest.raises(RecordErrors) as raised:
        assemble(seeds)
    # the limit stands in line 21 of the file
    assert str(raised.value) == (
        "norms/law.yaml:21: norms.0.limit: the calendar CN holds the working days of 2004 to 2026, "
        "not those of 2002"
    )


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            'limit: "20 working-days"',
            'limit: "20 working-days"\n    calendar: ZZ',
            "norms/law.yaml:22: norms.0.calendar: no calendar is known as 'ZZ'; "
            "give the ISO 3166 code of a country, e.g. CN or JP",
        ),
        (
            "jurisdiction: CN, ",
            "",
            "norms/law.yaml:21: norms.0.limit: 20 working-days: whose? The instrument has no "
            "`jurisdiction`; give `calendar`, e.g. CN",
        ),
        (
            'limit: "20 working-days"',
            'limit: "20 fortnights"',
            "norms/law.yaml:21: norms.0.limit: '20 fortnights' is not a number and a unit (seconds, "
            "minutes, hours, days, working-days), as in 2 hours",
        ),
        (
            "    clock: request\n",
            "",
            "norms/law.yaml:4: norms.0: a duty needs `trigger` and `clock` "
            "(occurrence, knowledge, receipt, assessment or request)",
        ),
        (
            'limit: "20 working-days"',
            'limit: "20 working-days"\n    extension: "2 days"',
            "norms/law.yaml:22: norms.0.extension: `extension` 2 days and limit 20 working-days are "
            "of two kinds; count both in working-days, or neither",
        ),
    ],
)
def test_a_norm_whose_time_cannot_be_counted_is_refused_with_its_line(
    judge: Judge, right: str, wrong: str, message: str
) -> None:
    text = norm("reply", REPLY)
    assert text.count(right) == 1
    with pytest.raises(RecordErrors) as raised:
        judge(asked("2020-02-28"), text.replace(right, wrong))
    assert message in str(raised.value).replace("law-0.yaml", "law.yaml").splitlines()


# --- extensions ---------------------------------------------------------------------------

EXTENDED = REPLY + 'extension: "20 working-days"\n'


def leave(date: str, **fields: str) -> str:
    return event(
        "leave", "authorisation", f'date: "{date}"', "province", recipient="[city]",
        extends="[reply]", outcome="granted", **{"conveys": "[]", **fields},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ("2020-02-20", Timeliness.on_time),
        # on the last day of the time allowed, or when it had run out
        ("2020-02-28", Timeliness.on_time),
        ("2020-02-29", Timeliness.definitely_late),
        ("2020-02-28/2020-02-29", Timeliness.possibly_late),
    ],
)
def test_leave_to_answer_later_counts_when_it_is_given_in_time(
    judge: Judge, given: str, verdict: Timeliness
) -> None:
    # twenty more working days after 28 February: 2-6, 9-13, 16-20 and 23-27 March
    found = judge(asked("2020-03-27", leave(given)), norm("reply", EXTENDED))
    finding = found.one(KEY)
    assert finding.preferred.timeliness is verdict
    assert finding.preferred.deadlines is not None
    drawn_out = finding.preferred.deadlines.last == local("2020-03-27T23:59:59")
    assert drawn_out == (verdict is not Timeliness.definitely_late)
    said = "\n".join(steps(finding, found.facts))
    assert ("drawn out by 20 working-days: The leave" in said) == drawn_out


def test_leave_for_another_matter_or_for_another_bearer_changes_nothing(judge: Judge) -> None:
    other = leave("2020-02-20", conveys="[{topic: deaths, stance: affirms}]")
    elsewhere = leave("2020-02-20").replace("recipient: [city]", "recipient: [state]")
    for sections in (asked("2020-03-27", other), asked("2020-03-27", elsewhere)):
        finding = judge(sections, norm("reply", EXTENDED)).one(KEY)
        assert finding.preferred.timeliness is Timeliness.definitely_late


def test_a_limit_in_hours_is_drawn_out_by_hours(judge: Judge) -> None:
    hours = REPLY.replace("20 working-days", "24 hours") + 'extension: "24 hours"\n'
    sections = asked("2020-01-31T06:00+08:00", leave("2020-01-30T01:00+08:00"))
    sections = sections.replace('"2020-01-29"', '"2020-01-29T10:00:00+08:00"')
    # due on the 30th at 10:00, with leave on the 31st at 10:00
    finding = judge(sections, norm("reply", hours)).one(KEY)
    assert finding.preferred.timeliness is Timeliness.on_time


def test_an_event_cannot_draw_out_a_time_for_which_the_norm_allows_nothing(judge: Judge) -> None:
    with pytest.raises(RecordErrors, match=r"extends.0: norm 'reply' allows no `extension`"):
        judge(asked("2020-03-27", leave("2020-02-20")), norm("reply", REPLY))


# --- relative dates -----------------------------------------------------------------------

TELL = """
type: duty
topics: [existence]
bearer: {actors: [city]}
recipient: {relation: public}
trigger: {kinds: [knowledge], role: actor}
act: {kinds: [disclosure]}
clock: knowledge
limit: "24 hours"
failure_type: delayed-disclosure
validity: {begin: "2003"}
"""
KNOWN = {"knowledge": "{basis: own-document, certainty: confirmed}"}


def told(offset: str, *more: str, anchor: str = 'date: "2020-01-01/2020-01-10"') -> str:
    relative = f"relative: {{to: known, {offset}}}"
    return "events:\n" + "".join(
        [
            event("known", "knowledge", anchor, **KNOWN),
            event("told", "disclosure", relative, audience="[public]"),
            *more,
        ]
    )


@pytest.mark.parametrize(
    ("offset", "delay", "verdict"),
    [
        # to the second, however little is known of the day itself
        ('offset: "5 hours"', Span(5 * HOUR, 5 * HOUR), Timeliness.on_time),
        ('offset: "2 days", exact: true', Span(2 * DAY, 2 * DAY), Timeliness.definitely_late),
        # the day after the next: more than one day and less than three
        ('offset: "2 days"', Span(DAY + 1, 3 * DAY - 1), Timeliness.definitely_late),
        ('offset: "1 days"', Span(1, 2 * DAY - 1), Timeliness.possibly_late),
        ('offset: "0 days"', Span(0, DAY - 1), Timeliness.on_time),
        ('offset: "-3 hours"', Span(0, 0), Timeliness.preemptive),
    ],
)
def test_a_delay_that_a_source_tells_is_not_widened_by_an_uncertain_date(
    judge: Judge, offset: str, delay: Span, verdict: Timeliness
) -> None:
    finding = judge(told(offset), norm("tell", TELL)).one("tell.city")
    assert finding.preferred.delay == delay
    assert finding.preferred.timeliness is verdict


def test_two_events_that_count_from_a_third_are_as_far_apart_as_their_offsets(
    judge: Judge,
) -> None:
    sections = "events:\n" + "".join(
        [
            event("test", "detection", 'date: "2020-01"', "city-hospital"),
            event("known", "knowledge", 'relative: {to: test, offset: "1 hours"}', **KNOWN),
            event(
                "told",
                "disclosure",
                'relative: {to: known, offset: "30 hours"}',
                audience="[public]",
            ),
        ]
    )
    finding = judge(sections, norm("tell", TELL)).one("tell.city")
    assert finding.preferred.delay == Span(30 * HOUR, 30 * HOUR)
    assert finding.preferred.timeliness is Timeliness.definitely_late


def test_the_bounds_of_a_relative_date_are_the_anchor_s_shifted(judge: Judge) -> None:
    found = judge(told('offset: "2 days"', anchor='date: "2020-01-01T18:50+08:00"'))
    event_told = next(one for one in found.facts.events.values() if one.iri.endswith("/told"))
    assert event_told.span == Span(local("2020-01-03T00:00:00"), local("2020-01-03T23:59:59"))
    assert event_told.date_text == "2020-01-03"


def test_a_relative_date_moves_with_a_claim_on_its_anchor(judge: Judge) -> None:
    # the answer comes 12 hours after the alarm; by the claim the alarm was two days later
    sections = "events:\n" + "".join(
        [
            event("known", "knowledge", 'date: "2020-01-01T00:00:00+08:00"', **KNOWN),
            event(
                "alarm", "warning", 'date: "2020-01-01T06:00:00+08:00"', "city-hospital",
                conveys="[]", follows_claim="early", follows_why="It is the log.",
                warning="{capacity: doctor, first_hand: true, treatment: [ignored]}",
            ),
            event("told", "disclosure", 'relative: {to: alarm, offset: "12 hours"}', audience="[public]"),
            "claims:\n"
            '  - {id: early, about: alarm, property: date, date: "2020-01-01T06:00:00+08:00", authority: city, checked: read, citations: [{source: paper}]}\n'
            '  - {id: later, about: alarm, property: date, date: "2020-01-03T06:00:00+08:00", authority: agency, checked: read, citations: [{source: paper}]}\n',
        ]
    )  # fmt: skip
    finding = judge(sections, norm("tell", TELL)).one("tell.city")
    assert finding.preferred.timeliness is Timeliness.on_time
    assert finding.preferred.delay == Span(18 * HOUR, 18 * HOUR)
    assert finding.unfavourable.timeliness is Timeliness.definitely_late
    assert finding.unfavourable.delay == Span(66 * HOUR, 66 * HOUR)
    assert [name.rsplit("/", 1)[-1] for name in finding.disputes] == ["later"]


def test_relative_dates_in_a_circle_stop_the_build_with_the_chain(tmp_path: Path) -> None:
    sections = told('offset: "2 days"', anchor='relative: {to: told, offset: "1 days"}')
    with pytest.raises(RecordErrors) as raised:
        judged(write_seeds(tmp_path / "seeds", {"crises/e.yaml": crisis_file(sections)}))
    assert str(raised.value).splitlines() == [
        "crises/e.yaml:7: events.0.relative.to: known -> told -> known goes in a circle; "
        "give one of these events a `date` of its own",
        "crises/e.yaml:17: events.1.relative.to: told -> known -> told goes in a circle; "
        "give one of these events a `date` of its own",
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            'date: "2020-01-01"\n    relative: {to: known, offset: "2 days"}',
            "events.1.date: `date` is required; give it, or `relative` instead, but not both",
        ),
        (
            'relative: {to: known, offset: "two days"}',
            "events.1.relative.offset: 'two days' is not a number and a unit (seconds, minutes, "
            "hours, days), as in 2 days, or -2 days for earlier",
        ),
        (
            'relative: {to: knwon, offset: "2 days"}',
            "events.1.relative.to: no event has the id 'knwon'; did you mean known?",
        ),
        (
            'relative: {to: known, offset: "2 hours", exact: true}',
            "events.1.relative.exact: `exact` is for an `offset` in days; smaller units are always exact",
        ),
    ],
)
def test_a_wrong_relative_date_is_refused_with_its_line(
    judge: Judge, wrong: str, message: str
) -> None:
    sections = told('offset: "2 days"').replace('relative: {to: known, offset: "2 days"}', wrong)
    with pytest.raises(RecordErrors) as raised:
        judge(sections)
    found = [line.split(": ", 1) for line in str(raised.value).splitlines()]
    assert [message] == [text for _, text in found]
    # where a field is missing the record's first line is named
    assert found[0][0] in (
        "crises/events.yaml:17",
        "crises/events.yaml:18",
        "crises/events.yaml:12",
    )


def test_nothing_can_be_counted_from_an_open_date(judge: Judge) -> None:
    with pytest.raises(RecordErrors, match=r"known has the open date \.\./2020.* give it bounds"):
        judge(told('offset: "2 days"', anchor='date: "../2020-01-10"'))


def test_a_claim_about_an_event_that_there_is_not_is_refused_with_its_line(judge: Judge) -> None:
    claim = (
        "claims:\n"
        "  - {id: c, about: tolt, property: occurred, literal: 'true', authority: city, checked: read, citations: [{source: paper}]}\n"
    )
    with pytest.raises(RecordErrors) as raised:
        judge(told('offset: "2 days"') + claim)
    (line,) = str(raised.value).splitlines()
    assert line.endswith("claims.0.about: no event has the id 'tolt'; did you mean told?")
    assert line.startswith("crises/events.yaml:24: ")
