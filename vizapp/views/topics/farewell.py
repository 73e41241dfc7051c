"""The server takes its leave: the page keeps what was drawn, and says when it has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakSet

import panel as pn
from bokeh.document import Document

from vizapp.views import wire
from vizapp.views.topics.state import State
from vizapp.views.topics.topic import Handler, Line, Topic

PAGES: WeakSet[Farewell] = WeakSet()
"""All pages of this process that are open."""


class Farewell(Topic):
    """How whoever runs the server reaches one page.

    Attributes:
        document: of the page's session; None where there is no server.
        safe: the page has kept all that was drawn since it was told to.
    """

    def __init__(self, line: Line, state: State) -> None:
        super().__init__(line)
        self._state = state
        self.document: Document | None = None
        self.safe = False

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"safe": self._on_safe}

    def open(self) -> None:
        self.document = pn.state.curdoc
        self.safe = False
        if self.document is not None:
            PAGES.add(self)

    def close(self) -> None:
        PAGES.discard(self)

    def bid(self, words: str, wait: bool) -> None:
        """Tell the page, from anywhere, that the connection will end, and why.

        wait: the page comes back when the person asks for it, and not by itself.
        """
        self.safe = False

        def act() -> None:
            self._state.save()
            self.line.tell({"type": "closing", "words": words, "wait": wait})

        self.line.later(act)

    def notice(self, sentence: str) -> None:
        """Tell the person something, from anywhere."""
        self.line.later(lambda: self.line.tell(wire.notice_message(sentence)))

    def _on_safe(self, _data: Mapping[str, Any]) -> None:
        self.safe = True


def page_of(document: Document) -> Farewell | None:
    return next((page for page in PAGES if page.document is document), None)
