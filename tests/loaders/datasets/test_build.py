"""The build with data sets: published whole or not at all, counted, remembered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from crisisgov.loaders import build
from crisisgov.loaders.datasets import run
from crisisgov.loaders.datasets.ledger import Rejects
from crisisgov.loaders.datasets.registry import CROSSWALK, DATA_SETS, PLACES
from crisisgov.loaders.versions import VersionStore
from crisisgov.ontology import terms, validation
from crisisgov.server.cli import local, main
from tests.loaders.datasets.small_sets import coronanet_row, load, write_csv
from tests.support.graphs import BASE, write_seeds

SOURCE = Path(__file__).resolve().parents[3] / "src"
PANDEMIC = """\
crisis:
  id: covid-19
  label: {en: Pandemic, zh: 大流行}
  summary: The pandemic.
  hazard: [infectious-disease]
  place: CH
  period: {begin: "2019-12"}
  citations: [{source: paper}]
"""
TARGET = """\
instruments:
  - {id: target, title: {en: A target, zh: 目标}, in_force: {}, citations: [{source: paper}]}
norms:
  - id: target-717-coordinate
    code: T1
    label: {en: Co-ordinated within seven days, zh: 七天内协调}
    instrument: target
    article: none
    type: benchmark
    says: Not law.
    checked: read
    force: yardstick
    responsibility: overall-coordination
    topics: [existence]
    bearer: {kinds: [government]}
    trigger: {kinds: [report], role: recipient}
    act: {kinds: [coordination], measures: [command-body]}
    clock: receipt
    limit: "7 days"
    failure_type: coordination-failure
    validity: {}
    citations: [{source: paper}]
