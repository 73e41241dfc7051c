"""The line between a page and its session, with a page that keeps to nothing."""

from __future__ import annotations

import numpy as np

from tests.views.pages import ONE, Page, pen
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke
from vizapp.state import dump_state, load_state


def test_nothing_is_said_before_the_page_is_ready(explorer: Explorer) -> None:
    page = Page(explorer)
    explorer.clear()
    assert page.heard == []


def test_a_page_that_opens_gets_all_it_needs_once(explorer: Explorer) -> None:
    kinds = Page(explorer).kinds({"type": "ready", "state": None})
    assert [kinds.count(kind) for kind in ("network", "settings", "ink", "frame")] == [1, 1, 1, 1]
    assert kinds.index("network") < kinds.index("frame")


def test_a_reload_gets_its_drawing_back_and_each_message_once(explorer: Explorer) -> None:
    saved = dump_state(Explorer(network="mlp", normalise=False, drawing=Drawing((Stroke(ONE * 0.5),))))
    answers = Page(explorer).say({"type": "ready", "state": saved})
    kinds = [answer["type"] for answer in answers]
    assert explorer.network == "mlp"
    np.testing.assert_allclose(explorer.drawing.strokes[0].points, ONE * 0.5, atol=1e-4)
    # The network's message is large: once is enough.
    assert kinds.count("network") == 1
    assert [a["network"] for a in answers if a["type"] == "frame"][-1] == "mlp"
    assert "notice" not in kinds


def test_a_damaged_state_leaves_the_page_usable(explorer: Explorer) -> None:
    kinds = Page(explorer).kinds({"type": "ready", "state": "{"})
    assert {"network", "settings", "ink", "frame", "notice"} <= set(kinds)


def test_every_pen_message_brings_one_frame_with_its_number(page: Page, explorer: Explorer) -> None:
    for i in range(4):
        frames = [
            a for a in page.say(pen(ONE[i : i + 1], seq=i + 1, stroke=9, start=i)) if a["type"] == "frame"
        ]
        assert [frame["ack"] for frame in frames] == [i + 1]
    np.testing.assert_array_equal(explorer.drawing.strokes[-1].points, ONE)


def test_the_ink_of_the_pen_is_not_sent_back(page: Page) -> None:
    assert page.kinds(pen(seq=1)) == ["frame"]
    assert page.kinds(pen(seq=2, end=True)) == ["frame", "state"]


def test_the_state_is_handed_over_when_a_stroke_ends(page: Page) -> None:
    (saved,) = [a["state"] for a in page.say(pen(end=True)) if a["type"] == "state"]
    restored = Explorer()
    load_state(restored, saved)
    assert len(restored.drawing.strokes) == 2


def test_a_repeated_message_is_answered_and_changes_nothing(page: Page, explorer: Explorer) -> None:
    page.say(pen(seq=1))
    probabilities = page.heard[0]["probabilities"]
    for seq in (2, 3):
        (frame,) = [a for a in page.say(pen(seq=seq)) if a["type"] == "frame"]
        assert frame["ack"] == seq
        assert frame["probabilities"] == probabilities
    assert len(explorer.drawing.strokes) == 2


def test_frames_that_nobody_asked_for_have_no_number(page: Page, explorer: Explorer) -> None:
    page.say(pen(seq=5))
    assert [a["ack"] for a in page.say({"type": "edit", "action": "clear"}) if a["type"] == "frame"] == [0]


def test_edits_bring_the_ink_back(page: Page, explorer: Explorer) -> None:
    page.say(pen())
    for action, strokes in (("undo", 1), ("redo", 2), ("clear", 0), ("undo", 2)):
        (ink,) = [a for a in page.say({"type": "edit", "action": action}) if a["type"] == "ink"]
        assert len(ink["strokes"]) == strokes
        assert ink["can_undo"] == explorer.can_undo
        assert ink["can_redo"] == explorer.can_redo


def test_a_setting_is_told_to_the_page(page: Page, explorer: Explorer) -> None:
    answers = page.say({"type": "set", "name": "network", "value": "mlp"})
    kinds = [a["type"] for a in answers]
    assert explorer.network == "mlp"
    assert kinds.count("network") == kinds.count("frame") == 1
    assert kinds.index("network") < kinds.index("frame")
    (settings,) = [a for a in answers if a["type"] == "settings"]
    assert settings["values"]["network"] == "mlp"


def test_the_value_of_the_node_under_the_pointer(page: Page, explorer: Explorer) -> None:
    node = explorer.net.n_nodes - 9
    (answer,) = page.say({"type": "focus", "seq": 4, "node": node})
    assert answer["ack"] == 4
    trace = explorer.trace
    assert answer["values"] == [[node, float(trace.pre[0, node]), float(trace.activation[0, node])]]
    (answer,) = page.say({"type": "focus", "seq": 5, "node": -1})
    assert answer["values"] == []
    (answer,) = page.say({"type": "focus", "seq": 6, "node": 10**6})
    assert answer["values"] == []


def test_examples_come_with_their_pixels_and_can_be_loaded(page: Page, explorer: Explorer) -> None:
    for choice in ("samples", "7"):
        (gallery,) = page.say({"type": "gallery", "choice": choice, "page": 0})
        assert len(gallery["images"]) == 784 * len(gallery["items"]) > 0
        item = gallery["items"][-1]
        assert "ink" in page.kinds({"type": "load", "source": item["source"], "index": item["index"]})
        shown = gallery["images"][-784:].reshape(28, 28) / 255
        if explorer.drawing.image is not None:
            np.testing.assert_allclose(explorer.drawing.image, shown, atol=1e-6)
        else:
            np.testing.assert_allclose(explorer.image, shown, atol=0.51 / 255)
    assert explorer.prediction == 7


def test_two_pages_of_two_sessions_do_not_hear_each_other(page: Page) -> None:
    other = Page(Explorer())
    other.say({"type": "ready", "state": None})
    page.heard.clear()
    other.say(pen())
    other.say({"type": "set", "name": "network", "value": "mlp"})
    assert page.heard == []
