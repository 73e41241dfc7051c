"""What is pointed at, what is searched, and what is selected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vizapp.search import LONGEST, search, suggestions
from vizapp.views import incoming, wire
from vizapp.views.topics.topic import Handler, Line, Topic

MODES = ("replace", "add", "toggle")


class Selection(Topic):
    # A page that learns of another network forgets what was selected.
    watches = frozenset({"selection", "network"})

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._origin = ""

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"focus": self._on_focus, "pick": self._on_pick, "search": self._on_search}

    def open(self) -> None:
        self.line.tell(wire.selection_message(self.explorer, ""))

    def changed(self, names: set[str]) -> None:
        self.line.tell(wire.selection_message(self.explorer, self._origin))

    def _on_pick(self, data: Mapping[str, Any]) -> None:
        picked = incoming.nodes(data, self.explorer.net.n_nodes)
        mode = incoming.choice(data, "mode", MODES, "replace")
        # Told with the change, so that a pane knows its own.
        self._origin = incoming.text({"origin": "", **data}, "origin", 40)
        try:
            self.explorer.select(picked, mode)
        finally:
            self._origin = ""

    def _on_focus(self, data: Mapping[str, Any]) -> None:
        node, seq = incoming.whole(data, "node", -1), incoming.whole(data, "seq")
        self.explorer.focus = node if 0 <= node < self.explorer.net.n_nodes else None
        self.line.tell(wire.values_message(self.explorer, seq))

    def _on_search(self, data: Mapping[str, Any]) -> None:
        seq, text = incoming.whole(data, "seq"), incoming.text(data, "text", LONGEST)
        found = search(self.explorer, text) if text.strip() else suggestions(self.explorer)
        self.line.tell(wire.found_message(found, text, seq))
