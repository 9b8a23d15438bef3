"""The configuration file, the documentation of settings, and what robots are told."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crisisgov.errors import UsageError
from crisisgov.server.settings import Settings

if TYPE_CHECKING:
    from tests.server.conftest import Server


def config(folder: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    path = folder / "crisisgov.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return {"CRISISGOV_CONFIG": str(path)}


def test_a_file_sets_what_the_environment_does_not(tmp_path: Path) -> None:
    environ = config(
        tmp_path,
        'data = "/srv/graph"\nport = 9000\nquery_seconds = 2.5\nlog_query_hash = true\n'
        'trusted_proxies = ["10.0.0.0/8", "::1"]\nworkers = 9\n',
    )
    settings = Settings.from_env({**environ, "PORT": "9001", "CRISISGOV_WORKERS": ""})
    assert settings.data == Path("/srv/graph")
    assert (settings.port, settings.query_seconds, settings.workers) == (9001, 2.5, 9)
    assert settings.log_query_hash
    assert [str(one) for one in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]


def test_what_was_read_is_passed_on_without_the_file(tmp_path: Path) -> None:
    environ = config(tmp_path, f'write_token = "{"s" * 20}"\nport = 9000\n')
    settings = dataclasses.replace(Settings.from_env(environ), write_token="")
    assert Settings.from_env({**environ, **settings.to_env()}) == settings


def test_every_problem_of_a_file_is_named_with_the_file(tmp_path: Path) -> None:
    environ = config(
        tmp_path, 'prot = 1\nport = "http"\nqueue = { a = 1 }\nwrite_token = "short"\n', 0o644
    )
    with pytest.raises(UsageError) as raised:
        Settings.from_env(environ)
    text = str(raised.value)
    file = environ["CRISISGOV_CONFIG"]
    assert f"{file}: prot: no such setting; there are body_seconds, cache_mb, " in text
    assert f"{file}: port = 'http': must be a whole number from 1 to 65535" in text
    assert f"{file}: queue" in text and "must be a text, a number" in text
    assert f"{file}: write_token: others can read this file; run chmod 600" in text
    assert "short" not in text


@pytest.mark.parametrize(
    ("text", "said"), [("port = = 1", "not TOML"), (None, "cannot be read: No such file")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | None, said: str) -> None:
    environ = {"CRISISGOV_CONFIG": str(tmp_path / "missing.toml")}
    if text is not None:
        environ = config(tmp_path, text)
    with pytest.raises(UsageError, match=said):
        Settings.from_env(environ)


def test_every_setting_is_documented_with_its_meaning(checkout: Path) -> None:
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in (checkout / "docs/operations.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `") or line.startswith("| - |")
    ]
    documented = {row[1]: (row[0], row[3]) for row in rows}
    expected = {
        setting.metadata["variable"]: (
            "-" if setting.name == "scratch" else setting.name,
            setting.metadata["help"],
        )
        for setting in dataclasses.fields(Settings)
    }
    assert documented == expected


def test_robots_are_kept_to_the_pages_below_the_base_url(server: Server) -> None:
    lines = server.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /crises/sparql" in lines  # PUBLIC_BASE_URL is https://graph.example/crises
    assert not any(line.endswith("/event") or line.endswith("/crises/") for line in lines)
