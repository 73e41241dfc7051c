"""The raster of all edges under the flat plot's cells, for one session.

While the pen moves the picture has half the pixels a side and follows by the changed nodes only; when it rests
the exact one replaces it, made in a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.lenses import EdgeLens, edge_lens, typical_flow
from vizapp.explorer import Explorer
from vizapp.inputs.reference import reference
from vizapp.nets.layout import Layout
from vizapp.nets.network import Network
from vizapp.raster.cache import OperatorCache
from vizapp.raster.edges import EdgeSet, Kind, strongest
from vizapp.raster.hit import edges_near
from vizapp.raster.picture import Picture
from vizapp.raster.shade import Scale, parts, scale_for
from vizapp.raster.viewport import Viewport
from vizapp.raster.warm import warm_up
from vizapp.views.colours import HUES, TONES

Floats = NDArray[np.float32]

MOVING_FACTOR = 2
SCENE_EDGES = 2000
"""Edges in the 3D scene unless the person asks for another number."""
TYPICAL_IMAGES = 64

CACHE = OperatorCache()
KINDS: tuple[Kind, Kind] = ("magnitude", "signed")


@cache
def warm() -> Future[None]:
    """Done once the kernels are compiled, which takes seconds on a machine's first start; begins at the first call."""
    return ThreadPoolExecutor(1, "vizapp-warm-up").submit(warm_up)


@cache
def edge_set(network: Network, layout: Layout) -> EdgeSet:
    """All edges of a network on its flat layout; one per process."""
    return EdgeSet.of_network(network, layout.flat)


@cache
def _typical(network: Network) -> Floats:
    images, _ = reference()
    return typical_flow(network, network.forward(images[:TYPICAL_IMAGES].astype(np.float32) / 255))


@dataclass(frozen=True, eq=False)
class EdgeImage:
    """A coded picture, uint8[rows, cols], row 0 at the bottom: 0 is nothing, else 1 + tone * HUES + hue.

    `bar`: the values (shares) at 0, 20 … 100 % of the colour bar.
    """

    pixels: NDArray[np.uint8]
    viewport: Viewport
    bar: list[float]


@dataclass(frozen=True, eq=False)
class EdgeLines:
    """The strongest edges one by one: nodes uint16[k] at both ends, and a code each as in EdgeImage."""

    source: NDArray[np.uint16]
    target: NDArray[np.uint16]
    code: NDArray[np.uint8]


class EdgeRaster:
    """Pictures of a session's edges through its lens and filters, at the place it looks at."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._pictures = {kind: Picture(CACHE, id(self)) for kind in KINDS}
        self._looked_at: tuple[str, Viewport] | None = None
        self._scale: Scale | None = None
        self.viewport: Viewport | None = None

    def close(self) -> None:
        for picture in self._pictures.values():
            picture.close()

    def rescale(self) -> None:
        """What is shown has changed: the next picture has a colour scale of its own."""
        self._scale = None

    def edges(self) -> EdgeSet:
        """The edges that pass the filters which do not depend on the drawing."""
        explorer = self._explorer
        return _filtered(
            explorer.net,
            explorer.layout,
            explorer.into,
            explorer.sign,
            tuple(explorer.hidden),
            tuple(explorer.selection) if explorer.touching else None,
        )

    def lens(self) -> EdgeLens:
        """The present lens on the present answer."""
        explorer = self._explorer
        return edge_lens(
            explorer.lens, explorer.net, explorer.trace, explorer.contrast, _typical(explorer.net)
        )

    def moving(self) -> EdgeImage | None:
        """The quick picture; None before the page has told where it looks, or while kernels are compiled."""
        if self.viewport is None or not warm().done():
            return None
        edges, lens, viewport = self.edges(), self.lens(), self.viewport.coarse(MOVING_FACTOR)
        if lens.per_node and not self._explorer.strongest:
            sums = self._by_nodes(edges, lens.first.source, viewport)
        else:
            sums = _by_edges(edges, lens, viewport, self._explorer.strongest)
        # The scale of the last resting picture stays while the pen moves, so that nothing flickers.
        self._scale = self._scale or scale_for(sums[0] + sums[1], transfer="eq_hist")
        return _coded(*sums, viewport, self._scale)

    def resting(self) -> Callable[[], tuple[EdgeImage, EdgeLines]] | None:
        """A job for a worker thread, up to 0.1 s: the exact picture, and the strongest edges for the 3D scene."""
        if self.viewport is None or not warm().done():
            return None
        edges, lens, viewport, k = self.edges(), self.lens(), self.viewport, self._explorer.strongest
        layers = self._explorer.net.offsets

        def job() -> tuple[EdgeImage, EdgeLines]:
            sums = _by_edges(edges, lens, viewport, k)
            self._scale = scale_for(sums[0] + sums[1], transfer="eq_hist")
            return _coded(*sums, viewport, self._scale), _lines(edges, _drawn_alone(edges, lens, layers, k))

        return job

    def near(self, x: float, y: float, limit: int = 5) -> list[tuple[int, int, float, float]]:
        """The strongest edges within two pixels of a place: source, target, weight, value."""
        if self.viewport is None or not warm().done():
            return []
        edges, lens = self.edges(), self.lens()
        values = _strongest_only(_values(edges, lens), self._explorer.strongest)
        reach = (2 * self.viewport.unit_x, 2 * self.viewport.unit_y)
        return [
            (int(edges.source[e]), int(edges.target[e]), float(edges.weight[e]), float(values[e]))
            for e in edges_near(edges, values, x, y, reach, limit)
        ]

    def _by_nodes(self, edges: EdgeSet, source: Floats, viewport: Viewport) -> tuple[Floats, Floats]:
        """Sums of the negative and of the positive values per pixel, through the viewport's operators."""
        if self._looked_at != (edges.key, viewport):
            self._looked_at = (edges.key, viewport)
            for kind, picture in self._pictures.items():
                picture.look_at(edges, viewport, kind)
        magnitude, signed = (self._pictures[kind].moving(source) for kind in KINDS)
        if magnitude.shape != signed.shape:
            # One operator is ready and the other is not: both the slower way, once.
            magnitude, signed = (self._pictures[kind].resting(source) for kind in KINDS)
        positive, negative = parts(magnitude, signed)
        return negative, positive


