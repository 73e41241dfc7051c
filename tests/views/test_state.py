"""The state on the line: kept by the tab, opened from links and files, shared, and locked."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.state.states import everything
from tests.views.pages import ONE, Page, pen
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke
from vizapp.state import LOCKABLE, dump_state, file_text, load_state, make_link, open_link

SEVEN = np.array([[0.25, 0.2], [0.75, 0.2], [0.4, 0.85]], np.float32)


def opened(**ready: Any) -> tuple[Page, list[dict[str, Any]]]:
    page = Page(Explorer(drawing=Drawing((Stroke(ONE),), sample=True)))
    return page, page.say({"type": "ready", "state": None, "link": None, **ready})


def only(answers: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    (answer,) = [answer for answer in answers if answer["type"] == kind]
    return answer


LINK = make_link(everything())
BROKEN = "#v1.AAAA"


# Opening the page


def test_the_default_page_is_told_no_state_so_that_its_address_stays_plain() -> None:
    _, answers = opened()
    assert "state" not in [answer["type"] for answer in answers]


def test_a_link_in_the_address_is_opened_and_wins_over_what_the_tab_has_kept() -> None:
    kept = dump_state(Explorer(drawing=Drawing((Stroke(SEVEN),))))
    page, answers = opened(link=LINK, state=kept)
    assert page.explorer.network == "mlp"
    assert page.explorer.lens == "contrast"
    assert not page.explorer.can_undo
    assert [answer["type"] for answer in answers].count("network") == 1
    state = only(answers, "state")
    assert state["link"] == LINK
    assert json.loads(state["state"])["network"] == "mlp"
    assert (state["undo"], state["redo"]) == (None, None)


def test_a_broken_link_gives_a_message_and_what_the_tab_has_kept() -> None:
    page, answers = opened(link=BROKEN, state=dump_state(everything()))
    assert "damaged" in only(answers, "notice")["text"]
    assert page.explorer.network == "mlp"


@pytest.mark.parametrize("link", [BROKEN, "#v1.", "#v99.abc", 5, ["#v1"], "x" * 10_000])
def test_a_broken_link_gives_a_message_and_the_default_page(link: object) -> None:
    page, answers = opened(link=link)
    assert only(answers, "notice")["level"] == "error"
    assert page.explorer.network == "cnn"
    assert page.explorer.drawing.sample
    assert {"network", "settings", "ink", "frame"} <= {answer["type"] for answer in answers}


def test_a_broken_link_and_a_broken_state_give_the_default_page() -> None:
    page, answers = opened(link=BROKEN, state="{")
    assert only(answers, "notice")
    assert page.explorer.drawing.sample


# What the tab keeps


@pytest.fixture
def page() -> Page:
    return opened()[0]


def test_every_change_is_told_once_however_much_follows_from_it(page: Page) -> None:
    page.say({"type": "pick", "nodes": [5, 9000], "mode": "replace", "origin": "flat"})
    answers = page.say({"type": "set", "name": "network", "value": "mlp"})
    state = only(answers, "state")
    assert state["undo"] == "network"
    restored = Explorer()
    load_state(restored, state["state"])
    assert restored.network == "mlp"
    open_link(restored, state["link"])
    assert restored.network == "mlp"


def test_all_that_is_part_of_the_state_is_told(page: Page) -> None:
    said = {
        "pick": {"type": "pick", "nodes": [5], "mode": "replace", "origin": ""},
        "pin": {"type": "pin", "node": 5, "on": True},
        "refer": {"type": "refer", "on": True},
        "walk": {"type": "walk", "kind": "forward", "node": None},
        "step": {"type": "step", "to": 1},
        "set": {"type": "set", "name": "kept", "value": 0.9},
        "load": {"type": "load", "source": "sample", "index": 2},
    }
    before = dump_state(page.explorer)
    for message in said.values():
        after = only(page.say(message), "state")["state"]
        assert after != before
        before = after


def test_what_is_not_part_of_it_is_not(page: Page) -> None:
    assert "state" not in page.kinds({"type": "focus", "seq": 1, "node": 4})
    assert "state" not in page.kinds(pen(seq=1))


def test_what_can_be_undone_is_told_in_words(page: Page) -> None:
    page.say(pen(seq=1))
    assert only(page.say(pen(seq=2, end=True)), "state")["undo"] == "stroke"
    assert only(page.say({"type": "set", "name": "lens", "value": "count"}), "state")["undo"] == "lens"
    undone = only(page.say({"type": "edit", "action": "undo"}), "state")
    assert (undone["undo"], undone["redo"]) == ("stroke", "lens")


def test_a_state_that_is_too_long_has_no_link(page: Page) -> None:
    rng = np.random.default_rng(0)
    page.explorer.load_image(rng.random((28, 28), np.float32))
    page.explorer.reference = Drawing(image=rng.random((28, 28), np.float32))
    answers = page.say({"type": "share", "locks": []})
    assert only(answers, "shared")["link"] is None
    assert json.loads(only(answers, "shared")["file"])["reference"]["image"]


# Opening and sharing


def test_a_link_that_is_pasted_is_opened_and_can_be_undone(page: Page) -> None:
    before = dump_state(page.explorer)
    state = only(page.say({"type": "open", "link": LINK}), "state")
    assert (page.explorer.network, state["undo"]) == ("mlp", "opened link")
    page.say({"type": "edit", "action": "undo"})
    assert dump_state(page.explorer) == before


def test_a_file_is_opened_and_can_be_undone(page: Page) -> None:
    state = only(page.say({"type": "open", "file": file_text(everything())}), "state")
    assert (page.explorer.network, state["undo"]) == ("mlp", "opened file")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"link": None},
        {"link": BROKEN},
        {"file": None},
        {"file": "{"},
        {"file": 3},
        {"file": "[" * 100_000},
    ],
)
def test_what_cannot_be_opened_is_told_and_changes_nothing(page: Page, message: dict[str, Any]) -> None:
    before = dump_state(page.explorer)
    answers = page.say({"type": "open", **message})
    assert [answer["type"] for answer in answers] == ["notice"]
    assert dump_state(page.explorer) == before


def test_what_is_shared_has_the_locks_that_were_asked_for_and_the_session_keeps_its_own(page: Page) -> None:
    shared = only(page.say({"type": "share", "locks": ["network", "lens"]}), "shared")
    for take in (lambda e: open_link(e, shared["link"]), lambda e: load_state(e, shared["file"])):
        other = Explorer()
        take(other)
        assert other.locked == ["network", "lens"]
    assert page.explorer.locked == []
    assert shared["contains"][:2] == ["network cnn", "drawing of 1 stroke"]
    assert shared["contains"][-1] == "locks: the network, what the edges show"


@pytest.mark.parametrize("locks", [None, "network", ["nothing"], [["network"]], [1], ["locked"]])
def test_there_are_no_other_locks(page: Page, locks: object) -> None:
    assert page.kinds({"type": "share", "locks": locks}) == ["notice"]


# Locks


def image() -> bytes:
    file = io.BytesIO()
    Image.new("L", (28, 28), 90).save(file, "PNG")
    return file.getvalue()


LOCKED: dict[str, dict[str, Any]] = {
    "pen": pen(end=True),
    "clear": {"type": "edit", "action": "clear"},
    "image": {"type": "image", "data": image()},
    "load": {"type": "load", "source": "sample", "index": 1},
    "network": {"type": "set", "name": "network", "value": "mlp"},
    "lens": {"type": "set", "name": "lens", "value": "count"},
    "hidden": {"type": "set", "name": "hidden", "value": ["fc1"]},
    "pick": {"type": "pick", "nodes": [4], "mode": "add", "origin": ""},
    "pin": {"type": "pin", "node": 4, "on": True},
    "refer": {"type": "refer", "on": True},
    "walk": {"type": "walk", "kind": "forward", "node": None},
}


@pytest.mark.parametrize("message", LOCKED.values(), ids=LOCKED.keys())
def test_what_is_locked_is_refused_in_one_sentence(page: Page, message: dict[str, Any]) -> None:
    page.explorer.locked = list(LOCKABLE)
    before = dump_state(page.explorer)
    answers = page.say(message)
    assert "locks" in only(answers, "notice")["text"]
    assert dump_state(page.explorer) == before
    # Controls that moved go back.
    assert only(answers, "settings")["values"]["locked"] == list(LOCKABLE)
    if message["type"] == "pen":
        assert only(answers, "ink")["refused"] == 1
        assert only(answers, "frame")["ack"] == 1


def test_locks_do_not_keep_from_opening_something_else(page: Page) -> None:
    page.explorer.locked = list(LOCKABLE)
    page.say({"type": "open", "link": LINK})
    assert page.explorer.locked == ["drawing", "network"]


def test_a_page_cannot_unlock(page: Page) -> None:
    page.explorer.locked = ["network"]
    assert page.kinds({"type": "set", "name": "locked", "value": []}) == ["notice"]
    assert page.explorer.locked == ["network"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hidden", ["nonsense"]),
        ("into", "conv9"),
        ("kept", 7),
        ("panes", None),
        ("touching", 1),
        ("walk", "forward"),
    ],
)
def test_a_setting_is_what_a_document_could_hold(page: Page, name: str, value: object) -> None:
    before = dump_state(page.explorer)
    assert "notice" in page.kinds({"type": "set", "name": name, "value": value})
    assert dump_state(page.explorer) == before
