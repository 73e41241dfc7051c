"""Every type of message that a page can send, whatever is in its fields: answered or told off, never a failure.

Types are those that the Link handles; fields are those that a handler is seen to read, and the last one that it read
before it refused had the wrong value, those before it a right one; words to try are those that its module knows. So a
new topic is tested without anybody remembering it.
"""

from __future__ import annotations

import io
import logging
import random
import sys
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from PIL import Image

from tests.views.pages import ONE, OpenPage, pen
from vizapp import nets
from vizapp.analysis.batch import turns
from vizapp.explorer import Explorer
from vizapp.state import dump_state, make_link
from vizapp.views.link import Link
from vizapp.views.meters import FAILED

TYPES = sorted(Link(Explorer())._handlers)
ROUNDS = 800
"""Messages of each type."""
JOBS = 0.4
"""Seconds of a type's jobs beside the event loop that are begun; all of them would take minutes."""
ABSENT = object()
BIDI = "\u202egnp.\u2066\x1b[31m\x00\ud800"


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


HOSTILE: tuple[Any, ...] = (
    None, True, False, -1, 0, 2**31, 2**63, -(2**80), 10**400, 0.5, -0.0, 1e308, -1e308, float("nan"), float("inf"),
    "", "x" * 2_000_000, "<img src=x onerror=alert(1)>", BIDI, "__class__", "../../etc/passwd", "1e999", "[" * 50_000,
    b"", b"\0" * 1000, b"\x89PNG\r\n\x1a\n", [], [None], [float("nan")], [-1], [2**40], ["x"], [[]], deep(100), {},
    {"layer": None}, {"layer": BIDI}, {"type": "edit"}, {1: 2},
    array("f"), array("f", [0.5]), array("f", [float("nan"), 1e30]), array("f", [0.5] * 9000), array("d", [1, 2]),
    array("I", [2**32 - 1]), array("b", [-1]), (1, 2), 1 + 2j,
)  # fmt: skip


def png() -> bytes:
    file = io.BytesIO()
    Image.new("L", (28, 28), 128).save(file, "PNG")
    return file.getvalue()


class Curious(Mapping[str, Any]):
    """A message that knows what was read of it."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content, self.read = content, list[str]()

    def __getitem__(self, key: str) -> Any:
        if key != "type":
            self.read.append(key)
        return self.content[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)


class BusyPage(OpenPage):
    """Jobs are done at once, as long as there is time for them."""

    left = JOBS

    def work(self, job: Any, done: Any, slow: bool = False) -> None:
        if self.left > 0:
            began = time.perf_counter()
            super().work(job, done, slow)
            self.left -= time.perf_counter() - began


def plausible(page: OpenPage, kind: str) -> list[Any]:
    """What some field or other of this message may take."""
    layers = [layer.name for layer in page.explorer.net.layers]
    explorer = Explorer(network="mlp")
    known = words(vars(sys.modules[page._handlers[kind].__module__]).values())
    # The last one is tried first.
    return [
        *known, *layers[-2:], dump_state(explorer), make_link(explorer), png(), ["drawing"], [*nets.names()],
        {"layer": layers[-1]}, array("I", [3, 4]), array("f", ONE.ravel().tolist()), [0, 5], "selection", "undo",
        "conv2 map 3", "strongest 5 in fc2", *nets.names(), True, False, 0.25, 64, 400, *reversed(range(10)),
    ]  # fmt: skip


def words(values: Iterable[Any]) -> list[str]:
    """All names among the values and in the collections among them."""
    found = dict[str, None]()
    for value in values:
        for one in value if isinstance(value, (tuple, list, dict, frozenset)) else [value]:
            if isinstance(one, str) and len(one) < 20:
                found[one] = None
    return list(found)


@pytest.fixture(autouse=True)
def nothing_fails(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(
        turns.SHARED, "take", lambda *_: (_ for _ in ()).throw(turns.CrowdedError("Not here."))
    )
    before = FAILED._value.get()
    yield
    stories = [
        record for record in caplog.get_records("call") if record.exc_info or record.levelno >= logging.ERROR
    ]
    assert not stories, caplog.text[-4000:]
    assert FAILED._value.get() == before


@pytest.mark.parametrize("kind", TYPES)
def test_whatever_is_in_it_it_is_answered_or_told_off(kind: str) -> None:
    page = BusyPage()
    taken = converse(page, kind)
    print(kind, {field: len(values) for field, values in taken.items()})
    answers = page.say(pen(seq=77, stroke=9999))
    assert [answer["ack"] for answer in answers if answer["type"] == "frame"] == [77]


def converse(page: OpenPage, kind: str) -> dict[str, list[Any]]:
    """Say so many messages; returns fields with values that were not what a message was refused for."""
    rng, likely = random.Random(kind), plausible(page, kind)
    right: dict[str, list[Any]] = {}
    tries: dict[str, list[Any]] = {}
    """What is still to be tried for a field that nothing was right for."""
    heard = set[str]()
    for _ in range(ROUNDS):
        sought = next((field for field in right if not right[field] and tries[field]), None)
        # First it is found out what the message can be, then one field after the other is made wrong.
        hostile = rng.choice([*right, None]) if sought is None else None
        content = {"type": kind}
        for field, values in right.items():
            if field == hostile:
                content[field] = rng.choice(HOSTILE)
            elif field == sought:
                content[field] = tries[field][-1]
            elif values and (value := rng.choice(values if rng.random() < 0.8 else likely)) is not ABSENT:
                content[field] = value
        message = Curious(content)
        notices = [answer["text"] for answer in page.say(message) if answer["type"] == "notice"]
        if sought in message.read:
            tries[sought].pop()
        for field in message.read:
            right.setdefault(field, [])
            # Twice: what is right for one field depends on others.
            tries.setdefault(field, [*likely, *likely])
        for text in notices:
            check_sentence(text)
            for field in message.read[-1:]:
                tries[field] += options(text) if text not in heard else []
            heard.add(text)
        fine = set(message.read) - {hostile} - set(message.read[-1:] if notices else [])
        for field in sorted(fine):
            value = content.get(field, ABSENT)
            if len(right[field]) < 8 and not any(value is one for one in right[field]):
                right[field].append(value)
    return right


def options(text: str) -> list[Any]:
    """Of “way must be one of: strokes, blend.”"""
    names = [name.strip() for name in text.partition(": ")[2].rstrip(".").split(",")]
    return [] if names == [""] else [[names[0]], *names]


def check_sentence(text: str) -> None:
    assert 10 < len(text) < 400, text
    assert text.endswith((".", "?")), text
    for word in ("Traceback", "object at", "NoneType", "Error", "onerror", "\x1b"):
        assert word not in text


def test_the_test_finds_types_fields_and_values() -> None:
    assert {"pen", "ready", "open", "map_picture", "batch_start"} <= set(TYPES)
    page = OpenPage()
    assert all(converse(page, "node_map").values())
    assert converse(page, "set")["name"]
