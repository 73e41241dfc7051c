"""The workspace: columns that are dragged, moved by key, folded, and remembered; whatever the storage holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deep import deep, focus, unpressable
from driver import SEVEN, Driver
from playwright.sync_api import Locator, Page, expect
from served import Served

KEY = "vizapp:layout"


def width(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    return box["width"] if box else 0.0


def line(page: Page, name: str) -> Locator:
    return page.locator(f".splitter[data-sizes={name}]")


def drag(page: Page, name: str, by: float) -> None:
    box = line(page, name).bounding_box()
    assert box is not None
    # Not where the button to fold is.
    x, y = box["x"] + box["width"] / 2, box["y"] + 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by / 2, y, steps=3)
    page.mouse.move(x + by, y, steps=3)
    page.mouse.up()


def kept(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate(f"localStorage['{KEY}'] ?? '{{}}'"))


def same_picture(driver: Driver) -> None:
    """Both views fill their panes, and a node is where the page believes it to be."""
    page = driver.page
    for pane in ("flat", "scene"):
        driver.until(
            lambda p=pane: abs(width(page, f"#{p}") - width(page, f"#{p} canvas >> nth=0")) < 3,
            f"{pane} fills its pane",
        )


@pytest.mark.parametrize(("name", "by"), [("input", 60), ("inspector", -90)])
def test_a_column_is_dragged_and_its_width_remembered(
    page: Page, server: Served, name: str, by: float
) -> None:
    driver = Driver(page).open(server.url)
    before, views = width(page, f"#{name}"), width(page, ".panes.card")
    drag(page, name, by)
    assert width(page, f"#{name}") == pytest.approx(before + abs(by), abs=2)
    assert width(page, ".panes.card") == pytest.approx(views - abs(by), abs=2)
    same_picture(driver)
    expect(line(page, name)).to_have_attribute("aria-valuenow", str(round(width(page, f"#{name}"))))
    Driver(page).open(server.url)
    assert width(page, f"#{name}") == pytest.approx(before + abs(by), abs=2)
    # A double click brings the usual width back.
    box = line(page, name).bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + 60)
    assert width(page, f"#{name}") == pytest.approx(before, abs=1)
    assert kept(page)["sizes"] == {}


def test_the_pad_grows_with_its_column_and_draws_as_before(page: Page, server: Served) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    driver = Driver(page).open(server.url)
    before = width(page, ".pad-figure")
    drag(page, "input", 90)
    assert width(page, ".pad-figure") > before + 50
    driver.draw(SEVEN)
    driver.check_answer()
    # The ink is as wide as the network takes it to be.
    widths = page.evaluate(
        "Array.from(Bokeh.documents[0].get_model_by_name('vizapp-ink').data.width, Number)"
    )
    assert widths == [pytest.approx(2.4 * width(page, ".pad-figure") / 28, rel=0.02)]
    box = driver.pad.bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(box["height"], abs=1)


def test_the_views_share_their_room(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    before = width(page, "#flat")
    drag(page, "flat", 80)
    assert width(page, "#flat") == pytest.approx(before + 80, abs=8)
    same_picture(driver)
    share = kept(page)["sizes"]["flat"]
    Driver(page).open(server.url)
    assert width(page, "#flat") / width(page, ".panes.card") == pytest.approx(share / 100, abs=0.02)


def test_no_column_can_be_dragged_away(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    for name, by in (("input", -2000), ("inspector", 2000), ("flat", -2000)):
        drag(page, name, by)
    assert width(page, "#input") >= 299
    assert width(page, "#inspector") >= 259
    assert width(page, "#flat") >= 149
    for name, by in (("input", 2000), ("inspector", -2000)):
        drag(page, name, by)
    assert width(page, ".panes.card") >= 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert unpressable(page) == []


def test_keys_move_the_lines(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    before = width(page, "#inspector")
    line(page, "inspector").focus()
    assert focus(page)["role"] == "separator"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert width(page, "#inspector") == pytest.approx(before + 32, abs=1)
    page.keyboard.press("ArrowRight")
    assert width(page, "#inspector") == pytest.approx(before + 16, abs=1)
    page.keyboard.press("Home")
    assert width(page, "#inspector") == pytest.approx(260, abs=1)
    assert kept(page)["sizes"]["inspector"] == 260


@pytest.mark.parametrize(
    ("name", "within"), [("input", "Eraser"), ("inspector", "Keep this drawing as reference")]
)
def test_a_folded_column_is_gone_for_everybody(page: Page, server: Served, name: str, within: str) -> None:
    driver = Driver(page).open(server.url)
    views = width(page, ".panes.card")
    fold = page.locator(f".fold[data-sizes={name}]")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(fold).to_have_attribute("aria-label", f"Show the {name}")
    assert width(page, ".panes.card") > views + 250
    same_picture(driver)
    # Out of sight, out of the way of the Tab key, and out of what a screen reader finds.
    assert within not in deep(page, "deep.controls().map(deep.nameOf)")
    expect(page.get_by_role("button", name=within)).to_have_count(0)
    assert line(page, name).get_attribute("tabindex") == "-1"
    Driver(page).open(server.url)
    assert width(page, ".panes.card") > views + 250
    fold.click()
    assert width(page, ".panes.card") == pytest.approx(views, abs=2)
    expect(page.get_by_role("button", name=within)).to_be_visible()


def test_the_timeline_folds(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    fold = page.get_by_role("button", name="Fold the timeline")
    before = page.locator(".panes.card").bounding_box()
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_be_hidden()
    after = page.locator(".panes.card").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"] + 20
    Driver(page).open(server.url)
    expect(page.locator("#timeline")).to_be_hidden()
    page.get_by_role("button", name="Show the timeline").click()
    expect(page.locator("#timeline")).to_be_visible()


def test_enter_on_a_line_folds_its_column(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    line(page, "input").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-fold-input", "")
    # The focus does not get lost with it.
    assert focus(page)["name"] == "Show the input"
    page.keyboard.press("Enter")
    expect(page.locator("html")).not_to_have_attribute("data-fold-input", "")


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "{",
        "null",
        "5",
        "[]",
        '{"sizes": 3, "folded": "input"}',
        '{"sizes": {"input": "1px; } body { display: none", "flat": null, "toString": 4, "inspector": 1e99}}',
        '{"sizes": {"input": -5000, "flat": 4000}, "folded": ["input", "nothing", {"a": 1}, "__proto__"]}',
        '{"sizes": null, "folded": [null, "network", "main"]}',
    ],
)
def test_whatever_was_stored_the_page_is_usable(page: Page, server: Served, stored: str) -> None:
    page.add_init_script(f"localStorage.setItem({json.dumps(KEY)}, {json.dumps(stored)})")
    page.add_init_script("localStorage.setItem('vizapp:theme', '<b>')")
    driver = Driver(page).open(server.url)
    assert page.locator("html").get_attribute("data-theme") in ("light", "dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert width(page, ".panes.card") >= 300
    assert unpressable(page) == []
    assert driver.network == "cnn"


def test_a_forbidden_storage_is_no_storage(page: Page, server: Served) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    driver = Driver(page).open(server.url)
    drag(page, "inspector", -60)
    driver.draw(SEVEN)
    page.get_by_role("button", name="Theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    driver.check_answer()
