from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizapp.inputs import Pad, downsample

from .drawn import curve, stroke, supersampled

DRAWING = [
    curve(),
    stroke([[0.1, 0.1]]),
    stroke([[0.2, 0.8], [0.8, 0.1]], width=4.0),
    stroke([[0.3, 0.3], [0.7, 0.6]], width=3.0, erase=True),
    stroke([[0.05, 0.5], [0.9, 0.55]]),
]


def test_ink_is_close_to_a_supersampled_reference() -> None:
    difference = np.abs(downsample(Pad.of(DRAWING).ink) - supersampled(DRAWING))
    assert difference.max() < 0.02
    assert difference.mean() < 0.001


@given(st.lists(st.integers(1, 59), max_size=6))
def test_the_ink_does_not_depend_on_how_the_points_arrive(cuts: list[int]) -> None:
    points = curve().points
    pad = Pad()
    pad.begin()
    for part in np.split(points, sorted(cuts)):
        pad.extend(part)
    np.testing.assert_array_equal(pad.ink, Pad.of([curve()]).ink)


def test_downsampling_keeps_the_ink() -> None:
    ink = Pad.of(DRAWING).ink
    small = downsample(ink)
    assert small.shape == (28, 28)
    assert small.sum() * 100 == pytest.approx(ink.sum(), rel=1e-5)
    assert small[3, 4] == pytest.approx(ink[30:40, 40:50].mean(), abs=1e-6)


def test_the_eraser_takes_away_and_the_pen_puts_back() -> None:
    line = stroke([[0.1, 0.5], [0.9, 0.5]])
    rubbed = Pad.of([line, stroke([[0.5, 0.1], [0.5, 0.9]], erase=True)])
    assert rubbed.ink[140, 140] == 0
    assert rubbed.ink[140, 60] == 1
    np.testing.assert_array_equal(
        Pad.of([stroke([[0.5, 0.1], [0.5, 0.9]], erase=True), line]).ink, Pad.of([line]).ink
    )
    np.testing.assert_array_equal(Pad.of([line, stroke([[0.1, 0.5], [0.9, 0.5]], 14, erase=True)]).ink, 0)


def test_a_stroke_that_leaves_the_pad_and_returns_does_not_run_along_the_edge() -> None:
    out = Pad.of([stroke([[0.5, 0.2], [1.5, 0.2], [1.5, 0.8], [0.5, 0.8]])])
    assert out.ink[56, 279] == 1
    assert out.ink[224, 279] == 1
    assert not out.ink[80:200].any()


def test_lifting_the_pen_leaves_a_gap() -> None:
    pad = Pad()
    for place in ([[0.2, 0.2]], [[0.8, 0.8]]):
        pad.begin()
        pad.extend(np.array(place, np.float32))
    assert pad.ink[56, 56] == pad.ink[224, 224] == 1
    assert pad.ink[140, 140] == 0


def test_a_copy_goes_its_own_way() -> None:
    points = curve().points
    pad = Pad()
    pad.begin(3.0)
    pad.extend(points[:30])
    before = pad.ink.copy()
    other = pad.copy()
    other.extend(points[30:])
    np.testing.assert_array_equal(pad.ink, before)
    pad.extend(points[30:])
    np.testing.assert_array_equal(pad.ink, other.ink)
    pad.clear()
    assert not pad.ink.any()
    assert other.ink.any()


def test_no_points_no_ink() -> None:
    pad = Pad()
    pad.extend(np.empty((0, 2), np.float32))
    assert not pad.ink.any()


@given(
    st.lists(st.tuples(st.floats(-1, 2), st.floats(-1, 2)), min_size=1, max_size=5),
    st.floats(0.5, 14),
    st.booleans(),
)
def test_ink_stays_between_none_and_full(
    points: list[tuple[float, float]], width: float, erase: bool
) -> None:
    ink = Pad.of([curve(), stroke(points, width, erase)]).ink
    assert ink.min() >= 0
    assert ink.max() <= 1
