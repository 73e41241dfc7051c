from __future__ import annotations

import numpy as np
import pytest

from vizapp.inputs.capsules import ink, pieces


def area(start: tuple[float, float], end: tuple[float, float], radius: float) -> float:
    return float(ink(np.array([start], np.float32), np.array([end], np.float32), radius, 100).sum())


@pytest.mark.parametrize("radius", [2.4, 4.8, 12.0])
@pytest.mark.parametrize("middle", [(50.0, 50.0), (50.5, 50.5), (49.3, 50.8)])
def test_a_dot_has_the_area_of_a_disc(radius: float, middle: tuple[float, float]) -> None:
    assert area(middle, middle, radius) == pytest.approx(np.pi * radius**2, rel=0.02)


@pytest.mark.parametrize("angle", np.linspace(0, np.pi, 8, endpoint=False))
def test_a_capsule_has_the_area_of_a_box_and_a_disc(angle: float) -> None:
    length, radius = 30.0, 5.0
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    expected = 2 * radius * length + np.pi * radius**2
    assert area(tuple(50 - reach), tuple(50 + reach), radius) == pytest.approx(expected, rel=0.005)


def test_an_edge_along_the_grid_is_exact() -> None:
    drawn = ink(np.array([[10, 20.2]], np.float32), np.array([[40, 20.2]], np.float32), 3.0, 50)
    # The band from 17.2 to 23.2 covers 80 % of row 17 and 20 % of row 23.
    np.testing.assert_allclose(drawn[15:25, 25], [0, 0, 0.8, 1, 1, 1, 1, 1, 0.2, 0], atol=1e-5)


def test_ink_outside_the_canvas_is_cut_wherever_the_piece_is() -> None:
    start = np.array([[-5, 10], [25, 10], [10, -500], [10, 38]], np.float32)
    small = ink(start, start + 3, 4.0, 30)
    large = ink(start + 50, start + 53, 4.0, 130)[50:80, 50:80]
    np.testing.assert_allclose(small, large, atol=1e-5)


def test_no_pieces_no_ink() -> None:
    assert not ink(np.empty((0, 2), np.float32), np.empty((0, 2), np.float32), 4.0, 30).any()


def test_pieces_are_short_and_make_up_the_path() -> None:
    path = np.array([[0, 0], [30, 40], [30, 41], [30, 41]], np.float32)
    start, end = pieces(path, 4.0)
    assert np.hypot(*(end - start).T).max() <= 4.0 + 1e-4
    np.testing.assert_allclose(start[1:], end[:-1], atol=1e-4)
    assert start[0].tolist() == [0, 0]
    np.testing.assert_allclose(end[-1], [30, 41], atol=1e-4)
    assert np.hypot(*(end - start).T).sum() == pytest.approx(51, abs=1e-3)


def test_one_point_is_one_piece() -> None:
    start, end = pieces(np.array([[3, 4]], np.float32), 4.0)
    assert start.tolist() == end.tolist() == [[3, 4]]


def test_spacing_bounds_the_pieces_and_stays_close_to_the_path() -> None:
    angle = np.linspace(0, 2 * np.pi, 20_000)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32) * 10
    start, end = pieces(circle, 4.0, spacing=0.5)
    assert len(start) <= 2 * np.pi * 10 / 0.5 + 2
    assert np.abs(np.hypot(*start.T) - 10).max() < 0.01
    assert start[0].tolist() == circle[0].tolist()
    assert end[-1].tolist() == circle[-1].tolist()
