"""Morphs on the page: the curve is scrubbed and every pane follows; ends are drawn; it plays; it comes back."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from deep import deep
from driver import Driver
from inspected import Inspected
from playwright.sync_api import Locator, Page, expect
from served import Served

from vizapp import nets
from vizapp.explorer import Explorer
from vizapp.inputs import Stroke
from vizapp.inputs.morphs import Morph
from vizapp.nets.network import Network
from vizapp.state import open_link
from vizapp.timeline import first_morph


class Timeline:
    """The timeline of a page."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.page = driver.page
        self.root = driver.page.locator(".v-timeline")
        self.slider = self.root.get_by_role("slider", name="Position")
        self.hint = self.root.locator(".hint")
        self.plot = self.root.locator(".confidence .plot")

    def begin(self) -> Timeline:
        self.root.get_by_role("button", name="Morph 1 → 2").click()
        expect(self.line("strokes", 1)).to_have_count(1)
        return self

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def line(self, way: str, label: int, network: str = "cnn") -> Locator:
        return self.root.locator(f"[data-curve='{way} {network}'] [data-label='{label}']")

    def curve(self, way: str, label: int, network: str = "cnn") -> np.ndarray:
        """Probabilities as they are drawn, float[64], from the pixels of the line and of the axes."""
        path = self.line(way, label, network).get_attribute("d") or ""
        points = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", path), float)
        frame = re.findall(
            r"[\d.]+", self.root.locator(".confidence .frame[d]").first.get_attribute("d") or ""
        )
        _, top, bottom, _ = (float(number) for number in frame)
        return (bottom - points[:, 1]) / (bottom - top)

    def place(self, t: float) -> tuple[float, float]:
        """Screen position in the plot at a position of the axis from 0 to 1."""
        box = self.plot.bounding_box()
        assert box is not None
        frame = re.findall(
            r"[\d.]+", self.root.locator(".confidence .frame[d]").first.get_attribute("d") or ""
        )
        left, top, _, right = (float(number) for number in frame)
        return box["x"] + left + t * (right - left), box["y"] + top + 40

    @property
    def position(self) -> float:
        return float(self.slider.get_attribute("aria-valuenow") or "nan")

    @property
    def restored(self) -> Explorer:
        return self.driver._restored()

    def rests_at(self, t: float, tolerance: float = 0.004) -> None:
        """The cursor comes to be there, on the page and in what is saved."""
        self.driver.until(lambda: abs(self.position - t) <= tolerance, f"the cursor is at {t}")
        self.driver.until(
            lambda: abs((self.driver.state["cursor"] or -1) - self.position) < 1e-3 or t == 0,
            "the cursor is saved",
        )


def expected(way: str, network: Network) -> np.ndarray:
    """float[64, 10]: the curve from 1 to 2, computed here."""
    ends = (drawing.strokes for drawing in first_morph())
    return network.forward(Morph(way, *ends).images(np.linspace(0, 1, 64))).probabilities


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    return Driver(page).open(server.url)


@pytest.fixture
def timeline(driver: Driver) -> Timeline:
    return Timeline(driver).begin()


def test_the_curves_are_what_the_network_says(timeline: Timeline) -> None:
    network = nets.load("cnn")
    for way in ("strokes", "transport", "distance", "blend"):
        expect(timeline.line(way, 2)).to_have_count(1)
        for label in (1, 2):
            np.testing.assert_allclose(
                timeline.curve(way, label), expected(way, network)[:, label], atol=0.005
            )
    table = timeline.root.get_by_role("region", name="Read-outs of the curves")
    expect(table.get_by_role("row", name=re.compile("^strokes 0.25"))).to_be_visible()


