"""Prometheus counts of requests, by route template and never by address or person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

_BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The dispatcher's counters, in a registry of this application alone."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        labels = ("method", "route", "status")
        self._requests = Counter("doorstep_http_requests", "Requests answered", labels, registry=self.registry)
        self._seconds = Histogram(
            "doorstep_http_request_seconds",
            "Time to answer",
            ("method", "route"),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        # What `labels` finds each time anew, by what it is found for.
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.in_flight = Gauge("doorstep_http_requests_in_flight", "Requests being answered", registry=self.registry)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; `route` is the template, such as `/v1/tasks/{id}`."""
        key = (method, route, status)
        counted = self._children.get(key)
        if counted is None:
            counted = self._children[key] = (
                self._requests.labels(method, route, str(status)),
                self._seconds.labels(method, route),
            )
        counted[0].inc()
        counted[1].observe(seconds)

    def text(self) -> bytes:
        """Everything, in the Prometheus text format."""
        return generate_latest(self.registry)
