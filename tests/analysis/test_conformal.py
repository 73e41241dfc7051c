"""Prediction sets: the quantile by sorting, and what the theorem promises of images that were not fitted on."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, inf

import numpy as np
import pytest
from scipy.stats import betabinom

from vizapp import nets
from vizapp.analysis.conformal import ALPHA, ALPHAS, level, members, threshold
from vizapp.analysis.references import answers, halves

NETWORKS = pytest.mark.parametrize("name", nets.names())


def shares(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of a poor classifier, and labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count)
    logits = rng.normal(0, 1, (count, 10)) + 2 * np.eye(10)[labels]
    weight = np.exp(logits)
    return weight / weight.sum(axis=1, keepdims=True), labels


@pytest.mark.parametrize("count", [1, 9, 10, 100, 999])
@pytest.mark.parametrize("alpha", [0.5, 0.1, 0.01])
def test_the_threshold_is_the_wanted_one_of_the_sorted_scores(count, alpha):
    values, labels = shares(count)
    ordered = sorted(1 - values[i, labels[i]] for i in range(count))
    rank = min(r for r in range(1, count + 2) if r >= (count + 1) * (1 - alpha) - 1e-9)
    expected = ordered[rank - 1] if rank <= count else inf
    assert threshold(values, labels, alpha) == expected


@pytest.mark.parametrize("alpha", [0.2, 0.05])
def test_misses_as_often_as_promised_and_no_less_than_need_be(alpha):
    count, trials, missed = 99, 400, []
    for seed in range(trials):
        values, labels = shares(count + 200, seed)
        bound = threshold(values[:count], labels[:count], alpha)
        outside = 1 - values[np.arange(count, count + 200), labels[count:]] > bound
        missed.append(outside.mean())
    # Between 1 − α and 1 − α + 1/(n + 1), here the former, since (n + 1) α is whole; three standard errors.
    assert np.mean(missed) == pytest.approx(alpha, abs=3 * np.std(missed) / trials**0.5)


@NETWORKS
@pytest.mark.parametrize("alpha", ALPHAS)
def test_covers_the_half_that_was_not_fitted_on(name, alpha):
    network = nets.load(name)
    found = level(network, alpha)
    # Given the fitted half, each of the others is outside with a probability that is Beta distributed (Vovk 2012).
    outside = found.fitted + 1 - ceil((found.fitted + 1) * (1 - alpha))
    misses = betabinom(found.checked, max(outside, 1), found.fitted + 1 - outside)
    missed = round((1 - found.coverage) * found.checked)
    assert missed <= misses.ppf(0.999)
    if not found.forced:
        assert missed >= misses.ppf(0.001)
    _, check = halves()
    values, labels = answers(network).probabilities[check], answers(network).labels[check]
    sets = [set(np.flatnonzero(1 - row <= found.threshold)) for row in values]
    assert found.forced == sum(not inside for inside in sets)
    for inside, row in zip(sets, values, strict=True):
        inside.add(int(row.argmax()))
    inside = [label in found for found, label in zip(sets, labels, strict=True)]
    assert found.coverage == pytest.approx(np.mean(inside))
    assert found.low < found.coverage < found.high
    assert found.mean_size == pytest.approx(np.mean([len(found) for found in sets]))
    assert found.sizes.tolist() == [sum(len(s) == size for s in sets) for size in range(11)]
    assert found.sizes[0] == 0


@NETWORKS
def test_stricter_levels_have_larger_sets(name):
    network = nets.load(name)
    values = answers(network).probabilities
    sets = [level(network, alpha).members(values) for alpha in sorted(ALPHAS, reverse=True)]
    for laxer, stricter in pairwise(sets):
        assert (laxer <= stricter).all()
    assert level(network) is level(network, ALPHA)
    # At the first choice some images are in doubt, and few.
    assert 0.005 < (level(network).members(values).sum(axis=1) > 1).mean() < 0.05


def test_no_set_is_empty_and_each_has_the_first_guess():
    values, _ = shares(500)
    for bound in (-1.0, 0.0, 0.3, 0.7):
        inside = members(values, bound)
        assert inside[np.arange(500), values.argmax(axis=1)].all()
        # A set has the most probable classes, as many as there are in it.
        for row, chosen in zip(values, inside, strict=True):
            assert row[chosen].min() >= row[~chosen].max(initial=0)
        for row, chosen in zip(values[:20], inside, strict=False):
            np.testing.assert_array_equal(members(row, bound), chosen)
    assert members(values, inf).all()


@pytest.mark.parametrize("alpha", [0, 1, -0.1, float("nan")])
def test_a_level_is_between_0_and_1(alpha):
    with pytest.raises(ValueError, match="between 0 and 1"):
        level(nets.load("mlp"), alpha)
