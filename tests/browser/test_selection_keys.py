"""Selecting with nothing but the keyboard, on the real page."""

from __future__ import annotations

import numpy as np
import pytest
from driver import SEVEN
from playwright.sync_api import Page, expect
from selector import Selector
from served import Served


@pytest.fixture
def driver(page: Page, server: Served) -> Selector:
    return Selector(page).open(server.url)  # type: ignore[return-value]


def test_arrows_walk_a_layer_and_cross_to_the_next_map(driver: Selector) -> None:
    start = driver.node("conv2", 3 * 100 + 4 * 10 + 8)
    driver.click(driver.flat_place(start))
    driver.selected({start})
    driver.away()
    driver.plot.focus()

    def press(key: str, node: int) -> None:
        driver.page.keyboard.press(key)
        driver.until(lambda: driver.stage.get_attribute("data-focus") == str(node), f"{key} leads to {node}")
        np.testing.assert_allclose(driver.outlined(), driver.layout.flat[node], atol=1e-3)
        expect(driver.readout).to_have_text(driver.net.node_name(node))
        expect(driver.spoken).to_contain_text(driver.net.node_name(node))

    # The first key only shows where one is.
    press("ArrowRight", start)
    expect(driver.spoken).to_contain_text("selected")
    press("ArrowRight", start + 1)
    press("ArrowRight", start + 1 + 91)  # the first column of the next map
    press("ArrowLeft", start + 1)
    press("ArrowUp", start + 1 - 10)
    press("ArrowDown", start + 1)
    driver.page.keyboard.press("Shift+Enter")
    driver.selected({start, start + 1}, start + 1)
    driver.page.keyboard.press("Shift+Space")
    driver.selected({start}, start)
    driver.page.keyboard.press("Space")
    driver.selected({start + 1})
    driver.page.keyboard.press("Escape")
    driver.selected(set())


def test_pages_go_along_the_strongest_edge(driver: Selector) -> None:
    driver.draw(SEVEN)
    driver.plot.focus()
    trace, net = driver.trace(), driver.net
    node = int(net.span("output").start + trace.prediction[0])

    def focused() -> int:
        return int(driver.stage.get_attribute("data-focus") or -1)

    # Nothing is selected: the keys begin at the answer.
    driver.page.keyboard.press("PageDown")
    driver.until(lambda: focused() == node, "the answer")
    for key in ("PageDown", "PageDown", "Alt+ArrowDown"):
        driver.page.keyboard.press(key)
        edges = net.edges_into(node)
        flow = np.abs(edges.weight * trace.activation[0, edges.source])
        # The page knows activations to one part in 255.
        close = set(
            edges.source[
                flow >= flow.max() - 0.03 * np.abs(edges.weight).max() * trace.activation.max()
            ].tolist()
        )
        driver.until(lambda before=node: focused() != before, "another node")
        node = focused()
        assert node in close
    for key in ("PageUp", "Alt+ArrowUp"):
        driver.page.keyboard.press(key)
        edges = net.edges_out_of(node)
        driver.until(lambda before=node: focused() != before, "another node")
        strongest = int(edges.target[np.abs(edges.weight).argmax()])
        assert focused() == strongest
        node = strongest


def test_keys_in_the_scene(driver: Selector) -> None:
    node = driver.node("fc1", 20)
    driver.click(driver.flat_place(node))
    driver.selected({node})
    driver.away()
    driver.scene.focus()
    for key, expected in (("n", node), ("n", node + 1), ("n", node + 2), ("b", node + 1)):
        driver.page.keyboard.press(key)
        driver.until(
            lambda n=expected: driver.stage.get_attribute("data-focus") == str(n), f"{key}: {expected}"
        )
    driver.page.keyboard.press("Enter")
    driver.selected({node + 1})
    driver.page.keyboard.press("Escape")
    driver.selected(set())


def test_escape_first_closes_what_is_open(driver: Selector) -> None:
    node = driver.node("fc1", 20)
    driver.click(driver.flat_place(node))
    driver.selected({node})
    driver.button("Help").click()
    expect(driver.page.get_by_role("dialog", name="Help")).to_be_visible()
    driver.page.keyboard.press("Escape")
    expect(driver.page.get_by_role("dialog", name="Help")).not_to_be_visible()
    driver.page.get_by_text("Layers", exact=True).click()
    driver.page.get_by_role("checkbox", name="conv1").focus()
    driver.page.keyboard.press("Escape")
    driver.selected({node})
    driver.page.keyboard.press("Escape")
    driver.selected(set())
