"""Writing over HTTP: who may, where to, what is refused, and that nothing is lost or half done."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from SPARQLWrapper import POST, SPARQLWrapper

from crisisgov.loaders import build, contributions
from crisisgov.loaders.contributions import Journal, is_contribution
from crisisgov.loaders.version_files import VersionError
from crisisgov.loaders.versions import VersionStore
from crisisgov.server.engine.errors import QueryError, QuerySyntaxError
from crisisgov.server.updates import apply, child, curated, dataset
from crisisgov.server.updates.errors import ForeignGraph, UnreadableData, WriteFailed
from crisisgov.server.updates.job import Job, Part
from tests.support.graphs import BASE as SEEDS
from tests.support.graphs import write_seeds
from tests.support.servers import Reply, Server, server_environ, wait_for

BASE = "https://w3id.org/crisisgov/"
CONTRIB = BASE + "graph/contrib/"
CITY = f"<{BASE}actor/city>"
SEE = "<http://www.w3.org/2000/01/rdf-schema#seeAlso>"
TOKEN = "a-token-that-nobody-guesses"
BEARER = f"Bearer {TOKEN}"


def insert(graph: str, *values: str) -> str:
    triples = " ".join(f"{CITY} {SEE} <http://example.org/{value}> ." for value in values)
    return f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}"


def quad(value: str, graph: str = CONTRIB + "a") -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(BASE + "actor/city"),
        ox.NamedNode(SEE.strip("<>")),
        ox.NamedNode(f"http://example.org/{value}"),
        ox.NamedNode(graph),
    )


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a version built from a handful of records, which takes two seconds."""
    folder = tmp_path_factory.mktemp("small")
    chinese = {n: text.replace("label: {en", "label: {zh: 名, en") for n, text in SEEDS.items()}
    seeds = write_seeds(folder / "seeds", chinese)
    build.build(seeds, VersionStore(folder / "data"))
    return folder / "data"


@pytest.fixture(scope="session")
def served(small: Path) -> list[ox.Quad]:
    """The quads of that version."""
    current = VersionStore(small).current()
    assert current is not None
    return list(ox.parse(path=str(current.quads_path), format=ox.RdfFormat.N_QUADS))


@pytest.fixture
def own(small: Path, tmp_path: Path) -> Path:
    """A copy of that data folder."""
    return Path(shutil.copytree(small, tmp_path / "data", symlinks=True))


@pytest.fixture(scope="session")
def written(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that data folder with one accepted write."""
    data = shutil.copytree(small, tmp_path_factory.mktemp("written") / "data", symlinks=True)
    write(data, "accepted")
    return data


def write(data: Path, value: str) -> None:
    """Write in this process."""
    job = Job("update", insert(CONTRIB + "a", value))
    curated.write(data, job, memory_mb=256, seconds=30)


def start(data: Path, log: Path) -> Server:
    server = Server(
        data,
        log,
        CRISISGOV_WRITE_TOKEN=TOKEN,
        CRISISGOV_WORKERS="3",
        CRISISGOV_PAGE_WORKERS="1",
    )
    server.wait_until_ready()
    return server


@pytest.fixture(scope="module")
def writable(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that accepts writes with the token."""
    folder = tmp_path_factory.mktemp("writable")
    server = start(shutil.copytree(small, folder / "data", symlinks=True), folder / "server.log")
    yield server
    server.stop()


def update(server: Server, text: str, authorization: str = BEARER) -> Reply:
    return server.request(
        "POST",
        "/sparql",
        text.encode(),
        Content_Type="application/sparql-update",
        Authorization=authorization,
    )


def values(server: Server, graph: str) -> set[str]:
    """What the city is said to have in a graph."""
    query = f"SELECT ?o WHERE {{ GRAPH <{graph}> {{ {CITY} {SEE} ?o }} }}"
    rows = server.query(query, Accept="text/csv").text.split()[1:]
    return {row.rsplit("/", 1)[1] for row in rows}


def version(server: Server) -> str:
    return str(server.get("/readyz").json()["version"])


# Who may write


@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("POST", "/sparql", "application/sparql-update"),
        ("PUT", f"/graph-store?graph={quote(CONTRIB + 'a')}", "text/turtle"),
        ("POST", "/graph-store/contrib/a", "text/turtle"),
        ("POST", "/graph-store", "text/turtle"),
        ("DELETE", "/graph-store/contrib/a", "text/turtle"),
    ],
)
def test_without_a_token_in_the_settings_nothing_can_be_written(
    server: Server, method: str, path: str, content_type: str
) -> None:
    reply = server.request(method, path, b"", Content_Type=content_type, Authorization=BEARER)
    assert (reply.status, reply.json()["kind"]) == (403, "read-only")


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_a_missing_or_wrong_token_is_answered_401(writable: Server, authorization: str) -> None:
    replies = [
        update(writable, "CLEAR ALL", authorization),
        writable.request("DELETE", "/graph-store/contrib/a", Authorization=authorization),
    ]
    for reply in replies:
        assert reply.status == 401
        assert reply.headers["www-authenticate"] == 'Bearer realm="crisisgov"'


