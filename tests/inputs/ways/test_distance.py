"""The distance field, against all pairs of pixels and against discs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.inputs import drawing_to_input, reference
from vizapp.inputs.samples import ONE_TWO
from vizapp.inputs.ways.distance import FINE, SIZE, Distance, field, shape

from ..drawn import stroke, supersampled

ONE, TWO = (drawing_to_input(ONE_TWO.strokes(t)) for t in (0, 1))


def disc(radius: float, x: float = 0.5) -> NDArray[np.float32]:
    return supersampled([stroke([[x, 0.5]], 2 * radius)]).astype(np.float32)


def test_distances_are_those_to_the_nearest_pixel_across_the_edge() -> None:
    distances = field(TWO)
    ink = distances < 0
    places = np.argwhere(np.ones((SIZE, SIZE), bool)).astype(float)
    inked, empty = places[ink.ravel()], places[~ink.ravel()]
    rng = np.random.default_rng(0)
    for row, column in rng.integers(0, SIZE, (200, 2)):
        others = empty if ink[row, column] else inked
        away = np.hypot(*(others - [row, column]).T).min() - 0.5
        expected = (-away if ink[row, column] else away) / FINE
        # Just outside of the edge, where half a pixel is nearly all there is, 0 counts as outside.
        assert distances[row, column] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("radius", [3.0, 5.0, 8.0])
def test_a_discs_field_and_shape(radius: float) -> None:
    image = disc(radius)
    assert shape(field(image)) == pytest.approx(image, abs=0.2)
    assert shape(field(image)).sum() == pytest.approx(image.sum(), rel=0.03)
    middle = (np.arange(SIZE) + 0.5) / FINE - 14
    exact = np.hypot(middle[:, None], middle) - radius
    assert np.abs(field(image) - exact).max() < 0.35


def test_halfway_between_two_discs_is_the_disc_between() -> None:
    halfway = Distance(disc(4), disc(8)).at(0.5)
    assert halfway.sum() == pytest.approx(np.pi * 36, rel=0.03)
    assert halfway == pytest.approx(disc(6), abs=0.25)


@pytest.mark.parametrize(("start", "end"), [(ONE, TWO), tuple(reference()[0][[5, 8]] / np.float32(255))])
def test_it_leaves_and_arrives_without_a_jump(start: NDArray[np.float32], end: NDArray[np.float32]) -> None:
    way = Distance(start, end)
    assert way.at(0) == pytest.approx(start, abs=1e-6)
    assert way.at(1) == pytest.approx(end, abs=1e-6)
    frames = np.stack([way.at(t) for t in np.linspace(0, 1, 801)])
    assert np.abs(np.diff(frames, axis=0)).max() < 0.06
    assert frames.min() >= 0
    assert frames.max() <= 1


def test_faint_ink_has_edges_too() -> None:
    assert (field(0.02 * TWO) < 0).any()
    assert np.array_equal(field(0.5 * TWO) < 0, field(TWO) < 0)
