"""One selection: made in each pane, by pointer, touch and keyboard, and read in every other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from conftest import Complaints
from driver import SEVEN
from playwright.sync_api import Browser, Page, expect
from selector import Points, Selector
from served import Served


@pytest.fixture
def driver(page: Page, server: Served) -> Selector:
    return Selector(page).open(server.url)  # type: ignore[return-value]


# By pointer, in the flat plot


def test_a_click_selects_and_shift_adds_and_takes_away(driver: Selector) -> None:
    a, b, c = driver.node("conv1", 1200), driver.node("fc1", 30), driver.node("output", 7)
    driver.click(driver.flat_place(a))
    driver.selected({a}, a)
    driver.click(driver.flat_place(b), shift=True)
    driver.selected({a, b}, b)
    driver.click(driver.flat_place(c), shift=True)
    driver.selected({a, b, c}, c)
    driver.click(driver.flat_place(c), shift=True)
    driver.selected({a, b}, b)
    driver.click(driver.flat_place(a))
    driver.selected({a}, a)


def test_a_click_on_nothing_clears_and_with_shift_does_not(driver: Selector) -> None:
    node = driver.node("fc2", 5)
    driver.click(driver.flat_place(node))
    driver.selected({node})
    box = driver.flat.bounding_box()
    assert box is not None
    nowhere = box["x"] + 0.75 * box["width"], box["y"] + box["height"] - 8
    driver.click(nowhere, shift=True)
    driver.click(nowhere, shift=True)
    driver.selected({node})
    driver.click(nowhere)
    driver.selected(set())


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_a_box_selects_the_nodes_whose_centres_are_in_it(driver: Selector, name: str) -> None:
    driver.take(name)
    driver.tool("Box")
    places = driver.on_screen()
    generator = np.random.default_rng(4)
    for turn in range(3):
        corners = places[generator.choice(len(places), 2, replace=False)] + generator.uniform(-9, 9, (2, 2))
        # Not on a centre, where rounding would decide.
        low, high = np.sort(corners, axis=0)
        inside = set(np.flatnonzero(((places > low) & (places < high)).all(axis=1)).tolist())
        driver.drag(np.linspace(*corners, 6))
        driver.selected(inside)
        assert turn or inside


def test_a_lasso_selects_the_nodes_whose_centres_are_in_it(driver: Selector) -> None:
    driver.tool("Lasso")
    places = driver.on_screen()
    centre = places[sorted(driver.all_of("conv2"))].mean(axis=0)
    angle = np.linspace(0, 2 * np.pi, 60)
    # A star with a waist: neither a box nor convex.
    radius = 40 + 70 * np.cos(2.5 * angle) ** 2
    line = centre + np.stack([radius * np.cos(angle), 0.8 * radius * np.sin(angle)], axis=1)
    driver.drag(line)
    inside = within(places, line)
    assert 100 < len(inside) < 4000
    driver.selected(inside)


def within(places: Points, line: Points) -> set[int]:
    """By brute force: from a place to the right there is an odd number of the line's sides."""
    ends = np.roll(line, -1, axis=0)
    found = set()
    for node, (x, y) in enumerate(places):
        above = (line[:, 1] > y) != (ends[:, 1] > y)
        a, b = line[above], ends[above]
        at = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
        if np.count_nonzero(at > x) % 2:
            found.add(node)
    return found


def test_with_shift_box_and_lasso_add_and_a_click_still_picks(driver: Selector) -> None:
    node, other = driver.node("conv1", 1200), driver.node("output", 3)
    driver.tool("Box")
    driver.click(driver.flat_place(node))
    driver.selected({node}, node)
    output = driver.on_screen()[sorted(driver.all_of("output"))]
    corners = np.array([output.min(axis=0) - 5, output.max(axis=0) + 5])
    driver.drag(np.linspace(*corners, 5), shift=True)
    driver.selected(driver.all_of("output") | {node}, driver.strongest(driver.all_of("output")))
    # Around nothing at all: what is selected stays.
    driver.drag(np.linspace(corners[0] - 30, corners[0] - 15, 5), shift=True)
    driver.selected(driver.all_of("output") | {node})
    driver.tool("Lasso")
    driver.click(driver.flat_place(other))
    driver.selected({other}, other)
    driver.tool("Pan")
    before = driver.flat_place(other)
    driver.drag(np.linspace(before, np.add(before, (40, 25)), 5))
    driver.until(lambda: np.hypot(*np.subtract(driver.flat_place(other), before)) > 20, "the plot was moved")
    driver.selected({other})


