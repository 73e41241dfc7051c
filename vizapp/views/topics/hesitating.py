"""How sure the answer is: asked for by whoever sees it, at the pace of the answers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from vizapp.analysis.hesitation import ready
from vizapp.views import incoming
from vizapp.views.hesitating import prepared, reliability_message, scores_message, state_message
from vizapp.views.topics.topic import Handler, Line, Topic

log = logging.getLogger(__name__)


class Hesitating(Topic):
    """Answers at once; only the first time, for each network, what it is held against is made beside the event loop."""

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._preparing = self._drawing = False
        self._wanted: int | None = None
        """Number of the newest question after the reliability diagram, while another one is being answered."""

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"hesitation": self._on_hesitation, "reliability": self._on_reliability}

    def _on_hesitation(self, data: Mapping[str, Any]) -> None:
        self._tell(incoming.whole(data, "seq"))

    def _tell(self, ack: int) -> None:
        explorer = self.explorer
        if explorer.empty:
            self.line.tell(state_message(explorer, "empty", ack))
        elif ready(explorer.net):
            self.line.tell(scores_message(explorer, ack))
        else:
            self.line.tell(state_message(explorer, "waiting", ack))
            self._prepare()

    def _prepare(self) -> None:
        if self._preparing:
            return
        network = self.explorer.net

        def done(future: Future[None]) -> None:
            self._preparing = False
            if future.exception() is not None:
                log.error("nothing to hold a drawing against", exc_info=future.exception())
                self.line.tell(state_message(self.explorer, "failed"))
            else:
                # Whatever is on the pad by now; if it is another network's, that one is prepared next.
                self._tell(0)

        self._preparing = True
        self.line.work(lambda: prepared(network), done, slow=True)

    def _on_reliability(self, data: Mapping[str, Any]) -> None:
        self._wanted = incoming.whole(data, "seq")
        if not self._drawing:
            self._measure()

    def _measure(self) -> None:
        if self._wanted is None:
            return
        (network, ack), self._wanted = (self.explorer.net, self._wanted), None

        def done(future: Future[dict[str, Any]]) -> None:
            self._drawing = False
            if future.exception() is not None:
                log.error("reliability could not be measured", exc_info=future.exception())
            else:
                self.line.tell(future.result())
            self._measure()

        self._drawing = True
        self.line.work(lambda: reliability_message(network, ack), done, slow=True)
