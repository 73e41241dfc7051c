"""Undo and redo against a plain model: a list and a finger in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vizapp.history import LIMIT, History

STEPS = st.lists(st.one_of(st.integers(0, 9), st.sampled_from(["undo", "redo"])), max_size=60)


@given(STEPS)
def test_behaves_like_a_list_with_a_finger_in_it(steps: list[int | str]) -> None:
    history, line, at = History(-1), [-1], 0
    for step in steps:
        if step == "undo":
            at = max(0, at - 1)
            assert history.undo() == line[at]
        elif step == "redo":
            at = min(len(line) - 1, at + 1)
            assert history.redo() == line[at]
        else:
            line, at = [*line[: at + 1], step], at + 1
            history.push(step)
        assert history.present == line[at]
        assert history.can_undo == (at > 0)
        assert history.can_redo == (at < len(line) - 1)


def test_nothing_to_undo_or_redo_leaves_the_present() -> None:
    history = History("only")
    assert history.undo() == history.redo() == history.present == "only"


def test_replacing_adds_no_step() -> None:
    history = History("blank")
    history.push("dot")
    history.replace("line")
    history.replace("longer line")
    assert history.undo() == "blank"
    assert history.redo() == "longer line"


def test_the_past_is_bounded_and_its_newest_part_is_kept() -> None:
    history = History(0)
    for value in range(1, 2 * LIMIT + 1):
        history.push(value)
    undone = []
    while history.can_undo:
        undone.append(history.undo())
    assert undone == list(range(2 * LIMIT - 1, LIMIT - 1, -1))
