"""The page itself, the probes, the icon."""

from __future__ import annotations

from pathlib import Path

from panel.io.server import DocHandler
from tornado.web import RequestHandler

from vizapp.serving.condition import Condition
from vizapp.serving.pacing import CrowdedError, Pace, Place
from vizapp.serving.plain import Plain
from vizapp.views.meters import REFUSED

CONDITION = "vizapp_condition"
"""Tornado's setting: the process's Condition."""

PACE = "vizapp_pace"
"""Tornado's setting: the process's Pace."""

ICON = (Path(__file__).parent / "favicon.svg").read_bytes()

RESTARTING = "The server is being restarted. This page asks again by itself."
FULL = "All places here are taken just now. This page asks again by itself: leave it open."
CROWDED = "Very many people come at the same moment. This page asks again by itself: leave it open."
_SESSION = frozenset({"bokeh-session-id", "bokeh-token"})


class Page(Plain, DocHandler):
    """One session's page."""

    async def prepare(self) -> None:
        if _SESSION.intersection(self.request.arguments) or "Bokeh-Session-Id" in self.request.headers:
            # Nobody chooses a session: each page has one of its own.
            self.send_error(403)
            return
        await DocHandler.prepare(self)
        self._refuse()

    async def get(self, *args: object, **kwargs: object) -> None:
        pace: Pace = self.settings[PACE]
        try:
            self._place = pace.enter(self.request.remote_ip)
        except CrowdedError:
            REFUSED.labels("crowded").inc()
            self.set_status(503)
            self.say(CROWDED, again=10)
            return
        if await self._place:
            with pace.turn():
                # Others may have come in between.
                if not self._refuse():
                    await DocHandler.get(self, *args, **kwargs)

    _place: Place | None = None

    def on_connection_close(self) -> None:
        if self._place is not None:
            pace: Pace = self.settings[PACE]
            pace.leave(self._place)
        super().on_connection_close()

    def _refuse(self) -> bool:
        """Say so if nobody is let in."""
        condition: Condition = self.settings[CONDITION]
        if not (condition.draining or condition.is_full):
            return False
        REFUSED.labels("ending" if condition.draining else "full").inc()
        self.set_status(503)
        if condition.draining:
            self.say(RESTARTING, again=3)
        else:
            self.say(FULL, again=20)
        return True

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
