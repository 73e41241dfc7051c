"""Everything that the page asks for comes from its own server, is there, and is small on the wire."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from driver import wait_until
from playwright.sync_api import Browser, Page, Response, expect
from served import Served

MOST_BYTES = 4_000_000
PEN_ANSWERED = "performance.getEntriesByName('vizapp:pen-to-answer').length > 0"


class Traffic:
    """Every request of a page, every answer, every websocket, and the bytes they brought."""

    def __init__(self, page: Page) -> None:
        self.urls: list[str] = []
        self.bad: list[str] = []
        self.failed: list[str] = []
        self.socket_bytes = 0
        page.on("request", lambda request: self.urls.append(request.url))
        page.on("requestfailed", lambda request: self.failed.append(request.url))
        page.on("response", self._answered)
        page.on("websocket", self._connected)
        # Sizes as they are on the wire, compressed: only the protocol beneath Playwright's tells them.
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self.http_bytes = 0
        self._session.on("Network.loadingFinished", self._finished)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.bad.append(f"{response.status} {response.url}")

    def _connected(self, socket: object) -> None:
        self.urls.append(socket.url)  # type: ignore[attr-defined]
        socket.on("framereceived", self._framed)  # type: ignore[attr-defined]

    def _framed(self, frame: str | bytes) -> None:
        self.socket_bytes += len(frame)

    def _finished(self, event: dict[str, float]) -> None:
        self.http_bytes += int(event["encodedDataLength"])


def wait_for_an_answer(page: Page) -> None:
    expect(page.get_by_test_id("answer").locator(".first")).to_have_text(re.compile(r"\d"))


def open_and_draw(page: Page, url: str) -> None:
    page.goto(url)
    wait_for_an_answer(page)
    pad = page.locator(".pad-figure").bounding_box()
    assert pad is not None
    x, y = pad["x"] + pad["width"] / 2, pad["y"] + pad["height"] / 4
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + pad["height"] / 2, steps=12)
    page.mouse.up()
    wait_until(page, PEN_ANSWERED)


def test_no_request_leaves_the_server(page: Page, server: Served) -> None:
    traffic = Traffic(page)
    open_and_draw(page, server.url)
    page.reload()
    wait_for_an_answer(page)
    origin = urlsplit(server.url).netloc
    elsewhere = [
        url
        for url in traffic.urls
        if urlsplit(url).netloc != origin and not url.startswith(("data:", "blob:"))
    ]
    assert not elsewhere
    assert not traffic.bad
    assert any(url.startswith("ws:") for url in traffic.urls)
    assert any("vizapp.js" in url for url in traffic.urls)


def test_the_first_visit_fits_in_four_megabytes(page: Page, server: Served) -> None:
    traffic = Traffic(page)
    page.goto(server.url)
    wait_for_an_answer(page)
    print(f"\nfirst visit: {traffic.http_bytes} bytes of files, {traffic.socket_bytes} through the websocket")
    assert 0 < traffic.http_bytes + traffic.socket_bytes < MOST_BYTES


@pytest.mark.parametrize("prefix", ["/user/name/proxy/5006", "/viz"])
def test_the_page_works_below_a_prefix(
    page: Page, prefix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Served(tmp_path_factory.mktemp("prefixed") / "log", "--prefix", prefix) as prefixed:
        traffic = Traffic(page)
        open_and_draw(page, prefixed.url)
        assert urlsplit(prefixed.url).path == f"{prefix}/"
        own = [url for url in traffic.urls if not url.startswith(("data:", "blob:"))]
        assert all(urlsplit(url).path.startswith(f"{prefix}/") for url in own)
        assert not traffic.bad


def test_several_processes_serve_one_page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A page and its websocket meet different processes sooner or later; each page must answer the pen."""
    log = tmp_path_factory.mktemp("several") / "log"
    with Served(log, "--num-procs", "2") as server:
        for _ in range(4):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            open_and_draw(page, server.url)
            context.close()
