"""The map of the test images, as a person uses it: looked at, zoomed, brushed, clicked, drawn on; by keyboard, too."""

from __future__ import annotations

import csv
import re
from typing import Any

import numpy as np
import pytest
from deep import cut_off, deep, small_targets, unpressable
from driver import PATIENCE, SEVEN, Driver
from playwright.sync_api import Browser, Locator, Page, expect
from served import Served
from test_everyone import violations

from vizapp import nets
from vizapp.analysis.landscape import Landscape, landscape
from vizapp.inputs import reference

MARGIN = 0.06
"""Free around all images, as a share of the side; as in landscape/view.ts."""


class Map:
    """The map of a driver's page."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.page = driver.page
        self.root = self.page.get_by_test_id("landscape")
        self.figure = self.root.get_by_role("application", name="Map of the test images")
        self.raster = self.root.locator("canvas.raster")
        self.pointed = self.root.locator(".pointed-at")
        self.images = self.root.get_by_role("list", name="Test images").get_by_role("button")
        self.grid = self.root.get_by_role("list", name="Test images")

    def open(self) -> Map:
        self.driver.choose("Aside", "map")
        expect(self.root.locator(".waiting")).to_be_hidden()
        expect(self.images).to_have_count(24)
        return self

    @property
    def known(self) -> Landscape:
        state = self.driver.state
        return landscape(nets.load(state["network"]), state.get("projection", "pca"))

    def box(self) -> dict[str, float]:
        found = self.figure.bounding_box()
        assert found is not None
        return found

    def px(self, zoom: float = 1) -> np.ndarray[Any, Any]:
        """Where each image is on the screen while the map is as it was at first, or zoomed into its middle."""
        box, place = self.box(), self.known.position.astype(float)
        low, high = place.min(axis=0), place.max(axis=0)
        unit = (1 + 2 * MARGIN) * max((high - low) / [box["width"], box["height"]]) / zoom
        offset = (place - (low + high) / 2) / unit * [1, -1]
        middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
        return offset + middle

    def inside(self, zoom: float = 1) -> int:
        """How many images are in sight."""
        box = self.box()
        at = self.px(zoom) - [box["x"], box["y"]]
        return int(((at >= 0) & (at <= [box["width"], box["height"]])).all(axis=1).sum())

    def expect_shown(self, count: int) -> None:
        expect(self.raster).to_have_attribute("data-shown", str(count))
        expect(self.root).to_contain_text(f"{count:,} of 10,000 in sight")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def drag(self, *points: tuple[float, float]) -> None:
        """From one point of the map to the next, as shares of its sides."""
        box = self.box()
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def loaded(self, index: int) -> None:
        """The image is on the pad, and the answer is the network's answer to it."""
        self.driver.until(lambda: self.driver.state["drawing"].get("image"), "an image is on the pad")
        network = nets.load(self.driver.state["network"])
        expected = 100 * network.forward(reference()[0][index] / np.float32(255)).probabilities[0]
        self.driver.until(
            lambda: np.allclose(self.driver.percentages(), expected, atol=0.1),
            f"the answer becomes {expected.round(1)}",
        )

    @property
    def place(self) -> list[float]:
        """Where the drawing is on the map."""
        return [float(value) for value in (self.root.get_attribute("data-place") or "").split(",") if value]


@pytest.fixture
def map_(page: Page, server: Served) -> Map:
    return Map(Driver(page).open(server.url)).open()


def test_zooming_and_moving_brings_new_pictures(map_: Map) -> None:
    map_.expect_shown(10_000)
    map_.button("Zoom in on the map").click()
    map_.button("Zoom in on the map").click()
    count = map_.inside(1.5**2)
    assert 1000 < count < 10_000
    map_.expect_shown(count)
    before = map_.raster.evaluate("(canvas) => canvas.toDataURL()")
    map_.drag((0.5, 0.5), (0.7, 0.6))
    expect(map_.raster).not_to_have_attribute("data-shown", str(count))
    assert map_.raster.evaluate("(canvas) => canvas.toDataURL()") != before
    # What is under the pointer stays there when the wheel turns.
    box = map_.box()
    map_.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    map_.page.mouse.wheel(0, 2000)
    map_.button("Show the whole map").click()
    map_.expect_shown(10_000)


