"""The panel of the hesitation: its numbers are those of the network, live; a level, a diagram and a neighbour away."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deep import cut_off, deep, focus, small_targets, unpressable
from driver import ONE, PATIENCE, SEVEN, Driver
from playwright.sync_api import Browser, Locator, Page, expect
from served import Served
from test_everyone import violations

from vizapp.inputs import reference


class Panel:
    """The panel, as a person reads it."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.page = driver.page
        self.root = self.page.get_by_test_id("hesitation")
        self.title = self.root.get_by_role("heading", level=2)
        self.level = self.root.get_by_role("radiogroup", name="Coverage of the prediction set")
        self.images = self.root.get_by_role("button", name=re.compile("load it$"))

    def show(self) -> Panel:
        self.driver.choose("Aside", "hesitation")
        expect(self.root.get_by_role("heading", name="Margin")).to_be_visible()
        return self

    def text(self, key: str) -> str:
        return self.page.get_by_test_id(f"hesitation-{key}").inner_text()

    def number(self, key: str) -> float:
        """The last number in a text."""
        return float(re.findall(r"\d+\.?\d*", self.text(key))[-1])

    def members(self) -> list[int]:
        return [int(digit) for digit in re.findall(r"\d", self.text("set"))]

    def after(self, pattern: str) -> float:
        """The number behind some words of the panel."""
        found = re.search(pattern + r"\s*(\d+\.?\d*)", self.root.inner_text())
        assert found, pattern
        return float(found[1])

    def radio(self, level: str) -> Locator:
        return self.level.get_by_role("radio", name=level, exact=True)

    def check(self) -> None:
        """The panel comes to show what follows from the logits of the saved drawing, whose points are rounded."""
        z = self.driver.trace().logits[0].astype(float)
        order, p = np.argsort(-z), softmax(z)
        margin, entropy = z[order[0]] - z[order[1]], -(p * np.log2(p)).sum()
        self.driver.until(lambda: abs(self.number("margin") - margin) < 0.05, f"the margin becomes {margin}")
        assert abs(self.number("entropy") - entropy) < 0.05
        calibrated = softmax(z, self.after("at T ="))[order[0]]
        assert abs(self.number("calibrated") - 100 * calibrated) < 2
        assert self.text("calibrated").startswith(f"{order[0]}:")
        least = self.after("Classes of at least") / 100
        doubtful = [c for c in order if abs(p[c] - least) < 0.01]
        expected = [c for c in order if p[c] >= least]
        assert [c for c in self.members() if c not in doubtful] == [c for c in expected if c not in doubtful]


def softmax(z: Any, temperature: float = 1.0) -> Any:
    powers = np.exp((z - z.max()) / temperature)
    return powers / powers.sum()


def taken(page: Page, name: str) -> str:
    """The text of an SVG file of a pane."""
    summary = page.locator(f'summary[aria-label="Picture of {name}"]')
    summary.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG", exact=True).click()
    return Path(download.value.path()).read_text("utf-8")


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    return Driver(page).open(server.url)


@pytest.fixture
def panel(driver: Driver) -> Panel:
    return Panel(driver).show()


def test_numbers_follow_from_the_logits_in_both_networks(driver: Driver, panel: Panel) -> None:
    for name in ("cnn", "mlp"):
        driver.choose("Network", name)
        driver.until(lambda name=name: driver.state["network"] == name, "the network is chosen")  # type: ignore[misc]
        panel.check()
        expect(panel.images).to_have_count(9)
        expect(panel.title).to_have_text("Ambiguous")
    driver.button("Clear").click()
    expect(panel.title).to_have_text("Nothing to hesitate about")
    expect(panel.root).to_contain_text("Draw a digit")
    expect(panel.root.get_by_role("heading", name="Margin")).to_be_hidden()
    driver.draw(SEVEN)
    panel.check()


def test_numbers_follow_the_pen_and_nothing_moves(driver: Driver, panel: Panel) -> None:
    def places() -> list[float]:
        return panel.root.locator("h3, .value, .thumb").evaluate_all(
            "(all) => all.map((e) => e.getBoundingClientRect()).flatMap(({ top, right }) => [top, right])"
        )

    driver.draw(SEVEN[:2], lift=False)
    driver.until(lambda: panel.number("margin") > 0, "there is a margin")
    before, still = panel.text("margin"), places()
    driver.page.mouse.move(*driver.place(0.4, 0.85), steps=10)
    driver.until(lambda: panel.text("margin") != before, "the margin follows")
    assert places() == still
    saved = driver.saved
    driver.page.mouse.up()
    driver.until(lambda: driver.saved != saved, "the stroke has arrived")
    panel.check()
    assert driver.measures("vizapp:frame-to-hesitation") > 0
    # Whoever listens hears the answer, and not every number at every movement.
    assert (
        deep(driver.page, "deep.walk().filter((e) => e.closest?.('.v-hesitation') && e.ariaLive).length") == 0
    )


