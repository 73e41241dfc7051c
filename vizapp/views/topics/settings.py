"""What the page's controls show, and set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vizapp.views import wire
from vizapp.views.incoming import MessageError
from vizapp.views.topics.topic import Handler, Topic


class Settings(Topic):
    watches = frozenset(wire.SETTINGS)

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"set": self._on_set}

    def open(self) -> None:
        self.line.tell(wire.settings_message(self.explorer))

    def changed(self, names: set[str]) -> None:
        self.open()

    def _on_set(self, data: Mapping[str, Any]) -> None:
        name, value = data.get("name"), data.get("value")
        if name not in wire.SETTINGS:
            raise MessageError("There is no such setting.")
        try:
            self.explorer.param.update(**{name: value})
        except (ValueError, TypeError):
            self.open()
            raise MessageError(f"{name} cannot be set to that.") from None
