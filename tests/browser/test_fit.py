"""The page fits every screen: nothing covered, nothing cut off, nothing scrolls sideways; a phone is drawn on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from deep import cut_off, deep, small_targets, unpressable
from driver import SEVEN, Driver
from playwright.sync_api import Browser, Page, expect
from served import Served

DESKTOPS = [(1280, 720), (1366, 768), (1440, 900), (1920, 1080)]
TABLETS = [(768, 1024), (1024, 768)]
PHONES = [(320, 640), (360, 740), (390, 844), (414, 896), (844, 390)]
VIEWS = ["flat", "scene", "inspector", "timeline"]


def fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert cut_off(page) == []
    assert unpressable(page) == []


def select(driver: Driver, text: str) -> None:
    """A node, by the search field."""
    field = driver.page.get_by_role("combobox", name="Find nodes")
    field.fill(text)
    expect(driver.page.get_by_role("listbox", name="Found nodes").get_by_role("option").first).to_be_visible()
    field.press("Enter")
    expect(driver.page.get_by_test_id("spoken")).to_have_text("1 node selected")


@pytest.mark.parametrize(("width", "height"), DESKTOPS)
def test_a_desktop_shows_everything_at_once(page: Page, server: Served, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    driver = Driver(page).open(server.url)
    fits(page, width)
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    for item in (driver.pad, driver.answer, driver.seen, page.locator(".v-flat"), page.locator(".v-scene")):
        box = item.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    # Nor does the left column need a scroll bar.
    assert page.locator("#input").evaluate("(e) => e.scrollHeight <= e.clientHeight")
    select(driver, "conv2 map 7 (3, 4)")
    fits(page, width)
    assert small_targets(page) == []


def morph(page: Page) -> None:
    page.get_by_role("button", name="Morph 1 → 2").click()
    expect(page.locator(".v-timeline .numbers-of td").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), DESKTOPS)
def test_a_desktop_has_room_for_a_sweep(page: Page, server: Served, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    driver = Driver(page).open(server.url)
    morph(page)
    driver.until(lambda: not unpressable(page), "everything can be pressed")
    fits(page, width)
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    assert small_targets(page) == []
    timeline, panes = (page.locator(name).bounding_box() for name in ("#timeline", ".panes.card"))
    assert timeline is not None
    assert panes is not None
    assert panes["height"] >= 200
    assert panes["y"] + panes["height"] <= timeline["y"]
    # Both views have their whole network in what is left for them.
    for view in (page.locator(".v-flat"), page.locator(".v-scene")):
        box = view.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= timeline["y"]
    for node in (0, 9133):
        _, y = driver.flat_place(node)
        assert panes["y"] <= y <= panes["y"] + panes["height"]


@pytest.mark.parametrize("phone", [PHONES[0], PHONES[2]], indirect=True, ids=str)
def test_a_phone_has_room_for_a_sweep(phone: Driver) -> None:
    page = phone.page
    size = page.viewport_size
    assert size is not None
    show(phone, "timeline")
    morph(page)
    phone.until(lambda: not unpressable(page), "everything can be pressed")
    fits(page, size["width"])
    assert small_targets(page) == []
    # The panes are beside it no longer, and come back.
    show(phone, "flat")
    expect(page.locator(".v-flat")).to_be_visible()
    fits(page, size["width"])


@pytest.mark.parametrize(("width", "height"), TABLETS)
def test_a_tablet_scrolls_down_only(page: Page, server: Served, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    Driver(page).open(server.url)
    fits(page, width)


@pytest.fixture
def phone(browser: Browser, server: Served, request: pytest.FixtureRequest) -> Iterator[Driver]:
    width, height = getattr(request, "param", (390, 844))
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    yield Driver(context.new_page()).open(server.url)
    context.close()


def show(driver: Driver, view: str) -> None:
    button = driver.page.locator(f".views [data-view={view}]")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("phone", PHONES, indirect=True, ids=lambda size: "×".join(map(str, size)))
def test_a_phone_shows_pad_answer_and_one_pane_at_a_time(phone: Driver) -> None:
    page = phone.page
    size = page.viewport_size
    assert size is not None
    box = phone.pad.bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(box["height"], abs=1)
    assert 238 <= box["width"] <= min(size["width"], max(size["height"], 400))
    for view in VIEWS:
        show(phone, view)
        if view in ("flat", "scene"):
            # A pane that was hidden gets its size, and then its picture.
            canvas = page.locator(f"#{view} canvas").first
            phone.until(
                lambda c=canvas: (c.bounding_box() or {"width": 0})["width"] > 200, f"{view} has a size"
            )
            phone.until(lambda: not unpressable(page), "names are in their places")
        fits(page, size["width"])
        assert small_targets(page) == []
        panes = [page.locator(f"#{name}") for name in ("flat", "scene", "inspector", "timeline")]
        assert [pane.is_visible() for pane in panes] == [view == name for name in VIEWS]


def test_pad_and_first_guess_are_on_the_phone_together(phone: Driver) -> None:
    top, answer = phone.pad.bounding_box(), phone.answer.bounding_box()
    assert top is not None
    assert answer is not None
    assert answer["y"] + answer["height"] - top["y"] <= 844 - 60


def test_a_finger_draws_and_does_not_scroll(phone: Driver) -> None:
    page = phone.page
    before = phone.saved
    touch = page.context.new_cdp_session(page)
    places = [phone.place(x, y) for x, y in SEVEN]
    path = [(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) for a, b in pairwise(places)
            for t in (0, 0.25, 0.5, 0.75, 1)]  # fmt: skip

    def send(kind: str, points: list[tuple[float, float]]) -> None:
        touch.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    send("touchStart", [path[0]])
    for place in path[1:]:
        send("touchMove", [place])
    send("touchEnd", [])
    phone.until(lambda: phone.saved != before, "the stroke has arrived")
    assert page.evaluate("[scrollX, scrollY]") == [0, 0]
    assert len(phone.strokes) == 1
    assert len(phone.strokes[0]) >= len(path) - 2
    phone.check_answer()


def test_what_a_phone_scrolls_to_is_not_under_the_names_of_the_panes(phone: Driver) -> None:
    select(phone, "fc1 unit 31")
    show(phone, "inspector")
    assert unpressable(phone.page) == []


def test_a_phone_walks_with_everything_in_reach(phone: Driver) -> None:
    show(phone, "timeline")
    phone.page.get_by_role("button", name="Step through").click()
    expect(phone.page.get_by_role("group", name="Player")).to_be_visible()
    for view in ("timeline", "flat"):
        show(phone, view)
        phone.until(lambda: not unpressable(phone.page), "everything can be pressed")
        fits(phone.page, 390)
        assert small_targets(phone.page) == []


def test_popovers_do_not_cover_the_views_they_act_on(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    views = page.locator(".panes.card").bounding_box()
    assert views is not None
    for name in ("Filter edges", "Layers"):
        page.locator("summary", has_text=name).click()
        panel = page.locator(".layer:popover-open")
        box = panel.bounding_box()
        assert box is not None
        assert box["x"] >= views["x"] + views["width"]
        assert box["x"] + box["width"] <= 1440
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)


def test_those_who_ask_for_no_motion_see_none(browser: Browser, server: Served) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    Driver(page).open(server.url)
    moving = deep(
        page,
        """deep.walk().filter((e) => ['transitionDuration', 'animationDuration'].some((name) =>
          getComputedStyle(e)[name].split(',').some((time) => parseFloat(time) > 0))).map(deep.nameOf)""",
    )
    assert moving == []
    assert page.evaluate("document.getAnimations().length") == 0
    context.close()