def test_the_token_is_neither_logged_nor_given_to_processes_that_run_queries(
    writable: Server,
) -> None:
    update(writable, "CLEAR ALL", BEARER + "x")
    assert TOKEN not in writable.log.read_text()
    for pid in writable.query_workers():
        assert TOKEN.encode() not in Path(f"/proc/{pid}/environ").read_bytes()


def test_reading_needs_no_token(writable: Server) -> None:
    assert writable.get("/graph-store/actors").status == 200
    assert writable.get("/graph-store/contrib/never-written").status == 404


# Where to, and what


def test_an_accepted_update_is_answered_204_and_seen_by_the_next_query(writable: Server) -> None:
    before = version(writable)
    assert update(writable, insert(CONTRIB + "seen", "one")).status == 204
    assert values(writable, CONTRIB + "seen") == {"one"}
    assert version(writable) > before


def test_sparqlwrapper_updates_with_the_token(writable: Server) -> None:
    client = SPARQLWrapper(f"http://127.0.0.1:{writable.port}/sparql")
    client.setMethod(POST)
    client.addCustomHttpHeader("Authorization", BEARER)
    client.setQuery(insert(CONTRIB + "client", "wrapped"))
    client.query()
    assert values(writable, CONTRIB + "client") == {"wrapped"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (insert(BASE + "graph/actors", "x"), "graph/actors>"),
        (f"INSERT DATA {{ {CITY} {SEE} <http://x/> }}", "the default graph"),
        (f"DROP GRAPH <{BASE}graph/actors>", "graph/actors>"),
        ("CREATE GRAPH <http://x/empty>", "<http://x/empty>"),
        (insert(CONTRIB + "../vocab", "x"), "contrib/../vocab>"),
        (f"DELETE WHERE {{ GRAPH ?g {{ {CITY} ?p ?o }} }}", "graph/actors>"),
        (f"{insert(CONTRIB + 'a', 'x')}; {insert(BASE + 'graph/meta', 'x')}", "graph/meta>"),
    ],
)
def test_a_change_that_touches_another_graph_is_refused_and_names_it(
    served: list[ox.Quad], text: str, named: str
) -> None:
    store = ox.Store()
    store.extend(served)
    with pytest.raises(ForeignGraph) as raised:
        apply.apply(store, Job("update", text), anywhere=False)
    assert named in raised.value.detail


def test_a_refused_change_is_answered_403_and_changes_nothing(writable: Server) -> None:
    before = version(writable)
    reply = update(writable, f"{insert(CONTRIB + 'a', 'x')}; DROP GRAPH <{BASE}graph/actors>")
    assert (reply.status, reply.json()["kind"]) == (403, "graph")
    assert "graph/actors>" in reply.json()["detail"]
    assert version(writable) == before


def test_a_change_that_makes_the_graph_invalid_is_refused_with_the_report(
    writable: Server,
) -> None:
    before = version(writable)
    text = f'INSERT DATA {{ GRAPH <{CONTRIB}bad> {{ {CITY} <ontology#jurisdiction> "nowhere" }} }}'
    reply = update(writable, text)
    assert (reply.status, reply.json()["kind"]) == (422, "invalid")
    assert "actor/city: jurisdiction" in reply.json()["detail"]
    assert version(writable) == before
    assert writable.get("/graph-store/contrib/bad").status == 404


