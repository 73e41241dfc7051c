"""Where the answer comes from, on the page: the picture lies where the ink is, is tested, and is drawn on."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deep import deep
from driver import PATIENCE, SEVEN, Driver
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from served import Served
from test_everyone import select, violations

from vizapp.analysis.attribution import attribute
from vizapp.explorer import Explorer
from vizapp.state import load_state

SIDE = 28


class Explained:
    """The picture on the pad and its panel, of a driver's page."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.page = driver, driver.page
        self.overlay = self.page.get_by_test_id("explained")
        self.panel = self.page.get_by_test_id("explaining")
        self.title = self.panel.locator(".view h3")

    def open(self) -> Explained:
        self.driver.choose("Aside", "hesitation")
        return self

    def choose(self, name: str) -> None:
        self.panel.get_by_role("radio", name=name).click()
        expect(self.panel.get_by_role("radio", name=name)).to_be_checked()

    @property
    def explorer(self) -> Explorer:
        """The session as it was saved last."""
        explorer = Explorer()
        load_state(explorer, self.driver.saved)
        return explorer

    def colours(self) -> np.ndarray:
        """What lies on the pad, RGBA [28, 28, 4]."""
        read = "(c) => Array.from(c.getContext('2d').getImageData(0, 0, 28, 28).data)"
        canvas = self.overlay.locator(".frame canvas")
        return np.array(canvas.evaluate(read)).reshape(SIDE, SIDE, 4)

    def sign(self) -> np.ndarray:
        """Above 0 where it is orange, below where it is teal."""
        colours = self.colours().astype(int)
        return colours[:, :, 0] - colours[:, :, 2]

    def sums(self) -> dict[str, float]:
        cells = self.panel.locator("[data-sum]")
        return {
            cell.get_attribute("data-sum") or "": float(cell.inner_text().replace("−", "-"))
            for cell in cells.all()
            if cell.is_visible()
        }


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    return Driver(page).open(server.url)


@pytest.fixture
def explained(driver: Driver) -> Explained:
    driver.draw(SEVEN)
    return Explained(driver).open()


# On the pad


def test_nothing_lies_on_the_pad_at_first(explained: Explained) -> None:
    expect(explained.overlay).to_be_hidden()
    expect(explained.panel).to_contain_text("Choose a picture")


@pytest.mark.parametrize(("label", "method"), [("LRP-ε", "lrp"), ("Integrated gradients", "integrated")])
def test_the_picture_lies_where_the_network_sees_the_ink(
    explained: Explained, label: str, method: str
) -> None:
    explained.choose(label)
    expect(explained.overlay).to_be_visible()
    explorer = explained.explorer
    values = attribute(method, explorer.trace, *explorer.contrast).pixels
    strongest = np.unravel_index(np.argsort(-np.abs(values), axis=None)[:12], values.shape)
    explained.driver.until(
        lambda: (np.sign(explained.sign()[strongest]) == np.sign(values[strongest])).all(),
        "the signs are those of the attribution",
    )
    assert (explorer.image[strongest] > 0).all()
    # The frame is where the server says that the pixels are: no pixel of the screen beside it.
    pad, frame = explained.driver.pad.bounding_box(), explained.overlay.locator(".frame").bounding_box()
    assert pad is not None
    assert frame is not None
    left, top, side = explorer.rendered.view.frame
    expected = [pad["x"] + left * pad["width"], pad["y"] + top * pad["height"], side * pad["width"]]
    assert [frame["x"], frame["y"], frame["width"]] == pytest.approx(expected, abs=1)
    # And it is seen there: the strongest pixel's colour on the screen.
    explained.page.mouse.move(5, 5)
    screen = np.array(Image.open(io.BytesIO(explained.page.screenshot())).convert("RGB")).astype(int)
    for row, column in list(zip(*strongest, strict=True))[:4]:
        x = frame["x"] + (column + 0.2) / SIDE * frame["width"]
        y = frame["y"] + (row + 0.2) / SIDE * frame["height"]
        red, _, blue = screen[round(y), round(x)]
        assert np.sign(red - blue) == np.sign(values[row, column])


@pytest.mark.parametrize("label", ["LRP-ε", "Gradient × input", "Integrated gradients"])
def test_the_numbers_add_up_to_the_difference(explained: Explained, label: str) -> None:
    explained.choose(label)
    expect(explained.panel.get_by_role("table", name="How the pixels add up")).to_be_visible()
    sums = explained.sums()
    difference = sums.pop("difference")
    assert sum(sums.values()) == pytest.approx(difference, abs=0.003)
    logits = np.sort(explained.explorer.trace.logits[0])
    assert difference == pytest.approx(float(logits[-1] - logits[-2]), abs=0.1)
    expect(explained.panel.locator(".what")).to_contain_text("Not ")


