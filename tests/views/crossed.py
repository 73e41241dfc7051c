"""A page that shows a sweep crossed with another, at the end of a real line."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from tests.views import pages
from vizapp.views.link import Link

SIZE = {"width": 62, "height": 93}


class Page(pages.OpenPage):
    """A Link whose page is this test. Slow work is done when it is asked for, job by job."""

    def __init__(self, **settings: Any) -> None:
        self.slow: list[Callable[[], None]] = []
        super().__init__(**settings)

    def work(self, job: Callable[[], Any], done: Callable[[Future[Any]], None], slow: bool = False) -> None:
        if slow:
            self.slow.append(lambda: Link.work(self, job, done))
        else:
            super().work(job, done)

    def finish(self, jobs: int = 1000) -> list[dict[str, Any]]:
        """What comes of so many jobs."""
        self.heard.clear()
        while self.slow and jobs:
            self.slow.pop(0)()
            jobs -= 1
        return list(self.heard)

    def cross(self, kind: str, second: str) -> list[dict[str, Any]]:
        """Put a sweep on the timeline and cross it; the maps that come, the coarse one first."""
        self.ask("sweep", kind=kind)
        self.ask("cross", second=second)
        self.ask("crossing", **SIZE)
        return of("crossing", self.finish())


def of(kind: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if message["type"] == kind]


def states(messages: list[dict[str, Any]]) -> list[str]:
    return [message["state"] for message in of("crossing_state", messages)]
