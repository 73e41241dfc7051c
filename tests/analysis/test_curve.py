"""Read-outs of curves: closed forms where logits are known, bisection against a dense scan where they are not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp import nets
from vizapp.analysis import curve
from vizapp.analysis.sweep import Axis, Sweep
from vizapp.inputs import reference
from vizapp.inputs.morphs import WAYS, Morph
from vizapp.inputs.samples import FOUR_NINE, ONE_TWO
from vizapp.nets import Trace

AXIS = Axis("t", "test")
ONE, TWO = ONE_TWO.strokes(0), ONE_TWO.strokes(1)


def given(positions: NDArray[np.float64], logits: NDArray[np.float64]) -> Sweep:
    """A sweep of these logits [K, classes], the others being very low."""
    network = nets.load("mlp")
    values = np.zeros((2, len(positions), network.n_nodes), np.float32)
    whole = np.full((len(positions), 10), -50.0)
    whole[:, : logits.shape[1]] = logits
    values[0, :, -10:] = whole
    share = np.exp(whole - whole.max(axis=1, keepdims=True))
    values[1, :, -10:] = share / share.sum(axis=1, keepdims=True)
    return Sweep(AXIS, positions, np.zeros((len(positions), 28, 28), np.float32), Trace(network, values))


def test_straight_logits() -> None:
    t = np.array([0, 0.1, 0.35, 0.6, 1])
    found = curve.readouts(given(t, np.stack([3 - 10 * t, 10 * t - 3], axis=1)), 0, 1)
    assert found.crossings == pytest.approx([0.3])
    (change,) = found.changes
    assert (change.position, change.before, change.after) == (pytest.approx(0.3), 0, 1)
    assert (found.first, found.last, found.flips) == (0, 1, 1)
    assert found.intruders == ()


def test_hesitation_of_a_straight_line() -> None:
    t = np.linspace(0, 1, 5)
    sweep = given(t, np.stack([4 - 8 * t, 8 * t - 4], axis=1))
    # |margin| = 8 |1 − 2 t| < 4.
    found = curve.hesitation(sweep, 4, of="margin")
    assert found.spans == (pytest.approx((0.25, 0.75)),)
    assert found.width == pytest.approx(0.5)
    # The largest probability is at least .98 everywhere but in the middle, where it is .5.
    found = curve.hesitation(sweep, 0.9)
    step = 0.25 * (0.9 - 0.5) / (1 / (1 + np.exp(-4)) - 0.5)
    assert found.spans == (pytest.approx((0.5 - step, 0.5 + step)),)


@pytest.mark.parametrize(
    ("values", "spans"),
    [
        ([2, 2, 2], []),
        ([0, 0, 0], [(0, 2)]),
        ([0, 2, 0], [(0, 0.5), (1.5, 2)]),
        ([2, 0, 2], [(0.5, 1.5)]),
        ([1, 0, 1], [(0, 2)]),
        ([1, 1, 0], [(1, 2)]),
        ([0], []),
    ],
)
def test_below_a_level(values: list[float], spans: list[tuple[float, float]]) -> None:
    found = curve.below(np.arange(len(values), dtype=float), np.array(values, float), 1)
    assert list(found) == [pytest.approx(span) for span in spans]


def test_the_steepest_piece() -> None:
    t = np.array([0, 1, 2, 4.0])
    shares = np.array([0.1, 0.2, 0.7, 0.1])
    sweep = given(t, np.log(np.stack([1 - shares, shares], axis=1)))
    found = curve.readouts(sweep, 0, 1).steepest
    assert found is not None
    assert (found.value, found.position) == (pytest.approx(0.5, rel=1e-5), 1.5)
    single = curve.readouts(given(t[:1], np.zeros((1, 2))), 0, 1)
    assert (single.steepest, single.crossings, single.flips) == (None, (), 0)


def test_a_third_class_intrudes_and_comes_between() -> None:
    t = np.linspace(0, 1, 21)
    logits = np.stack([2 - 6 * t, 6 * t - 4, np.full_like(t, 0.5), np.full_like(t, -1)], axis=1)
    found = curve.readouts(given(t, logits), 0, 1, intruding=0.15)
    assert found.crossings == pytest.approx([0.5])
    assert [(c.position, c.before, c.after) for c in found.changes] == [
        (pytest.approx(0.25), 0, 2),
        (pytest.approx(0.75), 2, 1),
    ]
    (intruder,) = found.intruders
    assert (intruder.label, intruder.position) == (2, 0.5)
    assert intruder.probability == pytest.approx(
        np.exp(0.5) / (np.exp(0.5) + 2 * np.exp(-1) + np.exp(-1)), abs=1e-3
    )
    assert [i.label for i in curve.readouts(given(t, logits), 0, 1, intruding=0.05).intruders] == [2, 3]


def test_there_and_back_are_two_crossings() -> None:
    t = np.linspace(0, 1, 11)
    found = curve.readouts(given(t, np.stack([np.abs(t - 0.5), np.full_like(t, 0.25)], axis=1)), 0, 1)
    assert found.crossings == pytest.approx([0.25, 0.75])
    assert found.flips == 2


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", nets.names())
def test_bisection_finds_where_the_logits_are_equal(name: str, way: str) -> None:
    network, morph = nets.load(name), Morph(way, ONE, TWO)
    evaluate = curve.evaluation(network, morph)
    positions = np.linspace(0, 1, 65)
    sweep = Sweep.along(network, AXIS, morph, positions)
    rough = curve.readouts(sweep, 1, 2)
    exact = curve.readouts(sweep, 1, 2, evaluate=evaluate)
    assert len(exact.crossings) >= 1
    assert exact.crossings == pytest.approx(rough.crossings, abs=1 / 64)
    for t in exact.crossings:
        one, other = evaluate(np.array([t - 2e-6, t + 2e-6]))
        assert (one[1] - one[2]) * (other[1] - other[2]) <= 0
    # A scan a hundred times as dense around each meets no other place.
    for t, coarse in zip(exact.crossings, rough.crossings, strict=True):
        cell = int(coarse * 64) / 64
        dense = np.linspace(cell, cell + 1 / 64, 101)
        above = np.diff(evaluate(dense)[:, [1, 2]], axis=1)[:, 0] > 0
        (place,) = np.flatnonzero(above[1:] != above[:-1])
        assert dense[place] - 1e-6 <= t <= dense[place + 1] + 1e-6


def test_bisection_of_many_crossings_at_once() -> None:
    network = nets.load("cnn")
    morph = Morph("distance", FOUR_NINE.strokes(0), TWO)
    positions = np.linspace(0, 1, 65)
    sweep = Sweep.along(network, AXIS, morph, positions)
    found = curve.readouts(sweep, 4, 2, evaluate=curve.evaluation(network, morph))
    assert found.flips > 1
    assert [c.before for c in found.changes[1:]] == [c.after for c in found.changes[:-1]]
    for change in found.changes:
        logits = network.forward(morph.images([change.position])).logits[0]
        assert logits[change.before] == pytest.approx(logits[change.after], abs=2e-3)


def test_the_nearest_reference_images_along_the_way() -> None:
    network = nets.load("mlp")
    images = reference()[0][[3, 5]] / np.float32(255)
    positions = np.linspace(0, 1, 5)
    sweep = Sweep.of(network, AXIS, positions, Morph("blend", *images).images(positions))
    found = curve.nearest(sweep)
    labels = reference()[1][[3, 5]]
    assert (found.image[0, labels[0]], found.image[-1, labels[1]]) == (3, 5)
    assert found.distance[0].min() == pytest.approx(0, abs=1e-3)
    assert found.distance[2].min() > 0.1
