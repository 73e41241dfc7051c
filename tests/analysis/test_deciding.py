"""The split adds up exactly, and says the same as leaving out one node after another; switching by hand."""

from __future__ import annotations

import numpy as np
import pytest

from vizapp import nets
from vizapp.analysis.deciding import split, switching
from vizapp.analysis.sweep import Axis, Sweep
from vizapp.inputs.morphs import Morph
from vizapp.inputs.samples import ONE_TWO
from vizapp.nets import Network

POSITIONS = np.linspace(0, 1, 17)
MORPH = Morph("strokes", ONE_TWO.strokes(0), ONE_TWO.strokes(1))


def sweep(name: str) -> Sweep:
    return Sweep.of(nets.load(name), Axis("t", "1 → 2"), POSITIONS, MORPH.images(POSITIONS))


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize(("before", "after"), [(0, 16), (4, 6), (12, 3)])
def test_shares_add_up_to_the_change_of_the_logits(name: str, before: int, after: int) -> None:
    found = split(sweep(name).trace, before, after, 2, 1)
    assert found.shares.sum() == pytest.approx(found.total, abs=1e-12)
    assert found.total == pytest.approx(found.change, abs=2e-5)
    assert abs(found.change) > 0.1


@pytest.mark.parametrize("name", nets.names())
def test_a_share_is_what_the_node_brings_about(name: str) -> None:
    """A node that keeps its earlier value takes its share away from the change."""
    trace = sweep(name).trace
    network = trace.network
    found = split(trace, 2, 14, 2, 1)
    span = network.span(network.layers[-2].name)
    assert sorted(found.nodes) == list(range(span.start, span.stop))
    assert (np.diff(np.abs(found.shares)) <= 0).all()
    output = network.layers[-1]
    assert output.weight is not None
    assert output.bias is not None
    for node, share in list(zip(found.nodes, found.shares, strict=True))[:5]:
        hidden = trace.activation[14, span].astype(float)
        whole = output.weight @ hidden + output.bias
        hidden[node - span.start] = trace.activation[2, node]
        without = output.weight @ hidden + output.bias
        assert (whole - without)[2] - (whole - without)[1] == pytest.approx(share, abs=1e-9)


def test_back_and_forth_are_opposite() -> None:
    trace = sweep("cnn").trace
    there, back, swapped = split(trace, 0, 9, 1, 2), split(trace, 9, 0, 1, 2), split(trace, 0, 9, 2, 1)
    assert np.array_equal(there.nodes, back.nodes)
    assert np.array_equal(there.shares, -back.shares)
    assert np.array_equal(there.shares, -swapped.shares)


def test_a_network_that_ends_otherwise_is_refused() -> None:
    trace = sweep("cnn").trace
    whole = nets.load("cnn")
    cut = Network("cut", whole.layers[:3])
    with pytest.raises(ValueError, match="not dense"):
        split(cut.forward(np.zeros((2, 28, 28), np.float32)), 0, 1, 1, 2)
    assert trace.network is whole


def test_switching() -> None:
    positions = np.array([0, 1, 2, 3.0])
    # Rises, falls, comes back, never moves, hardly moves.
    activations = np.array(
        [[0, 4, 0, 7, 1], [0, 4, 2, 7, 1], [1, 3, 2, 7, 1.001], [4, 0, 0, 7, 1]], np.float32
    )
    found = switching(positions, activations, least=0.01)
    assert found.first == pytest.approx([2 + 1 / 3, 2 + 1 / 3, 0.5, np.nan, np.nan], nan_ok=True)
    assert found.last == pytest.approx([2 + 1 / 3, 2 + 1 / 3, 2.5, np.nan, np.nan], nan_ok=True)
    assert found.rises.tolist() == [True, False, False, False, False]
    assert found.falls.tolist() == [False, True, False, False, False]
    assert found.range == pytest.approx([4, 4, 2, 0, 0.001], abs=1e-6)
    assert found.order().tolist() == [2, 0, 1, 3, 4]


def test_switching_of_all_nodes_lies_in_the_sweep() -> None:
    found = sweep("cnn")
    times = switching(found.positions, found.trace.activation)
    moved = ~np.isnan(times.first)
    assert moved.sum() > 1000
    assert (times.range[~moved] == 0).all()
    assert (times.first[moved] <= times.last[moved]).all()
    assert times.first[moved].min() >= 0
    assert times.last[moved].max() <= 1
    # A node that crosses once only has one time.
    once = times.rises | times.falls
    assert (times.first[once] == times.last[once]).any()


def test_a_single_row_never_switches() -> None:
    found = switching(np.zeros(1), np.ones((1, 4), np.float32))
    assert np.isnan(found.first).all()
