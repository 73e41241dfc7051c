"""Pins and the reference drawing: what is compared with what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vizapp.explorer import MAX_PINS
from vizapp.views import incoming
from vizapp.views.comparing import compare_message
from vizapp.views.incoming import MessageError
from vizapp.views.topics.topic import Handler, Topic


class Comparing(Topic):
    watches = frozenset({"pins", "reference", "difference", "normalise", "network", "trace"})

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"pin": self._on_pin, "refer": self._on_refer}

    def open(self) -> None:
        self.line.tell(compare_message(self.explorer))

    def changed(self, names: set[str]) -> None:
        # A new answer alone changes the numbers of the pinned nodes, and nothing else.
        if names != {"trace"} or self.explorer.pins:
            self.open()

    def _on_pin(self, data: Mapping[str, Any]) -> None:
        node = incoming.whole(data, "node", 0, self.explorer.net.n_nodes - 1)
        others = [pin for pin in self.explorer.pins if pin != node]
        if data.get("on") is not True:
            self.explorer.pins = others
        elif len(others) == MAX_PINS:
            raise MessageError(f"At most {MAX_PINS} nodes can be pinned: let go of one first.")
        elif node not in self.explorer.pins:
            self.explorer.pins = [*others, node]

    def _on_refer(self, data: Mapping[str, Any]) -> None:
        if data.get("on") is not True:
            self.explorer.param.update(reference=None, difference=False)
        elif self.explorer.empty:
            raise MessageError("There is nothing on the pad to compare with: draw something first.")
        else:
            self.explorer.reference = self.explorer.drawing
