"""The map of the test images: what it is, pictures of it, what lies at a place or in an area, and the drawing on it."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.landscape import Landscape as Map
from vizapp.analysis.landscape import landscape
from vizapp.inputs import InputError
from vizapp.nets.trace import Trace
from vizapp.raster.viewport import Viewport
from vizapp.timeline import Timeline
from vizapp.views import incoming
from vizapp.views.incoming import MessageError
from vizapp.views.landscape_messages import (
    LISTS,
    file_message,
    landscape_message,
    list_message,
    mark_message,
    picture_message,
    point_message,
    waits_message,
    way_message,
)
from vizapp.views.landscape_picture import MAX_PIXELS, Wanted, compiled, picture
from vizapp.views.topics.newest import Newest
from vizapp.views.topics.topic import Handler, Line, Topic

MAX_CORNERS = 500
MAX_PAGE = 1000
_FURTHEST = 1e6
"""Of a place on the map; its images lie within a hundred."""


class Landscape(Topic):
    """Nothing is computed before the map is looked at. A question about a map that is not there yet is answered so."""

    watches = frozenset({"aside", "network", "projection", "trace", "sweep", "start", "end", "way"})

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._maps: dict[tuple[str, str], Map] = {}
        self._told: Map | None = None
        self._way: tuple[Map, Timeline, str] | None = None
        """The map and the sweep whose line on it was told, or is being made."""
        self._making = Newest(line, "the map of the test images")
        self._drawing = Newest(line, "a picture of the map")
        self._going = Newest(line, "the way of a sweep on the map")
        self._listing = Newest(line, "a list of test images")
        self._filing = Newest(line, "a file of test images")

    @property
    def handlers(self) -> dict[str, Handler]:
        return {
            "map_picture": self._on_picture,
            "map_point": self._on_point,
            "map_list": self._on_list,
            "map_file": self._on_file,
        }

    def open(self) -> None:
        self._told = self._way = None
        self._tell()

    def changed(self, names: set[str]) -> None:
        if self.explorer.aside == "map":
            self._tell()

    @property
    def _map(self) -> Map | None:
        """The map that is looked at, if it was made already."""
        return self._maps.get((self.explorer.network, self.explorer.projection))

    def _tell(self) -> None:
        if self.explorer.aside != "map":
            return
        found = self._map
        if found is None:
            network, method = self.explorer.net, self.explorer.projection
            self._making.ask(lambda: landscape(network, method), self._made, slow=True)
            return
        if self._told is not found:
            self._told = found
            self.line.tell(landscape_message(found))
        self.line.tell(mark_message(found, self.explorer.trace, self.explorer.empty))
        self._lead(found)

    def _lead(self, found: Map) -> None:
        """Of a sweep, all of its way on the map: the mark goes along it."""
        timeline, network, name = self.explorer.timeline, self.explorer.net, self.explorer.way
        before = self._way
        self._way = None if timeline is None else (found, timeline, name)
        if self._way is None or timeline is None:
            self._going.drop()
            if before is not None:
                self.line.tell(way_message(found, None))
            return
        # The same sweep is the same object.
        if before is not None and all(a is b for a, b in zip(before, self._way, strict=True)):
            return

        def job() -> Trace | None:
            try:
                return timeline.kept(network, timeline.taken(name)).trace
            except InputError:
                return None

        def done(trace: Trace | None) -> None:
            if self._way is not None and self._way[:2] == (found, timeline):
                self.line.tell(way_message(found, trace))

        self._going.ask(job, done, slow=True)

    def _made(self, made: Map) -> None:
        self._maps[made.network, made.projection.name] = made
        if self._told is not self._map:
            self._tell()

    def _on_picture(self, data: Mapping[str, Any]) -> None:
        ack = incoming.whole(data, "seq")
        wanted = Wanted(
            _view(data),
            self.explorer.map_colour,
            incoming.choice(data, "theme", ("light", "dark")),
            None if data.get("of") is None else incoming.whole(data, "of", 0, 9),
        )
        found = self._map
        if found is None:
            return self._not_yet(data)

        def done(made: Any) -> None:
            self.line.tell(picture_message(found, wanted, made, ack))

        self._drawing.ask(lambda: picture(found, wanted), done, slow=not compiled(wanted.colour))
        return None

    def _on_point(self, data: Mapping[str, Any]) -> None:
        ack = incoming.whole(data, "seq")
        x, y = _coordinate(data, "x"), _coordinate(data, "y")
        found = self._map
        if found is None:
            return self._not_yet(data)
        self.line.tell(point_message(found, x, y, ack))
        return None

    def _on_list(self, data: Mapping[str, Any]) -> None:
        ack = incoming.whole(data, "seq")
        name = incoming.choice(data, "list", LISTS)
        page, corners = incoming.whole(data, "page", 0, MAX_PAGE), _polygon(data)
        found = self._map
        if found is None:
            return self._not_yet(data)
        self._listing.ask(lambda: list_message(found, name, page, corners, ack), self.line.tell)
        return None

    def _on_file(self, data: Mapping[str, Any]) -> None:
        name, corners = incoming.choice(data, "list", LISTS), _polygon(data)
        found = self._map
        if found is None:
            return self._not_yet(data)
        self._filing.ask(lambda: file_message(found, name, corners), self.line.tell)
        return None

    def _not_yet(self, data: Mapping[str, Any]) -> None:
        self.line.tell(waits_message(str(data["type"])))


def _view(data: Mapping[str, Any]) -> Viewport:
    x0, x1, y0, y1 = (_coordinate(data, key) for key in ("x0", "x1", "y0", "y1"))
    width, height = (incoming.whole(data, key, 1, MAX_PIXELS) for key in ("width", "height"))
    if width * height > MAX_PIXELS:
        raise MessageError(f"A picture of the map has at most {MAX_PIXELS:,} pixels.")
    try:
        return Viewport(x0, x1, y0, y1, width, height)
    except ValueError as error:
        raise MessageError(f"The map cannot be shown there: {error}.") from None


def _coordinate(data: Mapping[str, Any], key: str) -> float:
    value = incoming.number(data, key)
    if not math.isfinite(value) or abs(value) > _FURTHEST:
        raise MessageError(f"{key} is too far away from the map.")
    return value


def _polygon(data: Mapping[str, Any]) -> NDArray[np.float32]:
    """float32[corners, 2] from a Float32Array of the browser; none where there is no area."""
    value = data.get("polygon")
    if value is None:
        return np.empty((0, 2), np.float32)
    if not isinstance(value, array) or value.typecode != "f" or len(value) % 2:
        raise MessageError("The corners of an area must be pairs of numbers.")
    if len(value) > 2 * MAX_CORNERS:
        raise MessageError(f"An area has at most {MAX_CORNERS} corners.")
    corners = np.array(value, np.float32).reshape(-1, 2)
    if not np.isfinite(corners).all() or np.abs(corners).max(initial=0) > _FURTHEST:
        raise MessageError("The corners of an area must be on the map.")
    return corners
