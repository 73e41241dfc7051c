"""The page's connection: Bokeh's websocket, without delay, with bounds, and without tracebacks."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from time import monotonic
from typing import Any

from bokeh.protocol.exceptions import ProtocolError
from bokeh.protocol.message import Message
from bokeh.util.token import get_session_id
from panel.io.server import WSHandler
from tornado.ioloop import IOLoop

from vizapp.serving import logs
from vizapp.serving.condition import Condition
from vizapp.serving.doorway import from_here
from vizapp.serving.limits import MAX_MESSAGE_BYTES
from vizapp.serving.metrics import CONNECTIONS, RECEIVED_BYTES, SENT_BYTES
from vizapp.serving.pages import CONDITION
from vizapp.serving.throttle import Bucket
from vizapp.views.meters import REFUSED
from vizapp.views.topics.farewell import page_of

log = logging.getLogger(__name__)

SAME_HOST = "vizapp_same_host"
"""Tornado's setting: true where no host can be named, and the page's own has to be the one that is asked."""
MESSAGES_PER_SECOND = 120
"""What is more waits, and so does what comes while the server is busy; our page sends the next movement of the pen when
the last is answered, and so with all it asks for often."""
MOST_KEPT = 32
PATIENT = 8
"""So many of a page's questions may be open before it is one that does not wait for answers."""
FRAMES_PER_SECOND = 2000
BYTES_PER_SECOND = 8_000_000
"""What is more is not read from the network."""
TELL_EVERY = 10.0
"""Seconds between two notices of the same kind."""


