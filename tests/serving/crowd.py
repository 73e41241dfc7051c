"""People who draw digits at human speed, each on a page of their own that asks for what the real page asks for.

What the server says is looked at as little as possible: many of them share a machine with the server.
"""

from __future__ import annotations

import asyncio
import json
import re
from bisect import bisect
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random
from time import monotonic
from typing import Any

import numpy as np
from hand import moved
from numpy.typing import NDArray
from served import PATIENCE, Served
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError

from tests.serving.person import connected, objects, packed, token_of
from vizapp import nets
from vizapp.inputs import clean_strokes, drawing_to_input
from vizapp.inputs.digits import drawn_digits

RATE = 60
"""Pointer events per second that a browser hands to a page: one for each frame of the display."""
BETWEEN_STROKES = 0.25
WATCHDOG = 1.0
# As js/src/edges.ts has them.
REST, LONGEST_REST = 0.12, 0.3
SIZES = ((357, 592), (480, 700), (300, 500), (560, 820), (420, 640), (640, 900))
"""Pixels of the flat plot beside the scene; the first is that of a window of 1440×900."""
# What it shows of `cnn`: the width, and where the middle is.
_LEFT, _RIGHT, _MIDDLE = -162.5, 128.0, 168.9

_KIND = re.compile(r'\["type","(\w+)"\]')
_ACK = re.compile(r'\["ack",(\d+)\]')
_PROBABILITIES = re.compile(r'\["probabilities",(null|\[[^]]*\])\]')

Points = NDArray[np.float64]


