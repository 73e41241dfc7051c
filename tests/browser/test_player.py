"""Walks with the player: by keyboard and by itself, and every view follows."""

from __future__ import annotations

import re

import numpy as np
import pytest
from driver import SEVEN, Driver
from playwright.sync_api import Locator, Page, expect
from served import Served

from vizapp import nets
from vizapp.explorer import Explorer
from vizapp.nets.layout import load_layout
from vizapp.walk import Step, Walk, forward_walk, walk_to

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?")


class Player:
    """The player of a page, and the walk that it should be on."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.page = driver.page
        self.root = driver.page.locator(".v-player")
        self.title = self.root.locator(".title")
        self.sentence = self.root.locator(".sentence")
        self.slider = self.root.get_by_role("slider", name="Step")
        self.flat = driver.page.locator(".v-flat")
        self.stage = driver.page.locator(".v-scene .stage")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def begin(self) -> Player:
        self.button("Step through").click()
        expect(self.title).to_have_text("Drawing")
        return self

    @property
    def explorer(self) -> Explorer:
        """The state as the server saved it; points are rounded to 1/10,000 of the pad."""
        return self.driver._restored()

    def at(self, walk: Walk, index: int) -> None:
        """The page comes to show this step: words, selection, and where the camera goes."""
        step = walk[index]
        expect(self.root.locator(".words")).to_contain_text(f"{index + 1} of {len(walk)}")
        expect(self.title).to_have_text(step.title)
        expect(self.slider).to_have_value(str(index))
        self.driver.until(lambda: alike(self.sentence.inner_text(), step.sentence), step.sentence)
        primary = str(step.nodes[0]) if step.nodes else ""
        expect(self.flat).to_have_attribute("data-primary", primary)
        expect(self.flat).to_have_attribute("data-selected", str(len(step.nodes)))
        expect(self.stage).to_have_attribute("data-aim", step.layer or "")

    def framed(self) -> list[float]:
        """Where the flat plot frames the primary node, in the layout."""
        return self.page.evaluate(
            "(() => { const { x, y } = Bokeh.documents[0].get_model_by_name('vizapp-primary').data;"
            " return [...Array.from(x), ...Array.from(y)]; })()"
        )

    def faded(self, x: float, y: float) -> float:
        """How much of the veil lies over a place of the flat plot's layout, 0 to 1."""
        return self.flat.locator("canvas.veil").evaluate(
            """(canvas, [x, y]) => {
              const { x_range: h, y_range: v } = Bokeh.documents[0].get_model_by_name('vizapp-flat');
              const left = canvas.width * (x - h.start) / (h.end - h.start);
              const top = canvas.height * (v.end - y) / (v.end - v.start);
              return canvas.hidden ? 0 : canvas.getContext('2d').getImageData(left, top, 1, 1).data[3] / 255;
            }""",
            [x, y],
        )


def alike(shown: str, expected: str) -> bool:
    """The same words, and numbers that differ no more than the rounding of saved points explains."""
    if NUMBER.sub("#", shown) != NUMBER.sub("#", expected):
        return False
    pairs = zip(NUMBER.findall(shown), NUMBER.findall(expected), strict=True)
    values = [(float(a.replace(",", "")), float(b.replace(",", ""))) for a, b in pairs]
    return all(abs(a - b) <= 0.02 + 0.02 * abs(b) for a, b in values)


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    return Driver(page).open(server.url)


@pytest.fixture
def player(driver: Driver) -> Player:
    driver.draw(SEVEN)
    return Player(driver)


