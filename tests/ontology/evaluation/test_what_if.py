"""Which findings would change under assumptions."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from crisisgov.errors import InputError
from crisisgov.ontology.evaluation.facts import Facts
from crisisgov.ontology.evaluation.load import load
from crisisgov.ontology.evaluation.run import findings_of
from crisisgov.ontology.evaluation.whatif import assumptions, changes, seconds

pytestmark = pytest.mark.curated


@pytest.fixture(scope="module")
def facts(built: ox.Store) -> Facts:
    return load(built)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("PT24H", 86_400), ("P1D", 86_400), ("PT1H30M", 5_400), ("P2DT1S", 172_801), ("PT0S", 0)],
)
def test_a_duration_is_read_in_seconds(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["24", "PT", "P", "P1DT", "24H", "P1M", "-P1D", ""])
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="PT24H"):
        seconds(text)


def test_a_longer_limit_makes_the_reply_to_who_on_time_and_changes_nothing_else(
    facts: Facts,
) -> None:
    # the dates allow 16 to 72 hours: within 96 hours for sure
    assumed = assumptions([], ["ihr-2005-art10-acknowledge=PT96H"], "preferred", facts)
    found = changes(facts, assumed)
    assert [change.norm for change in found] == ["I4a"]
    assert found[0].before.startswith("possibly-late")
    assert found[0].after.startswith("on-time")


def test_a_shorter_limit_makes_it_late(facts: Facts) -> None:
    # the reply came 16 hours later at the least
    assumed = assumptions([], ["ihr-2005-art10-acknowledge=PT10H"], "preferred", facts)
    assert [change.after.split(" ")[0] for change in changes(facts, assumed)] == ["definitely-late"]


def test_a_claim_taken_as_right_changes_what_it_is_about(facts: Facts) -> None:
    # the record follows the province: confirmed on 22 January; the city says the 23rd
    assumed = assumptions(["heilongjiang-confirmation-2020-01-23"], [], "preferred", facts)
    found = changes(facts, assumed)
    assert found
    assert all("CN-HL" in change.matter for change in found)


def test_evaluating_changes_nothing(facts: Facts) -> None:
    before = [finding.key for finding in findings_of(facts)]
    limits = {iri: norm.limit for iri, norm in facts.norms.items()}
    assumed = assumptions([], ["ihr-2005-art10-acknowledge=PT1S"], "least", facts)
    changes(facts, assumed)
    assert [finding.key for finding in findings_of(facts)] == before
    assert {iri: norm.limit for iri, norm in facts.norms.items()} == limits


@pytest.mark.parametrize(
    ("claims", "limits", "reading", "part"),
    [
        (["no-such-claim"], [], "preferred", "no claim that is live has the id 'no-such-claim'"),
        ([], ["no-such-norm=PT1H"], "preferred", "no norm has the id"),
        ([], ["ihr-2005-art10-acknowledge"], "preferred", "write NORM=DURATION"),
        ([], [], "worst", "none of most, preferred, least"),
    ],
)
def test_an_assumption_about_something_unknown_is_refused_by_name(
    claims: list[str], limits: list[str], reading: str, part: str, facts: Facts
) -> None:
    with pytest.raises(InputError, match=part):
        assumptions(claims, limits, reading, facts)


def test_the_arithmetic_of_a_finding_can_be_redone_by_query(built: ox.Store) -> None:
    """Delay = [max(0, r.first - t.last), r.last - t.first], from the numbers on the finding."""
    solutions = built.query(
        """PREFIX cg: <https://w3id.org/crisisgov/ontology#>
        SELECT ?f ?t1 ?t2 ?r1 ?r2 ?min ?max WHERE {
          ?f a cg:ComputedFinding ; cg:minDelaySeconds ?min ; cg:maxDelaySeconds ?max ;
             cg:clockEarliestEpoch ?t1 ; cg:clockLatestEpoch ?t2 ;
             cg:answerEarliestEpoch ?r1 ; cg:answerLatestEpoch ?r2 }""",
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, ox.QuerySolutions)
    checked = 0
    for row in solutions:
        t1, t2, r1, r2, least, most = (
            int(row[name].value) for name in ("t1", "t2", "r1", "r2", "min", "max")
        )
        assert least == max(0, r1 - t2)
        assert most == max(least, r2 - t1)
        checked += 1
    assert checked > 100


def test_every_finding_with_a_delay_has_its_steps_as_data(built: ox.Store) -> None:
    solutions = built.query(
        """PREFIX cg: <https://w3id.org/crisisgov/ontology#>
        SELECT ?f (COUNT(DISTINCT ?n) AS ?steps) (MAX(?n) AS ?last) WHERE {
          ?f a cg:ComputedFinding ; cg:minDelaySeconds ?min ; cg:step ?step .
          ?step cg:stepNumber ?n ; cg:stepText ?text } GROUP BY ?f""",
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, ox.QuerySolutions)
    counts = [(int(row["steps"].value), int(row["last"].value)) for row in solutions]
    assert len(counts) > 100
    assert all(steps == last for steps, last in counts)  # numbered from 1 without a gap
