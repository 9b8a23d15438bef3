"""Mixed load with workers killed in it: no wrong answer, none that is cut off, no memory kept.

For eight seconds in an ordinary run; ``SOAK_SECONDS=60`` for a long one.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

from tests.server.test_hostile import alive, memory
from tests.server.test_limits import BOMB, ENDLESS
from tests.support.servers import wait_for

if TYPE_CHECKING:
    from tests.server.conftest import Server

SECONDS = float(os.environ.get("SOAK_SECONDS", "8"))
# Query -> the lines of its answer as CSV, counted by hand from the graph in conftest.
RIGHT = {
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }": ["8"],
    "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }": ["3"],
    "SELECT ?l { ?s ?p ?l FILTER(LANG(?l) = 'zh') }": ["武汉疫情"],
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }": ["512"],
}
HOSTILE = (ENDLESS, BOMB, "SELECT * " + "{" * 9_000 + "}" * 9_000, "SELECT {")


def test_under_mixed_load_and_kills_every_answer_is_right_or_an_error(server: Server) -> None:
    alive(server)
    before = memory(server)
    until = time.monotonic() + SECONDS
    wrong: list[str] = []
    seen: Counter[int] = Counter()

    def innocent(number: int) -> None:
        draw = random.Random(number)
        while time.monotonic() < until:
            query, right = draw.choice(list(RIGHT.items()))
            fresh = f"{query} # {draw.random()}" if draw.random() < 0.7 else query
            reply = server.query(fresh, Accept="text/csv", X_Forwarded_For=f"192.0.2.{number}")
            seen[reply.status] += 1
            if reply.status == 200:
                if reply.text.split("\r\n")[1:-1] != right:
                    wrong.append(f"{query}: {reply.text}")
            elif reply.json()["kind"] not in ("busy", "budget", "worker-lost"):
                wrong.append(f"{query}: {reply.text}")

    def hostile(number: int) -> None:
        draw = random.Random(number)
        while time.monotonic() < until:
            reply = server.query(draw.choice(HOSTILE))
            seen[reply.status] += 1
            if reply.status not in (400, 429, 503):
                wrong.append(f"hostile query answered {reply.status}")

    def killer() -> None:
        draw = random.Random(0)
        while time.monotonic() < until:
            time.sleep(0.4)
            with contextlib.suppress(IndexError, ProcessLookupError):
                os.kill(draw.choice(server.query_workers()), signal.SIGKILL)

    threads = [
        *(threading.Thread(target=innocent, args=(number,)) for number in range(3)),
        *(threading.Thread(target=hostile, args=(number,)) for number in range(2)),
        threading.Thread(target=killer),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS + 30)
    assert not any(thread.is_alive() for thread in threads)
    assert not wrong, wrong[:3]
    assert wait_for(lambda: len(server.query_workers()) == 5)
    alive(server)
    after = memory(server)
    print(f"{sum(seen.values())} answers {dict(seen)}; memory {before:,} -> {after:,} bytes")
    # The cache may fill (64 MB, within 60 s) and threads stay for a while (30 MB): in 90 s it is
    # no more than that, so nothing grows with the requests.
    assert after < before + 110_000_000
    # The innocent have shares of their own, which the hostile cannot use up.
    assert seen[200] > 5 * SECONDS, seen