def test_a_triple_of_the_records_cannot_be_contributed_again(writable: Server) -> None:
    label = 'GRAPH ?g { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } FILTER(?l = "City"@en)'
    text = (
        f"INSERT {{ GRAPH <{CONTRIB}again> {{ ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l "
        f"}} }} WHERE {{ {label} }}"
    )
    reply = update(writable, text)
    assert reply.status == 422
    assert "already" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ("INSERT DATA { <a> <b> }", 400, "syntax"),
        ("CLEAR GRAPH <http://x/not-there>", 400, "write"),
        ("LOAD <http://127.0.0.1:8000/x>", 403, "federation-off"),
        ("LOAD SILENT <http://127.0.0.1:8000/x>", 403, "federation-off"),
        (
            "INSERT { <a> <b> ?o } WHERE { SERVICE SILENT <http://127.0.0.1:8000/> { ?s ?p ?o } }",
            403,
            "federation-off",
        ),
        ("INSERT {} WHERE " + "{" * 20_000 + "}" * 20_000, 400, "nesting"),
        ("# " + "x" * 70_000, 413, "too-long"),
    ],
)
def test_a_hostile_or_wrong_update_is_refused_and_the_server_lives(
    writable: Server, text: str, status: int, kind: str
) -> None:
    reply = update(writable, text)
    assert (reply.status, reply.json()["kind"]) == (status, kind)
    assert writable.query("ASK {}").status == 200


def test_a_second_change_meanwhile_is_answered_503_with_retry_after(writable: Server) -> None:
    with VersionStore(Path(writable.environ["CRISISGOV_DATA"])).lock():
        reply = update(writable, insert(CONTRIB + "a", "x"))
    assert (reply.status, reply.json()["kind"]) == (503, "write-busy")
    assert int(reply.headers["retry-after"]) > 0


# The Graph Store Protocol with a token


def test_a_graph_is_made_read_replaced_and_removed(writable: Server) -> None:
    path = "/graph-store/contrib/life"
    turtle = f"{CITY} {SEE} <#here> .".encode()
    sent = {"Content_Type": "text/turtle", "Authorization": BEARER}
    assert writable.request("PUT", path, turtle, **sent).status == 201
    read = writable.get(path, Accept="application/n-triples")
    assert read.text == f"{CITY} {SEE} <{CONTRIB}life#here> .\n"
    etag = read.headers["etag"]
    again = writable.get(path, Accept="application/n-triples", If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    assert writable.request("PUT", path, turtle, If_None_Match="*", **sent).status == 412
    replaced = writable.request("PUT", path, b"", If_Match=etag, **sent)
    assert replaced.status == 204
    assert writable.get(path).status == 404
    assert writable.request("DELETE", path, Authorization=BEARER).status == 404


def test_if_match_refuses_a_change_of_what_has_changed(writable: Server) -> None:
    path = "/graph-store/contrib/lost"
    assert update(writable, insert(CONTRIB + "lost", "first")).status == 204
    etag = writable.get(path, Accept="text/turtle").headers["etag"]
    assert update(writable, insert(CONTRIB + "lost", "second")).status == 204
    reply = writable.request("DELETE", path, Authorization=BEARER, If_Match=etag)
    assert reply.status == 412
    assert values(writable, CONTRIB + "lost") == {"first", "second"}


@pytest.mark.parametrize("path", ["/graph-store?default", "/graph-store/actors"])
def test_other_graphs_cannot_be_replaced(writable: Server, path: str) -> None:
    reply = writable.request("PUT", path, b"", Content_Type="text/turtle", Authorization=BEARER)
    assert (reply.status, reply.json()["kind"]) == (403, "graph")


# Durability


def test_readers_see_all_of_a_change_or_nothing_and_no_request_is_dropped(
    writable: Server,
) -> None:
    seen: list[tuple[int, frozenset[str]]] = []
    done = threading.Event()
    query = f"SELECT ?o WHERE {{ GRAPH <{CONTRIB}atomic> {{ {CITY} {SEE} ?o }} }}"

    def read() -> None:
        while not done.is_set():
            reply = writable.query(query, Accept="text/csv")
            seen.append((reply.status, frozenset(reply.text.split()[1:])))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert update(writable, insert(CONTRIB + "atomic", "both-1", "both-2")).status == 204
    finally:
        done.set()
        reader.join()
    both = frozenset({"http://example.org/both-1", "http://example.org/both-2"})
    assert {status for status, _found in seen} == {200}
    assert {found for _status, found in seen} <= {frozenset(), both}
    assert values(writable, CONTRIB + "atomic") == {"both-1", "both-2"}


def test_contributions_are_in_the_next_build_and_change_whether_one_is_due(own: Path) -> None:
    versions = VersionStore(own)
    before = versions.current()
    assert before is not None
    seeds = Path(before.meta["seeds"])
    Journal(own).append((), [quad("kept")])
    assert build.is_stale(before, seeds)
    after = build.build(seeds, versions)
    assert not build.is_stale(after, seeds)
    assert quad("kept") in ox.Store.read_only(str(after.store_path))


POINTS = {
    "before the journal": ("contributions.Journal.append = die", False),
    "in the middle of a line": ("contributions._write_all = half", False),
    "assembled, not journalled": ("build.publish = die", False),
    "journalled, not published": ("versions.VersionStore._put_in_place = die", True),
    "written, not switched": ("versions.VersionStore._switch = die", True),
    "switched, not tidied up": ("versions.VersionStore._remove_old = die", True),
}
KILLED = """
import os, signal, sys
from pathlib import Path
from crisisgov.loaders import build, contributions, versions
from crisisgov.server.updates import curated
from crisisgov.server.updates.job import Job
def die(*_arguments, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
def half(descriptor, text):
    os.write(descriptor, text[:len(text) // 2])
    die()
exec(sys.argv[3])
curated.write(Path(sys.argv[1]), Job("update", sys.argv[2]), memory_mb=256, seconds=30)
"""


def write_apart(data: Path, text: str, point: str) -> int:
    """Write in a process that kills itself at a point; return its exit status."""
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(data), text, point],
        env=server_environ(data),
        capture_output=True,
        check=False,
    )
    return run.returncode


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_a_write_is_whole_or_not_there_and_none_is_lost(
    written: Path, tmp_path: Path, point: str
) -> None:
    own = Path(shutil.copytree(written, tmp_path / "data", symlinks=True))
    code, stays = POINTS[point]
    versions = VersionStore(own)
    killed = insert(CONTRIB + "a", "killed-1", "killed-2")
    assert write_apart(own, killed, code) == -signal.SIGKILL
    held = {quad("accepted")} | ({quad("killed-1"), quad("killed-2")} if stays else set())
    assert Journal(own).quads() == held
    current = versions.current()
    assert current is not None
    store = ox.Store.read_only(str(current.store_path))
    served = set(store.quads_for_pattern(None, None, None, ox.NamedNode(CONTRIB + "a")))
    assert served in ({quad("accepted")}, held)
    # The next write finds everything in order, and brings what was journalled.
    write(own, "next")
    current = versions.current()
    assert current is not None
    assert held | {quad("next")} <= set(ox.Store.read_only(str(current.store_path)))


