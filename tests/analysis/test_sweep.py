"""A sweep: what it holds, what it refuses, and its scores against plain formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vizapp import nets
from vizapp.analysis.sweep import Axis, Sweep
from vizapp.inputs.morphs import Morph, drawings
from vizapp.inputs.samples import ONE_TWO

AXIS = Axis("t", "1 → 2")
POSITIONS = np.linspace(0, 1, 9)
MORPH = Morph("strokes", ONE_TWO.strokes(0), ONE_TWO.strokes(1))
FRAMES = MORPH.frames(POSITIONS)
IMAGES = MORPH.images(POSITIONS)


def sweep(name: str = "cnn") -> Sweep:
    return Sweep.of(nets.load(name), AXIS, POSITIONS, IMAGES, drawings(FRAMES))


def test_each_row_is_the_networks_answer_to_its_image() -> None:
    found = sweep()
    assert len(found) == len(found.trace) == 9
    for row, image in enumerate(IMAGES):
        alone = nets.load("cnn").forward(image)
        assert found.trace.activation[row] == pytest.approx(alone.activation[0], abs=1e-4)
    assert found.drawings[4] is FRAMES[4]
    assert (found.answers == found.probabilities.argmax(axis=1)).all()
    assert {1, 2} <= set(found.answers.tolist())


def test_along_a_way() -> None:
    for way in ("strokes", "distance"):
        for normalised in (True, False):
            morph = Morph(way, ONE_TWO.strokes(0), ONE_TWO.strokes(1), normalised)
            found = Sweep.along(nets.load("mlp"), AXIS, morph, POSITIONS)
            assert np.array_equal(found.images, morph.images(POSITIONS))
            assert all((drawn is None) == (way == "distance") for drawn in found.drawings)


def test_another_network_answers_the_same_inputs() -> None:
    first = sweep()
    other = first.with_network(nets.load("mlp"))
    assert other.images is first.images
    assert other.network.name == "mlp"
    assert np.array_equal(other.trace.activation, sweep("mlp").trace.activation)


def test_margin_and_entropy() -> None:
    found = sweep()
    ordered = np.sort(found.logits.astype(float), axis=1)
    assert found.margin == pytest.approx(ordered[:, -1] - ordered[:, -2])
    shares = found.probabilities.astype(float)
    assert found.entropy == pytest.approx(-(shares * np.log2(shares)).sum(axis=1), abs=1e-4)
    assert found.entropy.max() > 10 * found.entropy.min()


def test_active_nodes_are_counted_by_layer() -> None:
    found = sweep()
    for layer in found.network.layers:
        values = found.trace.layer(layer.name).reshape(9, -1)
        assert found.active(layer.name).tolist() == [int((row > 0).sum()) for row in values]
    with pytest.raises(KeyError):
        found.active("fc9")


def test_the_nearest_row() -> None:
    found = sweep()
    assert [found.nearest(t) for t in (-1, 0, 0.0624, 0.0626, 0.5, 2)] == [0, 0, 0, 1, 4, 8]


def test_nobody_can_change_it() -> None:
    images = IMAGES.copy()
    found = Sweep.of(nets.load("mlp"), AXIS, POSITIONS, images)
    images[:] = 0
    assert found.images.any()
    for array in (found.images, found.positions, found.trace.activation):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    ("positions", "images", "strokes", "words"),
    [
        ([], IMAGES[:0], (), "1 to 1024"),
        (np.linspace(0, 1, 1025), np.zeros((1025, 28, 28)), (), "1 to 1024"),
        ([0, 0], IMAGES[:2], (), "rise"),
        ([1, 0], IMAGES[:2], (), "rise"),
        ([0, np.nan], IMAGES[:2], (), "rise"),
        ([0, 1], IMAGES[:3], (), "3 images"),
        ([0, 1], IMAGES[:2], (None,), "1 drawings"),
        ([0, 1], IMAGES[:2, :5], (), "shape"),
    ],
)
def test_what_is_no_sweep_is_refused(positions: Any, images: Any, strokes: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Sweep.of(nets.load("mlp"), AXIS, positions, images, strokes)


def test_a_trace_of_another_length_is_refused() -> None:
    found = sweep("mlp")
    with pytest.raises(ValueError, match="trace of 3"):
        Sweep(AXIS, found.positions, found.images, nets.load("mlp").forward(IMAGES[:3]))