def test_colours_and_projections(map_: Map) -> None:
    driver = map_.driver
    seen = set()
    for colour in ("Entropy", "Margin", "Error", "Class"):
        driver.choose("Colour", colour)
        expect(map_.raster).to_have_attribute("data-colour", colour.lower())
        seen.add(map_.raster.evaluate("(canvas) => canvas.toDataURL()"))
        driver.until(lambda c=colour: driver.state.get("map_colour", "class") == c.lower(), "it is kept")
    assert len(seen) == 4
    map_.button("Only the 3s in colour").click()
    threes = int((reference()[1] == 3).sum())
    expect(map_.root).to_contain_text(f"{threes:,} 3s in sight")
    map_.button("Only the 3s in colour").click()
    driver.choose("Projection", "LDA")
    driver.until(lambda: driver.state.get("projection") == "lda", "it is chosen")
    share = 100 * map_.known.projection.share
    expect(map_.root).to_contain_text(f"10,000 of 10,000 in sight · {share:.1f} % of the variance")
    map_.root.get_by_text("What this map is").click()
    expect(map_.root).to_contain_text("Made with the labels, it shows them further apart than they are")
    expected = map_.known.project(driver.trace())[0]
    driver.until(lambda: np.allclose(map_.place, expected, atol=0.05), "the drawing is on the new map")


def test_what_is_pointed_at_is_shown_and_a_click_loads_it(map_: Map) -> None:
    # One that stands by itself.
    at = map_.px()
    distance = np.hypot(*(at[:, None] - at[None, map_.known.most_ambiguous(200)]).transpose(2, 0, 1))
    alone = int(np.partition(distance, 1, axis=0)[1].argmax())
    index = int(map_.known.most_ambiguous(200)[alone])
    map_.page.mouse.move(*at[index])
    expect(map_.pointed).to_be_visible()
    expect(map_.pointed).to_have_attribute("data-index", str(index))
    found = map_.known
    expect(map_.pointed).to_contain_text(f"{found.label[index]} → {found.answer[index]}")
    expect(map_.pointed).to_contain_text(f"entropy {found.entropy[index]:.3f}")
    expect(map_.pointed).to_contain_text(f"margin {found.margin[index]:.3f}")
    map_.page.mouse.click(*at[index])
    map_.loaded(index)
    place = found.position[index]
    map_.driver.until(lambda: np.allclose(map_.place, place, atol=0.05), "the mark is on its dot")
    # Where nothing is, nothing is pointed at, and nothing is loaded.
    box, before = map_.box(), map_.driver.saved
    map_.page.mouse.click(box["x"] + 3, box["y"] + 3)
    expect(map_.pointed).to_be_hidden()
    assert map_.driver.saved == before


def test_brushing_fills_the_gallery(map_: Map) -> None:
    driver, box = map_.driver, map_.box()
    driver.choose("Dragging on the map", "Box")
    map_.drag((0.4, 0.4), (0.6, 0.6))
    corner, size = [box["x"], box["y"]], [box["width"], box["height"]]
    at = (map_.px() - corner) / size
    inside = np.flatnonzero(((at > 0.4) & (at < 0.6)).all(axis=1))
    expect(map_.root).to_contain_text("in the area, the most ambiguous first")
    # A border's dot may be in or out.
    total = int(map_.grid.get_attribute("data-total") or 0)
    assert abs(total - len(inside)) <= 0.02 * len(inside) + 3
    first = int(map_.images.first.get_attribute("data-index") or -1)
    assert first in map_.known.most_ambiguous(3, inside)
    map_.button("Next").click()
    expect(map_.root).to_contain_text(f"2 of {-(-total // 24)}")
    shown = [int(index) for index in map_.images.evaluate_all("(all) => all.map((e) => e.dataset.index)")]
    assert set(shown) <= set(map_.known.most_ambiguous(60, inside).tolist())
    map_.images.nth(5).click()
    map_.loaded(shown[5])
    # A lasso takes its place, Escape takes both away.
    driver.choose("Dragging on the map", "Lasso")
    map_.drag((0.45, 0.45), (0.6, 0.5), (0.5, 0.6))
    driver.until(lambda: 0 < int(map_.grid.get_attribute("data-total") or 0) < total, "fewer are inside")
    expect(map_.button("Clear area")).to_be_visible()
    map_.page.keyboard.press("Escape")
    expect(map_.root).to_contain_text("200 with the smallest margins")
    expect(driver.page.get_by_role("radio", name="Most ambiguous")).to_be_checked()


