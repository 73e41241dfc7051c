"""The inspector's questions over the line: answered, bounded, and harmless whatever is asked."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest

from tests.views import pages
from vizapp import export
from vizapp.explorer import MAX_PINS, Drawing
from vizapp.views.inspection import inspection_message
from vizapp.views.topics import inspection as topic


class Page(pages.WaitingPage):
    only_slow = True


def of(kind: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if message["type"] == kind]


# Inspecting


def test_a_question_is_answered_with_its_number() -> None:
    page = Page()
    (answer,) = page.ask("inspect", seq=8, node=9133)
    assert (answer["type"], answer["ack"], answer["node"]) == ("inspection", 8, 9133)
    assert answer["output"] == inspection_message(page.explorer, 9133)["output"]


def test_an_answer_is_of_the_present_drawing() -> None:
    page = Page()
    before = page.ask("inspect", seq=1, node=9000)[0]["pre"]
    page.ask("edit", action="clear")
    after = page.ask("inspect", seq=2, node=9000)[0]
    assert after["pre"] != before
    assert after["empty"] is True


@pytest.mark.parametrize("kind", ["inspect", "alike"])
def test_a_node_of_the_network_that_was_left_is_passed_over(kind: str) -> None:
    page = Page(network="mlp")
    assert page.ask(kind, seq=1, node=9000, what="strongest") == []
    assert page.finish() == []


@pytest.mark.parametrize("kind", ["inspect", "alike"])
@pytest.mark.parametrize("bad", [{"node": -1}, {"node": "1"}, {"node": None}, {"seq": "x"}, {"node": 10**40}])
def test_nonsense_is_told_off(kind: str, bad: dict[str, Any]) -> None:
    (answer,) = Page().ask(kind, **({"seq": 1, "node": 1, "what": "nearest"} | bad))
    assert answer["type"] == "notice"


# Test images


def test_one_search_at_a_time_and_then_the_newest() -> None:
    page = Page()
    for seq, node in enumerate((9133, 9000, 8999, 8990), 1):
        assert page.ask("alike", seq=seq, node=node, what="strongest") == []
    assert len(page.waiting) == 1
    answers = page.finish()
    assert [(a["type"], a["ack"], a["node"]) for a in answers] == [("alike", 1, 9133), ("alike", 4, 8990)]


def test_a_search_that_fails_is_not_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    with monkeypatch.context() as broken:
        broken.setattr(topic, "alike_message", lambda *_: 1 / 0)
        page.ask("alike", seq=1, node=9000, what="nearest")
        assert page.finish() == []
    page.ask("alike", seq=2, node=9000, what="nearest")
    assert [a["ack"] for a in page.finish()] == [2]


def test_only_known_searches() -> None:
    assert [a["type"] for a in Page().ask("alike", seq=1, node=1, what="dearest")] == ["notice"]


# Pins and the reference


def test_pins_are_kept_in_their_order_and_told() -> None:
    page = Page()
    for node in (17, 9133, 17):
        page.ask("pin", node=node, on=True)
    assert page.explorer.pins == [17, 9133]
    (told,) = of("compare", page.ask("pin", node=17, on=False))
    assert [pin["node"] for pin in told["pins"]] == [9133]


def test_pins_are_few() -> None:
    page = Page()
    for node in range(MAX_PINS):
        page.ask("pin", node=node, on=True)
    (notice,) = page.ask("pin", node=500, on=True)
    assert notice["type"] == "notice"
    assert page.explorer.pins == list(range(MAX_PINS))
    assert page.ask("pin", node=3, on=True) == []
    assert [a["type"] for a in page.ask("pin", node=9134, on=True)] == ["notice"]


def test_pinned_numbers_follow_the_drawing() -> None:
    page = Page()
    page.ask("pin", node=9133, on=True)
    (told,) = of("compare", page.ask("edit", action="clear"))
    assert told["pins"][0]["pre"] == float(page.explorer.trace.pre[0, 9133])


def test_without_pins_an_answer_is_not_told_twice() -> None:
    page = Page()
    page.ask("refer", on=True)
    assert of("compare", page.ask("edit", action="clear")) == []


def test_a_reference_is_kept_while_the_drawing_goes_on() -> None:
    page = Page()
    kept = page.explorer.drawing
    (told,) = of("compare", page.ask("refer", on=True))
    assert told["reference"]["probabilities"] == page.explorer.trace.probabilities[0].tolist()
    page.ask("edit", action="clear")
    assert page.explorer.reference is kept
    page.ask("set", name="difference", value=True)
    (told,) = of("compare", page.ask("refer", on=False))
    assert (told["reference"], told["difference"]) == (None, False)
    assert page.explorer.difference is False


def test_another_network_takes_the_reference_for_something_else() -> None:
    page = Page()
    page.ask("refer", on=True)
    page.ask("pin", node=9000, on=True)
    told = of("compare", page.ask("set", name="network", value="mlp"))[-1]
    assert told["pins"] == []
    assert told["reference"]["probabilities"] == page.explorer.reference_trace.probabilities[0].tolist()
    assert len(page.explorer.reference_trace.activation[0]) == 1194


def test_an_empty_pad_is_nothing_to_compare_with() -> None:
    page = Page(drawing=Drawing())
    assert [a["type"] for a in page.ask("refer", on=True)] == ["notice"]
    assert page.explorer.reference is None


def test_frames_show_the_difference_only_while_it_is_asked_for_and_there_is_one() -> None:
    page = Page()
    (frame,) = of("frame", page.ask("set", name="difference", value=True))
    assert frame["difference"] is False
    (same,) = of("frame", page.ask("refer", on=True))
    assert same["difference"] is True
    assert (same["levels"] == 128).all()
    (frame,) = of("frame", page.ask("load", source="sample", index=3))
    difference = page.explorer.trace.activation[0] - page.explorer.reference_trace.activation[0]
    signs = np.sign(np.rint(frame["levels"].astype(int) - 128))
    strong = np.abs(difference) > 0.02 * np.abs(difference).max()
    np.testing.assert_array_equal(signs[strong], np.sign(difference[strong]))
    (frame,) = of("frame", page.ask("set", name="difference", value=False))
    assert frame["difference"] is False
    assert frame["levels"].min() == 0


# Files to take home


def test_the_selection_is_exported() -> None:
    page = Page()
    page.explorer.selection = [9133, 6000]
    assert page.ask("export", what="csv", nodes="selection") == []
    (file,) = page.finish()
    assert (file["type"], file["name"]) == ("download", "vizapp-cnn-2-nodes.csv")
    assert file["mime"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(file["text"], newline="")))
    assert {row["node"] for row in rows} == {"9133", "6000"}


def test_a_layer_is_exported() -> None:
    page = Page()
    page.ask("export", what="json", nodes={"layer": "conv2"})
    (file,) = page.finish()
    assert json.loads(file["text"])["shape"] == [16, 10, 10]


@pytest.mark.parametrize(
    "bad",
    [
        {"what": "xlsx"},
        {"what": None},
        {"nodes": "all"},
        {"nodes": {"layer": "fc9"}},
        {"nodes": {"layer": {}}},
        {"nodes": {}},
        {"nodes": [1, 2]},
    ],
)
def test_what_cannot_be_exported_is_told_off(bad: dict[str, Any]) -> None:
    page = Page()
    page.explorer.selection = [1]
    (answer,) = page.ask("export", **({"what": "csv", "nodes": "selection"} | bad))
    assert answer["type"] == "notice"
    assert page.waiting == []
    page.ask("export", what="csv", nodes="selection")
    assert [a["type"] for a in page.finish()] == ["download"]


def test_too_much_or_nothing_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    page.ask("export", what="csv", nodes="selection")
    (answer,) = page.finish()
    assert answer["type"] == "notice"
    assert "select" in answer["text"]
    monkeypatch.setattr(export, "MAX_EDGES", 10)
    page.ask("export", what="csv", nodes={"layer": "output"})
    (answer,) = page.finish()
    assert "fewer nodes" in answer["text"]


def test_one_export_at_a_time() -> None:
    page = Page(selection=[9133])
    page.ask("export", what="csv", nodes="selection")
    assert [a["type"] for a in page.ask("export", what="json", nodes="selection")] == ["notice"]
    assert len(page.finish()) == 1
    page.ask("export", what="json", nodes="selection")
    assert len(page.finish()) == 1
