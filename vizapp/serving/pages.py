"""The page itself, the probes, the icon."""

from __future__ import annotations

from pathlib import Path

from panel.io.server import DocHandler
from tornado.web import RequestHandler

from vizapp.serving.condition import Condition
from vizapp.serving.plain import Plain
from vizapp.views.meters import REFUSED

CONDITION = "vizapp_condition"
"""Tornado's setting: the process's Condition."""

ICON = (Path(__file__).parent / "favicon.svg").read_bytes()

RESTARTING = "The server is being restarted. This page asks again by itself."
FULL = "All places here are taken just now. This page asks again by itself: leave it open."
_SESSION = frozenset({"bokeh-session-id", "bokeh-token"})


class Page(Plain, DocHandler):
    """One session's page."""

    async def prepare(self) -> None:
        if _SESSION.intersection(self.request.arguments) or "Bokeh-Session-Id" in self.request.headers:
            # Nobody chooses a session: each page has one of its own.
            self.send_error(403)
            return
        await DocHandler.prepare(self)
        condition: Condition = self.settings[CONDITION]
        if condition.draining or condition.is_full:
            REFUSED.labels("ending" if condition.draining else "full").inc()
            self.set_status(503)
            if condition.draining:
                self.say(RESTARTING, again=3)
            else:
                self.say(FULL, again=20)

    async def head(self, *_args: object) -> None:
        """Whether the page would come. Makes no session: a page that lost its connection asks again and again."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/html; charset=utf-8")


class Health(RequestHandler):
    """`/healthz`: the process answers requests. Makes no session, so it can be asked often."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/plain")
        self.set_header("Cache-Control", "no-store")
        self.write(self.text())

    head = get

    def text(self) -> str:
        return "ok\n"


class Ready(Health):
    """`/readyz`: more people can be sent here; 503 and the reason if not."""

    def initialize(self, condition: Condition) -> None:
        self._condition = condition

    def text(self) -> str:
        reason = self._condition.unready()
        if reason is None:
            return "ready\n"
        self.set_status(503)
        return f"{reason}\n"


class Icon(RequestHandler):
    """`/favicon.ico`, as the SVG that all browsers of today take."""

    def get(self) -> None:
        self.set_header("Content-Type", "image/svg+xml")
        self.set_header("Cache-Control", "max-age=86400")
        self.write(ICON)
