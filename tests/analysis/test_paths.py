"""The way back along the strongest contributions, against sums written out by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from vizapp import nets
from vizapp.analysis.paths import strongest_input, strongest_path
from vizapp.inputs import SAMPLES, drawing_to_input
from vizapp.nets.layers import Conv
from vizapp.nets.trace import Trace

IMAGES = {
    "sample": drawing_to_input(SAMPLES[0].strokes),
    "empty": np.zeros((28, 28), np.float32),
}


def terms(trace: Trace, node: int) -> dict[int, float]:
    """Source → weight times activation, from the parameters alone; of a pooling node its inputs as they are."""
    network = trace.network
    position = network.layer_index_of(node)
    layer, below = network.layers[position], network.layers[position - 1]
    local, first = node - int(network.offsets[position]), int(network.offsets[position - 1])
    values = trace.layer(below.name)[0]
    ids = np.arange(first, first + below.n_nodes).reshape(below.shape)
    if layer.kind == "dense":
        products = network.parameters[f"{layer.name}.weight"][local] * values.ravel()
        return dict(zip(ids.ravel().tolist(), products.tolist(), strict=True))
    plane, row, column = (int(i) for i in np.unravel_index(local, layer.shape))
    if isinstance(layer, Conv):
        window = np.s_[:, row : row + layer.size, column : column + layer.size]
        products = network.parameters[f"{layer.name}.weight"][plane] * values[window]
    else:
        window = np.s_[plane, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        products = values[window]
    return dict(zip(ids[window].ravel().tolist(), products.ravel().tolist(), strict=True))


def some_nodes(name: str) -> list[int]:
    """The strongest, the weakest and some nodes at random of every layer but the input."""
    network = nets.load(name)
    trace = network.forward(IMAGES["sample"])
    rng = np.random.default_rng(4)
    found = []
    for layer in network.layers[1:]:
        span = network.span(layer.name)
        pre = trace.pre[0, span]
        picks = [pre.argmax(), pre.argmin(), *rng.integers(layer.n_nodes, size=4)]
        found += [span.start + int(pick) for pick in picks]
    return found


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("name", nets.names())
def test_the_strongest_input_is_the_one_that_did_most_for_the_sum(name: str, image: str) -> None:
    trace = nets.load(name).forward(IMAGES[image])
    for node in some_nodes(name):
        flow = strongest_input(trace, node)
        products = terms(trace, node)
        assert flow.target == node
        assert products[flow.source] == pytest.approx(flow.product, abs=1e-6)
        sign = 1 if trace.pre[0, node] >= 0 else -1
        best = max(sign * product for product in products.values())
        if best > 0:
            assert sign * flow.product == pytest.approx(best, rel=1e-5)
        else:
            assert abs(flow.product) == pytest.approx(max(map(abs, products.values())), rel=1e-5)


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("name", nets.names())
def test_a_path_goes_from_the_input_through_every_layer_to_the_node(name: str, image: str) -> None:
    network = nets.load(name)
    trace = network.forward(IMAGES[image])
    for node in some_nodes(name):
        flows = strongest_path(trace, node)
        path = [*(flow.source for flow in flows), node]
        assert [network.layer_index_of(n) for n in path] == list(range(len(path)))
        for flow, (source, target) in zip(flows, pairwise(path), strict=True):
            assert (flow.source, flow.target) == (source, target)
            assert source in terms(trace, target)


def test_where_nothing_comes_in_the_largest_weight_decides() -> None:
    network = nets.load("mlp")
    trace = network.forward(IMAGES["empty"])
    weights = np.abs(network.parameters["fc1.weight"][17])
    flow = strongest_input(trace, network.span("fc1").start + 17)
    assert flow.source == weights.argmax()
    assert flow.product == 0


def test_a_pooling_node_has_its_winner() -> None:
    network = nets.load("cnn")
    trace = network.forward(IMAGES["sample"])
    span = network.span("pool2")
    for node in range(span.start, span.stop):
        flow = strongest_input(trace, node)
        assert trace.activation[0, flow.source] == trace.activation[0, node] == flow.value


def test_nothing_ends_in_a_pixel() -> None:
    trace = nets.load("cnn").forward(IMAGES["sample"])
    assert strongest_path(trace, 40) == ()
    with pytest.raises(ValueError, match="nothing ends in"):
        strongest_input(trace, 40)
