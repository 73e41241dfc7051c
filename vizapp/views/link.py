"""The session's line to its page: what the page says goes to the Explorer, what changes there goes to the page."""

from __future__ import annotations

import logging
import math
from array import array
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import panel as pn
import param
from bokeh.document import Document

from vizapp.explorer import LENS_SETTINGS, Explorer
from vizapp.inputs import InputError
from vizapp.inputs.images import image_to_input
from vizapp.raster.viewport import MAX_SIDE, Viewport
from vizapp.saved import StateError, dump_state, load_state
from vizapp.views import wire
from vizapp.views.component import Component
from vizapp.views.edges import EdgeDetail, EdgeImage, EdgeRaster, warm
from vizapp.views.examples import CHOICES, gallery_message, load_example

log = logging.getLogger(__name__)
T = TypeVar("T")

MAX_MESSAGE_POINTS = 4000
MAX_PICK = 10_000
EDGE_SETTINGS = {
    *LENS_SETTINGS,
    "touching",
    "hidden",
    "network",
    "selection",
    "tracing",
    "kept",
}
_WORKERS = ThreadPoolExecutor(2, "vizapp-edges")


class MessageError(ValueError):
    """A message that no page of ours sends."""


class Link(Component):
    """Invisible; every page has one. One message in, at most one frame out."""

    def __init__(self, explorer: Explorer, **params: object) -> None:
        super().__init__(explorer, **params)
        self._ready = False
        self._drawing_by_pen = False
        self._ack = 0
        self._handlers: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "ready": self._on_ready,
            "pen": self._on_pen,
            "edit": self._on_edit,
            "focus": self._on_focus,
            "set": self._on_set,
            "image": self._on_image,
            "gallery": self._on_gallery,
            "load": self._on_load,
            "viewport": self._on_viewport,
            "settle": self._on_settle,
            "probe": self._on_probe,
            "pick": self._on_pick,
        }
        self._document: Document | None = None
        self._raster = EdgeRaster(explorer)
        # Counts what makes an exact picture that is still being made out of date.
        self._turn = 0
        self._busy = self._again = False
        self._shown_network: str | None = None
        self._answered = False
        explorer.param.watch(self._on_change, ["drawing", "trace", "selection", *wire.SETTINGS])

    # From the page

    def _handle_msg(self, data: Any) -> None:
        """Every message is answered or told off; none can end the session."""
        try:
            if not isinstance(data, Mapping) or data.get("type") not in self._handlers:
                raise MessageError("This page sent something that the server does not know. Reload it.")
            self._handlers[data["type"]](data)
        except (InputError, StateError, MessageError) as error:
            log.info("refused: %s", error)
            self._say(wire.notice_message(str(error)))
        except Exception:
            log.exception("a message failed")
            self._say(
                wire.notice_message("Something went wrong here; the drawing is unharmed. Please go on.")
            )

    def _on_ready(self, data: Mapping[str, Any]) -> None:
        state = data.get("state")
        if self._document is None:
            self._document = pn.state.curdoc
            if self._document is not None and self._document.session_context is not None:
                self._document.on_session_destroyed(self._close)
        try:
            if state is not None:
                load_state(self.explorer, state)
        finally:
            # Not before: what is restored is told once, below.
            self._ready = True
            self._shown_network = None
            self._network()
            self._say(wire.settings_message(self.explorer))
            self._say(wire.ink_message(self.explorer))
            self._frame()

    def _on_pen(self, data: Mapping[str, Any]) -> None:
        self._ack = _whole(data, "seq")
        self._drawing_by_pen = True
        self._answered = False
        try:
            self.explorer.pen(
                stroke=_whole(data, "stroke"),
                start=_whole(data, "start"),
                points=_points(data),
                width=_number(data, "width"),
                erase=data.get("erase") is True,
            )
        except InputError:
            self._say(wire.ink_message(self.explorer, refused=_whole(data, "stroke")))
            raise
        finally:
            self._drawing_by_pen = False
            # The pen waits for its answer, also when nothing changed or the stroke was refused.
            if not self._answered:
                self._frame()
            self._ack = 0
        if data.get("end") is True:
            self._save()

    def _on_edit(self, data: Mapping[str, Any]) -> None:
        action = data.get("action")
        if action not in ("undo", "redo", "clear"):
            raise MessageError("The pad can undo, redo and clear.")
        getattr(self.explorer, action)()

    def _on_set(self, data: Mapping[str, Any]) -> None:
        name, value = data.get("name"), data.get("value")
        if name not in wire.SETTINGS:
            raise MessageError("There is no such setting.")
        try:
            self.explorer.param.update(**{name: value})
        except (ValueError, TypeError):
            self._say(wire.settings_message(self.explorer))
            raise MessageError(f"{name} cannot be set to that.") from None

    def _on_image(self, data: Mapping[str, Any]) -> None:
        raw = data.get("data")
        if not isinstance(raw, bytes):
            raise MessageError("That was not a file.")
        self.explorer.load_image(image_to_input(raw))

    def _on_gallery(self, data: Mapping[str, Any]) -> None:
        choice = data.get("choice")
        if choice not in CHOICES:
            raise MessageError("There is no such list of examples.")
        network, page = self.explorer.net, _whole(data, "page", 0, 1000)

        def done(future: Future[wire.Message]) -> None:
            self._say(future.result())

        # Ranking all test images takes a network most of a second, the first time.
        self._work(lambda: gallery_message(network, choice, page), done)

    def _on_load(self, data: Mapping[str, Any]) -> None:
        load_example(self.explorer, str(data.get("source")), _whole(data, "index"))

    def _on_viewport(self, data: Mapping[str, Any]) -> None:
        ack = _whole(data, "seq")
        ranges = [_number(data, key) for key in ("x0", "x1", "y0", "y1")]
        sides = [_whole(data, key, 1, MAX_SIDE) for key in ("width", "height")]
        try:
            viewport = Viewport(*ranges, *sides)  # type: ignore[arg-type]
        except ValueError as error:
            raise MessageError(f"The flat plot cannot be shown there: {error}.") from None
        waits = self._raster.viewport is not None and not self._raster.ready
        self._raster.viewport = viewport
        if self._raster.ready:
            self._edges(ack)
        elif not waits:
            # The page is usable at once; the edges appear when their kernels are compiled.
            warm().add_done_callback(lambda _: self._later(self._edges))

    def _on_settle(self, data: Mapping[str, Any]) -> None:
        """Nothing has moved for a moment: the exact picture of the edges, made beside the event loop."""
        if self._busy:
            self._again = True
            return
        job = self._raster.resting()
        if job is None:
            return
        turn, self._again = self._turn, False

        def done(future: Future[tuple[EdgeImage, EdgeDetail]]) -> None:
            self._busy = False
            if future.exception() is not None:
                log.error("the picture of the edges failed", exc_info=future.exception())
            elif turn == self._turn:
                self._say(wire.edges_message(*future.result()))
            if self._again:
                self._on_settle({})

        self._busy = True
        self._work(job, done)

    def _on_probe(self, data: Mapping[str, Any]) -> None:
        place = _number(data, "x"), _number(data, "y")
        if not all(map(math.isfinite, place)):
            raise MessageError("There is nothing at that place.")
        found = self._raster.near(*place)
        self._say(wire.probe_message(self.explorer, found, _whole(data, "seq")))

    def _on_pick(self, data: Mapping[str, Any]) -> None:
        nodes = data.get("nodes")
        if not isinstance(nodes, list) or len(nodes) > MAX_PICK:
            raise MessageError(f"At most {MAX_PICK} nodes can be picked at a time.")
        picked = [_whole({"node": node}, "node", 0, self.explorer.net.n_nodes - 1) for node in nodes]
        before = self.explorer.selection if data.get("add") is True else []
        self.explorer.selection = list(dict.fromkeys([*picked, *before]))

    def _on_focus(self, data: Mapping[str, Any]) -> None:
        node, seq = _whole(data, "node", -1), _whole(data, "seq")
        self.explorer.focus = node if 0 <= node < self.explorer.net.n_nodes else None
        self._say(wire.values_message(self.explorer, seq))

    # To the page

    def _on_change(self, *events: param.parameterized.Event) -> None:
        if not self._ready:
            return
        changed = {event.name for event in events}
        self._network()
        if changed & set(wire.SETTINGS):
            self._say(wire.settings_message(self.explorer))
        if "drawing" in changed and not self._drawing_by_pen:
            self._say(wire.ink_message(self.explorer))
        if changed & {"trace", "scale"}:
            self._frame()
        if "selection" in changed:
            self._say(wire.selection_message(self.explorer))
        if changed & EDGE_SETTINGS and (
            changed != {"selection"} or self.explorer.touching or self.explorer.tracing
        ):
            self._edges()
        if not self._drawing_by_pen:
            self._save()

    def _network(self) -> None:
        """A page knows a network before it sees an answer of it."""
        if self._shown_network != self.explorer.network:
            self._shown_network = self.explorer.network
            self._say(wire.network_message(self.explorer.net, self.explorer.layout))

    def _frame(self) -> None:
        self._answered = True
        edges = None
        if self._raster.follows_drawing:
            self._turn += 1
            edges = self._raster.moving()
        self._say(wire.frame_message(self.explorer, self._ack, edges))

    def _edges(self, ack: int = 0) -> None:
        self._turn += 1
        image = self._raster.moving()
        if image is not None:
            self._say(wire.edges_message(image, ack=ack))

    def _work(self, job: Callable[[], T], done: Callable[[Future[T]], None]) -> None:
        """Do a job beside the event loop, then `done` on it; at once where there is no event loop."""
        if self._document is None:
            future: Future[T] = Future()
            future.set_result(job())
            done(future)
        else:
            _WORKERS.submit(job).add_done_callback(lambda future: self._later(lambda: done(future)))

    def _later(self, act: Callable[[], None]) -> None:
        """Back from another thread; nothing if the session is over."""
        if self._document is not None and self._document.session_context is not None:
            self._document.add_next_tick_callback(act)

    def _close(self, _context: object) -> None:
        self._document = None
        self._ready = False
        self._raster.close()

    def _save(self) -> None:
        """Hand the state to the page's own storage: it outlives the connection and the server."""
        self._say({"type": "state", "state": dump_state(self.explorer)})

    def _say(self, message: wire.Message) -> None:
        self._send_msg(message)


def _whole(data: Mapping[str, Any], key: str, low: int = 0, high: int = 2**31) -> int:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise MessageError(f"{key} must be a whole number from {low}.")
    return value


def _number(data: Mapping[str, Any], key: str) -> float:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MessageError(f"{key} must be a number.")
    return float(value)


def _points(data: Mapping[str, Any]) -> np.ndarray[Any, np.dtype[np.float32]]:
    value = data.get("points")
    # A Float32Array of the browser arrives as Python's array.
    if not isinstance(value, array) or value.typecode != "f" or len(value) % 2:
        raise MessageError("The points of a stroke must be pairs of numbers.")
    if len(value) > 2 * MAX_MESSAGE_POINTS:
        raise MessageError(f"At most {MAX_MESSAGE_POINTS} points are taken at a time.")
    return np.array(value, np.float32).reshape(-1, 2)