def test_one_follows_the_pen_the_other_waits_for_its_rest(explained: Explained) -> None:
    driver = explained.driver
    explained.choose("LRP-ε")
    expect(explained.overlay).to_be_visible()
    before = explained.colours()
    driver.draw([(0.3, 0.5), (0.7, 0.5)], lift=False)
    driver.until(lambda: (explained.colours() != before).any(), "LRP follows the pen")
    expect(explained.title).not_to_contain_text("rest")
    driver.page.mouse.up()
    explained.choose("Occlusion")
    expect(explained.title).to_contain_text("Occlusion")
    expect(explained.overlay).to_have_class("v-explained")
    before = explained.colours()
    driver.draw([(0.2, 0.7), (0.3, 0.75)], lift=False)
    expect(explained.title).to_contain_text("as of the last rest")
    expect(explained.overlay).to_have_class("v-explained stale")
    assert (explained.colours() == before).all()
    driver.page.mouse.up()
    expect(explained.overlay).to_have_class("v-explained")
    driver.until(lambda: (explained.colours() != before).any(), "occlusion is new at rest")


def test_the_drawing_alone_comes_back(explained: Explained) -> None:
    explained.choose("Occlusion")
    expect(explained.overlay).to_be_visible()
    explained.driver.button("Show the drawing only").click()
    expect(explained.overlay).to_be_hidden()
    expect(explained.panel.get_by_role("radio", name="Drawing only")).to_be_checked()
    explained.driver.press("Undo")
    expect(explained.overlay).to_be_visible()


def test_an_empty_pad_says_what_to_do(explained: Explained) -> None:
    explained.choose("Smallest flip")
    explained.driver.press("Clear")
    expect(explained.panel).to_contain_text("Draw something first")
    expect(explained.overlay).to_be_hidden()
    expect(explained.driver.page.locator(".pad-hint")).to_be_visible()


def test_other_classes_are_explained_when_they_are_chosen(explained: Explained) -> None:
    explained.choose("LRP-ε")
    explained.panel.get_by_label("against class").select_option("3")
    expect(explained.title).to_contain_text("7 against 3")
    explained.panel.get_by_label("For class").select_option("1")
    expect(explained.title).to_contain_text("1 against 3")
    explained.choose("Smallest flip")
    rival = explained.panel.get_by_label("Flip the answer to")
    expect(rival).to_have_value("3")
    rival.select_option("4")
    expect(explained.title).to_have_text("Smallest flip: to 4")
    expect(rival).to_have_value("4")
    explained.choose("LRP-ε")
    expect(explained.title).to_contain_text("1 against 4")
    expect(explained.overlay).to_contain_text("for 4 −")


# The test by deletion


def test_the_deletion_curve_has_its_verdict_and_its_table(explained: Explained) -> None:
    explained.choose("Integrated gradients")
    explained.panel.locator("summary", has_text="Test it").click()
    verdict = explained.panel.locator(".verdict")
    expect(verdict).to_contain_text("random")
    chart = explained.panel.locator(".chart svg")
    assert (chart.get_attribute("aria-label") or "").endswith(verdict.inner_text())
    explained.panel.locator("summary", has_text="Table of the curves").click()
    table = explained.panel.get_by_role("region", name="Table of the curves")
    expect(table.locator("tbody tr")).to_have_count(25)
    first = table.locator("tbody tr").first.locator("td")
    logits = np.sort(explained.explorer.trace.logits[0])
    for cell in (first.nth(0), first.nth(1)):
        assert float(cell.inner_text()) == pytest.approx(float(logits[-1] - logits[-2]), abs=0.1)
    # Another picture is another test.
    before = chart.get_attribute("aria-label")
    explained.panel.get_by_label("against class").select_option("1")
    explained.driver.until(lambda: chart.get_attribute("aria-label") != before, "it is tested again")


# The smallest change


def test_the_change_is_drawn_on_and_undone(explained: Explained) -> None:
    driver, panel = explained.driver, explained.panel
    explained.choose("Smallest flip")
    panel.get_by_label("Flip the answer to").select_option("1")
    expect(explained.title).to_have_text("Smallest flip: to 1")
    expect(panel).to_contain_text("the answer is 1.")
    # Two signs, not only two colours.
    for sign in ("plus", "minus"):
        assert explained.overlay.locator(f"path.{sign}").get_attribute("d")
    before = driver.drawn
    expect(driver.first).to_have_text("7")
    driver.press("Edit this as a drawing")
    expect(driver.first).to_have_text("1")
    driver.check_answer()
    expect(panel.page.get_by_label("Fit and centre")).not_to_be_checked()
    expect(driver.notices).to_contain_text("Undo brings your drawing back")
    # What is on the pad is drawn on.
    driver.draw([(0.3, 0.5), (0.35, 0.5)])
    driver.check_answer()
    assert driver.state["drawing"]["image"] is not None
    assert len(driver.drawn) == 1
    driver.press("Undo")
    driver.press("Undo")
    expect(driver.first).to_have_text("7")
    assert len(driver.drawn) == len(before)
    expect(panel.page.get_by_label("Fit and centre")).to_be_checked()


