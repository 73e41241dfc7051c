"""A page that shows a sweep crossed with another, at the end of a real line."""

from __future__ import annotations

from typing import Any

from tests.views import pages
from tests.views.pages import of as of

SIZE = {"width": 62, "height": 93}


class Page(pages.WaitingPage):
    only_slow = True

    def cross(self, kind: str, second: str) -> list[dict[str, Any]]:
        """Put a sweep on the timeline and cross it; the maps that come, the coarse one first."""
        self.ask("sweep", kind=kind)
        self.ask("cross", second=second)
        self.ask("crossing", **SIZE)
        return of("crossing", self.finish())


def states(messages: list[dict[str, Any]]) -> list[str]:
    return [message["state"] for message in of("crossing_state", messages)]
