"""What the page is told: enough to draw everything, nothing that JSON or a buffer cannot carry."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vizapp import nets
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES, Stroke
from vizapp.views import wire

TYPES = Path(wire.__file__).parent / "js" / "src" / "wire.ts"


def sample(**values: Any) -> Explorer:
    return Explorer(drawing=Drawing(tuple(SAMPLES[0].strokes)), **values)


def check_carried(value: Any) -> None:
    """Only what travels: JSON's own kinds, finite numbers, flat arrays of a kind that JavaScript has."""
    if isinstance(value, np.ndarray):
        assert value.dtype.kind in "uif"
        assert value.dtype.itemsize <= 4
        assert value.flags.c_contiguous
        assert value.ndim == 1
        assert np.isfinite(value).all()
    elif isinstance(value, dict):
        assert all(type(key) is str for key in value)
        for item in value.values():
            check_carried(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            check_carried(item)
    else:
        assert value is None or type(value) in (str, int, float, bool), type(value)
        json.dumps(value, allow_nan=False)


@pytest.mark.parametrize("name", nets.names())
def test_every_message_can_travel(name: str) -> None:
    explorer = sample(network=name)
    explorer.param.update(focus=400, selection=[500, 3])
    for message in (
        wire.network_message(explorer.net, explorer.layout),
        wire.frame_message(explorer, 7),
        wire.values_message(explorer, 3),
        wire.selection_message(explorer, "flat"),
        wire.ink_message(explorer),
        wire.settings_message(explorer),
        wire.notice_message("Something."),
    ):
        assert type(message["type"]) is str
        check_carried(message)


@pytest.mark.parametrize("name", nets.names())
def test_the_page_learns_every_node_layer_and_parameter(name: str) -> None:
    network = nets.load(name)
    explorer = Explorer(network=name)
    message = wire.network_message(network, explorer.layout)
    assert [layer["name"] for layer in message["layers"]] == [layer.name for layer in network.layers]
    assert sum(layer["count"] for layer in message["layers"]) == network.n_nodes
    assert sum(block["count"] for block in message["blocks"]) == network.n_nodes
    np.testing.assert_array_equal(message["positions"].reshape(-1, 3), explorer.layout.positions)
    np.testing.assert_array_equal(message["flat"].reshape(-1, 2), explorer.layout.flat)
    assert {key: value.size for key, value in message["parameters"].items()} == {
        key: value.size for key, value in network.parameters.items()
    }
    for key, value in network.parameters.items():
        np.testing.assert_array_equal(message["parameters"][key].reshape(value.shape), value)


def test_the_shapes_of_layers_read_well() -> None:
    message = wire.network_message(nets.load("cnn"), Explorer().layout)
    details = {layer["name"]: layer["detail"] for layer in message["layers"]}
    assert details["input"] == "32×32"
    assert details["conv1"] == "6 × 28×28"
    assert details["pool2"] == "16 × 5×5"
    assert details["fc1"] == "120 units"


def test_a_frame_carries_a_byte_for_each_node_and_the_answer() -> None:
    explorer = sample()
    frame = wire.frame_message(explorer, 12)
    assert frame["ack"] == 12
    assert frame["levels"].dtype == np.uint8
    assert len(frame["levels"]) == explorer.net.n_nodes
    np.testing.assert_array_equal(
        np.array(frame["probabilities"], np.float32), explorer.trace.probabilities[0]
    )
    assert abs(sum(frame["probabilities"]) - 1) < 1e-5


def test_an_empty_pad_claims_no_answer() -> None:
    frame = wire.frame_message(Explorer())
    assert frame["probabilities"] is None
    assert not frame["levels"].any()


def test_the_focused_and_the_selected_nodes_come_with_exact_values() -> None:
    explorer = sample()
    explorer.param.update(focus=9130, selection=[5000, 17])
    values = wire.frame_message(explorer)["values"]
    assert [row[0] for row in values] == [9130, 5000, 17]
    for node, pre, activation in values:
        assert pre == explorer.trace.pre[0, node]
        assert activation == explorer.trace.activation[0, node]


def test_many_selected_nodes_do_not_swell_a_frame() -> None:
    explorer = sample()
    explorer.selection = list(range(9000))
    assert len(wire.frame_message(explorer)["values"]) <= 65


def test_ink_comes_back_as_it_was_drawn() -> None:
    points = np.array([[0.1, 0.2], [0.3, 0.4]], np.float32)
    image = (np.arange(784) % 256).reshape(28, 28)
    drawing = Drawing(
        (Stroke(points, 3.0), Stroke(points, 2.0, True)), (image / 255).astype(np.float32), True
    )
    message = wire.ink_message(Explorer(drawing=drawing))
    np.testing.assert_array_equal(message["strokes"][0]["points"], points.ravel())
    assert [(s["width"], s["erase"]) for s in message["strokes"]] == [(3.0, False), (2.0, True)]
    np.testing.assert_array_equal(message["image"], image.ravel())
    assert message["sample"] is True
    assert message["can_undo"] is False


def interface(name: str, types: Path = TYPES) -> set[str]:
    """Names of the fields of an interface in wire.ts, or another file."""
    text = re.sub(r"/\*.*?\*/|//.*", "", types.read_text("utf-8"), flags=re.DOTALL)
    opening = re.search(rf"interface {name}(?: extends (\w+))? {{", text)
    assert opening
    start = opening.end()
    depth, fields, at = 1, interface(opening[1], types) if opening[1] else set(), start
    for part in re.finditer(r"[{}]|(\w+)\??:", text[start:]):
        if part[0] == "{":
            depth += 1
        elif part[0] == "}":
            depth -= 1
            if depth == 0:
                break
        elif depth == 1:
            fields.add(part[1])
        at = part.end()
    assert at
    return fields


@pytest.mark.skipif(not TYPES.exists(), reason="an installed package has no TypeScript")
def test_python_and_typescript_agree_on_the_fields() -> None:
    explorer = sample()
    network = wire.network_message(explorer.net, explorer.layout)
    assert set(network) == interface("NetworkMessage")
    assert set(network["layers"][0]) == interface("LayerDoc")
    assert set(network["blocks"][0]) == interface("Block")
    assert set(wire.frame_message(explorer)) == interface("FrameMessage")
    assert set(wire.values_message(explorer, 0)) == interface("ValuesMessage")
    assert set(wire.ink_message(explorer)) == interface("InkMessage")
    assert set(wire.selection_message(explorer, "flat")) == interface("SelectionMessage")
    assert set(wire.settings_message(explorer)["values"]) == interface("Settings")
    assert set(wire.notice_message("")) == interface("NoticeMessage")
