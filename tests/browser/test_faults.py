"""Bad networks and servers that fall: the page says so, comes back, and everything is there again."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Complaints
from driver import ONE, SEVEN, Driver, wait_until
from playwright.sync_api import Page, expect
from relay import Relay
from served import Served

PLAIN = {"VIZAPP_SECRET_KEY": "correct horse battery staple and some more"}


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay() as relay:
        yield relay


def serve(relay: Relay, log: Path) -> Served:
    return Served(log, "--allow-websocket-origin", f"127.0.0.1:{relay.port}", environment=PLAIN)


def opened(page: Page, relay: Relay, server: Served) -> Driver:
    relay.server = server.port
    return Driver(page).open(f"http://127.0.0.1:{relay.port}/")


def busy(driver: Driver) -> str:
    """Have a drawing, a node selected, and a morph somewhere in between; the state that the tab has then."""
    driver.press("Clear")
    driver.draw(SEVEN)
    page = driver.page
    page.mouse.click(*driver.flat_place(700))
    driver.until(lambda: driver.state["selection"] == [700], "the node is selected")
    timeline = page.locator(".v-timeline")
    timeline.get_by_role("button", name="Morph 1 → 2").click()
    slider = timeline.get_by_role("slider", name="Position")
    slider.focus()
    for _ in range(5):
        slider.press("PageUp")
    driver.until(lambda: (driver.state["cursor"] or 0) > 0.2, "the cursor is in between")
    driver.until(lambda: abs(driver.state["cursor"] - position(driver)) < 1e-3, "it is saved where it rests")
    assert driver.saved is not None
    return driver.saved


def position(driver: Driver) -> float:
    slider = driver.page.locator(".v-timeline").get_by_role("slider", name="Position")
    return float(slider.get_attribute("aria-valuenow") or "nan")


def back(driver: Driver, before: str) -> None:
    """The page has loaded itself anew, and has all that it had."""
    wait_until(driver.page, "!window.beforehand && window.Bokeh?.documents.length")
    expect(driver.page.locator(".v-answer .first")).to_have_text(re.compile(r"\d"))
    expect(driver.page.locator(".banner")).to_have_count(0)
    driver.until(
        lambda: json.loads(driver.saved or "{}") == json.loads(before), "everything is saved as it was"
    )
    driver.until(lambda: abs(position(driver) - json.loads(before)["cursor"]) < 1e-3, "the cursor is there")
    driver.until(lambda: len(driver.outlined_nodes()) == 1, "the selection is shown")
    expect(driver.page.locator("[data-curve='strokes cnn'] [data-label='1']")).to_have_count(1)


@contextmanager
def left(page: Page, relay: Relay) -> Iterator[None]:
    """Nothing comes through, until the page has noticed; then the network is there again."""
    page.evaluate("window.beforehand = true")
    relay.silent = True
    yield
    expect(page.locator(".banner")).to_contain_text("lost")
    # The old connections never will be.
    relay.silent = False
    relay.cut()


def test_a_connection_that_is_cut(page: Page, relay: Relay, tmp_path: Path, complaints: Complaints) -> None:
    with serve(relay, tmp_path / "log") as server:
        driver = opened(page, relay, server)
        before = busy(driver)
        page.evaluate("window.beforehand = true")
        relay.cut()
        back(driver, before)
    complaints.clear()


def test_a_server_that_is_killed(page: Page, relay: Relay, tmp_path: Path, complaints: Complaints) -> None:
    with serve(relay, tmp_path / "one") as server:
        driver = opened(page, relay, server)
        before = busy(driver)
        page.evaluate("window.beforehand = true")
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(10)
        expect(page.locator(".banner")).to_contain_text("The connection to the server is lost. Trying again…")
        expect(page.locator(".banner")).to_contain_text("The server does not answer. Your drawing is safe")
    with serve(relay, tmp_path / "two") as server:
        relay.server = server.port
        back(driver, before)
    complaints.clear()


def test_a_network_that_was_left_is_noticed_by_who_goes_on_drawing(
    page: Page, relay: Relay, tmp_path: Path, complaints: Complaints
) -> None:
    """The connection looks alive, as after a laptop's sleep: no word says that it is not."""
    with serve(relay, tmp_path / "log") as server:
        driver = opened(page, relay, server)
        driver.press("Clear")
        driver.draw(SEVEN)
        with left(page, relay):
            page.mouse.move(*driver.place(*ONE[0]))
            page.mouse.down()
            page.mouse.move(*driver.place(*ONE[1]), steps=8)
            page.mouse.up()
        wait_until(page, "!window.beforehand && window.Bokeh?.documents.length")
        # What nobody had heard of is there as well.
        driver.until(lambda: len(driver.lines()) == 2, "both strokes are there")
        driver.until(lambda: len(driver.drawn) == 2, "both strokes are known")
        driver.check_answer()
    complaints.clear()


def test_a_page_that_wakes_up_asks_whether_anybody_is_there(
    page: Page, relay: Relay, tmp_path: Path, complaints: Complaints
) -> None:
    with serve(relay, tmp_path / "log") as server:
        driver = opened(page, relay, server)
        before = busy(driver)
        with left(page, relay):
            page.evaluate("dispatchEvent(new Event('online'))")
        back(driver, before)
    complaints.clear()


def test_a_proxy_without_websockets_is_told_of(
    page: Page, relay: Relay, tmp_path: Path, complaints: Complaints
) -> None:
    relay.refusing = True
    with serve(relay, tmp_path / "log") as server:
        relay.server = server.port
        page.goto(f"http://127.0.0.1:{relay.port}/")
        expect(page.locator(".banner")).to_contain_text("could not be made. Trying again")
        expect(page.locator(".banner")).to_contain_text("A proxy in between may not pass websockets on")
        relay.refusing = False
        expect(page.locator(".v-answer .first")).to_have_text(re.compile(r"\d"))
        expect(page.locator(".banner")).to_have_count(0)
    complaints.clear()


def test_where_nothing_can_be_counted_it_is_told_at_once_and_tried_patiently(
    page: Page, relay: Relay, tmp_path: Path, complaints: Complaints
) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    relay.refusing = True
    with serve(relay, tmp_path / "log") as server:
        relay.server = server.port
        page.goto(f"http://127.0.0.1:{relay.port}/")
        expect(page.locator(".banner")).to_contain_text("A proxy in between may not pass websockets on")
    complaints.clear()
