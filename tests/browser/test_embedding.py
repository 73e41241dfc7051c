"""The page in a frame of another origin's page, as on lecture slides and course pages."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from conftest import Complaints
from playwright.sync_api import Browser, FrameLocator, Page, expect
from served import Served

from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke
from vizapp.state import make_link

SEVEN = np.array([[0.25, 0.2], [0.75, 0.2], [0.4, 0.85]], np.float32)
FORBID_STORAGE = """
for (const name of ["sessionStorage", "localStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("forbidden", "SecurityError"); } });
}
history.replaceState = () => { throw new DOMException("forbidden", "SecurityError"); };
"""


class Course:
    """A page of another origin that shows `address` in a frame."""

    def __init__(self) -> None:
        self.address = ""
        course = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                frame = f'<iframe src="{course.address}" width="960" height="640"></iframe>'
                body = f"<!DOCTYPE html><title>Course</title><h1>Lecture 3</h1>{frame}"
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self.server.server_port}"

    def show(self, page: Page, address: str) -> FrameLocator:
        self.address = address
        page.goto(self.origin)
        return page.frame_locator("iframe")


@contextmanager
def running(course: Course) -> Iterator[Course]:
    thread = threading.Thread(target=course.server.serve_forever, daemon=True)
    thread.start()
    yield course
    course.server.shutdown()
    course.server.server_close()


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    with running(Course()) as found:
        yield found


@pytest.fixture(scope="module")
def allowing(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("allowing") / "log"
    with Served(log, "--allow-embedding", course.origin) as server:
        yield server


def draw(page: Page, frame: FrameLocator) -> None:
    box = frame.locator(".pad-figure").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN.tolist()]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def shown(frame: FrameLocator) -> set[str]:
    """The regions that can be seen."""
    places = {
        "pad": ".card.pad",
        "answer": ".card.answer",
        "seen": ".card.sees",
        "flat": ".pane.flat",
        "scene": ".pane.scene",
        "edges": ".strip",
        "inspector": ".column.inspector",
        "timeline": ".timeline",
        "chrome": "header.top",
    }
    return {name for name, place in places.items() if frame.locator(place).first.is_visible()}


def test_a_page_that_is_allowed_shows_chosen_panes_and_people_draw_there(
    page: Page, course: Course, allowing: Served
) -> None:
    frame = course.show(page, f"{allowing.url}?embed=pad,answer,flat")
    expect(frame.locator(".v-answer .first")).to_have_text(re.compile(r"\d"))
    assert shown(frame) == {"pad", "answer", "flat"}
    draw(page, frame)
    expect(frame.locator(".v-answer .first")).to_have_text("7")
    frame.get_by_role("button", name="Undo").click()
    expect(frame.locator(".v-answer .first")).not_to_have_text("7")


def test_a_frame_opens_a_link_whatever_panes_the_link_was_made_with(
    page: Page, course: Course, allowing: Served
) -> None:
    explorer = Explorer(panes="3D", drawing=Drawing((Stroke(SEVEN),)), locked=["drawing"])
    frame = course.show(page, f"{allowing.url}?embed=pad,answer,flat{make_link(explorer)}")
    expect(frame.locator(".v-answer .first")).to_have_text("7")
    assert shown(frame) == {"pad", "answer", "flat"}
    expect(frame.get_by_role("button", name="Clear")).to_be_disabled()


@pytest.mark.parametrize("panes", ["scene", "inspector,pad", "timeline,edges,seen"])
def test_any_panes_can_be_chosen(page: Page, course: Course, allowing: Served, panes: str) -> None:
    frame = course.show(page, f"{allowing.url}?embed={panes}")
    expect(frame.locator(".hidden-root")).to_be_attached()
    assert shown(frame) == set(panes.split(","))


def test_where_storage_is_forbidden_everything_works_but_coming_back(
    page: Page, course: Course, allowing: Served
) -> None:
    page.add_init_script(FORBID_STORAGE)
    link = make_link(Explorer(network="mlp", drawing=Drawing((Stroke(SEVEN * 0.5),))))
    frame = course.show(page, f"{allowing.url}?embed=pad,answer,flat{link}")
    expect(frame.locator(".v-answer .first")).to_have_text("7")
    frame.get_by_role("button", name="Clear").click()
    expect(frame.locator(".v-answer .first")).not_to_have_text(re.compile(r"\d"))
    draw(page, frame)
    expect(frame.locator(".v-answer .first")).to_have_text("7")


def test_a_page_that_is_not_allowed_shows_nothing(
    browser: Browser, complaints: Complaints, course: Course, server: Served
) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints.watch(page)
    frame = course.show(page, f"{server.url}?embed=pad")
    expect(page.get_by_role("heading", name="Lecture 3")).to_be_visible()
    assert any("frame-ancestors" in text for text in complaints)
    complaints.clear()
    expect(frame.locator(".pad-figure")).to_have_count(0)
    context.close()


def test_a_name_that_is_no_pane_is_told_and_the_others_are_shown(page: Page, server: Served) -> None:
    page.goto(f"{server.url}?embed=answer,dashboard")
    expect(page.locator(".notice-item")).to_contain_text("dashboard")
    expect(page.locator(".card.answer")).to_be_visible()
    expect(page.locator("header.top")).not_to_be_visible()


@pytest.mark.parametrize("query", ["?embed=", "?embed=,", "?embed=nothing"])
def test_without_a_pane_it_is_the_whole_page(page: Page, server: Served, query: str) -> None:
    page.goto(server.url + query)
    expect(page.locator("header.top")).to_be_visible()
    expect(page.locator(".card.pad")).to_be_visible()
    if "nothing" in query:
        expect(page.locator(".notice-item")).to_contain_text("no pane")


def test_the_dialogs_code_shows_what_was_ticked(page: Page, server: Served) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="Share…").click()
    box = page.get_by_role("dialog", name="Share")
    code = box.get_by_label("Code for a frame")
    expect(code).to_have_value(re.compile(r'^<iframe src="[^"]+\?embed=pad,answer,flat#v2\.'))
    box.get_by_role("checkbox", name="Flat plot").uncheck()
    box.get_by_role("checkbox", name="3D scene").check()
    expect(code).to_have_value(re.compile(r"\?embed=pad,answer,scene#v2\."))


def test_names_are_the_same_in_python_and_on_the_page() -> None:
    from vizapp.views.share import PANES

    script = Path(__file__).resolve().parent.parent.parent / "vizapp" / "views" / "page" / "embed.js"
    listed = re.search(r"const PANES = \[(.*?)\]", script.read_text(encoding="utf-8"))
    assert listed is not None
    assert re.findall(r'"(\w+)"', listed[1]) == list(PANES)
