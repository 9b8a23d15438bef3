"""Small facts for the evaluation, made without a graph: one matter, one government, its bodies."""

from __future__ import annotations

from dataclasses import replace

from crisisgov.ontology.evaluation.facts import (
    Act,
    Actor,
    Claim,
    Event,
    Facts,
    Item,
    Norm,
    Profile,
    Search,
    Source,
    Trigger,
)
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span

CRISIS, PLACE = "x/crisis/fire", "x/place/town"
ALWAYS = Span(PAST, FUTURE)

GOVERNMENT, DEPARTMENT, CDC = "x/actor/government", "x/actor/department", "x/actor/cdc"
HOSPITAL, PARTY, LOWER = "x/actor/hospital", "x/actor/party", "x/actor/district"
EVERYBODY = (GOVERNMENT, DEPARTMENT, CDC, HOSPITAL, PARTY, LOWER)


def actor(
    iri: str,
    *kinds: str,
    function: str | None = None,
    level: str | None = None,
    part_of: str | None = None,
    reports_to: tuple[str, ...] = (),
    place: str | None = PLACE,
) -> Actor:
    """Return an actor."""
    return Actor(
        iri,
        iri.rsplit("/", 1)[-1],
        frozenset({"Actor", *kinds}),
        function,
        level,
        place,
        part_of,
        frozenset(reports_to),
        frozenset(),
    )


def town() -> dict[str, Actor]:
    """Return a government with a department, a CDC, a hospital, a Party organ and a district."""
    every = [
        actor(GOVERNMENT, "Government", function="general-government", level="city"),
        actor(DEPARTMENT, "Body", function="health", level="city", part_of=GOVERNMENT),
        actor(CDC, "Body", function="disease-control", level="city", part_of=DEPARTMENT),
        actor(HOSPITAL, "Body", function="hospital", level="city", part_of=DEPARTMENT),
        actor(PARTY, "PartyOrgan", level="city"),
        actor(LOWER, "Government", level="district", part_of=GOVERNMENT),
    ]
    return {one.iri: one for one in every}


def item(topic: str = "existence", stance: str = "affirms", certainty: str | None = None) -> Item:
    """Return a content item on the matter's place."""
    return Item(topic, stance, PLACE, certainty)


BLANK = Event(
    iri="", label="", kinds=frozenset(), crisis=CRISIS, span=Span(0, 0), date_text="",
    actors=frozenset(), on_behalf_of=frozenset(), recipients=frozenset(), targets=frozenset(),
    audience=frozenset(), items=(), date_kind=None, measures=frozenset(), response_level=None,
    basis=None, certainty=None, outcome=None, place=PLACE, breaches=frozenset(), alleged=False,
    sources=("x/source/paper",), weak=False,
)  # fmt: skip


def event(name: str, kind: str, first: int, last: int, **other: object) -> Event:
    """Return an event by the government unless ``actors`` says otherwise."""
    values: dict[str, object] = {"actors": frozenset({GOVERNMENT}), "items": (item(),), **other}
    one = replace(
        BLANK, iri=f"x/event/{name}", label=name, kinds=frozenset({kind}), span=Span(first, last)
    )
    return replace(one, **values)  # type: ignore[arg-type]


def date_claim(name: str, about: Event, first: int, last: int, *, weak: bool = False) -> Claim:
    """Return a live claim on the date of an event."""
    span = Span(first, last)
    return Claim(f"x/claim/{name}", about.iri, "date", "x", span, None, None, weak)


def denial(name: str, about: Event, *, weak: bool = False) -> Claim:
    """Return a live claim that an event did not happen."""
    return Claim(f"x/claim/{name}", about.iri, "occurred", "x", None, None, "false", weak)


def actor_claim(name: str, about: Event, who: str, *, weak: bool = False) -> Claim:
    """Return a live claim on who did it."""
    return Claim(f"x/claim/{name}", about.iri, "actor", "x", None, who, None, weak)


def norm(name: str = "duty", type_: str = "Duty", **other: object) -> Norm:
    """Return a norm: on learning of the fire, the government tells the public within 10 s."""
    one = Norm(
        iri=f"x/norm/{name}", id=name, code=name, label=name, type=type_, instrument="x/i/law",
        instrument_label="Law", article="1", says="", place=None, read=True, force="binding",
        responsibility="information", topics=frozenset({"existence"}),
        bearer=Profile(named=frozenset({GOVERNMENT})),
        recipient_relation="public", recipient=Profile(),
        trigger=Trigger(
            frozenset({"Knowledge"}), "actor", frozenset({"affirms", "hedges"}), "suspected",
            frozenset(), frozenset(),
        ),
        act=Act(
            frozenset({"Disclosure"}), frozenset({"affirms"}), frozenset(), None, frozenset()
        ),
        clock="knowledge", limit=10, limit_text="10 seconds", working_days=None,
        before_trigger=False, exclusive=False, delegates=frozenset(), failure_type="late",
        scope_hazards=frozenset(), scope_crises=frozenset(), scope=ALWAYS, validity=ALWAYS,
    )  # fmt: skip
    return replace(one, **other)  # type: ignore[arg-type]


def prohibition(**other: object) -> Norm:
    """Return a prohibition: who knows of the fire must neither deny nor suppress it."""
    stances = frozenset({"denies", "minimises"})
    forbidden = Act(
        frozenset({"Disclosure", "Suppression"}), stances, frozenset(), None, frozenset()
    )
    return norm("no-lies", "Prohibition", act=forbidden, recipient_relation=None, **other)


def yardstick(limit: int = 10) -> Norm:
    """Return the yardstick of the headline question."""
    return norm("yardstick-prompt-disclosure", "Benchmark", force="yardstick", limit=limit)


def search(until: int, kind: str = "Disclosure") -> Search:
    """Return a record that nothing was found until a second."""
    kinds = frozenset({kind})
    return Search("x/search/s", GOVERNMENT, CRISIS, "existence", PLACE, kinds, until)


def facts(
    norms: list[Norm],
    events: list[Event],
    claims: list[Claim] | None = None,
    searches: list[Search] | None = None,
    as_of: int = 1_000,
) -> Facts:
    """Return the facts of one case."""
    result = Facts(
        events={one.iri: one for one in events},
        actors=town(),
        norms={one.iri: one for one in norms},
        sources={"x/source/paper": Source("x/source/paper", "Paper", "of-record", None)},
        searches=searches or [],
        within={PLACE: frozenset({PLACE})},
        hazards={CRISIS: frozenset({"fire"})},
        labels={PLACE: "Town", CRISIS: "Fire"},
        as_of=as_of,
    )
    for claim in claims or []:
        result.claims.setdefault(claim.event, []).append(claim)
    return result
