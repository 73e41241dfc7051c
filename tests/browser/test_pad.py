"""The drawing pad under a real pointer: mouse, touch, keyboard, and the traps of freehand drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from conftest import Complaints
from driver import ONE, SEVEN, Driver
from playwright.sync_api import Browser, CDPSession, Page, expect
from served import Served


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    return Driver(page).open(server.url)


@pytest.fixture
def tablet(browser: Browser, server: Served, complaints: Complaints) -> Iterator[Driver]:
    context = browser.new_context(viewport={"width": 820, "height": 1100}, has_touch=True)
    page = context.new_page()
    complaints.watch(page)
    yield Driver(page).open(server.url)
    context.close()
    assert not complaints


class Fingers:
    """Touches on the glass, as the browser gets them from the system."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.session: CDPSession = driver.page.context.new_cdp_session(driver.page)

    def touch(self, kind: str, *fingers: tuple[int, float, float]) -> None:
        points = []
        for finger, x, y in fingers:
            left, top = self.driver.place(x, y)
            points.append({"x": left, "y": top, "id": finger})
        self.session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})


def test_a_tap_leaves_a_dot(driver: Driver) -> None:
    driver.page.mouse.click(*driver.place(0.5, 0.5))
    driver.until(lambda: driver.saved is not None, "the dot has arrived")
    (dot,) = driver.strokes
    assert abs(dot - 0.5).max() < 0.01
    (points,) = driver.lines()
    # A line of a single point would not be drawn.
    assert points >= 2
    driver.check_answer()


def test_two_taps_in_one_place_leave_two_dots(driver: Driver) -> None:
    driver.page.mouse.dblclick(*driver.place(0.5, 0.5))
    driver.until(lambda: driver.saved is not None and len(driver.strokes) == 2, "both dots have arrived")
    assert len(driver.lines()) == 2


def test_a_stroke_that_leaves_the_pad_and_returns_stays_whole(driver: Driver) -> None:
    driver.draw([(0.5, 0.2), (1.2, 0.3), (1.2, 0.7), (0.5, 0.8)])
    (stroke,) = driver.strokes
    assert stroke[:, 0].max() > 1.1
    np.testing.assert_allclose(stroke[0], (0.5, 0.2), atol=0.01)
    np.testing.assert_allclose(stroke[-1], (0.5, 0.8), atol=0.01)
    # No chord along the edge: it left near the top and came back near the bottom.
    outside = stroke[stroke[:, 0] > 1]
    assert outside[:, 1].min() < 0.35
    assert outside[:, 1].max() > 0.65
    assert len(driver.lines()) == 1
    driver.check_answer()


def test_a_stroke_may_end_outside_the_pad(driver: Driver) -> None:
    driver.draw([(0.5, 0.5), (0.5, 1.3)])
    assert driver.strokes[0][-1, 1] > 1.2
    driver.draw([(0.2, 0.2), (0.4, 0.2)])
    assert len(driver.strokes) == 2


def test_holding_still_before_drawing_loses_nothing(driver: Driver) -> None:
    driver.page.mouse.move(*driver.place(0.25, 0.2))
    driver.page.mouse.down()
    # The hold itself: Bokeh's own recogniser takes it for a press after 300 ms.
    driver.page.wait_for_timeout(500)
    driver.page.mouse.move(*driver.place(0.75, 0.2), steps=6)
    driver.page.mouse.move(*driver.place(0.4, 0.85), steps=6)
    driver.page.mouse.up()
    driver.until(lambda: driver.saved is not None, "the stroke has arrived")
    (stroke,) = driver.strokes
    np.testing.assert_allclose(stroke[0], (0.25, 0.2), atol=0.01)
    np.testing.assert_allclose(stroke[-1], (0.4, 0.85), atol=0.01)
    driver.check_answer()


def test_the_browser_shows_the_stroke_that_the_server_has(driver: Driver) -> None:
    driver.draw(SEVEN)
    shown = driver.page.evaluate(
        "(() => { const { xs, ys } = Bokeh.documents[0].get_model_by_name('vizapp-ink').data;"
        " return Array.from(xs[0], (x, i) => [x, ys[0][i]]); })()"
    )
    shown = np.array(shown)
    distinct = shown[np.r_[True, (np.diff(shown, axis=0) != 0).any(axis=1)]]
    taken = driver.strokes[0]
    distinct_taken = taken[np.r_[True, (np.diff(taken, axis=0) != 0).any(axis=1)]]
    np.testing.assert_allclose(distinct, distinct_taken, atol=1e-4)


