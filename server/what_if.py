"""``/evaluate``: which findings would change under assumptions. Read-only.

An evaluation takes seconds and much memory, so it runs in a process of its own,
one at a time, and is killed at the same limit as a query. It reads the version that this
server keeps; one that answers from another endpoint keeps none, and says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

from flask import Blueprint, Response, render_template, request

from crisisgov.errors import CrisisgovError, InputError
from crisisgov.ontology.evaluation.whatif import READINGS
from crisisgov.server.engine.errors import EngineBusy, QueryDeadline, QueryError
from crisisgov.server.negotiation import Accept
from crisisgov.server.one_processor import anywhere
from crisisgov.server.services import services
from crisisgov.server.settings import Settings

blueprint = Blueprint("what_if", __name__)

_one_at_a_time = threading.Semaphore(1)
_MOST = 20
"""Assumptions in one request; more is a script that should run the command itself."""


class EvaluatesElsewhere(QueryError):
    """Nothing is kept here that could be evaluated."""

    status = 501
    kind = "not-evaluated-here"
    title = "This server does not evaluate"


@blueprint.get("/evaluate")
def evaluate() -> Response:
    """Answer with the findings that would change, as HTML or JSON."""
    settings = services().settings
    if settings.endpoint:
        raise EvaluatesElsewhere(
            "This server answers from another endpoint and keeps no version to evaluate.",
            hint="Build the same records where you are and run: crisisgov evaluate",
        )
    claims, limits = _given("assume"), _given("limit")
    reading = request.args.get("reading", "preferred")
    if reading not in READINGS:
        raise InputError(f"reading {reading!r} is none of {', '.join(READINGS)}")
    asked = bool(claims or limits) or reading != "preferred"
    changes = _changes(settings, claims, limits, reading) if asked else []
    # a browser names HTML; whoever takes anything gets data
    page_wanted = Accept.parse(request.headers.get("Accept", "*/*")).prefers_html()
    as_json = request.args.get("format") == "json" or not page_wanted
    if as_json:
        text = json.dumps({"changes": changes}, ensure_ascii=False, indent=2)
        response = Response(text + "\n", mimetype="application/json")
    else:
        page = render_template(
            "evaluate.html",
            changes=changes,
            asked=asked,
            claims=claims,
            limits=limits,
            reading=reading,
            readings=READINGS,
        )
        response = Response(page, mimetype="text/html")
    response.vary.add("Accept")
    return response


def _given(name: str) -> list[str]:
    """Return the values of a parameter, without the empty ones that a form sends."""
    return [text.strip() for text in request.args.getlist(name) if text.strip()]


def _changes(
    settings: Settings, claims: list[str], limits: list[str], reading: str
) -> list[dict[str, Any]]:
    count = len(claims) + len(limits)
    if count > _MOST:
        raise InputError(f"{count} assumptions; at most {_MOST} in one request")
    command = [sys.executable, "-m", "crisisgov.server.cli", "evaluate", "--format", "json"]
    # `--name=value` in one word: a value that begins with a dash is no option
    command += [f"--data={settings.data}", f"--reading={reading}"]
    command += [f"--assume={one}" for one in claims] + [f"--limit={one}" for one in limits]
    if not _one_at_a_time.acquire(blocking=False):
        raise EngineBusy("another evaluation is at work; ask again in a few seconds")
    try:
        with anywhere():
            done = subprocess.run(
                command, capture_output=True, timeout=settings.query_seconds, check=False
            )
    except subprocess.TimeoutExpired as error:
        raise QueryDeadline(
            f"the evaluation took more than {settings.query_seconds:g} s; "
            "run crisisgov evaluate on your own machine"
        ) from error
    finally:
        _one_at_a_time.release()
    if done.returncode in (1, 2):
        raise InputError(done.stderr.decode().strip().removeprefix("error: "))
    if done.returncode != 0:
        raise CrisisgovError("the evaluation failed")
    changes: list[dict[str, Any]] = json.loads(done.stdout)
    return changes
