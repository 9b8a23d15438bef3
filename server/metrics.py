"""What the server counts, in the text format of Prometheus.

No label says anything about a client or a query: outcomes, lanes and reasons
are closed lists.
"""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final, Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.process_collector import ProcessCollector

import crisisgov
from crisisgov.server.cache import ResultCache
from crisisgov.server.engine import errors
from crisisgov.server.engine.api import EngineStatus, Lane, QueryEngine, QueryResult
from crisisgov.server.engine.formats import DEFAULT_FORMATS, ResultFormats
from crisisgov.server.observation import observation

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_KILLS = {
    cls.kind
    for cls in (
        errors.QueryDeadline,
        errors.QueryMemory,
        errors.QueryNesting,
        errors.WorkerLost,
    )
}
_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class HasDropped(Protocol):
    """Something that says how many of its lines were dropped."""

    @property
    def dropped(self) -> int:
        """Number of lines."""
        ...


class Metrics:
    """The counters of one server; one process, so there is one of each."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Histogram(
            "crisisgov_request_seconds",
            "Time until a request's answer was complete, by outcome",
            ("outcome",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._queries = Histogram(
            "crisisgov_query_seconds",
            "Time of a query in the engine with its wait for a worker, by lane and outcome",
            ("lane", "outcome"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._kills = Counter(
            "crisisgov_query_kills",
            "Query workers that were ended together with their query, by reason",
            ("reason",),
            registry=self.registry,
        )
        # A reason that never occurred is 0, not missing: alerts need that.
        for reason in sorted(_KILLS):
            self._kills.labels(reason)
        # Looked up for every request; the library's own look-up takes a lock and checks.
        self._by_outcome: dict[str, Histogram] = {}

    def watch(self, engine: QueryEngine, cache: ResultCache, lines: HasDropped) -> None:
        """Show also how engine, cache and log are when the metrics are read."""
        self.registry.register(_State(engine, cache, lines))

    def request(self, outcome: str, seconds: float) -> None:
        """Count one request."""
        histogram = self._by_outcome.get(outcome)
        if histogram is None:
            histogram = self._by_outcome[outcome] = self._requests.labels(outcome)
        histogram.observe(seconds)

    def query(self, lane: Lane, outcome: str, seconds: float) -> None:
        """Count one query; ``outcome`` is ok or the kind of the error."""
        self._queries.labels(lane, outcome).observe(seconds)
        if outcome in _KILLS:
            self._kills.labels(outcome).inc()

    def text(self) -> bytes:
        """Return all metrics in the text format."""
        return generate_latest(self.registry)


class MeteredEngine:
    """A query engine that counts what another one does."""

    def __init__(self, engine: QueryEngine, metrics: Metrics) -> None:
        self._engine = engine
        self._metrics = metrics

    @property
    def version(self) -> str | None:
        """See :class:`QueryEngine`."""
        return self._engine.version

    def run(
        self,
        query: str,
        *,
        accept: ResultFormats = DEFAULT_FORMATS,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        deadline_s: float,
        lane: Lane = "public",
        client: str = "",
    ) -> QueryResult:
        """Answer ``query``; see :class:`QueryEngine`."""
        noted = observation()
        if lane == "public":
            noted.query = hashlib.sha256(query.encode("utf-8", "replace")).hexdigest()
        outcome = "internal"
        started = time.perf_counter()
        try:
            result = self._engine.run(
                query,
                accept=accept,
                default_graphs=default_graphs,
                named_graphs=named_graphs,
                deadline_s=deadline_s,
                lane=lane,
                client=client,
            )
            outcome = "ok"
            noted.version = result.version
            return result
        except errors.QueryError as error:
            outcome = noted.kind = error.kind
            raise
        finally:
            self._metrics.query(lane, outcome, time.perf_counter() - started)

    def pinned(self) -> AbstractContextManager[str | None]:
        """See :class:`QueryEngine`."""
        return self._engine.pinned()

    def status(self) -> EngineStatus:
        """See :class:`QueryEngine`."""
        return self._engine.status()

    def close(self) -> None:
        """See :class:`QueryEngine`."""
        self._engine.close()


class _State:
    """Collects what is counted elsewhere."""

    def __init__(self, engine: QueryEngine, cache: ResultCache, lines: HasDropped) -> None:
        self._engine = engine
        self._cache = cache
        self._lines = lines

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        status, cache = self._engine.status(), self._cache
        info = InfoMetricFamily("crisisgov", "Versions of the program and of the graph")
        version = {"version": crisisgov.__version__, "graph": status.version or ""}
        info.add_metric((), {**version, "python": platform.python_version()})
        yield info
        asked = cache.hits + cache.misses
        gauges = {
            "crisisgov_ready": ("1 when a version of the graph is open", bool(status.version)),
            "crisisgov_workers": ("Query workers that are ready", status.workers),
            "crisisgov_workers_busy": ("Query workers that run a query", status.busy),
            "crisisgov_queries_waiting": ("Queries that wait for a worker", status.waiting),
            "crisisgov_cache_bytes": ("Size of what the result cache holds", cache.bytes),
            "crisisgov_cache_max_bytes": ("Bound of the result cache", cache.max_bytes),
            "crisisgov_cache_answers": ("Answers in the result cache", len(cache)),
            "crisisgov_cache_hit_ratio": (
                "Share of look-ups that found an answer, since the start",
                cache.hits / asked if asked else 0.0,
            ),
        }
        if status.created is not None:
            age = (datetime.now(UTC) - status.created).total_seconds()
            gauges["crisisgov_graph_age_seconds"] = ("Time since the graph was built", age)
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(name, text, value=float(value))
        hits, misses = "Look-ups that found an answer", "Look-ups that found none"
        yield CounterMetricFamily("crisisgov_cache_hits", hits, value=cache.hits)
        yield CounterMetricFamily("crisisgov_cache_misses", misses, value=cache.misses)
        dropped = "Lines of the log that were dropped because nobody took them"
        yield CounterMetricFamily("crisisgov_log_dropped", dropped, value=self._lines.dropped)
