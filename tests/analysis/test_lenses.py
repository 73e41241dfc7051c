"""Lenses against their definitions, computed edge by edge from the networks themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.analysis.relevances import all_edges, digits, linear, slow, trace_of
from vizapp import nets
from vizapp.analysis.lenses import LENSES, edge_lens, follows_drawing, typical_flow
from vizapp.analysis.relevance import EPSILON
from vizapp.nets import Edges, Network, Trace

ROW = 2
Array = NDArray[Any]
networks = pytest.mark.parametrize("name", nets.names())


def values(name: str, trace: Trace, classes: tuple[int, int] = (1, 2), row: int = ROW) -> Array:
    """float32[edge] of a lens with one value per edge."""
    network = trace.network
    lens = edge_lens(name, network, trace, classes, typical_flow(network, trace), row)
    return lens.first.values(all_edges(network))


def layer_of_target(network: Network, edges: Edges) -> Array:
    return np.searchsorted(network.offsets, edges.target, side="right") - 1


def winners(network: Network, trace: Trace, row: int) -> Array:
    """bool[edge]: False at the edges into pooling nodes that carry nothing, from `edges_into` alone."""
    lost = set()
    for layer in network.layers:
        if layer.kind == "pool":
            for node in range(network.span(layer.name).start, network.span(layer.name).stop):
                into = network.edges_into(node, trace, row)
                assert into.won is not None
                lost.update((int(s), node) for s in into.source[~into.won])
    edges = all_edges(network)
    return np.array([(s, t) not in lost for s, t in zip(*ends(edges), strict=True)])


@networks
def test_weights_are_shares_of_what_their_layer_has(name: str) -> None:
    trace = trace_of(name)
    edges = all_edges(trace.network)
    found = values("weight", trace)
    layers = layer_of_target(trace.network, edges)
    for layer in range(1, len(trace.network.layers)):
        here = layers == layer
        total = np.abs(edges.weight[here].astype(np.float64)).sum()
        np.testing.assert_allclose(found[here], edges.weight[here] / total, rtol=1e-5)
        assert np.abs(found[here]).sum(dtype=np.float64) == pytest.approx(1, rel=1e-4)


@networks
def test_contributions_are_what_flows_over_what_usually_flows(name: str) -> None:
    trace = trace_of(name)
    network, edges = trace.network, all_edges(trace.network)
    layers = layer_of_target(network, edges)
    flows = []
    for row in range(len(trace)):
        product = edges.weight * trace.activation[row].astype(np.float64)[edges.source]
        flows.append(product * winners(network, trace, row))
    found = values("contribution", trace)
    for layer in range(1, len(network.layers)):
        here = layers == layer
        usual = np.median([np.abs(flow[here]).sum() for flow in flows])
        np.testing.assert_allclose(found[here], flows[ROW][here] / usual, rtol=1e-4, atol=1e-12)


def test_of_equal_inputs_of_a_pool_one_carries_the_value() -> None:
    # Nothing on the pad: every window of the first pool holds four equal numbers.
    network = nets.load("cnn")
    trace = network.forward(np.zeros((28, 28), np.float32))
    edges = all_edges(network)
    found = values("contribution", trace, row=0)
    pool = layer_of_target(network, edges) == 2
    assert (found[pool] != 0).sum() > 100
    assert np.bincount(edges.target[pool][found[pool] != 0]).max() == 1


@networks
@pytest.mark.parametrize("digit", [0, 7])
def test_evidence_is_relevance_as_a_share_of_the_logit(name: str, digit: int) -> None:
    trace = trace_of(name)
    network, edges = trace.network, all_edges(trace.network)
    node = int(network.offsets[-2]) + digit
    logit = float(trace.logits[ROW, digit])
    expected = slow(trace, ROW, {node: logit}, EPSILON)
    messages = np.array([expected.edge.get(edge, 0.0) for edge in zip(*ends(edges), strict=True)])
    found = values("evidence", trace, (digit, 5))
    np.testing.assert_allclose(found, messages / max(abs(logit), 0.1), atol=2e-5 * np.abs(found).max())


@networks
def test_evidence_into_each_layer_is_the_logit_less_what_was_absorbed_above(name: str) -> None:
    trace = trace_of(name)
    network, edges = trace.network, all_edges(trace.network)
    lens = edge_lens("evidence", network, trace, (3, 5), typical_flow(network, trace), ROW)
    (split,) = lens.split
    found, layers = lens.first.values(edges), layer_of_target(network, edges)
    left = split.start
    for layer in range(len(network.layers) - 1, 0, -1):
        left -= split.absorbed.bias[layer] + split.absorbed.epsilon[layer]
        arrived = found[layers == layer].sum(dtype=np.float64) * abs(split.start)
        assert arrived == pytest.approx(left, abs=2e-3 * max(1, abs(split.start)))


@networks
def test_contrast_shows_the_evidence_for_both_on_one_scale(name: str) -> None:
    trace = trace_of(name)
    network, edges = trace.network, all_edges(trace.network)
    lens = edge_lens("contrast", network, trace, (4, 9), typical_flow(network, trace), ROW)
    assert lens.second is not None
    logits = np.abs(trace.logits[ROW].astype(np.float64))
    for factors, digit in ((lens.first, 4), (lens.second, 9)):
        alone = values("evidence", trace, (digit, 0)) * logits[digit]
        both = factors.values(edges) * (logits[4] + logits[9]) / 2
        np.testing.assert_allclose(both, alone, atol=1e-5 * np.abs(alone).max())


def test_shares_of_next_to_nothing_stay_small() -> None:
    # A logit of zero, made of +1 and −1 (as is the other one): their shares are of a tenth, not of nothing.
    network = linear([[1, 0], [0, 1]], [[1, -1]] * 10)
    trace = network.forward(np.ones((1, 1, 2)))
    lens = edge_lens("evidence", network, trace, (0, 1), np.ones(3, np.float32))
    found = lens.first.values(all_edges(network))
    assert np.isfinite(found).all()
    assert np.abs(found).max() <= 10


@networks
def test_counts_rank_by_weight_and_follow_no_drawing(name: str) -> None:
    trace = trace_of(name)
    lens = edge_lens("count", trace.network, trace, (0, 1), typical_flow(trace.network, trace))
    assert lens.counts
    assert not lens.per_node
    np.testing.assert_array_equal(values("count", trace), values("weight", trace))
    assert [lens for lens in LENSES if follows_drawing(lens)] == ["contribution", "evidence", "contrast"]


@pytest.mark.parametrize(
    ("lens", "classes"), [("value", (0, 1)), ("evidence", (10, 1)), ("contrast", (0, -1))]
)
def test_a_lens_or_class_that_is_not_there_is_refused(lens: str, classes: tuple[int, int]) -> None:
    network = nets.load("mlp")
    with pytest.raises(ValueError, match=r"there is no lens|has no class"):
        edge_lens(lens, network, network.forward(digits(1)), classes, np.ones(4, np.float32))


def ends(edges: Edges) -> tuple[list[int], list[int]]:
    return edges.source.tolist(), edges.target.tolist()