class Socket(WSHandler):
    """Bokeh's handler for the websocket of one page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._received = 0
        self._messages = Bucket(MESSAGES_PER_SECOND, MESSAGES_PER_SECOND)
        self._frames = Bucket(FRAMES_PER_SECOND, 2 * FRAMES_PER_SECOND)
        self._bytes = Bucket(BYTES_PER_SECOND, 3 * BYTES_PER_SECOND)
        # With their numbers of bytes, oldest first: messages that wait for their turn.
        self._kept: deque[tuple[int, Message[Any]]] = deque()
        self._handling: asyncio.Task[None] | None = None
        self._told_at = -TELL_EVERY
        self.heard_at = monotonic()

    @property
    def condition(self) -> Condition:
        condition: Condition = self.settings[CONDITION]
        return condition

    async def _async_open(self, token: str) -> None:
        # A message is three frames. With Nagle's algorithm the second waits for the client's delayed
        # acknowledgement of the first: 40 ms on every answer to the pen.
        self.set_nodelay(True)
        await super()._async_open(token)
        if self.connection is not None:
            CONNECTIONS.inc()
            self.condition.sockets.add(self)

    def open(self, *args: Any, **kwargs: Any) -> Any:
        session_id = _session_id(self._token)
        if session_id is not None and not self.condition.takes(session_id):
            REFUSED.labels("ending" if self.condition.draining else "full").inc()
            self.close(1013, "no room")
            return None
        return super().open(*args, **kwargs)

    async def get(self, *args: Any, **kwargs: Any) -> None:
        # Newer Tornados take a page of any name that was asked for as this server's own; but whoever owns a name can
        # make it point here.
        origin = self.request.headers.get("Origin")
        if origin is not None and not self.check_origin(origin):
            self.set_status(403)
            self.finish("Pages from there may not connect.")
            return
        await super().get(*args, **kwargs)

    def check_origin(self, origin: str) -> bool:
        own = bool(self.settings.get(SAME_HOST)) and from_here(origin, self.request)
        allowed: bool = own or super().check_origin(origin)
        if not allowed:
            REFUSED.labels("origin").inc()
        return allowed

    def get_compression_options(self) -> dict[str, Any]:
        # A frame is 100 kB of which most is empty paper; level 1 costs a millisecond and leaves a third.
        return {"compression_level": 1, "mem_level": 8}

    # From the page

    async def on_message(self, fragment: str | bytes) -> None:
        """As Bokeh's, but for the pace, and for the log, which has nothing of what was drawn."""
        if self.connection is not None:
            logs.about(self.connection.session.id)
        if self.receiver is None:
            # Before the welcome.
            self._refuse("protocol")
            return
        size = len(fragment)
        RECEIVED_BYTES.inc(size)
        # Tornado reads on when this is done; until then the rest waits at the sender.
        rest = max(self._frames.spend(1), self._bytes.spend(size))
        if rest > 0:
            await asyncio.sleep(rest)
        try:
            message = await self._receive(fragment)
        except Exception as error:
            log.warning("a message could not be read: %s", type(error).__name__)
            log.debug("this is why", exc_info=True)
            self._refuse("unreadable")
            return
        if message is None:
            return
        self.heard_at = monotonic()
        # Not awaited: what comes meanwhile is read, so that it is known what is the newest.
        self._keep(message)

    async def _receive(self, fragment: str | bytes) -> Message[Any] | None:
        # Tornado bounds a frame; a message is as many frames as its header says.
        self._received += len(fragment)
        if self._received > 2 * MAX_MESSAGE_BYTES:
            self._received = 0
            log.warning("a message of too many frames")
            raise ProtocolError("a message of too many frames")
        message = await super()._receive(fragment)
        if message is not None:
            message.vizapp_size, self._received = self._received, 0
        return message

    async def _act(self, message: Message[Any]) -> None:
        try:
            work = await self._handle(message)
            if work:
                await self._schedule(work)
        except Exception:
            log.exception("a message failed in Bokeh's hands")
            self._refuse("failed")

    def _keep(self, message: Message[Any]) -> None:
        """Have it handled in its turn; where too many wait, what is oldest gives way."""
        self._kept.append((message.vizapp_size, message))
        while len(self._kept) > MOST_KEPT or sum(size for size, _ in self._kept) > 2 * MAX_MESSAGE_BYTES:
            self._kept.popleft()
            REFUSED.labels("too fast").inc()
            self._tell(
                "This page sends more than can be answered. Some of it was left out; the newest counts."
            )
        if self._handling is None or self._handling.done():
            self._handling = asyncio.ensure_future(self._handle_kept())

    async def _handle_kept(self) -> None:
        while self._kept and self.ws_connection is not None:
            wait = self._messages.wait()
            # Even if nothing has to be waited for: it is somebody else's turn.
            await asyncio.sleep(wait)
            if wait == 0 and self._kept:
                self._messages.take()
                began = monotonic()
                await self._act(self._kept.popleft()[1])
                if len(self._kept) > PATIENT:
                    # Who does not wait for answers leaves others their time.
                    await asyncio.sleep(2 * (monotonic() - began))

    def _tell(self, sentence: str) -> None:
        if self.connection is None or monotonic() - self._told_at < TELL_EVERY:
            return
        self._told_at = monotonic()
        log.warning("messages came too fast")
        page = page_of(self.connection.session.document)
        if page is not None:
            page.notice(sentence)

    def _refuse(self, reason: str) -> None:
        REFUSED.labels(reason).inc()
        self.close(1002, "the server could not use a message")

    def _internal_error(self, message: str) -> None:
        log.error("closing the connection: %s", message)
        self.close(1011, message[:100])

    def _protocol_error(self, message: str) -> None:
        log.warning("closing the connection: %s", message)
        REFUSED.labels("protocol").inc()
        self.close(1002, message[:100])

    # To the page

    async def send_message(self, message: Message[Any]) -> None:
        if message.msgtype == "ERROR":
            # Bokeh puts the server's traceback in; that is for the log, where Bokeh has put it as well.
            message.content = {"text": "The server could not use that message.", "traceback": None}
        await super().send_message(message)

    async def write_message(self, message: Any, binary: bool = False, locked: bool = True) -> None:
        SENT_BYTES.inc(len(message))
        await super().write_message(message, binary, locked)

    # The end

    def on_close(self) -> None:
        session = self.connection.session if self.connection is not None else None
        super().on_close()
        self._kept.clear()
        if session is None:
            return
        CONNECTIONS.dec()
        self.condition.sockets.discard(self)
        # A page that comes back loads itself anew: nobody will ask for this session again.
        IOLoop.current().add_callback(self.condition.discard, session)


def _session_id(token: str | None) -> str | None:
    try:
        return get_session_id(token) if token else None
    except Exception:
        # Bokeh refuses it in its own way.
        return None
