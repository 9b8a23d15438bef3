"""The evaluation of many obligations: it ends, and says how long it took."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from crisisgov.ontology.evaluation.facts import Facts, Profile
from crisisgov.ontology.evaluation.obligations import Evaluator
from crisisgov.ontology.evaluation.spans import Timeliness
from tests.support.facts import GOVERNMENT, event, facts, item, norm, town


def many(count: int) -> Facts:
    """Return as many towns, each with its own crisis, knowledge and disclosure 20 s later."""
    law = norm(bearer=Profile(kinds=frozenset({"Government"}), levels=frozenset({"city"})))
    known = facts([law], [])
    known.actors.clear()
    for number in range(count):
        place, crisis, who = f"x/place/{number}", f"x/crisis/{number}", f"x/actor/{number}"
        known.actors[who] = replace(town()[GOVERNMENT], iri=who, jurisdiction=place)
        known.within[place] = frozenset({place})
        for kind, at in (("Knowledge", 0), ("Disclosure", 20)):
            one = event(
                f"{kind}-{number}", kind, at, at, actors=frozenset({who}), crisis=crisis,
                items=(replace(item(), about=place),), audience=frozenset({"public"}),
            )  # fmt: skip
            known.events[one.iri] = one
    return known


@pytest.mark.parametrize("count", [100, 300, 1_000])
def test_every_one_of_many_obligations_is_judged(count: int) -> None:
    known = many(count)
    begin = time.perf_counter()
    found = list(Evaluator(known).evaluate())
    took = time.perf_counter() - begin
    print(f"{count} obligations: {took:.2f} s, {took / count * 1e3:.2f} ms each")
    assert len(found) == count
    assert {one.preferred.timeliness for one in found} == {Timeliness.definitely_late}
