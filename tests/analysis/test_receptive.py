"""Receptive fields by geometry against brute force: which pixels change which nodes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp import nets
from vizapp.analysis.receptive import Field, receptive_field
from vizapp.nets import Network


@cache
def seen(name: str) -> tuple[Network, NDArray[Any]]:
    """bool[row, column, node]: whether ink in one pixel alone changes a node.

    With positive weights and no biases nothing cancels, nothing is cut off, and every pixel wins its pool.
    """
    network = nets.load(name)
    positive = {
        key: np.zeros_like(value) if key.endswith("bias") else np.abs(value) + np.float32(1e-3)
        for key, value in network.parameters.items()
    }
    network = network.with_parameters(positive)
    # Pre-activations: the outputs' softmax sees everything, but saturates.
    pre = network.forward(np.eye(784, dtype=np.float32).reshape(-1, 28, 28)).pre
    return network, (pre > 0).reshape(28, 28, -1)


@pytest.mark.parametrize("name", nets.names())
def test_the_field_of_every_node_is_the_pixels_that_change_it(name: str) -> None:
    network, changes = seen(name)
    for node in range(network.n_nodes):
        field = receptive_field(network, node)
        if field is None:
            assert not changes[..., node].any()
            continue
        expected = np.zeros((28, 28), bool)
        expected[field.row0 : field.row1, field.col0 : field.col1] = True
        np.testing.assert_array_equal(changes[..., node], expected, network.node_name(node))


def test_fields_in_the_frame_are_clipped_to_the_picture() -> None:
    network = nets.load("cnn")
    offsets = dict(zip((layer.name for layer in network.layers), network.offsets.tolist(), strict=False))
    assert receptive_field(network, 0) is None
    assert receptive_field(network, 2 * 32 + 2) == Field(0, 1, 0, 1)
    # The first node of conv1 sees 5×5 nodes of the input layer, of which 2 rows and columns are frame.
    assert receptive_field(network, offsets["conv1"]) == Field(0, 3, 0, 3)
    assert receptive_field(network, offsets["pool1"] - 1) == Field(25, 28, 25, 28)
    assert receptive_field(network, offsets["fc1"]) == Field(0, 28, 0, 28)


def test_a_node_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="no node"):
        receptive_field(nets.load("mlp"), 1194)
