"""The page's connection: Bokeh's websocket, without delay, with bounds, and without tracebacks."""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections import deque
from contextlib import suppress
from time import monotonic, time
from typing import Any

from bokeh.protocol.exceptions import ProtocolError
from bokeh.protocol.message import Message
from bokeh.server.session import ServerSession
from bokeh.util.token import check_token_signature, get_session_id, get_token_payload
from panel.io.server import WSHandler
from tornado.ioloop import IOLoop
from tornado.iostream import IOStream, StreamClosedError

from vizapp.serving import logs
from vizapp.serving.condition import Condition
from vizapp.serving.doorman import Doorman, UnwelcomeError
from vizapp.serving.doorway import from_here
from vizapp.serving.limits import MAX_MESSAGE_BYTES
from vizapp.serving.metrics import CONNECTIONS, RECEIVED_BYTES, SENT_BYTES
from vizapp.serving.pages import CONDITION
from vizapp.serving.speech import Speech
from vizapp.serving.throttle import Bucket
from vizapp.serving.together import together
from vizapp.views.incoming import MessageError
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
PINGS_PER_SECOND = 10
"""What is more ends the connection."""
MOST_PIECES = 256
"""Frames of one message; an array takes two."""
MOST_UNWELCOME = 20
"""Messages that no page of ours sends, after which nothing more is heard."""
LONG = 0.005
"""Seconds that reading one frame may take before others come first."""
TELL_EVERY = 10.0
"""Seconds between two notices of the same kind."""


