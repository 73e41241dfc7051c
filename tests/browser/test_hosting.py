"""The page under the rules of a host: the content security policy, logins, pauses, and servers that end."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

import pytest
from conftest import Complaints
from driver import ONE, SEVEN, Driver, wait_until
from playwright.sync_api import Page, expect
from served import Served

from vizapp.serving.passwords import PasswordFile

SECRET = {"VIZAPP_SECRET_KEY": "correct horse battery staple and some more"}
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number: int = taken.getsockname()[1]
    return number


def test_the_page_works_without_breaking_its_policy(page: Page, server: Served) -> None:
    page.add_init_script(WATCH)
    driver = Driver(page).open(server.url)
    driver.press("Clear")
    driver.draw(SEVEN)
    driver.check_answer()
    # Whatever makes elements, pictures and files by itself.
    for name in ("Share…", "Examples…", "Help"):
        driver.button(name).click()
        page.keyboard.press("Escape")
    driver.choose("Network", "MLP")
    driver.check_answer()
    assert page.evaluate("violations") == []


def test_an_injected_script_does_not_run(page: Page, server: Served, complaints: Complaints) -> None:
    """That the policy is in force, and that the test above could fail."""
    page.add_init_script(WATCH)
    Driver(page).open(server.url)
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.hurt = 1";
          document.body.append(script);
          document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="window.hurt = 2">');
        }"""
    )
    wait_until(page, "violations.length >= 2")
    assert page.evaluate("window.hurt ?? null") is None
    complaints.clear()


def test_a_drawing_is_there_again_after_a_restart(
    page: Page, complaints: Complaints, port: int, tmp_path: Path
) -> None:
    arguments = ["--port", str(port)]
    with Served(tmp_path / "one", *arguments, environment=SECRET) as one:
        driver = Driver(page).open(one.url)
        driver.press("Clear")
        driver.draw(SEVEN)
        before = driver.drawn
        # It ends as soon as the page has said that all is kept, and not after its ten seconds.
        assert one.end(signal.SIGTERM) == 0
        assert "ended; 0 pages had not answered" in one.log
    expect(page.locator(".banner")).to_contain_text("being restarted")
    with Served(tmp_path / "two", *arguments, environment=SECRET):
        expect(page.locator(".banner")).to_have_count(0)
        driver.until(
            lambda: driver.saved is not None and len(driver.lines()) == 1, "the drawing is there again"
        )
        assert [stroke.points.tolist() for stroke in driver.drawn] == [
            stroke.points.tolist() for stroke in before
        ]
        driver.check_answer()
        driver.draw(ONE)
    # Of the browser, about a server that was not there.
    complaints.clear()


def test_a_stroke_on_the_paper_is_waited_for(
    page: Page, complaints: Complaints, port: int, tmp_path: Path
) -> None:
    with Served(tmp_path / "log", "--port", str(port), "--drain", "60") as server:
        driver = Driver(page).open(server.url)
        driver.press("Clear")
        driver.draw(SEVEN, lift=False)
        server.process.send_signal(signal.SIGTERM)
        driver.until(lambda: "1 pages are open" in server.log, "the server has heard")
        page.mouse.up()
        assert server.process.wait(60) == 0
        assert "ended; 0 pages had not answered" in server.log
        assert len(driver.drawn) == 1
    complaints.clear()


def test_a_page_on_which_nothing_happens_is_paused_and_goes_on_when_asked(page: Page, tmp_path: Path) -> None:
    with Served(tmp_path / "log", "--idle-minutes", "0.1") as server:
        driver = Driver(page).open(server.url)
        driver.press("Clear")
        driver.draw(SEVEN)
        banner = page.locator(".banner")
        expect(banner).to_contain_text("paused")
        banner.get_by_role("button", name="Go on").click()
        expect(banner).to_have_count(0)
        driver.until(lambda: len(driver.lines()) == 1, "the drawing is there again")
        driver.check_answer()


def test_a_person_logs_in_draws_and_logs_out(page: Page, tmp_path: Path) -> None:
    file = PasswordFile(tmp_path / "people")
    file.write("alice", "correct horse")
    with Served(tmp_path / "log", "--passwords", str(file.path), "--prefix", "/viz") as server:
        page.goto(server.url)
        page.get_by_label("Name").fill("alice")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Log in").click()
        expect(page.locator(".v-answer .first")).to_have_text(re.compile(r"\d"))
        driver = Driver(page)
        driver.press("Clear")
        driver.draw(SEVEN)
        driver.check_answer()
        page.get_by_role("link", name="Log out").click()
        expect(page.get_by_text("You are logged out.")).to_be_visible()
        page.goto(server.url)
        expect(page.get_by_role("button", name="Log in")).to_be_visible()
