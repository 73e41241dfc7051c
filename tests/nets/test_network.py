"""The forward pass against ONNX Runtime, and what else a network promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.nets import Network, zoo

onnx_engine = pytest.importorskip("vizapp.onnx_engine")

Array = NDArray[Any]


def differences(network: Network, images: Array) -> dict[str, float]:
    trace = network.forward(images)
    return {
        name: float(
            np.abs((trace.pre_of(name[:-4]) if name.endswith(".pre") else trace.layer(name)) - value).max()
        )
        for name, value in onnx_engine.run(network, images).items()
    }


@pytest.mark.parametrize("count", [1, 16, 37])
def test_every_value_equals_onnx_runtime(network: Network, images: Array, count: int) -> None:
    assert max(differences(network, images[:count]).values()) < 1e-5


def test_shipped_weights_equal_onnx_runtime(name: str, images: Array) -> None:
    network = zoo.load(name)
    trace = network.forward(images)
    for layer, value in onnx_engine.run(network, images).items():
        ours = trace.pre_of(layer[:-4]) if layer.endswith(".pre") else trace.layer(layer)
        # Trained pre-activations reach some tens: 1e-5 of the largest of a layer.
        np.testing.assert_allclose(ours, value, atol=1e-5 * max(1, np.abs(value).max()), rtol=0)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "identity"])
def test_other_activation_functions_equal_onnx_runtime(images: Array, activation: str) -> None:
    from dataclasses import replace

    plain = zoo.random("cnn", seed=6)
    layers = (
        replace(layer, activation=activation) if layer.activation == "relu" else layer
        for layer in plain.layers
    )
    assert max(differences(Network("other", layers), images).values()) < 1e-5


def test_size_of_the_networks() -> None:
    cnn, mlp = zoo.random("cnn"), zoo.random("mlp")
    assert (cnn.n_nodes, cnn.n_edges, cnn.n_parameters) == (9134, 424904, 63802)
    assert (mlp.n_nodes, mlp.n_edges, mlp.n_parameters) == (1194, 266200, 266610)
    assert [layer.shape for layer in cnn.layers] == [
        (1, 32, 32), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120,), (100,), (10,)
    ]  # fmt: skip


def test_one_image_and_a_batch_give_the_same(network: Network, images: Array) -> None:
    batch = network.forward(images)
    assert len(batch) == len(images)
    for row in (0, 15, 16, 36):
        single = network.forward(images[row])
        np.testing.assert_allclose(single.pre[0], batch.pre[row], atol=1e-5)
        np.testing.assert_allclose(single.activation[0], batch.activation[row], atol=1e-5)


def test_the_same_image_gives_the_same_bits(network: Network, images: Array) -> None:
    first = network.forward(images).activation.copy()
    network.forward(images[::-1].copy())
    assert np.array_equal(network.forward(images).activation, first)


def test_a_trace_keeps_its_values(network: Network, images: Array) -> None:
    held = [network.forward(images[:1]), network.forward(images)]
    copies = [(trace.pre.copy(), trace.activation.copy()) for trace in held]
    network.forward(images[5:6])
    network.forward(1 - images)
    for trace, (pre, activation) in zip(held, copies, strict=True):
        assert np.array_equal(trace.pre, pre)
        assert np.array_equal(trace.activation, activation)
        assert not trace.pre.flags.writeable
        assert not trace.activation.flags.writeable


def test_forward_from_many_threads(network: Network, images: Array) -> None:
    expected = [network.forward(image).activation.copy() for image in images]

    def repeated(index: int) -> bool:
        return all(
            np.array_equal(network.forward(images[index]).activation, expected[index]) for _ in range(20)
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(repeated, range(len(images))))


def test_input_and_pool_nodes_have_one_value(images: Array) -> None:
    network = zoo.random("cnn")
    trace = network.forward(images)
    for name in ("input", "pool1", "pool2"):
        assert np.array_equal(trace.pre_of(name), trace.layer(name))
    assert np.array_equal(trace.layer("input")[:, 0, 2:30, 2:30], images)
    assert trace.layer("input").sum() == pytest.approx(images.sum())


def test_output_of_a_trace(network: Network, images: Array) -> None:
    trace = network.forward(images)
    assert trace.logits.shape == trace.probabilities.shape == (37, 10)
    np.testing.assert_allclose(trace.probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(trace.prediction, trace.probabilities.argmax(axis=1))
    assert len(network.forward(np.zeros((0, 28, 28), np.float32))) == 0


def test_large_logits_do_not_overflow(images: Array) -> None:
    network = zoo.random("mlp")
    huge = network.with_parameters({"output.weight": network.parameters["output.weight"] * np.float32(1e4)})
    probabilities = huge.forward(images).probabilities
    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("shape", [(28, 27), (3, 1, 28, 28), (784,), (2, 32, 32)])
def test_images_of_another_shape_are_refused(network: Network, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="takes"):
        network.forward(np.zeros(shape, np.float32))


def test_node_names() -> None:
    cnn, mlp = zoo.random("cnn"), zoo.random("mlp")
    offsets = dict(zip([layer.name for layer in cnn.layers], cnn.offsets, strict=False))
    assert cnn.node_name(3 * 32 + 4) == "input (3, 4)"
    assert cnn.node_name(int(offsets["conv2"]) + 6 * 100 + 34) == "conv2 map 7 (3, 4)"
    assert cnn.node_name(int(offsets["fc1"]) + 30) == "fc1 unit 31"
    assert cnn.node_name(cnn.n_nodes - 3) == "output 7"
    assert mlp.node_name(784) == "fc1 unit 1"
    assert len({cnn.node_name(node) for node in range(cnn.n_nodes)}) == cnn.n_nodes
    assert cnn.layers[cnn.layer_index_of(int(offsets["pool1"]))].name == "pool1"
    for node in (-1, cnn.n_nodes):
        with pytest.raises(ValueError, match="no node"):
            cnn.node_name(node)


def test_with_parameters_leaves_the_original_alone(network: Network, images: Array) -> None:
    before = network.forward(images).logits.copy()
    edited = network.with_parameters({"output.bias": network.parameters["output.bias"] + np.float32(1)})
    np.testing.assert_allclose(edited.forward(images).logits, before + 1, atol=1e-5)
    assert np.array_equal(network.forward(images).logits, before)
    with pytest.raises(ValueError, match="no parameter"):
        network.with_parameters({"fc9.bias": np.zeros(3, np.float32)})
    with pytest.raises(ValueError, match="shape"):
        network.with_parameters({"output.bias": np.zeros(3, np.float32)})