# What a node sees


def test_what_a_node_sees_on_the_pad_and_in_the_inspector(explained: Explained) -> None:
    page = explained.page
    explained.choose("Deconvolution")
    expect(explained.panel).to_contain_text("No node is selected")
    expect(explained.overlay).to_be_hidden()
    select(page, "output 7")
    expect(explained.overlay).to_be_visible()
    expect(explained.title).to_have_text("Deconvolution: output 7")
    explained.choose("Drawing only")
    explained.driver.choose("Aside", "node")
    part = page.get_by_test_id("inspector").locator("details", has_text="What it sees of the drawing")
    part.locator("summary").click()
    expect(part.get_by_role("img", name="What the node sees of the drawing")).to_be_visible()
    expect(part).to_contain_text("Zeiler and Fergus")
    part.get_by_role("button", name="Show it on the pad").click()
    expect(explained.overlay).to_contain_text("output 7")


# Numbers and files


def test_the_numbers_behind_it_are_a_table_and_a_file(explained: Explained, tmp_path: Path) -> None:
    explained.choose("Gradient × input")
    panel = explained.panel
    panel.locator("summary", has_text="Table of the pixels").click()
    rows = panel.get_by_role("region", name="Table of the pixels").locator("tbody tr")
    expect(rows).to_have_count(SIDE)
    details = panel.locator("details", has_text="Table of the pixels")
    with explained.page.expect_download() as info:
        details.get_by_role("button", name="Save as CSV").click()
    info.value.save_as(path := tmp_path / "pixels.csv")
    table = np.array(list(csv.reader(path.read_text("utf-8").splitlines()))[1:], float)[:, 1:]
    explorer = explained.explorer
    values = attribute("gradient", explorer.trace, *explorer.contrast).pixels
    # Saved points are rounded.
    np.testing.assert_allclose(table, values, atol=0.1 * np.abs(values).max())
    for kind in ("PNG", "SVG"):
        with explained.page.expect_download() as info:
            panel.get_by_role("button", name=kind, exact=True).click()
        assert info.value.suggested_filename == f"vizapp-cnn-explained.{kind.lower()}"
    # It is part of a picture of the pad.
    explained.page.locator('summary[aria-label="Picture of the drawing"]').click()
    with explained.page.expect_download() as info:
        explained.page.get_by_title("Save a picture of the drawing as SVG").click()
    info.value.save_as(path := tmp_path / "pad.svg")
    assert path.read_text("utf-8").count("<image") == 1


def test_pointing_at_a_pixel_tells_its_number(explained: Explained) -> None:
    explained.choose("LRP-ε")
    canvas = explained.panel.locator(".view canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    explained.page.mouse.move(box["x"] + 12.5 / SIDE * box["width"], box["y"] + 5.5 / SIDE * box["height"])
    expect(explained.panel.locator(".at")).to_contain_text("row 5, column 12: ink")
    # In all panes it is that pixel's node.
    expect(explained.driver.readout).to_contain_text("(7, 14)")


# For everyone


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)])
def test_axe_finds_nothing(browser: Browser, server: Served, theme: Any, width: int) -> None:
    size = {"width": width, "height": 900 if width > 390 else 844}
    context = browser.new_context(viewport=size, color_scheme=theme, has_touch=width < 500)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    explained = Explained(Driver(page).open(server.url))
    if width == 390:
        page.locator(".views [data-view=inspector]").click()
    explained.open()
    explained.choose("Integrated gradients")
    for name in ("Test it", "Table of the pixels"):
        explained.panel.locator("summary", has_text=name).click()
    expect(explained.panel.locator(".verdict")).to_be_visible()
    expect(explained.panel.locator("td").first).to_be_visible()
    found = violations(page)
    explained.choose("Smallest flip")
    expect(explained.panel.locator(".change")).to_be_visible()
    assert found + violations(page) == []
    assert deep(page, "deep.cutOff().filter((text) => /expla/.test(text))") == []
    context.close()


def test_pictures_are_chosen_with_the_arrow_keys(explained: Explained) -> None:
    explained.panel.get_by_role("radio", name="Drawing only").focus()
    explained.page.keyboard.press("ArrowRight")
    expect(explained.panel.get_by_role("radio", name="LRP-ε")).to_be_focused()
    expect(explained.overlay).to_be_visible()
