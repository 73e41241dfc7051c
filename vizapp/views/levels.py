"""From activations to colour levels: zero is zero, nothing clips, one scale for what belongs together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vizapp.inputs.reference import reference
from vizapp.nets.layout import Layout
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

TYPICAL_IMAGES = 256


@dataclass(frozen=True)
class Levels:
    """`bytes` uint8[node]: 0 is zero and 255 the scale (signed layers, and all differences: 128 is zero, 1 is −scale).

    `scales`: what 255 stands for, one number per layer, or per block of the layout where maps have their own.
    """

    bytes: NDArray[np.uint8]
    scales: list[float]


def levels(
    network: Network,
    layout: Layout,
    trace: Trace,
    scale: str,
    empty: bool = False,
    against: Trace | None = None,
) -> Levels:
    """Levels of a trace's first row, or of what it has more than `against`, another trace of the network.

    An empty pad shows a network at rest: all zero. Differences are on the scale that activations have, unless
    they are larger: no difference looks like more than it is.
    """
    starts = _starts(network, layout, scale == "map")
    values = trace.activation[0] if against is None else trace.activation[0] - against.activation[0]
    peaks = np.maximum.reduceat(np.abs(values), starts)
    scales = np.maximum(peaks, typical(network, layout, scale == "map"))
    if scale == "network":
        scales = np.full_like(scales, scales.max())
    counts = np.diff(starts, append=network.n_nodes)
    relative = np.zeros_like(values) if empty else values / np.repeat(scales, counts)
    if against is not None:
        relative = 128 + 127 * relative
    else:
        signed = _signed(network)
        relative = np.where(signed, 128 + 127 * relative, 255 * relative) if signed.any() else 255 * relative
    return Levels(np.rint(relative).astype(np.uint8), scales.tolist())


@cache
def typical(network: Network, layout: Layout, per_map: bool) -> NDArray[np.float32]:
    """Median, over reference images, of the largest activation in each layer or map.

    It is the least a scale can be: so faint answers look faint, and colours keep their meaning between drawings.
    """
    images, _ = reference()
    activation = network.forward(images[:TYPICAL_IMAGES].astype(np.float32) / 255).activation
    peaks = np.maximum.reduceat(np.abs(activation), _starts(network, layout, per_map), axis=1)
    middle = np.median(peaks, axis=0).astype(np.float32)
    return np.where(middle > 0, middle, np.float32(1))


@cache
def _starts(network: Network, layout: Layout, per_map: bool) -> NDArray[np.int64]:
    """First node of everything that has a scale of its own."""
    if per_map:
        return np.array([block.first for block in layout.blocks])
    return network.offsets[:-1].astype(np.int64)


@cache
def signed_layers(network: Network) -> tuple[bool, ...]:
    """For each layer whether its values run both ways from zero; pooling hands on what is below it."""
    signed: list[bool] = []
    for layer in network.layers:
        below = layer.kind == "pool" and signed[-1]
        signed.append(below or (layer.kind in ("dense", "conv") and layer.activation in ("tanh", "identity")))
    return tuple(signed)


@cache
def _signed(network: Network) -> NDArray[np.bool_]:
    return np.repeat(signed_layers(network), [layer.n_nodes for layer in network.layers])