class Page:
    """One page with somebody at it.

    Attributes:
        latencies: seconds from sending a movement to the frame that answers it.
        lost: movements that were sent again since no answer came.
        alive: the connection is there.
    """

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.lost = 0
        self.alive = True
        self.answer: list[float] | None = None
        self.socket: WebSocketClientConnection
        self._seq = self._strokes = self._wanted = 0
        self._link = ""
        self._patience = WATCHDOG
        self._parts: list[str | bytes] = []
        self._missing = 3
        self._waiting: dict[str, asyncio.Future[str]] = {}
        self._rest: asyncio.TimerHandle | None = None
        self._edges_at = 0.0

    # From the server

    def heard(self, part: str | bytes | None) -> None:
        """A websocket frame. Of a message of Bokeh's only the contents are kept, and buffers are not."""
        if part is None:
            self.alive = False
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(WebSocketClosedError())
            return
        self._missing -= 1
        if len(self._parts) < 3:
            self._parts.append(part)
        if len(self._parts) == 1:
            self._missing += 2 * json.loads(part).get("num_buffers", 0)
        if not self._missing:
            header, _, content = self._parts
            self._parts, self._missing = [], 3
            assert isinstance(content, str)
            kind = json.loads(header)["msgtype"]
            found = _KIND.search(content) if kind == "PATCH-DOC" else None
            self._take(found[1] if found else kind, content)

    def _take(self, kind: str, content: str) -> None:
        if kind == "frame":
            found, ack = _PROBABILITIES.search(content), _ACK.search(content)
            assert found is not None
            assert ack is not None
            self.answer = json.loads(found[1])
            if '["edges",null]' not in content:
                self._look_closer()
            if int(ack[1]) < self._wanted or not self._wanted:
                return
        elif kind == "edges" and '["exact",true]' in content:
            kind = "exact"
            self._look_closer(False)
        elif kind == "edges":
            self._look_closer()
        future = self._waiting.pop(kind, None)
        if future is not None and not future.done():
            future.set_result(content)

    def _look_closer(self, wanted: bool = True) -> None:
        """The exact picture of the edges is asked for when nothing has moved for a moment."""
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        if wanted:
            since = monotonic() - self._edges_at
            self._edges_at += since
            wait = min(LONGEST_REST, max(REST, 2 * since) if since < LONGEST_REST else REST)
            self._rest = asyncio.get_running_loop().call_later(wait, lambda: self._tell(type="settle"))

    def _hear(self, kind: str) -> asyncio.Future[str]:
        """The next message of this kind."""
        future = self._waiting[kind] = asyncio.get_running_loop().create_future()
        return future

    # To the server

    def _say(self, kind: str, content: Any, *buffers: bytes) -> None:
        header: dict[str, Any] = {"msgid": "1", "msgtype": kind}
        if buffers:
            header["num_buffers"] = len(buffers)
        if self.alive:
            for part in (header, {}, content):
                self.socket.write_message(json.dumps(part))
            for number, buffer in enumerate(buffers):
                self.socket.write_message(json.dumps({"id": str(number)}))
                self.socket.write_message(buffer, binary=True)

    def _tell(self, points: Points | None = None, **message: Any) -> None:
        entries = [[key, packed(value)] for key, value in message.items()]
        buffers = []
        if points is not None:
            buffers.append(points.astype("<f4").tobytes())
            data = {"type": "bytes", "data": {"id": "0"}}
            array = {"type": "typed_array", "array": data, "order": "little", "dtype": "float32"}
            entries.append(["points", array])
        values = {
            "type": "map",
            "entries": [["model", {"id": self._link}], ["data", {"type": "map", "entries": entries}]],
        }
        event = {"type": "event", "name": "data_event", "values": values}
        sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
        self._say("PATCH-DOC", {"events": [sent]}, *buffers)

    async def open(self, network: str = "cnn", size: tuple[int, int] = SIZES[0]) -> None:
        """As the page does until all is shown; `size` is that of the flat plot, in pixels."""
        reply = self._hear("PULL-DOC-REPLY")
        self._say("PULL-DOC-REQ", {})
        models = objects(json.loads(await asyncio.wait_for(reply, PATIENCE)))
        self._link = next(
            one["id"] for one in models if one.get("attributes", {}).get("class_name") == "Link"
        )
        ready = self._hear("network")
        self._tell(type="ready", state=None, link=None)
        await asyncio.wait_for(ready, PATIENCE)
        if network != "cnn":
            ready = self._hear("network")
            self._tell(type="set", name="network", value=network)
            await asyncio.wait_for(ready, PATIENCE)
        shown = self._hear("edges")
        width, height = size
        reach = height * (_RIGHT - _LEFT) / width / 2
        place = {"x0": _LEFT, "x1": _RIGHT, "y0": _MIDDLE - reach, "y1": _MIDDLE + reach}
        self._tell(type="viewport", seq=1, width=width, height=height, **place)
        await asyncio.wait_for(shown, PATIENCE)

    async def rest(self) -> None:
        """Look at what was drawn until the exact picture of the edges is there."""
        await asyncio.wait_for(self._hear("exact"), PATIENCE)

    def clear(self) -> None:
        self._tell(type="edit", action="clear")

    async def draw(self, strokes: Sequence[Points], rate: float = RATE) -> None:
        """Draw strokes, one point at each pointer event: the hand waits for nobody.

        As in js/src/pen.ts, a movement is sent when the last one was answered, with all points that came meanwhile.
        """
        begin = monotonic()
        for points in strokes:
            self._strokes += 1
            times = begin + np.arange(1, len(points) + 1) / rate
            begin = float(times[-1]) + BETWEEN_STROKES
            sent = 0
            while sent <= len(points):
                due = bisect(times, monotonic())
                if due == sent < len(points):
                    await asyncio.sleep(times[due] - monotonic())
                elif await self._move(points[sent:due], sent, due == len(points)):
                    sent = due + (due == len(points))

    async def _move(self, points: Points, start: int, end: bool) -> bool:
        """One movement of the pen; whether it was answered."""
        self._seq += 1
        self._wanted = self._seq
        self._look_closer(False)
        answered = self._hear("frame")
        began = monotonic()
        self._tell(
            points,
            type="pen",
            seq=self._seq,
            stroke=self._strokes,
            start=start,
            width=2.4,
            erase=False,
            end=end,
        )
        try:
            await asyncio.wait_for(answered, self._patience)
        except TimeoutError:
            self.lost += 1
            self._patience = min(30.0, 2 * self._patience)
            return False
        taken = monotonic() - began
        self.latencies.append(taken)
        self._patience = min(30.0, max(WATCHDOG, 3 * taken))
        return True


@asynccontextmanager
async def page(server: Served) -> AsyncIterator[Page]:
    """A page that has loaded and connected, and is not open yet."""
    one = Page()
    welcome = one._hear("ACK")
    async with connected(server, await token_of(server), one.heard) as socket:
        one.socket = socket
        await asyncio.wait_for(welcome, PATIENCE)
        yield one
        one._look_closer(False)


def digit(chance: Random, rate: float = RATE) -> list[Points]:
    """One of the digits that the app ships, a little different each time, where the hand is at each event."""
    strokes = chance.choice(list(drawn_digits().values()))
    angle, size = chance.uniform(-0.2, 0.2), chance.uniform(0.75, 1.15)
    turn = size * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    shift = 0.5 + np.array([chance.uniform(-0.06, 0.06), chance.uniform(-0.06, 0.06)])
    return [moved((stroke.points - 0.5) @ turn + shift, rate) for stroke in strokes]


def right_answer(strokes: Sequence[Points], network: str = "cnn") -> list[float]:
    """What the network says of a drawing, without a server."""
    image = drawing_to_input(clean_strokes([points.astype(np.float32) for points in strokes]))
    return [float(value) for value in nets.load(network).forward(image).probabilities[0]]
