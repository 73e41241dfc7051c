"""Colour levels: what a byte per node may and may not say about an activation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vizapp import nets
from vizapp.inputs import SAMPLES, drawing_to_input
from vizapp.nets.layout import load_layout
from vizapp.nets.network import Network
from vizapp.views.levels import levels

SCALES = ("layer", "map", "network")
IMAGES = {
    "sample": drawing_to_input(SAMPLES[0].strokes),
    "blank": np.zeros((28, 28), np.float32),
    "full": np.ones((28, 28), np.float32),
    "faint": np.full((28, 28), 0.02, np.float32),
    "noise": np.random.default_rng(1).random((28, 28), np.float32),
}


@pytest.fixture(params=nets.names())
def network(request: pytest.FixtureRequest) -> Network:
    return nets.load(request.param)


def groups(network: Network, scale: str) -> list[slice]:
    """What shares one scale, by the definition of each mode."""
    if scale == "network":
        return [slice(0, network.n_nodes)]
    if scale == "layer":
        return [network.span(layer.name) for layer in network.layers]
    parts = []
    for layer in network.layers:
        start = network.span(layer.name).start
        maps = layer.shape[0] if len(layer.shape) == 3 else 1
        size = layer.n_nodes // maps
        parts += [slice(start + i * size, start + (i + 1) * size) for i in range(maps)]
    return parts


def scale_of_each(network: Network, scale: str, scales: list[float]) -> np.ndarray:
    """float[node]: the number that byte 255 stands for, as the page reads the list of scales."""
    parts = groups(network, "layer" if scale == "network" else scale)
    assert len(scales) == len(parts)
    return np.concatenate([np.full(s.stop - s.start, value) for s, value in zip(parts, scales, strict=True)])


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("image", IMAGES.values(), ids=IMAGES.keys())
def test_a_byte_is_the_activation_over_its_scale(network: Network, scale: str, image: np.ndarray) -> None:
    trace = network.forward(image)
    shown = levels(network, load_layout(network), trace, scale)
    each = scale_of_each(network, scale, shown.scales)
    assert shown.bytes.dtype == np.uint8
    assert shown.bytes.shape == (network.n_nodes,)
    # Nothing clips: the scale is nowhere exceeded, so every byte can be read back.
    assert (trace.activation[0] <= each * (1 + 1e-6)).all()
    np.testing.assert_allclose(shown.bytes / 255 * each, trace.activation[0], atol=0.51 / 255 * each.max())
    np.testing.assert_array_less(np.abs(shown.bytes - 255 * trace.activation[0] / each), 0.51)


@pytest.mark.parametrize("scale", SCALES)
def test_zero_is_zero(network: Network, scale: str) -> None:
    trace = network.forward(IMAGES["sample"])
    shown = levels(network, load_layout(network), trace, scale)
    silent = trace.activation[0] == 0
    assert silent.sum() > 100
    assert (shown.bytes[silent] == 0).all()


@pytest.mark.parametrize("scale", SCALES)
def test_what_belongs_together_has_one_scale(network: Network, scale: str) -> None:
    shown = levels(network, load_layout(network), network.forward(IMAGES["sample"]), scale)
    each = scale_of_each(network, scale, shown.scales)
    for part in groups(network, scale):
        assert np.ptp(each[part]) == 0
    if scale == "map" and network.name == "cnn":
        maps = [each[part][0] for part in groups(network, "map")[1:7]]
        assert len(set(maps)) == 6


def test_maps_of_a_layer_compare_in_layer_mode_and_not_in_map_mode() -> None:
    network = nets.load("cnn")
    trace = network.forward(IMAGES["sample"])
    values = trace.layer("conv1")[0].max(axis=(1, 2))
    by_layer = levels(network, load_layout(network), trace, "layer").bytes[network.span("conv1")]
    brightest = by_layer.reshape(6, -1).max(axis=1)
    np.testing.assert_array_equal(np.argsort(values, kind="stable"), np.argsort(brightest, kind="stable"))


def test_a_faint_answer_looks_faint(network: Network) -> None:
    """The scale does not shrink with the drawing: half the ink never looks like all of it."""
    layout = load_layout(network)
    full = levels(network, layout, network.forward(IMAGES["sample"]), "layer")
    faint = levels(network, layout, network.forward(IMAGES["sample"] * 0.1), "layer")
    ink = network.span("input")
    assert 200 < full.bytes[ink].max() <= 255
    assert 20 < faint.bytes[ink].max() < 30


@pytest.mark.parametrize("scale", SCALES)
def test_an_empty_pad_shows_a_network_at_rest(network: Network, scale: str) -> None:
    trace = network.forward(IMAGES["blank"])
    shown = levels(network, load_layout(network), trace, scale, empty=True)
    assert (shown.bytes == 0).all()
    assert all(value > 0 for value in shown.scales)


# Layers whose values run both ways.


@pytest.fixture(scope="module")
def signed() -> Network:
    """The cnn with tanh in its convolutions, so that pooling passes negative values on."""
    network = nets.load("cnn")
    return Network(
        "cnn",
        [replace(layer, activation="tanh") if layer.kind == "conv" else layer for layer in network.layers],
    )


@pytest.mark.parametrize("scale", SCALES)
def test_a_signed_layer_has_its_zero_in_the_middle(signed: Network, scale: str) -> None:
    trace = signed.forward(IMAGES["noise"] - 0.5)
    shown = levels(signed, load_layout(signed), trace, scale)
    each = scale_of_each(signed, scale, shown.scales)
    for name in ("conv1", "conv2"):
        span = signed.span(name)
        values, bytes_ = trace.activation[0, span], shown.bytes[span].astype(int)
        assert values.min() < 0 < values.max()
        np.testing.assert_array_less(np.abs(bytes_ - 128 - 127 * values / each[span]), 0.51)
        assert bytes_.min() >= 1


def test_no_negative_value_wraps_around_to_bright(signed: Network) -> None:
    trace = signed.forward(IMAGES["noise"] - 0.5)
    shown = levels(signed, load_layout(signed), trace, "layer")
    for name in ("pool1", "pool2"):
        span = signed.span(name)
        values, bytes_ = trace.activation[0, span], shown.bytes[span].astype(int)
        assert values.min() < 0
        order = np.argsort(values)
        assert (np.diff(bytes_[order]) >= 0).all()


def test_a_signed_layer_at_rest_is_neutral(signed: Network) -> None:
    trace = signed.forward(IMAGES["blank"])
    shown = levels(signed, load_layout(signed), trace, "layer", empty=True)
    assert (shown.bytes[signed.span("conv1")] == 128).all()
    assert (shown.bytes[signed.span("fc1")] == 0).all()


# The present drawing minus another one.


OTHER = drawing_to_input(SAMPLES[1].strokes)


@pytest.mark.parametrize("scale", SCALES)
def test_a_difference_can_be_read_back_from_every_layer(network: Network, scale: str) -> None:
    trace, other = network.forward(IMAGES["sample"]), network.forward(OTHER)
    shown = levels(network, load_layout(network), trace, scale, against=other)
    each = scale_of_each(network, scale, shown.scales)
    difference = trace.activation[0] - other.activation[0]
    assert difference.min() < 0 < difference.max()
    np.testing.assert_array_less(np.abs(shown.bytes - 128.0 - 127 * difference / each), 0.51)
    # What is the same is neutral; nothing clips.
    assert (shown.bytes[difference == 0] == 128).all()
    assert shown.bytes.min() >= 1


@pytest.mark.parametrize("scale", SCALES)
def test_two_ways_round_a_difference_has_the_opposite_sign(network: Network, scale: str) -> None:
    layout = load_layout(network)
    traces = network.forward(IMAGES["sample"]), network.forward(OTHER)
    there, back = (
        levels(network, layout, one, scale, against=other) for one, other in (traces, traces[::-1])
    )
    assert there.scales == back.scales
    np.testing.assert_array_less(np.abs(there.bytes.astype(int) + back.bytes - 256), 2)


def test_a_small_difference_looks_small(network: Network) -> None:
    layout = load_layout(network)
    changed = IMAGES["sample"].copy()
    changed[14, 14] += 0.05
    shown = levels(
        network, layout, network.forward(changed), "layer", against=network.forward(IMAGES["sample"])
    )
    assert np.abs(shown.bytes.astype(int) - 128).max() < 12
    usual = levels(network, layout, network.forward(IMAGES["blank"]), "layer")
    assert min(a / b for a, b in zip(shown.scales, usual.scales, strict=True)) > 0.4


def test_an_empty_pad_has_no_difference(network: Network) -> None:
    blank, other = network.forward(IMAGES["blank"]), network.forward(OTHER)
    shown = levels(network, load_layout(network), blank, "layer", empty=True, against=other)
    assert (shown.bytes == 128).all()
