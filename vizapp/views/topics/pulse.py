"""Whether anybody is there: a page that heard nothing for a while asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vizapp.views.topics.topic import Handler, Topic


class Pulse(Topic):
    """Answers at once. A connection can be dead for many minutes before a browser notices it by itself."""

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"pulse": self._on_pulse}

    def _on_pulse(self, _data: Mapping[str, Any]) -> None:
        self.line.tell({"type": "pulse"})
