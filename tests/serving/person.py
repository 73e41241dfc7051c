"""A page without a browser: speaks Bokeh's protocol over a real websocket, as a person who draws or one who is rude."""

from __future__ import annotations

import array
import asyncio
import base64
import gzip
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from served import PATIENCE, Served
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

Points = Sequence[tuple[float, float]]


class Person:
    """One page's session. `heard` has the types of all that the server said; frames of them come as JSON."""

    def __init__(self, socket: WebSocketClientConnection, url: str) -> None:
        self.socket, self.url = socket, url
        self.link = ""
        self.heard: list[dict[str, Any]] = []
        self._seq = 0

    # As Bokeh's protocol has it

    async def say(self, kind: str, content: dict[str, Any]) -> None:
        for part in ({"msgid": "1", "msgtype": kind}, {}, content):
            await self.socket.write_message(json.dumps(part))

    async def hear(self) -> tuple[str, Any] | None:
        """Type and content of the next message of Bokeh's, its buffers put in place; None at the end."""
        parts: list[Any] = []
        while len(parts) < 3:
            part = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
            if part is None:
                return None
            parts.append(part)
        header = json.loads(parts[0])
        for _ in range(2 * header.get("num_buffers", 0)):
            await asyncio.wait_for(self.socket.read_message(), PATIENCE)
        content = json.loads(parts[2])
        for event in content.get("events", []) if header["msgtype"] == "PATCH-DOC" else []:
            if event.get("kind") == "MessageSent":
                self.heard.append(plain(event["msg_data"]))
        return header["msgtype"], content

    # As the page has it

    async def tell(self, **message: Any) -> None:
        """Send one message of the page to its Link."""
        values = packed({"model": {"id": self.link}, "data": message})
        # A reference to a model, and no object of the page.
        values["entries"][0][1] = {"id": self.link}
        event = {"type": "event", "name": "data_event", "values": values}
        await self.say(
            "PATCH-DOC", {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}]}
        )

    async def answer(self, kind: str) -> dict[str, Any]:
        """Wait for a message of the Link's of this type, and return it."""
        seen = 0
        while True:
            for message in self.heard[seen:]:
                data = message.get("data", message)
                if data.get("type") == kind:
                    self.heard.remove(message)
                    return dict(data)
            seen = len(self.heard)
            heard = await self.hear()
            assert heard is None or heard[0] != "ERROR", heard
            if heard is None:
                raise AssertionError(f"the connection ended before {kind!r} came")

    async def open(self) -> None:
        """Find the Link, and say that the page is ready."""
        await self.say("PULL-DOC-REQ", {})
        while True:
            heard = await self.hear()
            assert heard is not None
            if heard[0] == "PULL-DOC-REPLY":
                break
        self.link = next(
            model["id"]
            for model in objects(heard[1])
            if model.get("attributes", {}).get("class_name") == "Link"
        )
        await self.tell(type="ready", state=None, link=None)
        await self.answer("frame")

    async def pen(self, points: Points, stroke: int = 1, start: int = 0, end: bool = True) -> int:
        """Send a movement of the pen; its number, which the answer's `ack` repeats."""
        self._seq += 1
        flat = array.array("f", [value for point in points for value in point])
        await self.tell(
            type="pen",
            seq=self._seq,
            stroke=stroke,
            start=start,
            points=flat,
            width=2.4,
            erase=False,
            end=end,
        )
        return self._seq

    async def draw(self, points: Points, stroke: int = 1) -> dict[str, Any]:
        """A stroke in one movement; the frame that answers it."""
        seq = await self.pen(points, stroke)
        while True:
            frame = await self.answer("frame")
            if frame["ack"] >= seq:
                return frame


@asynccontextmanager
async def visiting(server: Served, **headers: str) -> AsyncIterator[Person]:
    """A person whose page has loaded and connected."""
    async with joined(server, await token_of(server, **headers), **headers) as person:
        yield person


@asynccontextmanager
async def joined(server: Served, token: str, **headers: str) -> AsyncIterator[Person]:
    """A person with a token, who has heard the server's welcome."""
    async with connected(server, token, **headers) as socket:
        person = Person(socket, server.url)
        # Nothing may be said before that.
        assert (await person.hear() or ("",))[0] == "ACK", "not welcome"
        yield person


async def ready(server: Served) -> None:
    """Wait until the server says that it is prepared."""
    while True:
        answer = await AsyncHTTPClient().fetch(server.url + "readyz", raise_error=False)
        if answer.code == 200:
            return
        await asyncio.sleep(0.1)


async def token_of(server: Served, **headers: str) -> str:
    """Load the page; it brings the token of a session."""
    page = await AsyncHTTPClient().fetch(HTTPRequest(server.url, headers=headers, request_timeout=PATIENCE))
    found = re.search(r'"token":"([^"]+)"', page.body.decode())
    assert found
    return found[1]


@asynccontextmanager
async def connected(
    server: Served, token: str, heard: Callable[[str | bytes | None], None] | None = None, **headers: str
) -> AsyncIterator[WebSocketClientConnection]:
    """A websocket, compressed as browsers have it. `heard` is called with each frame as it comes, None at the end."""
    given = {"Origin": server.url.split("/", 3)[0] + "//" + server.url.split("/", 3)[2], **headers}
    request = HTTPRequest(server.url.replace("http", "ws", 1) + "ws", headers=given, request_timeout=PATIENCE)
    socket = await websocket_connect(
        request,
        on_message_callback=heard,
        compression_options={},
        subprotocols=["bokeh", token],
        max_message_size=50_000_000,
    )
    assert socket.protocol is not None
    stream = socket.protocol.stream
    # As browsers do: a message is several frames.
    stream.set_nodelay(True)
    try:
        yield socket
    finally:
        socket.close()
        stream.close()


def objects(value: Any) -> Any:
    """All objects in a JSON value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from objects(item)


def packed(value: Any) -> Any:
    """A value as Bokeh's serialiser writes it."""
    if isinstance(value, dict):
        return {"type": "map", "entries": [[key, packed(item)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return [packed(item) for item in value]
    if isinstance(value, array.array):
        content = gzip.compress(value.tobytes(), 1)
        data = {"type": "bytes", "data": base64.b64encode(content).decode()}
        return {
            "type": "typed_array",
            "array": data,
            "order": "little",
            "dtype": {"f": "float32", "I": "uint32"}[value.typecode],
        }
    return value


def plain(value: Any) -> Any:
    """The other way round, as far as it goes without buffers."""
    if isinstance(value, dict) and value.get("type") == "map":
        return {key: plain(item) for key, item in value.get("entries", [])}
    if isinstance(value, dict) and value.get("type") == "event":
        return plain(value.get("values"))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
