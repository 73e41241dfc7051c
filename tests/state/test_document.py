"""What survives a reload or lies in a file, and what a damaged or hostile one cannot do."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke
from vizapp.state import ENTRIES, StateError, dump_state, file_text, load_state
from vizapp.state.document import MAX_CHARACTERS, SCHEMA, VERSION

from .states import ONE, assert_same, everything, states

STORED = json.loads((Path(__file__).parent / "documents.json").read_text(encoding="utf-8"))
"""Documents as vizapp wrote them, by their version and name, and what they mean."""


@pytest.mark.parametrize("write", [dump_state, file_text])
@pytest.mark.parametrize("name", states())
def test_comes_back_as_it_was(name: str, write: Any) -> None:
    before, after = states()[name], everything()
    load_state(after, write(before))
    assert_same(after, before, 1e-4)
    assert abs(after.trace.probabilities - before.trace.probabilities).max() < 0.02


def test_every_point_comes_back() -> None:
    before, after = everything(), Explorer()
    load_state(after, dump_state(before))
    for a, b in zip(after.drawing.strokes, before.drawing.strokes, strict=True):
        np.testing.assert_allclose(a.points, b.points, atol=1e-4)


@pytest.mark.parametrize("case", STORED, ids=[case["name"] for case in STORED])
def test_what_was_saved_by_earlier_versions_means_what_it_meant(case: dict[str, Any]) -> None:
    explorer = everything()
    load_state(explorer, json.dumps(case["document"]))
    now = json.loads(dump_state(explorer))
    assert {name: now[name] for name in case["means"]} == case["means"]
    for name in set(ENTRIES) - set(case["means"]):
        # Entries that are newer than the stored case.
        assert now[name] == ENTRIES[name].absent, name


def test_all_versions_are_stored() -> None:
    assert {case["document"]["version"] for case in STORED} == set(range(1, VERSION + 1))


def test_undo_does_not_go_back_behind_what_was_brought_back() -> None:
    after = Explorer(drawing=Drawing((Stroke(ONE),), sample=True))
    load_state(after, dump_state(everything()))
    assert not after.can_undo
    assert not after.can_redo


def test_a_file_that_was_opened_can_be_undone_as_a_whole() -> None:
    explorer = states()["box of nodes"]
    before = dump_state(explorer)
    load_state(explorer, dump_state(everything()), "opened file")
    assert explorer.undoable == "opened file"
    explorer.undo()
    assert dump_state(explorer) == before
    explorer.redo()
    assert_same(explorer, everything(), 1e-4)


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


def test_the_document_names_everything_also_where_it_is_the_default() -> None:
    for text in (dump_state(Explorer()), file_text(Explorer())):
        document = json.loads(text)
        assert set(document) == set(ENTRIES) | {"version", "$schema"}
        assert (document["version"], document["$schema"]) == (VERSION, SCHEMA)


def test_a_file_can_be_read_by_a_person_and_says_the_same() -> None:
    explorer = everything()
    text = file_text(explorer)
    assert json.loads(text) == json.loads(dump_state(explorer))
    assert ' "lens": "contrast",\n' in text
    assert len(text.splitlines()) > len(ENTRIES) + len(explorer.drawing.strokes)


def test_a_file_can_have_other_locks_than_the_session() -> None:
    explorer = Explorer(locked=["network"])
    assert json.loads(file_text(explorer, ["lens", "drawing"]))["locked"] == ["lens", "drawing"]
    assert explorer.locked == ["network"]


def damaged() -> dict[str, object]:
    good: dict[str, Any] = json.loads(dump_state(everything()))

    def but(**values: object) -> str:
        return json.dumps({**good, **values})

    def drawing(**values: object) -> str:
        return but(drawing={**good["drawing"], **values})

    def without(name: str) -> str:
        return json.dumps({key: value for key, value in good.items() if key != name})

    image = base64.b64encode(bytes(783)).decode()
    return {
        "nothing": None,
        "not text": 3,
        "bytes": b"{}",
        "not JSON": "{",
        "cut off": dump_state(everything())[:-9],
        "a list": "[]",
        "a number": "1e999",
        "newer": but(version=99),
        "version 0": but(version=0),
        "version of another type": but(version="2"),
        "version true": but(version=True),
        "no version": "{}",
        "unknown": but(nonsense=1),
        "no network": without("network"),
        "no drawing": without("drawing"),
        "network": but(network="vgg"),
        "network of another type": but(network=["cnn"]),
        "scale": but(scale="none"),
        "panes": but(panes=3),
        "normalise": but(normalise="yes"),
        "lens": but(lens="x-ray"),
        "class": but(for_class=10),
        "class true": but(for_class=True),
        "layer of another network": but(into="conv2"),
        "strongest": but(strongest=10**9),
        "strongest half": but(strongest=0.5),
        "kept": but(kept=1.5),
        "kept nan": but(kept=float("nan")),
        "kept text": but(kept="0.8"),
        "hidden": but(hidden=[3]),
        "hidden of another network": but(hidden=["conv1"]),
        "hidden twice": but(hidden=["fc1", "fc1"]),
        "selection beyond": but(selection=[1194]),
        "selection below": but(selection=[-1]),
        "selection twice": but(selection=[1, 1]),
        "selection of text": but(selection=["1"]),
        "selection true": but(selection=[True]),
        "selection of a million": but(selection=list(range(1_000_000))),
        "seven pins": but(pins=[1, 2, 3, 4, 5, 6, 7]),
        "walk": but(walk="backward"),
        "walk of another type": but(walk=["forward"]),
        "walk node": but(walk_node=10**6),
        "step": but(step=-1),
        "locks": but(locked=["locked"]),
        "locks of another type": but(locked="network"),
        "reference": but(reference=[]),
        "no strokes": drawing(strokes=None),
        "nan": '{"version":2,"network":"cnn","drawing":{"strokes":[[[NaN,0]]]}}',
        "strokes of objects": drawing(strokes=[{"x": 1}]),
        "too many strokes": drawing(strokes=[[[0, 0]]] * 501),
        "a million points": drawing(strokes=[[[0, 0]] * 100_000]),
        "something else drawn": drawing(circles=[]),
        "sample": drawing(sample=1),
        "image too short": drawing(image=image),
        "image of another type": drawing(image={"a": 1}),
        "image not base64": drawing(image="é" * 1048),
        "deep": "[" * 200_000,
        "deep inside": '{"version":2,"network":"cnn","drawing":' + "[" * 900 + "]" * 900 + "}",
        "long": " " * (MAX_CHARACTERS + 1),
        "digits": '{"version":' + "9" * 5000 + "}",
    }


@pytest.mark.parametrize("text", damaged().values(), ids=damaged().keys())
def test_a_damaged_document_is_refused_in_one_sentence_and_changes_nothing(text: object) -> None:
    explorer = everything()
    before, values, undoable = dump_state(explorer), explorer.param.values(), explorer.undoable
    with pytest.raises(StateError) as refused:
        load_state(explorer, text)
    assert 10 < len(str(refused.value)) < 400
    assert "Traceback" not in str(refused.value)
    assert dump_state(explorer) == before
    assert all(values[name] is value for name, value in explorer.param.values().items())
    assert explorer.undoable == undoable