"""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chinese = {
        name: text.replace("label: {en", "label: {zh: 名, en") for name, text in BASE.items()
    }
    files = {**chinese, "crises/covid-19.yaml": PANDEMIC, "norms/target.yaml": TARGET}
    return write_seeds(tmp_path_factory.mktemp("records") / "seeds", files)


def rows(count: int) -> list[dict[str, str]]:
    return [
        coronanet_row(f"R_{n:015d}NA", policy_id=str(n // 2), description=f"Measure {n}.", country="Peru",
                      ISO_A2="PE", province="Cusco", ISO_L2="")
        for n in range(1, count + 1)
    ]  # fmt: skip


def command(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def built(data: Path) -> ox.Store:
    version = VersionStore(data).current()
    assert version is not None
    return ox.Store.read_only(str(version.store_path))


def count(store: ox.Store, what: str) -> int:
    query = f"PREFIX cg: <{terms.CG}> SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {what} }}"
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return int(next(found)["n"].value)


def test_a_data_set_is_built_into_the_version_and_counted(seeds: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "coronanet.csv.gz", rows(6))
    result = command(
        "build", "--data", tmp_path / "data", "--seeds", seeds, "--with", f"coronanet={path}"
    )
    assert result.exit_code == 0, result.output
    assert "6 rows = 6 recorded + 0 duplicate + 0 rejected; 6 events" in result.output
    store = built(tmp_path / "data")
    assert count(store, "?x a cg:Event ; cg:citation ?r . ?r a cg:Record") == 6
    version = VersionStore(tmp_path / "data").current()
    assert version is not None
    assert version.counts["event"] == 6
    assert version.counts["quads"] == len(store)
    # what the graph says of itself is not counted
    meta = len(list(store.quads_for_pattern(None, None, None, ox.NamedNode(terms.META_GRAPH))))
    assert version.counts["triples"] == len(store) - meta
    said = store.query("SELECT ?n { GRAPH ?g { ?d <http://rdfs.org/ns/void#triples> ?n } }")
    assert isinstance(said, ox.QuerySolutions)
    assert [int(row["n"].value) for row in said] == [version.counts["triples"]]
    build.require_one_home(store)
    assert not (tmp_path / "data" / "rejects.csv").exists()


def test_the_same_input_gives_the_same_bytes(seeds: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "coronanet.csv", rows(20))
    code = (
        "import sys; from pathlib import Path; from crisisgov.loaders import build\n"
        "from crisisgov.loaders.versions import VersionStore; from crisisgov.loaders.datasets import run\n"
        f"v = build.build(Path({str(seeds)!r}), VersionStore(Path(sys.argv[1])), data_sets=run.Selection("
        f"{{'coronanet': Path({str(path)!r})}}))\n"
    )
    texts = []
    for number in range(2):
        data = tmp_path / f"data{number}"
        env = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": str(number)}
        subprocess.run([sys.executable, "-c", code, str(data)], env=env, check=True)
        version = VersionStore(data).current()
        assert version is not None
        texts.append(version.quads_path.read_bytes())
    assert texts[0] == texts[1]


def test_rejects_are_listed_and_the_exit_status_says_so(seeds: Path, tmp_path: Path) -> None:
    bad = [*rows(3), coronanet_row("R_900000000000000NA", country="Nowhere", ISO_A2="")]
    path = write_csv(tmp_path / "coronanet.csv", bad)
    data = tmp_path / "data"
    result = command("build", "--data", data, "--seeds", seeds, "--with", f"coronanet={path}")
    assert result.exit_code == 4
    listed = (data / "rejects.csv").read_text(encoding="utf-8").splitlines()
    assert len(listed) == 2
    assert listed[1].startswith("coronanet,coronanet.csv,5,unknown country 'Nowhere'")
    # a build without such rows takes the list away
    write_csv(path, rows(3))
    assert (
        command("build", "--data", data, "--seeds", seeds, "--with", f"coronanet={path}").exit_code
        == 0
    )
    assert not (data / "rejects.csv").exists()


def test_a_changed_header_costs_that_set_and_is_told_with_its_reason(
    seeds: Path, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "coronanet.csv", rows(3))
    path.write_bytes(path.read_bytes().replace(b"date_start", b"begins"))
    data = tmp_path / "data"
    result = command("build", "--data", data, "--seeds", seeds, "--with", f"coronanet={path}")
    assert result.exit_code == 4, result.output
    assert "3 rows = 0 recorded + 0 duplicate + 3 rejected; 0 events" in result.output
    assert "       3  rejected: the header lacks date_start" in result.output
    assert len((data / "rejects.csv").read_text(encoding="utf-8").splitlines()) == 4
    assert VersionStore(data).current() is not None


def test_a_build_says_which_data_sets_are_gone(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_csv(tmp_path / "coronanet.csv", rows(2))
    versions = VersionStore(tmp_path / "data")
    local.run_build(versions, seeds, {"coronanet": path})
    path.unlink()
    version = local.run_build(versions, seeds)
    said = capsys.readouterr().err.replace("\n", " ")
    assert f"the files of coronanet are no longer in {path}: it is left out" in said
    assert version.counts["event"] == 0


def test_the_help_names_everything_that_can_be_given() -> None:
    said = command("build", "--help").output
    assert all(name in said for name in (*DATA_SETS, PLACES, CROSSWALK))


def test_strict_publishes_nothing(seeds: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert command("build", "--data", data, "--seeds", seeds).exit_code == 0
    before = VersionStore(data).current()
    bad = [*rows(3), coronanet_row("R_900000000000000NA", country="Nowhere", ISO_A2="")]
    path = write_csv(tmp_path / "coronanet.csv", bad)
    result = command(
        "build", "--data", data, "--seeds", seeds, "--with", f"coronanet={path}", "--strict"
    )
    assert result.exit_code == 1
    assert "coronanet.csv, line 5: unknown country 'Nowhere'" in result.output
    assert VersionStore(data).current() == before
    assert list(data.rglob("*rejects*")) + list(data.rglob(".tmp-*")) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--with", "coronanet"], "give NAME=PATH"),
        (["--with", "tracker=x"], "no such data set"),
        (["--with", "coronanet=/nowhere/at/all"], "no such file or folder"),
        (["--with", "places=.", "--with", "places=."], "given twice"),
    ],
)
def test_wrong_use_is_told(seeds: Path, tmp_path: Path, given: list[str], says: str) -> None:
    result = command("build", "--data", tmp_path / "data", "--seeds", seeds, *given)
    assert result.exit_code == 2
    assert says in result.output


def test_ctrl_c_leaves_everything_as_it_was(seeds: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert command("build", "--data", data, "--seeds", seeds).exit_code == 0
    before = sorted(path.relative_to(data) for path in data.rglob("*"))
    path = write_csv(
        tmp_path / "coronanet.csv",
        [coronanet_row("R_1NA", country="Nowhere", ISO_A2=""), *rows(3000)],
    )
    code = (
        "import sys, time; from crisisgov.loaders.datasets import coronanet\n"
        "old = coronanet._Loader._group\n"
        "def slow(self, *args):\n    old(self, *args); print('at work', flush=True); time.sleep(0.05)\n"
        "coronanet._Loader._group = slow\n"
        "from crisisgov.server.cli import main; main()\n"
    )
    args = ["build", "--data", str(data), "--seeds", str(seeds), "--with", f"coronanet={path}"]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    child = subprocess.Popen(
        [sys.executable, "-c", code, *args],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "at work\n"
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "what was there before is as it was" in said
    assert sorted(path.relative_to(data) for path in data.rglob("*")) == before


def test_an_act_over_http_keeps_the_data_sets(seeds: Path, tmp_path: Path) -> None:
    versions = VersionStore(tmp_path / "data")
    path = write_csv(tmp_path / "coronanet.csv", rows(6))
    first = build.build(seeds, versions, data_sets=run.Selection({"coronanet": path}))
    path.unlink()  # what is kept is the version's, not the file's
    graph = ox.NamedNode(terms.graph("contrib/a"))
    extra = ox.Quad(
        ox.NamedNode(terms.BASE + "actor/city"), ox.NamedNode("http://x/p"), ox.Literal("v"), graph
    )
    second = build.publish(build.assemble(seeds, contributed=[extra]), seeds, versions)
    assert second.counts["quads"] == first.counts["quads"] + 1
    assert second.counts["event"] == 6
    third = build.publish(build.assemble(seeds), seeds, versions)
    assert third.quads_path.read_bytes() == first.quads_path.read_bytes()


def test_a_changed_file_makes_the_version_stale(seeds: Path, tmp_path: Path) -> None:
    versions = VersionStore(tmp_path / "data")
    path = write_csv(tmp_path / "in" / "coronanet.csv", rows(2))
    version = build.build(seeds, versions, data_sets=run.Selection({"coronanet": path.parent}))
    assert not build.is_stale(version, seeds)
    assert build.remembered(version) == {"coronanet": path.parent}
    write_csv(path, rows(3))
    assert build.is_stale(version, seeds)
    path.unlink()
    path.parent.rmdir()
    assert not build.is_stale(version, seeds)  # nothing could be built from it again
    assert build.remembered(version) == {}


def test_rejects_are_not_kept_by_a_build_that_fails(tmp_path: Path) -> None:
    rejects = Rejects(tmp_path / "rejects.csv")
    rejects.add("set", "file", 1, "reason")
    rejects.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.curated
def test_a_load_over_the_curated_records_conforms_to_the_shapes(
    built: ox.Store, tmp_path: Path
) -> None:
    store = ox.Store()
    store.extend(built)
    many = [
        *rows(3),
        coronanet_row(),
        coronanet_row("R_000000000000011NA", province="Hubei", city="Jingzhou", init_country_level="Municipal"),
        coronanet_row("R_000000000000012NA", country="Belgium,Germany", ISO_A2="", province="", init_country_level="National"),
        coronanet_row("R_000000000000013NA", country="European Union", ISO_A2="", province="", init_country_level="National"),
        coronanet_row("R_000000000000014NA", type="Declaration of Emergency", description="Level 1 is declared."),
        coronanet_row("R_000000000000015NA", type="Public Awareness Measures", type_sub_cat="Disseminating it"),
        coronanet_row("R_3NIiPuEVN0puCErNA", type="Declaration of Emergency"),
        coronanet_row("R_000000000000016NA", country="Peru", ISO_A2="PE", province="Cusco", city="Pisac", init_country_level="Municipal"),
        coronanet_row("R_000000000000017NA", date_start="", date_announced="", description="Some day."),
    ]  # fmt: skip
    found = load(tmp_path, store, coronanet=write_csv(tmp_path / "coronanet.csv", many))
    assert found.rejects == []
    build.require_one_home(store)
    assert validation.validate(store, finished=True).lines() == []
    documents = found.ask(
        "SELECT ?e { <https://w3id.org/crisisgov/record/coronanet-R_3NIiPuEVN0puCErNA> cg:documents ?e }"
    )
    assert documents == [("event/zhejiang-level1-2020-01-23",)]


def test_a_milestone_later_than_its_benchmark_is_no_failure_and_the_graph_conforms(
    seeds: Path, tmp_path: Path
) -> None:
    heads = "date country countryCode province provinceCode city cityCode confirmed".split()
    cases = [{"date": "2020-01-20", "country": "中国", "countryCode": "CN", "province": "湖北省",
              "provinceCode": "420000", "confirmed": "3"}]  # fmt: skip
    emergency = coronanet_row(
        type="Declaration of Emergency", date_announced="2020-03-01", date_start="2020-03-01",
        description="The province declares the first level of emergency on 1 March 2020.",
    )  # fmt: skip
    given = [
        f"cases={write_csv(tmp_path / 'cases.csv', cases, heads)}",
        f"coronanet={write_csv(tmp_path / 'coronanet.csv', [emergency])}",
    ]
    data = tmp_path / "data"
    result = command(
        "build", "--data", data, "--seeds", seeds, "--with", given[0], "--with", given[1]
    )
    assert result.exit_code == 0, result.output
    store, late = built(data), f"<{terms.concept('timeliness', 'definitely-late')}>"
    # from the end of 20 January, when the case was told, to 1 March: 40 days, where 7 are asked
    assert count(store, f"?x a cg:MilestoneAssessment ; cg:timeliness {late}") == 1
    assert count(store, "?x a cg:MilestoneAssessment , cg:Finding") == 0


def test_an_export_leaves_out_what_may_not_be_passed_on(seeds: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "graph.nq"
    cases = [{"date": "2020-02-01", "country": "日本", "countryCode": "JP", "confirmed": "3"}]
    heads = "date country countryCode province provinceCode city cityCode confirmed".split()
    given = [
        f"coronanet={write_csv(tmp_path / 'coronanet.csv', rows(2))}",
        f"cases={write_csv(tmp_path / 'cases.csv', cases, heads)}",
    ]
    built = command(
        "build", "--data", data, "--seeds", seeds, "--with", given[0], "--with", given[1]
    )
    assert built.exit_code == 0, built.output
    result = command("export", "--data", data, "--output", out)
    assert (
        "left out <https://w3id.org/crisisgov/graph/data/coronanet>: its licence is unclear"
        in result.output
    )
    text = out.read_bytes()
    assert b"coronanet" not in text
    assert b"event/cases-jp-1-report" in text
    assert b"graph/norms" in text
    assert command("export", "--data", data, "--output", out, "--all-licences").exit_code == 0
    assert b"graph/inferred/data/coronanet" in out.read_bytes()
