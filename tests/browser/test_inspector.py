"""The inspector: what it shows of a node is what the network computes, live, and for every kind of node."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from driver import ONE, SEVEN, Driver
from inspected import Inspected, check, drawn, factors, node_of, plain, reloaded
from playwright.sync_api import Page, expect
from served import Served

from vizapp import nets
from vizapp.analysis.receptive import receptive_field
from vizapp.nets.layout import load_layout


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    return Driver(page).open(server.url)


@pytest.fixture
def inspected(driver: Driver) -> Inspected:
    return Inspected(driver)


# Live


def test_numbers_follow_the_pen_while_it_is_down(driver: Driver, inspected: Inspected) -> None:
    node = nets.load("cnn").span("output").start + 7
    inspected.select(node)
    driver.draw(SEVEN[:2], lift=False)
    before = inspected.text("value")
    driver.page.mouse.move(*driver.place(0.4, 0.85), steps=10)
    driver.until(lambda: inspected.text("value") != before, "the value follows")
    driver.page.mouse.up()
    driver.until(
        lambda: abs(inspected.number("value") - driver.trace().probabilities[0, 7]) < 0.02,
        "the last value comes",
    )
    assert driver.measures("vizapp:frame-to-inspector") > 0
    assert driver.measures("vizapp:pick-to-inspector") == 1


def test_the_node_under_a_resting_pointer_is_previewed_live(driver: Driver, inspected: Inspected) -> None:
    expect(inspected.root).to_contain_text("No node is selected")
    driver.draw(SEVEN)
    node = nets.load("cnn").span("output").start + 7
    driver.page.mouse.move(*driver.flat_place(node))
    inspected.shows(node)
    expect(inspected.root).to_contain_text("Under the pointer")
    before = inspected.text("value")
    driver.page.keyboard.press("Delete")
    driver.until(lambda: inspected.text("value") != before, "the value follows")
    # Away from all nodes, it stays.
    driver.page.mouse.move(5, 5)
    expect(driver.page.locator(".field-outline").first).to_be_hidden()
    inspected.shows(node)


def test_a_term_under_a_resting_pointer_stays_while_its_numbers_change(
    driver: Driver, inspected: Inspected
) -> None:
    driver.draw(SEVEN)
    network = nets.load("mlp")
    driver.choose("Network", "mlp")
    driver.until(lambda: driver.state["network"] == "mlp", "the network is chosen")
    inspected.select(network.span("output").start + 7)
    terms = inspected.root.get_by_role("list", name="The largest terms of the sum").get_by_role("button")
    terms.nth(3).hover()
    names = [text for text, _, _ in inspected.waterfall("The largest terms of the sum")["terms"]]
    before = inspected.text("pre")
    expect(driver.readout).to_have_text(names[3])
    driver.page.keyboard.press("Delete")
    driver.until(lambda: inspected.text("pre") != before, "the drawing has changed")
    shown = inspected.waterfall("The largest terms of the sum")
    assert [text for text, _, _ in shown["terms"]] == names
    parts = [float(plain(text)) for *_, text in [*shown["terms"], shown["rest"], (shown["bias"],)]]
    assert abs(sum(parts) - float(plain(shown["total"]))) < 0.0005 * (len(parts) + 2)


def test_a_folded_inspector_asks_for_nothing(driver: Driver, inspected: Inspected) -> None:
    record = (
        "(message) => { const own = [...Bokeh.index.roots].find((v) => v.model.class_name === 'Link').model;"
    )
    record += " const send = own.trigger_event.bind(own); window.asked = 0;"
    record += " own.trigger_event = (event) => { if (event.data?.type === 'inspect') window.asked++; send(event); }; }"
    driver.page.evaluate(record)
    node = nets.load("cnn").span("fc1").start + 4
    inspected.select(node)
    assert driver.page.evaluate("asked") > 0
    driver.button("Fold the inspector").click()
    expect(inspected.root).to_be_hidden()
    before = driver.page.evaluate("asked")
    driver.draw(ONE)
    driver.check_answer()
    assert driver.page.evaluate("asked") == before
    driver.button("Show the inspector").click()
    driver.until(
        lambda: abs(inspected.number("value") - driver.trace().activation[0, node]) < 0.02, "it is up to date"
    )


# Linked


def test_what_a_node_sees_is_outlined_everywhere(driver: Driver, inspected: Inspected) -> None:
    network = nets.load("cnn")
    node = node_of(network, "conv2")
    inspected.select(node)
    field = receptive_field(network, node)
    assert field is not None
    edges = np.array([field.col0, field.row0, field.col1, field.row1])

    def box(outer: str) -> np.ndarray:
        """The outline in an element, as shares of its side."""
        return np.array(
            driver.page.locator(outer).evaluate(
                "(holder) => { const a = holder.getBoundingClientRect();"
                " const b = holder.querySelector('.field-outline').getBoundingClientRect();"
                " return [(b.left - a.left) / a.width, (b.top - a.top) / a.height,"
                " (b.right - a.left) / a.width, (b.bottom - a.top) / a.height]; }"
            )
        )

    np.testing.assert_allclose(box(".v-seen-frame"), edges / 28, atol=0.01)
    view = inspected.explorer.rendered.view
    assert view is not None
    left, top, side = view.frame
    np.testing.assert_allclose(box(".pad-figure"), np.tile([left, top], 2) + side * edges / 28, atol=0.01)
    x, y = driver.page.evaluate(
        "(() => { const { x, y } = Bokeh.documents[0].get_model_by_name('vizapp-field').data;"
        " return [Array.from(x), Array.from(y)]; })()"
    )
    flat = load_layout(network).flat
    corner = [(field.row0 + 2) * 32 + field.col0 + 2, (field.row1 + 1) * 32 + field.col1 + 1]
    np.testing.assert_allclose([min(x), max(y)], flat[corner[0]] + [-0.5, 0.5], atol=0.05)
    np.testing.assert_allclose([max(x), min(y)], flat[corner[1]] + [0.5, -0.5], atol=0.05)
    driver.page.keyboard.press("Escape")
    expect(driver.page.locator(".v-seen-frame .field-outline")).to_be_hidden()


def test_terms_and_cells_are_nodes(driver: Driver, inspected: Inspected) -> None:
    network = nets.load("cnn")
    node = node_of(network, "conv2")
    inspected.select(node)
    source = network.edges_into(node).source
    cells = inspected.root.get_by_role("img", name=re.compile("^map 2: kernel w"))
    cells.scroll_into_view_if_needed()
    box = cells.bounding_box()
    assert box is not None
    # Row 1, column 3 of the patch of the second map.
    driver.page.mouse.move(box["x"] + 3.5 / 5 * box["width"], box["y"] + 1.5 / 5 * box["height"])
    pointed = int(source[25 + 5 + 3])
    expect(driver.readout).to_have_text(network.node_name(pointed))
    expect(inspected.root).to_contain_text(network.node_name(pointed) + ":")
    np.testing.assert_allclose(driver.outlined(), load_layout(network).flat[pointed], atol=1e-3)
    driver.page.mouse.down()
    driver.page.mouse.up()
    inspected.shows(pointed)
    # With the keyboard, from a list; the mouse is not on it.
    driver.page.mouse.move(5, 5)
    button = inspected.root.get_by_role("button", name=re.compile("the largest$"))
    button.focus()
    name = (button.get_attribute("aria-label") or "").partition(":")[0]
    expect(driver.readout).to_have_text(name)
    driver.page.keyboard.press("Enter")
    expect(inspected.name).to_have_text(name)


def test_the_kernel_slides(driver: Driver, inspected: Inspected) -> None:
    trace = drawn(driver, "cnn")
    node = node_of(trace.network, "conv2")
    inspected.select(node)
    slider = inspected.root.get_by_role("slider", name="Which node of the map the kernel computes")
    start = node - 34
    for at, act in ((34, None), (35, "One node on"), (34, "One node back")):
        if act:
            inspected.button(act).click()
        expect(slider).to_have_value(str(at))
        text = slider.get_attribute("aria-valuetext") or ""
        ((place, z, a),) = re.findall(r"^\((\d+, \d+)\): z = (\S+) → a = (\S+)$", text)
        assert place == f"{at // 10}, {at % 10}"
        check(z, float(trace.pre[0, start + at]), "z")
        check(a, float(trace.activation[0, start + at]), "a")
    inspected.button("Play").click()
    expect(inspected.button("Pause")).to_be_visible()
    driver.until(lambda: int(slider.input_value()) not in (34, 0), "it moves")
    inspected.button("Pause").click()
    expect(inspected.button("Play")).to_be_visible()


def test_several_nodes_have_a_list_and_a_mean(driver: Driver, inspected: Inspected) -> None:
    trace = drawn(driver, "cnn")
    first = trace.network.span("output").start
    inspected.select(first + 1)
    driver.page.keyboard.down("Shift")
    for digit in (7, 3):
        driver.page.mouse.click(*driver.flat_place(first + digit))
    driver.page.keyboard.up("Shift")
    expect(inspected.root).to_contain_text("3 nodes selected")
    text = inspected.root.get_by_text("3 nodes selected").inner_text()
    check(text.split()[-1], float(trace.probabilities[0, [1, 7, 3]].mean()), "the mean")
    chosen = inspected.root.get_by_role("list", name="The first of the selected nodes").get_by_role("button")
    expect(chosen).to_have_count(3)
    chosen.last.click()
    inspected.shows(first + 1)
    inspected.button("Clear").click()
    expect(inspected.root).to_contain_text("No node is selected")
    expect(inspected.root).to_have_attribute("data-node", "")


# Compared


def test_pins_stand_side_by_side_with_the_reference(driver: Driver, inspected: Inspected) -> None:
    before = drawn(driver, "cnn")
    nodes = [node_of(before.network, layer) for layer in ("fc1", "output")]
    for node in nodes:
        inspected.select(node)
        inspected.button("Pin").click()
        expect(inspected.button("Unpin")).to_be_visible()
    inspected.button("Keep this drawing as reference").click()
    expect(inspected.button("Forget it")).to_be_visible()
    driver.draw(ONE)
    now = reloaded(driver)
    pins = inspected.root.get_by_role("list", name="Pinned nodes").get_by_role("listitem")
    expect(pins).to_have_count(2)
    for pin, node in zip(pins.all(), nodes, strict=True):
        expect(pin).to_contain_text(now.network.node_name(node))
        z, a, reference = re.findall(r"(?:z|a) ([−\d.e]+)", pin.inner_text())
        check(z, float(now.pre[0, node]), "z of a pin")
        check(a, float(now.activation[0, node]), "a of a pin")
        check(reference, float(before.activation[0, node]), "reference of a pin")
    inspected.select(nodes[0])
    expect(inspected.root.get_by_text("Reference: z")).to_be_visible()
    difference = inspected.root.get_by_role("switch", name="Show the difference in both views")
    difference.check()
    expect(driver.page.get_by_text("Now minus reference")).to_be_visible()
    colours = "Bokeh.documents[0].get_model_by_name('vizapp-map{}').palette.join()"
    both = [driver.page.evaluate(colours.format(name)) for name in ("", "-signed")]
    assert both[0] == both[1]
    inspected.button("Forget it").click()
    expect(difference).to_be_disabled()
    expect(driver.page.get_by_text("Now minus reference")).to_be_hidden()
    assert driver.page.evaluate(colours.format("")) != both[0]
    pins.first.get_by_role("button", name=re.compile("^Unpin")).click()
    expect(pins.locator("visible=true")).to_have_count(1)


# Taken along


def test_files_have_the_numbers_of_the_selection(driver: Driver, inspected: Inspected) -> None:
    trace = drawn(driver, "mlp")
    node = node_of(trace.network, "fc1")
    source, inputs, weights, bias = factors(trace, node)
    expect(inspected.root.get_by_role("button", name="CSV")).to_have_count(0)
    inspected.select(node)
    texts = {}
    for kind in ("CSV", "JSON"):
        with driver.page.expect_download() as download:
            inspected.button(kind).click()
        assert download.value.suggested_filename == f"vizapp-mlp-fc1-unit-300.{kind.lower()}"
        texts[kind] = Path(download.value.path()).read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(texts["CSV"])))
    assert [int(row["source"]) for row in rows] == source.tolist()
    np.testing.assert_allclose([float(row["input"]) for row in rows], inputs, rtol=1e-7)
    np.testing.assert_allclose([float(row["weight"]) for row in rows], weights, rtol=1e-7)
    total = sum(float(row["product"]) for row in rows) + float(rows[0]["bias"])
    np.testing.assert_allclose(total, trace.pre[0, node], atol=2e-5)
    (listed,) = json.loads(texts["JSON"])["nodes"]
    assert listed["node"] == node
    np.testing.assert_allclose(listed["inputs"], inputs, rtol=1e-7)
    np.testing.assert_allclose(listed["bias"], bias, rtol=1e-7)


def test_values_are_copied_as_lines_for_a_spreadsheet(driver: Driver, inspected: Inspected) -> None:
    trace = drawn(driver, "cnn")
    node = node_of(trace.network, "conv1")
    inspected.select(node)
    driver.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    inspected.button("Copy values").click()
    expect(inspected.button("Copied")).to_be_visible()
    lines = [line.split("\t") for line in driver.page.evaluate("navigator.clipboard.readText()").split("\n")]
    assert lines[0] == ["node", trace.network.node_name(node)]
    source, inputs, weights, bias = factors(trace, node)
    values = dict(lines[:4])
    np.testing.assert_allclose(float(values["bias"]), bias)
    np.testing.assert_allclose(float(values["sum"]), trace.pre[0, node])
    assert [line[0] for line in lines[5:]] == [trace.network.node_name(int(n)) for n in source]
    np.testing.assert_allclose([float(line[3]) for line in lines[5:]], inputs * weights)


def test_test_images_are_looked_for_on_demand_and_can_be_loaded(driver: Driver, inspected: Inspected) -> None:
    inspected.select(nets.load("cnn").span("output").start + 4)
    inspected.root.get_by_text("Test images that activate it most").click()
    images = inspected.root.get_by_role("button", name=re.compile("load it$"))
    expect(images).to_have_count(12)
    inspected.root.get_by_text("Nearest to the drawing in this layer").click()
    expect(images).to_have_count(12 + 9)
    before = driver.saved
    images.first.click()
    driver.until(lambda: driver.saved != before, "the image is loaded")
    driver.check_answer()
    assert driver.first.inner_text() == "4"