def test_a_drag_that_begins_with_a_rest_is_a_drag(driver: Selector) -> None:
    driver.tool("Box")
    corners = driver.on_screen()[[driver.node("fc2"), driver.node("fc2", 99)]] + [[-3, -3], [3, 3]]
    driver.page.mouse.move(*corners[0])
    driver.page.mouse.down()
    # Bokeh takes this for a press.
    driver.page.wait_for_timeout(400)
    driver.page.mouse.move(*corners[1], steps=4)
    driver.page.mouse.up()
    driver.selected(driver.all_of("fc2"))


def test_hidden_layers_are_not_selected(driver: Selector) -> None:
    driver.page.get_by_text("Layers", exact=True).click()
    driver.page.get_by_role("checkbox", name="conv1").uncheck()
    expect(driver.page.get_by_text("7 of 8 shown")).to_be_visible()
    driver.page.keyboard.press("Escape")
    driver.tool("Box")
    places = driver.on_screen()
    driver.drag(np.linspace(places.min(axis=0) - 3, places.max(axis=0) + 3, 5))
    everything = set(range(driver.net.n_nodes))
    driver.selected(everything - driver.all_of("conv1"))


# By name


def test_a_layers_name_and_a_maps_number_select_in_the_flat_plot(driver: Selector) -> None:
    box = driver.flat.bounding_box()
    assert box is not None
    places = driver.on_screen()
    conv1 = places[sorted(driver.all_of("conv1"))]
    name = box["x"] + 16, float(conv1[:, 1].mean()) - 4
    driver.page.mouse.move(*name)
    expect(driver.readout).to_have_text("conv1")
    expect(driver.numbers).to_contain_text("4,704 nodes")
    driver.until(driver.previewed, "it is shown before it is chosen")
    driver.click(name)
    driver.selected(driver.all_of("conv1"), driver.strongest(driver.all_of("conv1")))
    third = places[sorted(driver.map_of("conv1", 3))]
    number = float(third[:, 0].mean()), float(third[:, 1].max()) + 8
    driver.page.mouse.move(*number)
    expect(driver.readout).to_have_text("conv1 map 3")
    # All of it is selected: with Shift it goes.
    driver.click(number, shift=True)
    driver.selected(driver.all_of("conv1") - driver.map_of("conv1", 3))
    driver.click(number)
    driver.selected(driver.map_of("conv1", 3))
    driver.away()
    driver.until(lambda: not driver.previewed(), "nothing is pointed at any more")


def test_labels_in_the_scene_select(driver: Selector) -> None:
    chip = driver.page.get_by_role("toolbar", name="Select a layer").get_by_role("button", name="fc1")
    chip.hover()
    expect(driver.readout).to_have_text("fc1")
    driver.until(driver.previewed, "it is shown before it is chosen")
    chip.click()
    driver.selected(driver.all_of("fc1"), driver.strongest(driver.all_of("fc1")))
    chip.press("ArrowUp")
    fc2 = driver.page.get_by_role("toolbar", name="Select a layer").get_by_role("button", name="fc2")
    expect(fc2).to_be_focused()
    fc2.press("Shift+Enter")
    driver.selected(driver.all_of("fc1") | driver.all_of("fc2"))
    number = driver.page.locator(".vz-map:visible", has_text=re.compile("^4$")).first
    number.click()
    driver.until(lambda: driver.count() == 784, "a map of conv1 is selected")
    driver.selected(driver.map_of("conv1", 4))


def test_layers_and_maps_have_buttons(driver: Selector) -> None:
    driver.page.get_by_text("Layers", exact=True).click()
    driver.button("Select conv2").press("Enter")
    driver.selected(driver.all_of("conv2"))
    driver.button("Select conv2 map 7").press("Shift+Enter")
    driver.selected(driver.all_of("conv2") - driver.map_of("conv2", 7))
    driver.button("Select pool1 map 2").click()
    driver.selected(driver.map_of("pool1", 2))


