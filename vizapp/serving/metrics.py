"""Prometheus metrics and probes of one process, on a port of their own."""

from __future__ import annotations

import errno
import logging
from time import perf_counter

from prometheus_client import Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from tornado.httpserver import HTTPServer
from tornado.ioloop import PeriodicCallback
from tornado.process import task_id
from tornado.web import Application, RequestHandler

from vizapp.serving import logs
from vizapp.serving.condition import Condition
from vizapp.serving.hosting import Place
from vizapp.serving.pages import Health, Ready
from vizapp.serving.plain import Missing
from vizapp.views.meters import REGISTRY

log = logging.getLogger(__name__)

LAG_EVERY_MS = 500
disable_created_metrics()  # type: ignore[no-untyped-call]

SESSIONS_OPENED = Counter("vizapp_sessions_opened", "Sessions that were made.", registry=REGISTRY)
SESSIONS_CLOSED = Counter("vizapp_sessions_closed", "Sessions that ended.", registry=REGISTRY)
CONNECTIONS = Gauge("vizapp_connections", "Websockets that are open.", registry=REGISTRY)
SENT_BYTES = Counter("vizapp_sent_bytes", "Sent over websockets, before compression.", registry=REGISTRY)
RECEIVED_BYTES = Counter(
    "vizapp_received_bytes", "Received over websockets, decompressed.", registry=REGISTRY
)
_SESSIONS = Gauge("vizapp_sessions", "Sessions that live.", registry=REGISTRY)
_MOST = Gauge("vizapp_sessions_most", "Sessions that there may be; 0 without a limit.", registry=REGISTRY)
_READY = Gauge("vizapp_ready", "1 while more people can be sent here.", registry=REGISTRY)
_LAG = Histogram(
    "vizapp_event_loop_lag_seconds",
    "How late the event loop was, asked twice a second.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)


class Metrics(RequestHandler):
    """`/metrics`, in Prometheus' text format."""

    def get(self) -> None:
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.write(generate_latest(REGISTRY))


class Observer:
    """Watches the process from the inside, once its event loop runs."""

    def __init__(self, condition: Condition) -> None:
        _SESSIONS.set_function(lambda: condition.sessions)
        _MOST.set(condition.most or 0)
        _READY.set_function(lambda: condition.unready() is None)
        # Here and not with the others: memory and processor time are those of the process that asks.
        ProcessCollector(registry=REGISTRY)
        self._due: float | None = None
        self._callback = PeriodicCallback(self._look, LAG_EVERY_MS)
        self._callback.start()

    def _look(self) -> None:
        now = perf_counter()
        if self._due is not None:
            _LAG.observe(max(0.0, now - self._due))
        self._due = now + LAG_EVERY_MS / 1000


def listen(place: Place, condition: Condition) -> HTTPServer:
    """Serve metrics and probes; the second of several processes takes the next port, and so on.

    Raises:
        OSError: if it cannot; the message names the port.
    """
    Observer(condition)
    port = place.port + (task_id() or 0)
    application = Application(
        [
            (r"/metrics", Metrics),
            (r"/healthz", Health),
            (r"/readyz", Ready, {"condition": condition}),
        ],
        default_handler_class=Missing,
        log_function=logs.access,
    )
    server = HTTPServer(application, max_body_size=0, idle_connection_timeout=60)
    try:
        server.listen(port, place.address)
    except OSError as error:
        busy = " is busy" if error.errno == errno.EADDRINUSE else f": {error.strerror or error}"
        raise OSError(error.errno, f"port {port} for metrics{busy}") from error
    return server
