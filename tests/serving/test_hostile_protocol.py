"""A client that speaks Bokeh's protocol as no page does: it changes nothing, learns why, and is heard no more."""

from __future__ import annotations

import asyncio
import base64
import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from served import Served

from tests.serving.person import Person, objects, packed, visiting
from tests.serving.test_limits import SEVEN, free_port, metric
from vizapp.serving.socket import MOST_UNWELCOME

HUGE = "x" * 1_500_000
"""Just below what a frame may have."""


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


VALUES: list[Any] = [
    None,
    True,
    -1,
    1e308,
    2**80,
    float("nan"),
    {"type": "number", "value": "nan"},
    "",
    "<img src=x onerror=alert(1)>",
    HUGE,
    [],
    deep(200),
    [0.5] * 300_000,
    {"type": "map", "entries": []},
    {"id": "unknown"},
    {"type": "ref", "id": "unknown"},
    {"type": "object", "name": "CustomJS", "id": "mine", "attributes": {"code": "alert(1)"}},
    {
        "type": "object",
        "name": "panel.models.esm.ReactiveESM",
        "id": "mine",
        "attributes": {"esm": "alert(1)"},
    },
    {"type": "bytes", "data": base64.b64encode(b"no gzip").decode()},
    {"type": "symbol", "name": "x"},
]
"""Of properties, as they come over the line."""