@pytest.mark.parametrize("button", ["right", "middle"])
def test_other_mouse_buttons_do_not_draw(driver: Driver, button: str) -> None:
    lines = driver.lines()
    driver.page.mouse.move(*driver.place(0.3, 0.3))
    driver.page.mouse.down(button=button)
    driver.page.mouse.move(*driver.place(0.6, 0.6), steps=4)
    driver.page.mouse.up(button=button)
    assert driver.lines() == lines
    driver.draw(ONE)
    assert len(driver.strokes) == 1


# Tools


def test_undo_redo_and_clear(driver: Driver) -> None:
    driver.draw(SEVEN)
    driver.draw(ONE)
    driver.press("Undo")
    assert len(driver.strokes) == len(driver.lines()) == 1
    driver.check_answer()
    driver.press("Redo")
    assert len(driver.strokes) == len(driver.lines()) == 2
    driver.press("Clear")
    assert driver.strokes == driver.lines() == []
    driver.press("Undo")
    assert len(driver.strokes) == 2
    driver.check_answer()
    expect(driver.button("Redo")).to_be_enabled()
    driver.draw(ONE)
    expect(driver.button("Redo")).to_be_disabled()


def test_the_eraser_takes_ink_away(driver: Driver) -> None:
    driver.draw(ONE)
    driver.check_answer()
    before = driver.pixels()
    driver.button("Eraser").click()
    expect(driver.button("Eraser")).to_have_attribute("aria-pressed", "true")
    driver.draw([(0.3, 0.6), (0.7, 0.6)])
    assert [stroke.erase for stroke in driver.drawn] == [False, True]
    driver.until(lambda: driver.pixels() != before, "the network sees less")
    driver.check_answer()
    driver.button("Pen").click()
    driver.draw([(0.3, 0.6), (0.7, 0.6)])
    assert not driver.drawn[2].erase


def test_the_pen_can_be_wider(driver: Driver) -> None:
    slider = driver.page.get_by_role("slider", name=re.compile("Width"))
    slider.focus()
    driver.page.keyboard.press("End")
    driver.draw(ONE)
    width = driver.drawn[0].width
    assert width == float(slider.get_attribute("max") or "nan")
    wide = driver.page.evaluate("Bokeh.documents[0].get_model_by_name('vizapp-ink').data.width[0]")
    box = driver.pad.bounding_box()
    assert box is not None
    assert abs(wide - width * box["width"] / 28) < 0.5
    driver.check_answer()


def test_every_tool_works_by_keyboard(driver: Driver) -> None:
    driver.draw(SEVEN)
    driver.draw(ONE)
    for name, strokes in (("Undo", 1), ("Redo", 2), ("Clear", 0), ("Undo", 2)):
        driver.button(name).focus()
        driver.page.keyboard.press("Enter")
        driver.until(lambda strokes=strokes: len(driver.strokes) == strokes, f"{name} by Enter")
    driver.button("Eraser").focus()
    driver.page.keyboard.press("Space")
    expect(driver.button("Eraser")).to_have_attribute("aria-pressed", "true")
    expect(driver.button("Pen")).to_have_attribute("aria-pressed", "false")


def test_shortcuts(driver: Driver) -> None:
    driver.draw(SEVEN)
    driver.draw(ONE)
    for keys, strokes in (
        ("Control+z", 1),
        ("Control+Shift+z", 2),
        ("Control+z", 1),
        ("Control+y", 2),
        ("Delete", 0),
    ):
        driver.page.keyboard.press(keys)
        driver.until(lambda strokes=strokes: len(driver.strokes) == strokes, f"{keys} works")


