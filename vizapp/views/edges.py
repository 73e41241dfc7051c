"""The raster of all edges under the flat plot's cells, for one session.

While the pen moves the picture has half the pixels a side and follows by the changed nodes only; when it rests
the exact one replaces it, made in a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.lenses import EdgeLens, edge_lens, typical_flow
from vizapp.analysis.tracing import TraceBack, trace_back
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
MAX_SCENE_EDGES = 20_000
TYPICAL_IMAGES = 64

CACHE = OperatorCache()
KINDS: tuple[Kind, Kind] = ("magnitude", "signed")


@cache
def warm() -> Future[None]:
    """Done once the kernels are compiled, which takes seconds on a machine's first start; begins at the first call."""
    return ThreadPoolExecutor(1, "vizapp-warm-up").submit(warm_up)


@lru_cache(maxsize=8)
def edge_set(network: Network, layout: Layout) -> EdgeSet:
    """All edges of a network on its flat layout; one per process."""
    return EdgeSet.of_network(network, layout.flat)


@lru_cache(maxsize=8)
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
class EdgeDetail:
    """What comes with an exact picture.

    The strongest edges one by one, the weakest first: nodes uint16[k] at both ends, and a code each as in
    EdgeImage. `pixels` uint8[784] or None: what the lens says of the input's pixels, 128 being nothing.
    `note`: a sentence with its numbers, or None.
    """

    source: NDArray[np.uint16]
    target: NDArray[np.uint16]
    code: NDArray[np.uint8]
    pixels: NDArray[np.uint8] | None = None
    note: str | None = None


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

    def traced(self) -> TraceBack | None:
        """The paths that lead to the primary selected node, while they are asked for."""
        explorer = self._explorer
        if not explorer.tracing or not explorer.selection:
            return None
        return trace_back(explorer.trace, explorer.selection[0], explorer.kept)

    def moving(self) -> EdgeImage | None:
        """The quick picture; None before the page has told where it looks, or while kernels are compiled."""
        if self.viewport is None or not warm().done():
            return None
        edges, viewport, traced = self.edges(), self.viewport.coarse(MOVING_FACTOR), self.traced()
        lens = self.lens()
        if traced is None and lens.per_node and not self._explorer.strongest:
            sums = self._by_nodes(edges, lens.first.source, viewport)
        else:
            sums = _summed(edges, viewport, *_two(edges, lens, traced, self._explorer.strongest))
        # The scale of the last resting picture stays while the pen moves, so that nothing flickers.
        self._scale = self._scale or scale_for(sums[0] + sums[1], transfer="eq_hist")
        return _coded(*sums, viewport, self._scale)

    def resting(self) -> Callable[[], tuple[EdgeImage, EdgeDetail]] | None:
        """A job for a worker thread, up to 0.1 s: the exact picture and its details."""
        if self.viewport is None or not warm().done():
            return None
        edges, viewport, traced = self.edges(), self.viewport, self.traced()
        lens, k, layers = self.lens(), self._explorer.strongest, self._explorer.net.offsets

        def job() -> tuple[EdgeImage, EdgeDetail]:
            first, second = _two(edges, lens, traced, k)
            sums = _summed(edges, viewport, first, second)
            self._scale = scale_for(sums[0] + sums[1], transfer="eq_hist")
            values = second - first
            if traced is None and not k:
                values = _evenly(edges, values, layers)
            pixels, note = _words(lens, traced)
            detail = EdgeDetail(*_lines(edges, values), pixels, note)
            return _coded(*sums, viewport, self._scale), detail

        return job

    def near(self, x: float, y: float, limit: int = 5) -> list[tuple[int, int, float, float]]:
        """The strongest edges within two pixels of a place: source, target, weight, value."""
        if self.viewport is None or not warm().done():
            return []
        edges = self.edges()
        first, second = _two(edges, self.lens(), self.traced(), self._explorer.strongest)
        values = second - first
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


