"""The inspector's messages: what they carry, and where on the pad they point.

Whether their numbers are true is for tests/views/test_audit.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vizapp import nets
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES, Stroke, reference
from vizapp.views.alike import alike_message
from vizapp.views.comparing import compare_message
from vizapp.views.inspection import inspection_message

from .test_wire import TYPES, check_carried, interface

DOT = np.array([[0.3, 0.6]], np.float32)
DIGIT = Drawing(image=reference()[0][7].astype(np.float32) / np.float32(255))


def session(name: str = "cnn", **values: Any) -> Explorer:
    return Explorer(network=name, **{"drawing": Drawing(tuple(SAMPLES[0].strokes)), **values})


def one_of_each(explorer: Explorer) -> list[int]:
    return [
        int(o) + 2 * layer.n_nodes // 3
        for o, layer in zip(explorer.net.offsets, explorer.net.layers, strict=False)
    ]


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize(
    "drawing", [Drawing(tuple(SAMPLES[2].strokes)), DIGIT, Drawing()], ids=["ink", "image", "none"]
)
def test_messages_hold_nothing_that_does_not_travel(name: str, drawing: Drawing) -> None:
    explorer = session(name, drawing=drawing, reference=DIGIT)
    keys = set()
    for node in one_of_each(explorer):
        message = inspection_message(explorer, node, 5)
        check_carried(message)
        assert message["type"] == "inspection"
        assert message["ack"] == 5
        assert message["empty"] == explorer.empty
        keys.add(frozenset(message))
        for what in ("strongest", "nearest"):
            check_carried(alike_message(explorer.trace, node, what, empty=explorer.empty))
    assert len(keys) == 1, "every node has the same fields"
    explorer.pins = one_of_each(explorer)[:6]
    check_carried(compare_message(explorer))


@pytest.mark.skipif(not TYPES.exists(), reason="an installed package has no TypeScript")
def test_python_and_typescript_agree_on_the_fields() -> None:
    types = TYPES.parent / "inspector" / "messages.ts"
    explorer = session(pins=[5])
    node = explorer.net.n_nodes - 1
    assert set(inspection_message(explorer, node)) == interface("InspectionMessage", types)
    assert set(alike_message(explorer.trace, node, "nearest")) == interface("AlikeMessage", types)
    assert set(compare_message(explorer)) == interface("CompareMessage", types)


def test_as_it_is_drawn_a_field_on_the_pad_is_the_field_in_the_picture() -> None:
    explorer = session(normalise=False)
    for node in one_of_each(explorer):
        message = inspection_message(explorer, node)
        field = message["field"]
        expected = [field["col0"], field["row0"], field["col1"], field["row1"]]
        np.testing.assert_allclose(np.array(message["pad"]) * 28, expected)


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize("normalise", [True, False])
def test_ink_lies_in_the_fields_of_the_nodes_that_see_it(name: str, normalise: bool) -> None:
    explorer = session(name, drawing=Drawing((Stroke(DOT, 2.0),)), normalise=normalise)
    source = explorer.net.layers[0].name
    brightest = int(explorer.trace.layer(source)[0].argmax())
    left, top, right, bottom = inspection_message(explorer, brightest)["pad"]
    assert left - 0.5 / 28 <= DOT[0, 0] <= right + 0.5 / 28
    assert top - 0.5 / 28 <= DOT[0, 1] <= bottom + 0.5 / 28


def test_no_ink_has_no_place_on_the_pad() -> None:
    explorer = session(drawing=Drawing())
    for node in one_of_each(explorer):
        message = inspection_message(explorer, node)
        assert message["pad"] is None
        assert message["ink"] is None


def test_the_frame_around_the_picture_has_no_field() -> None:
    message = inspection_message(session(), 0)
    assert (message["field"], message["pad"], message["ink"]) == (None, None, None)
    assert (message["pre"], message["output"]) == (0, 0)


@pytest.mark.parametrize("node", [-1, 9134, 10**9])
def test_a_node_that_there_is_not(node: int) -> None:
    with pytest.raises(ValueError, match="no node"):
        inspection_message(session(), node)


# Test images


def test_images_come_in_the_order_of_their_titles() -> None:
    explorer = session()
    pictures, labels = reference()
    node = explorer.net.span("fc1").start + 31
    for what, sizes in (("strongest", [12]), ("nearest", [3, 3, 3])):
        message = alike_message(explorer.trace, node, what, 4)
        assert (message["ack"], message["node"], message["what"], message["layer"]) == (4, node, what, "fc1")
        assert message["count"] == 10_000
        assert [len(group["items"]) for group in message["groups"]] == sizes
        items = [item for group in message["groups"] for item in group["items"]]
        shown = message["images"].reshape(-1, 28, 28)
        assert len(shown) == len(items)
        for item, image in zip(items, shown, strict=True):
            np.testing.assert_array_equal(image, pictures[item["index"]])
            assert item["source"] == "reference"
            assert item["title"] == f"test image {item['index']}, a {labels[item['index']]}"
        values = [[item["value"] for item in group["items"]] for group in message["groups"]]
        assert values == [sorted(each, reverse=what == "strongest") for each in values]
    assert [group["label"] for group in message["groups"]] == [
        str(digit) for digit in np.argsort(-explorer.trace.logits[0])[:3]
    ]


def test_the_strongest_images_activate_the_node_as_is_said() -> None:
    explorer = session("mlp")
    node = explorer.net.span("fc2").start + 7
    (group,) = alike_message(explorer.trace, node, "strongest")["groups"]
    for item in group["items"]:
        loaded = session(
            "mlp", drawing=Drawing(image=reference()[0][item["index"]] / np.float32(255)), normalise=False
        )
        assert float(loaded.trace.activation[0, node]) == pytest.approx(item["value"], rel=1e-5)


def test_nothing_is_near_an_empty_pad() -> None:
    explorer = session(drawing=Drawing())
    message = alike_message(explorer.trace, 9000, "nearest", empty=True)
    assert message["groups"] == []
    assert len(message["images"]) == 0


# Comparing


def test_pins_and_the_reference_are_told_as_they_would_be_by_themselves() -> None:
    explorer, alone = session(reference=DIGIT), session(drawing=DIGIT)
    explorer.pins = [9133, 5000, 3]
    message = compare_message(explorer)
    for pin, node in zip(message["pins"], explorer.pins, strict=True):
        own, other = inspection_message(explorer, node), inspection_message(alone, node)
        assert pin == {key: own[key] for key in ("node", "name", "layer", "pre", "output")} | {
            "reference": {"pre": other["pre"], "output": other["output"]}
        }
    np.testing.assert_array_equal(message["reference"]["image"], np.rint(alone.image * 255).ravel())
    assert message["reference"]["probabilities"] == alone.trace.probabilities[0].tolist()
    assert message["difference"] is False


def test_without_a_reference_there_is_no_difference() -> None:
    explorer = session(difference=True, pins=[4])
    message = compare_message(explorer)
    assert message["difference"] is False
    assert message["reference"] is None
    assert message["pins"][0]["reference"] is None
    explorer.reference = DIGIT
    assert compare_message(explorer)["difference"] is True
