"""One session's picture of the edges, kept up to date by what changed."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vizapp.raster.direct import PAD
from vizapp.raster.edges import Kind
from vizapp.raster.viewport import Viewport


class Engine(Protocol):
    """What turns node values into pixels: an Operator, or Direct drawing."""

    kind: Kind
    viewport: Viewport

    cost: NDArray[np.int64]
    """The work each node makes, in pixels drawn."""

    def add(self, image: NDArray[np.float32], change: NDArray[np.float32], active: NDArray[np.int32]) -> None:
        """Add the lines out of the nodes `active`, times change[node], to the flat, padded `image`."""


class Frame:
    """Pixels float32[height, width] and the node values they show; that is all a session has to keep.

    Engines are handed in with each update, so that the cache alone decides how long an operator lives; any
    engine of the same edges, viewport and kind may take over from another. Not thread-safe.
    """

    def __init__(self, viewport: Viewport, n_nodes: int, kind: Kind = "magnitude") -> None:
        self.viewport, self.kind = viewport, kind
        self._flat = np.zeros(viewport.pixels + PAD, dtype=np.float32)
        self._values = np.zeros(n_nodes, dtype=np.float32)

    @property
    def image(self) -> NDArray[np.float32]:
        """float32[height, width], row 0 at the bottom: a view that the next update overwrites."""
        return self._flat[: self.viewport.pixels].reshape(self.viewport.height, self.viewport.width)

    @property
    def nbytes(self) -> int:
        return self._flat.nbytes + self._values.nbytes

    def work(self, engine: Engine, values: NDArray[np.floating], tolerance: float = 0.0) -> int:
        """What `update` would cost, in pixels drawn (about 0.65 ns each)."""
        new = self._checked(engine, values)
        return min(int(engine.cost[which].sum()) for which in (self._moved(new, tolerance), new != 0))

    def update(
        self, engine: Engine, values: NDArray[np.floating], tolerance: float = 0.0
    ) -> NDArray[np.float32]:
        """Bring the image to `values` [N] through the nodes that changed by more than `tolerance`.

        Values are already scaled per layer, if that is wanted. Differences within the tolerance do not add
        up: they count from the value last drawn. Where redrawing all is less work, all is redrawn.
        Raises ValueError for values that are not finite or not one per node.
        """
        new = self._checked(engine, values)
        moved = self._moved(new, tolerance)
        if engine.cost[moved].sum() >= engine.cost[new != 0].sum():
            return self.redraw(engine, new)
        engine.add(self._flat, new - self._values, moved)
        self._values[moved] = new[moved]
        return self.image

    def redraw(self, engine: Engine, values: NDArray[np.floating]) -> NDArray[np.float32]:
        """Compute the whole image anew, so that the rounding of many updates leaves no trace."""
        self._values = self._checked(engine, values)
        self._flat[:] = 0
        engine.add(self._flat, self._values, np.flatnonzero(self._values).astype(np.int32))
        return self.image

    def _moved(self, new: NDArray[np.float32], tolerance: float) -> NDArray[np.int32]:
        return np.flatnonzero(np.abs(new - self._values) > tolerance).astype(np.int32)

    def _checked(self, engine: Engine, values: NDArray[np.floating]) -> NDArray[np.float32]:
        if (engine.viewport, engine.kind) != (self.viewport, self.kind):
            raise ValueError("this engine draws another picture")
        if values.shape != self._values.shape:
            raise ValueError(f"one value per node is needed: {self._values.shape}, not {values.shape}")
        if not np.isfinite(values).all():
            raise ValueError("node values must be finite")
        return values.astype(np.float32) if self.kind == "signed" else np.abs(values, dtype=np.float32)
