"""Morphs: the ends bit for bit, whatever the way; what cannot be morphed is refused."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.inputs import InputError, clean_strokes, drawing_to_input, reference
from vizapp.inputs.morphs import WAYS, End, Morph, drawings, morph, to_images, ways_between
from vizapp.inputs.samples import FOUR_NINE, ONE_TWO

from .drawn import stroke

ONE, TWO, FOUR = ONE_TWO.strokes(0), ONE_TWO.strokes(1), FOUR_NINE.strokes(0)
DIGIT: NDArray[np.float32] = reference()[0][3] / np.float32(255)
IMAGE_WAYS = WAYS[1:]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize(("start", "end"), [(ONE, TWO), (FOUR, TWO)])
def test_the_ends_are_what_the_network_sees_of_them(way: str, normalised: bool, start: End, end: End) -> None:
    images = Morph(way, start, end, normalised).images([0, 0.5, 1])
    assert np.array_equal(images[0], drawing_to_input(start, normalised))
    assert np.array_equal(images[2], drawing_to_input(end, normalised))
    assert images.dtype == np.float32
    assert not np.array_equal(images[1], images[0])


def test_the_ends_of_the_way_of_strokes_are_the_strokes_themselves() -> None:
    first, middle, last = morph("strokes", FOUR, TWO, [0, 0.5, 1])
    assert all(one is other for one, other in zip(first, FOUR, strict=True))
    assert all(one is other for one, other in zip(last, TWO, strict=True))
    assert len(middle) == 2


@pytest.mark.parametrize("way", IMAGE_WAYS)
def test_the_ends_of_other_ways_are_the_images(way: str) -> None:
    first, last = morph(way, DIGIT, TWO, [0, 1])
    assert np.array_equal(first, DIGIT)
    assert np.array_equal(last, drawing_to_input(TWO))


def test_a_blend_is_linear() -> None:
    start, end = drawing_to_input(ONE), DIGIT
    for t, image in zip((0.1, 0.5, 0.9), Morph("blend", ONE, DIGIT).images([0.1, 0.5, 0.9]), strict=True):
        assert image == pytest.approx((1 - t) * start + t * end, abs=1e-6)


@pytest.mark.parametrize("way", WAYS)
def test_frames_do_not_depend_on_what_else_is_asked_for(way: str) -> None:
    positions = np.linspace(0, 1, 9)
    images = Morph(way, ONE, TWO).images(positions)
    assert np.array_equal(Morph(way, ONE, TWO).images(positions[::-1])[::-1], images)
    assert np.array_equal(to_images(morph(way, ONE, TWO, [positions[3]])), images[3:4])


@pytest.mark.parametrize("way", WAYS)
def test_every_frame_is_ink(way: str) -> None:
    images = Morph(way, FOUR, TWO).images(np.linspace(0, 1, 17))
    assert images.min() >= 0
    assert images.max() <= 1
    assert (images.sum(axis=(1, 2)) > 20).all()


def test_the_best_way_depends_on_the_ends() -> None:
    assert ways_between(ONE, TWO)[0] == "strokes"
    assert ways_between(ONE, DIGIT)[0] == "transport"
    assert "strokes" not in ways_between(DIGIT, TWO)


def test_a_sweep_keeps_the_strokes_of_drawn_frames() -> None:
    frames = morph("strokes", ONE, TWO, [0, 0.5])
    assert drawings(frames) == tuple(frames)
    assert drawings(morph("blend", ONE, TWO, [0, 0.5])) == (None, None)


@pytest.mark.parametrize(
    ("way", "start", "end", "words"),
    [
        ("teleport", ONE, TWO, "No way is called 'teleport'"),
        ("strokes", ONE, DIGIT, "needs two drawings"),
        ("strokes", [], TWO, "no ink"),
        ("blend", ONE, np.zeros((28, 28), np.float32), "no ink"),
        ("transport", ONE, [stroke([[0.2, 0.2]], erase=True)], "no ink"),
        ("blend", ONE, np.ones((28, 29), np.float32), "28×28"),
        ("blend", ONE, np.full((28, 28), np.nan, np.float32), "from 0 to 1"),
        ("blend", ONE, np.full((28, 28), 1.5, np.float32), "from 0 to 1"),
    ],
)
def test_what_cannot_be_morphed_is_refused(way: str, start: End, end: End, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Morph(way, start, end)


@pytest.mark.parametrize("positions", [[-0.1], [1.1], [np.nan], np.zeros(5000), [[0.5]]])
def test_positions_that_are_not_on_the_way_are_refused(positions: object) -> None:
    with pytest.raises(InputError):
        morph("blend", ONE, TWO, positions)  # type: ignore[arg-type]


def test_the_largest_drawings_can_be_morphed() -> None:
    rng = np.random.default_rng(0)
    many = clean_strokes(
        [rng.random((30, 2)).cumsum(axis=0).astype(np.float32) % 1 * 0.05 for _ in range(500)]
    )
    assert len(morph("strokes", many, TWO, [0.5])[0]) == 500
