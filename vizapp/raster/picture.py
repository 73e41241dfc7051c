"""What a session looks at: the best picture of the edges that can be had in time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future

import numpy as np
from numpy.typing import NDArray

from vizapp.raster.cache import OperatorCache
from vizapp.raster.direct import Direct
from vizapp.raster.edges import EdgeSet, Kind
from vizapp.raster.frame import Frame
from vizapp.raster.operators import Operator
from vizapp.raster.viewport import Viewport

PIXEL_NS = 0.65  # to draw one pixel of one line, measured
QUICK_MS = 12.0  # what drawing may take while the pen moves
_FEW = 8_000_000  # pixels of lines: below, drawing them is as quick as an operator
_FACTORS = (1, 2, 4)


class Picture:
    """One raster of one session: where it looks, and its image for the values of the moment.

    `moving` answers within about 12 ms, at a lower resolution if it must; `resting` gives the exact picture
    of full resolution. Both are images float32[rows, columns] of the whole viewport, row 0 at the bottom, and
    valid until the next call. A picture of `factor` times fewer pixels a side has its sums divided by
    `factor`: a line then crosses `factor` times fewer pixels, but each is `factor`**2 times as large, so
    that brightness stays the same and nothing blinks. Not thread-safe: calls must follow one another.
    """

    def __init__(
        self, cache: OperatorCache, owner: Hashable, on_ready: Callable[[], None] = lambda: None
    ) -> None:
        """`on_ready` is called, in another thread, when a finer or quicker picture can be had."""
        self._cache, self._owner, self._on_ready = cache, owner, on_ready
        self._frames: dict[int, Frame] = {}

    def look_at(self, edges: EdgeSet, viewport: Viewport, kind: Kind = "magnitude") -> None:
        """Look at (another part of) an edge set: takes about 5 ms; the operator follows in the background."""
        self.edges, self.viewport, self.kind = edges, viewport, kind
        self._frames.clear()
        self._ask()

    def close(self) -> None:
        """Give up what has been asked for."""
        self._frames.clear()
        for kind in ("magnitude", "signed", "count"):
            self._cache.release((self._owner, kind))

    def moving(self, values: NDArray[np.floating], tolerance: float = 0.0) -> NDArray[np.float32]:
        """The picture of node values [N], quickly; see Frame.update for the tolerance."""
        operator = self._cache.get(self.edges, self.viewport, self.kind)
        if operator is not None:
            return self._frame(1).update(operator, values, tolerance)
        for factor in _FACTORS:
            direct, frame = self._direct(factor), self._frame(factor)
            if factor == _FACTORS[-1] or frame.work(direct, values, tolerance) * PIXEL_NS < QUICK_MS * 1e6:
                break
        image = frame.update(direct, values, tolerance)
        return image if factor == 1 else image / np.float32(factor)

    def resting(self, values: NDArray[np.floating]) -> NDArray[np.float32]:
        """The picture of node values [N], exact: up to 60 ms at 1000 x 600 if no fine operator is ready."""
        operator = self._cache.get(self.edges, self.viewport, self.kind)
        if operator is None:
            self._ask()  # it may have had to make room for others
        engine = operator if operator is not None and operator.exact else self._direct(1)
        return self._frame(1).redraw(engine, values)

    def of_edges(self, values: NDArray[np.floating], moving: bool = False) -> NDArray[np.float32]:
        """The picture of values per edge [E], for what no node value alone determines, as relevance."""
        share = np.count_nonzero(values) / max(1, len(self.edges))
        for factor in _FACTORS if moving else (1,):
            direct = self._direct(factor)
            if direct.length * share * PIXEL_NS < QUICK_MS * 1e6:
                break
        image = direct.draw(values)
        return image if factor == 1 else image / np.float32(factor)

    def _ask(self) -> None:
        """Ask for the operator, unless drawing the few lines in view is as quick."""
        seen = self.edges, self.viewport, self.kind
        if self._cache.direct(*seen).length <= _FEW:
            return
        future = self._cache.request(*seen, owner=(self._owner, self.kind))

        def tell(done: Future[Operator]) -> None:
            still_here = seen == (self.edges, self.viewport, self.kind)
            if still_here and not done.cancelled() and done.exception() is None:
                self._on_ready()

        if not future.done():
            future.add_done_callback(tell)

    def _direct(self, factor: int) -> Direct:
        viewport = self.viewport if factor == 1 else self.viewport.coarse(factor)
        return self._cache.direct(self.edges, viewport, self.kind)

    def _frame(self, factor: int) -> Frame:
        if factor not in self._frames:
            viewport = self.viewport if factor == 1 else self.viewport.coarse(factor)
            self._frames[factor] = Frame(viewport, self.edges.n_nodes, self.kind)
        return self._frames[factor]
