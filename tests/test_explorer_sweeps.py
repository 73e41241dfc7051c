"""Sweeps in the state: the cursor and the pad, drawing at an end and off the way, by hand, undo."""

from __future__ import annotations

import numpy as np
import pytest

from vizapp.explorer import Drawing, Explorer, LockedError
from vizapp.inputs import Stroke, drawing_to_input
from vizapp.inputs.path import Path
from vizapp.state import dump_state, load_state, make_link, open_link

LINE = np.array([[0.5, 0.2], [0.5, 0.4], [0.5, 0.6], [0.5, 0.8]], np.float32)
BAR = np.array([[0.2, 0.7], [0.8, 0.3]], np.float32)


@pytest.fixture
def explorer() -> Explorer:
    return Explorer(drawing=Drawing((Stroke(LINE),)))


def draw(explorer: Explorer, stroke: int = 1) -> None:
    explorer.pen(stroke, 0, BAR, 2.4, False)


def points(drawing: Drawing | None) -> list[list[list[float]]]:
    assert drawing is not None
    return [stroke.points.tolist() for stroke in drawing.strokes]


def test_a_morph_begins_at_its_start(explorer: Explorer) -> None:
    explorer.morph()
    assert (explorer.sweep, explorer.cursor, explorer.prediction) == ("morph", 0, 1)
    assert points(explorer.drawing) == points(explorer.start)


def test_the_cursor_moves_the_pad_and_the_answer(explorer: Explorer) -> None:
    explorer.morph()
    explorer.cursor = 1.0
    assert explorer.prediction == 2
    assert points(explorer.drawing) == points(explorer.end)
    explorer.cursor = 0.3
    np.testing.assert_array_equal(explorer.image, drawing_to_input(explorer.drawing.strokes))


@pytest.mark.parametrize(("cursor", "name", "other"), [(0.0, "start", "end"), (1.0, "end", "start")])
def test_drawing_at_an_end_changes_that_end(explorer: Explorer, cursor: float, name: str, other: str) -> None:
    explorer.morph()
    explorer.cursor = cursor
    kept = getattr(explorer, other)
    before = explorer.timeline
    draw(explorer)
    assert points(getattr(explorer, name)) == points(explorer.drawing)
    assert points(explorer.drawing)[-1] == BAR.tolist()
    assert getattr(explorer, other) is kept
    assert explorer.cursor == cursor
    assert explorer.timeline is not before


def test_drawing_between_the_ends_leaves_the_way(explorer: Explorer) -> None:
    explorer.morph()
    explorer.cursor = 0.5
    start, end = explorer.start, explorer.end
    frame = points(explorer.drawing)
    draw(explorer)
    assert explorer.cursor is None
    assert (explorer.start, explorer.end) == (start, end)
    # What is on the pad is what was there, and the stroke.
    assert points(explorer.drawing) == [*frame, BAR.tolist()]
    np.testing.assert_array_equal(explorer.image, drawing_to_input(explorer.drawing.strokes))
    explorer.cursor = 0.5
    assert points(explorer.drawing) == frame


def test_undo_brings_the_end_back_and_redo_the_change(explorer: Explorer) -> None:
    explorer.morph()
    before = points(explorer.start)
    draw(explorer)
    after = points(explorer.start)
    explorer.undo()
    assert points(explorer.start) == points(explorer.drawing) == before
    assert explorer.sweep == "morph"
    explorer.redo()
    assert points(explorer.start) == points(explorer.drawing) == after
    explorer.undo()
    explorer.undo()
    assert explorer.sweep is None
    assert points(explorer.drawing) == [LINE.tolist()]


def test_moving_the_cursor_is_no_step_to_undo(explorer: Explorer) -> None:
    explorer.morph()
    for cursor in (0.2, 0.4, 0.9):
        explorer.cursor = cursor
    assert explorer.undoable == "morph"
    explorer.undo()
    assert explorer.sweep is None
    assert points(explorer.drawing) == [LINE.tolist()]


def test_by_hand_every_edit_is_added_to_the_way(explorer: Explorer) -> None:
    explorer.record()
    draw(explorer, 1)
    explorer.pen(2, 0, BAR + 0.1, 2.4, True)
    assert explorer.cursor == 1
    assert points(explorer.start) == [LINE.tolist()]
    assert len(points(explorer.end)) == 3
    explorer.cursor = 0.0
    assert points(explorer.drawing) == [LINE.tolist()]
    explorer.undo()
    assert len(points(explorer.end)) == 2


def test_off_the_way_by_hand_nothing_is_recorded(explorer: Explorer) -> None:
    explorer.record()
    draw(explorer, 1)
    explorer.cursor = None
    draw(explorer, 2)
    assert len(points(explorer.end)) == 2
    assert len(points(explorer.drawing)) == 3