def test_what_is_not_seen_is_not_asked_for(driver: Driver) -> None:
    record = (
        "() => { const own = [...Bokeh.index.roots].find((v) => v.model.class_name === 'Link').model;"
        " const send = own.trigger_event.bind(own); window.asked = 0;"
        " own.trigger_event = (event) => { if (event.data?.type === 'hesitation') window.asked++; send(event); }; }"
    )
    driver.page.evaluate(record)
    driver.draw(ONE)
    driver.check_answer()
    assert driver.page.evaluate("asked") == 0
    panel = Panel(driver).show()
    panel.check()
    before = driver.page.evaluate("asked")
    assert before > 0
    driver.button("Fold the inspector").click()
    driver.draw(SEVEN)
    driver.check_answer()
    assert driver.page.evaluate("asked") == before
    driver.button("Show the inspector").click()
    panel.check()


def test_the_level_is_chosen_by_key_and_undone(driver: Driver, panel: Panel) -> None:
    expect(panel.radio("99.8 %")).to_be_checked()
    measured, before = panel.text("coverage"), len(panel.members())
    panel.radio("99.8 %").focus()
    driver.page.keyboard.press("ArrowRight")
    expect(panel.radio("99.9 %")).to_be_checked()
    driver.until(lambda: panel.text("coverage") != measured, "the coverage is another one")
    assert "5,000 other test images" in panel.text("coverage")
    assert len(panel.members()) >= before
    panel.check()
    assert driver.state["coverage"] == "99.9 %"
    panel.radio("98 %").click()
    expect(panel.root).to_contain_text("the first guess is put in")
    assert len(panel.members()) == 1
    driver.button("Undo").click()
    expect(panel.radio("99.9 %")).to_be_checked()
    expect(panel.root).to_contain_text("for them nothing is promised")


def test_a_neighbour_is_loaded_and_not_compared_with_itself(driver: Driver, panel: Panel) -> None:
    expect(panel.images).to_have_count(9)
    name = panel.images.first.get_attribute("aria-label") or ""
    ((index, label),) = re.findall(r"^test image (\d+), a (\d), distance \d+\.\d+: load it$", name)
    assert reference()[1][int(index)] == int(label)
    first = panel.root.get_by_role("list", name="Likely classes and their nearest test images")
    assert first.get_by_role("listitem").first.inner_text().startswith(label)
    before = driver.saved
    panel.images.first.click()
    driver.until(lambda: driver.saved != before, "the image is loaded")
    expect(panel.root).to_contain_text(f"On the pad is test image {index}, a {label}")
    expect(panel.root.get_by_role("button", name=f"test image {index}, ")).to_have_count(0)
    panel.check()


def test_the_reliability_diagram_has_a_table_behind_it(driver: Driver, panel: Panel) -> None:
    opener = driver.button("Reliability diagram…")
    opener.focus()
    driver.page.keyboard.press("Enter")
    dialog = driver.page.get_by_role("dialog", name="Reliability diagram")
    pictures = dialog.get_by_role("img", name=re.compile("expected calibration error"))
    expect(pictures).to_have_count(2)
    errors = [
        float(
            re.findall(r"expected calibration error (\d+\.\d+) %", picture.get_attribute("aria-label") or "")[
                0
            ]
        )
        for picture in pictures.all()
    ]
    assert errors[1] < errors[0]
    expect(dialog).to_contain_text(f"ECE {errors[0]:.2f} %")
    dialog.get_by_text("Table", exact=True).click()
    rows = dialog.get_by_role("row")
    expect(rows).to_have_count(16)
    with driver.page.expect_download() as download:
        dialog.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "vizapp-cnn-reliability.csv"
    lines = list(csv.DictReader(Path(download.value.path()).read_text("utf-8").splitlines()))
    for when, error in zip(("before", "after"), errors, strict=True):
        filled = [line for line in lines if int(line[f"{when}: images"])]
        count, sure, right = (
            np.array([float(line[f"{when}: {name}"]) for line in filled])
            for name in ("images", "mean probability", "share right")
        )
        assert count.sum() == 5_000
        assert abs(100 * (count * abs(sure - right)).sum() / 5_000 - error) < 0.01
    assert "After, T = 0." in taken(driver.page, "the reliability diagram")
    driver.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focus(driver.page)["name"] == "Reliability diagram…"
    assert panel.text("margin") in taken(driver.page, "the hesitation")


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_for_everyone(browser: Browser, server: Served, theme: Any, width: int) -> None:
    size = {"width": width, "height": 900 if width > 390 else 844}
    context = browser.new_context(
        viewport=size, color_scheme=theme, has_touch=width < 500, is_mobile=width < 500
    )  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    driver = Driver(context.new_page()).open(server.url)
    if width == 390:
        driver.page.locator(".views [data-view=inspector]").click()
    panel = Panel(driver).show()
    found = {"panel": violations(driver.page)}
    assert not [each for each in cut_off(driver.page) if "hesitation" in each]
    assert not small_targets(driver.page)
    assert not unpressable(driver.page)
    panel.page.get_by_role("button", name="Reliability diagram…").click()
    expect(driver.page.get_by_role("img", name=re.compile("expected calibration error"))).to_have_count(2)
    driver.page.get_by_role("dialog").get_by_text("Table", exact=True).click()
    found["dialog"] = violations(driver.page)
    context.close()
    assert {name: said for name, said in found.items() if said} == {}
