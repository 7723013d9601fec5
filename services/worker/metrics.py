"""Prometheus counts of a worker, by what it does and never by district or person."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

_BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The worker's counters, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.placed = Counter("doorstep_tasks_placed", "Tasks given to a team", registry=self.registry)
        self.waiting = Counter(
            "doorstep_tasks_not_placed", "Tasks looked at that go on waiting", registry=self.registry
        )
        self.overtaken = Counter(
            "doorstep_placements_overtaken",
            "Placements thrown away: something changed meanwhile",
            registry=self.registry,
        )
        self.set_aside = Counter(
            "doorstep_tasks_set_aside", "Tasks whose planning fails; see the log", registry=self.registry
        )
        self.failures = Counter(
            "doorstep_worker_failures", "What failed and is tried again", ("part",), registry=self.registry
        )
        self.wake_ups = Counter(
            "doorstep_wake_ups", "Messages to phones, by what became of each try", ("outcome",), registry=self.registry
        )
        self.busy_districts = Gauge(
            "doorstep_districts_being_placed", "Districts this process places in now", registry=self.registry
        )
        self._pass_s = Histogram(
            "doorstep_place_seconds",
            "Time of each step of a placing pass",
            ("step",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )

        self.improved = Counter(
            "doorstep_walks_improved", "Groups of teams that got better walks from a round", registry=self.registry
        )
        self.not_improved = Counter(
            "doorstep_walks_not_improved",
            "Groups of teams whose new walks were no better any more when they should be written",
            registry=self.registry,
        )
        self._round_s = Histogram(
            "doorstep_improve_seconds",
            "Time of each step of an improve round",
            ("step",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )

    @contextmanager
    def improving(self, step: str) -> Iterator[None]:
        """Measure one step of a round: `load`, `plan` or `apply`."""
        with self._round_s.labels(step).time():
            yield

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Measure one step of a pass: `load`, `plan` or `apply`."""
        with self._pass_s.labels(step).time():
            yield

    def text(self) -> bytes:
        """Everything, in the Prometheus text format."""
        return generate_latest(self.registry)
