"""Taking leave of pages in order: of all when the server ends, of one on which nothing happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from weakref import WeakKeyDictionary

from tornado.ioloop import PeriodicCallback

from vizapp.serving.condition import Condition
from vizapp.serving.socket import Socket
from vizapp.views.topics.farewell import PAGES, page_of

log = logging.getLogger(__name__)

RESTART = "The server is being restarted. Your drawing is safe in this tab."
PAUSE = "This page is paused, because nothing happened here for a while. Your drawing is safe in this tab."
LOOK_EVERY_MS = 100
PATIENCE = 5.0
"""Seconds for a page to keep what was drawn before it is paused."""


class Leaver:
    """Ends a process once its pages have kept what was drawn."""

    def __init__(self, condition: Condition, seconds: float, stop: Callable[[], None]) -> None:
        self._condition, self._seconds, self._stop = condition, seconds, stop

    def begin(self) -> None:
        """Take nobody in any more, tell all pages, and stop when they are safe or time is over; at once if asked again.

        Call it on the event loop.
        """
        if self._condition.draining:
            self._stop()
            return
        self._condition.draining = True
        log.info("ending: %s pages are open, and have %s s", len(PAGES), self._seconds)
        for page in list(PAGES):
            page.bid(RESTART, wait=False)
        self._task = asyncio.ensure_future(self._end())

    async def _end(self) -> None:
        deadline = monotonic() + self._seconds
        while monotonic() < deadline and not all(page.safe for page in PAGES):
            await asyncio.sleep(LOOK_EVERY_MS / 1000)
        left = sum(not page.safe for page in PAGES)
        log.log(logging.WARNING if left else logging.INFO, "ended; %s pages had not answered", left)
        self._stop()


class Idler:
    """Pauses pages on which nothing happened for `minutes`."""

    def __init__(self, condition: Condition, minutes: float) -> None:
        self._condition, self._seconds = condition, 60 * minutes
        self._told: WeakKeyDictionary[Socket, float] = WeakKeyDictionary()
        self._callback = PeriodicCallback(self._look, min(5000, 1000 * self._seconds / 4))
        self._callback.start()

    def _look(self) -> None:
        now = monotonic()
        for socket in list(self._condition.sockets):
            if socket in self._told:
                self._part(socket, now)
            elif now - socket.heard_at > self._seconds and socket.connection is not None:
                self._told[socket] = now
                page = page_of(socket.connection.session.document)
                if page is not None:
                    page.bid(PAUSE, wait=True)

    def _part(self, socket: Socket, now: float) -> None:
        page = page_of(socket.connection.session.document) if socket.connection is not None else None
        if page is None or page.safe or now - self._told[socket] > PATIENCE:
            log.info("paused", extra={"session": None})
            socket.close(1001, "nothing happened")
