"""A network that can be bad: passes bytes on between a browser and a server, as long as it is told to."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress


class Relay:
    """`with Relay() as relay:` listens on `relay.port`; what comes goes to `relay.server`, a port on this machine.

    `cut()` ends every connection. While `silent`, connections stay open and nothing comes through, as in a network
    that was left; `refusing` ends new connections that ask for a websocket, as a proxy that knows none.
    """

    def __init__(self) -> None:
        self.server = 0
        self.silent = False
        self.refusing = False
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Relay:
        self._thread.start()
        listening = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._listener = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        self.port: int = self._listener.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._listener.close)
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def cut(self) -> None:
        async def close() -> None:
            for writer in list(self._open):
                writer.transport.abort()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)

    async def _end(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        other: asyncio.StreamWriter | None = None
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if self.refusing and b"upgrade: websocket" in head.lower():
                return
            answers, other = await asyncio.open_connection("127.0.0.1", self.server)
            self._open.add(other)
            other.write(head)
            await asyncio.gather(self._pass(reader, other), self._pass(answers, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            for one in (writer, other):
                if one is not None:
                    self._open.discard(one)
                    one.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if not self.silent:
                    writer.write(data)
                    await writer.drain()
        if not self.silent:
            writer.transport.abort()
