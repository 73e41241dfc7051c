"""Nearest images by class and their percentiles, against sorting all distances."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from vizapp import nets
from vizapp.analysis import alike
from vizapp.analysis.nearness import Neighbourhood, neighbourhood
from vizapp.analysis.references import Answers, answers
from vizapp.inputs import SAMPLES, drawing_to_input
from vizapp.nets import Trace

NETWORKS = pytest.mark.parametrize("name", nets.names())


@cache
def drawings(name: str) -> Trace:
    return nets.load(name).forward(np.stack([drawing_to_input(sample.strokes) for sample in SAMPLES]))


def tiny() -> Answers:
    """Points on a line: class 0 at 0, 1, 3; class 1 at 10, 14."""
    place = np.array([[10.0], [0], [3], [14], [1]], np.float32)
    return Answers(
        np.hstack([place, 0 * place]), np.zeros((5, 2), np.float32), np.array([1, 0, 0, 1, 0], np.uint8)
    )


def test_by_hand():
    found = Neighbourhood(tiny())
    assert found.order.tolist() == [1, 2, 4, 0, 3]
    np.testing.assert_allclose(found.usual[0], [1, 1, 2], rtol=1e-6)
    np.testing.assert_allclose(found.usual[1], [4, 4], rtol=1e-6)
    image, distance, percentile = found.closest([[2.5, 0], [6, 0], [3, 4]])
    np.testing.assert_array_equal(image, [[2, 0], [2, 0], [2, 0]])
    np.testing.assert_allclose(distance, [[0.5, 7.5], [3, 4], [4, 65**0.5]], rtol=1e-6)
    np.testing.assert_allclose(percentile, [[0, 100], [100, 0], [100, 100]])
    np.testing.assert_allclose(found.closest([[4.5, 0]]).percentile, [[200 / 3, 100]])
    # Where the input is one of the images, that one does not count.
    image, distance, _ = found.closest([[3, 0], [3, 0]], without=[2, -1])
    np.testing.assert_array_equal(image, [[4, 0], [2, 0]])
    np.testing.assert_allclose(distance, [[2, 7], [0, 7]], atol=1e-6)
    near = found.nearest([4, 0], 0, count=2)
    assert (near.image.tolist(), near.distance.tolist()) == ([2, 4], [1, 3])
    assert found.nearest([4, 0], 0, without=2).image.tolist() == [4, 1]


@NETWORKS
def test_the_nearest_of_each_class(name):
    network, trace = nets.load(name), drawings(name)
    here, found = trace.layer("fc2"), answers(network)
    around = neighbourhood(network)
    closest = around.closest(here)
    everything = cdist(here.astype(float), found.features.astype(float))
    for label in range(10):
        of_class = np.flatnonzero(found.labels == label)
        np.testing.assert_allclose(closest.distance[:, label], everything[:, of_class].min(axis=1), rtol=1e-5)
        np.testing.assert_array_equal(found.labels[closest.image[:, label]], label)
        np.testing.assert_allclose(
            everything[np.arange(len(here)), closest.image[:, label]], closest.distance[:, label], rtol=1e-9
        )
    np.testing.assert_array_equal(closest.strangeness, closest.percentile.min(axis=1))


@NETWORKS
def test_the_same_images_as_the_inspector_s(name):
    trace = drawings(name)
    for row in range(len(trace)):
        labels = alike.candidates(trace, row)
        _, expected = alike.nearest(trace, "fc2", labels, row)
        for near in expected:
            found = neighbourhood(trace.network).nearest(trace.layer("fc2")[row], near.label)
            np.testing.assert_allclose(found.distance, near.distance, rtol=1e-4)


@NETWORKS
def test_usual_distances_leave_the_image_itself_out(name):
    network = nets.load(name)
    found, around = answers(network), neighbourhood(network)
    for label in (1, 8):
        own = found.features[found.labels == label].astype(float)
        between = cdist(own, own)
        np.fill_diagonal(between, np.inf)
        np.testing.assert_allclose(around.usual[label], np.sort(between.min(axis=1)), rtol=1e-4, atol=1e-4)


@NETWORKS
def test_reference_images_have_the_percentiles_that_make_the_scale(name):
    network = nets.load(name)
    found, around = answers(network), neighbourhood(network)
    some = np.flatnonzero(found.labels == 5)
    closest = around.closest(found.features[some], some.tolist())
    percentile = np.sort(closest.percentile[:, 5])
    np.testing.assert_allclose(percentile, 100 * np.arange(len(some)) / len(some), atol=0.5)
    assert (closest.image[:, 5] != some).all()
    assert (around.closest(found.features[some[:9]]).distance[:, 5] < 1e-3).all()


@NETWORKS
def test_noise_is_stranger_than_drawings(name):
    network = nets.load(name)
    around = neighbourhood(network)
    noise = np.random.default_rng(1).random((100, 28, 28))
    strange = around.closest(network.forward(noise).layer("fc2")).strangeness
    some = list(range(0, 10_000, 50))
    usual = around.closest(answers(network).features[some], some).strangeness
    assert np.median(usual) < 60
    assert (strange > 95).mean() > 0.9
    assert (usual > 95).mean() < 0.1