def events(link: str, models: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """All kinds of events that Bokeh knows, and some that it does not."""
    one = models[0]["id"]
    source = next((m["id"] for m in models if m["name"] == "ColumnDataSource"), one)
    million = {"type": "map", "entries": [["x", [0.5] * 250_000]]}
    said = {
        "type": "event",
        "name": "data_event",
        "values": packed({"data": {"type": "edit", "action": "undo"}}),
    }
    to_other = {**said, "values": {"type": "map", "entries": [["model", {"id": one}], ["data", 1]]}}
    made = {"type": "object", "name": "CustomJS", "id": "mine", "attributes": {"code": "alert(1)"}}
    return {
        "RootAdded": {"kind": "RootAdded", "model": made},
        "RootRemoved": {"kind": "RootRemoved", "model": {"id": link}},
        "TitleChanged": {"kind": "TitleChanged", "title": "<script>alert(1)</script>"},
        "ColumnDataChanged": {
            "kind": "ColumnDataChanged",
            "model": {"id": source},
            "attr": "data",
            "data": million,
        },
        "ColumnsStreamed": {
            "kind": "ColumnsStreamed",
            "model": {"id": source},
            "attr": "data",
            "data": million,
        },
        "ColumnsPatched": {
            "kind": "ColumnsPatched",
            "model": {"id": source},
            "attr": "data",
            "patches": million,
        },
        "unknown": {"kind": "Exec", "code": "import os"},
        "no kind": {},
        "a list": [],  # type: ignore[dict-item]
        "another message": {"kind": "MessageSent", "msg_type": "exec", "msg_data": 1},
        "a list of types": {"kind": "MessageSent", "msg_type": ["bokeh_event"], "msg_data": said},
        "nobody's": {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": said},
        "another model's": {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": to_other},
        **{
            name: {
                "kind": "MessageSent",
                "msg_type": "bokeh_event",
                "msg_data": {"type": "event", "name": name, "values": packed({"model": None, "data": HUGE})},
            }
            for name in (
                "button_click",
                "dom_event",
                "esm_event",
                "document_ready",
                "value_submit",
                "lodstart",
                "x",
            )
        },
    }


async def refused(person: Person, act: Callable[[], Awaitable[None]]) -> str:
    """Do it; the sentence that the server answers."""
    await act()
    while True:
        heard = await person.hear()
        assert heard is not None, "the connection ended"
        if heard[0] == "ERROR":
            assert heard[1]["traceback"] is None
            return str(heard[1]["text"])


async def documented(person: Person) -> Any:
    """The session's document, as its page gets it."""
    await person.say("PULL-DOC-REQ", {})
    while True:
        heard = await person.hear()
        assert heard is not None
        if heard[0] == "PULL-DOC-REPLY":
            return heard[1]


def check_clean(server: Served, port: int) -> None:
    """Nothing happened that nobody had thought of."""
    assert "Traceback" not in server.log
    assert metric(port, "vizapp_failed_total") == 0
    assert metric(port, 'vizapp_refused_total{reason="failed"}') == 0


@pytest.fixture
def port() -> int:
    return free_port()


def test_nothing_of_the_document_can_be_changed(port: int, tmp_path: Path) -> None:
    """Every property of every kind of model, with values of all kinds: the document stays as it was."""
    # Otherwise nobody would be heard long enough.
    before = (
        "from vizapp.serving import socket; socket.MOST_UNWELCOME = 10**6; socket.MESSAGES_PER_SECOND = 10**6"
    )
    with Served(tmp_path / "log", "--metrics", str(port), before=before) as server:

        async def work() -> None:
            async with visiting(server) as person:
                await person.open()
                document = await documented(person)
                every = [
                    one for one in objects(document) if one.get("type") == "object" and "attributes" in one
                ]
                models = list({one["name"]: one for one in every}.values())
                assert len(models) > 15
                tries = 0
                for model in models:
                    for name in [
                        *model["attributes"],
                        "id",
                        "name",
                        "js_event_callbacks",
                        "subscribed_events",
                    ]:
                        value = VALUES[tries % len(VALUES)]
                        tries += 1
                        event = {
                            "kind": "ModelChanged",
                            "model": {"id": model["id"]},
                            "attr": name,
                            "new": value,
                        }
                        text = await refused(person, lambda e=event: person.say("PATCH-DOC", {"events": [e]}))
                        assert text == "A page changes nothing in its document by itself."
                for event in events(person.link, models).values():
                    text = await refused(person, lambda e=event: person.say("PATCH-DOC", {"events": [e]}))
                    assert text.endswith(".")
                print(f"{tries} properties of {len(models)} kinds of models")
                assert await documented(person) == document
                await person.draw(SEVEN)

        asyncio.run(work())
        check_clean(server, port)


UNWELCOME: dict[str, tuple[str, Any]] = {
    "another document": ("PUSH-DOC", {"doc": {"version": "3", "title": "mine", "roots": []}}),
    "news of the server": ("SERVER-INFO-REQ", {}),
    "an acknowledgement": ("ACK", {}),
    "nothing": ("PATCH-DOC", {"events": None}),
    "no events": ("PATCH-DOC", {"events": []}),
    "references": ("PATCH-DOC", {"events": [{}], "references": [{}]}),
    "a text": ("PATCH-DOC", {"events": "x"}),
    "too many events": ("PATCH-DOC", {"events": [{}] * 1000}),
    "deep": ("PATCH-DOC", deep(900)),
}


def zipped(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content)).decode()


MISSHAPEN: dict[str, Any] = {
    "deep": deep(100),
    "a million numbers": [0.5] * 300_000,
    "a model": {"type": "object", "name": "CustomJS", "id": "mine", "attributes": {"code": "alert(1)"}},
    "a known model": {"id": "LINK"},
    "an unknown model": {"id": "nobody"},
    "a reference": {"type": "ref", "id": "nobody"},
    "a set of lists": {"type": "set", "entries": [[1], [2]]},
    "a slice": {"type": "slice", "start": 0, "stop": 1, "step": None},
    "a map of maps": {"type": "map", "entries": [[{"type": "map", "entries": []}, 1]]},
    "a map of ones": {"type": "map", "entries": [1, 2]},
    "a map of nothing": {"type": "map", "entries": None},
    "no number": {"type": "number", "value": "9" * 400},
    "a buffer that is not there": {"type": "bytes", "data": {"id": "nobody"}},
    "no base64": {"type": "bytes", "data": "é"},
    "no gzip": {"type": "bytes", "data": base64.b64encode(b"no gzip").decode()},
    "a bomb": {"type": "bytes", "data": zipped(b"\0" * 100_000_000)},
    "an odd array": {
        "type": "typed_array",
        "array": {"type": "bytes", "data": zipped(b"123")},
        "order": "little",
        "dtype": "float32",
    },
    "an array of objects": {
        "type": "ndarray",
        "array": {"type": "bytes", "data": zipped(b"12345678")},
        "order": "little",
        "dtype": "object",
        "shape": [1],
    },
    "an unknown type": {"type": "exec", "code": "import os"},
    "a type of lists": {"type": [1], "value": 1},
}


def test_what_no_page_sends_is_refused_with_a_sentence_and_the_page_goes_on(
    port: int, tmp_path: Path
) -> None:
    with Served(tmp_path / "log", "--metrics", str(port)) as server:

        async def work() -> None:
            async with visiting(server) as person:
                await person.open()
                for name, (kind, content) in UNWELCOME.items():
                    text = await refused(person, lambda k=kind, c=content: person.say(k, c))
                    assert text.endswith("."), name
                for name, value in MISSHAPEN.items():
                    value = {"id": person.link} if name == "a known model" else value
                    text = await refused(person, lambda v=value: tell_raw(person, v))
                    assert text.startswith("This page sent"), name
                    assert (await person.answer("notice"))["text"] == text
                await person.draw(SEVEN)

        asyncio.run(work())
        check_clean(server, port)


async def tell_raw(person: Person, value: Any) -> None:
    """A message whose field is this, as it is."""
    data = {"type": "map", "entries": [["type", "pick"], ["nodes", value]]}
    values = {"type": "map", "entries": [["model", {"id": person.link}], ["data", data]]}
    event = {"type": "event", "name": "data_event", "values": values}
    sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
    await person.say("PATCH-DOC", {"events": [sent]})


def test_who_goes_on_is_heard_no_more(port: int, tmp_path: Path) -> None:
    with Served(tmp_path / "log", "--metrics", str(port)) as server:

        async def work() -> None:
            async with visiting(server) as rude, visiting(server) as modest:
                await rude.open()
                await modest.open()
                for _ in range(MOST_UNWELCOME + 1):
                    await rude.say("PUSH-DOC", {"doc": {}})
                while await rude.hear() is not None:
                    pass
                assert rude.socket.close_code == 1008
                assert (rude.socket.close_reason or "").endswith(".")
                await modest.draw(SEVEN)

        asyncio.run(work())
        check_clean(server, port)
