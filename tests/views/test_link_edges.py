"""What a page may say about edges, and what it may not."""

from __future__ import annotations

import math
from concurrent.futures import Future
from typing import Any

import pytest

from tests.views import pages
from vizapp.views import edges, link
from vizapp.views.edges import warm
from vizapp.views.topics import edges as topic


class Page(pages.OpenPage):
    """A Link whose page is this test."""

    def end(self) -> None:
        self._close(None)


@pytest.fixture
def page() -> Any:
    warm().result()
    page = Page()
    yield page
    page.end()


def viewport(page: Page, **values: Any) -> dict[str, Any]:
    x0, x1, y0, y1 = page.explorer.layout.bounds
    place = {"x0": x0, "x1": x1, "y0": y0, "y1": y1, "width": 300, "height": 280}
    return {"type": "viewport", "seq": 3, **place, **values}


def test_a_viewport_brings_the_quick_picture_and_settling_the_exact_one(page: Page) -> None:
    (quick,) = page.say(viewport(page))
    assert (quick["type"], quick["ack"], quick["exact"]) == ("edges", 3, False)
    assert len(quick["edges"]["pixels"]) == quick["edges"]["rows"] * quick["edges"]["cols"] < 300 * 280 / 2
    (exact,) = page.say({"type": "settle"})
    assert (exact["exact"], exact["edges"]["cols"], exact["edges"]["rows"]) == (True, 300, 280)
    for picture in (quick, exact):
        assert picture["edges"]["x"] == page.explorer.layout.bounds[0]
    assert len(exact["lines"]["source"]) == len(exact["lines"]["code"]) > 100


@pytest.mark.parametrize(
    "wrong",
    [
        {"x0": math.nan},
        {"y1": math.inf},
        {"x0": 5.0, "x1": 5.0},
        {"x0": 9.0, "x1": -9.0},
        {"x1": 1e300},
        {"x1": 10**400},
        {"width": 10**9},
        {"width": 8192, "height": 8192},
        {"width": 0},
        {"height": -4},
        {"width": 300.5},
        {"width": True},
        {"x0": True},
        {"x0": "0"},
        {"y0": None},
        {"seq": True},
        {"seq": -1},
        {"height": [300]},
    ],
    ids=str,
)
def test_a_viewport_that_cannot_be_is_told_off_and_changes_nothing(page: Page, wrong: dict[str, Any]) -> None:
    (before,) = page.say(viewport(page))
    assert page.kinds(viewport(page, **wrong)) == ["notice"]
    (exact,) = page.say({"type": "settle"})
    assert exact["edges"]["cols"] == 300
    assert exact["edges"]["x"] == before["edges"]["x"]


def test_settling_and_probing_before_a_viewport_are_harmless(page: Page) -> None:
    assert page.kinds({"type": "settle"}) == []
    (found,) = page.say({"type": "probe", "seq": 1, "x": 0.0, "y": 0.0})
    assert found["edges"] == []


@pytest.mark.parametrize(
    "place", [{"x": math.nan}, {"y": "here"}, {"x": True}, {"seq": None}, {"x": 10**400}]
)
def test_a_probe_of_nowhere_is_told_off(page: Page, place: dict[str, Any]) -> None:
    page.say(viewport(page))
    assert page.kinds({"type": "probe", "seq": 1, "x": 0.0, "y": 0.0, **place}) == ["notice"]
    assert page.kinds({"type": "probe", "seq": 1, "x": 1e300, "y": -1e300}) == ["probe"]


def test_an_edge_that_is_found_can_be_picked(page: Page) -> None:
    page.say(viewport(page))
    flat = page.explorer.layout.flat
    exact = page.say({"type": "settle"})[0]["lines"]
    ends = [int(exact["source"][-1]), int(exact["target"][-1])]
    x, y = (float(v) for v in flat[ends].mean(axis=0))
    (probe,) = page.say({"type": "probe", "seq": 7, "x": x, "y": y})
    assert probe["ack"] == 7
    assert len(probe["edges"]) == 5
    first = probe["edges"][0]
    net = page.explorer.net
    assert (first["from"], first["to"]) == (net.node_name(first["source"]), net.node_name(first["target"]))
    answers = page.say({"type": "pick", "nodes": [first["target"], first["source"]], "mode": "replace"})
    assert "selection" in [answer["type"] for answer in answers]
    assert page.explorer.selection == [first["target"], first["source"]]


