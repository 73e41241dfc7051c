"""Every edge at once on the real page: painted, following the pen, zoomed, pointed at, filtered and traced back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from driver import ONE, SEVEN, Driver
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect
from served import Served

from vizapp import nets
from vizapp.analysis.lenses import LENSES
from vizapp.explorer import Explorer
from vizapp.nets.layout import load_layout
from vizapp.state import load_state
from vizapp.views.edge_values import Question, answer

RASTER = """() => {
  const data = Bokeh.documents[0].get_model_by_name('vizapp-edges').data;
  const image = data.image[0];
  if (!image) return null;
  const codes = Array.from(image).map((code) => code);
  let sum = 0;
  for (let i = 0; i < codes.length; i++) sum = (31 * sum + codes[i]) % 1000000007;
  return {
    x: data.x[0], y: data.y[0], dw: data.dw[0], dh: data.dh[0], pixels: codes.length, sum,
    inked: codes.filter((code) => code > 0).length,
    codes: new Set(codes).size,
  };
}"""
RANGE = """() => {
  const { x_range } = Bokeh.documents[0].get_model_by_name('vizapp-flat');
  return [x_range.start, x_range.end];
}"""
LIT = """() => Array.from(Bokeh.documents[0].get_model_by_name('vizapp-pad-lit').data.image[0] ?? [])
  .filter((level) => Math.abs(level - 128) > 8).length"""


class EdgePage(Driver):
    """A person who looks at the edges."""

    def raster(self) -> dict[str, Any]:
        """The picture of all edges that the flat plot has: place, size, inked pixels and a digest."""
        found: dict[str, Any] | None = self.page.evaluate(RASTER)
        assert found is not None
        return found

    def rest(self) -> dict[str, Any]:
        """Wait for the exact picture."""
        self.until(lambda: self.page.evaluate(RASTER) is not None, "there is a picture")
        box = self.page.locator(".v-flat .bk-Canvas").bounding_box()
        assert box is not None
        pixels = round(box["width"]) * round(box["height"])
        self.until(lambda: self.raster()["pixels"] >= 0.9 * pixels, "the exact picture is there")
        return self.raster()

    @property
    def numbers_of_bar(self) -> list[str]:
        return self.page.locator(".v-lens .ticks span").all_inner_texts()

    @property
    def sentence(self) -> str:
        return self.page.locator(".v-lens .words").inner_text()

    @property
    def scene_edges(self) -> int:
        return int(self.page.locator(".v-scene .stage").get_attribute("data-edges") or 0)

    @property
    def explorer(self) -> Explorer:
        """The session's state, here."""
        explorer = Explorer()
        load_state(explorer, self.saved)
        return explorer

    def clear_edge(self) -> tuple[int, int, tuple[float, float]]:
        """A strong edge whose middle is on no cell: source, target and its middle on the screen."""
        explorer = self.explorer
        found, edges = answer(Question.of(explorer)), Question.of(explorer).edges
        layout = load_layout(explorer.net)
        for edge in np.argsort(-found.strength)[:2000]:
            ends = int(edges.source[edge]), int(edges.target[edge])
            middle = layout.flat[list(ends)].mean(axis=0)
            if (np.abs(layout.flat - middle).max(axis=1) > 1.5 * layout.flat_size).all():
                (ax, ay), (bx, by) = (self.flat_place(node) for node in ends)
                return *ends, ((ax + bx) / 2, (ay + by) / 2)
        raise AssertionError("no edge is in the clear")

    def filters(self) -> None:
        self.page.locator("summary", has_text="Filter edges").click()

    def slide(self, label: str, value: float) -> None:
        slider = self.page.locator(".filter", has_text=label).locator("input")
        slider.fill(str(value))


@pytest.fixture
def driver(page: Page, server: Served) -> EdgePage:
    driver = EdgePage(page)
    driver.open(server.url)
    return driver


def around(page: Page, x: float, y: float, reach: int = 3) -> NDArray[np.int_]:
    """Screen pixels [rows, cols, RGB] around a place."""
    clip = {"x": x - reach, "y": y - reach, "width": 2 * reach + 1, "height": 2 * reach + 1}
    image = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")  # type: ignore[arg-type]
    return np.asarray(image).astype(int)


