"""The inspector's questions: what a node computes, and which test images are like what it sees."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from vizapp.views import incoming
from vizapp.views.alike import WHATS, alike_message
from vizapp.views.inspection import inspection_message
from vizapp.views.topics.topic import Handler, Line, Topic

log = logging.getLogger(__name__)


class Inspection(Topic):
    """Answers at once where it can; looks through test images beside the event loop, one question at a time."""

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._busy = False
        self._wanted: tuple[int, int, str] | None = None

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"inspect": self._on_inspect, "alike": self._on_alike}

    def _on_inspect(self, data: Mapping[str, Any]) -> None:
        seq, node = incoming.whole(data, "seq"), incoming.whole(data, "node")
        # A page may still ask for a node of the network that it just left.
        if node < self.explorer.net.n_nodes:
            self.line.tell(inspection_message(self.explorer, node, seq))

    def _on_alike(self, data: Mapping[str, Any]) -> None:
        seq, node = incoming.whole(data, "seq"), incoming.whole(data, "node")
        # The newest question is the one that counts.
        self._wanted = seq, node, incoming.choice(data, "what", WHATS)
        if not self._busy:
            self._look()

    def _look(self) -> None:
        if self._wanted is None:
            return
        (seq, node, what), self._wanted = self._wanted, None
        trace, empty = self.explorer.trace, self.explorer.empty
        if node >= trace.network.n_nodes:
            return

        def done(future: Future[dict[str, Any]]) -> None:
            self._busy = False
            if future.exception() is not None:
                log.error("test images could not be compared", exc_info=future.exception())
            else:
                self.line.tell(future.result())
            self._look()

        self._busy = True
        self.line.work(lambda: alike_message(trace, node, what, seq, empty), done, slow=True)
