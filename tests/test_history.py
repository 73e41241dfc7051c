"""Undo and redo against a plain model: a list of states and a finger in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vizapp import history as module
from vizapp.history import LIMIT, History, Step

STEPS = st.lists(st.one_of(st.integers(0, 9), st.sampled_from(["undo", "redo"])), max_size=60)


def change(before: int, after: int, key: object = None, weight: int = 0) -> Step:
    return Step(f"to {after}", {"a": before}, {"a": after}, key, weight)  # type: ignore[arg-type]


@given(STEPS)
def test_behaves_like_a_list_with_a_finger_in_it(steps: list[int | str]) -> None:
    history, line, at, present = History(), [-1], 0, -1
    for step in steps:
        if step == "undo":
            at = max(0, at - 1)
            undone = history.undo()
            present = present if undone is None else undone.before["a"]
        elif step == "redo":
            at = min(len(line) - 1, at + 1)
            redone = history.redo()
            present = present if redone is None else redone.after["a"]
        else:
            assert isinstance(step, int)
            line, at = [*line[: at + 1], step], at + 1
            history.push(change(present, step))
            present = step
        assert present == line[at]
        assert history.undoable == (f"to {line[at]}" if at > 0 else None)
        assert history.redoable == (f"to {line[at + 1]}" if at < len(line) - 1 else None)


def test_nothing_to_undo_or_redo() -> None:
    history = History()
    assert history.undo() is history.redo() is history.undoable is history.redoable is None


def test_steps_of_the_same_key_in_a_row_are_one() -> None:
    history = History()
    history.push(change(0, 1))
    for after in (2, 3, 4):
        history.push(change(after - 1, after, "slider"))
    step = history.undo()
    assert step is not None
    assert (step.before, step.after) == ({"a": 1}, {"a": 4})
    assert history.undoable == "to 1"


def test_steps_that_were_undone_are_not_continued() -> None:
    history = History()
    history.push(change(0, 1, "slider"))
    history.push(change(1, 2, "other"))
    history.undo()
    history.push(change(1, 5, "slider"))
    step = history.undo()
    assert step is not None
    assert step.before == {"a": 1}
    assert history.undoable == "to 1"


def test_one_step_keeps_what_either_of_its_parts_changed() -> None:
    history = History()
    history.push(Step("", {"a": 0}, {"a": 1}, "k"))
    history.push(Step("", {"a": 1, "b": 7}, {"a": 2, "b": 8}, "k"))
    step = history.undo()
    assert step is not None
    assert (step.before, step.after) == ({"a": 0, "b": 7}, {"a": 2, "b": 8})


def test_the_past_is_bounded_and_its_newest_part_is_kept() -> None:
    history = History()
    for value in range(1, 2 * LIMIT + 1):
        history.push(change(value - 1, value))
    undone = []
    while (step := history.undo()) is not None:
        undone.append(step.after["a"])
    assert undone == list(range(2 * LIMIT, LIMIT, -1))


def test_the_memory_is_bounded_and_the_newest_step_is_always_kept() -> None:
    history = History()
    for value in range(1, 11):
        history.push(change(value - 1, value, weight=module.MOST // 4))
    assert sum(1 for _ in iter(history.undo, None)) == 4
    history.push(change(0, 1, weight=2 * module.MOST))
    assert history.undo() is not None
