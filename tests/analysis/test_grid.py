"""Crossed sweeps against single inputs."""

from __future__ import annotations

import numpy as np
import pytest

from vizapp import nets
from vizapp.analysis.grid import answered, grid, morph_grid, way_grid
from vizapp.analysis.ranges import RANGES
from vizapp.analysis.sweep import Axis
from vizapp.inputs import InputError, reference
from vizapp.inputs.morphs import WAYS, Morph
from vizapp.inputs.samples import ONE_TWO
from vizapp.inputs.variants import Setting, Variants

ONE, TWO = ONE_TWO.strokes(0), ONE_TWO.strokes(1)
T = Axis("t", "1 → 2")


def test_each_cell_is_the_answer_to_its_input() -> None:
    network, variants = nets.load("cnn"), Variants(ONE_TWO.strokes(0.3))
    found = grid(network, variants, "rotation", "x", (5, 7))
    assert found.answers.shape == found.confidence.shape == found.margin.shape == (5, 7)
    assert (found.first.name, found.second.name) == ("rotation", "x")
    for i, j in ((0, 0), (2, 3), (4, 1)):
        trace = network.forward(variants.at(Setting(rotation=found.rows[i], x=found.columns[j])))
        assert found.answers[i, j] == trace.prediction[0]
        assert found.confidence[i, j] == pytest.approx(trace.probabilities.max(), abs=1e-5)
        ordered = np.sort(trace.logits[0])
        assert found.margin[i, j] == pytest.approx(ordered[-1] - ordered[-2], abs=1e-4)


def test_a_morph_crossed_with_a_range() -> None:
    network, positions = nets.load("mlp"), np.linspace(0, 1, 5)
    for way in ("strokes", "blend"):
        frames = Morph(way, ONE, TWO).frames(positions)
        found = morph_grid(network, T, positions, frames, "rotation", 7)
        images = Morph(way, ONE, TWO).images(positions)
        middle = network.forward(images)
        assert np.array_equal(found.answers[:, 3], middle.prediction)
        assert found.confidence[:, 3] == pytest.approx(middle.probabilities.max(axis=1), abs=1e-4)
        assert np.array_equal(found.columns, RANGES["rotation"].positions(7))


def test_all_ways_between_two_ends() -> None:
    network, positions = nets.load("cnn"), np.linspace(0, 1, 9)
    found = way_grid(network, T, positions, ONE, TWO)
    assert found.names == WAYS
    for row, way in zip(found.answers, WAYS, strict=True):
        assert np.array_equal(row, network.forward(Morph(way, ONE, TWO).images(positions)).prediction)
    images = reference()[0][[3, 5]] / np.float32(255)
    assert "strokes" not in way_grid(network, T, positions, *images).names


def test_what_is_too_much_is_refused() -> None:
    network = nets.load("mlp")
    with pytest.raises(ValueError, match="too many"):
        grid(network, Variants(TWO), "x", "y", (1000, 1000))
    with pytest.raises(ValueError, match="itself"):
        grid(network, Variants(TWO), "x", "x")
    with pytest.raises(KeyError):
        grid(network, Variants(TWO), "x", "z")
    with pytest.raises(InputError):
        way_grid(network, T, [0, 1], [], TWO)


def test_one_row_is_held_at_a_time() -> None:
    made = []

    def rows():  # type: ignore[no-untyped-def]
        for number in range(3):
            made.append(number)
            yield np.zeros((2, 28, 28), np.float32)

    axis = Axis("a", "a")
    found = answered(nets.load("mlp"), axis, np.arange(3.0), axis, np.arange(2.0), rows())
    assert made == [0, 1, 2]
    assert found.answers.shape == (3, 2)
