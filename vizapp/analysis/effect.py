"""How the logits would move for a small change of what one node says: a derivative, carried forward to the output.

For a single node that takes less than the gradients of all (`vizapp.nets.backward`) do, and it is asked for with every
movement of the pen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from vizapp.nets import activations
from vizapp.nets.layers import Conv, Dense, Layer, Pool
from vizapp.nets.trace import Trace

Array = NDArray[Any]


def effect(trace: Trace, node: int, row: int = 0) -> Array | None:
    """float32[classes]: d logit_k / d activation of the node, at this input; None for an output node.

    A silent node has an effect too: that of its beginning to speak. Of equal inputs of a pool the first one counts.

    Raises:
        ValueError: if there is no such node.
    """
    network, values = trace.network, trace.activation[row]
    position = network.layer_index_of(node)
    if position == len(network.layers) - 1:
        return None
    move: Array = np.zeros(network.layers[position].n_nodes, network.dtype)
    move[node - int(network.offsets[position])] = 1
    last = network.layers[-1]
    for at, layer in enumerate(network.layers[position + 1 :], position + 1):
        move = _through(layer, move, values[network.offsets[at - 1] : network.offsets[at]])
        if layer is not last:
            # Functions of single nodes: what pulls a gradient back carries a derivative forward, too.
            here = values[network.offsets[at] : network.offsets[at + 1]]
            move = activations.pull_back(layer.activation, move, here)
    return move


def _through(layer: Layer, move: Array, below: Array) -> Array:
    """How a layer's pre-activations move when the activations `below` move by `move`, both [nodes below]."""
    if isinstance(layer, Dense):
        assert layer.weight is not None
        return np.asarray(layer.weight @ move)
    if isinstance(layer, Conv):
        assert layer.weight is not None
        patches = sliding_window_view(move.reshape(layer.below), (layer.size, layer.size), axis=(1, 2))
        return np.tensordot(layer.weight, patches, axes=([1, 2, 3], [0, 3, 4])).ravel()
    if isinstance(layer, Pool):
        sources = layer.sources(np.arange(layer.n_nodes))
        won = below[sources].argmax(axis=1)
        return np.asarray(move[sources[np.arange(len(sources)), won]])
    raise TypeError(f"{layer.name} is of a kind whose derivative is not known here: {layer.kind}")
