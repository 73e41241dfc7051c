"""Sweeps over the line: what a page asks, the curves it is told, the cursor that takes all panes along."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.views.pages import ONE, OpenPage, WaitingPage, pen
from tests.views.test_wire import TYPES, check_carried, interface
from vizapp import nets
from vizapp.analysis.ranges import RANGES
from vizapp.explorer import Drawing
from vizapp.inputs import drawing_to_input
from vizapp.inputs.digits import drawn_digits
from vizapp.inputs.morphs import WAYS, Morph, to_image
from vizapp.inputs.reference import reference
from vizapp.nets.trace import Trace
from vizapp.timeline import first_morph
from vizapp.views.topics import sweeping as topic

SWEEPING = TYPES.parent / "timeline" / "messages.ts"


@pytest.fixture
def page() -> OpenPage:
    return OpenPage()


def told(answers: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [message for message in answers if message["type"] == kind]


def curves(answers: list[dict[str, Any]], exact: bool = True) -> dict[tuple[str, str], dict[str, Any]]:
    return {(m["way"], m["network"]): m for m in told(answers, "curve") if m["exact"] == exact}


def answer(name: str, image: np.ndarray) -> Trace:
    return nets.load(name).forward(image)


def test_a_page_that_opens_hears_that_nothing_is_on_the_timeline(page: OpenPage) -> None:
    (head,) = told(page.ask("ready", state=None), "timeline")
    assert head == {"type": "timeline", "kind": None, "turn": head["turn"]}


@pytest.mark.parametrize("name", nets.names())
def test_every_row_of_a_curve_is_the_networks_answer_to_that_frame(name: str) -> None:
    page = OpenPage(network=name)
    found = curves(page.ask("sweep", kind="morph"))
    assert set(found) == {(way, name) for way in WAYS}
    start, end = (drawing.strokes for drawing in first_morph())
    for way in WAYS:
        message, morph = found[way, name], Morph(way, start, end)
        assert len(message["positions"]) == 64
        rows = message["probabilities"].reshape(64, 10)
        # One by one, so that nothing of the batch is compared with itself.
        for row in (0, 7, 20, 21, 40, 63):
            image = to_image(morph.at(row / 63))
            np.testing.assert_allclose(rows[row], answer(name, image).probabilities[0], atol=2e-6)
            assert message["answers"][row] == rows[row].argmax()


@pytest.mark.parametrize("way", WAYS)
def test_a_crossing_is_where_a_fine_scan_finds_it(page: OpenPage, way: str) -> None:
    message = curves(page.ask("sweep", kind="morph"))[way, "cnn"]
    readouts = message["readouts"]
    start, end = (drawing.strokes for drawing in first_morph())
    fine = np.linspace(0, 1, 1001)
    logits = nets.load("cnn").forward(Morph(way, start, end).images(fine)).logits
    above = logits[:, readouts["a"]] > logits[:, readouts["b"]]
    (places,) = np.nonzero(above[1:] != above[:-1])
    assert len(readouts["crossings"]) == len(places) >= 1
    for position, place in zip(readouts["crossings"], places, strict=True):
        assert fine[place] - 1e-6 <= position <= fine[place + 1] + 1e-6


def test_ways_have_their_own_points_of_change(page: OpenPage) -> None:
    found = curves(page.ask("sweep", kind="morph"))
    at = [found[way, "cnn"]["readouts"]["crossings"][0] for way in WAYS]
    assert max(at) - min(at) > 0.1


@pytest.mark.parametrize("way", WAYS)
def test_the_cursor_takes_the_pad_and_the_network_along(page: OpenPage, way: str) -> None:
    page.ask("sweep", kind="morph")
    answers = page.ask("cursor", seq=5, position=0.3, way=way)
    (cursor,) = told(answers, "cursor")
    assert (cursor["ack"], cursor["position"], cursor["way"]) == (5, 0.3, way)
    frame = Morph(way, *(drawing.strokes for drawing in first_morph())).at(0.3)
    np.testing.assert_array_equal(page.explorer.image, to_image(frame))
    (shown,) = told(answers, "frame")
    expected = answer("cnn", to_image(frame)).probabilities[0]
    np.testing.assert_allclose(shown["probabilities"], expected, atol=1e-6)
    (ink,) = told(answers, "ink")
    if way == "strokes":
        assert ink["image"] is None
        np.testing.assert_array_equal(ink["strokes"][0]["points"].reshape(-1, 2), frame[0].points)
    else:
        assert ink["strokes"] == []
        np.testing.assert_array_equal(ink["image"], np.round(to_image(frame) * 255).astype(np.uint8).ravel())


def test_at_the_ends_is_what_was_given_bit_for_bit(page: OpenPage) -> None:
    first, last = first_morph()
    page.ask("sweep", kind="morph")
    for position, end in ((0, first), (1, last)):
        page.ask("cursor", seq=1, position=position)
        for drawn, given in zip(page.explorer.drawing.strokes, end.strokes, strict=True):
            np.testing.assert_array_equal(drawn.points, given.points)
        np.testing.assert_array_equal(page.explorer.image, drawing_to_input(end.strokes))


def test_images_at_the_ends_have_no_strokes(page: OpenPage) -> None:
    ends = {"start": {"source": "reference", "index": 2}, "end": {"source": "reference", "index": 1}}
    answers = page.ask("sweep", kind="morph", **ends)
    (head,) = told(answers, "timeline")
    assert [way["name"] for way in head["ways"]] == ["transport", "distance", "blend"]
    assert {way for way, _ in curves(answers)} == {"transport", "distance", "blend"}
    np.testing.assert_array_equal(head["start"]["image"], reference()[0][2].ravel())
    (cursor,) = told(answers, "cursor")
    assert cursor["way"] == "transport"
    page.ask("cursor", seq=1, position=1)
    np.testing.assert_array_equal(np.round(page.explorer.image * 255), reference()[0][1])


@pytest.mark.parametrize(
    ("name", "digit"), [({"source": "digit", "index": 8}, 8), ({"source": "present"}, None)], ids=["8", "pad"]
)
def test_an_end_is_replaced_and_the_other_stays(
    page: OpenPage, name: dict[str, Any], digit: int | None
) -> None:
    before = page.explorer.drawing
    page.ask("sweep", kind="morph", start={"source": "digit", "index": 3})
    page.explorer.drawing = before
    page.ask("sweep", kind="morph", end=name)
    explorer = page.explorer
    assert explorer.start is not None
    assert explorer.end is not None
    np.testing.assert_array_equal(explorer.start.strokes[0].points, before.strokes[0].points)
    expected = drawn_digits()[digit] if digit is not None else before.strokes
    np.testing.assert_array_equal(explorer.end.strokes[0].points, expected[0].points)


def test_ends_are_swapped(page: OpenPage) -> None:
    page.ask("sweep", kind="morph")
    explorer = page.explorer
    assert explorer.start is not None
    assert explorer.end is not None
    start, end = explorer.start.strokes, explorer.end.strokes
    page.ask("sweep", kind="morph", start={"source": "end"}, end={"source": "start"})
    assert explorer.start.strokes == end
    assert explorer.end.strokes == start


def test_both_networks_answer_the_same_inputs(page: OpenPage) -> None:
    page.ask("sweep", kind="morph")
    found = curves(page.ask("set", name="overlay", value=True))
    assert {network for _, network in found} == {"mlp"}
    pair = {(m["readouts"]["a"], m["readouts"]["b"]) for m in found.values()}
    assert pair == {(1, 2)}


def test_what_is_told_once_is_not_made_again(page: OpenPage) -> None:
    page.ask("sweep", kind="morph")
    assert curves(page.ask("cursor", seq=1, position=0.4, way="blend")) == {}
    assert told(page.ask("set", name="network", value="mlp"), "curve")
    assert told(page.ask("set", name="network", value="cnn"), "curve") == []


def test_only_ways_that_are_drawn_are_made(page: OpenPage) -> None:
    page.ask("set", name="ways", value=["blend"])
    found = curves(page.ask("sweep", kind="morph"))
    assert {way for way, _ in found} == {"strokes", "blend"}


def test_while_an_end_is_drawn_one_curve_follows_and_the_rest_when_asked(page: OpenPage) -> None:
    page.ask("sweep", kind="morph")
    page.ask("cursor", seq=1, position=1)
    answers = page.say(pen(ONE * 0.5, stroke=9))
    (curve,) = told(answers, "curve")
    assert (curve["way"], curve["exact"], curve["settled"]) == ("strokes", False, False)
    last = curve["probabilities"][-10:]
    np.testing.assert_allclose(last, page.explorer.trace.probabilities[0], atol=2e-6)
    assert set(curves(page.ask("sweep_settle"))) == {(way, "cnn") for way in WAYS}


def at_the_end(monkeypatch: pytest.MonkeyPatch, at_once: float) -> WaitingPage:
    """A page whose pen is at the end of a morph; curves that take less than `at_once` seconds are not waited for."""
    monkeypatch.setattr(topic, "AT_ONCE_SECONDS", at_once)
    page = WaitingPage()
    page.ask("sweep", kind="morph")
    page.ask("cursor", seq=1, position=1)
    page.finish()
    return page


def test_a_curve_that_is_cheap_comes_with_the_pens_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    page = at_the_end(monkeypatch, at_once=60)
    (curve,) = told(page.say(pen(ONE * 0.5, stroke=9)), "curve")
    assert (curve["way"], curve["exact"]) == ("strokes", False)
    np.testing.assert_allclose(curve["probabilities"][-10:], page.explorer.trace.probabilities[0], atol=2e-6)
    assert not page.waiting
    # What is made when the pen rests is not cheap.
    assert told(page.ask("sweep_settle"), "curve") == []
    assert set(curves(page.finish())) == {(way, "cnn") for way in WAYS}


def test_a_pen_that_is_faster_than_the_curves_sees_them_nevertheless(monkeypatch: pytest.MonkeyPatch) -> None:
    page = at_the_end(monkeypatch, at_once=0)
    page.say(pen(ONE * 0.5, stroke=9))
    page.say(pen(ONE * 0.6, stroke=9))
    first, second = (told(page.finish(1), "curve") for _ in range(2))
    assert [m["exact"] for m in (*first, *second)] == [False, False]


def test_a_curve_of_what_is_gone_is_not_shown_of_what_came(monkeypatch: pytest.MonkeyPatch) -> None:
    page = at_the_end(monkeypatch, at_once=0)
    page.say(pen(ONE * 0.5, stroke=9))
    page.say({"type": "edit", "action": "clear"})
    assert page.explorer.timeline.problem is not None
    assert told(page.finish(), "curve") == []
    page.ask("sweep", kind="morph", end={"source": "digit", "index": 3})
    page.ask("sweep", kind="morph", end={"source": "digit", "index": 7})
    (first, *_) = told(page.finish(), "curve")
    assert first["probabilities"][-10:].argmax() == 7


def test_a_curve_that_fails_is_not_waited_for_without_a_word(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic, "curve_message", lambda *_: 1 / 0)
    assert told(page.ask("sweep", kind="morph"), "notice")


@pytest.mark.parametrize("kind", RANGES)
def test_a_range_goes_around_the_drawing_as_it_is(page: OpenPage, kind: str) -> None:
    drawing, image = page.explorer.drawing, page.explorer.image
    answers = page.ask("sweep", kind=kind)
    (head,) = told(answers, "timeline")
    neutral = RANGES[kind].neutral
    assert (head["low"], head["high"], head["neutral"]) == (RANGES[kind].low, RANGES[kind].high, neutral)
    curve = curves(answers)[kind, "cnn"]
    (row,) = np.flatnonzero(curve["positions"] == np.float32(neutral))
    here = answer("cnn", image).probabilities[0]
    np.testing.assert_allclose(curve["probabilities"].reshape(-1, 10)[row], here, atol=2e-6)
    interval = curve["interval"]
    assert interval["answer"] == here.argmax() == curve["readouts"]["a"]
    assert interval["low"] <= neutral <= interval["high"]
    inside = (curve["positions"] > interval["low"] + 1e-6) & (curve["positions"] < interval["high"] - 1e-6)
    assert set(curve["answers"][inside]) <= {interval["answer"]}
    # The pad keeps the drawing; only what the network sees moves.
    page.ask("cursor", seq=1, position=head["high"])
    assert page.explorer.drawing is drawing
    assert not np.array_equal(page.explorer.image, image)


def test_pictures_along_the_way_are_what_the_network_sees_there(page: OpenPage) -> None:
    curve = curves(page.ask("sweep", kind="morph"))["strokes", "cnn"]
    strip = curve["strip"]
    pictures = strip["images"].reshape(-1, 28, 28)
    assert len(pictures) == len(strip["positions"]) == 9
    morph = Morph("strokes", *(drawing.strokes for drawing in first_morph()))
    for position, picture in zip(strip["positions"], pictures, strict=True):
        row = np.abs(curve["positions"] - position).argmin()
        np.testing.assert_array_equal(picture, np.round(to_image(morph.at(row / 63)) * 255))


def test_the_nearest_images_come_with_their_pictures(page: OpenPage) -> None:
    nearest = curves(page.ask("sweep", kind="morph"))["strokes", "cnn"]["nearest"]
    images, labels = reference()
    pictures = nearest["pictures"].reshape(-1, 28, 28)
    for row in (0, 30, 63):
        np.testing.assert_array_equal(pictures[nearest["picture"][row]], images[nearest["image"][row]])
        assert nearest["label"][row] == labels[nearest["image"][row]]


def test_the_state_is_told_when_the_cursor_rests(page: OpenPage) -> None:
    page.ask("sweep", kind="morph")
    for seq in range(1, 4):
        answers = page.ask("cursor", seq=seq, position=seq / 10, moving=True)
        assert told(answers, "frame")
        assert told(answers, "state") == []
    (state,) = told(page.ask("cursor", seq=4, moving=False), "state")
    assert '"cursor": 0.3' in state["state"] or '"cursor":0.3' in state["state"]
    # Nothing has changed since.
    assert told(page.ask("cursor", seq=5, moving=False), "state") == []


def test_every_message_of_a_sweep_can_travel_and_is_of_the_wire(page: OpenPage) -> None:
    answers = page.ask("sweep", kind="morph") + page.ask("sweep", kind="rotation")
    answers += page.ask("sweep", kind="hand") + page.ask("cursor", seq=1, position=0)
    for message in answers:
        check_carried(message)
    if not TYPES.exists():
        pytest.skip("an installed package has no TypeScript")
    names = {"timeline": "TimelineMessage", "curve": "CurveMessage", "cursor": "CursorMessage"}
    for kind, name in names.items():
        for message in told(answers, kind):
            assert set(message) == interface(name, SWEEPING)
            if kind == "curve":
                assert set(message["readouts"]) == interface("Readouts", SWEEPING)
                assert message["nearest"] is None or set(message["nearest"]) == interface("Nearest", SWEEPING)


def test_a_page_that_comes_back_hears_of_the_sweep(page: OpenPage) -> None:
    page.ask("sweep", kind="morph")
    page.ask("cursor", seq=1, position=0.25)
    answers = page.ask("ready", state=None)
    (head,) = told(answers, "timeline")
    assert head["kind"] == "morph"
    assert curves(answers)
    assert told(answers, "cursor")[-1]["position"] == 0.25


RUBBISH: list[dict[str, Any]] = [
    {"type": "sweep", "kind": "sideways"},
    {"type": "sweep", "kind": 3},
    {"type": "sweep", "kind": "morph", "start": "present"},
    {"type": "sweep", "kind": "morph", "start": {"source": "elsewhere"}},
    {"type": "sweep", "kind": "morph", "end": {"source": "digit", "index": 10}},
    {"type": "sweep", "kind": "morph", "end": {"source": "digit", "index": True}},
    {"type": "sweep", "kind": "morph", "end": {"source": "sample", "index": 99}},
    {"type": "sweep", "kind": "morph", "end": {"source": "reference", "index": 10_000}},
    {"type": "sweep", "kind": "morph", "end": {"source": "reference", "index": -1}},
    {"type": "sweep", "kind": "morph", "end": {"source": "kept"}},
    {"type": "cursor", "position": 0.5},
    {"type": "cursor", "seq": 1, "position": "half"},
    {"type": "cursor", "seq": 1, "position": float("nan")},
    {"type": "cursor", "seq": 1, "position": float("inf")},
    {"type": "cursor", "seq": 1, "position": 1e300},
    {"type": "cursor", "seq": 1, "way": "sideways"},
    {"type": "cursor", "seq": 1, "across": []},
    {"type": "cursor", "seq": 1, "way": {}},
]


@pytest.mark.parametrize("rubbish", RUBBISH, ids=str)
def test_rubbish_is_refused_and_the_sweep_goes_on(page: OpenPage, rubbish: dict[str, Any]) -> None:
    page.ask("sweep", kind="morph")
    page.ask("cursor", seq=1, position=0.25)
    explorer = page.explorer
    before = (explorer.sweep, explorer.start, explorer.end, explorer.cursor, explorer.way, explorer.drawing)
    notice = page.say(rubbish)[-1]
    assert notice["type"] == "notice"
    assert "went wrong" not in notice["text"]
    after = (explorer.sweep, explorer.start, explorer.end, explorer.cursor, explorer.way, explorer.drawing)
    assert after == before


def test_beyond_the_ends_is_the_end(page: OpenPage) -> None:
    page.ask("sweep", kind="rotation")
    (cursor,) = told(page.ask("cursor", seq=1, position=999), "cursor")
    assert cursor["position"] == 60


def test_an_empty_pad_is_nothing_to_start_from() -> None:
    page = OpenPage(drawing=Drawing())
    assert page.kinds({"type": "sweep", "kind": "morph", "start": {"source": "present"}}) == ["notice"]
    assert page.explorer.sweep is None
    (head,) = told(page.ask("sweep", kind="rotation"), "timeline")
    assert "draw something" in head["problem"]


def test_what_is_locked_stays(page: OpenPage) -> None:
    page.ask("sweep", kind="morph")
    page.explorer.locked = ["sweep", "start", "end", "cursor"]
    for message in (
        {"type": "sweep", "kind": None},
        {"type": "sweep", "kind": "rotation"},
        {"type": "cursor", "seq": 1, "position": 0.5},
    ):
        assert page.kinds(message)[-1] == "notice"
    assert (page.explorer.sweep, page.explorer.cursor) == ("morph", 0)


def test_all_ten_digits_can_be_loaded_and_are_in_the_gallery(page: OpenPage) -> None:
    (gallery,) = page.ask("gallery", choice="digits", page=0)
    assert [item["index"] for item in gallery["items"]] == list(range(10))
    page.ask("load", source="digit", index=8)
    assert page.explorer.prediction == 8
