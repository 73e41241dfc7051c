"""The pad and the answer: strokes come in, a frame goes out for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vizapp.inputs import InputError
from vizapp.inputs.images import image_to_input
from vizapp.views import incoming, wire
from vizapp.views.incoming import MessageError
from vizapp.views.topics.edges import Edges
from vizapp.views.topics.state import State
from vizapp.views.topics.topic import Handler, Line, Topic


class Drawing(Topic):
    """One message of the pen, at most one frame."""

    watches = frozenset({"drawing", "trace", "scale", "difference", "reference"})

    def __init__(self, line: Line, edges: Edges, state: State) -> None:
        super().__init__(line)
        self._edges = edges
        self._state = state
        self._ack = 0
        self._answered = False

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"pen": self._on_pen, "edit": self._on_edit, "image": self._on_image}

    def open(self) -> None:
        self.line.tell(wire.ink_message(self.explorer))
        self._frame()

    def changed(self, names: set[str]) -> None:
        if "drawing" in names and not self.line.by_pen:
            self.line.tell(wire.ink_message(self.explorer))
        if names - {"drawing"}:
            self._frame()

    def _frame(self) -> None:
        self._answered = True
        self.line.tell(wire.frame_message(self.explorer, self._ack, self._edges.with_frame()))

    def _on_pen(self, data: Mapping[str, Any]) -> None:
        self._ack = incoming.whole(data, "seq")
        self.line.by_pen = True
        self._answered = False
        try:
            self.explorer.pen(
                stroke=incoming.whole(data, "stroke"),
                start=incoming.whole(data, "start"),
                points=incoming.points(data),
                width=incoming.number(data, "width"),
                erase=data.get("erase") is True,
            )
        except InputError:
            self.line.tell(wire.ink_message(self.explorer, refused=incoming.whole(data, "stroke")))
            raise
        finally:
            self.line.by_pen = False
            # The pen waits for its answer, also when nothing changed or the stroke was refused.
            if not self._answered:
                self._frame()
            self._ack = 0
        if data.get("end") is True:
            self._state.save()

    def _on_edit(self, data: Mapping[str, Any]) -> None:
        action = data.get("action")
        if action not in ("undo", "redo", "clear"):
            raise MessageError("The pad can undo, redo and clear.")
        getattr(self.explorer, action)()

    def _on_image(self, data: Mapping[str, Any]) -> None:
        raw = data.get("data")
        if not isinstance(raw, bytes):
            raise MessageError("That was not a file.")
        self.explorer.load_image(image_to_input(raw))
