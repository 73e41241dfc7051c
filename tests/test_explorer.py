"""The session's state: what a pen, a reload and a hostile page can do to it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vizapp import nets
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import InputError, Stroke, drawing_to_input
from vizapp.inputs.strokes import MAX_POINTS, MAX_STROKES

ONE = np.array([[0.5, 0.2], [0.5, 0.4], [0.5, 0.6], [0.5, 0.8]], np.float32)
BAR = np.array([[0.3, 0.5], [0.7, 0.5]], np.float32)


@pytest.fixture
def explorer() -> Explorer:
    return Explorer()


def draw(explorer: Explorer, points: np.ndarray, stroke: int = 1, erase: bool = False) -> None:
    explorer.pen(stroke, 0, points, 2.4, erase)


def test_starts_empty_and_claims_no_answer(explorer: Explorer) -> None:
    assert explorer.empty
    assert explorer.prediction is None
    assert not explorer.can_undo
    assert not explorer.can_redo


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize("normalise", [True, False])
def test_the_trace_is_the_networks_answer_to_the_drawing(name: str, normalise: bool) -> None:
    explorer = Explorer(network=name, normalise=normalise)
    draw(explorer, ONE)
    image = drawing_to_input([Stroke(ONE)], normalise)
    np.testing.assert_array_equal(explorer.image, image)
    np.testing.assert_array_equal(explorer.trace.activation, nets.load(name).forward(image).activation)
    assert explorer.prediction == nets.load(name).forward(image).probabilities.argmax()


def test_every_setting_that_matters_brings_a_new_trace(explorer: Explorer) -> None:
    # Off centre, so that fitting and centring changes it.
    draw(explorer, ONE * 0.5)
    seen = []
    explorer.param.watch(lambda event: seen.append(event.new.network.name), "trace")
    fitted = explorer.image
    explorer.normalise = False
    assert not np.array_equal(explorer.image, fitted)
    explorer.network = "mlp"
    explorer.clear()
    assert seen == ["cnn", "mlp", "mlp"]


def test_changing_the_network_keeps_the_drawing_and_forgets_the_nodes(explorer: Explorer) -> None:
    draw(explorer, ONE)
    drawing = explorer.drawing
    explorer.param.update(focus=9000, selection=[9000, 3], hidden=["conv1"])
    explorer.network = "mlp"
    assert explorer.drawing is drawing
    assert (explorer.focus, explorer.selection, explorer.hidden) == (None, [], [])
    assert not explorer.can_redo


def test_a_stroke_grows_message_by_message_into_the_stroke_drawn_at_once(explorer: Explorer) -> None:
    for start in range(4):
        explorer.pen(1, start, ONE[start : start + 1], 3.0, False)
    (stroke,) = explorer.drawing.strokes
    np.testing.assert_array_equal(stroke.points, ONE)
    assert stroke.width == 3.0
    explorer.undo()
    assert explorer.empty


def test_repeating_a_message_changes_nothing(explorer: Explorer) -> None:
    explorer.pen(1, 0, ONE[:3], 2.4, False)
    for _ in range(3):
        explorer.pen(1, 2, ONE[2:], 2.4, False)
    np.testing.assert_array_equal(explorer.drawing.strokes[0].points, ONE)
    assert len(explorer.drawing.strokes) == 1


def test_a_message_without_points_changes_nothing(explorer: Explorer) -> None:
    none = np.empty((0, 2), np.float32)
    explorer.pen(1, 0, none, 2.4, False)
    assert explorer.empty
    assert not explorer.can_undo
    draw(explorer, ONE, 2)
    explorer.pen(2, 4, none, 2.4, False)
    np.testing.assert_array_equal(explorer.drawing.strokes[0].points, ONE)


def test_a_tap_is_a_dot(explorer: Explorer) -> None:
    explorer.pen(1, 0, ONE[:1], 2.4, False)
    assert not explorer.empty
    assert explorer.image.max() > 0.5


def test_a_stroke_keeps_what_is_outside_the_pad(explorer: Explorer) -> None:
    away = np.array([[0.5, 0.5], [1.4, 0.5], [0.5, 0.7]], np.float32)
    draw(explorer, away)
    (stroke,) = explorer.drawing.strokes
    np.testing.assert_array_equal(stroke.points, away)


@pytest.mark.parametrize("begin", [lambda e: draw(e, ONE), lambda e: e.clear()], ids=["stroke", "clear"])
def test_the_sample_makes_way(begin: Callable[[Explorer], None]) -> None:
    explorer = Explorer(drawing=Drawing((Stroke(BAR),), sample=True))
    begin(explorer)
    assert not any(np.array_equal(stroke.points, BAR) for stroke in explorer.drawing.strokes)
    assert not explorer.drawing.sample


def test_strokes_are_added_to_a_loaded_image(explorer: Explorer) -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[4:24, 4:8] = 1
    explorer.load_image(picture)
    draw(explorer, ONE)
    assert explorer.drawing.image is picture or np.array_equal(explorer.drawing.image, picture)
    explorer.normalise = False
    assert explorer.image[14, 5] > 0.9
    assert explorer.image[14, 14] > 0.9


def test_the_eraser_takes_ink_away(explorer: Explorer) -> None:
    explorer.normalise = False
    draw(explorer, ONE)
    before = explorer.image.sum()
    draw(explorer, ONE[:2], 2, erase=True)
    assert 0 < explorer.image.sum() < before


def test_erasing_everything_leaves_an_empty_pad(explorer: Explorer) -> None:
    draw(explorer, ONE)
    explorer.pen(2, 0, ONE, 6.0, True)
    assert explorer.image.max() == 0
    assert explorer.empty
    assert explorer.prediction is None


def test_undo_and_redo_go_through_everything_that_was_done(explorer: Explorer) -> None:
    drawings = [explorer.drawing]
    for step in (
        lambda: draw(explorer, ONE, 1),
        lambda: draw(explorer, BAR, 2),
        lambda: draw(explorer, BAR, 3, erase=True),
        explorer.clear,
        lambda: explorer.load_image(np.full((28, 28), 0.5, np.float32)),
        lambda: explorer.draw([ONE.tolist()]),
    ):
        step()
        drawings.append(explorer.drawing)
    for drawing in drawings[-2::-1]:
        explorer.undo()
        assert explorer.drawing is drawing
    assert not explorer.can_undo
    for drawing in drawings[1:]:
        explorer.redo()
        assert explorer.drawing is drawing
    assert not explorer.can_redo


def test_after_undo_a_late_message_of_the_stroke_does_not_touch_the_others(explorer: Explorer) -> None:
    draw(explorer, ONE, 1)
    explorer.pen(2, 0, BAR[:1], 2.4, False)
    explorer.undo()
    explorer.pen(2, 1, BAR[1:], 2.4, False)
    np.testing.assert_array_equal(explorer.drawing.strokes[0].points, ONE)


def test_a_late_message_does_not_touch_a_drawing_that_was_set(explorer: Explorer) -> None:
    draw(explorer, ONE, 1)
    explorer.drawing = Drawing((Stroke(BAR),))
    explorer.pen(1, 4, ONE[:1], 2.4, False)
    np.testing.assert_array_equal(explorer.drawing.strokes[0].points, BAR)


def test_clearing_an_empty_pad_is_no_step(explorer: Explorer) -> None:
    explorer.clear()
    assert not explorer.can_undo


def bad_pens() -> dict[str, tuple[object, ...]]:
    return {
        "nan": (1, 0, np.full((2, 2), np.nan, np.float32), 2.4, False),
        "inf": (1, 0, np.full((2, 2), np.inf, np.float32), 2.4, False),
        "width": (1, 0, ONE, 1e9, False),
        "nan width": (1, 0, ONE, float("nan"), False),
        "many": (1, 0, np.zeros((MAX_POINTS + 1, 2), np.float32), 2.4, False),
    }


@pytest.mark.parametrize("message", bad_pens().values(), ids=bad_pens().keys())
def test_bad_points_are_refused_and_leave_everything_as_it_was(
    explorer: Explorer, message: tuple[object, ...]
) -> None:
    draw(explorer, BAR, 7)
    drawing, trace = explorer.drawing, explorer.trace
    with pytest.raises(InputError):
        explorer.pen(*message)  # type: ignore[arg-type]
    assert explorer.drawing is drawing
    assert explorer.trace is trace
    explorer.undo()
    assert explorer.empty


def test_a_drawing_has_an_end(explorer: Explorer) -> None:
    dot = ONE[:1]
    for stroke in range(1, MAX_STROKES + 1):
        explorer.pen(stroke, 0, dot, 2.4, False)
    with pytest.raises(InputError, match="full"):
        explorer.pen(MAX_STROKES + 1, 0, dot, 2.4, False)
    assert len(explorer.drawing.strokes) == MAX_STROKES
    explorer.undo()
    explorer.pen(MAX_STROKES + 2, 0, dot, 2.4, False)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((27, 28), np.float32),
        np.full((28, 28), np.nan, np.float32),
        np.full((28, 28), 1.01, np.float32),
        np.full((28, 28), -0.01, np.float32),
        np.zeros((28, 28, 3), np.float32),
    ],
    ids=["shape", "nan", "above one", "below zero", "colours"],
)
def test_a_bad_image_is_refused(explorer: Explorer, image: np.ndarray) -> None:
    draw(explorer, ONE)
    drawing = explorer.drawing
    with pytest.raises(InputError, match="28×28"):
        explorer.load_image(image)
    assert explorer.drawing is drawing


def test_two_explorers_share_nothing_that_changes() -> None:
    a, b = Explorer(), Explorer()
    draw(a, ONE)
    a.hidden.append("conv1")
    a.selection.append(3)
    assert b.empty
    assert b.hidden == []
    assert b.selection == []
    assert b.trace is not a.trace
    assert a.net is Explorer().net
