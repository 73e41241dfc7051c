"""A real Chromium, and in it a page that may not complain."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from chromium import launch
from driver import Driver
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from served import Served

# A machine may be busy; what is expected takes a second on a quiet one.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


class Complaints(list[str]):
    """What a page said on its console as an error, or threw. A test that expects some clears them."""

    def watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.append(f"exception: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.append(f"console: {message.text} ({message.location.get('url')})")


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def page(browser: Browser, complaints: Complaints) -> Iterator[Page]:
    """A new, empty page in a context of its own. The test fails if the page complains."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints.watch(page)
    yield page
    context.close()
    assert not complaints, "the page complained:\n" + "\n".join(complaints)


@pytest.fixture
def phone(browser: Browser, server: Served, complaints: Complaints) -> Iterator[Driver]:
    """A page on a narrow screen, of somebody who wants no motion."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    complaints.watch(page)
    page.goto(server.url)
    expect(page.locator(".v-answer .first")).to_have_text(re.compile(r"\d"))
    yield Driver(page)
    context.close()
    assert not complaints
