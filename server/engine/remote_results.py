"""Reading what a remote endpoint sent, and writing it as this server would have.

Endpoints differ in how they write the same values: Virtuoso writes ``true`` as
``1`` and answers ASK with a table of one row. Every result is therefore read to
its end and written anew; what does not end well-formed is no result.
"""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterator, Mapping
from typing import IO, Any, BinaryIO, cast

import pyoxigraph as ox

from crisisgov.server.engine import formats
from crisisgov.server.engine.api import ResultKind
from crisisgov.server.engine.errors import NotAcceptable, QueryDeadline
from crisisgov.server.engine.formats import ResultFormats
from crisisgov.server.engine.remote_errors import IncompleteResult
from crisisgov.server.engine.spool import Spool

_SOLUTION_WRITERS = {
    formats.JSON: ox.QueryResultsFormat.JSON,
    formats.XML: ox.QueryResultsFormat.XML,
    formats.CSV: ox.QueryResultsFormat.CSV,
    formats.TSV: ox.QueryResultsFormat.TSV,
}
_GRAPH_WRITERS = {
    formats.TURTLE: ox.RdfFormat.TURTLE,
    formats.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    formats.JSONLD: ox.RdfFormat.JSON_LD,
    formats.RDFXML: ox.RdfFormat.RDF_XML,
}
_BOOLEAN = ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_BOOLEANS = {"1": ox.Literal(True), "0": ox.Literal(False)}
_ASK_COLUMN = "__ASK_RETVAL"  # Virtuoso's table: one row for true, none for false
_ROWS = 500  # written at a time


def choose(kind: ResultKind, accept: ResultFormats) -> str:
    """Return the format in which a result of this kind is written.

    :raises NotAcceptable: when the asker takes none of those that there are.
    """
    accepted, offered = (
        (accept.graphs, formats.GRAPHS)
        if kind == "graph"
        else (accept.solutions, formats.SOLUTIONS)
    )
    for media_type in accepted:
        if media_type in offered:
            return media_type
    what = "CONSTRUCT and DESCRIBE" if kind == "graph" else "SELECT and ASK"
    raise NotAcceptable(
        f"Results of {what} cannot be sent in any of the formats asked for.",
        hint=f"Offered are {', '.join(offered)}.",
    )


def rewrite(
    kind: ResultKind,
    content: IO[bytes],
    media_type: str,
    spools: tuple[Spool, Spool],
    prefixes: Mapping[str, str],
    deadline: float,
) -> Spool:
    """Write what is in ``content`` (JSON, or N-Triples for a graph) as ``media_type``.

    Returns that of the two empty ``spools`` in which the result is. ``deadline``
    is a moment of ``time.monotonic``.

    :raises QueryDeadline: when it passes meanwhile.
    :raises IncompleteResult: when the content is not well-formed to its end.
    :raises CeilingReached: when the result is longer than a spool takes.
    """
    first, second = spools
    try:
        if kind == "graph":
            triples = (_plain_triple(triple) for triple in _triples(content, deadline))
            short = dict(prefixes) if media_type in (formats.TURTLE, formats.RDFXML) else None
            ox.serialize(triples, _sink(first), _GRAPH_WRITERS[media_type], prefixes=short)
            return first
        result = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
        if kind == "ask":
            _write_boolean(_truth(result), first)
        else:
            _write_solutions(result, first, deadline)
        _require_end(content)
    except (SyntaxError, ValueError) as error:
        raise IncompleteResult(f"The remote endpoint's result cannot be read: {error}") from error
    if media_type == formats.JSON:
        return first
    with readable(first) as normal:
        again = ox.parse_query_results(normal, ox.QueryResultsFormat.JSON)
        assert not isinstance(again, ox.QueryTriples)
        again.serialize(_sink(second), _SOLUTION_WRITERS[media_type])
    return second


def _sink(spool: Spool) -> IO[bytes]:
    return cast(IO[bytes], spool)


def readable(spool: Spool) -> BinaryIO:
    """Return what is in ``spool`` from its start, as a file of its own."""
    held = spool.inline()
    return io.BytesIO(held) if held is not None else os.fdopen(os.dup(spool.fileno()), "rb")


def _require_end(content: IO[bytes]) -> None:
    """Check the last byte: the parser takes ``{"boolean":true`` for an answer."""
    size = content.seek(0, 2)
    content.seek(max(0, size - 64))
    if not content.read().rstrip().endswith(b"}"):
        raise ValueError("it ends in the middle")


def _in_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise QueryDeadline(
            "The result could not be read within the time that a query may take.",
            hint="Add LIMIT, or ask for fewer columns.",
        )


def _triples(content: IO[bytes], deadline: float) -> Iterator[ox.Triple]:
    for number, quad in enumerate(ox.parse(content, ox.RdfFormat.N_TRIPLES)):
        if number % _ROWS == 0:
            _in_time(deadline)
        yield quad.triple


def _plain_triple(triple: ox.Triple) -> ox.Triple:
    plain = _plain(triple.object)
    if plain is triple.object:
        return triple
    return ox.Triple(triple.subject, triple.predicate, cast(ox.Literal, plain))


def _plain(term: Any) -> Any:
    """Return ``term`` with a boolean in its usual form."""
    if isinstance(term, ox.Literal) and term.datatype == _BOOLEAN:
        return _BOOLEANS.get(term.value, term)
    return term


def _truth(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> bool:
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QuerySolutions):
        rows = list(result)
        if [one.value for one in result.variables] == [_ASK_COLUMN]:
            return any(str(row[0].value) in ("1", "true") for row in rows)
    raise ValueError("a truth value was asked for, and something else came")


def _write_boolean(value: bool, spool: Spool) -> None:
    spool.write(json.dumps({"head": {}, "boolean": value}).encode())


def _write_solutions(
    result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, spool: Spool, deadline: float
) -> None:
    if not isinstance(result, ox.QuerySolutions):
        raise ValueError("rows were asked for, and something else came")
    names = [one.value for one in result.variables]
    spool.write(
        b'{"head":%s,"results":{"bindings":[' % _json({"vars": names}),
    )
    rows: list[bytes] = []
    separator = b""
    for solution in result:
        row = {
            name: _json_term(_plain(term))
            for name, term in zip(names, solution, strict=True)
            if term is not None
        }
        rows.append(_json(row))
        if len(rows) == _ROWS:
            _in_time(deadline)
            spool.write(separator + b",".join(rows))
            separator = b","
            rows.clear()
    if rows:
        spool.write(separator + b",".join(rows))
    spool.write(b"]}}")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _json_term(term: Any) -> dict[str, Any]:
    """Return a term as SPARQL 1.1 Query Results JSON, section 3.2.2, has it."""
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, ox.Literal):
        raise ValueError("it holds a term that is neither IRI, literal nor blank node")
    written: dict[str, Any] = {"type": "literal", "value": term.value}
    if term.language is not None:
        written["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        written["datatype"] = term.datatype.value
    return written
