"""What is said of one node, against the layers' own arrays and against finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sampled import trace

from vizapp.analysis import inspection
from vizapp.analysis.inspection import Place, Split
from vizapp.nets import Network, Trace
from vizapp.nets.layers import Conv

Array = NDArray[Any]


def some(network: Network, layer: str, count: int = 5) -> list[int]:
    span = network.span(layer)
    rng = np.random.default_rng(len(layer))
    return sorted({span.start, span.stop - 1, *(int(n) for n in rng.integers(span.start, span.stop, count))})


def spread(network: Network, count: int = 5) -> list[int]:
    return [node for layer in network.layers for node in some(network, layer.name, count)]


# Sums


def test_a_sum_is_split_into_its_largest_terms_and_the_rest() -> None:
    terms = np.array([0.5, 0, -3, 1e-9, 2, -2, 0])
    split = Split.of(terms, 3)
    # The largest first, and of equal ones the first.
    assert split.largest.tolist() == [2, 4, 5]
    assert split.count == 4
    assert split.sum == pytest.approx(0.5 + 1e-9, abs=1e-15)
    assert Split.of(terms, 9).largest.tolist() == [2, 4, 5, 0, 3]
    assert (Split.of(terms, 9).count, Split.of(terms, 9).sum) == (2, 0.0)
    assert Split.of(np.empty(0)).count == 0


def test_products_and_bias_make_the_pre_activation(present: Trace) -> None:
    for node in spread(present.network):
        found = inspection.incoming(present, node)
        if found.bias is None:
            assert len(found.products) == 0
            continue
        split = Split.of(found.products)
        total = found.products[split.largest].sum() + split.sum + found.bias
        assert total == pytest.approx(float(present.pre[0, node]), abs=1e-5)
        assert len(split.largest) + split.count == len(found.sources) == int(np.prod(found.shape))


def test_a_pool_names_its_winner() -> None:
    present = trace("cnn")
    for name in ("pool1", "pool2"):
        for node in some(present.network, name, 40):
            found = inspection.incoming(present, node)
            at = inspection.winner(present, node)
            assert at is not None
            assert found.inputs[at] == found.inputs.max() == present.activation[0, node]
            assert (found.inputs[:at] < found.inputs[at]).all()
            assert found.shape == (1, 2, 2)
    assert inspection.winner(present, present.network.span("fc1").start) is None


def test_what_a_class_has_over_the_best_other_one(present: Trace) -> None:
    network = present.network
    first = network.span("output").start
    best, second = (int(k) for k in np.argsort(-present.logits[0])[:2])
    for digit in range(10):
        found = inspection.rival(present, first + digit)
        assert found is not None
        assert found.node - first == (second if digit == best else best)
        logits = present.logits[0].astype(np.float64)
        assert found.gap == pytest.approx(logits[digit] - logits[found.node - first], abs=1e-9)
        assert (found.gap > 0) == (digit == best)
        assert found.difference.sum() + found.bias == pytest.approx(found.gap, abs=1e-5)
        below = present.layer(network.layers[-2].name)[0]
        np.testing.assert_allclose(found.mine, network.layers[-1].weight[digit] * below, atol=1e-6)
        np.testing.assert_array_equal(
            present.activation[0, found.sources], below, "its sources are the layer below"
        )
    assert inspection.rival(present, first - 1) is None


# Parts of layers


def test_maps_and_kernels_are_those_of_the_layer(present: Trace) -> None:
    network = present.network
    for node in spread(network):
        layer = network.layers[network.layer_index_of(node)]
        found, kernel = inspection.feature_map(present, node), inspection.kernel(network, node)
        if len(layer.shape) == 1:
            assert found is None
            assert kernel is None
            continue
        plane, row, column = np.unravel_index(node - network.span(layer.name).start, layer.shape)
        assert found is not None
        np.testing.assert_array_equal(found.pre, present.pre_of(layer.name)[0, plane])
        np.testing.assert_array_equal(found.output, present.layer(layer.name)[0, plane])
        assert found.first + row * layer.shape[2] + column == node
        if isinstance(layer, Conv):
            np.testing.assert_array_equal(kernel, layer.weight[plane])


def test_outgoing_weights_are_a_column_of_the_dense_layer_above(present: Trace) -> None:
    network = present.network
    for node in spread(network):
        position = network.layer_index_of(node)
        found = inspection.outgoing(network, node)
        if position + 1 == len(network.layers) or network.layers[position + 1].kind != "dense":
            assert found is None
            continue
        assert found is not None
        edges = network.edges_out_of(node)
        np.testing.assert_array_equal(found.weights, edges.weight)
        np.testing.assert_array_equal(found.first + np.arange(len(found.weights)), edges.target)
        assert found.layer == network.layers[position + 1].name


def test_places_count_as_names_do(present: Trace) -> None:
    network = present.network
    for node in spread(network):
        place, name = inspection.place(network, node), network.node_name(node)
        for word, value in (("map", place.map), ("unit", place.unit)):
            assert (f"{word} {value}" in name) == (value is not None)
        assert (f"({place.row}, {place.col})" in name) == (place.row is not None)
    assert inspection.place(network, network.n_nodes - 1) == Place()


def test_every_node_has_a_role_in_one_sentence(present: Trace) -> None:
    network = present.network
    roles = {inspection.role(network, node) for node in range(network.n_nodes)}
    assert len(roles) >= len(network.layers)
    for text in roles:
        assert text[0].isupper()
        assert text.endswith(".")
        assert text.count(".") == 1
        assert len(text) < 160


@pytest.mark.parametrize("node", [-1, 10**6])
def test_a_node_that_there_is_not(present: Trace, node: int) -> None:
    for ask in (inspection.incoming, inspection.rival, inspection.feature_map):
        with pytest.raises(ValueError, match="no node"):
            ask(present, node)
