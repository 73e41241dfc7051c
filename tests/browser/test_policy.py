"""Every pane, dialog and file of the page under its content security policy."""

from __future__ import annotations

import re
from pathlib import Path

from driver import ONE, SEVEN, Driver
from inspected import Inspected
from playwright.sync_api import Page, expect
from served import Served

from vizapp import nets

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


def test_every_pane_keeps_to_the_policy(page: Page, server: Served) -> None:
    page.add_init_script(WATCH)
    driver = Driver(page).open(server.url)
    driver.press("Clear")
    driver.draw(SEVEN)
    for look in (timeline, aside, inspector, search, batch, tables, share, files):
        look(driver)
        assert page.evaluate("violations") == [], look.__name__
    driver.check_answer()


def timeline(driver: Driver) -> None:
    """A morph, each of the charts beside it, and a map of two sweeps."""
    page, root = driver.page, driver.page.locator(".v-timeline")
    root.get_by_role("button", name="Morph 1 → 2").click()
    expect(root.locator("[data-curve='strokes cnn'] [data-label='1']")).to_have_count(1)
    chart = page.get_by_label("Chart beside the curve")
    for name in chart.locator("option").evaluate_all("(all) => all.map((one) => one.value)"):
        chart.select_option(name)
    root.get_by_role("button", name="End the sweep").click()
    root.locator("summary", has_text="Vary").click()
    root.locator(".ranges button").first.click()
    chart.select_option("map")
    page.get_by_role("combobox", name="Cross with").select_option(index=1)
    expect(page.locator(".map-readout")).to_contain_text("inputs")
    root.get_by_role("button", name="End the sweep").click()


def aside(driver: Driver) -> None:
    """How sure, where the answer comes from in every way there is, and the map of the test images."""
    page = driver.page
    driver.choose("Aside", "hesitation")
    expect(page.get_by_test_id("hesitation").get_by_role("heading", name="Margin")).to_be_visible()
    methods = page.get_by_test_id("explaining").get_by_role("radio")
    for number in range(methods.count()):
        methods.nth(number).click()
        expect(methods.nth(number)).to_be_checked()
    driver.choose("Aside", "map")
    expect(
        page.get_by_test_id("landscape").get_by_role("list", name="Test images").get_by_role("button")
    ).to_have_count(24)


def inspector(driver: Driver) -> None:
    driver.choose("Aside", "node")
    Inspected(driver).select(nets.load("cnn").span("output").start + 7)


def search(driver: Driver) -> None:
    driver.page.keyboard.press("/")
    driver.page.keyboard.type("strongest 3 in fc2")
    expect(driver.page.get_by_role("option").first).to_contain_text("3 nodes")
    driver.page.keyboard.press("Enter")


def batch(driver: Driver) -> None:
    driver.page.get_by_role("button", name=re.compile("^Robustness")).click()
    expect(driver.page.get_by_role("dialog", name="Robustness")).to_be_visible()
    driver.page.keyboard.press("Escape")


def tables(driver: Driver) -> None:
    driver.page.get_by_role("button", name="Table: what the network sees", exact=True).click()
    expect(driver.page.get_by_role("dialog", name="Table").locator("table").first).to_be_visible()
    driver.page.keyboard.press("Escape")


def share(driver: Driver) -> None:
    for name in ("Share…", "Examples…", "Help"):
        driver.button(name).click()
        expect(driver.page.get_by_role("dialog")).to_be_visible()
        driver.page.keyboard.press("Escape")


def files(driver: Driver) -> None:
    """Pictures of the panes: made in the page, taken home as files."""
    page = driver.page
    for pane in ("the drawing", "what the network sees", "the flat plot", "the 3D scene", "the inspector"):
        for kind in ("PNG", "SVG"):
            if pane == "the 3D scene" and kind == "SVG":
                continue
            page.locator(f'summary[aria-label="Picture of {pane}"]').click()
            with page.expect_download() as download:
                page.get_by_title(f"Save a picture of {pane} as {kind}").click()
            assert Path(download.value.path()).stat().st_size > 100
    driver.draw(ONE)
