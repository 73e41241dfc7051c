"""Logits and pixel gradients against a trace's and against finite differences."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.analysis.relevances import digits, untrained
from vizapp import nets
from vizapp.analysis.gradients import logits, pixel_gradients
from vizapp.analysis.relevance import without_frame
from vizapp.nets.backward import node_gradients

NETWORKS = pytest.mark.parametrize("name", ["mlp", "cnn"])
CONTRAST = np.eye(10)[3] - np.eye(10)[8]


@NETWORKS
@pytest.mark.parametrize("count", [0, 1, 5, 16, 37])
def test_logits_are_those_of_a_trace(name, count):
    network = nets.load(name)
    images = digits(count)
    expected = network.forward(images).logits
    np.testing.assert_allclose(logits(network, images), expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(pixel_gradients(network, images, CONTRAST)[0], expected, rtol=1e-5, atol=1e-5)


@NETWORKS
@pytest.mark.parametrize("count", [1, 19])
def test_gradients_are_those_of_the_input_nodes(name, count):
    network = untrained(name)
    images = digits(count)
    functional = np.random.default_rng(1).normal(size=(count, 10))
    _, found = pixel_gradients(network, images, functional)
    nodes, _ = node_gradients(network.forward(images), functional)
    assert found.shape == (count, 28, 28)
    for image, row in zip(found, nodes, strict=True):
        np.testing.assert_allclose(image, without_frame(network, row), atol=1e-12)


@NETWORKS
def test_what_is_differentiated_may_depend_on_the_logits(name):
    network, images = untrained(name), digits(19)

    def best(values):
        return np.eye(10)[values.argmax(axis=1)]

    values, found = pixel_gradients(network, images, best)
    _, expected = pixel_gradients(network, images, best(values))
    np.testing.assert_array_equal(found, expected)


@NETWORKS
def test_gradients_are_slopes(name):
    network = untrained(name)
    image = digits(3)[2].astype(float)
    (gradient,) = pixel_gradients(network, image[None], CONTRAST)[1]
    places = np.argwhere((image > 0) & (image < 1))[::5]
    step = 1e-7
    moved = np.repeat(image[None], 2 * len(places), axis=0)
    for k, (y, x) in enumerate(places):
        moved[2 * k, y, x] += step
        moved[2 * k + 1, y, x] -= step
    values = logits(network, moved) @ CONTRAST
    y, x = places.T
    np.testing.assert_allclose((values[::2] - values[1::2]) / (2 * step), gradient[y, x], atol=1e-6)


@NETWORKS
def test_threads_do_not_disturb_each_other(name):
    network = nets.load(name)
    images = digits(40)
    jobs = [slice(start, start + size) for start in range(0, 32, 4) for size in (1, 7)] * 3

    def run(job):
        return pixel_gradients(network, images[job], CONTRAST)[1]

    expected = [run(job) for job in jobs]
    with ThreadPoolExecutor(4) as pool:
        for left, right in zip(expected, pool.map(run, jobs), strict=True):
            np.testing.assert_array_equal(left, right)


def test_images_of_another_shape_are_refused():
    network = nets.load("mlp")
    for images in (np.zeros((28, 28)), np.zeros((1, 27, 28))):
        with pytest.raises(ValueError, match="takes"):
            logits(network, images)
        with pytest.raises(ValueError, match="takes"):
            pixel_gradients(network, images, CONTRAST)
