"""A sweep crossed with another: a cross on a map, and all panes show what is there."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from deep import deep
from driver import SEVEN, Driver
from playwright.sync_api import Locator, Page, expect
from served import Served

from vizapp import nets
from vizapp.analysis.ranges import RANGES
from vizapp.explorer import Explorer
from vizapp.state import load_state

RULES = {"rules": {"target-size": {"enabled": True}}}


class Map:
    """The map beside the confidence curve, of a page with a drawing that is turned."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.page = driver, driver.page
        self.area = self.page.get_by_role("application", name="Map of answers")
        self.cross = self.page.locator(".map-cross:visible")
        self.readout = self.page.locator(".map-readout .here")
        self.second = self.page.get_by_role("combobox", name="Cross with")
        self.note = self.page.get_by_role("group", name="What the network sees of the drawing")

    def vary(self, kind: str) -> None:
        self.page.locator(".v-timeline summary", has_text="Vary").click()
        self.page.locator(".v-timeline .ranges button").nth(list(RANGES).index(kind)).click()
        self.page.get_by_role("combobox", name="Chart beside the curve").select_option("map")

    def choose(self, second: str) -> Map:
        self.second.select_option(second)
        expect(self.page.locator(".map-readout")).to_contain_text("31 × 31 inputs")
        return self

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Screen position at shares of its width and height."""
        # It is laid out in the frame after it came to be seen.
        self.driver.until(
            lambda: (self.area.bounding_box() or {"width": 0})["width"] > 0, "the map has a size"
        )
        box = self.area.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    @property
    def at(self) -> tuple[float, float]:
        return tuple(
            float(self.cross.get_attribute(f"data-{name}") or "nan") for name in ("position", "across")
        )

    @property
    def explorer(self) -> Explorer:
        """The session as it was saved last."""
        explorer = Explorer()
        load_state(explorer, self.driver.saved)
        return explorer

    def arrives(self) -> Explorer:
        """The session as soon as it is where the cross is."""
        wanted = self.at

        def there() -> bool:
            explorer = self.explorer
            at = np.array([explorer.cursor, explorer.across], float)
            return np.allclose(at, wanted, atol=1e-4)

        self.driver.until(there, f"the cursor comes to {wanted}")
        return self.explorer


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    driver = Driver(page).open(server.url)
    driver.press("Clear")
    driver.draw(SEVEN)
    return driver


@pytest.fixture
def crossed(driver: Driver) -> Map:
    found = Map(driver)
    found.vary("rotation")
    return found.choose("x")


def alpha(layer: Locator) -> np.ndarray:
    """How opaque the pixels of a canvas are, 0 to 255."""
    bytes_ = layer.evaluate(
        "(canvas) => Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data)"
    )
    return np.array(bytes_).reshape(28, 28, 4)[..., 3]


def test_a_click_on_the_map_takes_all_panes_there(crossed: Map) -> None:
    driver, page = crossed.driver, crossed.page
    before = driver.pixels()
    page.mouse.click(*crossed.place(0.75, 0.2))
    explorer = crossed.arrives()
    rows, columns = RANGES["x"].positions(31), RANGES["rotation"].positions(31)
    position, across = crossed.at
    # It stands on an input of the map, about where the pointer was.
    assert np.abs(columns - position).min() < 1e-4
    assert np.abs(rows - across).min() < 1e-4
    assert abs(position - 30) < 4
    assert abs(across - 4.8) < 0.6
    # What the network sees is that, everywhere.
    driver.until(lambda: driver.pixels() != before, "the network's picture changes")
    expected = explorer.timeline.rendered("rotation", position, ("x", across)).image
    np.testing.assert_allclose(explorer.image, expected, atol=1e-3)
    trace = nets.load("cnn").forward(expected)
    driver.until(
        lambda: np.allclose(driver.percentages(), 100 * trace.probabilities[0], atol=0.5),
        "the answer follows",
    )
    page.mouse.move(5, 5)
    expect(crossed.readout).to_contain_text(f"{trace.prediction[0]} with ")
    shown = float(re.search(r"with ([\d.]+)", crossed.readout.inner_text())[1])
    assert shown == pytest.approx(100 * trace.probabilities[0].max(), abs=0.5)
    # The drawing is still on the pad, and over it what has become of it.
    assert driver.lines()
    expect(crossed.note).to_contain_text("turned")
    expect(crossed.note).to_contain_text("to the right, as the network sees it")
    drawn = alpha(page.locator(".varied-ink"))
    np.testing.assert_allclose(drawn / max(1, drawn.max()), expected / expected.max(), atol=0.02)
    # And so it is in a picture of it.
    page.locator('summary[aria-label="Picture of the drawing"]').click()
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG", exact=True).locator("visible=true").click()
    assert Path(download.value.path()).read_text("utf-8").count("<image") == 1


def test_the_way_back_is_a_button_and_a_key(crossed: Map) -> None:
    page = crossed.page
    before = crossed.driver.pixels()
    for back in (lambda: crossed.note.get_by_role("button").click(), lambda: page.keyboard.press("Escape")):
        page.mouse.click(*crossed.place(0.2, 0.7))
        expect(crossed.note).to_be_visible()
        crossed.area.focus()
        back()
        expect(crossed.note).to_be_hidden()
        crossed.driver.until(lambda: crossed.at == (0, 0), "the cross goes back")
        crossed.driver.until(lambda: crossed.driver.pixels() == before, "the picture is as drawn")


def test_the_arrow_keys_move_the_cross(crossed: Map) -> None:
    crossed.area.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        crossed.page.keyboard.press(key)
    explorer = crossed.arrives()
    assert explorer.cursor == pytest.approx(RANGES["rotation"].positions(31)[17])
    assert explorer.across == pytest.approx(RANGES["x"].positions(31)[16])
    # The timeline's own cursor is the same one.
    slider = crossed.page.get_by_role("slider", name="Position")
    assert float(slider.first.get_attribute("aria-valuenow") or "nan") == pytest.approx(explorer.cursor)
    slider.first.press("Home")
    crossed.driver.until(lambda: crossed.at[0] == -60, "the cross follows the timeline")
    assert crossed.at[1] == pytest.approx(explorer.across)


def test_drawing_goes_on_while_it_is_turned(crossed: Map) -> None:
    driver = crossed.driver
    crossed.page.mouse.click(*crossed.place(0.7, 0.5))
    expect(crossed.note).to_be_visible()
    before, sentence = driver.lines(), crossed.area.get_attribute("aria-label")
    driver.draw([(0.2, 0.5), (0.8, 0.55)])
    assert len(driver.lines()) == len(before) + 1
    # What is saved may still be the cursor's rest, without the stroke.
    driver.until(lambda: len(crossed.explorer.drawing.strokes) == len(before) + 1, "the stroke is saved")
    assert crossed.explorer.cursor == pytest.approx(crossed.at[0])

    def follows() -> bool:
        # Of what is saved now: the cross may still come to rest.
        expected = 100 * nets.load("cnn").forward(crossed.explorer.image).probabilities[0]
        return np.allclose(driver.percentages(), expected, atol=0.7)

    driver.until(follows, "the answer follows")
    # The map is of the drawing as it is now.
    driver.until(
        lambda: (
            crossed.area.get_attribute("aria-label") != sentence
            and not crossed.page.locator(".map-stage.stale:visible").count()
        ),
        "the map follows",
    )


def test_the_numbers_are_behind_it(crossed: Map) -> None:
    page = crossed.page
    page.get_by_role("button", name="Table: map of the crossed sweep").click()
    expect(
        page.get_by_role("region", name="Numbers: map of the crossed sweep").locator("tbody tr").first
    ).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").locator("visible=true").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    assert len(rows) == 1 + 31 * 31
    explorer = crossed.explorer
    for row in rows[1 :: 31 * 8 + 5]:
        trace = nets.load("cnn").forward(
            explorer.timeline.rendered("rotation", float(row[0]), ("x", float(row[1]))).image
        )
        assert float(row[3]) == pytest.approx(trace.probabilities[0].max(), abs=5e-3)
        assert int(row[2]) == trace.prediction[0]
    page.get_by_role("button", name="Table: map of the crossed sweep").click()
    page.locator('summary[aria-label="Picture of the map of the crossed sweep"]').click()
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG", exact=True).locator("visible=true").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_a_morph_is_crossed_with_its_ways(driver: Driver) -> None:
    page, found = driver.page, Map(driver)
    page.get_by_role("button", name=re.compile("Morph")).first.click()
    page.get_by_role("combobox", name="Chart beside the curve").select_option("map")
    found.second.select_option("way")
    expect(page.locator(".map-readout")).to_contain_text("4 × 61 inputs")
    place = found.place(0.4, 0.625)
    box = found.area.bounding_box()
    page.mouse.click(*place)
    expect(page.locator(".map-state")).to_be_hidden()
    assert found.area.bounding_box() == box, "the map stays where it was while it became finer"
    driver.until(
        lambda: found.explorer.way == "distance" and abs((found.explorer.cursor or 0) - 0.4) < 0.02,
        "the cross goes there",
    )
    # What does not go with the next sweep is not there any more.
    page.get_by_role("button", name="End the sweep").click()
    found.vary("scale")
    expect(found.second).to_have_value("")
    assert "way" not in found.second.locator("option").evaluate_all("(all) => all.map((o) => o.value)")
    assert driver.notices.count() == 0


def test_an_empty_pad_is_told_in_a_sentence(driver: Driver) -> None:
    found = Map(driver)
    found.vary("noise")
    driver.press("Clear")
    expect(driver.page.locator(".map-hint")).to_contain_text("draw something first")


def test_axe_finds_nothing(crossed: Map) -> None:
    page = crossed.page
    page.mouse.click(*crossed.place(0.7, 0.3))
    expect(crossed.note).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        # A colour on its way to another one is neither.
        deep(page, "deep.settled()")
        found = Axe().run(page, options=RULES).response
        # It looks into shadow roots, or it would find nothing ever.
        assert "Back to as drawn" in str([node["html"] for rule in found["passes"] for node in rule["nodes"]])
        assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found["violations"]] == []
