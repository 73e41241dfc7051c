"""Drawings in links: the answers stay what they were, and no more is kept than that takes."""

from __future__ import annotations

import numpy as np
import param
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizapp import nets
from vizapp.explorer import Drawing
from vizapp.inputs import SAMPLES, InputError, Stroke, clean_strokes, drawing_to_input
from vizapp.state.codecs import Place
from vizapp.state.ink import PROMISE, Ink

from .states import SEVEN, picture

PLACE = Place(param.Parameter(), nets.load("cnn"))


def through_a_link(drawing: Drawing, rough: bool = False) -> Drawing:
    ink = Ink()
    found = ink.unpack(ink.pack(drawing, rough), PLACE)
    assert found is not None
    return found


def answers(drawing: Drawing) -> np.ndarray:
    """Probabilities, by the networks and by fitting or not."""
    return np.array(
        [
            nets.load(name).forward(drawing_to_input(drawing.strokes, fitted, drawing.image)).probabilities[0]
            for name in nets.names()
            for fitted in (True, False)
        ]
    )


def shaken(strokes: list[Stroke], seed: int) -> Drawing:
    """As a hand draws: points that lie on no grid, more of them than a path needs."""
    rng = np.random.default_rng(seed)
    found = []
    for stroke in strokes:
        at = np.linspace(0, len(stroke.points) - 1, 4 * len(stroke.points))
        points = np.stack(
            [np.interp(at, np.arange(len(stroke.points)), stroke.points[:, k]) for k in (0, 1)], 1
        )
        tremble = np.cumsum(rng.normal(0, 3e-4, points.shape), axis=0)
        found.append(Stroke((points + tremble).astype(np.float32), float(rng.uniform(2, 3))))
    return Drawing(tuple(found))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_samples_are_answered_as_before(sample: object) -> None:
    drawing = Drawing(tuple(sample.strokes))  # type: ignore[attr-defined]
    assert abs(answers(through_a_link(drawing)) - answers(drawing)).max() <= PROMISE


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("number", range(len(SAMPLES)))
def test_what_a_hand_draws_is_answered_as_before(number: int, seed: int) -> None:
    drawing = shaken(SAMPLES[number].strokes, seed)
    assert abs(answers(through_a_link(drawing)) - answers(drawing)).max() <= PROMISE


def test_what_a_hand_draws_is_short() -> None:
    sizes = [len(Ink().pack(shaken(sample.strokes, seed))) for sample in SAMPLES for seed in range(4)]
    assert np.median(sizes) < 250


@pytest.mark.parametrize("seed", range(4))
def test_strokes_over_an_image_and_an_eraser_are_answered_as_before(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cut = Stroke(rng.uniform(0.2, 0.8, (4, 2)).astype(np.float32), 6.0, erase=True)
    drawing = Drawing((*shaken(SAMPLES[seed].strokes, seed).strokes, cut), picture(seed))
    assert abs(answers(through_a_link(drawing)) - answers(drawing)).max() <= PROMISE


def test_opening_and_sharing_again_changes_nothing_more() -> None:
    for number, sample in enumerate(SAMPLES):
        # What could not be simplified the first time may be the second, being another drawing.
        once = through_a_link(through_a_link(shaken(sample.strokes, number)))
        twice = through_a_link(once)
        for a, b in zip(once.strokes, twice.strokes, strict=True):
            np.testing.assert_array_equal(a.points, b.points)


def test_a_slow_pens_many_points_take_no_room() -> None:
    line = np.stack([np.linspace(0.2, 0.8, 3000), np.linspace(0.3, 0.7, 3000)], axis=1).astype(np.float32)
    assert len(Ink().pack(Drawing((Stroke(line),)))) < 60


def test_more_ink_than_can_be_tried_out_is_kept_as_it_is() -> None:
    rng = np.random.default_rng(0)
    drawing = Drawing((Stroke(rng.random((200, 2), np.float32)),))
    (stroke,) = through_a_link(drawing).strokes
    np.testing.assert_allclose(stroke.points, drawing.strokes[0].points, atol=1e-4)


def test_flags_width_and_dots_come_back() -> None:
    dot = Stroke(np.array([[0.5, 0.5]], np.float32), 6.25, erase=True)
    found = through_a_link(Drawing((Stroke(SEVEN), dot), sample=True))
    assert [(len(s.points), s.width, s.erase) for s in found.strokes] == [(3, 2.4, False), (1, 6.25, True)]
    assert found.sample


def test_no_reference_is_no_drawing() -> None:
    optional = Place(param.Parameter(allow_None=True), PLACE.net)
    ink = Ink()
    assert ink.unpack(ink.pack(None), optional) is None
    assert ink.from_json(ink.to_json(None), optional) is None


COORDINATES = st.floats(-1, 2, width=32)


@given(st.lists(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=12), max_size=5))
def test_any_drawing_comes_back(points: list[list[tuple[float, float]]]) -> None:
    try:
        drawing = Drawing(tuple(clean_strokes([[list(point) for point in stroke] for stroke in points])))
    except InputError:
        return
    found = through_a_link(drawing)
    assert len(found.strokes) == len(drawing.strokes)
    for a, b in zip(found.strokes, drawing.strokes, strict=True):
        np.testing.assert_allclose(a.points[[0, -1]], b.points[[0, -1]], atol=3e-4)
        np.testing.assert_allclose(a.points.min(axis=0), b.points.min(axis=0), atol=2.6e-3)
        np.testing.assert_allclose(a.points.max(axis=0), b.points.max(axis=0), atol=2.6e-3)