def test_every_lens_has_its_picture_numbers_and_sentence(driver: EdgePage) -> None:
    def after(change: Callable[[], None]) -> dict[str, Any]:
        """The exact picture that follows; what came before is there already and cannot be taken for it."""
        before = driver.rest()["sum"]
        change()
        driver.until(lambda: driver.raster()["sum"] != before, "there is another picture")
        return driver.rest()

    after(lambda: driver.draw(SEVEN))
    # The one that is chosen when the page opens comes last.
    lenses = [*(lens for lens in LENSES if lens != "contribution"), "contribution"]
    seen = {}
    for lens in lenses:
        picture = after(lambda lens=lens: driver.choose("Edges show", lens))
        assert picture["inked"] > 1000
        assert picture["codes"] > 20
        seen[lens] = picture, driver.numbers_of_bar, driver.sentence
    assert "edges run through" in seen["count"][2]
    assert len({picture["sum"] for picture, *_ in seen.values()}) == len(LENSES)
    assert len({tuple(numbers) for _, numbers, _ in seen.values()}) == len(LENSES)
    assert len({sentence for *_, sentence in seen.values()}) == len(LENSES)
    assert all("%" in number for number in seen["contribution"][1])
    assert not any("%" in number for number in seen["count"][1])


@pytest.mark.parametrize("name", nets.names())
def test_edges_are_painted_between_the_layers(driver: EdgePage, name: str) -> None:
    driver.choose("Network", name)
    driver.draw(SEVEN)
    driver.rest()
    _, _, (x, y) = driver.clear_edge()
    driver.page.mouse.move(5, 5)
    painted = around(driver.page, x, y)
    driver.page.mouse.move(5, 5)
    blank = np.array([255, 255, 255])
    assert (np.abs(painted - blank).sum(axis=-1) > 30).mean() > 0.3


@pytest.mark.parametrize("lens", ["contribution", "contrast"])
def test_edges_follow_the_pen_during_the_stroke(driver: EdgePage, lens: str) -> None:
    driver.choose("Edges show", lens)
    driver.press("Clear")
    driver.rest()
    sums = [driver.raster()["sum"]]
    points = [(0.3, 0.2), (0.45, 0.2), (0.6, 0.2), (0.7, 0.22), (0.6, 0.5), (0.45, 0.8)]
    driver.page.mouse.move(*driver.place(*points[0]))
    driver.page.mouse.down()
    for x, y in points[1:]:
        driver.page.mouse.move(*driver.place(x, y), steps=3)
        driver.until(lambda: driver.raster()["sum"] != sums[-1], "the picture follows")
        now = driver.raster()
        assert now["inked"] > 1000
        sums.append(now["sum"])
    driver.page.mouse.up()
    assert len(set(sums)) == len(sums)


def test_zooming_shows_new_detail_down_to_single_edges(driver: EdgePage) -> None:
    driver.draw(SEVEN)
    whole = driver.rest()
    _, _, place = driver.clear_edge()
    driver.page.mouse.move(*place)
    covered = [whole["inked"] / whole["pixels"]]
    before = whole
    for _ in range(9):
        driver.page.mouse.wheel(0, -400)
        driver.until(
            lambda width=before["dw"]: driver.raster()["dw"] < width, "the picture is of the new window"
        )
        before = driver.rest()
        # The picture covers what the plot shows, to the pixel.
        window = driver.page.evaluate(RANGE)
        np.testing.assert_allclose([before["x"], before["x"] + before["dw"]], window, rtol=1e-3, atol=1e-3)
        covered.append(before["inked"] / before["pixels"])
    assert before["dw"] < whole["dw"] / 20
    assert covered[-1] < covered[0] / 2
    driver.button("Show the whole network").click()
    driver.until(lambda: driver.raster()["dw"] == pytest.approx(whole["dw"], rel=1e-3), "all is back")


