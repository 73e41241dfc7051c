"""The page's connection: Bokeh's websocket, without delay, with bounds, and without tracebacks."""

from __future__ import annotations

from typing import Any

from bokeh.protocol.exceptions import ProtocolError
from bokeh.protocol.message import Message
from panel.io.server import WSHandler

from vizapp.serving.limits import MAX_MESSAGE_BYTES


class Socket(WSHandler):
    """Bokeh's handler for the websocket of one page."""

    _received = 0

    async def _async_open(self, token: str) -> None:
        # A message is three frames. With Nagle's algorithm the second waits for the client's delayed
        # acknowledgement of the first: 40 ms on every answer to the pen.
        self.set_nodelay(True)
        await super()._async_open(token)

    def get_compression_options(self) -> dict[str, Any]:
        # A frame is 100 kB of which most is empty paper; level 1 costs a millisecond and leaves a third.
        return {"compression_level": 1, "mem_level": 8}

    async def _receive(self, fragment: str | bytes) -> Message[Any] | None:
        # Tornado bounds a frame; a message is as many frames as its header says.
        self._received += len(fragment)
        if self._received > 2 * MAX_MESSAGE_BYTES:
            raise ProtocolError("a message of too many frames")
        message = await super()._receive(fragment)
        if message is not None:
            self._received = 0
        return message

    async def send_message(self, message: Message[Any]) -> None:
        if message.msgtype == "ERROR":
            # Bokeh puts the server's traceback in; that is for the log, where Bokeh has put it as well.
            message.content = {"text": "The server could not use that message.", "traceback": None}
        await super().send_message(message)
