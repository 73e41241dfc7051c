"""Attributions against closed forms, against each other, and against changing the pixels for real."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analysis.relevances import digits, linear, trace_of, untrained
from vizapp import nets
from vizapp.analysis import relevance
from vizapp.analysis.attribution import LIVE, METHODS, attribute
from vizapp.analysis.attribution.gradient import gradient_times_input
from vizapp.analysis.attribution.integrated import integrated_gradients
from vizapp.analysis.attribution.occlusion import occlusion, starts
from vizapp.nets import Network, layers

NETWORKS = pytest.mark.parametrize("name", nets.names())
WEIGHT = np.array([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0]])
INK = np.array([[0.5, 1.0, 0.25]])


def difference(network: Network, images: np.ndarray, a: int, b: int) -> np.ndarray:
    logits = network.forward(images).logits.astype(float)
    return np.asarray(logits[:, a] - logits[:, b])


@pytest.mark.parametrize("name", ["gradient", "integrated"])
def test_in_a_linear_network_all_is_weight_times_ink(name):
    trace = linear(WEIGHT).forward(INK)
    found = attribute(name, trace, 0, 1)
    np.testing.assert_allclose(found.pixels, [[0.5, -4.0, 0.125]], rtol=1e-6)
    assert found.difference == pytest.approx(-3.375)
    assert found.whole == pytest.approx(-3.375)
    assert found.residual == pytest.approx(0, abs=1e-6)
    # Relevance is the same but for ε.
    near = attribute("lrp", trace, 0, 1)
    np.testing.assert_allclose(near.pixels, found.pixels, atol=0.1)


def test_two_pixels_that_stand_in_for_each_other():
    # z = relu(x1 + x2 - 1): either pixel alone does nothing, both are needed; the gradient gives each half of 2.
    hidden = layers.dense("fc1", (1, 1, 2), 1, "relu").with_parameters(
        np.array([[1.0, 1.0]]), np.array([-1.0])
    )
    output = layers.dense("output", (1,), 2, "identity").with_parameters(
        np.array([[1.0], [0.0]]), np.zeros(2)
    )
    network = Network("both", [layers.image("input", 1, 2), hidden, output])
    trace = network.forward(np.array([[1.0, 1.0]]))
    slopes = gradient_times_input(trace, 0, 0, 1)
    np.testing.assert_array_equal(slopes.values, [[1, 1]])
    assert slopes.whole == 1  # and the bias takes one away
    # Faded in, nothing happens up to one half: the integral of the slope is a half each, and complete.
    faded = integrated_gradients(trace, 0, 0, 1, steps=4_000)
    np.testing.assert_allclose(faded.values, [[0.5, 0.5]], atol=1e-3)
    assert faded.whole == 1
    np.testing.assert_allclose(occlusion(trace, 0, 0, 1, window=1, stride=1).values, [[1, 1]])


@NETWORKS
def test_relevance_without_epsilon_is_gradient_times_input(name):
    trace = untrained(name).forward(digits())
    for row in range(3):
        expected = gradient_times_input(trace, row, 4, 9).values
        found = relevance.of_difference(trace, 4, 9, row, epsilon=0).pixels
        np.testing.assert_allclose(found, expected, atol=1e-9)


@NETWORKS
def test_relevance_is_that_of_the_lens_with_its_residual(name):
    trace = trace_of(name)
    a, b = relevance.rivals(trace, 2)
    found, expected = attribute("lrp", trace, a, b, 2), relevance.of_difference(trace, a, b, 2)
    np.testing.assert_array_equal(found.pixels, expected.pixels)
    assert found.whole == pytest.approx(found.difference, abs=1e-4)
    absorbed = expected.absorbed.bias.sum() + expected.absorbed.epsilon.sum()
    assert found.residual == pytest.approx(absorbed, abs=1e-3)


@NETWORKS
def test_integrated_gradients_are_complete(name):
    trace = trace_of(name)
    network = trace.network
    for row in range(6):
        a, b = relevance.rivals(trace, row)
        (empty,) = difference(network, np.zeros((1, 28, 28)), a, b)
        (full,) = difference(network, digits()[row : row + 1], a, b)
        found = attribute("integrated", trace, a, b, row)
        assert found.whole == pytest.approx(full - empty, abs=1e-4)
        assert found.pixels.sum(dtype=float) + found.residual == pytest.approx(full - empty, abs=1e-4)
        assert abs(found.residual) < 0.02 * np.abs(found.pixels).sum()
        assert not found.pixels[digits()[row] == 0].any()


@NETWORKS
def test_the_residual_goes_away_with_more_steps(name):
    trace = untrained(name).forward(digits())
    errors = []
    for steps in (8, 64, 512, 4_096):
        found = integrated_gradients(trace, 1, 2, 7, steps)
        errors.append(abs(found.whole - found.values.sum()))
    assert errors[3] < 0.02 * errors[0]
    assert errors[3] < 1e-3


@NETWORKS
def test_integrated_gradients_are_the_means_of_slopes(name):
    trace = untrained(name).forward(digits())
    image, network = digits()[1].astype(float), trace.network
    found = integrated_gradients(trace, 1, 3, 5, steps=2_000).values
    edges = np.linspace(0, 1, 301)
    middle = (edges[1:] + edges[:-1]) / 2
    for y, x in np.argwhere(image > 0.5)[::25]:
        moved = np.repeat(middle[:, None, None] * image, 2, axis=0)
        moved[::2, y, x] += 1e-7
        moved[1::2, y, x] -= 1e-7
        values = difference(network, moved, 3, 5)
        slopes = (values[::2] - values[1::2]) / 2e-7
        assert found[y, x] == pytest.approx(image[y, x] * slopes.mean(), abs=0.01 * np.abs(found).max())


@NETWORKS
@pytest.mark.parametrize(("window", "stride"), [(7, 3), (5, 5), (28, 1), (9, 4)])
def test_occlusion_by_wiping_window_after_window(name, window, stride):
    trace = trace_of(name)
    network, image = trace.network, digits()[3]
    (whole,) = difference(network, image[None], 0, 6)
    total, cover = np.zeros((28, 28)), np.zeros((28, 28))
    firsts = sorted({*range(0, 28 - window + 1, stride), 28 - window})
    assert starts(28, window, stride) == firsts
    for y in firsts:
        for x in firsts:
            wiped = image.copy()
            wiped[y : y + window, x : x + window] = 0
            total[y : y + window, x : x + window] += whole - difference(network, wiped[None], 0, 6)
            cover[y : y + window, x : x + window] += 1
    found = occlusion(trace, 3, 0, 6, window, stride)
    assert cover.min() > 0
    assert found.whole is None
    np.testing.assert_allclose(found.values, total / cover, atol=1e-3)


@NETWORKS
@pytest.mark.parametrize("method", METHODS)
def test_turning_the_question_round_turns_every_sign(name, method):
    trace = trace_of(name)
    there, back = (attribute(method, trace, *pair, 1) for pair in ((2, 6), (6, 2)))
    np.testing.assert_allclose(there.pixels, -back.pixels, atol=1e-5)
    assert there.difference == -back.difference
    assert (there.residual is None) == (METHODS[method].rest == "")
    assert there.pixels.shape == (28, 28)
    assert there.pixels.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        there.pixels[0] = 1


@NETWORKS
@pytest.mark.parametrize("method", METHODS)
def test_an_empty_sheet_has_no_ink_that_speaks(name, method):
    trace = nets.load(name).forward(np.zeros((28, 28)))
    found = attribute(method, trace, 0, 1)
    assert not found.pixels.any()
    if method == "integrated":
        assert found.residual == 0


def test_methods_say_what_they_are_and_are_not():
    for name, method in METHODS.items():
        assert method.name == name
        for sentence in (method.what, method.what_not):
            assert sentence.endswith(".")
            assert sentence.count(".") == 1
        assert method.what_not.startswith("Not ")
    assert set(LIVE) <= set(METHODS)


def test_refuses_what_it_does_not_know():
    trace = trace_of("mlp")
    with pytest.raises(ValueError, match="no method 'guess'"):
        attribute("guess", trace, 0, 1)
    for method in METHODS:
        with pytest.raises(ValueError, match="no class 10"):
            attribute(method, trace, 0, 10)
    for window, stride in ((0, 1), (29, 1), (3, 4), (3, 0)):
        with pytest.raises(ValueError, match="cover"):
            occlusion(trace, 0, 0, 1, window, stride)
    with pytest.raises(ValueError, match="step"):
        integrated_gradients(trace, 0, 0, 1, 0)