# In the scene, in what the network sees


def test_clicks_in_the_scene_select(driver: Selector) -> None:
    driver.button("Top").click()
    box = driver.scene.bounding_box()
    assert box is not None
    found: list[int] = []
    for share in np.linspace(0.2, 0.8, 40):
        driver.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        driver.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        focus = driver.stage.get_attribute("data-focus")
        if not focus or int(focus) in found:
            continue
        place = box["x"] + box["width"] * share, box["y"] + box["height"] / 2
        driver.click(place, shift=bool(found))
        # The camera may still have been on its way: what the pointer came to was selected.
        driver.until(lambda: driver.count() == len(found) + 1, "one more is selected")
        found.append(int(driver.flat.get_attribute("data-primary") or -1))
        driver.selected(set(found), found[-1])
        if len(found) == 3:
            break
    assert len(found) == 3
    driver.click((box["x"] + box["width"] - 4, box["y"] + box["height"] - 60))
    driver.selected(set())


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_a_pixel_of_what_the_network_sees_is_its_node(driver: Selector, name: str) -> None:
    driver.take(name)
    box = driver.seen.bounding_box()
    assert box is not None
    cols = driver.net.layers[0].shape[-1]
    frame = (cols - 28) // 2
    nodes = [(row + frame) * cols + col + frame for row, col in ((0, 0), (13, 20), (27, 27))]
    for i, (row, col) in enumerate(((0, 0), (13, 20), (27, 27))):
        place = box["x"] + box["width"] * (col + 0.5) / 28, box["y"] + box["height"] * (row + 0.5) / 28
        driver.page.mouse.move(*place)
        expect(driver.readout).to_have_text(driver.net.node_name(nodes[i]))
        np.testing.assert_allclose(driver.outlined(), driver.layout.flat[nodes[i]], atol=1e-3)
        driver.until(
            lambda i=i: driver.stage.get_attribute("data-focus") == str(nodes[i]), "the scene has it too"
        )
        driver.click(place, shift=i > 0)
        driver.selected(set(nodes[: i + 1]), nodes[i])


# Through time


def test_a_selection_stays_over_strokes_and_goes_with_the_network(driver: Selector) -> None:
    nodes = {driver.node("conv1", 1200), driver.node("fc1", 3)}
    for i, node in enumerate(sorted(nodes)):
        driver.click(driver.flat_place(node), shift=i > 0)
    driver.selected(nodes)
    driver.draw(SEVEN)
    driver.page.keyboard.press("Delete")
    driver.draw(SEVEN)
    driver.selected(nodes)
    driver.choose("Network", "mlp")
    driver.selected(set())


# With a finger


@pytest.fixture
def phone(browser: Browser, server: Served, complaints: Complaints) -> Iterator[Selector]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    complaints.watch(page)
    yield Selector(page).open(server.url)  # type: ignore[misc]
    context.close()
    assert not complaints


def test_a_finger_taps_and_sweeps(phone: Selector) -> None:
    phone.flat.scroll_into_view_if_needed()
    node = phone.node("output", 4)
    phone.page.touchscreen.tap(*phone.flat_place(node))
    phone.until(lambda: phone.count() == 1, "a tap selects")
    assert phone.outlined_nodes() == {node}
    radio = phone.page.get_by_role("radiogroup", name="Dragging").get_by_role("radio", name="Box")
    radio.tap()
    output = phone.on_screen()[sorted(phone.all_of("output"))]
    corners = np.array([output.min(axis=0) - 6, output.max(axis=0) + 6])
    touch = phone.page.context.new_cdp_session(phone.page)
    for kind, points in (
        ("touchStart", [corners[0]]),
        *(("touchMove", [point]) for point in np.linspace(*corners, 6)[1:]),
        ("touchEnd", []),
    ):
        where = [{"x": float(x), "y": float(y)} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})
    phone.until(lambda: phone.count() == 10, "a sweep selects")
    assert phone.outlined_nodes() == phone.all_of("output")
