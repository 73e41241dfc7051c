"""Transport: no ink is lost, a moved image moves, and no assignment of the parts is cheaper."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from vizapp.inputs import drawing_to_input, reference
from vizapp.inputs.samples import ONE_TWO
from vizapp.inputs.ways.transport import PARTS, Transport

Floats = NDArray[np.float32]


def digit(index: int) -> Floats:
    return np.asarray(reference()[0][index] / np.float32(255), np.float32)


ONE, TWO = (drawing_to_input(ONE_TWO.strokes(t)) for t in (0, 1))
PAIRS = [(ONE, TWO), (digit(0), digit(1)), (digit(2), digit(3)), (digit(8), digit(8))]


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_ink_is_preserved(number: int) -> None:
    start, end = PAIRS[number]
    way = Transport(start, end)
    for t in np.linspace(0, 1, 33):
        image = way.at(t)
        assert image.sum() == pytest.approx((1 - t) * start.sum() + t * end.sum(), rel=1e-5)
        assert 0 <= image.min() <= image.max() <= 1


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_the_ends_are_the_images(number: int) -> None:
    start, end = PAIRS[number]
    way = Transport(start, end)
    assert way.at(0) == pytest.approx(start, abs=1e-6)
    assert way.at(1) == pytest.approx(end, abs=1e-6)
    assert way.at(1e-4) == pytest.approx(start, abs=0.02)


def test_a_moved_image_moves() -> None:
    start, end = np.zeros((2, 28, 28), np.float32)
    start[2:22, 3:23], end[6:26, 5:25] = ONE[4:24, 4:24], ONE[4:24, 4:24]
    halfway = np.zeros((28, 28), np.float32)
    halfway[4:24, 4:24] = ONE[4:24, 4:24]
    assert Transport(start, end).at(0.5) == pytest.approx(halfway, abs=1e-5)


def test_the_same_image_stands_still() -> None:
    way = Transport(TWO, TWO)
    for t in (0.2, 0.5, 0.9):
        assert way.at(t) == pytest.approx(TWO, abs=1e-6)


def test_a_dot_on_a_straight_line() -> None:
    start, end = np.zeros((2, 28, 28), np.float32)
    start[3, 5], end[23, 15] = 0.5, 1
    image = Transport(start, end).at(0.25)
    assert image[8, 7:9] == pytest.approx([0.3125, 0.3125])
    assert image.sum() == pytest.approx(0.625)


def test_hardly_any_cheaper_transport_exists() -> None:
    """Against the exact linear programme over all pixels."""
    rng = np.random.default_rng(3)
    start, end = np.zeros((2, 28, 28), np.float32)
    start[5:11, 4:10] = rng.random((6, 6)) ** 2
    end[12:18, 14:20] = rng.random((6, 6)) ** 2
    way = Transport(start, end)
    cost = float(way._share @ (way._way**2).sum(axis=1))
    a, b = (np.argwhere(image > 0).astype(float) for image in (start, end))
    squared = ((a[:, None] - b) ** 2).sum(axis=2)
    rows = np.kron(np.eye(len(a)), np.ones(len(b)))
    columns = np.kron(np.ones(len(a)), np.eye(len(b)))
    amounts = [image[image > 0].astype(float) / image.sum(dtype=float) for image in (start, end)]
    amounts[1] *= amounts[0].sum() / amounts[1].sum()
    exact = linprog(squared.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.concatenate(amounts))
    assert exact.fun <= cost <= exact.fun * 1.01


def test_where_ways_cross_no_pixel_is_overfull() -> None:
    """Two bars that change places by moving apart and over each other: all ink passes the middle."""
    start, end = np.zeros((2, 28, 28), np.float32)
    start[0:28, 13:15], end[13:15, 0:28] = 1, 1
    for t in (0.25, 0.5, 0.75):
        image = Transport(start, end).at(t)
        assert image.max() <= 1
        assert image.sum() == pytest.approx(56, rel=1e-4)


def test_one_grey_pixel_may_become_a_full_image() -> None:
    start = np.zeros((28, 28), np.float32)
    start[0, 0] = 1e-3
    image = Transport(start, np.ones((28, 28), np.float32)).at(0.999)
    # There is hardly room to level it: the last of the surplus is given up.
    assert image.sum() == pytest.approx(784 * 0.999, rel=2e-3)


def test_it_is_the_same_every_time() -> None:
    assert np.array_equal(Transport(ONE, TWO).at(0.4), Transport(ONE.copy(), TWO.copy()).at(0.4))
    assert PARTS == 256