class Socket(WSHandler):
    """Bokeh's handler for the websocket of one page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._received = self._pieces = 0
        self._messages = Bucket(MESSAGES_PER_SECOND, MESSAGES_PER_SECOND)
        self._frames = Bucket(FRAMES_PER_SECOND, 2 * FRAMES_PER_SECOND)
        self._pings = Bucket(PINGS_PER_SECOND, 10 * PINGS_PER_SECOND)
        self._bytes = Bucket(BYTES_PER_SECOND, 3 * BYTES_PER_SECOND)
        # With their numbers of bytes, oldest first: messages that wait for their turn.
        self._kept: deque[tuple[int, Message[Any]]] = deque()
        self._handling: asyncio.Task[None] | None = None
        self._told_at = -TELL_EVERY
        self._doorman = Doorman()
        self._line: IOStream | None = None
        self._session: ServerSession | None = None
        self._unwelcome = 0
        self.heard_at = monotonic()

    @property
    def condition(self) -> Condition:
        condition: Condition = self.settings[CONDITION]
        return condition

    async def _async_open(self, token: str) -> None:
        # With Nagle's algorithm a message waits for the client's delayed acknowledgement of the one before: 40 ms.
        self.set_nodelay(True)
        self._line = self.ws_connection.stream if self.ws_connection is not None else None
        await super()._async_open(token)
        if self.connection is not None:
            # Kept: Bokeh takes it from the connection before that is closed.
            self._session = self.connection.session
            self.connection._protocol = Speech()
            CONNECTIONS.inc()
            self.condition.sockets.add(self)

    async def get(self, *args: Any, **kwargs: Any) -> None:
        # Newer Tornados take a page of any name that was asked for as this server's own; but whoever owns a name can
        # make it point here.
        origin = self.request.headers.get("Origin")
        if origin is not None and not self.check_origin(origin):
            self.set_status(403)
            self.finish("Pages from there may not connect.")
            return
        # Before the handshake: a proxy then asks the next server, which may be the one that made the page.
        session_id = self._admitted()
        if session_id is None:
            # Bokeh's would raise after it, and the log would have a story for every stranger.
            REFUSED.labels("token").inc()
            self.set_status(403)
            self.finish("This is no page of this server's, or one of long ago.")
            return
        if not self.condition.takes(session_id):
            REFUSED.labels("ending" if self.condition.draining else "full").inc()
            self.set_status(503)
            self.finish()
            return
        try:
            await super().get(*args, **kwargs)
        except zlib.error:
            # Tornado expects that what is said to be compressed is.
            REFUSED.labels("unreadable").inc()
            if self._line is not None:
                self._line.close()

    def _admitted(self) -> str | None:
        """The session that the token is for, if it is one of ours and of the last minutes."""
        name, _, token = self.request.headers.get("Sec-WebSocket-Protocol", "").partition(",")
        token, application = token.strip(), self.application
        try:
            signed = check_token_signature(
                token, signed=application.sign_sessions, secret_key=application.secret_key
            )
            # Not read before it is known that we have written it.
            if not signed or name != "bokeh" or time() >= get_token_payload(token)["session_expiry"]:
                return None
            return str(get_session_id(token))
        except (ValueError, TypeError, KeyError, AttributeError, zlib.error):
            return None

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
        if self.ws_connection is None or (self.connection is not None and self.connection._session is None):
            # Closed from here, or its session has ended; the other end goes on for some seconds.
            return
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
        began = monotonic()
        try:
            message = await self._receive(fragment)
        except Exception as error:
            log.warning("a message could not be read: %s", type(error).__name__)
            self._refuse("unreadable")
            return
        if (spent := monotonic() - began) > LONG:
            # Megabytes of JSON.
            await asyncio.sleep(2 * spent)
        if message is None:
            return
        self.heard_at = monotonic()
        # Not awaited: what comes meanwhile is read, so that it is known what is the newest.
        self._keep(message)

    async def _receive(self, fragment: str | bytes) -> Message[Any] | None:
        # Tornado bounds a frame; a message is as many frames as its header says.
        self._received += len(fragment)
        self._pieces += 1
        if self._received > 2 * MAX_MESSAGE_BYTES or self._pieces > MOST_PIECES:
            self._received = self._pieces = 0
            log.warning("a message of too many frames")
            raise ProtocolError("a message of too many frames")
        message = await super()._receive(fragment)
        if message is not None:
            message.vizapp_size, self._received, self._pieces = self._received, 0, 0
        return message

    def on_ping(self, data: bytes) -> None:
        # A browser sends none, a proxy seldom; and nobody can be made to wait with the next one.
        if not self._pings.take():
            REFUSED.labels("too fast").inc()
            if self._line is not None:
                self._line.close()

    async def _act(self, message: Message[Any]) -> None:
        if self.connection is None or self.connection._session is None:
            # It ended while the message waited.
            return
        try:
            self._doorman.look(message, self.connection.session.document)
        except MessageError as error:
            REFUSED.labels("message").inc()
            if (page := page_of(self.connection.session.document)) is not None:
                page.notice(str(error))
            await self._answer(message, str(error))
            return
        except UnwelcomeError as error:
            REFUSED.labels("protocol").inc()
            self._unwelcome += 1
            if self._unwelcome > MOST_UNWELCOME:
                self.close(1008, str(error))
            else:
                await self._answer(message, str(error))
            return
        try:
            work = await self._handle(message)
            # That a message was taken, a page does not wait for.
            if work and work.msgtype != "OK":
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
                    await asyncio.sleep(4 * (monotonic() - began))

    async def _answer(self, message: Message[Any], sentence: str) -> None:
        """That a message is not taken, to the program that sent it."""
        assert self.connection is not None
        log.info("refused: %s", sentence)
        answer = self.connection.protocol.create("ERROR", str(message.header["msgid"])[:100], sentence)
        answer.content = {"text": sentence, "traceback": None}
        await super().send_message(answer)

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
        log.error("closing the connection")
        self.close(1011, "the server could not handle a message")

    def _protocol_error(self, message: str) -> None:
        # Not repeated in the log nor in the reason: it may have what the message said.
        log.warning("closing the connection: a message that is none of the protocol")
        self._refuse("protocol")

    # To the page

    async def send_message(self, message: Message[Any]) -> None:
        if message.msgtype == "ERROR":
            # Bokeh puts the server's traceback in; that is for the log, where Bokeh has put it as well.
            message.content = {"text": "The server could not use that message.", "traceback": None}
        parts: list[str | bytes] = [message.header_json, message.metadata_json, message.content_json]
        for buffer in message._buffers:
            parts += [json.dumps(buffer.ref), buffer.to_bytes()]
        SENT_BYTES.inc(sum(map(len, parts)))
        with await self.write_lock.acquire():
            if self.ws_connection is None or self.ws_connection.is_closing():
                return
            stream = self.ws_connection.stream
            with together(stream) as frames:
                for part in parts:
                    self.ws_connection.write_message(part, binary=isinstance(part, bytes))
            # Who reads slowly is waited for here.
            with suppress(StreamClosedError):
                await stream.write(b"".join(frames))

    async def write_message(self, message: Any, binary: bool = False, locked: bool = True) -> None:
        SENT_BYTES.inc(len(message))
        await super().write_message(message, binary, locked)

    # The end

    def on_close(self) -> None:
        if self.connection is None or self.connection._session is not None:
            super().on_close()
        self._kept.clear()
        if self._session is None:
            return
        CONNECTIONS.dec()
        self.condition.sockets.discard(self)
        # A page that comes back loads itself anew: nobody will ask for this session again.
        IOLoop.current().add_callback(self.condition.discard, self._session)
