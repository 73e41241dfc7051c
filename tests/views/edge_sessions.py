"""Sessions that look at edges, and what they must see: from the networks themselves and from Datashader."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.lenses import edge_lens, typical_flow
from vizapp.analysis.tracing import trace_back
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES, reference
from vizapp.raster.bench import datashader_sum
from vizapp.raster.edges import EdgeSet
from vizapp.raster.shade import scale_for
from vizapp.raster.viewport import Viewport
from vizapp.views.colours import HUES, TONES
from vizapp.views.edge_codes import TRANSFERS
from vizapp.views.edge_values import TYPICAL_IMAGES
from vizapp.views.edges import EdgeImage

Array = NDArray[Any]


def session(name: str, **settings: Any) -> Explorer:
    """An explorer with an ambiguous drawing on its pad."""
    explorer = Explorer(network=name, drawing=Drawing(tuple(SAMPLES[0].strokes)))
    explorer.param.update(**settings)
    return explorer


def whole(explorer: Explorer, width: int = 420, height: int = 380) -> Viewport:
    return Viewport(*explorer.layout.bounds, width, height)


def part(viewport: Viewport, x: float, y: float, share: float) -> Viewport:
    """A window of `share` of the sides, as many pixels, around a place at shares (x, y) of the viewport."""
    wide, high = viewport.x1 - viewport.x0, viewport.y1 - viewport.y0
    at_x, at_y = viewport.x0 + x * wide, viewport.y0 + y * high
    half_x, half_y = share * wide / 2, share * high / 2
    return replace(viewport, x0=at_x - half_x, x1=at_x + half_x, y0=at_y - half_y, y1=at_y + half_y)


def along(explorer: Explorer, edge: int) -> Viewport:
    """So near that hardly more than one edge is seen."""
    edges = every_edge(explorer)
    x, y = (edges.positions[edges.source[edge]] + edges.positions[edges.target[edge]]) / 2
    return Viewport(x - 0.02, x + 0.02, y - 0.02, y + 0.02, 300, 300)


# The definition, from the networks themselves


def every_edge(explorer: Explorer) -> EdgeSet:
    return EdgeSet.of_network(explorer.net, explorer.layout.flat)


def kept(explorer: Explorer, edges: EdgeSet) -> Array:
    """bool[edge]: those that pass the filters."""
    net = explorer.net
    names = np.array([layer.name for layer in net.layers])
    source, target = (
        names[np.searchsorted(net.offsets, ends, side="right") - 1] for ends in (edges.source, edges.target)
    )
    keep = ~np.isin(source, explorer.hidden) & ~np.isin(target, explorer.hidden)
    if explorer.into != "all layers":
        keep &= target == explorer.into
    if explorer.sign != "both":
        keep &= (edges.weight > 0) if explorer.sign == "positive" else (edges.weight < 0)
    if explorer.touching:
        keep &= np.isin(edges.source, explorer.selection) | np.isin(edges.target, explorer.selection)
    return np.asarray(keep)


def expected_values(explorer: Explorer) -> tuple[EdgeSet, Array, Array]:
    """All edges, and what goes into the first and into the second hue of each."""
    edges = every_edge(explorer)
    net, trace = explorer.net, explorer.trace
    images = reference()[0][:TYPICAL_IMAGES] / np.float32(255)
    lens = edge_lens(
        explorer.lens,
        net,
        trace,
        explorer.contrast,
        typical_flow(net, net.forward(images.astype(np.float32))),
    )
    value = lens.first.values(edges).astype(np.float64)
    second = np.zeros_like(value) if lens.second is None else lens.second.values(edges)
    if explorer.tracing:
        traced = trace_back(trace, explorer.selection[0], explorer.kept)
        shares = traced.value / abs(traced.relevance.start)
        paths = dict(zip(zip(traced.source, traced.target, strict=True), shares, strict=True))
        value = np.array([paths.get(ends, 0.0) for ends in zip(edges.source, edges.target, strict=True)])
        lens = replace(lens, second=None)
    if lens.second is None:
        first, second = np.maximum(-value, 0), np.maximum(value, 0)
    else:
        first, second = np.maximum(value, 0), np.maximum(second, 0)
    keep = kept(explorer, edges)
    strength = np.where(keep, first + second, 0)
    if lens.counts and not explorer.tracing:
        first, second = np.zeros(len(edges)), np.ones(len(edges))
    if explorer.strongest:
        keep &= strength >= np.sort(strength)[-explorer.strongest]
    return edges, np.where(keep, first, 0), np.where(keep, second, 0)


def expected_picture(explorer: Explorer, viewport: Viewport) -> tuple[Array, Array, list[float]]:
    """Tone 0..TONES and balance per pixel, and the numbers of the bar: Datashader's sums through the code."""
    edges, first, second = expected_values(explorer)
    sums = [
        datashader_sum(edges, values.astype(np.float32), viewport)().astype(np.float32)
        for values in (first, second)
    ]
    strength = sums[0] + sums[1]
    scale = scale_for(strength, transfer=TRANSFERS[explorer.transfer])
    balance = np.divide(sums[1], strength, out=np.zeros_like(strength), where=strength > 0)
    return np.ceil(scale.share(strength) * TONES), balance, scale.value(np.linspace(0, 1, 6)).tolist()


def decoded(image: EdgeImage) -> tuple[Array, Array]:
    """Tone 0..TONES and hue 0..HUES-1 per pixel."""
    code = image.pixels.astype(int)
    return np.where(code > 0, 1 + (code - 1) // HUES, 0), np.where(code > 0, (code - 1) % HUES, 0)
