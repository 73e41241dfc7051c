"""Every number that the inspector shows of a node of every kind, against `Network.forward` and the parameters."""

from __future__ import annotations

import re

import numpy as np
import pytest
from driver import Driver
from inspected import NODES, Inspected, check, check_all, drawn, factors, node_of, plain
from playwright.sync_api import Page, expect
from served import Served

from vizapp import nets
from vizapp.analysis.effect import effect
from vizapp.nets.trace import Trace


@pytest.fixture
def inspected(page: Page, server: Served) -> Inspected:
    return Inspected(Driver(page).open(server.url))


@pytest.mark.parametrize("name", nets.names())
def test_all_numbers_are_those_of_the_network(inspected: Inspected, name: str) -> None:
    trace = drawn(inspected.driver, name)
    for layer in NODES[name]:
        check_node(inspected, trace, layer)


@pytest.mark.parametrize("name", nets.names())
def test_pixels_that_average_nothing_say_why(inspected: Inspected, name: str) -> None:
    trace = drawn(inspected.driver, name)
    network = trace.network
    _, rows, columns = network.layers[0].shape
    frame = (rows - 28) // 2
    corners = {0: "it lies outside the picture" if frame else "does not reach this far"}
    corners[frame * columns + frame] = "does not reach this far"
    for node, why in corners.items():
        inspected.select(node)
        check(inspected.text("value"), 0.0, network.node_name(node))
        expect(inspected.root.get_by_text(why)).to_be_visible()


def check_node(inspected: Inspected, trace: Trace, layer: str) -> None:
    network = trace.network
    node = node_of(network, layer)
    inspected.select(node)
    expect(inspected.name).to_have_text(network.node_name(node))
    pre, output = float(trace.pre[0, node]), float(trace.activation[0, node])
    check(inspected.text("value"), output, f"{layer}: the value at the top")
    check(inspected.text("output"), output, f"{layer}: the output of the formula")
    kind = network.layer(layer).kind
    if kind in ("dense", "conv"):
        check(inspected.text("pre"), pre, f"{layer}: the sum of the formula")
        check_sum(inspected, trace, node)
        check_products(inspected, trace, node)
    if kind == "pool":
        inputs = trace.activation[0, network.edges_into(node).source]
        check_all(inspected.numbers("pool"), inputs, "the inputs of the pool")
        check_all(inspected.numbers("input"), inputs, "the inputs in the formula")
    if kind == "input":
        check_ink(inspected, output)
    if layer == "output":
        check_answers(inspected, trace, node)
    else:
        check_consequences(inspected, trace, node)
    if len(network.layer(layer).shape) == 3:
        check_map(inspected, trace, node)


def check_sum(inspected: Inspected, trace: Trace, node: int) -> None:
    """The formula and the waterfall; what the waterfall shows adds up."""
    source, inputs, weights, bias = factors(trace, node)
    products = inputs * weights
    check(inspected.text("sum"), products.sum(), "the sum of all products")
    check(inspected.text("bias"), bias, "the bias of the formula")
    shown = inspected.waterfall("The largest terms of the sum")
    place = {trace.network.node_name(int(n)): i for i, n in enumerate(source)}
    at = [place[name] for name, _, _ in shown["terms"]]
    largest = np.sort(np.abs(products[products != 0]))[::-1][:12]
    np.testing.assert_allclose(np.abs(products[at]), largest, rtol=1e-6)
    for i, (name, detail, value) in zip(at, shown["terms"], strict=True):
        weight, value_in = detail.split(" × ")
        check(weight, weights[i], f"weight of {name}")
        check(value_in, inputs[i], f"input of {name}")
        check(value, products[i], f"product of {name}")
    count, rest = shown["rest"]
    assert count == len(products) - len(at)
    check(rest, products.sum() - products[at].sum(), "the other terms together")
    check(shown["bias"], bias, "the bias")
    check(shown["total"], float(trace.pre[0, node]), "the total")
    # What a person adds up comes to what stands below, up to rounding.
    parts = [float(plain(value)) for _, _, value in shown["terms"]] + [float(plain(rest)), bias]
    assert abs(sum(parts) - float(plain(shown["total"]))) < 0.0005 * (len(parts) + 2)


