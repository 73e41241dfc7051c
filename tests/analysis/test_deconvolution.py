"""Deconvolution, against SciPy's convolutions and pools undone one by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.signal import convolve2d

from tests.analysis.relevances import digits, trace_of, untrained
from vizapp import nets
from vizapp.analysis.deconvolution import deconvolution
from vizapp.analysis.receptive import receptive_field
from vizapp.nets import Network, Trace, layers
from vizapp.nets.layers import Conv, Dense, Pool

NETWORKS = pytest.mark.parametrize("name", nets.names())


def by_hand(trace: Trace, node: int, row: int) -> np.ndarray:
    """[rows, columns] with the frame: the paper's way, layer by layer."""
    network = trace.network
    position = network.layer_index_of(node)
    signal = np.zeros(network.layers[position].n_nodes)
    signal[node - network.offsets[position]] = trace.activation[row, node]
    for here in range(position, 0, -1):
        layer, below = network.layers[here], network.layers[here - 1]
        if layer.activation == "relu":
            signal = np.where(signal > 0, signal, 0)
        signal = signal.reshape(layer.shape)
        if isinstance(layer, Dense):
            signal = sum(
                value * weights for value, weights in zip(signal, layer.weight.astype(float), strict=True)
            )
        elif isinstance(layer, Conv):
            kernels = layer.weight.astype(float)
            signal = np.stack(
                [
                    sum(convolve2d(signal[m], kernels[m, k], "full") for m in range(layer.shape[0]))
                    for k in range(layer.below[0])
                ]
            )
        elif isinstance(layer, Pool):
            values = trace.layer(below.name)[row]
            unpooled = np.zeros(below.shape)
            for m, y, x in np.ndindex(*layer.shape):
                size = layer.size
                patch = values[m, y * size : (y + 1) * size, x * size : (x + 1) * size]
                dy, dx = np.unravel_index(patch.argmax(), patch.shape)
                unpooled[m, y * size + dy, x * size + dx] = signal[m, y, x]
            signal = unpooled
    return np.asarray(signal).reshape(network.layers[0].shape[1:])


@NETWORKS
@pytest.mark.parametrize("trained", [True, False])
def test_is_what_the_paper_does(name, trained):
    trace = trace_of(name, trained)
    network = trace.network
    rng = np.random.default_rng(1)
    for layer in network.layers:
        span = network.span(layer.name)
        nodes = [
            *rng.integers(span.start, span.stop, 4),
            span.start + int(trace.activation[2, span].argmax()),
        ]
        for node in (int(node) for node in nodes):
            found, expected = deconvolution(trace, node, 2), by_hand(trace, node, 2)
            np.testing.assert_allclose(
                found.framed, expected, rtol=1e-4, atol=1e-5 * (np.abs(expected).max() + 1e-9)
            )
            assert found.start == trace.activation[2, node]
            assert found.picture.shape == (28, 28)
            pad = (len(found.framed) - 28) // 2
            np.testing.assert_array_equal(found.picture, found.framed[pad : pad + 28, pad : pad + 28])


def test_a_node_that_is_off_sees_nothing_and_one_that_is_on_something():
    trace = trace_of("cnn")
    span = trace.network.span("conv2")
    values = trace.activation[0, span]
    off, on = span.start + int(values.argmin()), span.start + int(values.argmax())
    assert not deconvolution(trace, off).framed.any()
    assert deconvolution(trace, on).picture.any()


@pytest.mark.parametrize("where", ["conv1", "pool1", "conv2", "pool2"])
def test_stays_within_what_the_node_is_connected_to(where):
    trace = trace_of("cnn")
    network = trace.network
    span = network.span(where)
    for node in np.argsort(-trace.activation[1, span])[:5] + span.start:
        found = deconvolution(trace, int(node), 1).picture
        field = receptive_field(network, int(node))
        outside = np.ones((28, 28), bool)
        outside[field.row0 : field.row1, field.col0 : field.col1] = False
        assert found.any()
        assert not found[outside].any()


def test_without_pools_it_is_the_same_for_every_drawing_but_for_its_strength():
    trace = trace_of("mlp")
    node = int(trace.network.span("fc1").start) + int((trace.layer("fc1")[:2] > 0).all(axis=0).argmax())
    first, second = (deconvolution(trace, node, row) for row in (0, 1))
    np.testing.assert_allclose(
        first.picture / first.start, second.picture / second.start, rtol=1e-4, atol=1e-6
    )
    weight = trace.network.layer("fc1").weight[node - trace.network.span("fc1").start]
    np.testing.assert_allclose(first.picture.ravel(), first.start * weight, rtol=1e-5)


def test_one_pixel_is_itself():
    trace = trace_of("cnn")
    brightest = int(trace.activation[0, : 32 * 32].argmax())
    found = deconvolution(trace, brightest)
    assert np.flatnonzero(found.framed).tolist() == [brightest]
    assert found.framed.ravel()[brightest] == found.start


def test_what_is_negative_goes_no_further():
    # Two hidden nodes; the upper one takes the first with 2 and the second with −1.
    first = layers.dense("fc1", (1, 1, 2), 2, "relu").with_parameters(
        np.array([[1.0, -3], [5, 1]]), np.ones(2)
    )
    second = layers.dense("fc2", (2,), 1, "relu").with_parameters(np.array([[2.0, -1]]), np.array([10.0]))
    trace = Network("two", [layers.image("input", 1, 2), first, second]).forward(np.array([[1.0, 0.0]]))
    # up: fc1 = 1 + 1 = 2, 1 + 5 = 6; fc2 = 10 + 4 − 6 = 8; down: 16, −8 → 16, 0; then 16 · (1, −3)
    np.testing.assert_array_equal(deconvolution(trace, 4).framed, [[16, -48]])


def test_an_earlier_one_leaves_no_trace_in_a_later_one_and_threads_none_in_each_other():
    network = untrained("cnn")
    trace = network.forward(digits())
    nodes = [
        int(network.span(layer.name).start + trace.layer(layer.name)[0].argmax()) for layer in network.layers
    ] * 4

    def run(node):
        return deconvolution(trace, node).framed

    expected = [by_hand(trace, node, 0) for node in nodes]
    with ThreadPoolExecutor(4) as pool:
        for left, right in zip(expected, pool.map(run, nodes), strict=True):
            np.testing.assert_allclose(right, left, rtol=1e-9, atol=1e-12)
    with pytest.raises(ValueError, match="no node"):
        run(network.n_nodes)
    with pytest.raises(ValueError, match="read-only"):
        run(nodes[0])[0] = 1
