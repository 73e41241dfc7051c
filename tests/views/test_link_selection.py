"""Pointing, picking and searching over the line, by pages that behave and by pages that do not."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import pytest

from tests.views import pages
from tests.views.pages import ONE
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke
from vizapp.search import LONGEST, search


class Page(pages.Page):
    """A Link whose page is this test: what is said to it is kept."""

    def pick(self, nodes: Any, mode: str = "replace", origin: str = "flat") -> list[dict[str, Any]]:
        """What comes back of type "selection"."""
        answers = self.ask("pick", nodes=nodes, mode=mode, origin=origin)
        return [answer for answer in answers if answer["type"] == "selection"]


@pytest.fixture
def explorer() -> Explorer:
    return Explorer(network="cnn", drawing=Drawing((Stroke(ONE),)))


@pytest.fixture
def page(explorer: Explorer) -> Page:
    page = Page(explorer)
    page.ask("ready", state=None)
    return page


def buffer(nodes: Any) -> array[int]:
    """As a Uint32Array arrives."""
    return array("I", [int(node) for node in nodes])


# Picking


def test_a_pick_is_told_once_with_its_origin_and_the_primary_node_first(
    page: Page, explorer: Explorer
) -> None:
    (told,) = page.pick([30, 10, 20], origin="scene")
    assert (told["nodes"].tolist(), told["nodes"].dtype, told["origin"]) == ([30, 10, 20], np.uint32, "scene")
    assert explorer.selection == [30, 10, 20]
    for node, pre, value in told["values"]:
        assert pre == explorer.trace.pre[0, node]
        assert value == explorer.trace.activation[0, node]


def test_what_another_selects_has_no_origin(page: Page, explorer: Explorer) -> None:
    page.pick([1], origin="flat")
    page.heard.clear()
    explorer.select([2])
    assert [(m["nodes"].tolist(), m["origin"]) for m in page.heard if m["type"] == "selection"] == [([2], "")]


def test_a_pick_that_changes_nothing_is_not_echoed(page: Page) -> None:
    page.pick([5, 6])
    assert page.pick([5, 6]) == []


@pytest.mark.parametrize("form", [list, buffer])
@pytest.mark.parametrize(
    ("mode", "picked", "selected"),
    [
        ("replace", [9], [9]),
        ("replace", [], []),
        ("add", [9], [9, 1, 2, 3]),
        ("add", [3, 9, 9], [3, 9, 1, 2]),
        ("add", [], [1, 2, 3]),
        ("toggle", [2], [1, 3]),
        ("toggle", [1], [2, 3]),
        ("toggle", [9], [9, 1, 2, 3]),
        ("toggle", [2, 9], [2, 9, 1, 3]),
        ("toggle", [3, 2, 1], []),
        ("toggle", [], [1, 2, 3]),
    ],
)
def test_ways_to_pick(
    page: Page, explorer: Explorer, form: Any, mode: str, picked: list[int], selected: list[int]
) -> None:
    page.pick([1, 2, 3])
    page.pick(form(picked), mode)
    assert explorer.selection == selected


def test_every_node_can_be_picked_at_once(page: Page, explorer: Explorer) -> None:
    everything = list(range(explorer.net.n_nodes))
    (told,) = page.pick(buffer(everything))
    assert told["nodes"].tolist() == explorer.selection == everything
    # Of thousands nobody reads the numbers.
    assert len(told["values"]) == 64


def test_a_selection_stays_while_a_person_draws_and_goes_with_the_network(
    page: Page, explorer: Explorer
) -> None:
    page.pick([8904, 30])
    points = array("f", np.flip(ONE).ravel().tolist())
    page.ask("pen", seq=1, stroke=1, start=0, points=points, width=2.4, erase=False, end=True)
    assert explorer.selection == [8904, 30]
    page.ask("edit", action="clear")
    assert explorer.selection == [8904, 30]
    told = [m for m in page.ask("set", name="network", value="mlp") if m["type"] == "selection"]
    assert explorer.selection == []
    assert told
    assert all(m["nodes"].tolist() == [] for m in told)


def test_a_page_that_opens_is_told_what_is_selected(explorer: Explorer) -> None:
    explorer.select([4, 2])
    told = [m for m in Page(explorer).ask("ready", state=None) if m["type"] == "selection"]
    assert [m["nodes"].tolist() for m in told] == [[4, 2]]


HOSTILE: dict[str, dict[str, Any]] = {
    "no nodes": {},
    "a text": {"nodes": "12"},
    "a number": {"nodes": 3},
    "half a node": {"nodes": [0.5]},
    "floats in a buffer": {"nodes": array("f", [1.0, 2.0])},
    "no such node": {"nodes": [9134]},
    "no such node in a buffer": {"nodes": array("I", [2**32 - 1])},
    "below zero": {"nodes": [-1]},
    "below zero in a buffer": {"nodes": array("i", [-1])},
    "far too large": {"nodes": [10**30]},
    "true": {"nodes": [True]},
    "a list in a list": {"nodes": [[1]]},
    "too many": {"nodes": array("I", [1] * 20_001)},
    "a million": {"nodes": [1] * 1_000_000},
    "another mode": {"nodes": [1], "mode": "drop table"},
    "no mode at all": {"nodes": [1], "mode": None},
    "a mode of another kind": {"nodes": [1], "mode": ["replace"]},
    "an origin of another kind": {"nodes": [1], "origin": 7},
    "an origin without end": {"nodes": [1], "origin": "x" * 41},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_picks_that_no_page_of_ours_sends_change_nothing(page: Page, explorer: Explorer, name: str) -> None:
    page.pick([17, 4])
    answers = page.ask(
        "pick", **{"mode": "replace", "origin": "flat", **HOSTILE[name]} if "nodes" in HOSTILE[name] else {}
    )
    assert [answer["type"] for answer in answers] == ["notice"]
    assert explorer.selection == [17, 4]
    assert [m["nodes"].tolist() for m in page.pick([3], "add")] == [[3, 17, 4]]


# Pointing


def test_a_pointed_at_node_is_answered_with_its_exact_values(page: Page, explorer: Explorer) -> None:
    page.pick([100])
    (values,) = page.ask("focus", seq=7, node=8904)
    trace = explorer.trace
    expected = [[node, trace.pre[0, node], trace.activation[0, node]] for node in (8904, 100)]
    assert (values["type"], values["ack"], values["values"]) == ("values", 7, expected)
    assert explorer.focus == 8904
    assert page.ask("focus", seq=8, node=-1)[0]["values"] == expected[1:]
    assert explorer.focus is None


# Searching


def test_a_search_is_answered_with_nodes_as_buffers(page: Page, explorer: Explorer) -> None:
    (found,) = page.ask("search", seq=3, text="conv2 map 7")
    assert (found["type"], found["ack"], found["text"], found["hint"]) == ("found", 3, "conv2 map 7", "")
    (result,) = found["results"]
    assert (result["title"], result["detail"], result["nodes"].dtype) == (
        "conv2 map 7",
        "100 nodes",
        np.uint32,
    )
    assert page.pick(array("I", result["nodes"].tolist()))[0]["nodes"].tolist() == result["nodes"].tolist()


def test_a_search_that_finds_nothing_says_why(page: Page, explorer: Explorer) -> None:
    (found,) = page.ask("search", seq=3, text="conv7")
    assert found["results"] == []
    assert found["hint"] == search(explorer, "conv7").hint


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_field_gets_suggestions(page: Page, text: str) -> None:
    (found,) = page.ask("search", seq=1, text=text)
    assert (found["text"], len(found["results"]), found["hint"]) == (text, 4, "")


@pytest.mark.parametrize("text", [None, 3, ["fc1"], b"fc1", "x" * (LONGEST + 1)])
def test_searches_that_no_page_of_ours_asks_are_refused(page: Page, text: Any) -> None:
    assert [answer["type"] for answer in page.ask("search", seq=1, text=text)] == ["notice"]
