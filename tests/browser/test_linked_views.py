"""Two views of one network: the same node in both, with the value that the network gives it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from conftest import Complaints
from driver import ONE, SEVEN, Driver
from playwright.sync_api import Browser, Page, expect
from served import Served

from vizapp import nets
from vizapp.nets.layout import load_layout

NODES = {
    "cnn": [
        ("input", 16 * 32 + 15),
        ("conv1", 2 * 784 + 10 * 28 + 12),
        ("pool1", 5 * 196 + 7 * 14 + 7),
        ("conv2", 6 * 100 + 3 * 10 + 4),
        ("pool2", 15 * 25 + 12),
        ("fc1", 30),
        ("fc2", 99),
        ("output", 7),
    ],
    "mlp": [("input", 14 * 28 + 13), ("fc1", 299), ("fc2", 0), ("output", 0)],
}


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    return Driver(page).open(server.url)


def rest(driver: Driver) -> None:
    """Until no frame has been asked for between two looks."""
    seen = [-1]

    def still() -> bool:
        before, seen[0] = seen[0], driver.page.evaluate("window.framesAskedFor")
        return seen[0] == before

    for _ in range(5):
        driver.until(still, "the page comes to rest")


@pytest.mark.parametrize("name", nets.names())
def test_pointing_at_a_node_in_the_flat_plot_shows_it_everywhere(driver: Driver, name: str) -> None:
    driver.draw(SEVEN)
    driver.choose("Network", name)
    driver.until(lambda: driver.state["network"] == name, "the network is chosen")
    driver.check_answer()
    network = nets.load(name)
    trace, layout = driver.trace(), load_layout(network)
    for layer, local in NODES[name]:
        node = network.span(layer).start + local
        driver.page.mouse.move(*driver.flat_place(node))
        expect(driver.readout).to_have_text(network.node_name(node))
        driver.until(driver.shown_numbers, "its numbers come")
        # Saved points are rounded to 1/10,000 of the pad.
        value = float(trace.activation[0, node])
        np.testing.assert_allclose(driver.shown_numbers()[-1], value, atol=0.02 + 0.01 * abs(value))
        if layer != "input":
            sum_ = float(trace.pre[0, node])
            np.testing.assert_allclose(driver.shown_numbers()[0], sum_, atol=0.02 + 0.01 * abs(sum_))
        np.testing.assert_allclose(driver.outlined(), layout.flat[node], atol=1e-3)
        expect(driver.page.locator(".vz-hover")).to_be_visible()
        expect(driver.page.locator(".vz-hover")).to_contain_text(network.node_name(node))
    driver.page.mouse.move(5, 5)
    expect(driver.page.locator(".vz-hover")).not_to_be_visible()
    assert driver.outlined() == []


@pytest.mark.parametrize("name", nets.names())
def test_pointing_at_a_node_in_the_scene_shows_it_everywhere(driver: Driver, name: str) -> None:
    driver.choose("Network", name)
    driver.draw(SEVEN)
    driver.until(lambda: driver.state["network"] == name, "the network is chosen")
    driver.check_answer()
    network = nets.load(name)
    trace, layout = driver.trace(), load_layout(network)
    names = {network.node_name(node): node for node in range(network.n_nodes)}
    box = driver.page.locator(".v-scene [role=application]").bounding_box()
    assert box is not None
    found: set[str] = set()
    for share in np.linspace(0.95, 0.05, 60):
        driver.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * share)
        # Until the pointer's move has been worked off, with or without a node under it.
        driver.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        shown = driver.readout.inner_text()
        if shown not in names or not driver.outlined() or shown.split()[0] in found:
            continue
        found.add(shown.split()[0])
        node = names[shown]
        np.testing.assert_allclose(driver.outlined(), layout.flat[node], atol=1e-3)
        driver.until(driver.shown_numbers, "its numbers come")
        value = float(trace.activation[0, node])
        np.testing.assert_allclose(driver.shown_numbers()[-1], value, atol=0.02 + 0.01 * abs(value))
    assert len(found) >= 3


def test_the_value_under_a_resting_pointer_follows_the_drawing(driver: Driver) -> None:
    driver.draw(SEVEN)
    network = nets.load("cnn")
    node = network.span("output").start + 7
    driver.page.mouse.move(*driver.flat_place(node))
    driver.until(driver.shown_numbers, "its numbers come")
    before = driver.shown_numbers()
    driver.page.keyboard.press("Delete")
    driver.until(lambda: driver.shown_numbers() != before, "the numbers follow")


def test_changing_the_network_forgets_the_node_under_the_pointer(driver: Driver) -> None:
    network = nets.load("cnn")
    driver.page.mouse.move(*driver.flat_place(network.span("conv1").start + 400))
    expect(driver.readout).to_contain_text("conv1")
    driver.choose("Network", "mlp")
    expect(driver.readout).not_to_contain_text("conv1")


def test_a_layer_can_be_hidden_and_shown(driver: Driver) -> None:
    network = nets.load("cnn")
    node = network.span("conv1").start + 10 * 28 + 12
    driver.page.mouse.move(*driver.flat_place(node))
    expect(driver.readout).to_have_text(network.node_name(node))
    driver.page.get_by_text("Layers", exact=True).click()
    box = driver.page.get_by_role("checkbox", name="conv1")
    expect(box).to_be_checked()
    box.click()
    label = driver.page.locator(".vz-layer", has_text="conv1")
    expect(label).to_have_css("opacity", "0")
    expect(driver.page.get_by_text("7 of 8 shown")).to_be_visible()
    driver.page.mouse.move(5, 5)
    driver.page.mouse.move(*driver.flat_place(node))
    expect(driver.page.locator(".vz-hover")).not_to_be_visible()
    assert driver.outlined() == []
    driver.page.get_by_role("checkbox", name="conv1").click()
    expect(label).to_have_css("opacity", "1")


def test_the_flat_plot_zooms_and_comes_back(driver: Driver) -> None:
    node = nets.load("cnn").span("conv1").start + 400
    place = driver.flat_place(node)
    driver.page.mouse.move(*place)
    name = nets.load("cnn").node_name(node)
    expect(driver.readout).to_have_text(name)
    driver.button("Zoom in").click()
    driver.page.mouse.move(*place)
    driver.until(lambda: driver.readout.inner_text() != name, "another node is under the pointer")
    driver.button("Show the whole network").click()
    # The plot is painted again in its own time; a pointer that moves a little is told what is there now.
    for shift in range(400):
        driver.page.mouse.move(place[0] + 0.1 * (shift % 2), place[1])
        if driver.readout.inner_text() == name:
            break
    expect(driver.readout).to_have_text(name)


# Rest


COUNT_FRAMES = """
  window.framesAskedFor = 0;
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => { window.framesAskedFor++; return ask(callback); };
"""


@pytest.mark.parametrize("name", nets.names())
def test_nothing_happens_while_nothing_changes(page: Page, server: Served, name: str) -> None:
    said: list[object] = []
    for event in ("framesent", "framereceived"):
        page.on("websocket", lambda socket, event=event: socket.on(event, lambda frame: said.append(frame)))
    page.add_init_script(COUNT_FRAMES)
    driver = Driver(page).open(server.url)
    driver.choose("Network", name)
    driver.draw(SEVEN)
    driver.page.mouse.move(*driver.flat_place(3))
    rest(driver)
    # The exact picture of the edges is made when the pen rests, in its own time.
    quiet = [-1]

    def silent() -> bool:
        before, quiet[0] = quiet[0], len(said)
        page.wait_for_timeout(700)
        return len(said) == before

    driver.until(silent, "the line falls silent")
    rest(driver)
    frames, messages = page.evaluate("framesAskedFor"), len(said)
    # The measurement itself: two seconds in which nothing may happen.
    page.wait_for_timeout(2000)
    assert page.evaluate("framesAskedFor") == frames
    assert len(said) == messages


# Without WebGL


@pytest.fixture
def blind(browser: Browser, server: Served, complaints: Complaints) -> Iterator[Driver]:
    """A browser that offers no WebGL."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest); };"
    )
    page = context.new_page()
    complaints.watch(page)
    yield Driver(page).open(server.url)
    context.close()
    # The library says on the console what it misses; the page itself may not fail.
    assert [text for text in complaints if "WebGL" not in text] == []


def test_without_webgl_the_page_says_so_and_all_else_works(blind: Driver) -> None:
    scene = blind.page.get_by_role("region", name="3D scene")
    expect(scene.get_by_role("alert")).to_contain_text("WebGL")
    blind.draw(SEVEN)
    blind.draw(ONE)
    blind.check_answer()
    network = nets.load("cnn")
    node = network.span("output").start + 7
    blind.page.mouse.move(*blind.flat_place(node))
    expect(blind.readout).to_have_text("output 7")
    blind.choose("Network", "mlp")
    blind.until(lambda: blind.state["network"] == "mlp", "the network is chosen")
    blind.check_answer()
