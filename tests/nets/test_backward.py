"""Gradients against finite differences, in double precision."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.nets import Network, activations, zoo
from vizapp.nets.backward import node_gradients, parameter_gradients

Array = NDArray[Any]
STEP = 1e-6


@pytest.fixture(params=["relu", "tanh", "sigmoid"])
def precise(request: pytest.FixtureRequest, name: str) -> Network:
    """A network in float64, so that differences of nearby values have digits left."""
    network = zoo.random(name, seed=1, dtype=np.float64)
    hidden = request.param
    return Network(
        name,
        (
            replace(layer, activation=hidden) if layer.activation == "relu" else layer
            for layer in network.layers
        ),
    )


def direction(shape: tuple[int, ...], seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal(shape)


def test_parameter_gradients(precise: Network, images: Array) -> None:
    images = images[:19].astype(np.float64)
    gradient = direction((19, 10))
    found = parameter_gradients(precise, images, gradient)
    assert list(found) == list(precise.parameters)

    def scalar(change: dict[str, Array]) -> float:
        return float((precise.with_parameters(change).forward(images).logits * gradient).sum())

    for name, value in precise.parameters.items():
        move = direction(value.shape, 1)
        difference = scalar({name: value + STEP * move}) - scalar({name: value - STEP * move})
        assert (found[name] * move).sum() == pytest.approx(difference / (2 * STEP), rel=1e-5, abs=1e-6)


def test_gradients_of_the_image(precise: Network, images: Array) -> None:
    images = images[:19].astype(np.float64)
    gradient = direction((19, 10))
    _, activation = node_gradients(precise.forward(images), gradient)
    pad = precise.layers[0].shape[1] // 2 - 14
    frame = activation[:, precise.span("input")].reshape(19, *precise.layers[0].shape[1:])
    found = frame[:, pad : pad + 28, pad : pad + 28]
    move = direction(images.shape, 2)
    ahead = precise.forward(images + STEP * move).logits
    behind = precise.forward(images - STEP * move).logits
    expected = ((ahead - behind) / (2 * STEP) * gradient).sum(axis=1)
    np.testing.assert_allclose((found * move).sum(axis=(1, 2)), expected, rtol=1e-5, atol=1e-6)


def test_gradients_of_hidden_nodes(precise: Network, images: Array) -> None:
    image = images[:1].astype(np.float64)
    gradient = direction((1, 10))
    pre, activation = node_gradients(precise.forward(image), gradient)
    for position, layer in enumerate(precise.layers[1:-1], 1):
        span = precise.span(layer.name)
        move = direction((layer.n_nodes,), position)
        for kind, found in (("pre", pre), ("activation", activation)):
            if layer.kind == "pool" and kind == "pre":
                continue  # one value, see below
            pooled = precise.layers[position + 1].kind == "pool"
            if layer.activation == "relu" and pooled and kind == "activation":
                continue  # no derivative where silent nodes tie
            ahead, behind = rerun(precise, image[0], position, kind, move)
            expected = ((ahead - behind) / (2 * STEP)) @ gradient[0]
            assert found[0, span] @ move == pytest.approx(expected, rel=1e-5, abs=1e-7), (layer.name, kind)
        if layer.kind == "pool":
            assert np.array_equal(pre[0, span], activation[0, span])


def rerun(network: Network, image: Array, position: int, kind: str, move: Array) -> tuple[Array, Array]:
    """Logits when the values of one layer are moved ahead and back, all above being computed anew."""
    layer, top = network.layers[position], network.layers[position + 1 :]
    trace = network.forward(image)
    span = network.span(layer.name)
    logits = []
    for sign in (1, -1):
        pre, value = trace.pre[0, span], trace.activation[0, span]
        if kind == "pre":
            value = activations.apply(layer.activation, pre + sign * STEP * move)
        else:
            value = value + sign * STEP * move
        for above in top:
            sources = above.sources(np.arange(above.n_nodes))
            inputs = value[sources]
            if above.kind == "pool":
                value = inputs.max(axis=1)
                continue
            assert above.bias is not None
            bias = np.repeat(above.bias, above.n_nodes // len(above.bias))
            pre = (above.weights(np.arange(above.n_nodes)) * inputs).sum(axis=1) + bias
            value = activations.apply(above.activation, pre)
        logits.append(pre)
    return logits[0], logits[1]


def test_start_from_a_hidden_layer(images: Array) -> None:
    network = zoo.random("cnn", seed=1, dtype=np.float64)
    trace = network.forward(images[:3])
    one = np.zeros((3, 120))
    one[:, 7] = 1
    pre, activation = node_gradients(trace, one, "fc1")
    assert not pre[:, network.span("fc2")].any()
    assert not activation[:, network.span("output")].any()
    # The pre-activation of a dense unit is linear in the layer below: its gradient is the weights.
    weight = network.parameters["fc1.weight"][7]
    np.testing.assert_allclose(activation[:, network.span("pool2")], np.tile(weight, (3, 1)))


def test_gradient_times_input_is_the_logit_without_biases(images: Array) -> None:
    """A network of relu and max without biases is piecewise linear through zero."""
    network = zoo.random("cnn", seed=1, dtype=np.float64)
    trace = network.forward(images[:5])
    _, activation = node_gradients(trace, np.eye(10)[[3]])
    span = network.span("input")
    product = (activation[:, span] * trace.activation[:, span]).sum(axis=1)
    np.testing.assert_allclose(product, trace.logits[:, 3])


def test_pooling_passes_a_tie_to_the_first() -> None:
    network = zoo.random("cnn", seed=1)
    trace = network.forward(np.zeros((28, 28), np.float32))
    pre, activation = node_gradients(trace, np.ones((1, 1176)), "pool1")
    maps = activation[:, network.span("conv1")].reshape(6, 14, 2, 14, 2)
    assert (maps[:, :, 0, :, 0] == 1).all()
    assert maps.sum() == 1176
    assert pre[0, network.span("pool1")].sum() == 1176


def test_wrong_arguments(network: Network, images: Array) -> None:
    trace = network.forward(images[:2])
    with pytest.raises(KeyError):
        node_gradients(trace, np.ones((2, 10)), "fc9")
    with pytest.raises(ValueError, match="broadcast"):
        node_gradients(trace, np.ones((2, 9)))
