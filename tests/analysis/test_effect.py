"""The effect of a node on the logits, against finite differences and against back-propagation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import correlate

from vizapp import nets
from vizapp.analysis.effect import effect
from vizapp.inputs import SAMPLES, drawing_to_input
from vizapp.nets import Network, Trace
from vizapp.nets.backward import node_gradients
from vizapp.nets.layers import Conv, Pool

Array = NDArray[Any]


def spread(network: Network, count: int) -> list[int]:
    rng = np.random.default_rng(5)
    spans = [network.span(layer.name) for layer in network.layers]
    return [node for span in spans for node in rng.integers(span.start, span.stop, count).tolist()]


def logits_from(network: Network, position: int, values: Array) -> Array:
    """float64[classes], from the activations of the layer at `position` on; shares no code with the app."""
    values = values.astype(np.float64).reshape(network.layers[position].shape)
    for layer in network.layers[position + 1 :]:
        if isinstance(layer, Conv):
            maps = [correlate(values, kernel.astype(np.float64), "valid")[0] for kernel in layer.weight]
            values = np.maximum(np.stack(maps) + layer.bias[:, None, None], 0)
        elif isinstance(layer, Pool):
            maps, rows, columns = layer.shape
            values = values.reshape(maps, rows, layer.size, columns, layer.size).max(axis=(2, 4))
        else:
            values = layer.weight.astype(np.float64) @ values.ravel() + layer.bias
            if layer.activation == "relu":
                values = np.maximum(values, 0)
    return values


def test_the_effect_of_a_node_is_how_the_logits_move_with_it(present: Trace) -> None:
    network, step = present.network, 1e-5
    checked = silent = 0
    for node in spread(network, 30):
        position = network.layer_index_of(node)
        found = effect(present, node)
        if position == len(network.layers) - 1:
            assert found is None
            continue
        values = present.layer(network.layers[position].name)[0].ravel().astype(np.float64)
        move = np.zeros_like(values)
        move[node - network.offsets[position]] = step
        behind, here, ahead = (logits_from(network, position, values + way * move) for way in (-1, 0, 1))
        if not np.allclose(ahead - here, here - behind, atol=1e-4 * step):
            continue  # equal inputs of a pool: there is no derivative
        assert found is not None
        np.testing.assert_allclose(found, (ahead - behind) / (2 * step), rtol=1e-3, atol=1e-4)
        checked += 1
        silent += present.activation[0, node] == 0 and bool(found.any())
    assert checked > 15 * (len(network.layers) - 1)
    # What is silent could have an effect.
    assert silent > 5


def test_below_the_output_the_effect_is_the_weights(present: Trace) -> None:
    network = present.network
    weight = network.layers[-1].weight
    for unit, node in enumerate(range(*network.span(network.layers[-2].name).indices(10**6))):
        np.testing.assert_array_equal(effect(present, node), weight[:, unit])


def test_a_row_of_a_trace_has_its_own_effects() -> None:
    network = nets.load("mlp")
    images = np.stack([drawing_to_input(sample.strokes) for sample in SAMPLES[:2]])
    both, node = network.forward(images), 800
    for row in (0, 1):
        alone = network.forward(images[row])
        # Many images at once are multiplied in another order.
        np.testing.assert_allclose(effect(both, node, row), effect(alone, node), atol=1e-5)


def test_back_propagation_finds_the_same(present: Trace) -> None:
    network = present.network
    values = np.stack([present.pre[0], present.activation[0]])[:, None].repeat(10, axis=1)
    _, gradients = node_gradients(Trace(network, values), np.eye(10, dtype=np.float32))
    for node in spread(network, 100):
        found = effect(present, node)
        if found is not None:
            np.testing.assert_allclose(found, gradients[:, node], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("node", [-1, 10**6])
def test_a_node_that_there_is_not(present: Trace, node: int) -> None:
    with pytest.raises(ValueError, match="no node"):
        effect(present, node)
