"""Servers behind the real nginx that are killed, ended and full: nobody's drawing is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Complaints
from driver import ONE, SEVEN, Driver
from playwright.sync_api import Browser, BrowserContext, Page, expect
from proxied import Nginx, Pair, metric, paired
from selector import Selector
from served import Served

pytestmark = pytest.mark.hosting

# What the banner said, also after the page has loaded itself anew.
NOTE_BANNER = """() => new MutationObserver(() => {
  const banner = document.querySelector(".banner");
  if (banner) sessionStorage.said = banner.textContent;
}).observe(document.body, { childList: true, subtree: true })"""


@contextmanager
def proxied(folder: Path, *arguments: str) -> Iterator[tuple[Pair, Nginx]]:
    with paired(folder, *arguments) as pair, Nginx(folder / "nginx", pair.port, pair.ports) as nginx:
        yield pair, nginx


def lead(page: Page, nginx: Nginx, server: Served) -> None:
    """Make this the page of somebody whom the cookie leads to this server."""
    route = nginx.route_to(server)
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "vizapp_route", "value": route, "url": nginx.url}])


@pytest.fixture
def come(browser: Browser, complaints: Complaints) -> Iterator[Callable[[], Page]]:
    """Makes a page of one more person's."""
    contexts: list[BrowserContext] = []

    def make() -> Page:
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}))
        page = contexts[-1].new_page()
        complaints.watch(page)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_pages_of_a_server_that_is_gone_come_back_on_the_other(
    page: Page, complaints: Complaints, tmp_path: Path, number: signal.Signals
) -> None:
    with proxied(tmp_path) as (pair, nginx):
        dying = pair.servers[0]
        lead(page, nginx, dying)
        driver = Selector(page)
        driver.open(nginx.url)
        driver.press("Clear")
        driver.draw(SEVEN)
        driver.take("mlp")
        node = driver.node("output", 3)
        driver.click(driver.flat_place(node))
        driver.selected({node})
        driver.until(lambda: set(driver.explorer.selection) == {node}, "the selection is kept")
        drawn = [stroke.points.tolist() for stroke in driver.drawn]
        assert pair.count() == [1, 0]
        page.evaluate(NOTE_BANNER)
        code = dying.end(number)
        if number == signal.SIGTERM:
            assert code == 0
            assert "ended; 0 pages had not answered" in dying.log
        driver.until(lambda: metric(pair.metrics[1], "vizapp_connections") == 1, "the other has the page")
        expect(page.locator(".banner")).to_have_count(0)
        words = "is being restarted" if number == signal.SIGTERM else "is lost"
        assert words in page.evaluate("sessionStorage.said")
        driver.selected({node})
        assert driver.network == "mlp"
        assert [stroke.points.tolist() for stroke in driver.drawn] == drawn
        driver.draw(ONE)
        driver.check_answer()
    # Of the browser, about a server that was not there.
    complaints.clear()


def test_a_full_server_hands_on_to_the_next_and_when_all_are_full_it_is_said(
    come: Callable[[], Page], complaints: Complaints, tmp_path: Path
) -> None:
    with proxied(tmp_path, "--max-sessions", "1") as (pair, nginx):
        first, second, third = come(), come(), come()
        lead(first, nginx, pair.servers[0])
        one = Driver(first).open(nginx.url)
        # Led to the first as well, which is full: page and websocket both go on to the other.
        lead(second, nginx, pair.servers[0])
        two = Driver(second).open(nginx.url)
        assert pair.count() == [1, 1]
        assert pair.count("vizapp_sessions_opened_total") == [1, 1]
        for server in pair.servers:
            lead(third, nginx, server)
            for _ in range(2):
                third.goto(nginx.url)
                expect(third.get_by_text("All places here are taken")).to_be_visible()
        third.goto("about:blank")
        # Who has a place keeps it, however many knock.
        for driver in (one, two):
            driver.draw(SEVEN)
            driver.check_answer()
        assert pair.count() == [1, 1]
        first.context.close()
        two.until(lambda: pair.count() == [0, 1], "the place is free")
        driver = Driver(third).open(nginx.url)
        driver.draw(SEVEN)
        driver.check_answer()
    # Of the browser, about the pages that were refused.
    assert all("503" in complaint for complaint in complaints), complaints
    complaints.clear()
