"""Successors, posts, imputed knowledge and replies, through records, graph and evaluation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crisisgov.errors import RecordErrors
from crisisgov.ontology import terms
from crisisgov.ontology.evaluation.explain import steps
from crisisgov.ontology.evaluation.spans import Timeliness
from tests.ontology.evaluation.test_times import TELL, event
from tests.support.graphs import Judged, crisis_file, judged, norm, write_seeds

Judge = Callable[..., Judged]
KNOWN = {"knowledge": "{basis: own-document, certainty: confirmed}"}


def case(actor: str = "city", told_by: str = "city", rest: str = "") -> str:
    known = event("known", "knowledge", 'date: "2020-01-01"', actor, **KNOWN)
    told = event("told", "disclosure", 'date: "2020-01-05"', told_by, audience="[public]")
    return f"events:\n{known}{told}{rest}"


def test_knowledge_of_a_department_is_imputed_only_where_a_rule_says_so(judge: Judge) -> None:
    sections = case("city-health")
    without = judge(sections, norm("tell", TELL)).one("tell.city")
    assert without.preferred.timeliness is Timeliness.no_data
    assert without.unfavourable.timeliness is Timeliness.definitely_late
    rule = TELL + "imputation: {rule: What a department knows its government knows.}\n"
    found = judge(sections, norm("tell", rule))
    finding = found.one("tell.city")
    assert finding.preferred.timeliness is Timeliness.definitely_late
    assert [name.rsplit("/", 1)[-1] for name in finding.imputed_from] == ["city-health"]
    said = "\n".join(steps(finding, found.facts))
    assert "Rule (tell): What a department knows its government knows." in said
    named = {
        q.object.value  # type: ignore[union-attr]
        for q in found.quads
        if q.predicate.value == terms.CG + "imputedByRule" and "/tell.city." in str(q.subject)
    }
    assert named == {terms.entity("norm", "tell")}


@pytest.mark.parametrize(
    ("clock", "kind", "role", "actor", "fields"),
    [
        ("occurrence", "hazard-occurrence", "any", "city-hospital", {}),
        ("knowledge", "knowledge", "actor", "city", KNOWN),
        ("receipt", "report", "recipient", "city-health", {"recipient": "[city]"}),
        ("assessment", "assessment", "actor", "city", {}),
        ("request", "request", "recipient", "agency", {"recipient": "[city]"}),
    ],
)
def test_every_kind_of_clock_starts_at_its_event(
    judge: Judge, clock: str, kind: str, role: str, actor: str, fields: dict[str, str]
) -> None:
    text = TELL.replace("kinds: [knowledge], role: actor", f"kinds: [{kind}], role: {role}")
    start = event("start", kind, 'date: "2020-01-01"', actor, **fields)
    told = event("told", "disclosure", 'date: "2020-01-05"', audience="[public]")
    found = judge(
        f"events:\n{start}{told}", norm("tell", text.replace("clock: knowledge", f"clock: {clock}"))
    )
    finding = found.one("tell.city")
    assert [one.iri.rsplit("/", 1)[-1] for one in finding.preferred.triggers] == ["start"]
    # from 1 to 5 January: more than three days, 24 hours allowed
    assert finding.preferred.timeliness is Timeliness.definitely_late


def test_a_reply_speaks_to_the_duties_that_demand_its_act_and_is_quoted(judge: Judge) -> None:
    reply = """\
justifications:
  - {id: reply, by: city-health, bearer: city, topic: existence, acts: [disclosure], date: "2020-02", says: Leave was needed., checked: read, citations: [{source: paper}]}
"""
    report = TELL.replace("kinds: [disclosure]", "kinds: [report]").replace("public", "superior")
    second = norm("report", report).replace("id: law,", "id: law-2,")
    second = second.replace("instrument: law\n", "instrument: law-2\n")
    found = judge(case(rest=reply), norm("tell", TELL), second)
    assert found.one("tell.city").justifications == (terms.entity("justification", "reply"),)
    assert found.one("report.city").justifications == ()
    said = "\n".join(steps(found.one("tell.city"), found.facts))
    assert "The authority's own reply, by Health: Leave was needed." in said


SUCCESSION = """
type: duty
topics: [existence]
bearer: {actors: [old, new]}
recipient: {relation: public}
trigger: {kinds: [knowledge], role: actor}
act: {kinds: [disclosure]}
clock: knowledge
limit: "24 hours"
failure_type: delayed-disclosure
validity: {begin: "2003"}
"""


BODIES = """\
actors:
  - {id: old, kind: body, label: {en: Old}, function: health, level: national, jurisdiction: CN-HB-wuhan}
  - {id: new, kind: body, label: {en: New}, function: health, level: national, jurisdiction: CN-HB-wuhan, succeeds: old, existed: {begin: "2020-01-03"}}
posts:
  - {id: head, label: {en: Head}, of: old}
  - {id: head-of-new, label: {en: Head}, of: new}
"""


@pytest.mark.parametrize(
    ("known", "named"),
    [
        # the body known by the first name ended when the other began, on 3 January
        (("2020-01-01", "old"), "old"),
        (("2020-01-04", "new"), "new"),
    ],
)
def test_a_finding_names_the_body_that_existed_when_the_clock_started(
    tmp_path_factory: pytest.TempPathFactory, known: tuple[str, str], named: str
) -> None:
    day, who = known
    knows = event("known", "knowledge", f'date: "{day}"', who, **KNOWN)
    told = event("told", "disclosure", 'date: "2020-01-09"', "new", audience="[public]")
    seeds = write_seeds(
        tmp_path_factory.mktemp("s") / "seeds",
        {
            "actors/more.yaml": BODIES,
            "norms/law.yaml": norm("tell", SUCCESSION),
            "crises/e.yaml": crisis_file(f"events:\n{knows}{told}"),
        },
    )
    finding = judged(seeds).one("tell.")
    assert finding.bearer.iri.rsplit("/", 1)[-1] == named
    # the successor's answer answers for its predecessor, too
    assert finding.preferred.timeliness is Timeliness.definitely_late


def test_a_recommendation_is_implemented_by_an_implementation_only(judge: Judge) -> None:
    sections = case(rest=event("done", "implementation", 'date: "2020-02"', implements="[told]"))
    with pytest.raises(RecordErrors, match=r"implements\.0: event 'told' is no recommendation"):
        judge(sections)
    wrong = case(rest=event("done", "reversal", 'date: "2020-02"', implements="[told]"))
    with pytest.raises(RecordErrors, match="`implements` is for events of the kind implementation"):
        judge(wrong)