def test_undo_works_from_a_switch_and_a_slider_too(driver: Driver) -> None:
    """The focus stays on what was used last; that must not deaden the keys."""
    driver.draw(SEVEN)
    driver.draw(ONE)
    driver.page.get_by_role("switch", name="Fit and centre").click()
    driver.page.keyboard.press("Control+z")
    driver.until(lambda: driver.state["normalise"], "Control+z works after the switch")
    driver.page.keyboard.press("Control+z")
    driver.until(lambda: len(driver.strokes) == 1, "and goes on to the strokes")
    driver.page.get_by_role("slider", name=re.compile("Width")).focus()
    driver.page.keyboard.press("Control+Shift+z")
    driver.until(lambda: len(driver.strokes) == 2, "Control+Shift+z works after the slider")


def test_undo_in_the_middle_of_a_stroke_spoils_nothing(driver: Driver) -> None:
    driver.draw(SEVEN)
    kept = driver.strokes[0]
    driver.draw([(0.2, 0.5), (0.5, 0.5)], lift=False)
    driver.until(lambda: len(driver.lines()) == 2, "the second stroke is on the pad")
    driver.page.keyboard.press("Control+z")
    driver.page.mouse.move(*driver.place(0.8, 0.5), steps=5)
    driver.page.mouse.up()
    driver.draw(ONE)
    np.testing.assert_array_equal(driver.strokes[0], kept)
    driver.until(lambda: len(driver.lines()) == len(driver.strokes), "pad and server agree")
    driver.check_answer()


# Touch


def test_a_finger_draws(tablet: Driver) -> None:
    fingers = Fingers(tablet)
    fingers.touch("Start", (0, 0.25, 0.2))
    for i in range(1, 9):
        fingers.touch("Move", (0, 0.25 + 0.5 * i / 8, 0.2))
    opened = tablet.percentages()
    for i in range(1, 9):
        fingers.touch("Move", (0, 0.75 - 0.35 * i / 8, 0.2 + 0.65 * i / 8))
    tablet.until(lambda: tablet.percentages() != opened, "the answer follows the finger")
    fingers.touch("End")
    tablet.until(lambda: tablet.saved is not None, "the stroke has arrived")
    (stroke,) = tablet.strokes
    np.testing.assert_allclose(stroke[-1], (0.4, 0.85), atol=0.02)
    tablet.check_answer()
    assert tablet.page.evaluate("scrollY") == 0


def test_a_tap_of_a_finger_leaves_a_dot(tablet: Driver) -> None:
    tablet.page.touchscreen.tap(*tablet.place(0.5, 0.5))
    tablet.until(lambda: tablet.saved is not None, "the dot has arrived")
    assert len(tablet.strokes) == len(tablet.lines()) == 1


def test_a_second_finger_is_ignored(tablet: Driver) -> None:
    fingers = Fingers(tablet)
    fingers.touch("Start", (0, 0.3, 0.3))
    fingers.touch("Move", (0, 0.4, 0.3))
    fingers.touch("Start", (0, 0.4, 0.3), (1, 0.9, 0.9))
    for i in range(6):
        fingers.touch("Move", (0, 0.4 + i * 0.05, 0.3), (1, 0.9 - i * 0.02, 0.9))
    fingers.touch("End", (0, 0.65, 0.3))
    fingers.touch("Move", (0, 0.7, 0.3))
    fingers.touch("End")
    tablet.until(lambda: tablet.saved is not None, "the stroke has arrived")
    (stroke,) = tablet.strokes
    assert abs(stroke[:, 1] - 0.3).max() < 0.02
    assert len(tablet.lines()) == 1
    # And the next stroke begins with the first finger as if nothing had been.
    fingers.touch("Start", (0, 0.5, 0.6))
    fingers.touch("Move", (0, 0.5, 0.8))
    fingers.touch("End")
    tablet.until(lambda: len(tablet.strokes) == 2, "the next stroke has arrived")


# A slow line


DELAY = """
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    get onmessage() { return super.onmessage; }
    set onmessage(take) { super.onmessage = (event) => setTimeout(() => take(event), window.delay ?? 0); }
  };
"""


def test_a_line_that_takes_over_a_second_carries_every_stroke(page: Page, server: Served) -> None:
    page.add_init_script(DELAY)
    driver = Driver(page).open(server.url)
    page.evaluate("window.delay = 1300")
    driver.draw(SEVEN)
    driver.draw(ONE)
    driver.until(lambda: len(driver.strokes) == 2, "both strokes have arrived")
    page.evaluate("window.delay = 0")
    driver.check_answer()
