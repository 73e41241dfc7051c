"""Temperature against a grid, against labels drawn at a known one; reliability against counting."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from vizapp import nets
from vizapp.analysis import scores
from vizapp.analysis.calibration import (
    COLDEST,
    HOTTEST,
    best_temperature,
    calibration,
    likelihood_loss,
    reliability,
)
from vizapp.analysis.references import answers, halves
from vizapp.nets import Network

NETWORKS = pytest.mark.parametrize("name", nets.names())


def drawn(temperature: float, count: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels that really have the probabilities of that temperature."""
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 3, (count, 10))
    shares = scores.probabilities(logits, temperature).cumsum(axis=1)
    return logits, (rng.random((count, 1)) > shares[:, :-1]).sum(axis=1)


@NETWORKS
def test_no_temperature_of_a_grid_is_better(name):
    found, (fit, _) = answers(nets.load(name)), halves()
    logits, labels = found.logits[fit], found.labels[fit]
    grid = np.geomspace(0.2, 5, 2_001)
    losses = [likelihood_loss(logits, labels, temperature) for temperature in grid]
    best = calibration(nets.load(name)).temperature
    assert likelihood_loss(logits, labels, best) <= min(losses)
    nearby = grid[np.argmin(losses)]
    assert nearby / (grid[1] / grid[0]) < best < nearby * (grid[1] / grid[0])


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_finds_the_temperature_that_labels_were_drawn_at(temperature):
    logits, labels = drawn(temperature)
    found = best_temperature(logits, labels)
    assert found == pytest.approx(temperature, rel=0.06)
    # The slope of the loss is zero there.
    step = 1e-4
    ahead, behind = (likelihood_loss(logits, labels, found * (1 + way * step)) for way in (1, -1))
    assert (ahead - behind) / (2 * step) == pytest.approx(0, abs=1e-6)
    # In other units of the logits it is another number, for the same probabilities.
    assert best_temperature(logits * 7, labels) == pytest.approx(7 * found, rel=1e-7)


def test_where_there_is_no_best_temperature():
    right = np.eye(10) * 3
    assert best_temperature(right, np.arange(10)) == COLDEST
    assert best_temperature(-right, np.arange(10)) == HOTTEST
    with pytest.raises(ValueError, match="without images"):
        best_temperature(np.empty((0, 10)), np.empty(0))


def test_the_loss_is_the_mean_surprise():
    logits, labels = drawn(1.0, 50)
    for temperature in (0.5, 1, 3):
        of_label = scores.probabilities(logits, temperature)[np.arange(50), labels]
        assert likelihood_loss(logits, labels, temperature) == pytest.approx(-np.log(of_label).mean())


def test_reliability_by_counting():
    logits, labels = drawn(1.6, 300)
    values = scores.probabilities(logits)
    found = reliability(values, labels, bins=7)
    ece = 0.0
    for k in range(7):
        inside = [
            (max(row), row.argmax() == label)
            for row, label in zip(values, labels, strict=True)
            if k / 7 < max(row) <= (k + 1) / 7
        ]
        assert found.count[k] == len(inside)
        if not inside:
            assert np.isnan([found.confidence[k], found.accuracy[k]]).all()
            continue
        confidence, right = np.mean([c for c, _ in inside]), int(sum(r for _, r in inside))
        assert found.confidence[k] == pytest.approx(confidence)
        assert found.accuracy[k] == pytest.approx(right / len(inside))
        ece += abs(right - len(inside) * confidence) / 300
        interval = binomtest(right, len(inside)).proportion_ci(0.95, "wilson")
        assert (found.low[k], found.high[k]) == pytest.approx((interval.low, interval.high), abs=1e-6)
    assert found.ece == pytest.approx(ece)
    assert found.count.sum() == 300
    assert found.nll == pytest.approx(likelihood_loss(logits, labels))


def test_edges_of_bins_and_certain_errors():
    values = np.array([[0.5, 0.5], [0.75, 0.25], [1.0, 0.0], [0.0, 1.0]])
    found = reliability(values, np.array([0, 1, 0, 0]), bins=4)
    assert found.count.tolist() == [0, 1, 1, 2]
    np.testing.assert_array_equal(found.accuracy[1:], [1, 0, 0.5])
    assert found.ece == pytest.approx((0.5 + 0.75 + 1) / 4)
    assert np.isfinite(found.nll)


@NETWORKS
def test_helps_on_images_that_it_was_not_fitted_on(name):
    network = nets.load(name)
    found = calibration(network)
    assert found is calibration(network)
    assert found.fitted == found.checked == 5_000
    # Both were trained with smoothed labels, and are more modest than they need be.
    assert 0.5 < found.temperature < 0.8
    assert found.after.nll < 0.8 * found.before.nll
    assert found.after.ece < 0.4 * found.before.ece
    assert found.after.ece < 0.006
    assert found.before.count.sum() == found.after.count.sum() == 5_000
    _, check = halves()
    logits, labels = answers(network).logits[check], answers(network).labels[check]
    expected = reliability(found.probabilities(logits), labels)
    assert (found.after.ece, found.after.nll) == (expected.ece, expected.nll)
    # No answer is another.
    assert (found.probabilities(logits).argmax(axis=1) == logits.argmax(axis=1)).all()


def test_a_network_with_doubled_logits_has_the_doubled_temperature():
    network = nets.load("mlp")
    weight, bias = (network.parameters[f"output.{kind}"] for kind in ("weight", "bias"))
    louder = network.with_parameters({"output.weight": 2 * weight, "output.bias": 2 * bias})
    assert isinstance(louder, Network)
    once, twice = calibration(network), calibration(louder)
    assert twice.temperature == pytest.approx(2 * once.temperature, rel=1e-5)
    assert twice.after.ece == pytest.approx(once.after.ece, abs=1e-5)