def _values(edges: EdgeSet, lens: EdgeLens) -> Floats:
    """One signed value per edge: of two contrasted classes, the second's minus the first's."""
    first = lens.first.values(edges)
    if lens.second is None:
        return first
    difference: Floats = np.maximum(lens.second.values(edges), 0) - np.maximum(first, 0)
    return difference


def _by_edges(edges: EdgeSet, lens: EdgeLens, viewport: Viewport, k: int) -> tuple[Floats, Floats]:
    """Sums per pixel of the negative and positive values, or of what speaks for the first and the second class."""
    direct = CACHE.direct(edges, viewport, "signed")
    first = lens.first.values(edges)
    if lens.second is None:
        first = _strongest_only(first, k)
        return direct.draw(np.maximum(-first, 0)), direct.draw(np.maximum(first, 0))
    second = lens.second.values(edges)
    if k:
        keep = _strongest_only(np.abs(first) + np.abs(second), k) > 0
        first, second = first * keep, second * keep
    return direct.draw(np.maximum(first, 0)), direct.draw(np.maximum(second, 0))


def _strongest_only(values: Floats, k: int) -> Floats:
    if not k:
        return values
    kept = np.zeros_like(values)
    chosen = strongest(values, k)
    kept[chosen] = values[chosen]
    return kept


def _drawn_alone(edges: EdgeSet, lens: EdgeLens, layers: NDArray[np.int64], k: int) -> Floats:
    """Values of the strongest k edges, 0 for all others; without k, of equally many between any two layers.

    Where few edges carry a layer's flow each has a large share of it: the strongest of all would be theirs alone.
    """
    values = _values(edges, lens)
    if k:
        return _strongest_only(values, k)
    kept = np.zeros_like(values)
    bounds = np.searchsorted(edges.source, layers)
    for start, stop in pairwise(bounds.tolist()):
        kept[start:stop] = _strongest_only(values[start:stop], SCENE_EDGES // len(bounds))
    return kept


def _lines(edges: EdgeSet, values: Floats) -> EdgeLines:
    """The weakest first, so that the strongest are drawn over them."""
    chosen = strongest(values, len(values))[::-1]
    # Tones by rank, as the raster's: shares differ by orders of magnitude from layer to layer.
    tone = np.ceil(np.arange(1, len(chosen) + 1) * (TONES / max(1, len(chosen))))
    hue = np.where(values[chosen] > 0, HUES - 1, 0)
    code = (1 + (tone - 1) * HUES + hue).astype(np.uint8)
    ends = (edges.source[chosen].astype(np.uint16), edges.target[chosen].astype(np.uint16))
    return EdgeLines(*ends, code)


def _coded(first: Floats, second: Floats, viewport: Viewport, scale: Scale) -> EdgeImage:
    """Strength and balance of two sums in one byte a pixel.

    Strength is histogram-equalised: half of the inked pixels get the lower half of the tones, on every input.
    """
    magnitude = first + second
    tone = np.ceil(scale.share(magnitude) * TONES)
    balance = np.divide(second, magnitude, out=np.zeros_like(second), where=magnitude > 0)
    hue = np.clip(np.rint(balance * (HUES - 1)), 0, HUES - 1)
    pixels = np.where(tone > 0, 1 + (tone - 1) * HUES + hue, 0).astype(np.uint8)
    bar = [float(value) for value in scale.value(np.linspace(0, 1, 6))]
    return EdgeImage(pixels, viewport, bar)


@cache
def _filtered(
    network: Network,
    layout: Layout,
    into: str,
    sign: str,
    hidden: tuple[str, ...],
    touching: tuple[int, ...] | None,
) -> EdgeSet:
    edges = edge_set(network, layout)
    if into == "all layers" and sign == "both" and not hidden and touching is None:
        return edges
    span = None
    if into != "all layers":
        layer = network.span(into)
        span = (layer.start, layer.stop)
    keep = edges.mask(into=span, sign=sign, touching=touching)  # type: ignore[arg-type]
    for name in hidden:
        layer = network.span(name)
        for ends in (edges.source, edges.target):
            keep &= (ends < layer.start) | (ends >= layer.stop)
    return edges.subset(keep)
