"""Settings of the server, read once, when it starts: from one file and from the environment.

The file is named by ``CRISISGOV_CONFIG`` and written in TOML, with the names of
the fields below; a variable in the environment wins over it.
"""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crisisgov.errors import UsageError
from crisisgov.loaders.versions import default_root
from crisisgov.server import one_processor
from crisisgov.server.engine import allocator
from crisisgov.server.engine.options import EngineOptions, default_workers
from crisisgov.server.engine.remote_http import check_url

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

CONFIG_VARIABLE = "CRISISGOV_CONFIG"

# Not settings of the server, but not unknown: read by tests, and above all settings.
_OTHER_VARIABLES = frozenset(("CRISISGOV_CONFORMANCE", CONFIG_VARIABLE))
# What only the command line sets.
_NOT_IN_FILE = frozenset(("scratch",))
_SECRET = frozenset(("write_token",))


def _about(variable: str, help_text: str) -> dict[str, str]:
    return {"variable": variable, "help": help_text}


@dataclass(frozen=True)
class Settings:
    """Everything that can be set; each field says its variable and meaning."""

    data: Path = field(
        default_factory=lambda: default_root({}),
        metadata=_about("CRISISGOV_DATA", "folder in which versions of the graph are kept"),
    )
    host: str = field(
        default="127.0.0.1", metadata=_about("CRISISGOV_HOST", "address to listen on")
    )
    port: int = field(default=8000, metadata=_about("PORT", "port to listen on"))
    public_base_url: str = field(
        default="",
        metadata=_about(
            "PUBLIC_BASE_URL",
            "URL under which visitors reach the site; by default made of host and port",
        ),
    )
    query_seconds: float = field(
        default=30.0,
        metadata=_about("CRISISGOV_QUERY_SECONDS", "longest time a query may take, in seconds"),
    )
    workers: int = field(
        default_factory=default_workers,
        metadata=_about(
            "CRISISGOV_WORKERS", "query workers; by default three per core, at least four"
        ),
    )
    page_workers: int = field(
        default=2,
        metadata=_about(
            "CRISISGOV_PAGE_WORKERS", "workers kept for pages and catalogued questions"
        ),
    )
    worker_memory_mb: int = field(
        default=512,
        metadata=_about("CRISISGOV_WORKER_MEMORY_MB", "memory one query worker may take, in MiB"),
    )
    worker_malloc: str = field(
        default=allocator.AUTO,
        metadata=_about(
            "CRISISGOV_WORKER_MALLOC",
            "memory allocator of query workers: tcmalloc_minimal, mimalloc, auto (the first of "
            "these that is installed) or system (that of the C library)",
        ),
    )
    result_mb: int = field(
        default=100, metadata=_about("CRISISGOV_RESULT_MB", "longest result that is sent, in MB")
    )
    queue: int = field(
        default=48, metadata=_about("CRISISGOV_QUEUE", "queries that may wait for a worker")
    )
    body_seconds: float = field(
        default=20.0,
        metadata=_about(
            "CRISISGOV_BODY_SECONDS", "longest time that the body of a request may take, in seconds"
        ),
    )
    trusted_proxies: tuple[IpNetwork, ...] = field(
        default=(),
        metadata=_about(
            "CRISISGOV_TRUSTED_PROXIES",
            "addresses or networks, separated by commas, whose X-Forwarded-For is believed",
        ),
    )

    cache_mb: int = field(
        default=64,
        metadata=_about(
            "CRISISGOV_CACHE_MB", "size of the cache of finished answers, in MB; 0 for none"
        ),
    )
    request_cpu: str = field(
        default="auto",
        metadata=_about(
            "CRISISGOV_REQUEST_CPU",
            "processor on which requests are answered: its number, auto (one is chosen) or any",
        ),
    )
    log: str = field(
        default="all",
        metadata=_about(
            "CRISISGOV_LOG",
            "which requests are logged: all, errors (status 500 and above) or none",
        ),
    )
    log_query_hash: bool = field(
        default=False,
        metadata=_about(
            "CRISISGOV_LOG_QUERY_HASH",
            "yes: log the SHA-256 of each query, to recognise one that comes again",
        ),
    )
    endpoint: str = field(
        default="",
        metadata=_about(
            "CRISISGOV_ENDPOINT",
            "URL of a SPARQL endpoint that crisisgov publish has filled and that answers the "
            "queries; without it, they are answered from the data folder",
        ),
    )
    write_token: str = field(
        default="",
        repr=False,
        metadata=_about(
            "CRISISGOV_WRITE_TOKEN",
            "secret of at least 16 characters with which graphs of contributions can be "
            "written over HTTP; without it nothing can be written",
        ),
    )
    scratch: bool = field(
        default=False,
        metadata=_about(
            "CRISISGOV_SCRATCH",
            "set by serve --scratch: a throw-away graph in which anybody may write anything",
        ),
    )

    def __post_init__(self) -> None:
        if not self.public_base_url:
            host = f"[{self.host}]" if ":" in self.host else self.host
            object.__setattr__(self, "public_base_url", f"http://{host}:{self.port}")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings from ``environ`` and the file that it names, if any.

        An empty variable counts as not set.

        :raises UsageError: naming every variable and every line of the file that
            is unknown or has a value that cannot be used.
        """
        by_variable = {setting.metadata["variable"]: setting for setting in fields(cls)}
        problems: list[str] = []
        values: dict[str, Any] = {"data": default_root(environ)}
        config = environ.get(CONFIG_VARIABLE, "").strip()
        if config:
            values.update(_from_file(Path(config), by_variable.values(), problems))
            if environ.get("CRISISGOV_DATA"):
                values["data"] = default_root(environ)
        for variable in sorted(environ):
            if variable not in by_variable:
                if variable.startswith("CRISISGOV_") and variable not in _OTHER_VARIABLES:
                    problems.append(
                        f"{variable}: no such setting; there are {', '.join(sorted(by_variable))}"
                    )
                continue
            setting = by_variable[variable]
            if setting.name == "data" or not environ[variable].strip():
                continue
            try:
                values[setting.name] = _READERS[setting.name](environ[variable].strip())
            except ValueError as error:
                shown = "" if setting.name in _SECRET else f"={environ[variable]}"
                problems.append(f"{variable}{shown}: {error}")
        if problems:
            raise UsageError("\n".join(problems))
        return cls(**values)

    def to_env(self) -> dict[str, str]:
        """Return the variables from which :meth:`from_env` reads the same settings."""
        written = {s.metadata["variable"]: self._written(s) for s in fields(self)}
        # All is said: what the file says of a setting that is empty here must not come back.
        return {**written, CONFIG_VARIABLE: ""}

    def engine_options(self) -> EngineOptions:
        """Return the part that the embedded engine needs."""
        return EngineOptions(
            # A scratch graph changes all the time, and is one as SPARQL has it by default.
            follow_seconds=0.05 if self.scratch else EngineOptions.follow_seconds,
            union=not self.scratch,
            workers=self.workers,
            page_workers=self.page_workers,
            memory_mb=self.worker_memory_mb,
            malloc=self.worker_malloc,
            result_bytes=self.result_mb * 1_000_000,
            queue=self.queue,
        )

    @property
    def endpoint_url(self) -> str:
        """URL of the SPARQL endpoint as clients know it."""
        return f"{self.public_base_url}/sparql"

    def _written(self, setting: Field[Any]) -> str:
        value = getattr(self, setting.name)
        if isinstance(value, bool):
            return "yes" if value else ""
        if isinstance(value, tuple):
            return ",".join(map(str, value))
        return f"{value:g}" if isinstance(value, float) else str(value)


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 3600:
        raise ValueError("must be a number of seconds, more than 0 and at most 3600")
    return value


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be a URL such as https://example.org or https://example.org/crises")
    return text.rstrip("/")


def _endpoint(text: str) -> str:
    try:
        return check_url(text)
    except UsageError as error:
        raise ValueError(str(error)) from error


def _networks(text: str) -> tuple[IpNetwork, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(","))
    except ValueError as error:
        raise ValueError(f"must be addresses or networks separated by commas: {error}") from error


def _secret(text: str) -> str:
    if len(text) < 16 or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("must be at least 16 letters, digits and signs, without blanks")
    return text


def _yes(text: str) -> bool:
    if text != "yes":
        raise ValueError("must be yes, or not set")
    return True


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return text

    return read


def _allocator(text: str) -> str:
    allocator.library(text)  # is it there?
    return text


def _processor(text: str) -> str:
    if not (text.isascii() and text.isdigit()) and text not in ("auto", "any"):
        raise ValueError("must be the number of a processor, auto or any")
    one_processor.choose(text)  # may it be used here?
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "host": str,
    "port": _whole(1, 65535),
    "public_base_url": _base_url,
    "query_seconds": _seconds,
    "body_seconds": _seconds,
    "workers": _whole(1, 1024),
    "page_workers": _whole(1, 256),
    "worker_memory_mb": _whole(128, 65536),
    "worker_malloc": _allocator,
    "result_mb": _whole(1, 10_000),
    "queue": _whole(1, 10_000),
    "trusted_proxies": _networks,
    "endpoint": _endpoint,
    "write_token": _secret,
    "scratch": _yes,
    "cache_mb": _whole(0, 100_000),
    "request_cpu": _processor,
    "log": _one_of("all", "errors", "none"),
    "log_query_hash": _yes,
}


def _from_file(path: Path, settings: Iterable[Field[Any]], problems: list[str]) -> dict[str, Any]:
    """Read the values that a configuration file gives; what is wrong goes to ``problems``."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        readable_by_others = path.stat().st_mode & 0o077
    except OSError as error:
        problems.append(f"{CONFIG_VARIABLE}={path}: cannot be read: {error.strerror}")
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path}: not TOML: {error}")
        return {}
    known = {s.name for s in settings} - _NOT_IN_FILE
    values: dict[str, Any] = {}
    for name, given in document.items():
        if name not in known:
            problems.append(
                f"{path}: {name}: no such setting; there are {', '.join(sorted(known))}"
            )
            continue
        if name in _SECRET and readable_by_others:
            problems.append(f"{path}: {name}: others can read this file; run chmod 600 {path}")
        try:
            text = _as_text(given)
            if text:
                values[name] = Path(text) if name == "data" else _READERS[name](text)
        except ValueError as error:
            shown = "" if name in _SECRET else f" = {given!r}"
            problems.append(f"{path}: {name}{shown}: {error}")
    return values


def _as_text(given: object) -> str:
    """Write a value of a file as it stands in a variable; no and nothing are empty."""
    if isinstance(given, bool):
        return "yes" if given else ""
    if isinstance(given, str | int | float):
        return str(given).strip()
    if isinstance(given, list) and all(isinstance(one, str) for one in given):
        return ",".join(given)
    raise ValueError("must be a text, a number, true or false, or a list of texts")
