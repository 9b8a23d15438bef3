"""The files in deploy/: every setting in them is one, and what can be checked of them is."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import NoReturn

import pytest

from crisisgov.server.settings import CONFIG_VARIABLE, Settings

VARIABLES = {field.metadata["variable"] for field in fields(Settings)} | {CONFIG_VARIABLE}


@pytest.mark.parametrize("name", ["deploy/Dockerfile", "deploy/crisisgov.service"])
def test_every_setting_that_is_named_exists(checkout: Path, name: str) -> None:
    text = (checkout / name).read_text()
    named = set(re.findall(r"\b(?:CRISISGOV_[A-Z_]+|PORT|PUBLIC_BASE_URL)\b", text))
    assert named
    assert named <= VARIABLES


def test_what_the_image_is_made_of_is_there(checkout: Path) -> None:
    text = (checkout / "deploy/Dockerfile").read_text()
    sources = re.findall(r"^COPY (\S+) ", text, re.MULTILINE)
    assert sources == ["requirements/runtime.txt", "."]
    assert all((checkout / source).exists() for source in sources)
    ignored = (checkout / "deploy/Dockerfile.dockerignore").read_text().splitlines()
    rooms = {"loaders", "ontology", "queries", "seeds", "server", "src", "pyproject.toml"}
    assert not rooms & set(ignored)
    # A stale build/ would even get into the wheel.
    left_behind = (checkout / ".gitignore").read_text().splitlines()
    names = {line.strip("/") for line in left_behind if not line.startswith("#")}
    assert names <= {line.removeprefix("**/") for line in ignored}


def test_the_image_runs_as_a_user_known_by_number(checkout: Path) -> None:
    text = (checkout / "deploy/Dockerfile").read_text()
    [(user, group)] = re.findall(r"^USER (\d+):(\d+)$", text, re.MULTILINE)
    assert f"--uid {user} --gid {group} " in text
    assert f"groupadd --gid {group} " in text


def test_the_unit_lets_query_workers_wall_themselves_in(checkout: Path) -> None:
    text = (checkout / "deploy/crisisgov.service").read_text()
    allowed = re.findall(r"^SystemCallFilter=(.*)$", text, re.MULTILINE)
    assert allowed == ["@system-service seccomp"]  # without it each ends by SIGSYS


def test_systemd_finds_nothing_wrong_with_the_unit(
    checkout: Path, tmp_path: Path, not_run: Callable[[str], NoReturn]
) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        not_run("needs systemd-analyze, which is not installed")
    text = (checkout / "deploy/crisisgov.service").read_text()
    # It looks for the program, which is not installed here.
    unit = tmp_path / "crisisgov.service"
    unit.write_text(text.replace("/opt/crisisgov/bin/crisisgov", "/bin/true"))
    done = subprocess.run(
        [program, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    about_ours = [line for line in done.stderr.splitlines() if "crisisgov" in line]
    assert (done.returncode, about_ours) == (0, [])
