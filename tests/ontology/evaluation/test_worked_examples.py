"""Examples worked out by hand, through records, graph and evaluation."""

from __future__ import annotations

from collections.abc import Callable

from crisisgov.ontology.evaluation.explain import delay_text, steps
from crisisgov.ontology.evaluation.spans import FUTURE, Span, Timeliness
from tests.support.graphs import Judged, norm

Judge = Callable[..., Judged]
HOUR, DAY = 3_600, 86_400

ASKED = norm(
    "acknowledge",
    """
type: duty
topics: [existence]
bearer: {actors: [state]}
recipient: {relation: requester}
trigger: {kinds: [request], role: recipient}
act: {kinds: [notification], stances: [affirms, none-found]}
clock: request
limit: "24 hours"
failure_type: delayed-notification
validity: {begin: "2007-06-15"}
""",
)


def request(zone: str) -> str:
    return f"""\
events:
  - id: request
    kind: [request]
    label: {{en: The agency asks}}
    summary: It asks.
    date: "2020-01-01"
    {zone}
    actor: [agency]
    recipient: [state]
    conveys: [{{topic: existence, stance: hedges}}]
    checked: read
    citations: [{{source: paper}}]
  - id: reply
    kind: [notification]
    label: {{en: The state replies}}
    summary: It replies.
    date: "2020-01-03"
    {zone}
    actor: [state]
    recipient: [agency]
    conveys: [{{topic: existence, stance: affirms}}]
    checked: read
    citations: [{{source: paper}}]
"""


def test_a_request_of_1_january_answered_on_the_3rd_is_late_when_both_are_days_in_beijing(
    judge: Judge,
) -> None:
    # asked 1 Jan 00:00:00 .. 23:59:59, answered 3 Jan 00:00:00 .. 23:59:59, one clock:
    # shortest 3 Jan 00:00:00 - 1 Jan 23:59:59 = 24 h and 1 s, longest 3 Jan 23:59:59 - 1 Jan
    # 00:00:00 = 72 h less 1 s; 24 h allowed: late by one second at least
    finding = judge(request("place: CN"), ASKED).one(
        "acknowledge.state.outbreak.existence.CN-HB-wuhan"
    )
    assert finding.preferred.delay == Span(24 * HOUR + 1, 72 * HOUR - 1)
    assert finding.preferred.timeliness is Timeliness.definitely_late
    assert finding.failure and finding.robust
    assert delay_text(finding.preferred.delay) == "1.0 to 3.0 days"


def test_the_same_request_is_only_possibly_late_when_the_zone_is_unknown(judge: Judge) -> None:
    # the request may be dated in Geneva (UTC+1), Beijing (UTC+8) or UTC: 31 Dec 16:00:00Z to
    # 1 Jan 23:59:59Z; the reply 2 Jan 16:00:00Z to 3 Jan 23:59:59Z:
    # shortest 2 Jan 16:00:00 - 1 Jan 23:59:59 = 16 h and 1 s, longest 80 h less 1 s
    zones = "place: CH\n    zone_basis: unknown"
    finding = judge(request(zones), ASKED).one("acknowledge.state.outbreak.existence.CN-HB-wuhan")
    assert finding.preferred.delay == Span(16 * HOUR + 1, 80 * HOUR - 1)
    assert finding.preferred.timeliness is Timeliness.possibly_late
    assert not finding.failure


def test_a_request_before_the_norm_was_valid_is_not_judged_by_it(judge: Judge) -> None:
    later = ASKED.replace('"2007-06-15"', '"2020-02-01"')
    finding = judge(request("place: CN"), later).one(
        "acknowledge.state.outbreak.existence.CN-HB-wuhan"
    )
    assert finding.preferred.timeliness is Timeliness.not_applicable
    assert finding.preferred.delay is None
    assert not finding.failure


def test_a_norm_that_may_not_have_been_valid_yet_makes_nobody_definitely_late(judge: Judge) -> None:
    # valid from 12:00 of the day of the request: it may have come before
    later = ASKED.replace('"2007-06-15"', '"2020-01-01T12:00+08:00"')
    finding = judge(request("place: CN"), later).one(
        "acknowledge.state.outbreak.existence.CN-HB-wuhan"
    )
    assert finding.preferred.delay == Span(24 * HOUR + 1, 72 * HOUR - 1)
    assert finding.preferred.timeliness is Timeliness.possibly_late