def test_after_kill_9_of_the_whole_server_in_mid_write_the_graph_is_whole(
    written: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(written, tmp_path / "data", symlinks=True))
    server = start(own, tmp_path / "first.log")

    def send() -> None:
        # The connection breaks: nobody is told that the change was accepted.
        with pytest.raises(OSError):
            update(server, insert(CONTRIB + "a", "x", "y"))

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(1.0)
    family = server.family()
    for pid in family:
        os.kill(pid, signal.SIGKILL)
    server.process.wait()
    sender.join()
    assert wait_for(lambda: not server.family())
    second = start(own, tmp_path / "second.log")
    try:
        assert values(second, CONTRIB + "a") in ({"accepted"}, {"accepted", "x", "y"})
        assert update(second, insert(CONTRIB + "a", "z")).status == 204
        assert values(second, CONTRIB + "a") >= {"accepted", "z"}
    finally:
        second.stop()


def test_when_the_version_cannot_be_published_the_journal_is_as_before(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise VersionError("no space left on device")

    Journal(own).append((), [quad("old")])
    content = Journal(own).path.read_bytes()
    monkeypatch.setattr(VersionStore, "_put_in_place", full)
    with pytest.raises(WriteFailed):
        job = Job("update", insert(CONTRIB + "a", "new"))
        curated.write(own, job, memory_mb=256, seconds=30)
    assert Journal(own).path.read_bytes() == content


# The journal


def test_the_journal_gives_what_additions_and_removals_leave(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.quads() == set()
    journal.append((), [quad("a"), quad("b")])
    journal.append([quad("a")], [quad("c")])
    assert contributions.quads(tmp_path) == {quad("b"), quad("c")}


def test_half_a_line_at_the_end_is_cut_off_by_the_next_entry(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append((), [quad("a")])
    whole = journal.path.read_bytes()
    for size in range(1, len(whole) + 1):
        # without its newline, or with a checksum that is not its own
        journal.path.write_bytes(whole + whole[: size - 1] + (b"" if size % 2 else b"\n"))
        assert journal.quads() == {quad("a")}
    journal.path.write_bytes(whole + whole[:20])
    journal.append((), [quad("b")])
    assert journal.quads() == {quad("a"), quad("b")}


def test_damage_before_the_end_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for name in ("a", "b", "c"):
        journal.append((), [quad(name)])
    lines = journal.path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"example", b"exanple")
    journal.path.write_bytes(b"".join(lines))
    with pytest.raises(VersionError, match="line 2 is damaged"):
        journal.quads()


@pytest.mark.parametrize(
    ("iri", "may"),
    [
        (CONTRIB + "a", True),
        (CONTRIB + "a/b", True),
        (CONTRIB, False),
        (CONTRIB + "../vocab", False),
        (CONTRIB + "a//b", False),
        (BASE + "graph/contribution", False),
    ],
)
def test_only_graphs_below_contrib_are_contributions(iri: str, may: bool) -> None:
    assert is_contribution(iri) is may


# The dataset that a request names


def readable(text: str) -> bool:
    try:
        ox.Store().update(text, base_iri=BASE)
    except SyntaxError:
        return False
    except RuntimeError:
        return True
    return True


def test_using_clauses_go_where_the_parser_takes_them() -> None:
    text = (
        "# where\nINSERT DATA { <s> <p> 'where' } ;\n"
        "insert { <where> ?p 1 }where { SELECT ?p WHERE { ?s ?p '''\nwhere''' } }"
    )
    changed = dataset.with_dataset(text, ["http://x/d"], ["http://x/n"], readable)
    clause = " USING <http://x/d> USING NAMED <http://x/n> "
    assert changed == text.replace("}where", "}" + clause + "where")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("WITH <g> DELETE {} INSERT {} WHERE {}", "WITH"),
        ("INSERT {} USING <g> WHERE {}", "USING"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE WHERE"),
        ("INSERT {} WHERE {} ; deletewhere { ?s ?p ?o }", "DELETE WHERE"),
    ],
)
def test_an_update_with_a_dataset_of_its_own_is_a_conflict(text: str, says: str) -> None:
    with pytest.raises(QuerySyntaxError, match=says):
        dataset.with_dataset(text, ["http://x/d"], [], readable)


def test_words_in_strings_and_names_are_no_conflict() -> None:
    text = "INSERT { <using> <with> 'USING <g>' } WHERE { <with> <using> ?o } # WITH <g>"
    changed = dataset.with_dataset(text, ["http://x/d"], [], readable)
    assert changed.replace(" USING <http://x/d> ", "") == text


# What runs apart


def test_the_store_is_only_changed_in_graphs_of_contributions() -> None:
    store = ox.Store()
    store.add(quad("x", BASE + "graph/actors"))
    done = apply.apply(store, Job("update", insert(CONTRIB + "a", "y")), anywhere=False)
    assert done.quads == [quad("y")]
    with pytest.raises(ForeignGraph, match="actors"):
        apply.apply(store, Job("update", "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"), anywhere=False)


def test_a_change_needs_no_memory_for_what_it_leaves_alone(tmp_path: Path) -> None:
    subject, predicate = f"<{BASE}event/{{number}}>", f"<{BASE}ontology#{'of' * 20}>"
    with (tmp_path / "graph.nq").open("w") as graph:
        for number in range(100_000):
            line = f'{subject.format(number=number)} {predicate} "{number}" <{BASE}graph/events> .'
            graph.write(f"{line}\n")
    existed, changed = child.run_apart(
        Job("update", insert(CONTRIB + "a", "y")),
        graph=tmp_path / "graph.nq",
        contributions=tmp_path,
        memory_mb=32,  # 16 MiB beside the working copy
        seconds=60,
    )
    assert not existed
    assert list(ox.parse(changed, format=ox.RdfFormat.N_QUADS)) == [quad("y")]


def test_without_a_wall_what_might_fetch_is_refused_by_its_letters() -> None:
    for text in ("LOAD <http://x/>", "INSERT {} WHERE { service <http://x/> {} }"):
        with pytest.raises(QueryError, match="fetch"):
            apply.apply(ox.Store(), Job("update", text), anywhere=True, walled=False)


def test_wrong_turtle_is_answered_with_its_line() -> None:
    job = Job("put", graph=CONTRIB + "a", parts=(Part("text/turtle", b"<a> <b>\n  oops ."),))
    with pytest.raises(UnreadableData) as raised:
        apply.apply(ox.Store(), job, anywhere=False)
    assert raised.value.line == 2


def test_what_a_build_depends_on_does_not_depend_on_where_the_records_lie(small: Path) -> None:
    seeds = small.parent / "seeds"
    other = small.parent / "a link"
    other.symlink_to(seeds, target_is_directory=True)
    moved = shutil.copytree(seeds, small.parent / "zz" / "seeds")
    assert len({build.input_digest(folder) for folder in (seeds, other, moved)}) == 1
