"""Undo, redo and locks of the whole state, through the Explorer."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from vizapp.explorer import Drawing, Explorer, LockedError
from vizapp.history import MOST
from vizapp.inputs import Stroke
from vizapp.state import ENTRIES, LOCKABLE, TABLE

from .states import ONE, SEVEN, everything, picture


def values(explorer: Explorer) -> dict[str, Any]:
    return {entry.name: getattr(explorer, entry.name) for entry in TABLE}


def undoable_values(explorer: Explorer) -> dict[str, Any]:
    return {name: value for name, value in values(explorer).items() if ENTRIES[name].undoable}


@pytest.fixture
def explorer() -> Explorer:
    return Explorer(drawing=Drawing((Stroke(SEVEN),)))


CHANGES: dict[str, Callable[[Explorer], object]] = {
    "stroke": lambda e: e.pen(random.randrange(10**9), 0, ONE, 2.4, False),
    "eraser stroke": lambda e: e.pen(random.randrange(10**9), 0, ONE, 6.0, True),
    "clear": lambda e: (e.draw([SEVEN.tolist()]), e.clear()),
    "image": lambda e: e.load_image(picture(random.randrange(50))),
    "network": lambda e: setattr(e, "network", "mlp" if e.network == "cnn" else "cnn"),
    "fit and centre": lambda e: setattr(e, "normalise", not e.normalise),
    "lens": lambda e: setattr(e, "lens", "evidence" if e.lens != "evidence" else "count"),
    "class": lambda e: setattr(e, "for_class", ((e.for_class or 0) + 1) % 10),
    "layer": lambda e: setattr(e, "into", "fc1" if e.into != "fc1" else "fc2"),
    "layers shown": lambda e: setattr(e, "hidden", [] if e.hidden else ["fc1"]),
    "selection": lambda e: e.select(random.sample(range(1000), 3)),
    "pins": lambda e: setattr(e, "pins", random.sample(range(1000), 2)),
    "reference drawing": lambda e: setattr(e, "reference", Drawing((Stroke(ONE),))),
}


@pytest.mark.parametrize("title", CHANGES)
def test_a_step_is_called_by_what_it_changes(explorer: Explorer, title: str) -> None:
    before = values(explorer)
    CHANGES[title](explorer)
    assert explorer.undoable == title
    explorer.undo()
    if title == "clear":
        # It was preceded by a drawing.
        explorer.undo()
    assert values(explorer) == before
    assert explorer.undoable is None


@pytest.mark.parametrize("seed", range(6))
def test_back_and_forth_through_whatever_was_done_loses_nothing(explorer: Explorer, seed: int) -> None:
    random.seed(seed)
    states = [undoable_values(explorer)]
    traces = [explorer.trace.activation.copy()]
    for _ in range(40):
        CHANGES[random.choice([name for name in CHANGES if name != "clear"])](explorer)
        states.append(undoable_values(explorer))
        traces.append(explorer.trace.activation.copy())
    for state, trace in zip(states[-2::-1], traces[-2::-1], strict=True):
        explorer.undo()
        assert undoable_values(explorer) == state
        np.testing.assert_array_equal(explorer.trace.activation, trace)
    assert not explorer.can_undo
    for state, trace in zip(states[1:], traces[1:], strict=True):
        explorer.redo()
        assert undoable_values(explorer) == state
        np.testing.assert_array_equal(explorer.trace.activation, trace)
    assert not explorer.can_redo


def test_undoing_a_change_of_the_network_brings_its_nodes_and_layers_back(explorer: Explorer) -> None:
    explorer.param.update(
        selection=[9000, 3], pins=[7], hidden=["conv1"], into="conv2", walk="forward", step=3
    )
    before = values(explorer)
    explorer.focus = 8000
    explorer.network = "mlp"
    assert (explorer.selection, explorer.walk) == ([], None)
    explorer.undo()
    assert values(explorer) == before
    # The pointer is somewhere else by now.
    assert explorer.focus is None
    explorer.redo()
    assert (explorer.network, explorer.selection, explorer.hidden) == ("mlp", [], [])


def test_a_slider_is_one_step_however_often_it_moved(explorer: Explorer) -> None:
    explorer.lens = "evidence"
    for kept in (0.81, 0.85, 0.9, 0.95):
        explorer.kept = kept
    explorer.undo()
    assert (explorer.kept, explorer.lens) == (0.8, "evidence")
    explorer.redo()
    assert explorer.kept == 0.95
    explorer.strongest = 100
    explorer.kept = 0.6
    explorer.undo()
    assert (explorer.kept, explorer.strongest) == (0.95, 100)


def test_a_stroke_is_one_step_and_two_are_two(explorer: Explorer) -> None:
    for stroke in (1, 2):
        for start in range(len(SEVEN)):
            explorer.pen(stroke, start, SEVEN[start : start + 1], 2.4, False)
    assert len(explorer.drawing.strokes) == 3
    explorer.undo()
    assert len(explorer.drawing.strokes) == 2
    explorer.undo()
    assert len(explorer.drawing.strokes) == 1
    assert not explorer.can_undo
    explorer.redo()
    explorer.redo()
    np.testing.assert_array_equal(explorer.drawing.strokes[2].points, SEVEN)


def test_a_setting_in_the_middle_of_a_stroke_does_not_cut_it(explorer: Explorer) -> None:
    explorer.pen(1, 0, SEVEN[:1], 2.4, False)
    explorer.lens = "count"
    explorer.pen(1, 1, SEVEN[1:], 2.4, False)
    np.testing.assert_array_equal(explorer.drawing.strokes[1].points, SEVEN)
    for _ in range(3):
        explorer.undo()
    assert len(explorer.drawing.strokes) == 1
    assert explorer.lens == "contribution"


def test_what_follows_from_a_change_belongs_to_its_step(explorer: Explorer) -> None:
    """As a walk does, which selects what answers most, whatever is drawn."""
    explorer.param.watch(lambda _: setattr(explorer, "selection", [len(explorer.drawing.strokes)]), "trace")
    for start in range(3):
        explorer.pen(1, start, SEVEN[start : start + 1], 2.4, False)
    assert explorer.selection == [2]
    assert explorer.undoable == "stroke"
    explorer.undo()
    assert not explorer.can_undo


def test_looking_around_is_no_step(explorer: Explorer) -> None:
    explorer.lens = "count"
    explorer.param.update(walk="forward", step=0, selection=[1, 2])
    for step in range(1, 6):
        explorer.param.update(step=step, selection=[step])
    explorer.focus = 7
    explorer.param.update(walk=None, step=0, selection=[])
    assert explorer.undoable == "lens"


def test_undoing_leaves_alone_what_was_looked_at_since(explorer: Explorer) -> None:
    explorer.lens = "count"
    explorer.param.update(walk="forward", step=2, selection=[5])
    explorer.undo()
    assert (explorer.lens, explorer.walk, explorer.step, explorer.selection) == (
        "contribution",
        "forward",
        2,
        [5],
    )


def test_setting_what_is_set_already_is_no_step(explorer: Explorer) -> None:
    explorer.param.update(network="cnn", selection=[], kept=0.8)
    explorer.clear()
    explorer.undo()
    explorer.select([])
    assert explorer.redoable == "clear"


def test_memory_is_bounded() -> None:
    explorer = Explorer()
    dense = np.linspace(0, 1, 10_000, dtype=np.float32)
    for round in range(60):
        explorer.draw([np.stack([dense, np.full_like(dense, round / 60)], axis=1)])
        explorer.select(range(round, 9000))
    history = explorer._undo.history
    assert sum(step.weight for step in history._past) <= MOST
    held = {
        id(s.points): s.points.nbytes
        for step in history._past
        for s in step.after.get("drawing", Drawing()).strokes
    }
    assert sum(held.values()) <= MOST


def test_restoring_is_all_or_nothing(explorer: Explorer) -> None:
    before = values(explorer)
    told: list[str] = []
    explorer.param.watch(
        lambda *events: told.extend(event.name for event in events), ["network", "lens", "trace"]
    )
    state = values(everything())
    for name, value in (("lens", "x-ray"), ("step", -1), ("pins", list(range(9))), ("drawing", "a text")):
        with pytest.raises((ValueError, TypeError)):
            explorer.restore({**state, name: value}, "opened link")
        assert values(explorer) == before
    assert explorer.undoable is None


# Locks


CHANGED: dict[str, Callable[[Explorer], object]] = {
    "network": lambda e: setattr(e, "network", "mlp"),
    "drawing": lambda e: e.pen(1, 0, ONE, 2.4, False),
    "normalise": lambda e: setattr(e, "normalise", False),
    "scale": lambda e: setattr(e, "scale", "map"),
    "panes": lambda e: setattr(e, "panes", "flat"),
    "lens": lambda e: setattr(e, "lens", "count"),
    "for_class": lambda e: setattr(e, "for_class", 3),
    "against_class": lambda e: setattr(e, "against_class", 3),
    "transfer": lambda e: setattr(e, "transfer", "linear"),
    "into": lambda e: setattr(e, "into", "fc1"),
    "sign": lambda e: setattr(e, "sign", "positive"),
    "strongest": lambda e: setattr(e, "strongest", 10),
    "touching": lambda e: setattr(e, "touching", True),
    "tracing": lambda e: setattr(e, "tracing", True),
    "kept": lambda e: setattr(e, "kept", 0.9),
    "hidden": lambda e: setattr(e, "hidden", ["fc1"]),
    "selection": lambda e: e.select([4]),
    "pins": lambda e: setattr(e, "pins", [4]),
    "reference": lambda e: setattr(e, "reference", e.drawing),
    "difference": lambda e: setattr(e, "difference", True),
    "walk": lambda e: e.param.update(step=1, walk="forward"),
    "walk_node": lambda e: setattr(e, "walk_node", 3),
    "step": lambda e: setattr(e, "step", 1),
    "sweep": lambda e: e.vary("rotation"),
    "start": lambda e: setattr(e, "start", e.drawing),
    "end": lambda e: setattr(e, "end", e.drawing),
    "way": lambda e: setattr(e, "way", "blend"),
    "ways": lambda e: setattr(e, "ways", ["blend"]),
    "cursor": lambda e: setattr(e, "cursor", 0.5),
    "overlay": lambda e: setattr(e, "overlay", True),
    "crossed": lambda e: setattr(e, "crossed", "x"),
    "across": lambda e: setattr(e, "across", 1.0),
    "chart": lambda e: setattr(e, "chart", "map"),
    "aside": lambda e: setattr(e, "aside", "map"),
    "coverage": lambda e: setattr(e, "coverage", "98 %"),
    "pad_shows": lambda e: setattr(e, "pad_shows", "flip"),
    "projection": lambda e: setattr(e, "projection", "lda"),
    "map_colour": lambda e: setattr(e, "map_colour", "error"),
}


def test_all_that_can_be_locked_is_tested() -> None:
    assert set(CHANGED) == set(LOCKABLE) == {entry.name for entry in TABLE} - {"locked"}


@pytest.mark.parametrize("name", CHANGED)
def test_what_is_locked_the_person_cannot_change_and_everybody_else_can(
    explorer: Explorer, name: str
) -> None:
    explorer.locked = [name]
    before, undoable = values(explorer), explorer.undoable
    with pytest.raises(LockedError, match="locks"), explorer.by_person():
        CHANGED[name](explorer)
    assert values(explorer) == before
    assert explorer.undoable == undoable
    CHANGED[name](explorer)
    assert values(explorer) != before


@pytest.mark.parametrize("name", CHANGED)
def test_everything_else_can_be_changed(explorer: Explorer, name: str) -> None:
    explorer.locked = [
        other for other in LOCKABLE if other != name and not (name == "walk" and other == "step")
    ]
    with explorer.by_person():
        CHANGED[name](explorer)


def test_every_way_to_change_the_drawing_is_locked(explorer: Explorer) -> None:
    explorer.locked = ["drawing"]
    drawing = explorer.drawing
    ways: list[Callable[[], object]] = [
        explorer.clear,
        lambda: explorer.load_image(picture()),
        lambda: explorer.draw([[[0, 0], [1, 1]]]),
        lambda: explorer.pen(1, 0, ONE, 6.0, True),
    ]
    for way in ways:
        with pytest.raises(LockedError), explorer.by_person():
            way()
        assert explorer.drawing is drawing


def test_what_is_refused_is_refused_as_a_whole(explorer: Explorer) -> None:
    explorer.locked = ["difference"]
    explorer.reference = explorer.drawing
    explorer.difference = True
    seen: list[object] = []
    explorer.param.watch(lambda event: seen.append(event.new), "reference")
    with pytest.raises(LockedError), explorer.by_person():
        explorer.param.update(reference=None, difference=False)
    assert explorer.reference is explorer.drawing
    assert all(value is explorer.drawing for value in seen)


def test_what_follows_from_a_change_is_not_held_up(explorer: Explorer) -> None:
    explorer.selection = [9000]
    explorer.locked = ["selection"]
    with explorer.by_person():
        explorer.network = "mlp"
    assert explorer.selection == []
    with explorer.by_person():
        explorer.undo()
    assert explorer.selection == [9000]


def test_what_is_opened_brings_its_own_locks(explorer: Explorer) -> None:
    explorer.locked = ["drawing", "network"]
    with explorer.by_person():
        explorer.restore({**values(everything()), "locked": ["lens"]}, "opened link")
        explorer.clear()
    assert explorer.network == "mlp"
    with pytest.raises(LockedError), explorer.by_person():
        explorer.lens = "count"