def test_a_norm_whose_text_was_not_read_carries_no_breach(judge: Judge) -> None:
    unread = ASKED.replace("checked: read", "checked: secondary")
    finding = judge(request("place: CN"), unread).one(
        "acknowledge.state.outbreak.existence.CN-HB-wuhan"
    )
    assert finding.preferred.timeliness is Timeliness.definitely_late
    assert finding.provisional and not finding.failure


FUKUSHIMA = """\
events:
  - id: sbo
    kind: [knowledge]
    label: {en: All AC power is lost}
    summary: The operator sees that all AC power is lost.
    date: "2011-03-11T15:37+09:00"
    place: JP
    actor: [city]
    conveys: [{topic: existence, stance: affirms}]
    knowledge: {basis: own-document, certainty: confirmed}
    checked: read
    citations: [{source: paper}]
  - id: report
    kind: [report]
    label: {en: The operator reports under article 10}
    summary: It reports.
    date: "2011-03-11T15:42+09:00"
    place: JP
    actor: [city]
    recipient: [province]
    conveys: [{topic: existence, stance: affirms}]
    follows_claim: at-42
    follows_why: The operator's own log.
    checked: read
    citations: [{source: paper}]
claims:
  - {id: at-42, about: report, property: date, date: "2011-03-11T15:42+09:00", authority: city, checked: read, citations: [{source: paper}]}
  - {id: at-00, about: report, property: date, date: "2011-03-11T16:00+09:00", authority: agency, checked: read, citations: [{source: SOURCE}]}
"""
ARTICLE_10 = norm(
    "article-10",
    """
type: duty
topics: [existence]
bearer: {actors: [city]}
recipient: {relation: anyone}
trigger: {kinds: [knowledge], role: actor}
act: {kinds: [report]}
clock: knowledge
limit: "15 minutes"
failure_type: delayed-report
validity: {begin: "2000-06-16"}
""",
)


def test_two_claims_on_the_minute_of_a_report_give_two_verdicts_and_a_material_dispute(
    judge: Judge,
) -> None:
    # 15:37:00-59 to 15:42:00-59: 4 min 1 s .. 5 min 59 s; to 16:00:00-59: 22 min 1 s .. 23 min 59 s
    finding = judge(FUKUSHIMA.replace("SOURCE", "paper"), ARTICLE_10).one("article-10.city")
    assert finding.preferred.timeliness is Timeliness.on_time
    assert finding.preferred.delay == Span(4 * 60 + 1, 5 * 60 + 59)
    assert finding.favourable.timeliness is Timeliness.on_time
    assert finding.unfavourable.timeliness is Timeliness.definitely_late
    assert finding.unfavourable.delay == Span(22 * 60 + 1, 23 * 60 + 59)
    assert [iri.rsplit("/")[-1] for iri in finding.disputes] == ["at-00"]
    assert not finding.robust and not finding.failure


def test_a_claim_of_a_weak_source_never_worsens_a_verdict(judge: Judge) -> None:
    finding = judge(FUKUSHIMA.replace("SOURCE", "blog"), ARTICLE_10).one("article-10.city")
    assert finding.unfavourable.timeliness is Timeliness.on_time


def test_a_weak_source_may_speak_for_the_bearer(judge: Judge) -> None:
    swapped = FUKUSHIMA.replace("SOURCE", "blog")
    swapped = swapped.replace("15:42", "15:XX").replace("16:00", "15:42").replace("15:XX", "16:00")
    finding = judge(swapped, ARTICLE_10).one("article-10.city")
    assert finding.preferred.timeliness is Timeliness.definitely_late
    assert finding.favourable.timeliness is Timeliness.on_time
    assert finding.unfavourable.timeliness is Timeliness.definitely_late


def test_knowledge_that_rests_on_a_weak_source_starts_no_clock(judge: Judge) -> None:
    weak = FUKUSHIMA.replace("SOURCE", "paper").replace(
        "checked: read\n    citations: [{source: paper}]\n  - id: report",
        "checked: read\n    citations: [{source: blog}]\n  - id: report",
    )
    # without a trigger nothing can be late, in no reading
    found = judge(weak, ARTICLE_10)
    assert found.none("article-10.city") or {
        found.one("article-10.city").preferred.timeliness,
        found.one("article-10.city").unfavourable.timeliness,
    } == {Timeliness.no_data}


