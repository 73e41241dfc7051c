"""Finding nodes by words, on the real page."""

from __future__ import annotations

import numpy as np
import pytest
from driver import SEVEN
from playwright.sync_api import Page, expect
from selector import Selector
from served import Served

from vizapp.search import search


@pytest.fixture
def driver(page: Page, server: Served) -> Selector:
    return Selector(page).open(server.url)  # type: ignore[return-value]


def test_a_search_finds_shows_and_selects(driver: Selector) -> None:
    driver.draw(SEVEN)
    driver.search("strongest 5 in fc2")
    expect(driver.options).to_have_count(1)
    expect(driver.field).to_have_attribute("aria-expanded", "true")
    expect(driver.options.first).to_contain_text("5 nodes")
    driver.page.keyboard.press("ArrowDown")
    expect(driver.options.first).to_have_attribute("aria-selected", "true")
    active = driver.field.get_attribute("aria-activedescendant")
    assert active == driver.options.first.get_attribute("id")
    driver.until(driver.previewed, "it is shown before it is chosen")
    driver.page.keyboard.press("Enter")
    expect(driver.options).to_have_count(0)
    values = driver.trace().activation[0, driver.net.span("fc2")]
    strongest = {int(i) + driver.node("fc2") for i in np.argsort(-values)[:5]}
    driver.selected(strongest, driver.node("fc2", int(values.argmax())))
    driver.field.fill("output 2")
    expect(driver.options).to_have_count(1)
    driver.page.keyboard.press("Shift+Enter")
    driver.selected(strongest | {driver.node("output", 2)}, driver.node("output", 2))


def test_the_list_is_walked_with_the_arrows_and_left_with_escape(driver: Selector) -> None:
    driver.click(driver.flat_place(driver.node("fc1", 3)))
    driver.selected({driver.node("fc1", 3)})
    driver.search("conv")
    expect(driver.options).to_have_count(2)
    for key, chosen in (
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowDown", None),
        ("ArrowUp", 1),
        ("ArrowUp", 0),
    ):
        driver.page.keyboard.press(key)
        for index in range(2):
            wanted = "true" if index == chosen else "false"
            expect(driver.options.nth(index)).to_have_attribute("aria-selected", wanted)
    driver.page.keyboard.press("Escape")
    expect(driver.options).to_have_count(0)
    driver.until(lambda: not driver.previewed(), "nothing is shown any more")
    # The list was closed, and nothing else.
    driver.selected({driver.node("fc1", 3)})
    driver.page.keyboard.press("ArrowDown")
    driver.options.nth(1).click()
    driver.selected(driver.all_of("conv2"))


def test_whoever_types_fast_gets_what_was_typed(driver: Selector) -> None:
    driver.page.keyboard.press("/")
    driver.page.keyboard.type("fc1 unit 31")
    driver.page.keyboard.press("Enter")
    driver.selected({driver.node("fc1", 30)})


def test_the_field_helps_whoever_knows_no_words(driver: Selector) -> None:
    driver.search("")
    expect(driver.options).to_have_count(4)
    driver.field.fill("conv2 map 99")
    expect(driver.page.locator(".v-search .hint")).to_contain_text("conv2 has maps 1 to 16")
    expect(driver.options).to_have_count(0)
    driver.field.fill("a/b")
    expect(driver.field).to_have_value("a/b")


def test_pointing_at_a_result_of_one_node_shows_its_edges(driver: Selector) -> None:
    driver.search("fc2 unit 4")
    driver.options.first.hover()
    node = driver.node("fc2", 3)
    driver.until(lambda: driver.stage.get_attribute("data-focus") == str(node), "the scene has it")
    np.testing.assert_allclose(driver.outlined(), driver.layout.flat[node], atol=1e-3)


def test_a_search_finds_what_the_server_finds(driver: Selector) -> None:
    driver.draw(SEVEN)
    explorer = driver.explorer
    for text in ("nodes that say 7 in conv2", "silent in fc1", "conv1 map 2 and output 3"):
        driver.field.fill(text)
        expect(driver.options).to_have_count(1)
        driver.page.keyboard.press("Enter")
        driver.selected(set(search(explorer, text).results[0].nodes.tolist()))
