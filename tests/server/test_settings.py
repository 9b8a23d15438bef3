from __future__ import annotations

from pathlib import Path

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from crisisgov.errors import UsageError
from crisisgov.server.services import client_of
from crisisgov.server.settings import Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_env({"HOME": "/home/somebody", "PORT": ""})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_base_url == "http://127.0.0.1:8000"
    assert settings.query_seconds == 30
    assert settings.workers >= 4


def test_what_is_set_is_read() -> None:
    settings = Settings.from_env(
        {
            "PORT": "9001",
            "PUBLIC_BASE_URL": "https://graph.example/crises/",
            "CRISISGOV_DATA": "/srv/crisisgov",
            "CRISISGOV_QUERY_SECONDS": "2.5",
            "CRISISGOV_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
        }
    )
    assert settings.data == Path("/srv/crisisgov")
    assert settings.endpoint_url == "https://graph.example/crises/sparql"
    assert Settings.from_env(settings.to_env()) == settings


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(UsageError) as raised:
        Settings.from_env({"CRISISGOV_WROKERS": "4", "PORT": "http", "PUBLIC_BASE_URL": "x.org"})
    text = str(raised.value)
    assert "CRISISGOV_WROKERS: no such setting" in text
    assert "CRISISGOV_WORKERS" in text
    assert "PORT=http: must be a whole number from 1 to 65535" in text
    assert "PUBLIC_BASE_URL=x.org: must be a URL" in text


def client(address: str, forwarded: str, trusted: str = "10.0.0.0/8") -> str:
    builder = EnvironBuilder(headers=[("X-Forwarded-For", forwarded)] if forwarded else [])
    environ = builder.get_environ()
    environ["REMOTE_ADDR"] = address
    settings = Settings.from_env({"CRISISGOV_TRUSTED_PROXIES": trusted})
    return client_of(Request(environ), settings)


def test_a_stranger_cannot_name_himself() -> None:
    assert client("192.0.2.7", "198.51.100.1") == "192.0.2.7"


def test_behind_trusted_proxies_the_last_stranger_counts() -> None:
    assert client("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2") == "198.51.100.1"
    assert client("10.0.0.1", "") == "10.0.0.1"
    assert client("10.0.0.1", "nonsense") == "10.0.0.1"


def test_a_network_of_ipv6_is_one_client() -> None:
    assert client("2001:db8:1:2::1", "") == client("2001:db8:1:2:ffff::9", "")
