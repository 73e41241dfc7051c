"""Deletion curves, image by image, and what they find out about attributions that are known to be good or bad."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.relevances import digits, linear, trace_of
from vizapp import nets
from vizapp.analysis.attribution import METHODS, attribute, deletion
from vizapp.analysis.relevance import rivals

NETWORKS = pytest.mark.parametrize("name", nets.names())


def test_by_hand():
    # Of five pixels one is empty; the others bring 3, 1, −1 and −2.
    trace = linear(np.array([[3.0, 7, 2, -1, -4], [0, 0, 0, 0, 0]])).forward([[1, 0, 0.5, 1, 0.5]])
    found = deletion(trace, attribute("gradient", trace, 0, 1), points=4, orders=200)
    assert found.removed.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(found.curve, [1, -2, -3, -2, 0])
    np.testing.assert_allclose(found.share, [0, 0.25, 0.5, 0.75, 1])
    # Each pixel comes as early as any other, so that the mean falls in a straight line.
    np.testing.assert_allclose(found.mean, [1, 0.75, 0.5, 0.25, 0], atol=0.5)
    np.testing.assert_allclose(found.random[:, 0], 1)
    np.testing.assert_allclose(found.random[:, -1], 0, atol=1e-6)
    assert len(np.unique(found.random.round(6), axis=0)) == 24  # all orders there are
    area = (0.5 - 2 - 3 - 2) / 4
    assert found.advantage == pytest.approx(found.random[:, [0, 1, 2, 3]].mean() - 0.125 - area)
    np.testing.assert_allclose(found.spread, found.random.std(axis=0))
    # Nothing is faster than the right order, which some of the random ones are.
    best = (found.random == found.curve).all(axis=1).sum()
    assert found.beaten_by == best > 0


@NETWORKS
def test_removes_what_is_ranked_highest_first(name):
    trace, row = trace_of(name), 2
    a, b = rivals(trace, row)
    found = attribute("occlusion", trace, a, b, row)
    curve = deletion(trace, found, row, points=9, orders=2)
    image = digits()[row]
    order = sorted(np.argwhere(image > 0).tolist(), key=lambda at: -found.pixels[tuple(at)])
    assert curve.removed[-1] == len(order)
    for count, value in zip(curve.removed, curve.curve, strict=True):
        left = image.copy()
        for y, x in order[:count]:
            left[y, x] = 0
        logits = trace.network.forward(left).logits[0].astype(float)
        assert value == pytest.approx(logits[a] - logits[b], abs=1e-3)


@NETWORKS
def test_random_orders_are_the_same_for_all_methods_and_others_for_another_seed(name):
    trace = trace_of(name)
    curves = [deletion(trace, attribute(method, trace, 7, 1)) for method in METHODS]
    for curve in curves[1:]:
        np.testing.assert_array_equal(curve.random, curves[0].random)
    other = deletion(trace, attribute("lrp", trace, 7, 1), seed=2)
    assert (other.random[:, 1:-1] != curves[0].random[:, 1:-1]).any()


@NETWORKS
def test_tells_a_good_attribution_from_its_opposite(name):
    trace = nets.load(name).forward(digits(30))
    right, wrong = [], []
    for row in range(len(trace)):
        a, b = rivals(trace, row)
        good = attribute("integrated", trace, a, b, row)
        right.append(deletion(trace, good, row))
        wrong.append(deletion(trace, replace(good, pixels=-good.pixels), row))
    # Each image has its own accidents, holes being no digit's shape; together they are clear.
    assert (
        np.mean([curve.advantage for curve in wrong]) < 0 < 1 < np.mean([curve.advantage for curve in right])
    )
    assert np.mean([curve.beaten_by for curve in wrong]) > 12
    assert np.mean([curve.beaten_by for curve in right]) < 4


def test_an_empty_sheet_has_a_curve_of_one_point():
    trace = nets.load("mlp").forward(np.zeros((28, 28)))
    found = deletion(trace, attribute("lrp", trace, 0, 1))
    assert found.removed.tolist() == [0]
    assert found.share.tolist() == [0]
    assert found.curve[0] == pytest.approx(trace.logits[0, 0] - trace.logits[0, 1], abs=1e-4)
    assert found.advantage == 0
