"""What the page's controls show, and set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vizapp.state import CONTROLS, ENTRIES
from vizapp.state.codecs import Place, Unfit
from vizapp.views import wire
from vizapp.views.crossing import cross
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
        if not isinstance(name, str) or name not in CONTROLS:
            raise MessageError("There is no such setting.")
        place = Place(self.explorer.param[name], self.explorer.net)
        try:
            value = ENTRIES[name].codec.from_json(value, place)
        except Unfit as needed:
            self.open()
            raise MessageError(f"{name} must be {needed}.") from None
        if name == "crossed":
            cross(self.explorer, value)
        else:
            self.explorer.param.update(**{name: value})
