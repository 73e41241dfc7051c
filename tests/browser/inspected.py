"""Reads the inspector as a person does, and knows what its numbers must be."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from driver import SEVEN, Driver
from playwright.sync_api import Locator, expect

from vizapp import nets
from vizapp.explorer import Explorer
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace
from vizapp.state import load_state

NODES = {
    "cnn": {
        "input": 16 * 32 + 16,
        "conv1": 2 * 784 + 10 * 28 + 14,
        "pool1": 5 * 196 + 7 * 14 + 7,
        "conv2": 6 * 100 + 3 * 10 + 4,
        "pool2": 15 * 25 + 12,
        "fc1": 30,
        "fc2": 99,
        "output": 7,
    },
    "mlp": {"input": 14 * 28 + 14, "fc1": 299, "fc2": 0, "output": 0},
}


class Inspected:
    """The inspector of a driver's page."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.page = driver.page
        self.root = self.page.get_by_test_id("inspector")
        self.name = self.root.get_by_role("heading", level=2).locator("visible=true")

    @property
    def network(self) -> Network:
        return nets.load(self.driver.network)

    @property
    def explorer(self) -> Explorer:
        """The session as it was saved last."""
        explorer = Explorer()
        load_state(explorer, self.driver.saved)
        return explorer

    def select(self, node: int) -> None:
        """Click a node in the flat plot, and wait for the inspector to show it."""
        self.page.mouse.click(*self.driver.flat_place(node))
        self.shows(node)

    def shows(self, node: int) -> None:
        expect(self.root).to_have_attribute("data-node", str(node))

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def text(self, key: str) -> str:
        """What a number, known by its key, reads."""
        return self.root.locator(f"[data-number='{key}']:visible").text_content() or ""

    def number(self, key: str) -> float:
        return float(plain(self.text(key)))

    def numbers(self, prefix: str) -> list[str]:
        """The texts of visible numbers whose keys begin like this, in their order."""
        return self.root.locator(f"[data-number^='{prefix}-']:visible").all_text_contents()

    def waterfall(self, name: str) -> dict[str, Any]:
        """Terms (name, factors, value), then rest (count, value), bias and total as they read."""
        items = self.root.get_by_role("list", name=name).locator("li:visible")
        found: dict[str, Any] = {"terms": [], "rest": None}
        for kind, texts in items.evaluate_all(
            "(items) => items.map((item) => [item.className,"
            " [...item.querySelectorAll('.name, .detail, .value')].map((part) => part.textContent)])"
        ):
            if kind.startswith("rest"):
                count = re.search(r"\d+", texts[0])
                found["rest"] = (int(count.group()) if count else 1, texts[2])
            elif kind in ("bias", "total"):
                found[kind] = texts[2]
            else:
                found["terms"].append(texts)
        return found

    def table(self, name: str | re.Pattern[str]) -> list[list[str]]:
        """The cells of a table, without its head; the table mode has to be on."""
        region = self.root.get_by_role("region", name=name)
        expect(region).to_be_visible()
        return region.locator("tbody tr").evaluate_all(
            "(rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent))"
        )

    def tables(self, on: bool) -> None:
        button = self.button("Tables")
        if (button.get_attribute("aria-pressed") == "true") != on:
            button.click()


def plain(text: str) -> str:
    """A number on the page as Python reads it."""
    return text.replace("\u2212", "-").replace("+", "").replace("\u2007", "").strip()


def check(text: str, value: float, what: str = "") -> None:
    """What is shown is the exact value, rounded to the digits that are shown."""
    number = plain(text)
    mantissa, _, exponent = number.partition("e")
    digits = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(exponent or 0) - digits)
    assert abs(float(number) - value) <= 0.5 * unit * (1 + 1e-6) + 1e-12, (
        f"{what}: {text} is shown for {value!r}"
    )


def check_all(texts: list[str], values: Any, what: str) -> None:
    flat = np.ravel(values).tolist()
    assert len(texts) == len(flat), f"{what}: {len(texts)} numbers are shown instead of {len(flat)}"
    for text, value in zip(texts, flat, strict=True):
        check(text, value, what)


def node_of(network: Network, layer: str) -> int:
    return network.span(layer).start + NODES[network.name][layer]


def drawn(driver: Driver, name: str) -> Trace:
    """A drawing that the page and this test know to the last digit: saved points are rounded."""
    driver.draw(SEVEN)
    driver.choose("Network", name)
    driver.until(lambda: driver.state["network"] == name, "the network is chosen")
    return reloaded(driver)


def reloaded(driver: Driver) -> Trace:
    # Without its fragment: only that would not load the page anew.
    driver.open(driver.page.url.partition("#")[0])
    driver.check_answer()
    return driver.trace()


def factors(trace: Trace, node: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Sources, inputs and weights as the network has them, and the bias."""
    network = trace.network
    edges = network.edges_into(node)
    layer = network.layers[network.layer_index_of(node)]
    local = node - network.span(layer.name).start
    assert layer.bias is not None
    bias = float(layer.bias[local // (layer.n_nodes // len(layer.bias))])
    return edges.source, trace.activation[0, edges.source].astype(float), edges.weight.astype(float), bias