def test_lists_page_by_page_and_as_a_file(map_: Map) -> None:
    map_.root.get_by_role("radio", name="Misclassified").click()
    wrong = map_.known.misclassified()
    expect(map_.root).to_contain_text(f"{len(wrong)} of 10,000, the surest first")
    shown: list[int] = []
    for number in range(-(-len(wrong) // 24)):
        if number:
            map_.button("Next").click()
        expect(map_.root).to_contain_text(f"{number + 1} of 3")
        expect(map_.images.first).to_have_attribute("data-index", str(wrong[24 * number]))
        shown += [
            int(index) for index in map_.images.evaluate_all("(all) => all.map((e) => e.dataset.index)")
        ]
    assert shown == wrong.tolist()
    expect(map_.button("Next")).to_be_disabled()
    with map_.page.expect_download() as download:
        map_.button("Save as CSV").click()
    rows = list(csv.DictReader(download.value.path().read_text("utf-8").splitlines()))
    assert [int(row["image"]) for row in rows] == wrong.tolist()


def test_the_drawing_moves_on_the_map(map_: Map) -> None:
    driver = map_.driver
    driver.button("Clear").click()
    driver.until(lambda: not map_.place, "there is no drawing")
    places = []
    driver.draw(SEVEN[:2], lift=False)
    driver.until(lambda: map_.place, "it is there while the pen is down")
    places.append(map_.place)
    driver.page.mouse.move(*driver.place(0.4, 0.85), steps=10)
    driver.until(lambda: map_.place != places[0], "it moves with the pen")
    driver.page.mouse.up()
    driver.until(
        lambda: np.allclose(map_.place, map_.known.project(driver.trace())[0], atol=0.1),
        "it comes to where the drawing is",
    )


def test_all_of_it_by_keyboard(map_: Map) -> None:
    page = map_.page
    map_.figure.focus()
    # One after the other: what is in the middle is known when the map has arrived there.
    for key in ("+", "+", "ArrowRight"):
        before = map_.raster.get_attribute("data-shown") or ""
        page.keyboard.press(key)
        expect(map_.raster).not_to_have_attribute("data-shown", before)
    expect(map_.pointed).to_be_visible()
    expect(map_.root.locator("[role=status].visually-hidden")).to_have_text(
        re.compile(r"Test image \d+, a \d")
    )
    index = int(map_.pointed.get_attribute("data-index") or -1)
    page.keyboard.press("Enter")
    map_.loaded(index)
    page.keyboard.press("0")
    map_.expect_shown(10_000)
    # The lists, too.
    map_.root.get_by_role("radio", name="Most ambiguous").focus()
    page.keyboard.press("ArrowRight")
    expect(map_.root.get_by_role("radio", name="Misclassified")).to_be_checked()
    expect(map_.root).to_contain_text("the surest first")
    page.keyboard.press("Tab")
    assert deep(page, "deep.focused().dataset.index") == str(map_.known.misclassified()[0])
    page.keyboard.press("Enter")
    map_.loaded(int(map_.known.misclassified()[0]))


def test_another_network_has_another_map(map_: Map) -> None:
    driver = map_.driver
    before = map_.raster.evaluate("(canvas) => canvas.toDataURL()")
    driver.choose("Network", "mlp")
    driver.until(lambda: driver.state["network"] == "mlp", "it is chosen")
    share = 100 * map_.known.projection.share
    expect(map_.root).to_contain_text(f"{share:.1f} % of the variance")
    driver.until(
        lambda: map_.raster.evaluate("(canvas) => canvas.toDataURL()") != before, "another picture is there"
    )
    expected = map_.known.project(driver.trace())[0]
    driver.until(lambda: np.allclose(map_.place, expected, atol=0.05), "the drawing is on it")


def test_a_picture_to_take_away(map_: Map) -> None:
    for kind in ("SVG", "PNG"):
        map_.root.locator("summary[aria-label='Picture of the map of the test images']").click()
        with map_.page.expect_download() as download:
            map_.root.get_by_role("button", name=kind, exact=True).click()
        assert download.value.suggested_filename == f"vizapp-cnn-landscape.{kind.lower()}"
        content = download.value.path().read_bytes()
        if kind == "SVG":
            assert b"<image" in content
            assert content.count(b"<text") == 10
        else:
            assert len(content) > 5000


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_for_everyone(browser: Browser, server: Served, theme: Any, width: int) -> None:
    small = width < 500
    context = browser.new_context(
        viewport={"width": width, "height": 844 if small else 900}, color_scheme=theme, has_touch=small
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    driver = Driver(page).open(server.url)
    if small:
        page.locator(".views [data-view=inspector]").click()
    map_ = Map(driver).open()
    found = {}
    for colour in ("Class", "Entropy", "Error"):
        driver.choose("Colour", colour)
        expect(map_.raster).to_have_attribute("data-colour", colour.lower())
        found[colour] = violations(page)
    map_.root.get_by_text("What this map is").click()
    found["about"] = violations(page)
    assert {name: said for name, said in found.items() if said} == {}
    assert small_targets(page) == []
    assert unpressable(page) == []
    assert cut_off(page) == []
    context.close()