def test_dragging_the_cursor_takes_every_pane_along(timeline: Timeline) -> None:
    driver = timeline.driver
    inspected = Inspected(driver)
    node = nets.load("cnn").span("output").start + 2
    inspected.select(node)
    cells = (
        "Array.from(Bokeh.documents[0].get_model_by_name('vizapp-cells').data.image, (i) => [...i]).flat()"
    )
    before = driver.page.evaluate(cells)
    pixels = driver.pixels()
    driver.page.mouse.move(*timeline.place(0.1))
    driver.page.mouse.down()
    driver.page.mouse.move(*timeline.place(0.33), steps=12)
    driver.page.mouse.up()
    timeline.rests_at(0.33)
    driver.check_answer()
    explorer = timeline.restored
    assert explorer.cursor is not None
    # The pad has the frame, whatever was on it.
    frame = Morph("strokes", *(drawing.strokes for drawing in first_morph())).at(explorer.cursor)
    drawn = driver.drawn
    assert isinstance(frame[0], Stroke)
    np.testing.assert_allclose(drawn[0].points, frame[0].points, atol=2e-4)
    assert driver.pixels() != pixels
    assert driver.page.evaluate(cells) != before
    probability = explorer.trace.probabilities[0, 2]
    driver.until(
        lambda: abs(inspected.number("output") - probability) < 0.01, "the inspector shows the frame's output"
    )
    words = timeline.slider.get_attribute("aria-valuetext") or ""
    assert re.match(r"0\.3\d: 2 with \d+ %, \d with \d+ %", words)


def test_the_cursor_goes_by_keyboard(timeline: Timeline) -> None:
    timeline.slider.focus()
    for key, at in (("End", 1), ("PageDown", 0.9), ("ArrowLeft", 0.89), ("Home", 0), ("ArrowRight", 0.01)):
        timeline.page.keyboard.press(key)
        timeline.rests_at(at)
    timeline.driver.check_answer()


def test_a_click_on_the_plot_or_a_picture_goes_there(timeline: Timeline) -> None:
    timeline.page.mouse.click(*timeline.place(0.7))
    timeline.rests_at(0.7)
    timeline.root.get_by_role("button", name="Go to 0.25").click()
    timeline.rests_at(16 / 63)
    timeline.driver.check_answer()


def test_it_plays_to_the_end(timeline: Timeline) -> None:
    timeline.root.get_by_role("combobox", name="At the end").select_option("once")
    timeline.root.get_by_role("combobox", name="Speed").select_option("2×")
    timeline.button("Play").click()
    expect(timeline.button("Pause")).to_be_visible()
    timeline.driver.until(lambda: 0 < timeline.position < 1, "it is on its way")
    timeline.rests_at(1)
    expect(timeline.button("Play")).to_be_visible()
    timeline.driver.check_answer()


def test_who_takes_the_cursor_has_it(timeline: Timeline) -> None:
    timeline.button("Play").click()
    timeline.driver.until(lambda: timeline.position > 0.05, "it plays")
    timeline.page.mouse.click(*timeline.place(0.5))
    expect(timeline.button("Play")).to_be_visible()
    timeline.rests_at(0.5)


def test_ways_and_networks_are_drawn_as_chosen(timeline: Timeline) -> None:
    expect(timeline.line("transport", 1)).to_have_count(1)
    timeline.root.get_by_role("checkbox", name="transport").click()
    expect(timeline.line("transport", 1)).to_have_count(0)
    timeline.root.get_by_role("switch", name="Both networks").click()
    expect(timeline.line("blend", 1, "mlp")).to_have_count(1)
    np.testing.assert_allclose(
        timeline.curve("blend", 1, "mlp"), expected("blend", nets.load("mlp"))[:, 1], atol=0.005
    )
    expect(timeline.line("blend", 7)).to_have_count(0)
    timeline.root.get_by_role("switch", name="All classes").click()
    expect(timeline.line("blend", 7)).to_have_count(1)
    timeline.root.get_by_label("The cursor is on the way").select_option("blend")
    timeline.driver.until(lambda: timeline.driver.state["way"] == "blend", "the way is saved")
    expect(timeline.root.locator(".curve.own[data-curve='blend cnn']")).to_have_count(1)


def test_drawing_at_an_end_changes_the_curve(timeline: Timeline) -> None:
    driver = timeline.driver
    timeline.slider.focus()
    timeline.page.keyboard.press("End")
    timeline.rests_at(1)
    before = timeline.line("strokes", 2).get_attribute("d")
    driver.draw([(0.3, 0.5), (0.7, 0.5)])
    assert timeline.line("strokes", 2).get_attribute("d") != before
    driver.until(lambda: driver.state["end"] is not None, "the end is saved")
    assert len(timeline.restored.end.strokes) == 2  # type: ignore[union-attr]
    driver.check_answer()
    # When the pen rests, the others follow, and none is out of date.
    expect(timeline.root.locator(".curve.stale")).to_have_count(0)
    probability = driver.trace().probabilities[0, 2]
    last = lambda: timeline.curve("strokes", 2)[-1]  # noqa: E731
    driver.until(lambda: abs(last() - probability) < 0.02, "the curve ends in the drawing")
    driver.press("Undo")
    driver.until(lambda: timeline.line("strokes", 2).get_attribute("d") == before, "the curve is back")