@pytest.mark.parametrize(
    "setting", [{"lens": "value"}, {"transfer": "cube"}, {"strongest": 10**9}, {"kept": math.nan}]
)
def test_a_setting_that_is_not_there_is_told_off(page: Page, setting: dict[str, Any]) -> None:
    ((name, value),) = setting.items()
    before = getattr(page.explorer, name)
    assert "notice" in page.kinds({"type": "set", "name": name, "value": value})
    assert getattr(page.explorer, name) == before


def test_a_frame_has_edges_only_where_they_follow_the_drawing(page: Page) -> None:
    page.say(viewport(page))
    for lens, follows in (("contribution", True), ("weight", False), ("contrast", True), ("count", False)):
        page.say({"type": "set", "name": "lens", "value": lens})
        (frame,) = [a for a in page.say({"type": "edit", "action": "clear"}) if a["type"] == "frame"]
        assert (frame["edges"] is not None) == follows
        page.say({"type": "edit", "action": "undo"})


class Later:
    """Worker threads that work when they are told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, Future[Any]]] = []

    def submit(self, _owner: object, job: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((job, future))
        return future

    def drop(self, _owner: object) -> None:
        """Too late: the job runs already."""

    def work(self) -> None:
        job, future = self.waiting.pop(0)
        future.set_result(job())


class Document:
    """What Link needs of a document: callbacks run at once, until the session is over."""

    session_context: object = object()

    def add_next_tick_callback(self, act: Any) -> None:
        act()


def test_a_picture_that_was_overtaken_is_dropped(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Later()
    monkeypatch.setattr(link, "QUICK", workers)
    monkeypatch.setattr(page, "_document", Document())
    page.say(viewport(page))
    page.say({"type": "settle"})
    page.say({"type": "set", "name": "lens", "value": "evidence"})
    page.heard.clear()
    workers.work()
    assert page.heard == []
    page.say({"type": "settle"})
    workers.work()
    (exact,) = page.heard
    assert exact["exact"]
    assert "residual" in exact["note"]
    # However often it is asked, one picture of a session is made at a time.
    for _ in range(50):
        page.say({"type": "settle"})
    assert len(workers.waiting) == 1
    workers.work()
    assert len(workers.waiting) == 1
    workers.work()
    assert not workers.waiting
    # A lens that does not follow the drawing is not disturbed by it.
    page.say({"type": "set", "name": "lens", "value": "weight"})
    page.say({"type": "settle"})
    page.say({"type": "edit", "action": "clear"})
    page.heard.clear()
    workers.work()
    assert [message["type"] for message in page.heard] == ["edges"]


def test_what_is_made_for_a_session_that_is_over_goes_nowhere(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = Later()
    monkeypatch.setattr(link, "QUICK", workers)
    monkeypatch.setattr(page, "_document", Document())
    page.say(viewport(page))
    page.say({"type": "settle"})
    page.end()
    page.heard.clear()
    workers.work()
    assert page.heard == []


def test_edges_come_by_themselves_once_the_kernels_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    compiling: Future[None] = Future()
    for module in (edges, topic):
        monkeypatch.setattr(module, "warm", lambda: compiling)
    page = Page()
    monkeypatch.setattr(page, "_document", Document())
    assert page.kinds(viewport(page)) == []
    assert page.kinds(viewport(page, width=200)) == []
    # Meanwhile the page answers the pen.
    assert "frame" in page.kinds({"type": "edit", "action": "clear"})
    page.heard.clear()
    compiling.set_result(None)
    (picture,) = page.heard
    assert picture["type"] == "edges"
    page.end()
