"""The way of strokes: closed forms, no jumps, and erasers."""

from __future__ import annotations

import numpy as np
import pytest

from vizapp.inputs import Stroke, clean_strokes, drawing_to_input
from vizapp.inputs.samples import FOUR_NINE, ONE_TWO
from vizapp.inputs.ways.strokes import MAX_KNOTS, Strokes

from ..drawn import curve, stroke

ONE, TWO = ONE_TWO.strokes(0), ONE_TWO.strokes(1)
FOUR = FOUR_NINE.strokes(0)
RUBBED = [*FOUR, stroke([[0.3, 0.45], [0.5, 0.45]], 3, erase=True), stroke([[0.3, 0.3], [0.5, 0.6]], 2)]
RUBBED_TOO = [
    stroke([[0.3, 0.2], [0.7, 0.2]], 3, erase=True),
    *TWO,
    stroke([[0.4, 0.6], [0.6, 0.7]], 4, erase=True),
]
PAIRS = {
    "one stroke each": (ONE, TWO),
    "two and one": (FOUR, TWO),
    "one and two": (ONE, FOUR),
    "an eraser at the start": (RUBBED, TWO),
    "an eraser at the end": (ONE, RUBBED),
    "erasers at both": (RUBBED, RUBBED_TOO),
    "a dot": ([stroke([[0.5, 0.5]], 3)], TWO),
    "dots": ([stroke([[0.5, 0.5]], 3)], [stroke([[0.2, 0.5]]), stroke([[0.8, 0.5]])]),
}


@pytest.mark.parametrize("name", PAIRS)
def test_frames_at_the_ends_are_the_drawings(name: str) -> None:
    start, end = PAIRS[name]
    way = Strokes(start, end)
    for t, drawing in ((0, start), (1, end)):
        # Other points on the same lines: the ink agrees but for the rasteriser's own sampling of the path.
        assert drawing_to_input(way.at(t), False) == pytest.approx(drawing_to_input(drawing, False), abs=0.02)


@pytest.mark.parametrize("name", PAIRS)
def test_nothing_jumps(name: str) -> None:
    start, end = PAIRS[name]
    way = Strokes(start, end)
    low, high = 0.0, 1.0
    for count in (101, 21, 21):
        positions = np.linspace(low, high, count)
        frames = [drawing_to_input(way.at(t), False) for t in positions]
        changes = np.abs(np.diff(frames, axis=0)).max(axis=(1, 2))
        worst = int(changes.argmax())
        low, high = positions[worst], positions[worst + 1]
    # The smallest eraser, half a pixel wide, takes some ink away when it first appears.
    assert changes[worst] < (0.2 if "eraser" in name else 0.03)


def test_points_move_on_straight_lines() -> None:
    start, end = stroke([[0.1, 0.1], [0.5, 0.1]], 2), stroke([[0.5, 0.9], [0.3, 0.5]], 4)
    # Backwards, that moves the points less.
    for second in (end, Stroke(end.points[::-1], 4)):
        (found,) = Strokes([start], [second]).at(0.25)
        assert found.points[[0, -1]] == pytest.approx(np.array([[0.15, 0.2], [0.5, 0.3]]))
    assert (found.width, found.erase) == (2.5, False)


def test_a_moved_drawing_is_moved() -> None:
    start = [curve(), stroke([[0.1, 0.1], [0.2, 0.15]])]
    end = [Stroke(s.points + np.float32([0.1, -0.05]), s.width) for s in reversed(start)]
    found = Strokes(start, end).at(0.5)
    for one, other in zip(
        sorted(found, key=lambda s: s.points[0, 0]), sorted(start, key=lambda s: s.points[0, 0]), strict=True
    ):
        assert one.points[[0, -1]] == pytest.approx(other.points[[0, -1]] + [0.05, -0.025], abs=1e-6)


def test_equal_widths_stay_equal() -> None:
    # Strokes of widths that differ by rounding would be rasterised one by one.
    for t in np.linspace(0, 1, 33):
        assert {s.width for s in Strokes(FOUR, TWO).at(t)} == {2.4}


def test_frames_can_be_put_on_the_pad() -> None:
    for start, end in PAIRS.values():
        way = Strokes(start, end)
        for t in (0.01, 0.3, 0.7, 0.99):
            assert len(clean_strokes(list(way.at(t)))) == len(way.at(t))


def test_an_eraser_without_partner_shrinks() -> None:
    way = Strokes(RUBBED, TWO)
    erasers = [next(s for s in way.at(t) if s.erase) for t in (0.1, 0.5, 1)]
    assert [s.width for s in erasers] == pytest.approx([2.75, 1.75, 0.5])
    assert [np.ptp(s.points, axis=0).max() for s in erasers] == pytest.approx([0.18, 0.1, 0], abs=1e-6)
    # What was drawn after it stays after it.
    assert [s.erase for s in way.at(0.1)].index(True) < len(way.at(0.1)) - 1


def test_many_points_are_thinned() -> None:
    angle = np.linspace(0, 40, 8000)
    spiral = stroke(0.5 + 0.01 * angle[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    (found,) = Strokes([spiral], [Stroke(spiral.points[::-1] * np.float32(0.9))]).at(0.5)
    assert len(found.points) == MAX_KNOTS


def test_hundreds_of_strokes_are_matched() -> None:
    rng = np.random.default_rng(0)
    dots = [stroke(point) for point in rng.random((300, 2))]
    moved = [Stroke(s.points + np.float32(0.001)) for s in dots]
    found = Strokes(dots, moved).at(0.5)
    assert len(found) == 300
    assert np.concatenate([s.points for s in found]) == pytest.approx(
        np.concatenate([s.points for s in dots]) + 0.0005, abs=1e-6
    )
