"""A write into the real graph: checked, journalled, published.

The order is what makes it safe to be killed at any moment:

1. the build lock is taken, so that nobody else changes the data folder;
2. the change runs on a working copy, apart (:mod:`crisisgov.server.updates.apply`);
3. records and contributions are assembled anew, as a build does: SHACL,
   reasoning, evaluation, SHACL again. What is wrong ends it here;
4. the new version is made aside, of what the served one's store shares with it and what
   differs; with data sets in it, the whole is validated once more;
5. the journal takes the change in, and is on disk: from here on every build has it;
6. the new version is published by one atomic step, and only then the client hears of it.

Killed before 5, nothing was changed; killed after 5, the change is not in the
served version yet, was not acknowledged, and comes with the next write or build.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox

from crisisgov.errors import InputError, RecordErrors
from crisisgov.loaders import build
from crisisgov.loaders.contributions import Journal
from crisisgov.loaders.version_files import BuildLocked, Version, VersionError
from crisisgov.loaders.versions import VersionStore
from crisisgov.server.updates import child, errors, served
from crisisgov.server.updates.job import Job, Written

BUSY_SECONDS = 20
"""When to come again while another write or build is at work."""


def write(root: Path, job: Job, *, memory_mb: int, seconds: float) -> Written:
    """Carry ``job`` out in the data folder ``root``.

    ``memory_mb`` and ``seconds`` bound the update itself.

    :raises QueryError: when it is refused or cannot be done; nothing is changed then
    """
    versions = VersionStore(root)
    try:
        with versions.lock():
            return _write(versions, job, memory_mb, seconds)
    except BuildLocked as error:
        raise errors.WriteBusy(
            "Another write or a build is at work.",
            hint="Send the change again in a moment.",
            retry_after=BUSY_SECONDS,
        ) from error
    except VersionError as error:
        raise errors.WriteFailed(str(error)) from error


def _write(versions: VersionStore, job: Job, memory_mb: int, seconds: float) -> Written:
    version = versions.current()
    if version is None:
        raise errors.OutdatedGraph("Nothing is built yet.", hint="Run crisisgov build.")
    if job.version and version.id != job.version:
        raise errors.Precondition("The graph has a newer version than the one that was read.")
    seeds = _seeds(version)
    journal = Journal(versions.root)
    before = journal.quads()
    existed, nquads = child.run_apart(
        job,
        graph=version.quads_path,
        contributions=versions.root,
        memory_mb=memory_mb,
        seconds=seconds,
    )
    after = set(ox.parse(nquads, ox.RdfFormat.N_QUADS))
    if after == before and version.digest == build.full_digest(version.meta["inputs"], before):
        return Written(version.id, existed)
    added = after - before
    _require_plain(added)
    built = _assemble(seeds, after)
    _require_news(built.store, added)
    place: int | None = None

    def accept() -> None:
        nonlocal place
        place = journal.append(before - after, added)

    try:
        published = build.publish(built, seeds, versions, accept=accept)
    except BaseException as error:
        current = versions.current()
        if current is not None and current.digest == built.digest:
            # It was published, and only tidying up behind it failed.
            return Written(current.id, existed)
        if place is not None:
            journal.undo(place)
        if isinstance(error, InputError):
            raise _invalid(error) from error
        raise
    return Written(published.id, existed)


def _seeds(version: Version) -> Path:
    """Return the records from which ``version`` was built, if they still are what they were."""
    folder = version.meta.get("seeds")
    if folder is None or not Path(folder).is_dir():
        raise errors.OutdatedGraph(
            "The records from which the graph was built are not there.",
            hint="Run crisisgov build.",
        )
    if build.input_digest(Path(folder)) != version.meta["inputs"]:
        raise errors.OutdatedGraph(
            "Records, rules or code have changed since the graph was built.",
            hint="Run crisisgov build; then send the change again.",
        )
    return Path(folder)


def _require_plain(quads: set[ox.Quad]) -> None:
    """Refuse what the graph never has: blank nodes and statements about statements."""
    for quad in sorted(quads, key=str):
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(
            quad.object, ox.NamedNode | ox.Literal
        ):
            raise errors.InvalidChange(
                f"{quad.triple} has a blank node or a triple term.",
                hint="Name every node with an IRI.",
            )


def _assemble(seeds: Path, contributed: set[ox.Quad]) -> build.Built:
    try:
        return build.assemble(seeds, contributed=contributed)
    except RecordErrors as error:
        raise errors.OutdatedGraph(
            f"The records themselves have errors: {error}", hint="Run crisisgov validate."
        ) from error
    except InputError as error:
        raise _invalid(error) from error


def _invalid(error: InputError) -> errors.InvalidChange:
    return errors.InvalidChange(
        str(error), hint="Nothing was changed. ontology/shapes.ttl says what is asked."
    )


def _require_news(store: ox.Store, added: set[ox.Quad]) -> None:
    """Refuse triples that another graph states: every triple has one home."""
    known = sorted(str(quad.triple) for quad in added if quad not in store)
    if known:
        raise errors.InvalidChange(
            f"{len(known)} of the triples stand in a graph of the records already: "
            + "; ".join(known[:5]),
            hint="Leave them out.",
        )


if __name__ == "__main__":
    served.serve(int(sys.argv[1]), write)
