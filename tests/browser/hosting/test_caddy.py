"""Two servers behind the real Caddy, as deploy/caddy has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import Complaints
from driver import ONE, SEVEN, Driver
from playwright.sync_api import Page, expect
from proxied import ROOT, Pair, Program, in_its_own_loop, metric, paired

from tests.browser.hosting import parts
from tests.serving.person import visiting
from tests.serving.web import Visitor

pytestmark = pytest.mark.hosting

CADDYFILE = ROOT / "deploy" / "caddy" / "Caddyfile"


@contextmanager
def caddy(folder: Path, pair: Pair) -> Iterator[str]:
    """The address of the page behind it."""
    text = CADDYFILE.read_text("utf-8")
    assert text.count("127.0.0.1:5006 127.0.0.1:5007") == 2
    for old, new in (
        ("viz.example.org {", f"http://127.0.0.1:{pair.port} {{"),
        ("127.0.0.1:5006 127.0.0.1:5007", " ".join(f"127.0.0.1:{port}" for port in pair.ports)),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text, "utf-8")
    # It would write into the home folder.
    homes = [f"XDG_{name}_HOME={folder / name}" for name in ("CONFIG", "DATA")]
    command = [
        "env",
        *homes,
        parts.find("caddy"),
        "run",
        "--config",
        str(folder / "Caddyfile"),
        "--adapter",
        "caddyfile",
    ]
    with Program(command, folder, pair.port):
        yield f"http://127.0.0.1:{pair.port}/vizapp/"


def test_the_page_draws_through_caddy_and_comes_back_from_a_server_that_is_killed(
    page: Page, complaints: Complaints, tmp_path: Path
) -> None:
    with paired(tmp_path) as pair, caddy(tmp_path, pair) as url:
        page.goto(url[:-1])
        driver = Driver(page).open(url)
        driver.press("Clear")
        driver.draw(SEVEN)
        driver.check_answer()
        for address in ("healthz", "readyz", "metrics"):
            assert Visitor(url).ask(address).status == 404
        # One with the page; the page that /vizapp led to is gone.
        driver.until(lambda: sorted(pair.count()) == [0, 1], "the page and its websocket met the same server")
        assert sorted(pair.count("vizapp_sessions_opened_total")) == [0, 2]
        dying = pair.count().index(1)
        pair.servers[dying].process.kill()
        driver.until(
            lambda: metric(pair.metrics[1 - dying], "vizapp_connections") == 1, "the other has the page"
        )
        expect(page.locator(".banner")).to_have_count(0)
        driver.until(lambda: len(driver.lines()) == 1, "the drawing is there again")
        driver.draw(ONE)
        driver.check_answer()
        page.goto("about:blank")
    # Of the browser, about a server that was not there.
    complaints.clear()


def test_a_full_server_hands_on_to_the_next(tmp_path: Path) -> None:
    with paired(tmp_path, "--max-sessions", "1") as pair, caddy(tmp_path, pair) as url:
        visitor = Visitor(url)
        visitor.ask(method="HEAD")
        cookie = {"Cookie": f"vizapp_route={visitor.cookies['vizapp_route']}"}
        through = SimpleNamespace(url=url)

        async def work() -> None:
            async with visiting(through, **cookie) as first, visiting(through, **cookie) as second:  # type: ignore[arg-type]
                for person in (first, second):
                    await person.open()
                    await person.draw(SEVEN)
                assert pair.count("vizapp_sessions_opened_total") == [1, 1]
                full = visitor.ask()
                assert full.status == 503
                assert "All places here are taken" in full.text

        in_its_own_loop(work())
