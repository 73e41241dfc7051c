"""Reference images that are like something, against sorting all of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp import nets
from vizapp.analysis import alike
from vizapp.inputs import SAMPLES, drawing_to_input, reference
from vizapp.nets import Network, Trace


@lru_cache(maxsize=1)
def activations(name: str, layer: str) -> NDArray[np.float32]:
    """float32[10000, nodes]."""
    network = nets.load(name)
    batches = np.array_split(reference()[0].astype(np.float32) / 255, 100)
    return np.concatenate([network.forward(batch).activation[:, network.span(layer)] for batch in batches])


@cache
def present(name: str) -> Trace:
    return nets.load(name).forward(drawing_to_input(SAMPLES[0].strokes))


LAYERS = [(name, layer.name) for name in nets.names() for layer in nets.load(name).layers]


@pytest.mark.parametrize(("name", "layer"), LAYERS)
def test_the_strongest_images_of_a_node(name: str, layer: str) -> None:
    network = nets.load(name)
    found, values = alike.strongest(network), activations(name, layer)
    assert found.count == 10_000
    rng = np.random.default_rng(1)
    for local in rng.choice(values.shape[1], min(values.shape[1], 200), replace=False):
        column = values[:, local]
        expected = np.argsort(-column, kind="stable")[:12]
        expected = expected[column[expected] > 0]
        answer = found.of(network.span(layer).start + int(local))
        images = [image for image, _ in answer]
        np.testing.assert_allclose([value for _, value in answer], column[expected], rtol=1e-5)
        if not np.array_equal(images, expected):
            # Rounding may swap what is nearly equal.
            np.testing.assert_allclose(column[images], column[expected], rtol=1e-5)
            assert len(set(images)) == len(images)


def test_of_equally_activating_images_the_first_come_first() -> None:
    # A pixel in the middle is full ink in many images.
    network = nets.load("mlp")
    column = reference()[0][:, 14, 14]
    full = np.flatnonzero(column == 255)
    assert len(full) > 12
    found = alike.strongest(network).of(14 * 28 + 14)
    assert [image for image, _ in found] == full[:12].tolist()
    assert {value for _, value in found} == {1.0}


def test_what_no_image_activates_has_none() -> None:
    assert alike.strongest(nets.load("cnn")).of(0) == []


@pytest.mark.parametrize(("name", "layer"), LAYERS)
def test_the_nearest_images_in_a_layer(name: str, layer: str) -> None:
    trace, values = present(name), activations(name, layer)
    labels = alike.candidates(trace)
    count, found = alike.nearest(trace, layer, labels)
    assert count == (10_000 if values.shape[1] <= 1500 else 2000)
    assert [near.label for near in found] == labels
    here = trace.layer(layer)[0].ravel().astype(np.float64)
    distances = np.linalg.norm(values[:count].astype(np.float64) - here, axis=1)
    for near in found:
        of_class = np.flatnonzero(reference()[1][:count] == near.label)
        expected = np.sort(distances[of_class])[:3]
        np.testing.assert_allclose(near.distance, expected, rtol=1e-4)
        np.testing.assert_allclose(distances[near.image], near.distance, rtol=1e-4)
        assert (reference()[1][near.image] == near.label).all()
        assert len(set(near.image.tolist())) == 3


def test_an_image_of_the_set_is_nearest_to_itself() -> None:
    network = nets.load("cnn")
    trace = network.forward(reference()[0][123].astype(np.float32) / 255)
    _, (near,) = alike.nearest(trace, "fc1", [int(reference()[1][123])])
    assert near.image[0] == 123
    assert near.distance[0] < 1e-4


def test_candidates_are_the_first_guesses() -> None:
    trace = present("cnn")
    assert alike.candidates(trace) == np.argsort(-trace.probabilities[0])[:3].tolist()


def test_what_is_kept_is_bounded_and_the_last_used(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = present("mlp")
    monkeypatch.setattr(alike, "KEPT_BYTES", 10_000 * (300 + 100) * 4)
    for layer in ("fc2", "fc1", "output"):
        alike.nearest(trace, layer, [1])
    assert [layer for _, layer in alike._kept] == ["fc1", "output"]
    alike.nearest(trace, "fc1", [1])
    alike.nearest(trace, "fc2", [1])
    assert [layer for _, layer in alike._kept] == ["fc1", "fc2"]


def test_sessions_that_ask_at_once_compute_once(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    class Counted(Network):
        def forward(self, images: NDArray[np.float32]) -> Trace:
            runs.append(len(images))
            return super().forward(images)

    network = Counted("mlp", nets.load("mlp").layers)
    with ThreadPoolExecutor(3) as threads:
        found = set(threads.map(lambda _: alike.strongest(network), range(3)))
    assert len(found) == 1
    assert sum(runs) == 10_000
