"""The page fits: small screens, the keyboard, and readers of the screen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from driver import SEVEN, Driver
from playwright.sync_api import Browser, Page, expect
from served import Served

DEEP = """
  const focused = () => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
  };
"""


@pytest.mark.parametrize(
    ("width", "height"), [(390, 844), (768, 1024), (1024, 768), (1366, 768), (1440, 900), (1920, 1080)]
)
def test_no_size_scrolls_sideways(page: Page, server: Served, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    driver = Driver(page).open(server.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = driver.pad.bounding_box()
    assert box is not None
    assert box["width"] >= 280
    assert box["height"] >= 280
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1440, 900), (1920, 1080)])
def test_pad_answer_and_both_views_are_in_sight_at_once(
    page: Page, server: Served, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    driver = Driver(page).open(server.url)
    for item in (driver.pad, driver.answer, page.locator(".v-flat"), page.locator(".v-scene")):
        box = item.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_a_phone_draws_sees_the_answer_and_one_view(browser: Browser, server: Served) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    driver = Driver(context.new_page()).open(server.url)
    driver.draw(SEVEN)
    driver.check_answer()
    expect(driver.page.locator(".v-flat")).to_be_visible()
    assert driver.page.evaluate("document.documentElement.scrollWidth") <= 390
    # Pad and first guess are on the screen together.
    top, answer = driver.pad.bounding_box(), driver.first.bounding_box()
    assert top is not None
    assert answer is not None
    assert answer["y"] + answer["height"] - top["y"] <= 844
    driver.choose("Show", "3D")
    expect(driver.page.locator(".v-scene canvas")).to_be_visible()
    context.close()


def tab_through(page: Page, most: int = 80) -> list[dict[str, Any]]:
    """What Tab reaches from the top of the page, in order."""
    reached: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        element = page.evaluate(
            "() => {"
            + DEEP
            + """
            const element = focused();
            if (!element || element === document.body) return null;
            const seen = (e) => { const s = getComputedStyle(e);
              return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none'; };
            let shown = seen(element);
            for (let e = element; e && !shown; e = e.parentElement ?? e.getRootNode().host)
              if (e.classList?.contains('pad-figure')) shown = seen(e);
            const name = element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.textContent;
            return { tag: element.tagName, name: (name || element.title || '').trim(), shown };
            }"""
        )
        if element is None:
            break
        reached.append(element)
    return reached


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    reached = tab_through(page)
    names = " | ".join(item["name"] for item in reached)
    for wanted in (
        "Skip to the workspace", "Theme", "Help", "Drawing pad", "Pen", "Eraser", "Clear", "Width",
        "Fit and centre", "Examples…", "Image…", "Zoom in", "Front", "Flatten", "Layers",
    ):  # fmt: skip
        assert wanted in names, f"{wanted!r} is not reached: {names}"
    assert [item for item in reached if not item["shown"]] == []
    assert [item for item in reached if not item["name"]] == []


def test_a_choice_is_made_with_the_arrow_keys(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    page.get_by_role("radio", name="cnn").focus()
    page.keyboard.press("ArrowRight")
    driver.until(lambda: driver.network == "mlp", "the arrow chose the other network")


def test_dialogs_close_by_escape_and_give_the_focus_back(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    for name in ("Help", "Examples…"):
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).not_to_be_visible()
        focused = page.evaluate("() => {" + DEEP + "return focused()?.textContent; }")
        assert re.search(name, focused or "")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, server: Served, theme: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
    driver = Driver(context.new_page()).open(server.url)
    found = Axe().run(driver.page)
    said = [
        f"{item['impact']}: {item['id']}: {item['help']}: {[n['html'][:120] for n in item['nodes']][:3]}"
        for item in found.response["violations"]
    ]
    context.close()
    assert said == []