def test_who_draws_between_the_ends_leaves_the_way_and_may_come_back(timeline: Timeline) -> None:
    driver = timeline.driver
    timeline.page.mouse.click(*timeline.place(0.5))
    timeline.rests_at(0.5)
    driver.draw([(0.3, 0.5), (0.7, 0.5)])
    expect(timeline.slider).to_have_attribute("aria-valuetext", "off the way")
    expect(timeline.hint).to_have_text("The drawing has left the way.")
    timeline.button("Use it as end").click()
    timeline.rests_at(1)
    assert len(timeline.restored.end.strokes) == 2  # type: ignore[union-attr]


def test_ends_are_chosen(timeline: Timeline) -> None:
    driver = timeline.driver
    ends = timeline.root.get_by_role("group", name="Ends of the morph")
    ends.locator("summary").last.click()
    timeline.root.get_by_role("button", name="A drawn 8").locator("visible=true").click()
    driver.until(lambda: timeline.line("strokes", 8).count() == 1, "8 is one of the two")
    ends.locator("summary").first.click()
    timeline.root.get_by_role("button", name="A sample or a test image…").locator("visible=true").click()
    dialog = timeline.page.get_by_role("dialog", name="A drawing or a test image")
    dialog.get_by_role("button", name="7", exact=True).click()
    dialog.get_by_role("button", name=re.compile("test image .*, a 7")).first.click()
    driver.until(lambda: timeline.line("transport", 7).count() == 1, "7 is the other")
    # An image has no strokes.
    expect(timeline.root.get_by_role("checkbox", name="strokes")).to_have_count(0)
    timeline.button("Swap start and end").click()
    driver.until(lambda: timeline.restored.start.image is None, "they are swapped")  # type: ignore[union-attr]


def test_a_range_says_how_far_the_answer_holds(driver: Driver) -> None:
    timeline = Timeline(driver)
    timeline.root.locator("summary", has_text="Vary").click()
    timeline.button("Rotation turns the drawing, −60° to 60°").click()
    expect(timeline.root.locator(".readouts .sentence")).to_have_text(
        re.compile(r"Stays \d from −\d+° to \d+°; beyond: \d below, \d above\.")
    )
    strokes = driver.lines()
    timeline.slider.focus()
    timeline.page.keyboard.press("PageUp")
    timeline.rests_at(12, 0.01)
    driver.check_answer()
    assert driver.lines() == strokes


def test_by_hand_every_stroke_is_a_step(driver: Driver) -> None:
    timeline = Timeline(driver)
    timeline.button("Record by hand").click()
    expect(timeline.hint).to_contain_text("Recording")
    driver.draw([(0.2, 0.5), (0.8, 0.5)])
    driver.draw([(0.2, 0.7), (0.8, 0.7)])
    expect(timeline.root.locator(".begins")).to_have_count(2)
    timeline.slider.focus()
    timeline.page.keyboard.press("Home")
    driver.until(lambda: driver.state["cursor"] == 0, "it is at the beginning")
    assert len(driver.strokes) == 1
    expect(timeline.hint).not_to_contain_text("Recording")
    timeline.button("Go on recording").click()
    timeline.rests_at(1)
    timeline.button("Stop recording").click()
    expect(timeline.hint).to_contain_text("stopped")


def linked(url: str) -> float | None:
    """Where the cursor is by a page's address."""
    explorer = Explorer()
    if "#v" in url:
        open_link(explorer, url)
    return explorer.cursor


