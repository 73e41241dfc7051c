from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.analysis.relevances import all_edges, digits, linear, slow, trace_of, untrained
from vizapp.analysis import relevance
from vizapp.nets import Network, layers

NETWORKS = pytest.mark.parametrize("name", ["mlp", "cnn"])


def output(network: Network, digit: int) -> int:
    return int(network.offsets[-2]) + digit


@NETWORKS
@pytest.mark.parametrize("epsilon", [0.0, 0.01, 0.5])
def test_is_what_the_paper_s_formula_gives_edge_by_edge(name, epsilon):
    trace = trace_of(name, trained=False)
    network = trace.network
    a, b = relevance.rivals(trace, 1)
    found = relevance.of_difference(trace, a, b, 1, epsilon)
    logits = trace.logits[1]
    expected = slow(trace, 1, {output(network, a): logits[a], output(network, b): -logits[b]}, epsilon)
    np.testing.assert_allclose(found.node, expected.node, rtol=1e-7, atol=1e-10)

    edges = all_edges(network)
    values = found.of_edges(edges)
    ends = zip(edges.source.tolist(), edges.target.tolist(), strict=True)
    np.testing.assert_allclose(values, [expected.edge.get(end, 0.0) for end in ends], rtol=1e-7, atol=1e-10)
    assert found.absorbed.bias.sum() == pytest.approx(expected.bias, abs=1e-9)
    assert found.absorbed.epsilon.sum() == pytest.approx(expected.epsilon, abs=1e-9)


@NETWORKS
@pytest.mark.parametrize("row", range(6))
def test_nothing_gets_lost_from_layer_to_layer(name, row):
    trace = trace_of(name)
    network = trace.network
    digit = int(trace.prediction[row])
    found = relevance.of_class(trace, digit, row)
    logit = float(trace.logits[row, digit])
    absorbed = found.absorbed.bias + found.absorbed.epsilon
    for position, layer in enumerate(network.layers):
        here = found.node[network.span(layer.name)].sum(dtype=float)
        assert here + absorbed[position + 1 :].sum() == pytest.approx(logit, abs=1e-4)
    assert found.start == pytest.approx(logit)
    assert found.residual == pytest.approx(absorbed.sum(), abs=1e-4)
    assert found.pixels.shape == (28, 28)
    assert found.pixels.sum(dtype=float) == pytest.approx(found.arrived, abs=1e-5)
    # Not everything may be called absorbed, or the sums above would say nothing.
    assert abs(found.absorbed.epsilon).sum() < 0.2 * logit
    assert np.abs(found.pixels).sum() > 0.5


@NETWORKS
def test_edges_sum_to_their_nodes(name):
    trace = trace_of(name)
    network = trace.network
    found = relevance.of_class(trace, 2, 1)
    edges = all_edges(network)
    values = found.of_edges(edges).astype(float)
    out = np.bincount(edges.source, values, network.n_nodes)
    below = slice(0, int(network.offsets[-2]))
    np.testing.assert_allclose(out[below], found.node[below], atol=1e-4)

    into = np.bincount(edges.target, values, network.n_nodes)
    for layer in network.layers[1:]:
        span = network.span(layer.name)
        kept = found.target[span].astype(float)
        if layer.bias is not None:
            bias = np.repeat(layer.bias, layer.n_nodes // len(layer.bias))
            absorbed = kept * (bias + found.epsilon * np.copysign(1, trace.pre[1, span]))
        else:
            absorbed = np.zeros(layer.n_nodes)
        np.testing.assert_allclose(into[span], found.node[span] - absorbed, atol=1e-4)


def test_a_linear_network_s_relevance_is_weight_times_input():
    weight = np.array([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0]])
    trace = linear(weight).forward([[0.5, 1.0, 0.25]])
    found = relevance.of_class(trace, 0, epsilon=0)
    np.testing.assert_array_equal(found.pixels, [[1.0, -1.0, 0.125]])
    assert found.residual == 0
    found = relevance.of_difference(trace, 0, 1, epsilon=0)
    np.testing.assert_allclose(found.pixels, [[0.5, -4.0, 0.125]], rtol=1e-15)
    np.testing.assert_allclose(found.of_edges(all_edges(trace.network)), [1, -1, 0.125, -0.5, -3, 0])


