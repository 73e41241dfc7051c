"""What a page may not say on the line, and what comes of it."""

from __future__ import annotations

import random
from array import array
from typing import Any

import numpy as np
import pytest

from tests.views.pages import ONE, Page, pen, state
from vizapp.explorer import Explorer
from vizapp.inputs import SAMPLES
from vizapp.state import dump_state
from vizapp.views import incoming


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


class Rude:
    """Something that even refuses to be printed."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


RUBBISH: dict[str, Any] = {
    "none": None,
    "number": 3,
    "text": "pen",
    "bytes": b"\0" * 100,
    "list": [1, 2],
    "empty": {},
    "no type": {"seq": 1},
    "unknown type": {"type": "shutdown"},
    "type is a list": {"type": ["pen"]},
    "type is an object": {"type": {"pen": 1}},
    "type is long": {"type": "x" * 3_000_000},
    "private method": {"type": "_on_pen"},
    "deep": {"type": deep(5000)},
    "rude": Rude(),
    "edit without action": {"type": "edit"},
    "edit something else": {"type": "edit", "action": "__init__"},
    "edit a list": {"type": "edit", "action": ["undo"]},
    "set nothing": {"type": "set"},
    "set unknown": {"type": "set", "name": "trace", "value": 1},
    "set private": {"type": "set", "name": "_history", "value": 1},
    "set network": {"type": "set", "name": "network", "value": "vgg"},
    "set network to a list": {"type": "set", "name": "network", "value": ["cnn"]},
    "set network to nothing": {"type": "set", "name": "network", "value": None},
    "set normalise": {"type": "set", "name": "normalise", "value": "yes"},
    "set normalise to 1": {"type": "set", "name": "normalise", "value": 1},
    "set scale": {"type": "set", "name": "scale", "value": deep(200)},
    "set hidden": {"type": "set", "name": "hidden", "value": [1, 2]},
    "set hidden to text": {"type": "set", "name": "hidden", "value": "conv1"},
    "set strongest": {"type": "set", "name": "strongest", "value": 10**12},
    "set strongest to nan": {"type": "set", "name": "strongest", "value": float("nan")},
    "set class": {"type": "set", "name": "for_class", "value": -1},
    "focus without node": {"type": "focus", "seq": 1},
    "focus on a text": {"type": "focus", "seq": 1, "node": "7"},
    "focus on half a node": {"type": "focus", "seq": 1, "node": 1.5},
    "focus on nan": {"type": "focus", "seq": 1, "node": float("nan")},
    "focus far below": {"type": "focus", "seq": 1, "node": -(10**30)},
    "pick a text": {"type": "pick", "nodes": "12"},
    "pick nothing": {"type": "pick"},
    "pick half a node": {"type": "pick", "nodes": [0.5]},
    "pick no node": {"type": "pick", "nodes": [9134]},
    "pick below zero": {"type": "pick", "nodes": [-1]},
    "pick a million": {"type": "pick", "nodes": [1] * 1_000_000},
    "image of text": {"type": "image", "data": "iVBOR"},
    "image of nothing": {"type": "image", "data": b""},
    "image of noise": {"type": "image", "data": random.Random(1).randbytes(5000)},
    "image cut off": {"type": "image", "data": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"},
    "gallery of nothing": {"type": "gallery", "choice": None, "page": 0},
    "gallery of an object": {"type": "gallery", "choice": {"a": 1}, "page": 0},
    "gallery page below": {"type": "gallery", "choice": "1", "page": -1},
    "gallery page far": {"type": "gallery", "choice": "1", "page": 10**9},
    "load from elsewhere": {"type": "load", "source": "/etc/passwd", "index": 0},
    "load beyond": {"type": "load", "source": "reference", "index": 10_000},
    "load below": {"type": "load", "source": "reference", "index": -1},
    "load sample beyond": {"type": "load", "source": "sample", "index": 10**6},
    "load a rude source": {"type": "load", "source": deep(50), "index": 0},
    "state of numbers": {"type": "ready", "state": 5},
    "state of megabytes": {"type": "ready", "state": "x" * 3_000_000},
    "state that is deep": {"type": "ready", "state": "[" * 100_000},
    "probe nowhere": {"type": "probe", "seq": 1, "x": float("nan"), "y": 0},
    "probe text": {"type": "probe", "seq": 1, "x": "0", "y": 0},
    "probe a huge number": {"type": "probe", "seq": 1, "x": 10**400, "y": 0},
    "viewport of nothing": {"type": "viewport"},
    "viewport of nan": {
        "type": "viewport",
        "seq": 1,
        "x0": float("nan"),
        "x1": 1,
        "y0": 0,
        "y1": 1,
        "width": 100,
        "height": 100,
    },
    "viewport inside out": {
        "type": "viewport",
        "seq": 1,
        "x0": 1,
        "x1": 0,
        "y0": 0,
        "y1": 1,
        "width": 100,
        "height": 100,
    },
    "viewport of a million pixels a side": {
        "type": "viewport",
        "seq": 1,
        "x0": 0,
        "x1": 1,
        "y0": 0,
        "y1": 1,
        "width": 10**6,
        "height": 10**6,
    },
}


def check_told_off(page: Page, answers: list[dict[str, Any]]) -> None:
    notices = [a["text"] for a in answers if a["type"] == "notice"]
    assert len(notices) == 1
    (text,) = notices
    # Plain words: a sentence, short, without Python in it.
    assert 15 < len(text) < 300
    assert text[0].isupper() or text.split()[0].isidentifier()
    assert text.endswith(".")
    for word in ("Error", "Traceback", "object at", "NoneType", "<", "self."):
        assert word not in text
    # And the session goes on.
    (frame,) = [a for a in page.say(pen(seq=77, stroke=99)) if a["type"] == "frame"]
    assert frame["ack"] == 77


@pytest.mark.parametrize("message", RUBBISH.values(), ids=RUBBISH.keys())
def test_rubbish_is_told_off_and_changes_nothing(page: Page, explorer: Explorer, message: Any) -> None:
    before = state(explorer)
    answers = page.say(message)
    assert state(explorer) == before
    check_told_off(page, answers)


BAD_PENS: dict[str, dict[str, Any]] = {
    "nan": pen([[np.nan, 0.5]]),
    "infinite": pen([[0.5, np.inf], [0.5, -np.inf]]),
    "huge": pen([[0.5, 0.5]], width=1e30),
    "width nan": pen(width=float("nan")),
    "width infinite": pen(width=float("inf")),
    "width of 400 digits": pen(width=10**400),
    "width text": pen(width="2.4"),
    "width missing": {key: value for key, value in pen().items() if key != "width"},
    "width true": pen(width=True),
    "million points": pen(np.full((1_000_000, 2), 0.5)),
    "odd": {**pen(), "points": array("f", [0.1, 0.2, 0.3])},
    "doubles": {**pen(), "points": array("d", [0.1, 0.2])},
    "bytes": {**pen(), "points": b"\0" * 16},
    "list": {**pen(), "points": [[0.1, 0.2]]},
    "text of megabytes": {**pen(), "points": "x" * 3_000_000},
    "none": {**pen(), "points": None},
    "deep": {**pen(), "points": deep(5000)},
    "stroke below": pen(stroke=-1),
    "stroke text": pen(stroke="1"),
    "stroke true": pen(stroke=True),
    "start below": pen(start=-1),
    "start half": pen(start=0.5),
    "start huge": pen(start=2**70),
}


@pytest.mark.parametrize("message", BAD_PENS.values(), ids=BAD_PENS.keys())
def test_a_bad_pen_message_is_answered_too(page: Page, explorer: Explorer, message: dict[str, Any]) -> None:
    before = state(explorer)
    answers = page.say({**message, "seq": 42})
    assert [a["ack"] for a in answers if a["type"] == "frame"] == [42]
    assert state(explorer) == before
    check_told_off(page, answers)


@pytest.mark.parametrize("seq", [-1, None, "1", 1.5, True, 2**80, float("nan")])
def test_a_pen_message_without_a_number_is_told_off(page: Page, explorer: Explorer, seq: Any) -> None:
    before = state(explorer)
    answers = page.say({**pen(), "seq": seq})
    assert state(explorer) == before
    check_told_off(page, answers)


def test_a_refused_message_in_a_stroke_leaves_the_stroke(page: Page, explorer: Explorer) -> None:
    page.say(pen(ONE[:2], seq=1, stroke=5))
    page.say(pen([[np.nan, 0]], seq=2, stroke=5, start=2))
    page.say(pen(ONE[2:], seq=3, stroke=5, start=2))
    np.testing.assert_array_equal(explorer.drawing.strokes[-1].points, ONE)


def test_a_million_points_in_many_messages_come_to_an_end(page: Page, explorer: Explorer) -> None:
    refused = 0
    rng = np.random.default_rng(0)
    for stroke in range(1, 40):
        answers = page.say(pen(rng.uniform(-9, 9, (3000, 2)), seq=stroke, stroke=stroke))
        refused += any(a["type"] == "notice" for a in answers)
    assert refused > 20
    assert sum(len(stroke.points) for stroke in explorer.drawing.strokes) <= 20_000
    # Whatever was taken can be handed back after a reload.
    assert "notice" not in Page(Explorer()).kinds({"type": "ready", "state": dump_state(explorer)})


def test_points_far_outside_the_pad_are_brought_near(page: Page, explorer: Explorer) -> None:
    page.say(pen([[1e30, -1e30], [0.5, 0.5]]))
    points = explorer.drawing.strokes[-1].points
    assert np.isfinite(points).all()
    assert abs(points).max() <= 2


def test_a_message_from_the_network_that_was_left_does_no_harm(page: Page, explorer: Explorer) -> None:
    page.say({"type": "focus", "seq": 1, "node": 9000})
    page.say({"type": "set", "name": "network", "value": "mlp"})
    (answer,) = page.say({"type": "focus", "seq": 2, "node": 9000})
    assert answer["values"] == []


def test_random_rubbish_never_ends_a_session(page: Page, explorer: Explorer) -> None:
    rng = random.Random(7)
    kinds = [
        "ready",
        "pen",
        "edit",
        "focus",
        "set",
        "image",
        "gallery",
        "load",
        "viewport",
        "settle",
        "probe",
        "pick",
        "inspect",
        "alike",
        "explain",
        "deletion",
        "flip_edit",
        "deconvolve",
        "pin",
        "refer",
        "export",
        "hesitation",
        "reliability",
    ]
    keys = [
        "seq",
        "stroke",
        "start",
        "points",
        "width",
        "erase",
        "end",
        "action",
        "node",
        "name",
        "value",
        "choice",
    ]
    keys += [
        "page",
        "source",
        "index",
        "data",
        "state",
        "nodes",
        "add",
        "x",
        "y",
        "x0",
        "x1",
        "y0",
        "y1",
        "height",
        "on",
        "what",
    ]
    values = [
        0,
        1,
        -1,
        2**40,
        0.5,
        float("nan"),
        "",
        "cnn",
        "hidden",
        "undo",
        None,
        True,
        [],
        [0],
        {},
        b"x",
        ONE,
        "strongest",
        "csv",
        "selection",
        {"layer": "fc1"},
    ]
    values += [array("f", [0.5, 0.5]), array("f"), SAMPLES[0].strokes]
    for _ in range(600):
        message = {key: rng.choice(values) for key in rng.sample(keys, rng.randrange(len(keys)))}
        page.say({**message, "type": rng.choice(kinds)})
    assert [a["ack"] for a in page.say(pen(seq=9, stroke=12345)) if a["type"] == "frame"] == [9]


def test_a_number_that_no_float_can_hold_is_none() -> None:
    with pytest.raises(incoming.MessageError, match="too large"):
        incoming.number({"x": 10**400}, "x")
