"""Edges drawn line by line: the exact picture, any value per edge, and the way to look at few edges."""

from __future__ import annotations

from copy import copy
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vizapp.jit import plain
from vizapp.raster import lines
from vizapp.raster.edges import EdgeSet, Kind
from vizapp.raster.viewport import Viewport

PAD = 16  # pixels that a flat image has at its end, so that tiles may stand over


class Direct:
    """The lines of `edges` that are visible in `viewport`, clipped once (1 to 5 ms for 424,904 edges).

    `edge` int32[V] indices of the visible edges, `ends` int16[V, 4] their first and last pixel (column, row,
    column, row), `cost` int64[N] the number of pixels of the lines out of each node, `length` of all: drawing
    takes about 0.65 ns for each.
    """

    def __init__(self, edges: EdgeSet, viewport: Viewport, kind: Kind = "magnitude") -> None:
        self.edges, self.viewport, self.kind = edges, viewport, kind
        self.cost = np.zeros(edges.n_nodes, dtype=np.int64)
        edge = np.empty(len(edges), dtype=np.int32)
        ends = np.empty((len(edges), 4), dtype=np.int16)
        v = viewport
        window = (float(v.x0), float(v.x1), float(v.y0), float(v.y1), v.width, v.height)
        places = (edges.source, edges.target, edges.positions)
        count = lines.clip_edges(*places, *window, edge, ends, self.cost)
        self.length = int(self.cost.sum())
        if 2 * count < len(edges):
            edge, ends = edge[:count].copy(), ends[:count].copy()
        self.edge, self.ends = edge[:count], ends[:count]
        self.weight = edges.weights_for(kind)

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """int64[N + 1]: the visible lines out of node n are first[n]..first[n + 1]."""
        return np.searchsorted(self.edges.source[self.edge], np.arange(self.edges.n_nodes + 1))

    def of_kind(self, kind: Kind) -> Direct:
        """The same lines, shared, with the weights of another kind."""
        other = copy(self)
        other.kind, other.weight = kind, self.edges.weights_for(kind)
        return other

    def only(self, sources: NDArray[np.bool_]) -> Direct:
        """The lines out of some of the nodes, bool[N]."""
        part = copy(self)
        part.__dict__.pop("first", None)
        keep = sources[self.edges.source[self.edge]]
        part.edge, part.ends = self.edge[keep], self.ends[keep]
        part.cost = np.where(sources, self.cost, 0)
        part.length = int(part.cost.sum())
        return part

    @property
    def nbytes(self) -> int:
        return self.edge.nbytes + self.ends.nbytes + self.cost.nbytes + self.first.nbytes

    def add(self, image: NDArray[np.float32], change: NDArray[np.float32], active: NDArray[np.int32]) -> None:
        """Add the lines out of the nodes `active`, times change[node], to the flat, padded `image`."""
        lines.draw_sources(
            image, self.viewport.width, self.ends, self.edge, self.first, self.weight, change, active
        )

    def values(
        self, source: NDArray[np.float32], target: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """float32[E]: weight (by kind) times source value, times target value if given.

        With the activation as `source` and relevance over pre-activation as `target` these are the
        messages of layer-wise relevance propagation.
        """
        edges = self.edges
        out = np.empty(len(edges), dtype=np.float32)
        target = np.ones(edges.n_nodes, dtype=np.float32) if target is None else target
        if source.shape != (edges.n_nodes,) or target.shape != source.shape:
            raise ValueError(f"one value per node is needed: {edges.n_nodes}")
        lines.products(self.weight, edges.source, plain(source), edges.target, plain(target), out)
        return out

    def draw(
        self, values: NDArray[np.floating], dtype: type[np.floating] = np.float32
    ) -> NDArray[np.floating]:
        """Sum per pixel of values per edge (`values` [E]): an image [height, width] of `dtype`.

        In float64 it is exactly Datashader's aggregate of the same edges in the same order.
        """
        if values.shape != (len(self.edges),):
            raise ValueError(f"one value per edge is needed: {len(self.edges)}, not {values.shape}")
        image = np.zeros(self.viewport.pixels, dtype=dtype)
        lines.draw(image, self.viewport.width, self.ends, self.edge, plain(values, dtype), dtype(1))
        return image.reshape(self.viewport.height, self.viewport.width)
