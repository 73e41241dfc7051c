"""How large the values of a layer usually are: what colours are scaled by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.network import Network

Array = NDArray[Any]


def activation_scales(network: Network, images: Array) -> dict[str, dict[str, Any]]:
    """Per layer, from images float32[n, rows, columns]: what one image's extreme typically is.

    Returns:
        Layer name → "layer", the median over the images of the largest activation in the layer; "maps", the
        same for each feature map (for a dense layer, the one number again); "pre", the median of the
        largest magnitude of a pre-activation.
    """
    largest: dict[str, list[Array]] = {layer.name: [] for layer in network.layers}
    magnitude: dict[str, list[Array]] = {layer.name: [] for layer in network.layers}
    for start in range(0, len(images), 256):
        trace = network.forward(images[start : start + 256])
        for layer in network.layers:
            maps = layer.shape[0] if len(layer.shape) == 3 else 1
            largest[layer.name].append(trace.layer(layer.name).reshape(len(trace), maps, -1).max(axis=2))
            magnitude[layer.name].append(np.abs(trace.pre_of(layer.name)).reshape(len(trace), -1).max(axis=1))
    return {
        name: {
            "layer": _rounded(np.median(np.concatenate(values).max(axis=1))),
            "maps": [_rounded(value) for value in np.median(np.concatenate(values), axis=0)],
            "pre": _rounded(np.median(np.concatenate(magnitude[name]))),
        }
        for name, values in largest.items()
    }


def _rounded(value: Any) -> float:
    return float(f"{float(value):.4g}")
