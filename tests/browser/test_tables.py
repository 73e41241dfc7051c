"""Every picture has a table behind it, with the network's own numbers; it can be taken along as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from driver import Driver
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect
from served import Served

from vizapp import nets


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    driver = Driver(page).open(server.url)
    driver.draw([(0.2, 0.2), (0.8, 0.2), (0.4, 0.9)])
    driver.check_answer()
    return driver


def opened(page: Page, of: str) -> Locator:
    page.get_by_role("button", name=f"Table: {of}", exact=True).click()
    dialog = page.get_by_role("dialog", name="Table")
    expect(dialog.locator("table").first).to_be_visible()
    return dialog


def numbers(table: Locator) -> NDArray[np.float64]:
    """What the cells of a table say."""
    rows = table.locator("tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent))"
    )
    return np.array([[float(text.replace("−", "-")) for text in row] for row in rows])


def test_what_the_network_sees_as_a_table(driver: Driver) -> None:
    dialog = opened(driver.page, "what the network sees")
    table = dialog.get_by_role("table", name="What the network sees")
    expect(table.get_by_role("columnheader")).to_have_count(29)
    expect(table.get_by_role("rowheader")).to_have_count(28)
    trace = driver.trace()
    expected = trace.layer("input")[0, 0]
    pad = (expected.shape[0] - 28) // 2
    # What the server has is not rounded to what it saved.
    np.testing.assert_allclose(numbers(table), expected[pad : 28 + pad, pad : 28 + pad], atol=2e-3)


def test_any_layer_and_map_can_be_read(driver: Driver) -> None:
    dialog = opened(driver.page, "the flat plot")
    trace = driver.trace()
    # It begins at the output: a row for each digit, with sum and output.
    table = dialog.get_by_role("table", name="output")
    expect(table.get_by_role("rowheader")).to_have_text(list("0123456789"))
    span = nets.load("cnn").span("output")
    found = numbers(table)
    np.testing.assert_allclose(found[:, 0], trace.activation[0, span], atol=5e-3)
    np.testing.assert_allclose(found[:, 1], trace.pre[0, span], atol=5e-2)
    dialog.get_by_label("Of").select_option("conv2")
    dialog.get_by_label("Map").select_option(label="7")
    table = dialog.get_by_role("table", name="conv2, map 7: output")
    expect(table).to_be_visible()
    np.testing.assert_allclose(numbers(table), trace.layer("conv2")[0, 6], atol=2e-2)
    dialog.get_by_label("Value").select_option("pre")
    table = dialog.get_by_role("table", name="conv2, map 7: sum")
    np.testing.assert_allclose(numbers(table), trace.pre_of("conv2")[0, 6], atol=2e-2)


def test_the_edges_of_the_selected_node(driver: Driver) -> None:
    page = driver.page
    net = nets.load("cnn")
    node = net.span("fc2").start + 40
    page.mouse.click(*driver.flat_place(node))
    expect(page.get_by_test_id("inspector")).to_have_attribute("data-node", str(node))
    dialog = opened(page, "the 3D scene")
    # It begins at the layer of the selected node, which is marked.
    expect(dialog.get_by_label("Of")).to_have_value("fc2")
    expect(dialog.locator("td[aria-current]")).to_have_count(1)
    dialog.get_by_label("Of").select_option(label=f"Edges of {net.node_name(node)}")
    into = dialog.get_by_role("table", name=f"Edges into {net.node_name(node)}, the strongest 50 of 120")
    expect(into.get_by_role("columnheader")).to_have_text(["from", "weight", "input", "contribution"])
    weight, value, product = numbers(into).T
    np.testing.assert_allclose(weight * value, product, rtol=1e-5)
    names = into.get_by_role("rowheader").all_inner_texts()
    weights = net.parameters["fc2.weight"][40]
    by_name = {net.node_name(net.span("fc1").start + i): w for i, w in enumerate(weights)}
    np.testing.assert_allclose(weight, [by_name[name] for name in names], rtol=1e-6)
    out = dialog.get_by_role("table", name=f"Edges out of {net.node_name(node)}, all 10")
    np.testing.assert_allclose(
        sorted(numbers(out)[:, 0]), sorted(net.parameters["output.weight"][:, 40]), rtol=1e-6
    )


def test_a_table_is_copied_and_saved_as_csv(driver: Driver) -> None:
    page = driver.page
    dialog = opened(page, "what the network sees")
    shown = numbers(dialog.locator("table"))
    dialog.get_by_role("button", name="Copy as CSV").click()
    expect(dialog.get_by_role("status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save as CSV").click()
    assert (
        download.value.suggested_filename
        == "vizapp-cnn-what-the-network-sees-ink-of-each-pixel-from-0-to-1.csv"
    )
    saved = Path(download.value.path()).read_text("utf-8")
    for text in (copied, saved):
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[0] == ["row", *map(str, range(28))]
        np.testing.assert_array_equal(np.array([row[1:] for row in rows[1:]], float), shown)


def test_where_the_clipboard_is_kept_from_the_page_the_text_is_selected(driver: Driver) -> None:
    page = driver.page
    page.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject(new Error('no')))")
    dialog = opened(page, "the flat plot")
    dialog.get_by_role("button", name="Copy as CSV").click()
    expect(dialog.get_by_role("status")).to_have_text("Press Ctrl+C to copy what is selected.")
    field = dialog.get_by_label("The table as CSV")
    expect(field).to_be_focused()
    assert field.evaluate("(e) => e.value.slice(e.selectionStart, e.selectionEnd)").startswith(
        "digit,output,sum"
    )


def test_the_letter_t_opens_the_table_of_the_pane_that_has_the_focus(driver: Driver) -> None:
    page = driver.page
    page.keyboard.press("t")
    expect(page.get_by_role("dialog", name="Table")).to_be_hidden()
    page.get_by_role("application", name="Flat plot").focus()
    page.keyboard.press("t")
    expect(page.get_by_role("dialog", name="Table")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("application", name="Flat plot")).to_be_focused()
    # Where letters are written it is a letter.
    field = page.get_by_role("combobox", name="Find nodes")
    field.focus()
    page.keyboard.press("t")
    expect(field).to_have_value("t")
    expect(page.get_by_role("dialog", name="Table")).to_be_hidden()
