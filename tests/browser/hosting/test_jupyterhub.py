"""vizapp in a real JupyterHub: the tile in everybody's launcher, and one service for all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import Complaints
from driver import PAINTED, SEVEN, Driver
from hub import Hub
from lab import TOKEN, Lab
from playwright.sync_api import Browser, BrowserContext, Page, expect
from proxied import in_its_own_loop
from served import PATIENCE
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from tests.serving.web import Visitor
from vizapp.state.link import make_link

pytestmark = pytest.mark.hosting


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with Hub(tmp_path_factory.mktemp("h")) as hub:
        yield hub


@pytest.fixture
def person(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """A browser of its own for each."""
    contexts: list[BrowserContext] = []

    def enter() -> BrowserContext:
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}))
        contexts[-1].set_default_timeout(PATIENCE * 1000)
        return contexts[-1]

    yield enter
    for context in contexts:
        context.close()


def log_in(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("any")
    page.get_by_role("button", name="Sign in").click()


def draws_and_reads(page: Page, complaints: Complaints) -> None:
    """The page answers what the network makes of the stroke."""
    driver = Driver(page)
    expect(driver.first).to_have_text(re.compile(r"\d"))
    driver.until(lambda: page.evaluate(PAINTED), "both views are painted")
    driver.press("Clear")
    driver.draw(SEVEN)
    driver.check_answer()
    assert not complaints


def click_the_tile(page: Page, complaints: Complaints) -> Page:
    """The page that it opens."""
    tile = page.get_by_role("button", name=re.compile("^vizapp"))
    icon = tile.get_by_role("img")
    expect(icon).to_be_visible()
    Driver(page).until(lambda: icon.evaluate("(img) => img.naturalWidth > 0"), "the icon is there")
    page.context.on("page", complaints.watch)
    with page.context.expect_page() as opened:
        # Notices of JupyterLab's may lie over it.
        tile.dispatch_event("click")
    return opened.value


def check_refused(url: str, *attempts: tuple[int, str, str]) -> None:
    """Websockets that cannot be opened: the status that says so, the origin, and cookies."""

    async def work() -> None:
        for status, origin, sent in attempts:
            headers = {"Origin": origin, "Cookie": sent}
            request = HTTPRequest(
                url.replace("http", "ws", 1) + "ws", headers=headers, request_timeout=PATIENCE
            )
            with pytest.raises(HTTPClientError) as refused:
                (await websocket_connect(request, subprotocols=["bokeh", "x"])).close()
            assert refused.value.code == status

    in_its_own_loop(work())


def cookies(context: BrowserContext, url: str) -> str:
    return "; ".join(f"{one['name']}={one['value']}" for one in context.cookies(url))


def test_the_tile_in_the_launcher(
    hub: Hub, person: Callable[[], BrowserContext], complaints: Complaints
) -> None:
    page = person().new_page()
    page.goto(hub.url)
    log_in(page, "alice")
    page.wait_for_url(f"{hub.url}user/alice/lab**")
    opened = click_the_tile(page, complaints)
    url = f"{hub.url}user/alice/vizapp/"
    opened.wait_for_url(url)
    draws_and_reads(opened, complaints)

    # Another person's login, or a page of another host with the person's own, is not enough.
    other = person()
    stranger = other.new_page()
    stranger.goto(url)
    log_in(stranger, "mallory")
    expect(stranger.get_by_role("heading", name="You do not have permission")).to_be_visible()
    here, elsewhere = hub.url.rstrip("/"), "https://elsewhere.example"
    mine, theirs = cookies(page.context, url), cookies(other, url)
    check_refused(url, (403, elsewhere, mine), (403, here, ""), (403, here, theirs))

    # It ends with the person's server, and leaves no socket.
    sockets = list(hub.temporary.glob("*/socket"))
    assert len(sockets) == 1
    page.goto(f"{hub.url}hub/home")
    page.get_by_role("button", name="Stop My Server").click()
    Driver(page).until(lambda: not sockets[0].exists(), "the socket is gone")

    # Started again, it has the drawing.
    driver = Driver(opened)
    (before,) = driver.strokes
    expect(opened.get_by_role("alert").first).to_contain_text("Your drawing is safe in this tab")
    complaints.clear()
    opened.get_by_role("button", name="Reload now").click()
    opened.get_by_role("link", name="Launch Server").or_(
        opened.get_by_role("button", name="Launch Server")
    ).click()
    opened.wait_for_url(re.compile(re.escape(url)))
    expect(driver.first).to_have_text(re.compile(r"\d"))
    (after,) = driver.strokes
    assert after.tolist() == before.tolist()
    driver.check_answer()


def test_the_service_with_the_hub_s_login(
    hub: Hub, person: Callable[[], BrowserContext], complaints: Complaints
) -> None:
    url = f"{hub.url}services/vizapp/"
    visitor = Visitor(url)
    assert visitor.ask("static/js/bokeh.min.js").status == 401
    assert visitor.ask("healthz").status == 200

    # Whoever is a stranger is led to the Hub's login, and then back.
    page = person().new_page()
    complaints.watch(page)
    page.goto(url)
    assert page.url.startswith(f"{hub.url}hub/login?")
    log_in(page, "alice")
    page.wait_for_url(url)
    draws_and_reads(page, complaints)

    # A link's drawing is there after the login.
    driver = Driver(page)
    link = make_link(driver._restored())
    driver.until(lambda: page.evaluate("location.hash") == link, "the address has the drawing")
    invited = person().new_page()
    complaints.watch(invited)
    invited.goto(f"{url}{link}")
    log_in(invited, "alice")
    guest = Driver(invited)
    expect(guest.first).to_have_text(re.compile(r"\d"))
    guest.until(lambda: guest.saved and len(guest.lines()) == 1, "the drawing is there")
    (sent,), (arrived,) = driver.strokes, guest.strokes
    # A link has the corners of a stroke, in steps of 1/255.
    np.testing.assert_allclose(arrived[[0, -1]], sent[[0, -1]], atol=0.01)
    guest.check_answer()
    assert not complaints

    # Who is not in the group is told so.
    other = person()
    stranger = other.new_page()
    stranger.goto(url)
    log_in(stranger, "mallory")
    refusal = "You do not have permission to access JupyterHub service vizapp"
    expect(stranger.get_by_role("heading", name=refusal)).to_be_visible()
    here, elsewhere = hub.url.rstrip("/"), "https://elsewhere.example"
    mine, theirs = cookies(page.context, url), cookies(other, url)
    check_refused(url, (401, here, ""), (401, here, theirs), (403, elsewhere, mine))
    assert "user" not in {one["name"] for one in other.cookies(url)}

    page.get_by_role("link", name="Log out").click()
    expect(page.get_by_text("You are logged out here")).to_be_visible()
    assert not [one for one in page.context.cookies(url) if one["path"].startswith("/services")]


def test_the_tile_without_a_hub(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    person: Callable[[], BrowserContext],
    complaints: Complaints,
) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    page = person().new_page()
    with Lab(tmp_path) as lab:
        page.goto(f"{lab.url}lab?token={TOKEN}&reset")
        opened = click_the_tile(page, complaints)
        opened.wait_for_url(f"{lab.url}vizapp/")
        draws_and_reads(opened, complaints)
        (used,) = temporary.glob("*/socket")
        # Nobody is there to complain to while it ends.
        opened.close()
    Driver(page).until(lambda: not used.exists(), "the socket is gone")
