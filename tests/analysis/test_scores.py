"""Scores against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from vizapp import nets
from vizapp.analysis import scores
from vizapp.inputs import SAMPLES, drawing_to_input


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_entropy_of_equally_many_equal_chances(classes):
    shares = np.zeros((classes, 10))
    for count in range(1, classes + 1):
        shares[count - 1, :count] = 1 / count
    np.testing.assert_allclose(scores.entropy(shares), np.log2(np.arange(1, classes + 1)), atol=1e-12)


def test_entropy_of_a_coin():
    chance = np.array([0.0, 0.11, 0.25, 0.5, 1.0])
    expected = [0, 0.499916, 2 - 0.75 * np.log2(3), 1, 0]
    np.testing.assert_allclose(scores.entropy(np.stack([chance, 1 - chance], axis=-1)), expected, atol=1e-6)


def test_entropy_of_a_mixture_is_that_of_its_parts_and_of_the_choice():
    rng = np.random.default_rng(1)
    left, right, share = rng.dirichlet(np.ones(4)), rng.dirichlet(np.ones(6)), 0.3
    mixed = np.concatenate([share * left, (1 - share) * right])
    expected = (
        scores.entropy([share, 1 - share])
        + share * scores.entropy(left)
        + (1 - share) * scores.entropy(right)
    )
    assert scores.entropy(mixed) == pytest.approx(expected)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_margin_of_two_classes_is_the_logarithm_of_their_odds(temperature):
    logits = np.random.default_rng(2).normal(0, 3, (50, 10))
    best = np.sort(scores.probabilities(logits, temperature), axis=1)
    odds = np.log(best[:, -1] / best[:, -2])
    np.testing.assert_allclose(scores.margin(logits), temperature * odds, rtol=1e-9)


def test_probabilities_are_the_network_s_own():
    for name in nets.names():
        trace = nets.load(name).forward(drawing_to_input(SAMPLES[0].strokes))
        np.testing.assert_allclose(scores.probabilities(trace.logits), trace.probabilities, atol=1e-6)


def test_temperature_goes_from_certainty_to_indifference_and_keeps_the_order():
    logits = np.random.default_rng(3).normal(0, 5, 10)
    order = np.argsort(logits)
    values = [scores.probabilities(logits, temperature) for temperature in (1e-3, 0.5, 1, 2, 1e4)]
    assert all((np.diff(value[order]) >= 0).all() for value in values)
    assert values[0].max() == pytest.approx(1)
    np.testing.assert_allclose(values[-1], 0.1, atol=1e-3)
    entropies = [float(scores.entropy(value)) for value in values]
    assert entropies == sorted(entropies)
    # Shifting all logits changes nothing, and large ones overflow nothing.
    np.testing.assert_allclose(scores.probabilities(logits + 1e6), values[2], rtol=1e-6)


@pytest.mark.parametrize("temperature", [0, -1, float("nan")])
def test_a_temperature_is_positive(temperature):
    with pytest.raises(ValueError, match="positive"):
        scores.probabilities(np.zeros(10), temperature)
