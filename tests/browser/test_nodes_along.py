"""Nodes along a sweep on the page: read at the cursor, picked from the heat map, from bars, by keys and by pointer."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pytest
from driver import Driver
from inspected import Inspected, check, plain
from playwright.sync_api import Locator, Page, expect
from served import Served
from test_everyone import violations

from vizapp import nets
from vizapp.analysis.deciding import split, switching
from vizapp.analysis.sweep import Sweep
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES
from vizapp.state import load_state
from vizapp.timeline import Timeline as Whole
from vizapp.timeline import first_morph


class Timeline:
    """The chart beside the curve, and what it must show."""

    def __init__(self, page: Page, server: Served) -> None:
        self.driver = Driver(page).open(server.url)
        self.page = page
        self.inspected = Inspected(self.driver)

    def morph(self) -> Timeline:
        self.page.get_by_role("button", name="Morph 1 → 2").click()
        expect(self.slider).to_be_visible()
        return self

    @property
    def slider(self) -> Locator:
        return self.page.get_by_role("slider", name="Position on the way")

    def chart(self, name: str) -> Locator:
        self.page.get_by_label("Chart beside the curve").select_option(name)
        group = self.page.get_by_role("group", name=name.capitalize(), exact=True)
        expect(group).to_be_visible()
        return group

    @property
    def explorer(self) -> Explorer:
        explorer = Explorer()
        load_state(explorer, self.driver.saved)
        return explorer

    def sweep(self, kind: str = "morph") -> Sweep:
        """What is on the timeline, made here; a saved drawing is rounded, and would give other digits."""
        way = "strokes" if kind == "morph" else kind
        return self.of(kind).along(nets.load(self.explorer.network), way)

    @staticmethod
    def of(kind: str) -> Whole:
        if kind == "morph":
            return Whole(kind, *first_morph(), None, True)
        return Whole(kind, None, None, Drawing(tuple(SAMPLES[0].strokes), sample=True), True)

    def selection(self, nodes: list[int]) -> None:
        """It comes to be selected, everywhere."""
        self.driver.until(lambda: self.explorer.selection == nodes, f"{nodes} are selected")
        self.inspected.shows(nodes[0])
        self.driver.until(
            lambda: self.driver.outlined_nodes() == set(nodes), "the flat plot outlines what is selected"
        )


@pytest.fixture
def timeline(page: Page, server: Served) -> Timeline:
    return Timeline(page, server)


def ends(chart: Locator) -> dict[str, str]:
    """The names at the lines' ends and the numbers beside them."""
    found = chart.locator("text.end").evaluate_all(
        "(texts) => texts.map((text) => [text.children[0].textContent, text.children[1].textContent])"
    )
    return dict(found)


def test_selected_nodes_are_read_at_the_cursor(timeline: Timeline) -> None:
    driver = timeline.driver
    timeline.morph()
    chart = timeline.chart("selected nodes")
    expect(chart).to_contain_text("Select nodes to see")
    chart.get_by_role("button", name="Select the 5 deciding nodes").click()
    sweep = timeline.sweep()
    network = sweep.network
    answers = sweep.answers
    found = split(sweep.trace, 0, len(sweep) - 1, int(answers[0]), int(answers[-1]))
    deciding = found.nodes[:5].tolist()
    timeline.selection(deciding)
    names = [network.node_name(node) for node in deciding]
    expect(chart.locator("text.end")).to_have_count(5)
    assert set(ends(chart)) == set(names)
    # To a position between two rows: what is read there is no point of the curve.
    timeline.slider.focus()
    timeline.page.keyboard.press("Home")
    for _ in range(3):
        timeline.page.keyboard.press("PageUp")
    driver.until(lambda: (timeline.explorer.cursor or 0) > 0.2, "the cursor moves")
    driver.until(lambda: timeline.explorer.cursor == pytest.approx(0.3), "the cursor is at 0.3")
    trace = network.forward(timeline.of("morph").rendered("strokes", 0.3).image)

    def reads() -> bool:
        shown = ends(chart)
        values = [float(plain(shown[name])) for name in names]
        return np.allclose(values, trace.activation[0, deciding], atol=6e-4)

    driver.until(reads, "the numbers at the lines are the activations at the cursor")
    assert trace.activation[0, deciding].max() > 0.1
    chart.locator("text.end", has_text=names[2]).click()
    timeline.selection([deciding[2]])
    assert violations(timeline.page) == []


