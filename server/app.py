"""The application factory."""

from __future__ import annotations

import contextlib
from typing import Any

from flask import Blueprint, Flask, Response, g

from crisisgov.server import (
    entities,
    graph_store,
    health,
    home,
    http_errors,
    ontology_page,
    questions,
    search,
    site,
    sparql,
    what_if,
)
from crisisgov.server.engine.api import MAX_QUERY_BYTES, QueryEngine
from crisisgov.server.services import Services
from crisisgov.server.settings import Settings

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.blueprint,
    sparql.blueprint,
    graph_store.blueprint,
    home.blueprint,
    questions.blueprint,
    search.blueprint,
    ontology_page.blueprint,
    what_if.blueprint,
    entities.blueprint,
)
"""Everything that is served, in one place."""

_HEADERS = {
    # Pages use no script, style or picture of anybody else, and no inline ones.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # All of it is public and nothing is done in anybody's name: any page may read it.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, Content-Length",
}


def create_app(settings: Settings, engine: QueryEngine, catalogue: Any = None) -> Flask:
    """Return the WSGI application over ``engine``.

    ``catalogue`` is the catalogue of questions, for the pages that show it.
    Every query of one request asks one version of the graph.
    """
    app = Flask("crisisgov.server")
    # A percent-encoded query is up to three times as long as its text.
    app.config["MAX_CONTENT_LENGTH"] = 4 * MAX_QUERY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = 4 * MAX_QUERY_BYTES
    app.extensions["crisisgov"] = Services(settings, engine, catalogue)
    app.jinja_env.globals["site"] = settings
    http_errors.register(app)
    site.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)

    @app.before_request
    def pin() -> None:
        g.pinned = contextlib.ExitStack()
        g.pinned.enter_context(engine.pinned())

    @app.teardown_request
    def unpin(_error: BaseException | None) -> None:
        if "pinned" in g:
            g.pinned.close()

    @app.after_request
    def add_headers(response: Response) -> Response:
        there = {name.lower() for name, _value in response.headers}
        missing = [(n, value) for n, value in _HEADERS.items() if n.lower() not in there]
        response.headers.extend(missing)
        return response

    return app
