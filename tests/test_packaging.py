"""The one import package is made of the top-level folders, whole, and installs from the pins."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

import crisisgov

FOLDERS = ("loaders", "ontology", "queries", "seeds", "server")


def tracked(checkout: Path) -> list[str]:
    """The files of the checkout that are in git or would be added to it."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=checkout,
        check=True,
        capture_output=True,
        text=True,
    )
    names = sorted({name for name in done.stdout.split("\0") if name})
    return [name for name in names if (checkout / name).is_symlink() or (checkout / name).is_file()]


@pytest.fixture(scope="module")
def pyproject(checkout: Path) -> dict[str, Any]:
    return tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the files in git, so that nothing else can slip in."""
    work = tmp_path_factory.mktemp("wheel")
    for name in tracked(checkout):
        target = work / "copy" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(checkout / name, target, follow_symlinks=False)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            work,
            work / "copy",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (built,) = work.glob("*.whl")
    return built


@pytest.mark.parametrize("name", FOLDERS)
def test_folder_of_the_checkout_is_part_of_the_package(name: str, checkout: Path) -> None:
    inside = Path(str(files("crisisgov") / name))

    assert inside.samefile(checkout / name)


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(
    checkout: Path, wheel: Path
) -> None:
    wanted = set()
    for name in tracked(checkout):
        top, _, rest = name.partition("/")
        if top in FOLDERS and not rest.endswith("README.md"):
            wanted.add(f"crisisgov/{name}")
        elif name.startswith("src/crisisgov/") and not (checkout / name).is_symlink():
            wanted.add(name.removeprefix("src/"))
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert len(wanted) > 20
    assert sorted(wanted - found) == [], "name their package or kind of file in pyproject.toml"
    assert sorted(found - wanted) == []


def test_the_wheel_carries_both_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            name.rsplit("/", 1)[-1]: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/licenses/" in name
        }

    assert "Apache License" in texts["LICENSE"]
    assert texts["CC-BY-4.0.txt"].startswith("Attribution 4.0 International")


def test_every_module_of_the_wheel_can_be_imported_outside_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
        modules = [
            name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for name in archive.namelist()
            if name.startswith("crisisgov/") and name.endswith(".py")
        ]
    code = (
        "import importlib, sys\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        f"for name in {modules!r}: found = importlib.import_module(name).__file__; "
        f"assert found.startswith({str(tmp_path)!r}), found\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(modules) > 10
    assert done.returncode == 0, done.stderr[-3000:]


def test_every_direct_dependency_is_pinned_and_no_registry_is_named(
    checkout: Path, pyproject: dict[str, Any]
) -> None:
    def names(lines: list[str]) -> set[str]:
        found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines)
        return {re.sub(r"[._-]+", "-", match[0]).lower() for match in found if match}

    runtime = (checkout / "requirements/runtime.txt").read_text(encoding="utf-8").splitlines()
    dev = (checkout / "requirements/dev.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in runtime + dev if not line.startswith(("#", "-r "))]

    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", pin)] == []
    assert names(pyproject["project"]["dependencies"]) <= names(runtime)
    assert names(pyproject["dependency-groups"]["dev"]) <= names(dev)


def test_changelog_and_citation_name_the_version(checkout: Path) -> None:
    changelog = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    citation = yaml.safe_load((checkout / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)

    assert newest is not None
    assert newest[1] == crisisgov.__version__ == citation["version"]


def test_every_target_of_the_makefile_is_explained_by_make_help(checkout: Path) -> None:
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)

    assert phony is not None
    for target in phony[1].split():
        if target != "help":
            assert f'@echo "make {target} ' in makefile, target


def test_the_way_to_python_is_named_when_it_is_too_old(checkout: Path, tmp_path: Path) -> None:
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")  # says no to the question of version
    old.chmod(0o755)
    done = subprocess.run(
        [checkout / "requirements/find-python"],
        env={"PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert "needs Python 3.11 or newer" in done.stderr
    assert str(old) in done.stderr


def test_a_test_without_its_program_is_named_or_fails_in_ci(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "test_page.py").write_text(
        "import pytest\n\n@pytest.mark.browser\ndef test_page() -> None:\n    pass\n",
        encoding="utf-8",
    )
    shutil.copy(checkout / "tests/conftest.py", tmp_path)
    shutil.copy(checkout / "pyproject.toml", tmp_path)

    def run(**environment: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", tmp_path, "-p", "no:cacheprovider"],
            cwd=tmp_path,
            env={"PATH": "", "COLUMNS": "120", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    at_home, in_ci = run(), run(CI="true")
    reason = "test_page.py::test_page: needs chromium"

    assert (at_home[0], in_ci[0]) == (0, 1)
    assert reason in at_home[1]
    assert "1 skipped" in at_home[1].splitlines()[-1]
    assert "1 error" in in_ci[1].splitlines()[-1]
