"""The session's state in the page's own storage: it outlives the connection and the server."""

from __future__ import annotations

from vizapp.saved import dump_state
from vizapp.views import wire
from vizapp.views.topics.topic import Topic


class State(Topic):
    watches = frozenset({"drawing", *wire.SETTINGS})

    def changed(self, names: set[str]) -> None:
        if not self.line.by_pen:
            self.save()

    def save(self) -> None:
        self.line.tell({"type": "state", "state": dump_state(self.explorer)})