def check_products(inspected: Inspected, trace: Trace, node: int) -> None:
    """The table behind the pictures has every edge."""
    source, inputs, weights, _ = factors(trace, node)
    inspected.tables(True)
    rows = inspected.table(re.compile(" and w · a"))
    assert [row[0] for row in rows] == [trace.network.node_name(int(n)) for n in source]
    for column, values in enumerate((inputs, weights, inputs * weights), 1):
        check_all([row[column] for row in rows], values, f"column {column} of the edges")
    inspected.tables(False)


def check_ink(inspected: Inspected, output: float) -> None:
    inspected.tables(True)
    rows = inspected.table(re.compile("ink p"))
    ink, weights, products = (np.array([float(plain(row[column])) for row in rows]) for column in (1, 2, 3))
    np.testing.assert_allclose(ink * weights, products, atol=0.001)
    assert abs(products.sum() - output) < 0.0005 * (len(rows) + 1)
    inspected.tables(False)


def check_answers(inspected: Inspected, trace: Trace, node: int) -> None:
    logits, shares = trace.logits[0].astype(float), trace.probabilities[0].astype(float)
    check_all(inspected.numbers("logit"), logits, "logits")
    check_all([text.removesuffix(" %") for text in inspected.numbers("share")], 100 * shares, "shares")
    own = node - trace.network.span("output").start
    check(inspected.text("exp"), np.exp(logits[own]), "the exponential")
    check(inspected.text("exp-sum"), np.exp(logits).sum(), "the sum of exponentials")
    other = max((k for k in range(10) if k != own), key=lambda k: logits[k])
    source, inputs, weights, bias = factors(trace, node)
    _, _, their_weights, their_bias = factors(trace, node - own + other)
    difference = inputs * (weights - their_weights)
    shown = inspected.waterfall("The largest differences between the two sums")
    place = {trace.network.node_name(int(n)): i for i, n in enumerate(source)}
    at = [place[name] for name, _, _ in shown["terms"]]
    check_all([value for _, _, value in shown["terms"]], difference[at], "differences")
    check(shown["rest"][1], difference.sum() - difference[at].sum(), "the other differences")
    check(shown["bias"], bias - their_bias, "difference of the biases")
    check(shown["total"], logits[own] - logits[other], "difference of the logits")


def check_consequences(inspected: Inspected, trace: Trace, node: int) -> None:
    network = trace.network
    position = network.layer_index_of(node)
    above = network.layers[position + 1]
    if above.kind == "dense":
        assert above.weight is not None
        weights = above.weight[:, node - int(network.offsets[position])]
        if above is network.layers[-1]:
            check_all(inspected.numbers("out"), weights, "weights to the classes")
            return
        strongest = weights[np.argsort(-np.abs(weights), kind="stable")[:6]]
        check_all(inspected.numbers("out"), strongest, "the strongest outgoing weights")
        inspected.tables(True)
        check_all([row[1] for row in inspected.table("Outgoing weights")], weights, "outgoing weights")
        inspected.tables(False)
    check_all(inspected.numbers("effect"), effect(trace, node), "effect on each class")


def check_map(inspected: Inspected, trace: Trace, node: int) -> None:
    network = trace.network
    layer = network.layers[network.layer_index_of(node)]
    size = layer.shape[1] * layer.shape[2]
    start = node - (node - network.span(layer.name).start) % size
    inspected.tables(True)
    wanted = [("Outputs of the map", trace.activation)]
    wanted += [("Sums z of the map", trace.pre)] if layer.kind == "conv" else []
    for name, values in wanted:
        cells = [cell for row in inspected.table(name) for cell in row[1:]]
        check_all(cells, values[0, start : start + size], name)
    inspected.tables(False)