def _two(edges: EdgeSet, lens: EdgeLens, traced: TraceBack | None, k: int) -> tuple[Floats, Floats]:
    """Per edge what goes into the first hue and what into the second, float32[edge] each, 0 or more.

    Those are the negative and the positive values, or what speaks for the first and for the second class.
    """
    if traced is not None:
        values = np.zeros(len(edges), np.float32)
        at, found = _places(edges, traced.source, traced.target)
        values[at] = traced.value[found] / np.float32(max(abs(traced.relevance.start), 1e-6))
    else:
        values = lens.first.values(edges)
    if traced is not None or lens.second is None:
        values = _strongest_only(values, k)
        return np.maximum(-values, 0), np.maximum(values, 0)
    first, second = np.maximum(values, 0), np.maximum(lens.second.values(edges), 0)
    if k:
        weak = _strongest_only(first + second, k) == 0
        first[weak] = second[weak] = 0
    return first, second


def _summed(edges: EdgeSet, viewport: Viewport, first: Floats, second: Floats) -> tuple[Floats, Floats]:
    direct = CACHE.direct(edges, viewport, "signed")
    return direct.draw(first), direct.draw(second)


def _places(
    edges: EdgeSet, source: NDArray[np.int32], target: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where in `edges` these edges stand, and which of them stand there at all."""
    n = edges.n_nodes
    keys = edges.source.astype(np.int64) * n + edges.target
    wanted = source.astype(np.int64) * n + target
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    found = np.flatnonzero(keys[at] == wanted) if len(keys) else np.empty(0, np.int64)
    return at[found], found


def _words(lens: EdgeLens, traced: TraceBack | None) -> tuple[NDArray[np.uint8] | None, str | None]:
    """What the lens says of the pixels, and a sentence with its numbers: where the evidence went."""
    if traced is not None:
        name = traced.relevance.network.node_name(traced.node)
        lowered = f", not {traced.share:.0%}: more edges would not fit" if traced.truncated else ""
        count = len(traced.source)
        note = f"{count:,} edges carry {traced.share:.0%} of {name} ({traced.relevance.start:.2f}){lowered}."
        return _signed_bytes(traced.pixels), note
    if not lens.split:
        return None, None
    notes = []
    for split in lens.split:
        bias, epsilon = (float(part.sum()) for part in split.absorbed)
        notes.append(
            f"{split.start:.2f} = {split.arrived:.2f} at the pixels, {bias:.2f} in biases, {epsilon:.2f} in ε"
            f" (residual {split.residual - bias - epsilon:.0e})"
        )
    pixels = lens.split[0].pixels - lens.split[1].pixels if len(lens.split) > 1 else lens.split[0].pixels
    return _signed_bytes(pixels), "Logit " + "; logit ".join(notes) + "."


def _signed_bytes(values: Floats) -> NDArray[np.uint8]:
    peak = float(np.abs(values).max()) or 1.0
    return np.rint(128 + 127 * values / peak).astype(np.uint8).ravel()


def _strongest_only(values: Floats, k: int) -> Floats:
    if not k:
        return values
    kept = np.zeros_like(values)
    chosen = strongest(values, k)
    kept[chosen] = values[chosen]
    return kept


def _evenly(edges: EdgeSet, values: Floats, layers: NDArray[np.int64]) -> Floats:
    """The strongest values between any two layers, equally many of each; 0 for all others.

    Where few edges carry a layer's flow each has a large share of it: the strongest of all would be theirs alone.
    """
    kept = np.zeros_like(values)
    bounds = np.searchsorted(edges.source, layers)
    for start, stop in pairwise(bounds.tolist()):
        kept[start:stop] = _strongest_only(values[start:stop], SCENE_EDGES // len(bounds))
    return kept


def _lines(
    edges: EdgeSet, values: Floats
) -> tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint8]]:
    """Ends and codes of the edges whose value is not 0, at most as many as one draw call takes."""
    chosen = strongest(values, MAX_SCENE_EDGES)[::-1]
    # Tones by rank, as the raster's: shares differ by orders of magnitude from layer to layer.
    tone = np.ceil(np.arange(1, len(chosen) + 1) * (TONES / max(1, len(chosen))))
    hue = np.where(values[chosen] > 0, HUES - 1, 0)
    code = (1 + (tone - 1) * HUES + hue).astype(np.uint8)
    return edges.source[chosen].astype(np.uint16), edges.target[chosen].astype(np.uint16), code


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


@lru_cache(maxsize=16)
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
