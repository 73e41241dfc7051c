"""Simplified paths, against the definition: no point that was left out is further away than allowed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizapp.state.simplify import LONGEST, simplified

STEPS = st.integers(-3000, 3000)
PATHS = st.lists(st.tuples(STEPS, STEPS), min_size=1, max_size=40)


def distance(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    """Of a point from a straight piece, by trying out where on it is nearest."""
    along = np.linspace(0, 1, 4001)[:, None]
    return float(np.hypot(*(start + along * (end - start) - point).T).min())


@given(PATHS, st.sampled_from([0, 1, 2, 8, 100]))
def test_nothing_left_out_is_far_from_what_was_kept(points: list[tuple[int, int]], off: int) -> None:
    path = np.array(points, np.int64)
    kept = simplified(path, off)
    np.testing.assert_array_equal(kept[0], path[0])
    np.testing.assert_array_equal(kept[-1], path[-1])
    at = 0
    for point in path:
        if at + 1 < len(kept) and (point == kept[at + 1]).all():
            at += 1
        pieces = range(max(at - 1, 0), min(at + 2, len(kept) - 1))
        near = [distance(point, kept[i], kept[i + 1]) for i in pieces] or [
            float(np.hypot(*(point - kept[0])))
        ]
        # Trying out finds the nearest place to a four-thousandth of a piece.
        assert min(near) <= off + 2.2
    np.testing.assert_array_equal(simplified(kept, off), kept)


def test_a_straight_line_is_its_ends_and_a_corner_stays() -> None:
    line = np.stack([np.arange(50), 2 * np.arange(50)], axis=1)
    assert simplified(line, 0).tolist() == [[0, 0], [49, 98]]
    corner = np.array([[0, 0], [5, 0], [10, 0], [10, 5], [10, 10]])
    assert simplified(corner, 1).tolist() == [[0, 0], [10, 0], [10, 10]]


@pytest.mark.parametrize("count", [1, 2])
def test_a_dot_and_two_points_stay(count: int) -> None:
    path = np.zeros((count, 2), np.int64)
    assert len(simplified(path, 5)) == count


def test_a_loop_keeps_its_far_side() -> None:
    loop = np.array([[0, 0], [10, 10], [0, 20], [-10, 10], [0, 0]])
    assert simplified(loop, 3).tolist() == loop.tolist()


def test_a_long_path_is_looked_at_in_parts() -> None:
    line = np.stack([np.arange(3 * LONGEST), np.zeros(3 * LONGEST, int)], axis=1)
    assert len(simplified(line, 1)) <= 5