@pytest.mark.parametrize("name", nets.names())
def test_from_the_pad_to_the_answer_by_keyboard(player: Player, name: str) -> None:
    player.driver.choose("Network", name)
    player.driver.until(lambda: player.driver.state["network"] == name, "the network is chosen")
    player.button("Step through").focus()
    player.page.keyboard.press("Enter")
    walk = forward_walk(player.explorer)
    for index in range(len(walk)):
        player.at(walk, index)
        player.page.keyboard.press("ArrowRight")
    # Beyond the end there is nothing.
    player.at(walk, len(walk) - 1)
    expect(player.button("Forward")).to_have_attribute("aria-disabled", "true")
    player.page.keyboard.press("Home")
    player.at(walk, 0)
    player.page.keyboard.press("End")
    player.at(walk, len(walk) - 1)
    player.page.keyboard.press("ArrowLeft")
    player.at(walk, len(walk) - 2)
    player.page.keyboard.press("Escape")
    expect(player.button("Step through")).to_be_focused()
    expect(player.stage).to_have_attribute("data-aim", "")
    assert player.driver.state["walk"] is None


def test_buttons_slider_and_titles_go_there_too(player: Player) -> None:
    walk = forward_walk(player.explorer)
    player.begin()
    for name, index in (("Forward", 1), ("Forward", 2), ("Back", 1), ("First step", 0)):
        player.button(name).click()
        player.at(walk, index)
    player.root.locator(".ticks li", has_text="pool1").click()
    player.at(walk, walk.titles.index("pool1"))
    player.slider.fill("8")
    player.at(walk, 8)
    player.slider.focus()
    player.page.keyboard.press("ArrowRight")
    player.at(walk, 9)
    expect(player.slider).to_have_attribute("aria-valuetext", f"10 of {len(walk)}: {walk.titles[9]}")


def test_it_plays_by_itself_to_the_end(player: Player) -> None:
    walk = forward_walk(player.explorer)
    player.begin()
    player.root.get_by_role("combobox", name="Speed").select_option("2×")
    player.slider.fill(str(len(walk) - 3))
    player.at(walk, len(walk) - 3)
    player.slider.focus()
    player.page.keyboard.press("Space")
    expect(player.button("Pause")).to_be_visible()
    player.at(walk, len(walk) - 1)
    expect(player.button("Play")).to_be_visible()
    # From the end it begins anew.
    player.button("Play").click()
    player.at(walk, 0)
    player.button("Pause").click()
    expect(player.button("Play")).to_be_visible()


def test_the_sentence_is_announced_when_it_rests(player: Player) -> None:
    walk = forward_walk(player.explorer)
    player.begin()
    player.slider.fill("4")
    live = player.root.get_by_role("status")
    player.driver.until(
        lambda: alike(live.inner_text(), f"{walk[4].title}: {walk[4].sentence}"), "it is announced"
    )


def test_drawing_during_a_walk_changes_the_sentence(player: Player) -> None:
    player.begin()
    player.slider.fill("4")
    expect(player.title).to_have_text("conv1")
    before = player.sentence.inner_text()
    player.driver.draw([(0.3, 0.5), (0.7, 0.45)])
    walk = forward_walk(player.explorer)
    player.at(walk, 4)
    assert player.sentence.inner_text() != before
    assert player.slider.input_value() == "4"


def test_leaving_gives_the_selection_back(player: Player) -> None:
    network = nets.load("cnn")
    node = network.span("output").start + 7
    player.page.mouse.click(*player.driver.flat_place(node))
    expect(player.flat).to_have_attribute("data-primary", str(node))
    place = player.framed()
    player.begin()
    player.slider.fill("6")
    expect(player.title).to_have_text("conv2")
    player.driver.until(lambda: player.framed() != place, "another node is framed")
    step = forward_walk(player.explorer)[6]
    np.testing.assert_allclose(player.framed(), load_layout(network).flat[step.nodes[0]], atol=1e-3)
    player.button("Close").click()
    expect(player.flat).to_have_attribute("data-primary", str(node))
    player.driver.until(lambda: player.framed() == place, "the node is framed again")


