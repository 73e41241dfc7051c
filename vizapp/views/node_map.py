"""All nodes of a layer or network along a sweep: a heat map, node by position, summed up to the pixels of the pane."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.deciding import Switching, split, switching
from vizapp.analysis.sweep import Sweep
from vizapp.views.quadmesh import quadmesh
from vizapp.views.sweeping import ends_of

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

ORDERS = ("switch", "node", "share")
SCALINGS = ("own", "layer")
AGGREGATES = ("max", "mean")


def ordered(sweep: Sweep, span: slice, order: str, times: Switching) -> tuple[NDArray[np.int64], str]:
    """Nodes of a span in an order, and the order that it is.

    "switch": those first that cross half of their range first, those that never do at the end. "node": as they are
    numbered. "share": the largest share in the change of the logits over the whole sweep first; that is said of the
    last hidden layer only, and of others the order is "switch".
    """
    if order == "share":
        network = sweep.network
        if span == network.span(network.layers[-2].name):
            return split(sweep.trace, 0, len(sweep) - 1, *ends_of(sweep)).nodes, order
        order = "switch"
    within = times.order() if order == "switch" else np.arange(span.stop - span.start)
    return span.start + within.astype(np.int64), order


def normalised(sweep: Sweep, nodes: NDArray[np.int64], scaling: str) -> Doubles:
    """Activations float64[n, K], a row for each node.

    "own": from the node's least (0) to its greatest value (1) along the sweep; of one that stays the same all is 0.
    "layer": over the largest magnitude in the node's layer along the sweep; −1 to 1.
    """
    values = sweep.trace.activation[:, nodes].T.astype(np.float64)
    if scaling == "own":
        low = values.min(axis=1, keepdims=True)
        reach = values.max(axis=1, keepdims=True) - low
        return np.asarray((values - low) / np.where(reach > 0, reach, 1))
    offsets = sweep.network.offsets
    largest = np.maximum.reduceat(np.abs(sweep.trace.activation).max(axis=0), offsets[:-1]).astype(np.float64)
    of = largest[np.searchsorted(offsets, nodes, side="right") - 1]
    return np.asarray(values / np.where(of > 0, of, 1)[:, None])


def rasterised(values: Doubles, positions: Doubles, width: int, height: int, aggregate: str) -> Doubles:
    """Rows of values float64[n, K] at positions [K] on height × width pixels, by Datashader.

    The first and the last position are at the two sides; what is at a position reaches half-way to the next. A pixel
    that several nodes or positions share has the largest ("max") or the mean of them.
    """
    import datashader
    import xarray

    count = len(values)
    name = "activation"
    data = xarray.DataArray(
        values,
        dims=("node", "position"),
        coords={"node": np.arange(count) + 0.5, "position": positions},
        name=name,
    )
    canvas = datashader.Canvas(
        plot_width=width,
        plot_height=height,
        x_range=(float(positions[0]), float(positions[-1])),
        y_range=(0.0, float(count)),
    )
    reduction = getattr(datashader, aggregate)(name)
    return np.asarray(quadmesh(canvas, data, "position", "node", reduction), np.float64)


def warm_up() -> None:
    """Import Datashader and compile its kernels, which takes seconds, with what `rasterised` gives them."""
    values, positions = np.zeros((4, 4)), np.linspace(0, 1, 4)
    for aggregate in AGGREGATES:
        for width, height in ((8, 8), (2, 2), (8, 2)):
            rasterised(values, positions, width, height, aggregate)


def node_map(
    sweep: Sweep,
    layer: str | None,
    order: str,
    scaling: str,
    aggregate: str,
    width: int,
    height: int,
    moving: bool = False,
) -> dict[str, Any]:
    """The heat map of a layer, of all of them where it is None; `moving`: only nodes that change, if any do.

    `levels` uint8[height · width], the first row at the top: 0 to 255 are the scale, or −1 to 1 about 128 where
    `signed`. `scale` is the largest magnitude of an activation in it. `nodes` in the order of the rows, and of each:
    `low`, `high`, `first`, `last` values, and `switch`, the position where it first crosses half of its range, where
    it `moves` at all. `count` is the number of nodes that were looked at.

    Raises:
        KeyError: for an unknown layer.
    """
    network = sweep.network
    span = slice(0, network.n_nodes) if layer is None else network.span(layer)
    times = switching(sweep.positions, sweep.trace.activation[:, span])
    nodes, order = ordered(sweep, span, order, times)
    first = times.first[nodes - span.start]
    changing = np.isfinite(first)
    if moving and changing.any():
        nodes, first = nodes[changing], first[changing]
    shares = normalised(sweep, nodes, scaling)
    signed = bool((shares < 0).any())
    image = rasterised(shares, sweep.positions, width, height, aggregate)
    # Every pixel lies on some node and position.
    levels = 128 + 127 * image if signed else 255 * image
    values = sweep.trace.activation[:, nodes]
    return {
        "layer": layer,
        "order": order,
        "scaling": scaling,
        "aggregate": aggregate,
        "width": width,
        "height": height,
        "levels": np.rint(np.nan_to_num(levels)).astype(np.uint8).ravel(),
        "signed": signed,
        "scale": float(np.abs(values).max()),
        "count": span.stop - span.start,
        "nodes": nodes.astype(np.uint32),
        "low": values.min(axis=0),
        "high": values.max(axis=0),
        "first": values[0].copy(),
        "last": values[-1].copy(),
        "moves": np.isfinite(first).astype(np.uint8),
        "switch": np.nan_to_num(first).astype(np.float32),
    }
