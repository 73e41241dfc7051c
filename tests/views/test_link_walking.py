"""Walks over the line: what a page asks, what it is told, and whose the selection is."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import pytest

from tests.views import pages
from tests.views.pages import ONE
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke
from vizapp.views.topics.walking import runs
from vizapp.walk import forward_walk, walk_to

BAR = np.array([[0.2, 0.7], [0.8, 0.3]], np.float32)


class Page(pages.Page):
    """A Link whose page is this test: what is said to it is kept."""

    @property
    def last(self) -> dict[str, Any]:
        """The latest message of type "walk"."""
        return [message for message in self.heard if message["type"] == "walk"][-1]

    def walks(self, type_: str, /, **values: Any) -> list[dict[str, Any]]:
        """What a message brings of type "walk"."""
        return [answer for answer in self.ask(type_, **values) if answer["type"] == "walk"]


@pytest.fixture
def explorer() -> Explorer:
    return Explorer(drawing=Drawing((Stroke(ONE),)))


@pytest.fixture
def page(explorer: Explorer) -> Page:
    page = Page(explorer)
    page.ask("ready", state=None)
    return page


def pen(page: Page, points: np.ndarray = BAR) -> list[dict[str, Any]]:
    flat = array("f", np.asarray(points, np.float32).ravel().tolist())
    return page.walks("pen", seq=1, stroke=7, start=0, points=flat, width=2.4, erase=False, end=True)


def test_a_page_that_opens_hears_that_there_is_no_walk(explorer: Explorer) -> None:
    (walk,) = Page(explorer).walks("ready", state=None)
    assert walk == {"type": "walk", "kind": None, "node": None, "titles": [], "count": 0, "step": 0}


def test_without_a_walk_nothing_is_said_of_it(page: Page) -> None:
    assert pen(page) == []
    assert page.walks("pick", nodes=[5]) == []
    assert page.walks("step", to=3) == []
    assert page.walks("walk", kind=None, node=None) == []


def test_a_walk_is_told_step_by_step(page: Page, explorer: Explorer) -> None:
    (first,) = page.walks("walk", kind="forward", node=None)
    walk = forward_walk(explorer)
    assert (first["kind"], first["node"], first["step"]) == ("forward", None, 0)
    assert first["titles"] == walk.titles
    assert first["count"] == len(walk)
    for index in range(len(walk)):
        (told,) = page.walks("step", to=index)
        step = walk[index]
        assert (told["step"], told["title"], told["layer"]) == (index, step.title, step.layer)
        assert told["sentence"] == step.sentence
        assert told["nodes"].dtype == told["lit"].dtype == np.uint32
        assert told["nodes"].tolist() == list(step.nodes) == explorer.selection
        lit = [n for first, count in told["lit"].reshape(-1, 2) for n in range(first, first + count)]
        assert lit == step.lit.tolist()


def test_beyond_the_last_step_is_the_last_step(page: Page, explorer: Explorer) -> None:
    page.ask("walk", kind="forward", node=None)
    (last,) = page.walks("step", to=999)
    assert last["step"] == explorer.step == last["count"] - 1


def test_a_walk_can_lead_to_a_node(page: Page, explorer: Explorer) -> None:
    (told,) = page.walks("walk", kind="forward", node=9100)
    assert told["node"] == explorer.walk_node == 9100
    assert told["name"] == f"How {explorer.net.node_name(9100)} came about"
    assert told["titles"] == walk_to(explorer, 9100).titles
    (last,) = page.walks("step", to=told["count"] - 1)
    assert explorer.selection[0] == last["nodes"][0] == 9100


def test_a_step_comes_with_its_selection(page: Page) -> None:
    page.ask("walk", kind="forward", node=None)
    answers = page.ask("step", to=5)
    kinds = [answer["type"] for answer in answers]
    assert kinds.count("selection") == kinds.count("walk") == 1
    assert kinds.index("selection") < kinds.index("walk")
    assert "frame" not in kinds


def test_leaving_gives_the_selection_back(page: Page, explorer: Explorer) -> None:
    page.ask("pick", nodes=[4000, 17])
    page.ask("walk", kind="forward", node=None)
    page.ask("step", to=6)
    assert explorer.selection != [4000, 17]
    (over,) = page.walks("walk", kind=None, node=None)
    assert over["kind"] is None
    assert explorer.selection == [4000, 17]
    assert (explorer.walk, explorer.walk_node, explorer.step) == (None, None, 0)


def test_what_is_selected_in_the_middle_of_a_walk_is_given_back_too(page: Page, explorer: Explorer) -> None:
    page.ask("pick", nodes=[4000])
    page.ask("walk", kind="forward", node=None)
    page.ask("step", to=6)
    page.ask("pick", nodes=[21, 22])
    assert explorer.selection == [21, 22]
    page.ask("step", to=7)
    assert explorer.selection != [21, 22]
    page.ask("walk", kind=None)
    assert explorer.selection == [21, 22]


def test_from_one_walk_into_another_keeps_what_was_selected_before(page: Page, explorer: Explorer) -> None:
    page.ask("pick", nodes=[4000])
    page.ask("walk", kind="forward", node=None)
    page.ask("step", to=6)
    page.ask("walk", kind="forward", node=9100)
    page.ask("walk", kind=None)
    assert explorer.selection == [4000]


def test_the_sentence_and_the_selection_follow_the_pen(page: Page, explorer: Explorer) -> None:
    page.ask("walk", kind="forward", node=None)
    index = forward_walk(explorer).titles.index("conv1")
    (before,) = page.walks("step", to=index)
    page.ask("pick", nodes=before["nodes"].tolist())
    (after,) = pen(page)
    assert after["step"] == index
    assert after["sentence"] == forward_walk(explorer)[index].sentence != before["sentence"]
    assert after["nodes"].tolist() == explorer.selection != before["nodes"].tolist()


def test_while_drawing_a_selection_of_ones_own_stays(page: Page, explorer: Explorer) -> None:
    page.ask("walk", kind="forward", node=None)
    page.ask("step", to=4)
    page.ask("pick", nodes=[123])
    pen(page)
    assert explorer.selection == [123]


def test_a_walk_is_nothing_to_undo(page: Page, explorer: Explorer) -> None:
    page.ask("pick", nodes=[4000])
    before = explorer.undoable
    page.ask("walk", kind="forward", node=None)
    for to in (5, 8, 3):
        page.ask("step", to=to)
    page.ask("walk", kind=None)
    assert explorer.undoable == before


def test_strokes_are_undone_and_redone_in_the_middle_of_a_walk(page: Page, explorer: Explorer) -> None:
    page.ask("walk", kind="forward", node=None)
    page.ask("step", to=4)
    pen(page)
    assert len(explorer.drawing.strokes) == 2
    for action, strokes in (("undo", 1), ("redo", 2), ("undo", 1), ("redo", 2)):
        (told,) = page.walks("edit", action=action)
        assert len(explorer.drawing.strokes) == strokes
        assert told["nodes"].tolist() == explorer.selection == list(forward_walk(explorer)[4].nodes)


def test_a_walk_goes_on_where_selecting_is_locked(page: Page, explorer: Explorer) -> None:
    explorer.locked = ["selection"]
    page.ask("walk", kind="forward", node=None)
    (told,) = page.walks("step", to=6)
    assert explorer.selection == told["nodes"].tolist() != []
    page.ask("walk", kind=None)
    assert explorer.selection == []
    explorer.locked = ["walk", "walk_node", "step"]
    assert page.ask("walk", kind="forward", node=None)[-1]["type"] == "notice"
    assert explorer.walk is None
    assert explorer.selection == []


def test_another_network_ends_the_walk(page: Page, explorer: Explorer) -> None:
    page.ask("walk", kind="forward", node=None)
    page.ask("step", to=8)
    told = page.walks("set", name="network", value="mlp")
    assert told[-1]["kind"] is None
    assert explorer.selection == []
    (again,) = page.walks("walk", kind="forward", node=None)
    assert again["titles"] == forward_walk(explorer).titles


def test_a_page_that_comes_back_is_where_it_was(page: Page, explorer: Explorer) -> None:
    page.ask("walk", kind="forward", node=9100)
    page.ask("step", to=3)
    (told,) = Page(explorer).walks("ready", state=None)
    assert (told["kind"], told["node"], told["step"]) == ("forward", 9100, 3)


def test_a_walk_that_is_brought_back_is_left_like_any_other(explorer: Explorer) -> None:
    nodes = list(walk_to(explorer, 9100)[3].nodes)
    page = Page(explorer)
    page.ask("ready", state=None)
    page.ask("pick", nodes=[77])
    # As undo, a link and a saved state do it: all of it, from outside.
    explorer.param.update(walk="forward", walk_node=9100, step=3, selection=nodes)
    assert page.last["step"] == 3
    pen(page)
    assert explorer.selection == list(walk_to(explorer, 9100)[3].nodes)
    page.ask("walk", kind=None)
    assert explorer.selection == [77]


def test_a_node_that_the_network_lacks_is_a_walk_through_everything(page: Page, explorer: Explorer) -> None:
    explorer.network = "mlp"
    explorer.param.update(walk="forward", walk_node=9100, step=500)
    assert page.last["node"] is None
    assert page.last["step"] == page.last["count"] - 1


@pytest.mark.parametrize(
    "rubbish",
    [
        {"type": "walk", "kind": "sideways"},
        {"type": "walk", "kind": 3},
        {"type": "walk", "kind": "forward", "node": 99_999},
        {"type": "walk", "kind": "forward", "node": -1},
        {"type": "walk", "kind": "forward", "node": "all"},
        {"type": "walk", "kind": "forward", "node": True},
        {"type": "step", "to": 1000},
        {"type": "step", "to": -1},
        {"type": "step", "to": 1.5},
        {"type": "step"},
    ],
)
def test_rubbish_is_refused_and_the_walk_goes_on(
    page: Page, explorer: Explorer, rubbish: dict[str, Any]
) -> None:
    page.ask("walk", kind="forward", node=None)
    page.ask("step", to=4)
    before = (explorer.walk, explorer.walk_node, explorer.step, explorer.selection)
    assert page.kinds(rubbish) == ["notice"]
    assert (explorer.walk, explorer.walk_node, explorer.step, explorer.selection) == before


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [([], []), ([0], [0, 1]), ([3, 4, 5], [3, 3]), ([0, 2, 3, 9], [0, 1, 2, 2, 9, 1])],
)
def test_runs(nodes: list[int], expected: list[int]) -> None:
    assert runs(np.array(nodes, np.int64)).tolist() == expected
