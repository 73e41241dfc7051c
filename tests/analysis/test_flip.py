"""Smallest flips: exact for a linear network, valid and local minima for the others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from tests.analysis.relevances import digits
from vizapp import nets
from vizapp.analysis.flip import smallest_flip
from vizapp.analysis.relevance import rivals
from vizapp.inputs import SAMPLES, drawing_to_input
from vizapp.nets import Network, layers

NETWORKS = pytest.mark.parametrize("name", nets.names())


def linear(weight: np.ndarray, bias: np.ndarray) -> Network:
    source = layers.image("input", 28, 28)
    output = layers.dense("output", source.shape, len(bias), "identity")
    return Network(
        "linear", [source, output.with_parameters(weight.astype(np.float32), bias.astype(np.float32))]
    )


def test_of_a_linear_network_it_is_the_perpendicular():
    rng = np.random.default_rng(1)
    weight = rng.normal(0, 0.05, (2, 784))
    weight[:, 392:] = 0  # and nothing depends on the lower half
    image = rng.uniform(0.45, 0.55, (28, 28)).astype(np.float32)
    bias = np.array([-(weight[0] - weight[1]) @ image.ravel() + 0.7, 0])
    trace = linear(weight, bias).forward(image)
    assert trace.prediction[0] == 0
    across = (weight[0] - weight[1]).reshape(28, 28)
    found = smallest_flip(trace, 1, beyond=0.05)
    np.testing.assert_allclose(found.change, -0.75 * across / (across**2).sum(), rtol=5e-3, atol=1e-6)
    assert found.lead == pytest.approx(0.05, abs=3e-3)
    assert found.size == pytest.approx(0.75 / np.linalg.norm(across), rel=0.01)
    assert found.added == pytest.approx(found.change[found.change > 0].sum(), rel=1e-5)
    assert found.erased == pytest.approx(-found.change[found.change < 0].sum(), rel=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_of_a_linear_network_with_full_and_empty_pixels_it_is_the_best_within_the_box(seed):
    rng = np.random.default_rng(seed)
    weight = np.zeros((3, 784))
    places = rng.choice(784, 8, replace=False)
    weight[:2, places] = rng.normal(size=(2, 8))
    image = np.zeros(784)
    image[places] = rng.choice([0, 0, 1, 0.4], 8)
    across = (weight[0] - weight[1])[places]
    most = np.where(across > 0, across * image[places], across * (image[places] - 1)).sum()
    bias = np.array([0.6 * most - across @ image[places], 0, -50])
    trace = linear(weight, bias).forward(image.reshape(28, 28))
    best = minimize(
        lambda y: ((y - image[places]) ** 2).sum(),
        image[places],
        bounds=[(0, 1)] * 8,
        constraints={"type": "ineq", "fun": lambda y: -0.6 * most - 0.05 - across @ (y - image[places])},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    found = smallest_flip(trace, 1, beyond=0.05)
    assert found.size == pytest.approx(best.fun**0.5, rel=5e-3)
    np.testing.assert_allclose(found.image.ravel()[places], best.x, atol=0.01)
    assert np.flatnonzero(found.change).size <= 8


@NETWORKS
def test_flips_to_the_rival_that_was_asked_for(name):
    network = nets.load(name)
    images = np.concatenate([digits(6), [drawing_to_input(sample.strokes) for sample in SAMPLES]])
    trace = network.forward(images)
    for row, image in enumerate(images):
        answer, second = rivals(trace, row)
        for rival in (second, (answer + 5) % 10):
            found = smallest_flip(trace, rival, row)
            assert found.image.min() >= 0
            assert found.image.max() <= 1
            np.testing.assert_allclose(image + found.change, found.image, atol=1e-6)
            assert found.size == pytest.approx(np.linalg.norm(found.image - image), rel=1e-4)
            logits = network.forward(found.image).logits[0]
            assert logits.argmax() == found.rival == rival
            assert found.lead == pytest.approx(logits[rival] - np.delete(logits, rival).max(), abs=1e-4)
            # A little less of the change does not bring the rival as far.
            assert 0.2 <= found.lead < 0.35
            less = network.forward(image + np.float32(0.95) * found.change).logits[0]
            assert less[rival] - np.delete(less, rival).max() < 0.2
            # Loaded again from an image file it still does.
            rounded = np.round(found.image * 255) / np.float32(255)
            assert network.forward(rounded).prediction[0] == rival


@NETWORKS
def test_no_random_change_of_its_size_flips(name):
    network = nets.load(name)
    trace = network.forward(digits(4))
    rng = np.random.default_rng(1)
    for row, image in enumerate(digits(4)):
        found = smallest_flip(trace, rivals(trace, row)[1], row)
        noise = rng.normal(size=(200, 28, 28))
        noise *= 2 * found.size / np.linalg.norm(noise.reshape(200, -1), axis=1)[:, None, None]
        moved = network.forward(np.clip(image + noise, 0, 1))
        assert (moved.prediction == trace.prediction[row]).all()
        # Nor is the way to the nearest image of the rival as short.
        assert found.size < 3.2


def test_of_a_hesitant_answer_it_is_small():
    trace = nets.load("cnn").forward(drawing_to_input(SAMPLES[0].strokes))
    answer, second = rivals(trace)
    assert smallest_flip(trace, second).size < 0.1 < smallest_flip(trace, (answer + 4) % 10).size


def test_always_gives_the_same():
    trace = nets.load("cnn").forward(digits(1))
    first, again = (smallest_flip(trace, 3) for _ in range(2))
    np.testing.assert_array_equal(first.image, again.image)
    with pytest.raises(ValueError, match="read-only"):
        first.image[0] = 0


def test_where_nothing_depends_on_the_image_there_is_no_flip():
    trace = linear(np.zeros((2, 784)), np.array([1.0, 0.0])).forward(np.zeros((28, 28)))
    assert smallest_flip(trace, 1) is None


def test_refuses_what_makes_no_sense():
    trace = nets.load("mlp").forward(digits(1))
    answer = int(trace.prediction[0])
    with pytest.raises(ValueError, match="no class 10"):
        smallest_flip(trace, 10)
    with pytest.raises(ValueError, match="already"):
        smallest_flip(trace, answer)
    with pytest.raises(ValueError, match="more than 0"):
        smallest_flip(trace, (answer + 1) % 10, beyond=0)