def event(
    name: str,
    kind: str,
    date: str,
    actor: str,
    *,
    stance: str = "affirms",
    topic: str = "existence",
    public: bool = False,
    more: str = "",
) -> str:
    lines = [
        f"- id: {name}",
        f"  kind: [{kind}]",
        f"  label: {{en: {name}}}",
        "  summary: Something happens.",
        f'  date: "{date}"',
        f"  actor: [{actor}]",
        f"  conveys: [{{topic: {topic}, stance: {stance}}}]",
        *(["  audience: [public]"] if public else []),
        "  checked: read",
        "  citations: [{source: paper}]",
    ]
    if "knowledge" in kind and "knowledge:" not in more:
        lines.append("  knowledge: {basis: own-document, certainty: suspected}")
    lines += [f"  {line}" for line in more.splitlines()]
    return "".join(f"  {line}\n" for line in lines)


def events(*every: str) -> str:
    return "events:\n" + "".join(every)


KNOWS = event("knows", "knowledge", "2020-01-01", "city")
TELLS = event("tells", "disclosure", "2020-01-03", "city", public=True)
HEADLINE = "yardstick-prompt-disclosure.city.outbreak.existence"
SEARCH = """\
searches:
  - id: search
    bearer: city
    topic: existence
    acts: [disclosure]
    searcher: We
    searched: [the city's site]
    searched_on: "2021-01-01"
    covered_until: "2020-01-31"
"""


def test_silence_with_a_search_record_is_no_response_from_a_smallest_delay_on(judge: Judge) -> None:
    # known until 1 Jan 23:59:59 at the latest, none found until 31 Jan 23:59:59: 30 days at least
    finding = judge(events(KNOWS) + SEARCH).one(HEADLINE)
    assert finding.preferred.timeliness is Timeliness.no_response
    assert finding.preferred.delay == Span(30 * DAY, FUTURE)


def test_silence_without_a_search_record_is_no_data(judge: Judge) -> None:
    finding = judge(events(KNOWS)).one(HEADLINE)
    assert finding.preferred.timeliness is Timeliness.no_data
    assert finding.preferred.trigger is not None
    assert finding.preferred.delay is None


def test_an_unknown_beginning_is_undated_and_never_on_time(judge: Judge) -> None:
    finding = judge(events(TELLS)).one(HEADLINE)
    assert finding.preferred.timeliness is Timeliness.no_data
    assert finding.preferred.trigger is None
    assert finding.preferred.response is not None


def test_what_nobody_found_is_neither_a_disclosure_nor_a_denial(judge: Judge) -> None:
    none_found = event(
        "none",
        "disclosure",
        "2020-01-02",
        "city",
        stance="none-found",
        topic="transmission",
        public=True,
    )
    knows = event("knows", "knowledge", "2020-01-01", "city", topic="transmission", stance="hedges")
    forbids = norm("no-denial", NO_DENIAL.replace("[existence]", "[transmission]"))
    found = judge(events(knows, none_found), forbids)
    finding = found.one("yardstick-prompt-disclosure.city.outbreak.transmission")
    assert finding.preferred.response is None  # not a disclosure
    assert found.one("no-denial.city").preferred.contravention == "none-recorded"  # not a denial
    # but it is said instead: an act against the matter by who knew of it, shown beside the delay
    assert [one.label for one in finding.said_instead] == ["none"]


def test_affirming_that_it_passes_between_people_affirms_that_it_exists(judge: Judge) -> None:
    tells = event("tells", "disclosure", "2020-01-03", "city", topic="transmission", public=True)
    finding = judge(events(KNOWS, tells)).one(HEADLINE)
    assert finding.preferred.delay == Span(DAY + 1, 3 * DAY - 1)


def test_a_leak_is_no_disclosure(judge: Judge) -> None:
    more = "warning: {capacity: unknown, first_hand: false, treatment: [ignored]}"
    leak = event("leak", "warning", "2020-01-02", "city-hospital", public=True, more=more)
    assert judge(events(KNOWS, leak)).one(HEADLINE).preferred.response is None


def readings(finding: object) -> tuple[str, str, str]:
    found = []
    for name in ("favourable", "preferred", "unfavourable"):
        found.append(getattr(finding, name).timeliness.value)
    return found[0], found[1], found[2]