@pytest.mark.parametrize("name", nets.names())
def test_pointing_between_layers_lists_true_edges_and_a_click_selects_the_ends(
    driver: EdgePage, name: str
) -> None:
    driver.choose("Network", name)
    driver.draw(SEVEN)
    driver.until(lambda: driver.state["network"] == name, "the network is chosen")
    driver.rest()
    source, target, place = driver.clear_edge()
    network = nets.load(name)
    driver.page.mouse.move(*place)
    rows = driver.page.locator(".edge-list li")
    expect(rows.first).to_be_visible()
    wanted = f"{network.node_name(source)} → {network.node_name(target)}"
    driver.until(
        lambda: any(text.startswith(wanted) for text in rows.all_inner_texts()), f"{wanted} is in the list"
    )
    names = {network.node_name(node): node for node in range(network.n_nodes)}
    explorer = driver.explorer
    question = Question.of(explorer)
    found, edges = answer(question), question.edges
    values = dict(
        zip(
            zip(edges.source.tolist(), edges.target.tolist(), strict=True),
            (found.second - found.first).tolist(),
            strict=True,
        )
    )
    shares, listed = [], []
    for row in rows.all_inner_texts():
        match = re.fullmatch(r"(.+) → (.+)\s+w ([−\d.e+-]+)\s+([−\d.e+-]+) %", row.replace("\n", " ").strip())
        assert match, row
        ends = names[match[1]], names[match[2]]
        weight, value = (float(text.replace("−", "-")) for text in match.groups()[2:])
        into = network.edges_into(ends[1])
        assert weight == pytest.approx(float(into.weight[into.source == ends[0]][0]), rel=0.01, abs=0.006)
        assert value / 100 == pytest.approx(values[ends], rel=0.1, abs=2e-5)
        shares.append(abs(value))
        listed.append(ends)
    assert shares == sorted(shares, reverse=True)
    driver.page.mouse.click(*place)
    driver.until(lambda: selected(driver) == 2, "two nodes are selected")
    assert driver.outlined_nodes() == set(listed[0])
    assert driver.page.locator(".v-flat").get_attribute("data-primary") == str(listed[0][1])


def selected(driver: EdgePage) -> int:
    return int(driver.page.locator(".v-flat").get_attribute("data-selected") or 0)


def test_filters_act_on_both_views(driver: EdgePage) -> None:
    driver.draw(SEVEN)
    everything = driver.rest()
    driver.until(lambda: driver.scene_edges > 500, "the scene draws edges")
    before = driver.scene_edges
    driver.filters()
    driver.page.locator(".filter", has_text="Edges into").locator("select").select_option("fc2")
    driver.until(lambda: driver.raster()["inked"] < 0.6 * everything["inked"], "the flat plot shows fewer")
    driver.until(lambda: driver.scene_edges != before, "the scene shows others")
    expect(driver.page.locator("summary", has_text="Filter edges (1)")).to_be_visible()
    driver.button("Show all edges").click()
    driver.until(lambda: driver.raster()["inked"] > 0.9 * everything["inked"], "all are back")
    # From all to the twenty strongest, in both views.
    driver.slide("Strongest", 10)
    driver.until(lambda: driver.scene_edges == 20, "twenty in the scene")
    driver.until(lambda: driver.raster()["inked"] < 0.1 * everything["inked"], "few in the flat plot")


def test_twenty_thousand_edges_fit_into_the_scene(driver: EdgePage) -> None:
    driver.draw(SEVEN)
    driver.filters()
    driver.slide("Strongest", 1)
    driver.until(lambda: driver.scene_edges == 20_000, "20,000 edges in the scene")


def test_the_scene_has_its_edges_without_the_flat_plot(driver: EdgePage) -> None:
    driver.choose("Show", "3D")
    driver.draw(ONE)
    driver.until(lambda: driver.raster()["pixels"] < 100, "the picture is next to nothing")
    driver.filters()
    driver.slide("Strongest", 5)
    driver.until(lambda: driver.scene_edges == 1000, "1,000 edges in the scene")


def test_tracing_back_lights_pixels_and_fewer_edges_for_less_evidence(driver: EdgePage) -> None:
    driver.draw(SEVEN)
    everything = driver.rest()
    network = nets.load("cnn")
    node = int(network.span("output").start + driver.trace().prediction[0])
    driver.page.mouse.click(*driver.flat_place(node))
    driver.until(lambda: selected(driver) == 1, "a node is selected")
    driver.filters()
    driver.page.get_by_label("Trace the selected node back to the pixels").check()
    driver.until(lambda: driver.page.evaluate(LIT) > 3, "pixels are lit on the drawing")
    traced = driver.rest()
    assert traced["inked"] < everything["inked"]
    counts, lit = [], []
    for share in (0.95, 0.7, 0.5):
        driver.slide("Evidence kept", share)
        driver.until(lambda share=share: f"keep {share:.0%}" in driver.sentence, f"{share:.0%} are kept")
        driver.until(lambda: driver.page.evaluate(LIT) > 0, "pixels are lit")
        counts.append(driver.scene_edges)
        lit.append(driver.page.evaluate(LIT))
    assert counts[0] > counts[1] > counts[2] > 0
    # Nothing is lit any more where nothing is traced.
    driver.button("Show all edges").click()
    driver.until(lambda: driver.page.evaluate(LIT) == 0, "the lights are out")
