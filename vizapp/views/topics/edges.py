"""The raster of all edges: the viewport it is made for, its exact picture, the edges at a place."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from vizapp.raster.viewport import MAX_SIDE, Viewport
from vizapp.state import EDGE_SETTINGS
from vizapp.views import incoming, wire
from vizapp.views.edges import EdgeDetail, EdgeImage, EdgeRaster, warm
from vizapp.views.incoming import MessageError
from vizapp.views.topics.topic import Handler, Line, Topic

log = logging.getLogger(__name__)


class Edges(Topic):
    """Coarse at once, exact when nothing has moved for a moment."""

    watches = EDGE_SETTINGS

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._raster = EdgeRaster(line.explorer)
        # Counts what makes an exact picture that is still being made out of date.
        self._turn = 0
        self._busy = self._again = False

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"viewport": self._on_viewport, "settle": self._on_settle, "probe": self._on_probe}

    def changed(self, names: set[str]) -> None:
        if names != {"selection"} or self.explorer.touching or self.explorer.tracing:
            self._show()

    def close(self) -> None:
        self._raster.close()

    def with_frame(self) -> EdgeImage | None:
        """The coarse picture that goes with a new answer; None where edges do not depend on the drawing."""
        if not self._raster.follows_drawing:
            return None
        self._turn += 1
        return self._raster.moving()

    def _show(self, ack: int = 0) -> None:
        self._turn += 1
        image = self._raster.moving()
        if image is not None:
            self.line.tell(wire.edges_message(image, ack=ack))

    def _on_viewport(self, data: Mapping[str, Any]) -> None:
        ack = incoming.whole(data, "seq")
        ranges = [incoming.number(data, key) for key in ("x0", "x1", "y0", "y1")]
        sides = [incoming.whole(data, key, 1, MAX_SIDE) for key in ("width", "height")]
        try:
            viewport = Viewport(*ranges, *sides)  # type: ignore[arg-type]
        except ValueError as error:
            raise MessageError(f"The flat plot cannot be shown there: {error}.") from None
        waits = self._raster.viewport is not None and not self._raster.ready
        self._raster.viewport = viewport
        if self._raster.ready:
            self._show(ack)
        elif not waits:
            # The page is usable at once; the edges appear when their kernels are compiled.
            warm().add_done_callback(lambda _: self.line.later(self._show))

    def _on_settle(self, data: Mapping[str, Any]) -> None:
        """Nothing has moved for a moment: the exact picture, made beside the event loop."""
        if self._busy:
            self._again = True
            return
        job = self._raster.resting()
        if job is None:
            return
        turn, self._again = self._turn, False

        def work() -> tuple[EdgeImage, EdgeDetail] | None:
            # Where many wait for theirs, the pen may have gone on meanwhile.
            return job() if turn == self._turn else None

        def done(future: Future[tuple[EdgeImage, EdgeDetail] | None]) -> None:
            self._busy = False
            if future.exception() is not None:
                log.error("the picture of the edges failed", exc_info=future.exception())
            elif turn == self._turn and (made := future.result()) is not None:
                self.line.tell(wire.edges_message(*made))
            if self._again:
                self._on_settle({})

        self._busy = True
        self.line.work(work, done)

    def _on_probe(self, data: Mapping[str, Any]) -> None:
        place = incoming.number(data, "x"), incoming.number(data, "y")
        if not all(map(math.isfinite, place)):
            raise MessageError("There is nothing at that place.")
        found = self._raster.near(*place)
        self.line.tell(wire.probe_message(self.explorer, found, incoming.whole(data, "seq")))
