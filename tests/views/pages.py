"""A page that keeps to nothing, at the end of a real line."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np

from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES
from vizapp.views.link import Link

ONE = np.array([[0.5, 0.2], [0.5, 0.4], [0.5, 0.6], [0.5, 0.8]], np.float32)


class Page(Link):
    """A Link whose page is this test: what is said to it is kept."""

    def __init__(self, explorer: Explorer) -> None:
        super().__init__(explorer)
        self.heard: list[dict[str, Any]] = []

    def _send_msg(self, data: Any) -> None:
        self.heard.append(data)

    def say(self, message: Any) -> list[dict[str, Any]]:
        """Send one message, and return what came back for it."""
        self.heard.clear()
        self._handle_msg(message)
        return list(self.heard)

    def ask(self, kind: str, /, **values: Any) -> list[dict[str, Any]]:
        """The same for a message of this type."""
        return self.say({"type": kind, **values})

    def kinds(self, message: Any) -> list[str]:
        return [answer["type"] for answer in self.say(message)]


class OpenPage(Page):
    """A page that is open, with a sample on its pad unless `settings` of the Explorer say otherwise."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(Explorer(**{"drawing": Drawing(tuple(SAMPLES[0].strokes)), **settings}))
        self.ask("ready", state=None)


class WaitingPage(OpenPage):
    """An open page whose work beside the event loop, or only what is slow of it, is done when `finish` is called."""

    only_slow = False

    def __init__(self, **settings: Any) -> None:
        self.waiting: list[Callable[[], None]] = []
        super().__init__(**settings)

    def work(self, job: Callable[[], Any], done: Callable[[Future[Any]], None], slow: bool = False) -> None:
        if slow or not self.only_slow:
            self.waiting.append(lambda: Link.work(self, job, done))
        else:
            super().work(job, done)

    def finish(self, jobs: int = 1000) -> list[dict[str, Any]]:
        """What comes of so many jobs."""
        self.heard.clear()
        while self.waiting and jobs:
            self.waiting.pop(0)()
            jobs -= 1
        return list(self.heard)


def of(kind: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of a type."""
    return [message for message in messages if message["type"] == kind]


def pen(points: Any = ONE, seq: int = 1, **values: Any) -> dict[str, Any]:
    flat = array("f", np.asarray(points, np.float32).ravel().tolist())
    message = {"type": "pen", "seq": seq, "stroke": 1, "start": 0, "points": flat, "width": 2.4}
    return {**message, "erase": False, "end": False, **values}


def state(explorer: Explorer) -> tuple[object, ...]:
    return explorer.drawing, explorer.trace, explorer.network, explorer.normalise, explorer.hidden[:]