def test_two_linear_layers_are_one():
    first = np.array([[1.0, 2.0, -1.0], [0.5, -2.0, 1.0]])
    second = np.array([[3.0, -1.0], [1.0, 1.0]])
    ink = np.array([[0.2, 0.7, 1.0]])
    found = relevance.of_class(linear(first, second).forward(ink), 1, epsilon=0)
    np.testing.assert_allclose(found.pixels, ink * (second @ first)[1])


@NETWORKS
def test_without_biases_and_epsilon_it_is_gradient_times_input(name):
    network = untrained(name, biases=False)
    image = digits()[2].astype(float)
    found = relevance.of_class(network.forward(image), 4, epsilon=0)
    pixels = np.argwhere(image > 0)[::3]
    step = 1e-7
    moved = np.tile(image, (2 * len(pixels), 1, 1))
    for k, (y, x) in enumerate(pixels):
        moved[2 * k, y, x] += step
        moved[2 * k + 1, y, x] -= step
    logit = network.forward(moved).logits[:, 4]
    gradient = (logit[::2] - logit[1::2]) / (2 * step)
    y, x = pixels.T
    np.testing.assert_allclose(found.pixels[y, x], gradient * image[y, x], atol=1e-6)
    assert found.residual == pytest.approx(0, abs=1e-10)


@NETWORKS
def test_the_difference_starts_a_virtual_output_of_the_two_weights(name):
    trace = trace_of(name, trained=False)
    weight = trace.network.layers[-1].weight
    found = relevance.of_difference(trace, 3, 8, 0, epsilon=0)
    last = trace.network.span(trace.network.layers[-2].name)
    np.testing.assert_allclose(
        found.node[last], trace.activation[0, last] * (weight[3] - weight[8]), atol=1e-12
    )
    assert found.start == pytest.approx(trace.logits[0, 3] - trace.logits[0, 8])


def test_the_winner_of_a_pool_takes_all():
    trace = trace_of("cnn")
    found = relevance.of_class(trace, int(trace.prediction[0]))
    for name in ("pool1", "pool2"):
        edges = trace.network.edges_of(name, trace, 0)
        values = found.of_edges(edges)
        assert not values[~edges.won].any()
        np.testing.assert_allclose(values[edges.won], found.node[trace.network.span(name)], atol=1e-6)
        assert np.count_nonzero(values) > 20


def test_of_equal_inputs_of_a_pool_the_first_wins():
    pool = layers.pool("pool", (1, 2, 4), 2)
    score = layers.dense("output", pool.shape, 1, "identity").with_parameters(
        np.array([[2.0, 5.0]]), np.zeros(1)
    )
    network = Network("pooled", [layers.image("input", 2, 4), pool, score])
    trace = network.forward([[[0.5, 0.5, 0.0, 0.2], [0.5, 0.5, 0.3, 0.3]]])
    found = relevance.of_class(trace, 0, epsilon=0)
    np.testing.assert_allclose(found.pixels, [[1, 0, 0, 0], [0, 0, 1.5, 0]])
    np.testing.assert_allclose(found.of_edges(all_edges(network)), [1, 0, 0, 0, 0, 0, 1.5, 0, 1, 1.5])


@pytest.mark.parametrize("where", ["fc1", "pool2", "conv2", "pool1", "conv1"])
def test_any_node_can_be_split(where):
    trace = trace_of("cnn", trained=False)
    span = trace.network.span(where)
    strongest = span.start + int(trace.pre[3, span].argmax())
    off = span.start + int(trace.pre[3, span].argmin())
    for node in {strongest, off}:
        found = relevance.of_node(trace, node, 3)
        expected = slow(trace, 3, {node: trace.pre[3, node]}, relevance.EPSILON)
        np.testing.assert_allclose(found.node, expected.node, rtol=1e-7, atol=1e-10)
        assert found.start == pytest.approx(trace.pre[3, node])
        assert found.residual == pytest.approx(expected.bias + expected.epsilon, abs=1e-9)


