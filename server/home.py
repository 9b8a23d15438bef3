"""``/``: what the graph holds, what it does not, and how to ask it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from crisisgov.ontology.terms import BASE
from crisisgov.server.engine.formats import HTML
from crisisgov.server.entity_views.links import Linker
from crisisgov.server.entity_views.listings import VERDICT
from crisisgov.server.entity_views.reader import Reader
from crisisgov.server.entity_views.verdicts import QUIET, counts
from crisisgov.server.entity_views.wording import validity
from crisisgov.server.questions import questions
from crisisgov.server.services import services
from crisisgov.server.site import unchanged, with_validators

blueprint = Blueprint("home", __name__)

# Class -> (one, many); counted on the first screen.
_COUNTED = (
    ("Event", "dated events"),
    ("Actor", "actors"),
    ("Norm", "norms"),
    ("Source", "sources"),
    ("Citation", "citations"),
    ("Claim", "competing claims"),
    ("Finding", "findings"),
)


@blueprint.get("/")
def home() -> Response:
    """Show the first page."""
    same = unchanged(HTML)
    if same is not None:
        return same
    reader = Reader()
    classes = " ".join(f"cg:{name}" for name, _words in _COUNTED)
    numbers = {
        row["class"].rpartition("#")[2]: int(row["n"])
        for row in reader.rows(
            f"""SELECT ?class (COUNT(DISTINCT ?s) AS ?n) WHERE {{
              VALUES ?class {{ {classes} }} ?s a ?class }} GROUP BY ?class"""
        )
    }
    crises = reader.rows(
        """SELECT ?crisis ?summary ?from ?until WHERE {
          ?crisis a cg:Crisis . OPTIONAL { ?crisis cg:summary ?summary }
          OPTIONAL { ?crisis cg:validFrom ?from } OPTIONAL { ?crisis cg:validUntil ?until }
        } ORDER BY ?crisis"""
    )
    events = {
        row["crisis"]: int(row["n"])
        for row in reader.rows(
            """SELECT ?crisis (COUNT(?event) AS ?n) WHERE {
              ?event a cg:Event ; cg:crisis ?crisis } GROUP BY ?crisis"""
        )
    }
    crises.sort(key=lambda row: -events.get(row["crisis"], 0))
    verdicts = counts(
        reader.rows(
            f"""SELECT ?verdict (COUNT(DISTINCT ?finding) AS ?n)
            WHERE {{ {VERDICT} }} GROUP BY ?verdict"""
        )
    )
    reader.fetch_names()
    linker = Linker(reader.names)
    body = render_template(
        "home.html",
        counted=[(numbers.get(name, 0), words) for name, words in _COUNTED],
        crises=crises,
        events=events,
        verdicts=verdicts,
        findings=numbers.get("Finding", 0),
        quiet=sum(count.number for count in verdicts if count.verdict.id in QUIET),
        questions=list(questions().values()),
        link=linker.link,
        validity=validity,
        base=BASE,
        version=services().engine.version,
    )
    return with_validators(Response(body, mimetype=HTML), HTML)