def test_an_addressee_list_counts_only_in_the_least_favourable_reading(judge: Judge) -> None:
    more = "knowledge: {basis: addressee-list, certainty: suspected}"
    told = event("told", "knowledge", "2020-01-01", "city", more=more)
    finding = judge(events(told, TELLS)).one(HEADLINE)
    assert readings(finding) == ("no-data", "no-data", "definitely-late")


def test_a_patient_isolated_counts_only_in_the_least_favourable_reading(judge: Judge) -> None:
    isolated = event("isolated", "detection", "2020-01-01", "city", more="date_kind: isolated")
    finding = judge(events(isolated, TELLS)).one(HEADLINE)
    assert readings(finding) == ("no-data", "no-data", "definitely-late")


def test_the_departments_of_a_government_know_for_it_and_it_says_from_whom(judge: Judge) -> None:
    knows = event("knows", "knowledge", "2020-01-01", "city-health")
    finding = judge(events(knows, TELLS)).one(HEADLINE)
    assert readings(finding) == ("definitely-late",) * 3
    assert [iri.rsplit("/")[-1] for iri in finding.imputed_from] == ["city-health"]


def test_a_centre_for_disease_control_does_not_count_in_the_most_favourable_reading(
    judge: Judge,
) -> None:
    knows = event("knows", "knowledge", "2020-01-01", "city-cdc")
    finding = judge(events(knows, TELLS)).one(HEADLINE)
    assert readings(finding) == ("no-data", "definitely-late", "definitely-late")


def test_a_party_organ_counts_only_in_the_least_favourable_reading(judge: Judge) -> None:
    knows = event("knows", "knowledge", "2020-01-01", "city-party")
    finding = judge(events(knows, TELLS)).one(HEADLINE)
    assert readings(finding) == ("no-data", "no-data", "definitely-late")


def test_a_hospital_a_higher_and_a_lower_government_never_know_for_a_government(
    judge: Judge,
) -> None:
    knows = [
        event(f"knows-{who}", "knowledge", "2020-01-01", who)
        for who in ("city-hospital", "province", "state")
    ]
    finding = judge(events(*knows, TELLS)).one(HEADLINE)
    assert readings(finding) == ("no-data",) * 3
    lower = judge(events(event("knows", "knowledge", "2020-01-01", "city"), TELLS))
    assert lower.none("yardstick-prompt-disclosure.province.outbreak.existence.CN-HB-wuhan")


NO_DENIAL = """
type: prohibition
topics: [existence]
bearer: {actors: [city]}
act: {kinds: [disclosure, suppression], stances: [denies]}
failure_type: concealment
validity: {begin: "2003-05-09"}
"""


def denial(date: str) -> str:
    return event("denial", "disclosure", date, "city", stance="denies", public=True)


def test_a_denial_certainly_after_knowledge_contravenes_a_prohibition(judge: Judge) -> None:
    found = judge(events(KNOWS, denial("2020-01-02")), norm("no-denial", NO_DENIAL))
    finding = found.one("no-denial.city")
    assert finding.preferred.contravention == "contravened"
    assert finding.failure
    assert "contravened: the act certainly follows knowledge" in "\n".join(
        steps(finding, found.facts)
    )
    assert found.one(HEADLINE).preferred.contrary == ()  # without disclosure or search: no delay


def test_a_denial_on_the_day_of_knowledge_contravenes_it_only_possibly(judge: Judge) -> None:
    found = judge(events(KNOWS, denial("2020-01-01")), norm("no-denial", NO_DENIAL))
    assert found.one("no-denial.city").preferred.contravention == "possibly-contravened"
    assert not found.one("no-denial.city").failure


def test_a_denial_before_knowledge_contravenes_nothing(judge: Judge) -> None:
    found = judge(events(KNOWS, denial("2019-12-31")), norm("no-denial", NO_DENIAL))
    assert found.one("no-denial.city").preferred.contravention == "none-recorded"


def test_a_denial_after_the_prohibition_ended_contravenes_nothing(judge: Judge) -> None:
    ended = NO_DENIAL.replace('{begin: "2003-05-09"}', '{begin: "2003-05-09", end: "2020-01-05"}')
    found = judge(events(KNOWS, denial("2020-01-06")), norm("no-denial", ended))
    assert found.one("no-denial.city").preferred.contravention == "none-recorded"


