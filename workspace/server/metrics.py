"""What is counted while the server runs, for Prometheus; kept in a registry of its own.

No label names a room, a member, a file or a patient: labels come from closed sets only (types of
commands, outcomes, routes). Whoever scrapes learns how the server fares, and of nobody's case.
"""

import platform
from collections.abc import Iterator
from importlib.metadata import version
from typing import Final

import msgspec
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from sessions.sqlite_writer import Commit

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
"""Around the promises: 10 ms and 50 ms for an edit, seconds for a cut."""

BEATS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08)
"""Around the promise of 2 ms, and the beat of 40 ms."""

JOBS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""Of one commit; the writer takes at most 256."""


class Metrics:
    """The counters of one server. Counting takes about a microsecond and never waits."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        build = self._gauge("build_info", "Which build runs; always 1.", "version", "python")
        build.labels(version("commissure"), platform.python_version()).set(1)
        self._commands = self._counter(
            "commands", "Commands of members, by what became of them.", "command", "outcome"
        )
        self._by_command: dict[tuple[type[msgspec.Struct], str], Counter] = {}
        self._latency = self._histogram(
            "command_seconds", "From a command's arrival to its acknowledgement.", SECONDS
        )
        self._commit_jobs = self._histogram("commit_jobs", "Records in one commit.", JOBS)
        self._commit_seconds = self._histogram("commit_seconds", "Until it was on disk.", SECONDS)
        self._log_failures = self._counter(
            "log_write_failures", "Commits that failed: nothing was acknowledged. Alarm on it."
        )
        self.presence_received = 0
        """Frames; plain numbers, for there are thousands in a second. Add to it."""
        self.presence_sent = 0
        self._presence_seconds = self._histogram(
            "presence_seconds", "From a presence's arrival until it was told.", BEATS
        )
        self.registry.register(_PresenceCollector(self))
        sockets = self._gauge("sockets", "Open sockets.", "kind")
        self.room_sockets = sockets.labels("room")
        self.panel_sockets = sockets.labels("panels")
        self._dropped = self._counter("slow_readers_dropped", "Sockets cut: too far behind.")
        self._refused = self._counter(
            "upgrades_refused", "Sockets that were not opened, by reason.", "reason"
        )
        self._requests = self._counter("requests", "Answers by route.", "route", "status")
        self._sign_ins = self._counter("sign_ins", "Attempts to come in.", "way", "outcome")
        self._worker_jobs = self._counter(
            "worker_jobs", "Work in other processes.", "job", "outcome"
        )
        self._worker_seconds = self._histogram(
            "worker_job_seconds", "How long it took.", SECONDS, "job"
        )

    def command(self, command: msgspec.Struct, outcome: str, seconds: float | None = None) -> None:
        """Count a command; one that was acknowledged says after how long."""
        key = (type(command), outcome)
        counter = self._by_command.get(key)
        if counter is None:  # finding it by its labels takes longer than counting
            counter = self._by_command[key] = self._commands.labels(kind_of(command), outcome)
        counter.inc()
        if seconds is not None:
            self._latency.observe(seconds)

    def presence_told(self, seconds: float) -> None:
        """Count how long a presence lay in the server."""
        self._presence_seconds.observe(seconds)

    def commit(self, commit: Commit) -> None:
        """Count a commit; called in the thread that made it."""
        if commit.failed:
            self._log_failures.inc()
        else:
            self._commit_jobs.observe(commit.jobs)
            self._commit_seconds.observe(commit.seconds)

    def slow_reader_dropped(self) -> None:
        """Count a socket that was cut for being too far behind."""
        self._dropped.inc()

    def upgrade_refused(self, reason: str) -> None:
        """Count a socket that was not opened."""
        self._refused.labels(reason).inc()

    def answered(self, route: str, status: int) -> None:
        """Count an answer; `route` is the pattern of the path, not the path."""
        self._requests.labels(route, str(status)).inc()

    def sign_in(self, way: str, outcome: str) -> None:
        """Count an attempt to come in."""
        self._sign_ins.labels(way, outcome).inc()

    def worker_job(self, job: str, outcome: str, seconds: float) -> None:
        """Count a job of a worker process."""
        self._worker_jobs.labels(job, outcome).inc()
        self._worker_seconds.labels(job).observe(seconds)

    def text(self) -> bytes:
        """Return all of it in Prometheus' text format; may read the disk."""
        return generate_latest(self.registry)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"commissure_{name}", about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"commissure_{name}", about, labels, registry=self.registry)

    def _histogram(
        self, name: str, about: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(
            f"commissure_{name}", about, labels, registry=self.registry, buckets=buckets
        )


class _PresenceCollector(Collector):
    """Reads the plain numbers when somebody asks."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """Yield frames in and out."""
        frames = CounterMetricFamily(
            "commissure_presence_frames", "Presence, in and out.", labels=("direction",)
        )
        frames.add_metric(("received",), self._metrics.presence_received)
        frames.add_metric(("sent",), self._metrics.presence_sent)
        yield frames


def kind_of(command: msgspec.Struct) -> str:
    """Return what a command is called on the wire: one of a closed set."""
    tag = command.__struct_config__.tag
    return str(tag) if tag is not None else type(command).__name__