def test_an_earlier_split_leaves_no_trace_in_a_later_one():
    trace = trace_of("cnn")
    low = int(trace.network.span("conv1").start) + 400
    before = relevance.of_node(trace, low)
    names = ("node", "source", "target")
    copies = [getattr(before, name).copy() for name in names]
    relevance.of_class(trace, 1, row=2)
    for name, copy in zip(names, copies, strict=True):  # nor does a later one change what has been given out
        np.testing.assert_array_equal(getattr(before, name), copy)
    after = relevance.of_node(trace, low)
    for name, copy in zip(names, copies, strict=True):
        np.testing.assert_array_equal(getattr(after, name), copy)
    above = slice(low + 1, None)
    assert not after.node[above].any()
    assert not after.target[above].any()


@NETWORKS
def test_contrast_keeps_the_two_classes_apart(name):
    trace = trace_of(name)
    a, b = relevance.rivals(trace, 2)
    assert a == trace.prediction[2]
    assert trace.logits[2, b] == np.sort(trace.logits[2])[-2]
    both = relevance.contrast(trace, a, b, 2)
    edges = all_edges(trace.network)
    alone_a = relevance.of_class(trace, a, 2).of_edges(edges)
    alone_b = relevance.of_class(trace, b, 2).of_edges(edges)
    for_a, for_b = both.of_edges(edges)
    np.testing.assert_allclose(for_a, alone_a.clip(0), atol=1e-5)
    np.testing.assert_allclose(for_b, alone_b.clip(0), atol=1e-5)
    assert np.count_nonzero((for_a > 0) & (for_b > 0)) > 100  # the mixture
    expected = relevance.of_difference(trace, a, b, 2)
    np.testing.assert_allclose(both.difference.node, expected.node, atol=1e-4)
    np.testing.assert_allclose(both.difference.of_edges(edges), alone_a - alone_b, atol=1e-4)
    assert both.difference.start == pytest.approx(expected.start)
    assert both.difference.absorbed.bias.sum() == pytest.approx(expected.absorbed.bias.sum(), abs=1e-4)


def test_an_empty_pad_has_no_evidence_in_its_pixels():
    for name in ("mlp", "cnn"):
        trace = trace_of(name).network.forward(np.zeros((28, 28)))
        found = relevance.of_class(trace, 0)
        assert not found.pixels.any()
        assert found.absorbed.bias.sum() + found.absorbed.epsilon.sum() == pytest.approx(
            found.start, abs=1e-4
        )
        assert np.isfinite(found.node).all()


def test_threads_do_not_disturb_each_other():
    jobs = [(name, row, digit) for name in ("mlp", "cnn") for row in range(6) for digit in range(10)]

    def run(job):
        name, row, digit = job
        return relevance.of_class(trace_of(name), digit, row).node

    expected = [run(job) for job in jobs]
    with ThreadPoolExecutor(4) as pool:
        for left, right in zip(expected, pool.map(run, jobs), strict=True):
            np.testing.assert_array_equal(left, right)


def test_says_what_it_cannot_split():
    trace = trace_of("mlp")
    with pytest.raises(ValueError, match="no class 10"):
        relevance.of_class(trace, 10)
    with pytest.raises(ValueError, match="no class -1"):
        relevance.of_difference(trace, 1, -1)
    with pytest.raises(ValueError, match="no node"):
        relevance.of_node(trace, trace.network.n_nodes)
    for epsilon in (-1, float("nan")):
        with pytest.raises(ValueError, match="epsilon"):
            relevance.of_class(trace, 1, epsilon=epsilon)
    found = relevance.of_class(trace, 1)
    with pytest.raises(ValueError, match="read-only"):
        found.node[0] = 1
