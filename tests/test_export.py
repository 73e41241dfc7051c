"""Exported text, read again: the numbers are the network's, and they add up."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from sampled import trace

from vizapp import export
from vizapp.export import COLUMNS, ExportError, export_layer, export_nodes
from vizapp.nets import Trace


def one_of_each(present: Trace) -> list[int]:
    return [int(offset) + layer.n_nodes // 2 for offset, layer in zip(*parts(present), strict=True)]


def parts(present: Trace) -> tuple[Any, Any]:
    return present.network.offsets[:-1], present.network.layers


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_a_row_per_edge_and_the_numbers_add_up(present: Trace) -> None:
    network = present.network
    nodes = one_of_each(present)
    made = export_nodes(present, nodes, "csv")
    assert made.mime.startswith("text/csv")
    rows = rows_of(made.text)
    assert made.text.startswith(COLUMNS + "\r\n")
    assert made.text.endswith("\r\n")
    for node in nodes:
        own = [row for row in rows if row["node"] == str(node)]
        edges = network.edges_into(node)
        assert {row["name"] for row in own} == {network.node_name(node)}
        assert np.float32(own[0]["pre"]) == present.pre[0, node]
        assert np.float32(own[0]["output"]) == present.activation[0, node]
        if not len(edges):
            assert [row["source"] for row in own] == [""]
            continue
        sources = np.array([int(row["source"]) for row in own])
        np.testing.assert_array_equal(sources, edges.source)
        assert [row["source name"] for row in own] == [network.node_name(int(s)) for s in sources]
        inputs = np.array([row["input"] for row in own], np.float32)
        np.testing.assert_array_equal(inputs, present.activation[0, sources])
        if network.layers[network.layer_index_of(node)].kind == "pool":
            assert {(row["weight"], row["product"], row["bias"]) for row in own} == {("", "", "")}
            continue
        np.testing.assert_array_equal(np.array([row["weight"] for row in own], np.float32), edges.weight)
        total = sum(float(row["product"]) for row in own) + float(own[0]["bias"])
        assert total == pytest.approx(float(present.pre[0, node]), abs=1e-5)


def test_names_are_quoted() -> None:
    text = export_nodes(trace("cnn"), [trace("cnn").network.span("conv2").start], "csv").text
    assert '"conv2 map 1 (0, 0)"' in text
    assert {len(row) for row in csv.reader(io.StringIO(text))} == {10}


def test_zero_has_no_sign() -> None:
    present = trace("cnn")
    rows = rows_of(export_nodes(present, [present.network.span("conv1").start], "csv").text)
    assert {row["product"] for row in rows} == {"0"}


def test_json_has_the_same_numbers(present: Trace) -> None:
    network, nodes = present.network, one_of_each(present)
    content = json.loads(export_nodes(present, nodes, "json").text)
    assert content["network"] == network.name
    np.testing.assert_array_equal(np.float32(content["probabilities"]), present.probabilities[0])
    assert [entry["node"] for entry in content["nodes"]] == nodes
    for entry in content["nodes"]:
        node, edges = entry["node"], network.edges_into(entry["node"])
        assert entry["name"] == network.node_name(node)
        assert np.float32(entry["pre"]) == present.pre[0, node]
        assert np.float32(entry["output"]) == present.activation[0, node]
        assert entry["sources"] == edges.source.tolist()
        np.testing.assert_array_equal(np.float32(entry["inputs"]), present.activation[0, edges.source])
        if entry["kind"] in ("dense", "conv"):
            np.testing.assert_array_equal(np.float32(entry["weights"]), edges.weight)
            total = np.dot(entry["inputs"], entry["weights"]) + entry["bias"]
            assert total == pytest.approx(entry["pre"], abs=1e-5)
        else:
            assert entry["weights"] is None


def test_a_layer_comes_in_its_own_shape(present: Trace) -> None:
    network = present.network
    for layer in network.layers:
        content = json.loads(export_layer(present, layer.name, "json").text)
        assert content["shape"] == list(layer.shape)
        assert content["first"] == network.span(layer.name).start
        np.testing.assert_array_equal(np.float32(content["pre"]), present.pre_of(layer.name)[0])
        np.testing.assert_array_equal(np.float32(content["output"]), present.layer(layer.name)[0])
        for name in ("weight", "bias"):
            value = getattr(layer, name)
            if value is None:
                assert content[name] is None
            else:
                np.testing.assert_array_equal(np.float32(content[name]), value)


def test_a_layer_as_csv_has_all_its_nodes() -> None:
    made = export_layer(trace("cnn"), "pool2", "csv")
    assert made.name == "vizapp-cnn-pool2.csv"
    rows = rows_of(made.text)
    assert len(rows) == 400 * 4
    assert len({row["node"] for row in rows}) == 400


def test_files_are_named_for_what_is_in_them() -> None:
    present = trace("cnn")
    node = present.network.span("conv2").start + 6 * 100 + 34
    assert export_nodes(present, [node], "json").name == "vizapp-cnn-conv2-map-7-3-4.json"
    assert export_nodes(present, [node, 3], "csv").name == "vizapp-cnn-2-nodes.csv"


def test_too_much_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    present = trace("mlp")
    with pytest.raises(ExportError, match=r"235,200 edges; .* fewer nodes"):
        export_layer(present, "fc1", "csv")
    with pytest.raises(ExportError, match="fewer nodes"):
        export_nodes(present, range(784, 1084), "json")
    monkeypatch.setattr(export, "MAX_NUMBERS", 2000)
    with pytest.raises(ExportError, match="numbers"):
        export_layer(present, "fc2", "json")
    assert export_layer(present, "output", "json").text


def test_nothing_is_refused() -> None:
    with pytest.raises(ExportError, match="select some"):
        export_nodes(trace("mlp"), [], "csv")


@pytest.mark.parametrize(
    ("error", "ask"),
    [
        (KeyError, lambda t: export_nodes(t, [0], "xlsx")),
        (KeyError, lambda t: export_layer(t, "conv9", "csv")),
        (ValueError, lambda t: export_nodes(t, [10**6], "csv")),
        (ValueError, lambda t: export_nodes(t, [-1], "csv")),
    ],
)
def test_what_there_is_not(error: type[Exception], ask: Any) -> None:
    with pytest.raises(error):
        ask(trace("mlp"))