@pytest.mark.parametrize(("name", "layer", "local"), [("cnn", "fc1", 33), ("mlp", "output", 7)])
def test_how_a_node_came_about(player: Player, name: str, layer: str, local: int) -> None:
    player.driver.choose("Network", name)
    player.driver.until(lambda: player.driver.state["network"] == name, "the network is chosen")
    network = nets.load(name)
    node = network.span(layer).start + local
    player.page.mouse.click(*player.driver.flat_place(node))
    player.button(f"How {network.node_name(node)} came about").click()
    walk = walk_to(player.explorer, node)
    player.at(walk, 0)
    for index in range(1, len(walk)):
        player.button("Forward").click()
        player.at(walk, index)
    expect(player.title).to_have_text(network.node_name(node))
    expect(player.flat).to_have_attribute("data-primary", str(node))


def middle(name: str, step: Step) -> tuple[float, float]:
    """The middle of a layer's first block in the flat plot's layout."""
    block = next(
        b for b in load_layout(nets.load(name)).blocks if nets.load(name).layers[b.layer].name == step.layer
    )
    return block.x + 0.4 * block.width, block.y + 0.6 * block.height


def test_what_takes_no_part_fades_and_nothing_moves(player: Player) -> None:
    ranges = (
        "(() => { const { x_range: x, y_range: y } = Bokeh.documents[0].get_model_by_name('vizapp-flat');"
    )
    ranges += " return [x.start, x.end, y.start, y.end]; })()"
    walk = forward_walk(player.explorer)
    steps = {step.title: step for step in walk}
    player.begin()
    before = None
    for title, lit in (("conv2", {"conv2", "pool1"}), ("Softmax", {"output"}), ("Drawing", set())):
        player.slider.fill(str(walk.titles.index(title)))
        expect(player.title).to_have_text(title)
        for other in ("Pixels", "conv1", "pool1", "conv2", "pool2", "Answer"):
            step = steps[other]
            depth = 0.0 if step.layer in lit else 0.88
            player.driver.until(
                lambda step=step, depth=depth: abs(player.faded(*middle("cnn", step)) - depth) < 0.06,
                f"{other} is faded by {depth} at {title}",
            )
        # The player has taken its room by now.
        before = before or player.page.evaluate(ranges)
    assert player.page.evaluate(ranges) == before
    player.button("Close").click()
    player.driver.until(lambda: player.faded(*middle("cnn", steps["conv2"])) == 0, "nothing is faded")


def test_a_step_comes_into_view_where_the_flat_plot_is_zoomed_in(player: Player) -> None:
    network, layout = nets.load("cnn"), load_layout(nets.load("cnn"))
    x, y = player.driver.flat_place(network.span("output").start + 4)
    player.page.mouse.move(x, y)
    for _ in range(12):
        player.page.mouse.wheel(0, -200)
    player.begin()

    def seen(name: str) -> bool:
        # As it is now: the plot gets another size as the walk begins.
        box = player.flat.bounding_box()
        assert box is not None
        span = network.span(name)
        places = [player.driver.flat_place(node) for node in (span.start, span.stop - 1)]
        return all(
            box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"]
            for x, y in places
        )

    assert not seen("conv1")
    walk = forward_walk(player.explorer)
    player.slider.fill(str(walk.titles.index("conv1")))
    player.driver.until(lambda: seen("conv1"), "conv1 comes into view")
    assert layout.bounds


def test_a_reload_is_in_the_middle_of_the_same_walk(player: Player) -> None:
    player.begin()
    player.slider.fill("6")
    expect(player.title).to_have_text("conv2")
    player.driver.until(lambda: player.driver.state.get("step") == 6, "the step is saved")
    player.page.reload()
    player.at(forward_walk(player.explorer), 6)


def test_on_a_phone_the_player_stays_beside_the_pane(phone: Driver) -> None:
    player = Player(phone)
    phone.page.get_by_role("button", name="Timeline").click()
    player.begin()
    phone.page.get_by_role("button", name="Flat", exact=True).click()
    for _ in range(4):
        player.button("Forward").click()
    expect(player.title).to_have_text("conv1")
    expect(player.sentence).to_be_visible()
    expect(phone.page.get_by_role("region", name="Flat plot")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
