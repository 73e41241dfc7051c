"""The raster of all edges under the flat plot's cells, for one session.

While the pen moves the picture has half the pixels a side and follows by the changed nodes only; when it rests
the exact one replaces it, made in a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.lenses import EdgeFactors, contribution_factors, typical_flow, weight_factors
from vizapp.explorer import Explorer
from vizapp.inputs.reference import reference
from vizapp.nets.layout import Layout
from vizapp.nets.network import Network
from vizapp.raster.cache import OperatorCache
from vizapp.raster.edges import EdgeSet, Kind
from vizapp.raster.picture import Picture
from vizapp.raster.shade import Scale, scale_for
from vizapp.raster.viewport import Viewport
from vizapp.views.colours import HUES, TONES

Floats = NDArray[np.float32]

MOVING_FACTOR = 2
TYPICAL_IMAGES = 64

CACHE = OperatorCache()
KINDS: tuple[Kind, Kind] = ("magnitude", "signed")


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
    """A coded picture: pixel 0 is nothing, else 1 + tone * HUES + hue; row 0 at the bottom.

    `bar`: the value (share of the layer's flow) at each fifth of the colour bar, weakest first.
    """

    pixels: NDArray[np.uint8]
    viewport: Viewport
    bar: list[float]


class EdgeRaster:
    """Pictures of a session's edges through its lens and filters, at the place it looks at."""

    def __init__(self, explorer: Explorer, on_ready: Callable[[], None] = lambda: None) -> None:
        """`on_ready` is called, in another thread, when a quicker way to the moving picture is there."""
        self._explorer = explorer
        self._pictures = {kind: Picture(CACHE, id(self), on_ready) for kind in KINDS}
        self._looked_at: tuple[str, Viewport] | None = None
        self._scale: Scale | None = None
        self.viewport: Viewport | None = None

    def close(self) -> None:
        for picture in self._pictures.values():
            picture.close()

    def rescale(self) -> None:
        """What is shown has changed: the next picture has a colour scale of its own."""
        self._scale = None

    def factors(self) -> EdgeFactors:
        """The present lens on the present answer."""
        explorer = self._explorer
        if explorer.lens == "weight":
            return weight_factors(explorer.net)
        return contribution_factors(explorer.net, explorer.trace, 0, _typical(explorer.net))

    def edges(self) -> EdgeSet:
        """The edges that pass the filters."""
        explorer = self._explorer
        return _filtered(
            explorer.net,
            explorer.layout,
            explorer.into,
            explorer.sign,
            tuple(explorer.hidden),
            tuple(explorer.selection) if explorer.touching else None,
        )

    def moving(self) -> EdgeImage | None:
        """The quick picture; None before the page has told where it looks."""
        if self.viewport is None:
            return None
        edges, viewport, factors = self.edges(), self.viewport.coarse(MOVING_FACTOR), self.factors()
        if self._looked_at != (edges.key, viewport):
            self._looked_at = (edges.key, viewport)
            for kind, picture in self._pictures.items():
                picture.look_at(edges, viewport, kind)
        magnitude, signed = (self._pictures[kind].moving(factors.source) for kind in KINDS)
        if magnitude.shape != signed.shape:
            # One operator is ready and the other is not: both the slower way, once.
            magnitude, signed = (self._pictures[kind].resting(factors.source) for kind in KINDS)
        # The scale of the last resting picture stays while the pen moves, so that nothing flickers.
        self._scale = self._scale or scale_for(magnitude, transfer="eq_hist")
        return _coded(magnitude, signed, viewport, self._scale)

    def resting(self) -> Callable[[], EdgeImage] | None:
        """A job for a worker thread: the exact picture of full resolution, in up to 0.1 s."""
        if self.viewport is None:
            return None
        edges, viewport, factors = self.edges(), self.viewport, self.factors()

        def job() -> EdgeImage:
            direct = CACHE.direct(edges, viewport, "signed")
            values = direct.values(factors.source, factors.target)
            plus = direct.draw(np.maximum(values, 0))
            minus = direct.draw(np.maximum(-values, 0))
            magnitude, signed = plus + minus, plus - minus
            self._scale = scale_for(magnitude, transfer="eq_hist")
            return _coded(magnitude, signed, viewport, self._scale)

        return job


def _coded(magnitude: Floats, signed: Floats, viewport: Viewport, scale: Scale) -> EdgeImage:
    """Strength and balance of the signs in one byte a pixel.

    Strength is histogram-equalised: half of the inked pixels get the lower half of the tones, on every input.
    """
    tone = np.ceil(scale.share(magnitude) * TONES)
    balance = np.divide(signed, magnitude, out=np.zeros_like(signed), where=magnitude > 0)
    hue = np.rint((balance + 1) * ((HUES - 1) / 2))
    pixels = np.where(tone > 0, 1 + (tone - 1) * HUES + np.clip(hue, 0, HUES - 1), 0).astype(np.uint8)
    bar = [float(value) for value in scale.value(np.linspace(0, 1, 6))]
    return EdgeImage(pixels.reshape(magnitude.shape), viewport, bar)


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
