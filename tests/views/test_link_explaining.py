"""Where the answer comes from, over the line: pictures that add up, a change that does what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.views import pages
from tests.views.test_wire import TYPES, check_carried, interface
from vizapp import nets
from vizapp.analysis.deconvolution import deconvolution
from vizapp.explorer import Drawing
from vizapp.inputs import SAMPLES
from vizapp.state import dump_state
from vizapp.views.varied import varied_message

METHODS = ("lrp", "gradient", "integrated", "occlusion", "flip", "deconvolution")
SPLITS = ("lrp", "gradient", "integrated")


class Page(pages.WaitingPage):
    def finish(self, jobs: int = 1000) -> list[dict[str, Any]]:
        """With what was answered at once."""
        return [*self.heard, *super().finish(jobs)]

    def explained(self, seq: int = 1) -> dict[str, Any]:
        self.ask("explain", seq=seq)
        (answer,) = (each for each in self.finish() if each["type"] == "explanation")
        return answer


@pytest.fixture(params=nets.names())
def network(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# The pictures


@pytest.mark.parametrize("classes", [(None, None), (7, None), (4, 0)])
@pytest.mark.parametrize("method", SPLITS)
def test_pixels_and_what_no_pixel_has_sum_to_the_difference_of_the_logits(
    network: str, method: str, classes: tuple[int | None, int | None]
) -> None:
    page = Page(network=network, pad_shows=method, for_class=classes[0], against_class=classes[1])
    answer = page.explained()
    first, second = answer["classes"]
    assert (first, second) == page.explorer.contrast
    logits = page.explorer.trace.logits[0].astype(float)
    sums = answer["sums"]
    pixels = answer["values"].astype(float)
    assert sums["plus"] == pytest.approx(pixels[pixels > 0].sum())
    assert sums["minus"] == pytest.approx(pixels[pixels < 0].sum())
    total = pixels.sum() + sums["residual"] + sums["base"]
    assert total == pytest.approx(logits[first] - logits[second], abs=1e-4)
    assert answer["logits"] == [logits[first], logits[second]]
    if method == "integrated":
        # On an empty sheet the network prefers something already.
        empty = page.explorer.net.forward(np.zeros((28, 28), np.float32)).logits[0].astype(float)
        assert sums["base"] == pytest.approx(empty[first] - empty[second], abs=1e-4)
        assert abs(sums["residual"]) < 0.05 * np.abs(pixels).sum()
    else:
        assert sums["base"] == pytest.approx(0, abs=1e-4)


def test_every_picture_lies_where_the_pixels_are(network: str) -> None:
    page = Page(network=network)
    page.explorer.selection = [int(page.explorer.net.span("output").start)]
    for seq, method in enumerate(METHODS, 5):
        page.ask("set", name="pad_shows", value=method)
        answer = page.explained(seq)
        check_carried(answer)
        assert (answer["ack"], answer["method"], answer["network"]) == (seq, method, network)
        assert answer["nothing"] is None
        assert answer["values"].shape == answer["ink"].shape == (784,)
        np.testing.assert_array_equal(answer["ink"], page.explorer.image.ravel())
        assert answer["frame"] == list(page.explorer.rendered.view.frame)
        assert answer["about"]["what"].endswith(".")
        assert answer["about"]["what_not"].startswith("Not ")
        assert (answer["sums"] is not None) == (method in SPLITS)


def test_what_a_node_sees_is_the_primary_selected_one(network: str) -> None:
    page = Page(network=network, pad_shows="deconvolution")
    assert "Click one" in page.explained()["nothing"]
    on = [int(node) for node in np.flatnonzero(page.explorer.trace.activation[0] > 0)][-2:]
    page.explorer.selection = on
    answer = page.explained()
    np.testing.assert_array_equal(answer["values"], deconvolution(page.explorer.trace, on[0]).picture.ravel())
    assert answer["node"]["name"] == page.explorer.net.node_name(on[0])
    assert ("no pools" in answer["about"]["what_not"]) == (network == "mlp")
    off = int(np.flatnonzero(page.explorer.trace.activation[0] == 0)[-1])
    page.explorer.selection = [off]
    answer = page.explained()
    assert answer["values"] is None
    assert "is 0" in answer["nothing"]


def test_the_inspector_asks_for_any_node() -> None:
    page = Page()
    node = int(page.explorer.trace.prediction[0]) + page.explorer.net.span("output").start
    (answer,) = page.ask("deconvolve", seq=4, node=int(node))
    check_carried(answer)
    assert (answer["ack"], answer["node"]) == (4, node)
    np.testing.assert_array_equal(
        answer["values"], deconvolution(page.explorer.trace, int(node)).picture.ravel()
    )
    page.ask("edit", action="clear")
    (answer,) = page.ask("deconvolve", seq=5, node=int(node))
    assert answer["values"] is None
    assert answer["nothing"].startswith("Draw")


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_pad_says_what_to_do(method: str) -> None:
    answer = Page(drawing=Drawing(), pad_shows=method, selection=[9000]).explained()
    assert answer["values"] is None
    assert answer["nothing"].startswith("Draw something")


def test_what_is_turned_on_the_timeline_lies_where_the_pad_shows_it() -> None:
    page = Page(pad_shows="lrp")
    frame = page.explained()["frame"]
    page.explorer.vary("rotation")
    assert page.explained()["varied"] is None
    page.explorer.cursor = 25.0
    answer = page.explained()
    assert answer["frame"] == frame == varied_message(page.explorer)["frame"]
    assert answer["varied"] == "turned 25° counter-clockwise"
    np.testing.assert_array_equal(answer["ink"], page.explorer.image.ravel())


@pytest.mark.skipif(not TYPES.exists(), reason="an installed package has no TypeScript")
def test_python_and_typescript_agree_on_the_fields() -> None:
    types = TYPES.parent / "explaining" / "messages.ts"
    page = Page(pad_shows="flip")
    flip = page.explained()
    assert set(flip) == interface("ExplanationMessage", types)
    assert set(flip["flip"]) == interface("Flip", types)
    assert set(flip["about"]) == interface("About", types)
    page.ask("set", name="pad_shows", value="lrp")
    assert set(page.explained()["sums"]) == interface("Sums", types)
    page.ask("deletion", seq=1)
    assert set(page.finish()[-1]) == interface("DeletionMessage", types)
    assert set(page.ask("deconvolve", seq=1, node=9000)[0]) == interface("DeconvolutionMessage", types)


# When they are made


def test_nothing_is_explained_unasked_or_unseen() -> None:
    page = Page()
    assert page.ask("explain", seq=1) == []
    for method in METHODS:
        heard = page.ask("set", name="pad_shows", value=method)
        assert "explanation" not in [each["type"] for each in heard]
        page.say(pages.pen(seq=3))
    assert page.waiting == []


def test_one_picture_at_a_time_and_then_the_newest() -> None:
    page = Page(pad_shows="flip")
    for seq in range(1, 5):
        page.ask("explain", seq=seq)
    assert len(page.waiting) == 1
    page.heard.clear()
    assert [each["ack"] for each in page.finish()] == [1, 4]


def test_what_follows_the_pen_is_answered_at_once() -> None:
    page = Page(pad_shows="integrated")
    page.ask("explain", seq=1)
    page.ask("explain", seq=2)
    page.ask("set", name="pad_shows", value="lrp")
    (answer,) = page.ask("explain", seq=3)
    assert (answer["ack"], answer["method"]) == (3, "lrp")
    page.heard.clear()
    # What had begun comes to its end, what waited does not begin.
    assert [each["ack"] for each in page.finish()] == [1]


# The test by deletion


@pytest.mark.parametrize("method", [*SPLITS, "occlusion"])
def test_the_deletion_curve_falls_from_the_drawing_to_the_empty_sheet(network: str, method: str) -> None:
    page = Page(network=network, pad_shows=method)
    page.explained()
    page.ask("deletion", seq=9)
    page.heard.clear()
    (answer,) = page.finish()
    check_carried(answer)
    assert (answer["type"], answer["ack"], answer["method"]) == ("deletion", 9, method)
    first, second = page.explorer.contrast
    for image, at in ((page.explorer.image, 0), (np.zeros((28, 28), np.float32), -1)):
        logits = page.explorer.net.forward(image).logits[0].astype(float)
        for curve in (answer["curve"], answer["mean"]):
            assert curve[at] == pytest.approx(logits[first] - logits[second], abs=1e-3)
    assert answer["removed"][-1] == np.count_nonzero(page.explorer.image)
    assert answer["spread"][0] == pytest.approx(0, abs=1e-4)
    assert answer["spread"].max() > 0.1
    assert answer["verdict"].endswith(".")
    passes = (answer["curve"] - answer["mean"]).mean() < 0
    assert passes == (not answer["verdict"].startswith("It fails"))


def test_only_what_shares_out_or_ranks_is_tested() -> None:
    page = Page(pad_shows="flip")
    assert page.ask("deletion", seq=1) == []
    page.ask("edit", action="clear")
    page.ask("set", name="pad_shows", value="lrp")
    assert page.ask("deletion", seq=2) == []
    assert page.waiting == []


# The smallest change


def test_the_changed_image_is_taken_for_the_rival(network: str) -> None:
    page = Page(network=network, pad_shows="flip", against_class=8)
    answer = page.explained()
    flip = answer["flip"]
    assert (flip["answer"], flip["rival"]) == (int(page.explorer.trace.prediction[0]), 8)
    image = (answer["ink"] + answer["values"]).reshape(28, 28)
    after = page.explorer.net.forward(image)
    assert after.prediction[0] == 8
    assert flip["after"][1] == pytest.approx(float(after.probabilities[0, 8]), abs=1e-4)
    assert flip["before"][1] == float(page.explorer.trace.probabilities[0, 8])
    assert flip["added"] - flip["erased"] == pytest.approx(float(answer["values"].sum()), abs=1e-3)
    assert flip["size"] == pytest.approx(float(np.linalg.norm(answer["values"])), rel=1e-4)
    np.testing.assert_array_equal(flip["image"], np.rint(255 * image).astype(np.uint8).ravel())


@pytest.mark.parametrize(("chosen", "against"), [(None, None), (5, None), (None, 5), (5, 3)])
def test_the_rival_is_the_class_in_question_that_the_answer_is_not(
    chosen: int | None, against: int | None
) -> None:
    page = Page(pad_shows="flip", for_class=chosen, against_class=against)
    answer = page.explained()
    assert answer["flip"]["rival"] in answer["classes"]
    assert answer["flip"]["rival"] != page.explorer.prediction
    assert answer["flip"]["rival"] in ({chosen, against} - {None} or set(answer["classes"]))


@pytest.mark.parametrize("normalise", [True, False])
@pytest.mark.parametrize("rival", [None, 8, 0])
def test_drawn_on_the_change_keeps_its_promise_and_can_be_undone(
    network: str, normalise: bool, rival: int | None
) -> None:
    page = Page(network=network, pad_shows="flip", against_class=rival, normalise=normalise)
    explorer = page.explorer
    before = explorer.drawing, explorer.image, explorer.prediction
    flip = page.explained(3)["flip"]
    heard = page.ask("flip_edit", seq=3)
    assert explorer.prediction == flip["rival"]
    assert explorer.normalise is False
    np.testing.assert_array_equal(np.rint(255 * explorer.image).ravel(), flip["image"])
    assert [each["level"] for each in heard if each["type"] == "notice"] == ["info"] * normalise
    # A reload, or who opens the link, gets the same.
    other = pages.Page(pages.Explorer())
    other.ask("ready", state=dump_state(explorer))
    assert other.explorer.prediction == flip["rival"]
    page.ask("edit", action="undo")
    assert (explorer.drawing, explorer.prediction) == (before[0], before[2])
    assert explorer.normalise is normalise
    np.testing.assert_array_equal(explorer.image, before[1])


@pytest.mark.parametrize("sweep", ["morph", "rotation"])
def test_on_the_timeline_what_is_seen_goes_on_the_pad_as_it_is(sweep: str) -> None:
    page = Page(pad_shows="flip")
    if sweep == "morph":
        page.explorer.morph()
        page.explorer.cursor = 0.4
    else:
        page.explorer.vary(sweep)
        page.explorer.cursor = 20.0
    before = page.explorer.image, page.explorer.cursor
    flip = page.explained()["flip"]
    page.ask("flip_edit", seq=1)
    assert page.explorer.prediction == flip["rival"]
    assert (page.explorer.sweep, page.explorer.cursor) == (sweep, None)
    np.testing.assert_array_equal(np.rint(255 * page.explorer.image).ravel(), flip["image"])
    page.ask("edit", action="undo")
    np.testing.assert_array_equal(page.explorer.image, before[0])
    assert page.explorer.cursor == before[1]


def test_only_the_change_that_is_shown_can_be_drawn_on() -> None:
    page = Page(pad_shows="flip")
    page.explained(3)
    before = page.explorer.drawing
    for seq in (2, 4):
        assert [each["type"] for each in page.ask("flip_edit", seq=seq)] == ["notice"]
    page.explorer.draw(SAMPLES[3].strokes)
    assert [each["type"] for each in page.ask("flip_edit", seq=3)] == ["notice"]
    page.explorer.drawing = before
    page.ask("set", name="pad_shows", value="lrp")
    page.explained(5)
    assert [each["type"] for each in page.ask("flip_edit", seq=5)] == ["notice"]
    assert page.explorer.drawing is before


@pytest.mark.parametrize("name", ["drawing", "normalise"])
def test_locks_hold_for_the_change_too(name: str) -> None:
    page = Page(pad_shows="flip")
    page.explained()
    page.explorer.locked = [name]
    before = page.explorer.drawing
    heard = page.ask("flip_edit", seq=1)
    assert "lock" in next(each["text"] for each in heard if each["type"] == "notice")
    assert page.explorer.drawing is before
    assert page.explorer.normalise is True


# What no page of ours says


@pytest.mark.parametrize("kind", ["explain", "deletion", "flip_edit", "deconvolve"])
@pytest.mark.parametrize("bad", [{}, {"seq": "1"}, {"seq": -1}, {"seq": 2**80}, {"seq": 1.5}, {"seq": True}])
def test_nonsense_is_told_off(kind: str, bad: dict[str, Any]) -> None:
    page = Page(pad_shows="lrp")
    assert [each["type"] for each in page.ask(kind, **({"node": 1} | bad))] == ["notice"]
    assert page.waiting == []


@pytest.mark.parametrize("node", [None, "1", -1, 10**40, 0.5, [1]])
def test_nodes_are_whole_numbers(node: object) -> None:
    assert [each["type"] for each in Page().ask("deconvolve", seq=1, node=node)] == ["notice"]


def test_a_node_of_the_network_that_was_left_is_passed_over() -> None:
    assert Page(network="mlp").ask("deconvolve", seq=1, node=9000) == []
