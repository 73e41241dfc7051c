"""Edges against brute force: what changes when one source changes, and whether the sums come out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.nets import Network, zoo
from vizapp.nets.layers import Layer
from vizapp.nets.plan import Plan

Array = NDArray[Any]


def some_nodes(network: Network, layer: Layer, rng: np.random.Generator, count: int = 12) -> list[int]:
    """Random nodes of a layer, and its first and last."""
    first = network.span(layer.name).start
    inner = rng.integers(layer.n_nodes, size=count).tolist()
    return [first + local for local in {0, layer.n_nodes - 1, *inner}]


def responses(network: Network, position: int, source: int) -> dict[int, float]:
    """Target → change of its pre-activation when `source`, in the layer below `position`, goes from 0 to 1.

    For pooling: the targets whose value the source can become.
    """
    layer, below = network.layers[position], network.layers[position - 1]
    alone = [Layer("below", below.shape), layer]
    plan = Plan(alone, 2, np.float64)
    plan.values[:, source, 1] = 1
    for step in plan.steps:
        step()
    change = plan.pre[below.n_nodes :, 1] - plan.pre[below.n_nodes :, 0]
    return {int(target): float(change[target]) for target in np.flatnonzero(change)}


def test_edges_out_of_a_node_are_its_impulse_response(network: Network) -> None:
    rng = np.random.default_rng(0)
    for position in range(1, len(network.layers)):
        below = network.layers[position - 1]
        for source in some_nodes(network, below, rng):
            local = source - int(network.offsets[position - 1])
            expected = responses(network, position, local)
            edges = network.edges_out_of(source)
            targets = edges.target - int(network.offsets[position])
            assert (edges.source == source).all()
            assert (np.diff(targets) > 0).all()
            assert targets.tolist() == sorted(expected)
            np.testing.assert_allclose(edges.weight, [expected[target] for target in targets], atol=1e-6)


def test_edges_in_and_out_are_the_same_edges() -> None:
    network = zoo.random("cnn", seed=1)
    into = {name: network.edges_of(name) for name in ("conv1", "pool1", "conv2", "pool2", "fc1")}
    rng = np.random.default_rng(1)
    for position, edges in enumerate(into.values()):
        for source in some_nodes(network, network.layers[position], rng):
            mine = edges.source == source
            out = network.edges_out_of(source)
            assert np.array_equal(out.target, edges.target[mine])
            assert np.array_equal(out.weight, edges.weight[mine])


def test_totals(name: str) -> None:
    network = zoo.random(name)
    edges = [network.edges_of(layer.name) for layer in network.layers]
    assert sum(map(len, edges)) == network.n_edges == {"cnn": 424904, "mlp": 266200}[name]
    for layer, found in zip(network.layers, edges, strict=True):
        assert len(found) == layer.n_edges
        assert found.source.dtype == found.target.dtype == np.int32
        assert found.weight.dtype == np.float32
        pairs = found.source.astype(np.int64) * network.n_nodes + found.target
        assert len(np.unique(pairs)) == len(pairs)


def test_every_pre_activation_is_the_sum_over_its_edges(network: Network, images: Array) -> None:
    trace = network.forward(images[:3])
    row = 2
    for layer in network.layers[1:]:
        if layer.kind == "pool":
            continue
        edges = network.edges_of(layer.name)
        terms = edges.weight * trace.activation[row][edges.source]
        sums = np.bincount(edges.target, terms, network.n_nodes)[network.span(layer.name)]
        assert layer.bias is not None
        bias = np.repeat(layer.bias, layer.n_nodes // len(layer.bias))
        np.testing.assert_allclose(sums + bias, trace.pre[row][network.span(layer.name)], atol=2e-5)


def test_single_nodes_agree_with_their_layer(network: Network) -> None:
    rng = np.random.default_rng(2)
    for layer in network.layers:
        whole = network.edges_of(layer.name)
        for node in some_nodes(network, layer, rng, 4):
            mine = whole.target == node
            edges = network.edges_into(node)
            assert np.array_equal(edges.source, whole.source[mine])
            assert np.array_equal(edges.weight, whole.weight[mine])


def test_pooling_winners(images: Array) -> None:
    network = zoo.random("cnn", seed=2)
    trace = network.forward(images[:4])
    for name in ("pool1", "pool2"):
        edges = network.edges_of(name, trace, 3)
        assert edges.won is not None
        assert (edges.weight == 1).all()
        assert (
            np.bincount(edges.target[edges.won], minlength=network.n_nodes)[network.span(name)] == 1
        ).all()
        winners = edges.source[edges.won]
        assert np.array_equal(trace.activation[3][winners], trace.layer(name)[3].ravel())
        for node in edges.target[[0, 400, -1]].tolist():
            one = network.edges_into(node, trace, 3)
            assert np.array_equal(one.won, edges.won[edges.target == node])
            for source in one.source.tolist():
                out = network.edges_out_of(source, trace, 3)
                assert out.won is not None
                assert out.won.tolist() == [source == one.source[one.won][0]]
    assert network.edges_of("pool1").won is None
    assert network.edges_of("conv2", trace).won is None


def test_of_equal_inputs_the_first_wins() -> None:
    network = zoo.random("cnn", seed=2)
    edges = network.edges_of("pool1", network.forward(np.zeros((28, 28), np.float32)))
    assert edges.won is not None
    assert np.array_equal(edges.won.reshape(-1, 4), np.tile([True, False, False, False], (1176, 1)))


def test_ends_of_the_network(network: Network) -> None:
    assert len(network.edges_into(0)) == 0
    assert len(network.edges_out_of(network.n_nodes - 1)) == 0
    with pytest.raises(ValueError, match="no node"):
        network.edges_into(network.n_nodes)
    with pytest.raises(KeyError):
        network.edges_of("fc7")
