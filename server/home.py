"""``/``: what the graph holds, what it does not, and how to ask it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from crisisgov.ontology.terms import BASE
from crisisgov.server.engine.formats import HTML
from crisisgov.server.entity_views.links import Linker
from crisisgov.server.entity_views.listings import VERDICT
from crisisgov.server.entity_views.reader import Reader, node, with_prefixes
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
_CRISES = 60  # with most events; data sets bring thousands with a few
_ALL_CRISES = """SELECT ?crisis ?label (COUNT(?event) AS ?events) WHERE {
  ?crisis a cg:Crisis ; rdfs:label ?label . FILTER(LANG(?label) = "en")
  OPTIONAL { ?event cg:crisis ?crisis ; a cg:Event } } GROUP BY ?crisis ?label ORDER BY ?label"""


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
            # Every triple has one home, so nothing is counted twice.
            f"""SELECT ?class (COUNT(*) AS ?n) WHERE {{
              VALUES ?class {{ {classes} }} ?s a ?class }} GROUP BY ?class"""
        )
    }
    events = {
        row["crisis"]: int(row["n"])
        for row in reader.rows(
            # Sub-selects, so that the engine joins two sets and looks nothing up one by one.
            """SELECT ?crisis (COUNT(?event) AS ?n) WHERE {
              { SELECT ?event WHERE { ?event a cg:Event } }
              { SELECT ?event ?crisis WHERE { ?event cg:crisis ?crisis } } } GROUP BY ?crisis"""
        )
    }
    every = [row["crisis"] for row in reader.rows("SELECT ?crisis WHERE { ?crisis a cg:Crisis }")]
    every.sort(key=lambda iri: (-events.get(iri, 0), iri))
    shown = every[:_CRISES]
    about = {
        row["crisis"]: row
        for row in reader.rows(
            f"""SELECT ?crisis ?summary ?from ?until WHERE {{
              VALUES ?crisis {{ {" ".join(map(node, shown))} }}
              OPTIONAL {{ ?crisis cg:summary ?summary }}
              OPTIONAL {{ ?crisis cg:validFrom ?from }}
              OPTIONAL {{ ?crisis cg:validUntil ?until }} }}"""
        )
    }
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
        crises=[about[iri] for iri in shown],
        more_crises=len(every) - len(shown),
        all_crises=with_prefixes(_ALL_CRISES),
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