def test_the_heat_map_picks_nodes(timeline: Timeline) -> None:
    timeline.morph()
    chart = timeline.chart("all nodes")
    rows = chart.get_by_role("listbox")
    sweep = timeline.sweep()
    span = sweep.network.span("fc2")
    times = switching(sweep.positions, sweep.trace.activation[:, span])
    order = [int(node) + span.start for node in times.order() if not np.isnan(times.first[node])]
    expect(chart).to_have_attribute("data-rows", f"fc2 switch {len(order)}")
    box = rows.bounding_box()
    assert box is not None

    def place(row: int) -> dict[str, float]:
        return {"x": 0.4 * box["width"], "y": (row + 0.5) * box["height"] / len(order)}

    rows.hover(position=place(7))
    option = chart.locator(".row-mark")
    name = re.escape(sweep.network.node_name(order[7]))
    expect(option).to_have_text(re.compile(rf"^{name}: \d[\d.e−]* at t = 0\.\d\d; switches at t = 0\.\d\d$"))
    row = sweep.nearest(0.4)
    check(
        re.findall(r": (\S+) at", option.inner_text())[0],
        float(sweep.trace.activation[row, order[7]]),
        "value at the pointer",
    )
    rows.click(position=place(7))
    timeline.selection([order[7]])
    rows.click(position=place(12), modifiers=["Shift"])
    timeline.selection([order[12], order[7]])
    expect(chart.locator(".selected-rows")).to_have_attribute("data-rows", "7 12")
    # Sweeping over rows takes all of them.
    start, end = place(3), place(6)
    page = timeline.page
    page.mouse.move(box["x"] + start["x"], box["y"] + start["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + end["x"], box["y"] + end["y"], steps=4)
    page.mouse.up()
    timeline.selection(order[3:7])
    assert violations(page) == []


def test_the_heat_map_by_keys(timeline: Timeline) -> None:
    timeline.morph()
    chart = timeline.chart("all nodes")
    timeline.page.get_by_role("combobox", name="Order of the rows").select_option("as numbered")
    timeline.page.get_by_role("combobox", name="Layer", exact=True).select_option("fc1 (120)")
    chart.get_by_role("checkbox", name="changing ones only").uncheck()
    expect(chart).to_have_attribute("data-rows", "fc1 node 120")
    rows = chart.get_by_role("listbox")
    rows.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        timeline.page.keyboard.press(key)
    first = nets.load("cnn").span("fc1").start
    expect(chart.locator(".row-mark")).to_have_attribute("aria-posinset", "3")
    timeline.page.keyboard.press("Enter")
    timeline.selection([first + 2])
    timeline.page.keyboard.press("End")
    timeline.page.keyboard.press("Shift+Enter")
    timeline.selection([first + 119, first + 2])
    before = timeline.explorer.cursor
    timeline.page.keyboard.press("ArrowRight")
    timeline.driver.until(lambda: timeline.explorer.cursor != before, "the cursor is moved by a key")


def test_the_heat_map_shows_the_colours_of_its_levels(timeline: Timeline) -> None:
    timeline.morph()
    chart = timeline.chart("all nodes")
    expect(chart).to_have_attribute("data-rows", re.compile("fc2 switch"))
    shades = """(canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }"""
    picture = chart.get_by_role("img", name="Heat map")
    timeline.driver.until(lambda: picture.evaluate(shades) > 20, "there are many shades")
    width = picture.evaluate("(canvas) => canvas.width / canvas.clientWidth / devicePixelRatio")
    assert width == pytest.approx(1, abs=0.02)
    timeline.page.get_by_role("combobox", name="Layer", exact=True).select_option("all layers")
    expect(chart).to_have_attribute("data-rows", re.compile(r"^ switch \d{4}$"))
    chart.get_by_role("combobox", name="What the colours span").select_option("layer’s range")
    expect(chart).to_contain_text("of its layer’s largest")


@pytest.mark.parametrize("name", nets.names())
def test_deciding_nodes(timeline: Timeline, name: str) -> None:
    timeline.driver.choose("Network", name)
    timeline.morph()
    chart = timeline.chart("deciding nodes")
    sweep = timeline.sweep()
    assert sweep.network.name == name
    found = split(sweep.trace, 0, len(sweep) - 1, int(sweep.answers[0]), int(sweep.answers[-1]))
    bars = chart.get_by_role("list", name="Largest shares")
    expect(bars.get_by_role("button").first).to_have_attribute("data-node", str(found.nodes[0]))
    for i in range(10):
        bar = bars.get_by_role("button").nth(i)
        check(bar.locator(".value").inner_text(), float(found.shares[i]), f"share {i}")
    rest = bars.locator(".rest")
    expect(rest).to_contain_text(f"and {len(found.nodes) - 10} smaller ones")
    check(rest.locator(".value").inner_text(), found.total - float(found.shares[:10].sum()), "the rest")
    total = re.findall(r"Sum (\S+) = .*: (\S+), up to rounding", chart.locator(".sum").inner_text())[0]
    check(total[0], found.total, "the sum")
    check(total[1], found.change, "the change")
    bars.get_by_role("button").nth(1).click()
    timeline.selection([int(found.nodes[1])])
    # Between two points around the crossing.
    chart.get_by_role("button", name="around the crossing").click()
    start, end = (chart.get_by_role("slider", name=each) for each in ("From here", "To here"))
    timeline.driver.until(lambda: float(start.get_attribute("aria-valuenow") or 0) > 0.05, "the handle moves")
    places = [float(handle.get_attribute("aria-valuenow") or 0) for handle in (start, end)]
    assert places[1] - places[0] == pytest.approx(0.1, abs=1e-3)
    trace = timeline.of("morph").along(sweep.network, "strokes", places).trace
    between = split(trace, 0, 1, found.a, found.b)

    def reads() -> bool:
        text = chart.locator(".sum").inner_text()
        return abs(float(plain(re.findall(r"Sum (\S+)", text)[0])) - between.total) < 2e-3

    timeline.driver.until(reads, "the sum is that between the handles")
    # Other digits, and back to all of the way by keys.
    timeline.page.get_by_role("combobox", name="Against this digit").select_option("7")
    start.focus()
    timeline.page.keyboard.press("Home")
    end.focus()
    timeline.page.keyboard.press("End")
    other = split(sweep.trace, 0, len(sweep) - 1, found.a, 7)
    expect(bars.get_by_role("button").first).to_have_attribute("data-node", str(other.nodes[0]))
    assert violations(timeline.page) == []


def test_active_nodes_of_a_range_and_their_table(timeline: Timeline) -> None:
    driver, page = timeline.driver, timeline.page
    before = driver.saved
    page.locator("summary", has_text="Vary").click()
    page.locator(".ranges button").first.click()
    driver.until(lambda: driver.saved != before and timeline.explorer.sweep, "a range is on the timeline")
    chart = timeline.chart("active nodes")
    sweep = timeline.sweep("rotation")
    counts = {layer.name: sweep.active(layer.name) for layer in sweep.network.layers[:-1]}
    row = sweep.nearest(0)
    driver.until(
        lambda: (
            ends(chart)
            == {name: f"{of[row]} of {sweep.network.layer(name).n_nodes}" for name, of in counts.items()}
        ),
        "the counts at the cursor are shown",
    )
    page.get_by_role("button", name="Table: active nodes").click()
    region = chart.get_by_role("region", name="Numbers: active nodes")
    expect(region.get_by_role("row")).to_have_count(len(sweep) + 1)
    cells = region.locator("tbody tr").nth(5).locator("td").all_inner_texts()
    assert [int(cell) for cell in cells] == [int(of[5]) for of in counts.values()]
    with page.expect_download() as download:
        chart.get_by_role("button", name="Save as CSV").click()
    text = download.value.path().read_text("utf-8")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert [int(line[1]) for line in lines[1:]] == counts["input"].tolist()
    assert violations(page) == []


def test_what_is_not_in_sight_asks_for_nothing(page: Page, server: Served) -> None:
    sent: list[str] = []

    def heard(frame: object) -> None:
        found = re.findall(r'"(node_(?:map|curves|split|counts))"', str(frame))
        sent.extend(found)

    page.on("websocket", lambda socket: socket.on("framesent", heard))
    timeline = Timeline(page, server).morph()
    timeline.chart("active nodes")
    timeline.driver.until(lambda: "node_counts" in sent, "counts are asked for")
    page.get_by_label("Chart beside the curve").select_option("read-outs")
    expect(page.get_by_role("group", name="Active nodes", exact=True)).to_be_hidden()
    before = len(sent)
    timeline.slider.focus()
    page.keyboard.press("End")
    timeline.driver.until(lambda: timeline.explorer.cursor == 1, "the cursor is at the end")
    page.get_by_role("button", name="Examples…").first.focus()
    assert set(sent) == {"node_counts"}
    assert len(sent) == before
