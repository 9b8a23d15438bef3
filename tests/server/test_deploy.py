"""The files in deploy/: every setting in them is one, and what can be checked of them is."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import NoReturn

import pytest

from crisisgov.errors import UsageError
from crisisgov.server import run
from crisisgov.server.settings import CONFIG_VARIABLE, Settings
from tests.support.servers import server_environ

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


def test_the_first_process_of_a_container_ends_at_sigterm_while_it_builds(tmp_path: Path) -> None:
    # To the first process the system applies no default action, to this one it would: status -15.
    program = "import os; os.getpid = lambda: 1; from crisisgov.server.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "build"],
        stderr=subprocess.PIPE,
        text=True,
        env=server_environ(tmp_path),
    ) as process:
        assert process.stderr is not None
        assert "reading" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    assert process.returncode == 128 + signal.SIGTERM


def test_without_a_folder_for_temporary_files_it_says_what_to_mount(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def gone() -> NoReturn:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", gone)
    with pytest.raises(UsageError, match=r"No usable temporary .*--tmpfs /tmp"):
        run.serve(Settings(data=tmp_path, endpoint="http://127.0.0.1:1/sparql"))


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