def test_an_order_on_who_may_publish_is_never_by_itself_certain_concealment(judge: Judge) -> None:
    gag = event("gag", "suppression", "2020-01-02", "city", more="measure: [publication-control]")
    finding = judge(events(KNOWS, gag), norm("no-denial", NO_DENIAL)).one("no-denial.city")
    found = (finding.favourable, finding.preferred, finding.unfavourable)
    assert [one.contravention for one in found] == [
        "none-recorded", "possibly-contravened", "contravened",
    ]  # fmt: skip
    assert not finding.failure


def test_an_alleged_act_is_held_against_nobody_but_in_the_least_favourable_reading(
    judge: Judge,
) -> None:
    alleged = denial("2020-01-02").replace("  checked: read", "  alleged: true\n    checked: read")
    claims = """\
claims:
  - {id: it-did, about: denial, property: occurred, literal: "true", authority: agency, checked: read, citations: [{source: paper}]}
  - {id: it-did-not, about: denial, property: occurred, literal: "false", authority: city, checked: read, citations: [{source: paper}]}
"""
    found = judge(events(KNOWS, alleged) + claims, norm("no-denial", NO_DENIAL))
    finding = found.one("no-denial.city")
    assert finding.preferred.contravention == "none-recorded"
    assert finding.unfavourable.contravention == "contravened"
    assert not finding.failure
    assert [iri.rsplit("/")[-1] for iri in finding.disputes] == ["it-did"]


def test_a_claim_that_somebody_else_did_it_clears_the_bearer_in_one_reading(judge: Judge) -> None:
    claims = """\
claims:
  - {id: the-other, about: denial, property: actor, entity: province, authority: city, checked: read, citations: [{source: paper}]}
"""
    found = judge(events(KNOWS, denial("2020-01-02")) + claims, norm("no-denial", NO_DENIAL))
    finding = found.one("no-denial.city")
    assert finding.favourable.contravention == "none-recorded"
    assert finding.preferred.contravention == "contravened"
    assert [iri.rsplit("/")[-1] for iri in finding.disputes] == ["the-other"]
    assert not finding.robust


REPORT_UP = norm(
    "report-up",
    """
type: duty
topics: [existence]
bearer: {actors: [city-health]}
recipient: {relation: superior}
trigger: {kinds: [knowledge], role: actor}
act: {kinds: [report]}
clock: knowledge
limit: "2 hours"
failure_type: delayed-report
validity: {begin: "2003-05-09"}
""",
)


def test_a_claim_on_the_recipient_decides_whether_a_report_reached_the_superior(
    judge: Judge,
) -> None:
    knows = event("knows", "knowledge", "2020-01-01T10:00+08:00", "city-health")
    report = event(
        "report", "report", "2020-01-01T11:00+08:00", "city-health", more="recipient: [province]"
    )
    claims = """\
claims:
  - {id: to-city, about: report, property: recipient, entity: city, authority: city, checked: read, citations: [{source: paper}]}
"""
    finding = judge(events(knows, report, TELLS) + claims, REPORT_UP).one("report-up.city-health")
    # 10:00:00-59 to 11:00:00-59: 59 min 1 s to 60 min 59 s, within 2 h, if it went to the city
    assert finding.preferred.timeliness is Timeliness.no_data
    assert finding.unfavourable.timeliness is Timeliness.on_time
    assert finding.unfavourable.delay == Span(59 * 60 + 1, 60 * 60 + 59)


def test_a_plan_after_the_first_case_does_not_show_that_there_was_none_before(judge: Judge) -> None:
    plan = norm(
        "plan",
        """
type: duty
topics: [existence]
bearer: {actors: [city]}
trigger: {kinds: [detection], role: any}
act: {kinds: [protective-measure], measures: [plan]}
clock: occurrence
before_trigger: true
failure_type: forward-looking-failure
validity: {begin: "2003-05-09"}
""",
    )
    case = event("case", "detection", "2020-01-10", "city-hospital")
    planned = event("planned", "protective-measure", "2020-01-20", "city", more="measure: [plan]")
    found = judge(events(case, planned), plan)
    finding = found.one("plan.city")
    assert finding.preferred.timeliness is Timeliness.no_data
    assert not finding.failure
    text = "\n".join(steps(finding, found.facts))
    assert "A later act does not show that there was none before" in text