def test_by_hand_who_draws_on_the_way_goes_on_from_there(explorer: Explorer) -> None:
    explorer.record()
    draw(explorer, 1)
    explorer.pen(2, 0, BAR + 0.1, 2.4, False)
    explorer.cursor = 0.0
    explorer.pen(3, 0, BAR - 0.1, 2.4, False)
    assert points(explorer.end) == [LINE.tolist(), (BAR - np.float32(0.1)).tolist()]
    assert explorer.cursor == 1


def test_drawing_in_a_range_changes_what_goes_through_it(explorer: Explorer) -> None:
    explorer.vary("rotation")
    explorer.cursor = 30.0
    before = explorer.timeline
    image = explorer.image
    draw(explorer)
    assert explorer.cursor == 30
    assert explorer.timeline is not before
    assert not np.array_equal(explorer.image, image)
    with pytest.raises(ValueError, match="no range"):
        explorer.vary("sideways")


@pytest.mark.parametrize("name", ["morph", "hand", "rotation"])
def test_the_sweep_ends_and_the_drawing_stays(explorer: Explorer, name: str) -> None:
    {"morph": explorer.morph, "hand": explorer.record}.get(name, lambda: explorer.vary(name))()
    explorer.cursor = 0.3
    drawing = explorer.drawing
    explorer.leave_sweep()
    assert (explorer.sweep, explorer.cursor, explorer.timeline) == (None, None, None)
    assert explorer.drawing is drawing
    np.testing.assert_array_equal(explorer.image, drawing_to_input(drawing.strokes))


@pytest.mark.parametrize("how", ["state", "link"])
def test_another_page_opens_at_the_same_place(explorer: Explorer, how: str) -> None:
    explorer.morph()
    explorer.param.update(way="distance", overlay=True)
    explorer.cursor = 0.25
    other = Explorer()
    if how == "state":
        load_state(other, dump_state(explorer))
    else:
        link = make_link(explorer)
        assert link is not None
        open_link(other, link)
    assert (other.sweep, other.way, other.cursor, other.overlay) == ("morph", "distance", 0.25, True)
    # Links keep points to a fraction of a pixel.
    np.testing.assert_allclose(other.image, explorer.image, atol=0.15)


def test_another_network_stays_at_the_same_place(explorer: Explorer) -> None:
    explorer.morph()
    explorer.cursor = 0.25
    image, timeline = explorer.image, explorer.timeline
    explorer.network = "mlp"
    assert explorer.cursor == 0.25
    assert explorer.timeline is timeline
    np.testing.assert_array_equal(explorer.image, image)


def test_a_person_cannot_move_what_is_locked(explorer: Explorer) -> None:
    explorer.morph()
    explorer.locked = ["cursor"]
    with pytest.raises(LockedError), explorer.by_person():
        explorer.cursor = 0.5
    assert explorer.cursor == 0
    assert points(explorer.drawing) == points(explorer.start)


def test_who_draws_at_an_end_that_is_locked_leaves_the_way(explorer: Explorer) -> None:
    explorer.morph()
    end = explorer.end
    explorer.locked = ["end"]
    explorer.cursor = 1.0
    with explorer.by_person():
        draw(explorer)
    assert explorer.cursor is None
    assert explorer.end == end
    # The other end is free.
    explorer.cursor = 0.0
    with explorer.by_person():
        draw(explorer, 2)
    assert explorer.cursor == 0
    assert points(explorer.start) == points(explorer.drawing)


def test_a_way_by_hand_keeps_its_steps_in_files_and_links() -> None:
    explorer = Explorer()
    line = np.array([[0.2, 0.2], [0.3, 0.3], [0.8, 0.3]], np.float32)
    explorer.pen(1, 0, line, 2.4, False)
    explorer.record()
    for number in range(3):
        explorer.pen(2 + number, 0, line + 0.1 * number, 2.4, erase=number == 2)
    link = make_link(explorer)
    assert link is not None
    for take in (lambda e: load_state(e, dump_state(explorer)), lambda e: open_link(e, link)):
        after = Explorer()
        take(after)
        assert after.timeline is not None
        path = after.timeline.way("hand")
        assert isinstance(path, Path)
        assert [len(version.strokes) for version in path.versions] == [1, 2, 3, 4]


def test_coming_back_to_the_way_can_be_undone(explorer: Explorer) -> None:
    explorer.morph()
    explorer.move(cursor=0.5)
    draw(explorer)
    own = explorer.drawing
    assert explorer.cursor is None
    explorer.move(cursor=0.25)
    assert explorer.undoable == "back to the way"
    explorer.undo()
    assert explorer.cursor is None
    assert explorer.drawing is own
    # Moving along the way is looking around: no step.
    explorer.undo()
    before = explorer.undoable
    explorer.move(cursor=0.75)
    assert explorer.undoable == before
