"""The numbers behind the pictures over the line: those of the network, one map at a time, whatever is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tests.views import pages
from vizapp import nets
from vizapp.explorer import Drawing
from vizapp.inputs import SAMPLES
from vizapp.views.topics.tables import MAX_EDGES


class Page(pages.OpenPage):
    """A Link whose page is this test."""

    def table(self, layer: str | None, plane: int = 0, seq: int = 1) -> dict[str, Any]:
        [answer] = self.ask("table", seq=seq, layer=layer, map=plane)
        assert answer["type"] == "table"
        return answer

    def edges(self, node: int) -> dict[str, Any]:
        [answer] = self.ask("edge_table", seq=3, node=node)
        assert answer["type"] == "edge_table"
        return answer


@pytest.mark.parametrize("network", ["cnn", "mlp"])
def test_the_tables_of_all_maps_are_all_values_of_the_forward_pass(network: str) -> None:
    page = Page(network=network)
    net = nets.load(network)
    trace = net.forward(page.explorer.image)
    pre, output = np.full(net.n_nodes, np.nan, np.float32), np.full(net.n_nodes, np.nan, np.float32)
    for layer in net.layers:
        for plane in range(layer.shape[0] if len(layer.shape) == 3 else 1):
            table = page.table(layer.name, plane)
            count = table["rows"] * table["cols"]
            part = slice(table["first"], table["first"] + count)
            assert np.isnan(output[part]).all()
            output[part] = table["output"]
            pre[part] = trace.pre[0, part] if table["pre"] is None else table["pre"]
    assert_array_equal(output, trace.activation[0])
    assert_array_equal(pre, trace.pre[0])


def test_a_map_has_its_own_rows_and_columns() -> None:
    page = Page(network="cnn")
    table = page.table("conv2", 6)
    assert (table["maps"], table["map"], table["rows"], table["cols"]) == (16, 6, 10, 10)
    net = nets.load("cnn")
    expected = net.forward(page.explorer.image).layer("conv2")[0, 6]
    assert_array_equal(np.reshape(table["output"], (10, 10)), expected)


def test_the_image_is_what_the_network_sees() -> None:
    page = Page()
    table = page.table(None, seq=9)
    assert (table["ack"], table["rows"], table["cols"], table["first"]) == (9, 28, 28, None)
    assert_array_equal(np.reshape(table["output"], (28, 28)), page.explorer.image)


def test_a_reference_drawing_brings_its_values_along() -> None:
    page = Page(reference=Drawing(tuple(SAMPLES[1].strokes)))
    table = page.table("fc1")
    against = page.explorer.reference_trace
    assert against is not None
    assert_array_equal(table["reference"], against.layer("fc1")[0])
    page.explorer.reference = None
    assert page.table("fc1")["reference"] is None


def test_an_empty_pad_says_so() -> None:
    assert Page(drawing=Drawing()).table("fc1")["empty"] is True
    assert Page().table("fc1")["empty"] is False


def test_edges_are_the_strongest_with_their_numbers() -> None:
    page = Page(network="cnn")
    net = nets.load("cnn")
    activation = net.forward(page.explorer.image).activation[0]
    unit = 30
    node = net.span("fc2").start + unit
    into = page.edges(node)["into"]
    products = net.parameters["fc2.weight"][unit] * activation[net.span("fc1")]
    assert into["count"] == len(products) == 120
    assert len(into["nodes"]) == MAX_EDGES
    local = into["nodes"].astype(int) - net.span("fc1").start
    assert_array_equal(into["products"], products[local])
    assert_array_equal(into["weights"], net.parameters["fc2.weight"][unit][local])
    assert_array_equal(into["inputs"], activation[into["nodes"]])
    left_out = np.delete(np.abs(products), local)
    assert np.abs(into["products"]).min() >= left_out.max()
    assert (np.diff(np.abs(into["products"])) <= 0).all()


def test_edges_out_carry_the_output_of_the_node() -> None:
    page = Page(network="mlp")
    net = nets.load("mlp")
    node = net.layers[0].n_nodes // 2
    out = page.edges(node)["out"]
    column = net.parameters[f"{net.layers[1].name}.weight"][:, node]
    assert out["count"] == len(column)
    local = out["nodes"].astype(int) - int(net.offsets[1])
    assert_array_equal(out["weights"], column[local])
    assert_array_equal(out["inputs"], np.full(len(local), page.explorer.image.ravel()[node]))


def test_a_pool_hands_on_the_largest_of_its_inputs() -> None:
    page = Page(network="cnn")
    net = nets.load("cnn")
    trace = net.forward(page.explorer.image)
    span = net.span("pool1")
    node = span.start + int(trace.activation[0, span].argmax())
    into = page.edges(node)["into"]
    assert into["pool"] is True
    assert into["count"] == 4
    assert sorted(into["products"])[:3] == [0, 0, 0]
    assert max(into["products"]) == max(into["inputs"]) == trace.activation[0, node]


def test_ends_of_the_network_have_edges_on_one_side() -> None:
    page = Page(network="cnn")
    net = nets.load("cnn")
    first, last = page.edges(0), page.edges(net.n_nodes - 1)
    assert first["into"]["count"] == 0
    assert last["out"]["count"] == 0
    assert len(last["into"]["nodes"]) == MAX_EDGES


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("table", {}),
        ("table", {"layer": "conv1"}),
        ("table", {"layer": "conv1", "map": 6}),
        ("table", {"layer": "conv1", "map": -1}),
        ("table", {"layer": "conv1", "map": True}),
        ("table", {"layer": "conv1", "map": "0"}),
        ("table", {"layer": "fc1", "map": 1}),
        ("table", {"layer": ["conv1"], "map": 0}),
        ("table", {"layer": "x" * 100_000, "map": 0}),
        ("table", {"seq": None, "layer": None}),
        ("edge_table", {}),
        ("edge_table", {"node": -1}),
        ("edge_table", {"node": 1.5}),
        ("edge_table", {"node": [1]}),
    ],
)
def test_what_no_page_asks_is_refused(kind: str, values: dict[str, Any]) -> None:
    page = Page(network="cnn")
    message = {"seq": 1, **values}
    # An image needs no map.
    expected = (
        {"table"} if kind == "table" and message.get("layer") is None and message["seq"] == 1 else {"notice"}
    )
    assert {answer["type"] for answer in page.ask(kind, **message)} == expected


def test_a_layer_or_node_of_the_network_before_is_not_answered() -> None:
    page = Page(network="mlp")
    assert page.ask("table", seq=1, layer="conv1", map=0) == []
    assert page.ask("edge_table", seq=1, node=9000) == []