def test_a_reload_is_at_the_same_place_of_the_same_morph(timeline: Timeline) -> None:
    timeline.page.mouse.click(*timeline.place(0.4))
    timeline.rests_at(0.4)
    where = timeline.position
    timeline.page.reload()
    expect(timeline.line("strokes", 1)).to_have_count(1)
    timeline.rests_at(where)
    timeline.driver.check_answer()
    # So does the address, for somebody else, once it says so.
    timeline.driver.until(
        lambda: abs((linked(timeline.page.url) or -1) - where) < 1e-3, "the address is up to date"
    )
    other = timeline.page.context.new_page()
    other.goto(timeline.page.url)
    expect(other.locator(".v-timeline [data-curve='strokes cnn'] [data-label='1']")).to_have_count(1)
    slider = other.locator(".v-timeline").get_by_role("slider", name="Position")
    timeline.driver.until(
        lambda: abs(float(slider.get_attribute("aria-valuenow") or 0) - where) < 1e-3, "it opens there"
    )
    other.close()


def test_the_sweep_ends_and_the_drawing_stays(timeline: Timeline) -> None:
    timeline.page.mouse.click(*timeline.place(1))
    timeline.rests_at(1)
    pixels = timeline.driver.pixels()
    timeline.button("End the sweep").click()
    expect(timeline.button("Morph 1 → 2")).to_be_visible()
    timeline.driver.until(lambda: timeline.driver.state["sweep"] is None, "it is over")
    assert timeline.driver.pixels() == pixels


def test_the_figure_has_title_axes_and_legend(timeline: Timeline) -> None:
    expect(timeline.line("blend", 1)).to_have_count(1)
    timeline.root.locator("summary", has_text="Picture").first.click()
    with timeline.page.expect_download() as saving:
        timeline.root.get_by_role("button", name="SVG").locator("visible=true").click()
    text = saving.value.path().read_text("utf-8")
    for words in (
        "from 1 to 2",
        "t, from the start (0) to the end (1)",
        "probability",
        "p(1)",
        "distance field",
    ):
        assert words in text
    assert "var(--" not in text


def test_the_numbers_can_be_copied(timeline: Timeline) -> None:
    expect(timeline.line("blend", 1)).to_have_count(1)
    table = timeline.root.get_by_role("region", name="Read-outs of the curves")
    farthest = table.get_by_role("row", name=re.compile("^strokes")).locator("td").last
    expect(farthest).to_have_text(re.compile(r"^\d+\.\d at 0\.\d+$"))
    timeline.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    timeline.button("Copy as CSV").click()
    expect(timeline.button("Copied")).to_be_visible()
    text = timeline.page.evaluate("navigator.clipboard.readText()")
    rows = [line.split(",") for line in text.splitlines() if line.startswith("strokes,cnn,")]
    found = np.array([row[4:14] for row in rows], float)
    np.testing.assert_allclose(found, expected("strokes", nets.load("cnn")), atol=2e-5)
    far = max(rows, key=lambda row: float(row[16]))
    said = [float(number) for number in farthest.inner_text().split(" at ")]
    assert said == [pytest.approx(float(far[16]), abs=0.051), pytest.approx(float(far[2]), abs=0.0051)]


def test_on_a_phone_without_motion_it_goes_in_steps(phone: Driver) -> None:
    phone.page.get_by_role("button", name="Timeline").click()
    timeline = Timeline(phone).begin()
    timeline.root.get_by_role("combobox", name="Speed").select_option("2×")
    seen: set[float] = set()
    timeline.button("Play").click()

    def looked() -> bool:
        seen.add(round(timeline.position, 4))
        return len(seen) > 3

    phone.until(looked, "it goes on")
    timeline.button("Pause").click()
    assert all(position * 8 == pytest.approx(round(position * 8)) for position in seen)
    assert deep(phone.page, "document.documentElement.scrollWidth") <= 390


def test_a_locked_sweep_cannot_be_moved(timeline: Timeline) -> None:
    driver = timeline.driver
    state = {**driver.state, "locked": ["sweep", "start", "end", "way", "ways", "cursor", "overlay"]}
    driver.page.evaluate("(state) => (sessionStorage['vizapp:state'] = state)", json.dumps(state))
    driver.page.goto(driver.page.url.split("#")[0])
    expect(timeline.line("strokes", 1)).to_have_count(1)
    expect(timeline.button("End the sweep")).to_be_disabled()
    expect(timeline.slider).to_have_attribute("aria-disabled", "true")
    timeline.page.mouse.click(*timeline.place(0.5))
    timeline.root.get_by_role("button", name="Go to 0.25").click()
    timeline.slider.focus()
    timeline.page.keyboard.press("End")
    assert timeline.position == 0
