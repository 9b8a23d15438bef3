"""How long judging takes, and how it grows: pairs of a trigger and an answer, made up.

``python -m benchmarks.evaluation [--profile]``. Each pair is a local government that learns of
something in its own town and tells the public, in one of many crises; every second one
is late, and the verdicts are counted to see that all were judged, and rightly.
"""

from __future__ import annotations

import argparse
import cProfile
import math
import pstats
import time
from collections import Counter

from crisisgov.ontology.evaluation.facts import (
    Act,
    Actor,
    Event,
    Facts,
    Item,
    Norm,
    Profile,
    Source,
    Trigger,
)
from crisisgov.ontology.evaluation.obligations import Evaluator
from crisisgov.ontology.evaluation.spans import FUTURE, PAST, Span

SIZES = (1_000, 10_000, 100_000)
TARGET_SECONDS = 20.0  # for the largest
TOWNS = 500
TOWNS_OF_CRISIS = 20
LIMIT = 10  # seconds
_ALWAYS = Span(PAST, FUTURE)
_SOURCE = Source("x/source/paper", "Paper", "of-record", None)


def facts_of(pairs: int) -> Facts:
    """Return facts with so many pairs of a trigger and an answer."""
    places = [f"x/place/{number}" for number in range(TOWNS)]
    actors = [_town(number, place) for number, place in enumerate(places)]
    duty = _duty()
    result = Facts(
        actors={one.iri: one for one in actors},
        norms={duty.iri: duty},
        sources={_SOURCE.iri: _SOURCE},
        within={place: frozenset({place}) for place in places},
        labels={place: "Town" for place in places},
        as_of=10_000,
    )
    for number in range(pairs):
        crisis = f"x/crisis/{number // TOWNS_OF_CRISIS}"
        result.hazards[crisis] = frozenset({"fire"})
        result.labels[crisis] = "Fire"
        # The towns of a crisis differ, since there are more towns than a crisis has.
        town = (number * 7) % TOWNS
        late = number % 2
        knows = _event(f"{number}-k", "Knowledge", 1_000, crisis, actors[town].iri, places[town])
        tells = 1_000 + (LIMIT + 5 if late else LIMIT - 5)
        says = _event(f"{number}-d", "Disclosure", tells, crisis, actors[town].iri, places[town])
        result.events[knows.iri] = knows
        result.events[says.iri] = says
    return result


def run(*, profile: bool = False) -> None:
    """Measure and print: the seconds of each size, and the slope between them."""
    print(f"judging pairs of a trigger and an answer (target: {SIZES[-1]:,} in")
    print(f"{TARGET_SECONDS:.0f} s, and a slope of 1: twice as many take twice as long)")
    points: list[tuple[float, float]] = []
    for pairs in SIZES:
        facts = facts_of(pairs)
        started = time.perf_counter()
        verdicts = Counter(str(one.preferred.timeliness) for one in Evaluator(facts).evaluate())
        seconds = time.perf_counter() - started
        points.append((math.log(pairs), math.log(seconds)))
        right = verdicts == {"definitely-late": pairs // 2, "on-time": pairs - pairs // 2}
        print(
            f"{pairs:>9,} pairs {seconds:8.2f} s  {seconds / pairs * 1e6:6.0f} us each  "
            f"{'every verdict right' if right else f'WRONG: {dict(verdicts)}'}",
            flush=True,
        )
    slope = (points[-1][1] - points[0][1]) / (points[-1][0] - points[0][0])
    kept = math.exp(points[-1][1]) <= TARGET_SECONDS
    end = "kept" if kept else "MISSED"
    print(f"log-log slope {slope:.2f}; target of {TARGET_SECONDS:.0f} s {end}")
    if profile:
        profiler = cProfile.Profile()
        facts = facts_of(SIZES[1])
        profiler.runcall(lambda: list(Evaluator(facts).evaluate()))
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def _town(number: int, place: str) -> Actor:
    kinds = frozenset({"Actor", "Government"})
    return Actor(
        f"x/actor/town-{number}", f"Town {number}", kinds, "general-government", "city", place,
        None, frozenset(), frozenset(),
    )  # fmt: skip


def _event(name: str, kind: str, second: int, crisis: str, actor: str, place: str) -> Event:
    return Event(
        iri=f"x/event/{name}", label=name, kinds=frozenset({kind}), crisis=crisis,
        span=Span(second, second), date_text="", actors=frozenset({actor}),
        on_behalf_of=frozenset(), recipients=frozenset(), targets=frozenset(),
        audience=frozenset({"public"}),
        items=(Item("existence", "affirms", place, None),), date_kind=None,
        measures=frozenset(), response_level=None, basis=None, certainty=None, outcome=None,
        place=place, breaches=frozenset(), alleged=False, sources=(_SOURCE.iri,), weak=False,
    )  # fmt: skip


def _duty() -> Norm:
    """Return a norm: a government that learns of it tells the public within the limit."""
    trigger = Trigger(
        frozenset({"Knowledge"}), "actor", frozenset({"affirms", "hedges"}), "suspected",
        frozenset(), frozenset(),
    )  # fmt: skip
    act = Act(frozenset({"Disclosure"}), frozenset({"affirms"}), frozenset(), None, frozenset())
    return Norm(
        iri="x/norm/duty", id="duty", code="duty", label="duty", type="Duty",
        instrument="x/i/law", instrument_label="Law", article="1", says="", place=None, read=True,
        force="binding", responsibility="information", topics=frozenset({"existence"}),
        bearer=Profile(kinds=frozenset({"Government"})), recipient_relation="public",
        recipient=Profile(), trigger=trigger, act=act, clock="knowledge", limit=LIMIT,
        limit_text="10 seconds", working_days=None, before_trigger=False, exclusive=False,
        delegates=frozenset(), failure_type="late", scope_hazards=frozenset(),
        scope_crises=frozenset(), scope=_ALWAYS, validity=_ALWAYS,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", action="store_true", help="also say where the time goes")
    run(profile=parser.parse_args().profile)


if __name__ == "__main__":
    main()
