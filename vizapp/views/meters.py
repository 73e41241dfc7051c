"""What is counted while pages are served, for whoever runs the server. `serving/metrics.py` shows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry(auto_describe=True)

UPDATE_SECONDS = Histogram(
    "vizapp_update_seconds",
    "Time that a page's message took, from its arrival to the last answer, without what is done beside.",
    ["kind"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
    registry=REGISTRY,
)
REFUSED = Counter(
    "vizapp_refused",
    "Messages, pages, connections and logins that were refused.",
    ["reason"],
    registry=REGISTRY,
)
FAILED = Counter(
    "vizapp_failed", "Messages over which the server itself failed; the log has the story.", registry=REGISTRY
)
WORK_SECONDS = Histogram(
    "vizapp_work_seconds",
    "Time that a job beside the event loop took.",
    ["queue"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
WORK_WAITING = Gauge("vizapp_work_waiting", "Jobs that wait for a thread.", ["queue"], registry=REGISTRY)
WORK_LEFT = Counter("vizapp_work_left", "Jobs that were never done.", ["queue", "reason"], registry=REGISTRY)


@contextmanager
def timed(kind: str) -> Iterator[None]:
    """One update; pen movements are told apart from all others."""
    began = perf_counter()
    try:
        yield
    finally:
        UPDATE_SECONDS.labels("pen" if kind == "pen" else "other").observe(perf_counter() - began)
