"""The linear map from node values to pixels of one viewport, built once and shared by all who look at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.raster import tiles
from vizapp.raster.direct import Direct
from vizapp.raster.edges import EdgeSet, Kind
from vizapp.raster.viewport import Viewport

MAX_BYTES = 150_000_000  # of the tiles of one operator
_CHUNK = 64  # sources between two looks at `cancelled`


class Cancelled(Exception):
    """Nobody wants the operator any more."""


class Operator:
    """pixels = sum over sources s of value[s] * footprint[s], with the edges' weights (by kind) folded in.

    Footprints are kept as `tiles` with 16-bit numbers (a pixel's error is at most 1/131,070 of the summed
    maxima of the tiles that cover it; about 1e-5 of the image's maximum). Where that would take more than
    150 MB, unsigned kinds get 8-bit numbers (1/510; about 1e-3 of the maximum): see `exact`. Sources whose
    lines hardly overlap, as those of pooling, and those for which there is no room are drawn line by line.
    Read-only once built, thread-safe.
    """

    def __init__(
        self,
        edges: EdgeSet,
        viewport: Viewport,
        kind: Kind = "magnitude",
        *,
        bits: int | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Takes up to a second, without the GIL. Raises Cancelled soon after `cancelled()` turns true."""
        if bits not in (None, 8, 16):
            raise ValueError(f"bits must be 8 or 16, not {bits!r}")
        self.edges, self.viewport, self.kind = edges, viewport, kind
        lines_seen = Direct(edges, viewport, kind)
        self._strip = max(1, tiles.STRIP // viewport.width) * viewport.width
        strips = -(-viewport.pixels // self._strip)
        scratch = np.zeros(viewport.pixels + tiles.TILE, dtype=np.float32)

        def run(kernel: Callable[..., None], these: Direct, *more: Any) -> None:
            fixed = (scratch, viewport.width, self._strip, these.ends, these.edge, these.weight, these.first)
            for begin in range(0, edges.n_nodes, _CHUNK):
                if cancelled():
                    raise Cancelled
                kernel(*fixed, begin, min(begin + _CHUNK, edges.n_nodes), *more)

        count = np.zeros((strips, edges.n_nodes), dtype=np.int32)
        run(tiles.count_tiles, lines_seen, count)
        needed = count.sum(axis=0, dtype=np.int64)
        # Signed sums cancel: there, 8-bit errors would show next to zero.
        fine = kind == "signed" or needed.sum() * tiles.tile_type(16, False).itemsize <= MAX_BYTES
        self.bits = bits or (16 if fine else 8)
        record = tiles.tile_type(self.bits, signed=kind == "signed")
        thin = _thin(lines_seen.cost, needed, MAX_BYTES // record.itemsize)
        self._thin = lines_seen.only(thin)
        count[:, thin] = 0

        self._first = np.zeros(count.size + 1, dtype=np.int32)
        np.cumsum(count.ravel(), out=self._first[1:])
        self._tiles = np.empty(int(self._first[-1]), dtype=record)
        position = self._first[:-1].reshape(count.shape).copy()
        full = np.float32(np.iinfo(record["numbers"].base).max)
        run(tiles.fill_tiles, lines_seen.only(~thin), position, self._tiles, full)
        self._reach = _reach(count)
        #: int64[N]: the work that each source node makes, in pixels drawn (about 0.65 ns each).
        self.cost = 2 * count.sum(axis=0, dtype=np.int64) + self._thin.cost

    @property
    def nbytes(self) -> int:
        arrays = (self._first, self._tiles, self.cost)
        return sum(array.nbytes for array in arrays) + self._thin.nbytes

    @property
    def exact(self) -> bool:
        """Whether the picture can stay; if not, a resting one had better be drawn line by line."""
        return self.bits == 16

    def add(self, image: NDArray[np.float32], change: NDArray[np.float32], active: NDArray[np.int32]) -> None:
        """Add the footprints of the nodes `active`, times change[node], to the flat, padded `image`."""
        tiles.add_tiles(image, self._strip, change, active, self._first, self._reach, self._tiles)
        self._thin.add(image, change, active)


def _thin(cost: NDArray[np.int64], needed: NDArray[np.int64], limit: int) -> NDArray[np.bool_]:
    """bool[N]: sources to draw line by line, as tiles would not be quicker or would be more than `limit`.

    Adding a tile takes as long as drawing two pixels. Where memory is short, the sources get tiles whose tiles
    replace most pixels.
    """
    worth = cost / np.maximum(needed, 1)
    best_first = np.argsort(-worth, kind="stable")
    thin = worth <= 2
    thin[best_first] |= np.cumsum(needed[best_first]) > limit
    return thin


def _reach(count: NDArray[np.int32]) -> NDArray[np.int32]:
    """int32[strips, 2]: first source with tiles in the strip, and one past the last."""
    some = count > 0
    last = some.shape[1] - np.argmax(some[:, ::-1], axis=1)
    reach = np.where(some.any(axis=1), [np.argmax(some, axis=1), last], 0)
    return np.ascontiguousarray(reach.T, dtype=np.int32)
