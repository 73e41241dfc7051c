"""What survives a reload, and what a damaged or hostile saved state cannot do."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke
from vizapp.saved import MAX_CHARACTERS, StateError, dump_state, load_state

ONE = np.array([[0.51234, 0.2], [0.5, 0.8]], np.float32)


def full() -> Explorer:
    explorer = Explorer(network="mlp", normalise=False, scale="map", panes="3D")
    image = (np.arange(784, dtype=np.float32) / 783).reshape(28, 28)
    explorer.drawing = Drawing((Stroke(ONE, 3.5), Stroke(ONE * 0.5, 2.4, erase=True)), image)
    return explorer


def settings(explorer: Explorer) -> tuple[object, ...]:
    return explorer.network, explorer.normalise, explorer.scale, explorer.panes


def test_comes_back_as_it_was() -> None:
    before, after = full(), Explorer()
    load_state(after, dump_state(before))
    assert settings(after) == settings(before) == ("mlp", False, "map", "3D")
    for a, b in zip(after.drawing.strokes, before.drawing.strokes, strict=True):
        np.testing.assert_allclose(a.points, b.points, atol=1e-4)
        assert (a.width, a.erase) == (b.width, b.erase)
    np.testing.assert_allclose(after.drawing.image, before.drawing.image, atol=0.5 / 255 + 1e-6)
    assert not after.drawing.sample
    assert abs(after.trace.probabilities - before.trace.probabilities).max() < 0.02


@pytest.mark.parametrize(
    "drawing", [Drawing(), Drawing((Stroke(ONE),), sample=True)], ids=["empty", "sample"]
)
def test_an_empty_pad_and_a_sample_stay_what_they_are(drawing: Drawing) -> None:
    after = full()
    load_state(after, dump_state(Explorer(drawing=drawing)))
    assert after.empty == (not drawing.strokes)
    assert after.drawing.sample == drawing.sample


def test_layers_that_were_hidden_stay_hidden() -> None:
    before, after = Explorer(network="mlp", hidden=["fc1"]), Explorer()
    load_state(after, dump_state(before))
    assert after.hidden == ["fc1"]


def test_undo_does_not_go_back_behind_what_was_brought_back() -> None:
    after = Explorer(drawing=Drawing((Stroke(ONE),), sample=True))
    load_state(after, dump_state(full()))
    assert not after.can_undo
    assert not after.can_redo


def test_whatever_the_pen_could_draw_can_be_brought_back() -> None:
    explorer = Explorer()
    # A person who scribbles for long: strokes of 10 pad widths each.
    scribble = np.array([[0, 0.5], [1, 0.5]] * 5, np.float32)
    for stroke in range(1, 60):
        try:
            explorer.pen(stroke, 0, scribble, 2.4, False)
        except ValueError:
            break
    after = Explorer()
    load_state(after, dump_state(explorer))
    assert len(after.drawing.strokes) == len(explorer.drawing.strokes)


def test_the_state_names_everything_also_where_it_is_the_default() -> None:
    state = json.loads(dump_state(Explorer()))
    assert {"version", "network", "normalise", "scale", "panes", "strokes", "image"} <= set(state)


def damaged() -> dict[str, object]:
    good: dict[str, Any] = json.loads(dump_state(full()))

    def but(**values: object) -> str:
        return json.dumps({**good, **values})

    image = base64.b64encode(bytes(783)).decode()
    return {
        "not text": 3,
        "bytes": b"{}",
        "not JSON": "{",
        "cut off": dump_state(full())[:-9],
        "a list": "[]",
        "a number": "1e999",
        "version": but(version=99),
        "no version": "{}",
        "network": but(network="vgg"),
        "network of another type": but(network=["cnn"]),
        "scale": but(scale="none"),
        "panes": but(panes=3),
        "normalise": but(normalise="yes"),
        "lens": but(lens="x-ray"),
        "class": but(for_class=10),
        "layer of another network": but(into="conv2"),
        "strongest": but(strongest=10**9),
        "hidden": but(hidden=[3]),
        "no strokes": but(strokes=None),
        "nan": '{"version":1,"network":"cnn","scale":"layer","strokes":[[[NaN,0]]]}',
        "strokes of objects": but(strokes=[{"x": 1}]),
        "too many strokes": but(strokes=[[[0, 0]]] * 501),
        "a million points": but(strokes=[[[0, 0]] * 100_000]),
        "image too short": but(image=image),
        "image of another type": but(image={"a": 1}),
        "image not base64": but(image="é" * 1048),
        "deep": "[" * 200_000,
        "deep inside": '{"version":1,"network":"cnn","scale":"layer","strokes":'
        + "[" * 900
        + "]" * 900
        + "}",
        "long": " " * (MAX_CHARACTERS + 1),
        "digits": '{"version":' + "9" * 5000 + "}",
    }


@pytest.mark.parametrize("text", damaged().values(), ids=damaged().keys())
def test_a_damaged_state_is_refused_in_one_sentence_and_changes_nothing(text: object) -> None:
    explorer = full()
    was, drawing, trace = settings(explorer), explorer.drawing, explorer.trace
    with pytest.raises(StateError) as refused:
        load_state(explorer, text)
    assert 10 < len(str(refused.value)) < 300
    assert "Traceback" not in str(refused.value)
    assert settings(explorer) == was
    assert explorer.drawing is drawing
    assert explorer.trace is trace
