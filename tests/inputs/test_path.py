"""The way by hand: strokes appear along their length, steps are the versions themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.inputs import InputError, Stroke, drawing_to_input, reference
from vizapp.inputs.path import Path, Version, cut

from .drawn import curve, stroke


@dataclass(frozen=True)
class Drawing:
    strokes: tuple[Stroke, ...] = ()
    image: NDArray[np.float32] | None = None


LINE = stroke([[0.1, 0.1], [0.5, 0.1]], width=2.8)
LONG = stroke([[0.1, 0.3], [0.9, 0.3]], width=2.8)
RUBBER = stroke([[0.3, 0.0], [0.3, 0.4]], 2.8, erase=True)
DIGIT: NDArray[np.float32] = reference()[0][3] / np.float32(255)
EMPTY = Drawing()


def versions(*strokes: Stroke) -> list[Version]:
    return [Drawing(strokes[:count]) for count in range(len(strokes) + 1)]


def strokes_at(path: Path, t: float) -> tuple[Stroke, ...]:
    found = path.at(t)
    return found[0] if isinstance(found, tuple) else found.strokes


def test_steps_are_as_far_apart_as_strokes_are_long() -> None:
    # The pen's width of 0.1 pad widths counts for each: 0.5, 0.9 and 0.5.
    path = Path(versions(LINE, LONG, RUBBER))
    assert path.steps == pytest.approx([0, 0.5 / 1.9, 1.4 / 1.9, 1])


def test_at_its_step_a_version_is_itself() -> None:
    given = versions(curve(), LONG, RUBBER, LINE)
    path = Path(given)
    assert all(path.at(t) is version for t, version in zip(path.steps, given, strict=True))


def test_a_stroke_appears_along_its_length() -> None:
    path = Path(versions(LINE, LONG))
    first, second = strokes_at(path, path.steps[1] + 0.25 * (1 - path.steps[1]))
    assert first is LINE
    assert second.points == pytest.approx(np.array([[0.1, 0.3], [0.3, 0.3]]))
    assert (second.width, second.erase) == (LONG.width, LONG.erase)


def test_an_eraser_does_too() -> None:
    path = Path(versions(LINE, RUBBER))
    *_, last = strokes_at(path, path.steps[1] + 0.5 * (1 - path.steps[1]))
    assert last.erase
    assert last.points == pytest.approx(np.array([[0.3, 0.0], [0.3, 0.2]]))


def test_strokes_that_came_at_once_appear_one_after_the_other() -> None:
    path = Path([EMPTY, Drawing((LINE, LONG))])
    assert len(strokes_at(path, 0.3)) == 1
    assert len(strokes_at(path, 0.5)) == 2


def test_what_was_cleared_goes_at_once() -> None:
    path = Path([Drawing((LINE, LONG)), EMPTY, Drawing((RUBBER,))])
    assert strokes_at(path, 0) == (LINE, LONG)
    assert strokes_at(path, 1e-6) == ()
    assert strokes_at(path, path.steps[1]) == ()
    assert len(strokes_at(path, 1)) == 1


def test_strokes_after_another_beginning_are_drawn_anew() -> None:
    sample = Drawing((curve(),))
    path = Path([sample, Drawing((LINE,))])
    (found,) = strokes_at(path, 0.5)
    assert found.points == pytest.approx(np.array([[0.1, 0.1], [0.3, 0.1]]))


def test_equal_strokes_that_were_read_again_stay() -> None:
    copy = Stroke(LINE.points.copy(), LINE.width)
    path = Path([Drawing((LINE,)), Drawing((copy, LONG))])
    assert strokes_at(path, 0.01)[0] is copy
    assert len(strokes_at(path, 0.01)) == 2


def test_edits_over_an_image_are_images() -> None:
    rubbed = Drawing((RUBBER,), DIGIT)
    frames = Path([Drawing((), DIGIT), rubbed]).frames([0, 0.5, 1])
    assert np.array_equal(frames[0], drawing_to_input((), True, DIGIT))
    assert np.array_equal(frames[2], drawing_to_input((RUBBER,), True, DIGIT))
    assert np.array_equal(frames[1], drawing_to_input((cut(RUBBER, 0.5),), True, DIGIT))


def test_loading_an_image_is_a_step_of_its_own() -> None:
    path = Path([Drawing((LINE,)), Drawing((), DIGIT), Drawing((), DIGIT.copy()), Drawing((LINE,), DIGIT)])
    assert (np.diff(path.steps) > 0).all()
    found = path.at(path.steps[1] / 2)
    assert isinstance(found, tuple)
    assert found[0] == ()
    assert found[1] is DIGIT


def test_frames_are_those_of_any_positions() -> None:
    path = Path(versions(curve(), LONG))
    frames = path.frames(np.linspace(0, 1, 17))
    assert frames[0] == ()
    assert all(isinstance(frame, tuple) for frame in frames)
    length = [sum(len(s.points) for s in frame) for frame in frames if isinstance(frame, tuple)]
    assert length == sorted(length)


def test_a_dot_is_there_at_once() -> None:
    dot = stroke([[0.5, 0.5]])
    assert cut(dot, 0.01).points == pytest.approx(np.array([[0.5, 0.5]]))
    assert cut(LONG, 0).points == pytest.approx(np.array([[0.1, 0.3]]))
    assert cut(LONG, 1) is LONG


@pytest.mark.parametrize("few", [[], [EMPTY]])
def test_without_edits_there_is_no_way(few: list[Version]) -> None:
    with pytest.raises(InputError, match="no edits"):
        Path(few)


@pytest.mark.parametrize("t", [-0.1, 1.1, float("nan")])
def test_outside_of_the_way_is_nothing(t: float) -> None:
    with pytest.raises(InputError, match="from 0 to 1"):
        Path(versions(LINE)).at(t)
